// The height of a lane, in round values. It grows at once and shrinks after 8 s, so that the
// picture does not jump.
const SHRINK_AFTER_MS = 8000;
const MINIMUM = { uV: 20, g: 0.01, adc: 1 };

export class Scale {
  constructor(unit) {
    this.minimum = MINIMUM[unit] ?? 1;
    this.top = this.minimum;
    this.neededAt = 0;
  }

  // Return the top of the axis; `largest` is the largest magnitude in the window.
  update(largest, now) {
    const wanted = roundUp(Math.max(largest * 1.1, this.minimum));
    if (wanted > this.top) this.top = wanted;
    if (wanted > this.top / 2 || this.top <= this.minimum) this.neededAt = now;
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
