// A window of time in a recording, in seconds from its start. Immutable: each move returns a new one.
const SHORTEST_S = 0.02;
const EVENT_S = [0.1, 0.5]; // windows for an event, if it fits

export class View {
  constructor(from, to, end) {
    const span = Math.min(Math.max(to - from, SHORTEST_S), end);
    const begin = Math.min(Math.max((from + to - span) / 2, 0), end - span);
    Object.assign(this, { from: begin, to: begin + span, span, end });
  }

  zoomed(factor, at = (this.from + this.to) / 2) {
    const span = Math.min(Math.max(this.span * factor, SHORTEST_S), this.end);
    const share = (at - this.from) / this.span;
    const from = at - share * span;
    return new View(from, from + span, this.end);
  }

  panned(share) {
    const by = Math.min(Math.max(share * this.span, -this.from), this.end - this.to);
    return new View(this.from + by, this.to + by, this.end);
  }

  ofSpan(seconds) {
    const middle = (this.from + this.to) / 2;
    const half = (seconds || this.end) / 2;
    return new View(middle - half, middle + half, this.end);
  }

  at(share) {
    const from = share * (this.end - this.span);
    return new View(from, from + this.span, this.end);
  }

  around(onset, offset, room = 3) {
    const length = offset - onset;
    const usual = EVENT_S.find((seconds) => seconds >= room * length) ?? room * length;
    const span = this.span <= 2 && this.span >= 1.2 * length ? this.span : usual;
    const middle = (onset + offset) / 2;
    return new View(middle - span / 2, middle + span / 2, this.end);
  }
}
