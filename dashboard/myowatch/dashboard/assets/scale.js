// The height of a lane: round values, larger at once, smaller only after a while, so that the
// picture stands still.
const SHRINK_AFTER_MS = 8000;
const FLOOR = { uV: 20, g: 0.01, adc: 1 };

export class Scale {
  constructor(unit) {
    this.least = FLOOR[unit] ?? 1;
    this.top = this.least;
    this.neededAt = 0;
  }

  // `largest` is the largest magnitude in the window; returns what the axis reaches to.
  follow(largest, now) {
    const wanted = roundUp(Math.max(largest * 1.1, this.least));
    if (wanted > this.top) this.top = wanted;
    if (wanted > this.top / 2 || this.top <= this.least) this.neededAt = now;
    if (now - this.neededAt > SHRINK_AFTER_MS) {
      this.top = wanted;
      this.neededAt = now;
    }
    return this.top;
  }
}

function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 7.5, 10].map((step) => step * power).find((step) => step >= value * 0.999);
}
