// Draw one stream in a window of time: uPlot draws the bins, marks.js the events.
import uPlot from "../vendor/uplot/uPlot.esm.js";
import { drawBelow, drawAbove, unscorable, STRIP } from "../marks.js";
import { formatDuration } from "./bar.js";

const HEIGHT = 300;
const NEAR_PX = 8;
const MINIMUM = { uV: 20, g: 0.01, adc: 1 };
const UNIT = { uV: "µV", g: "g", adc: "counts" };
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800];

export class Plot {
  constructor(host, theme, { words, unit, modality, rate, started_s: started }) {
    Object.assign(this, { host, theme, words, unit, modality, rate, started, top: 1 });
  }

  get width() {
    return this.host.clientWidth;
  }

  draw(frame, view, selected, height) {
    Object.assign(this, { frame, view, selected });
    if (!this.plot) this.build();
    const { xs, ys } = frame ? this.points(frame, view, height) : { xs: [], ys: [] };
    this.plot.setData([xs, ys]);
  }

  // Draw bins of several samples as strokes from minimum to maximum, and single samples as a line.
  points(frame, { from, to }, height) {
    const { first_bin, bin_s, n_bins, low, high } = frame.streams[0];
    const unscored = unscorable(frame, 0, frame.streams[0], frame.end);
    const each = bin_s * this.rate > 1.5 ? 2 : 1;
    const xs = new Float64Array(each * n_bins);
    const ys = new Array(each * n_bins);
    let largest = 0;
    for (let k = 0; k < n_bins; k++) {
      const begin = (first_bin + k) * bin_s;
      const empty = Number.isNaN(low[k]);
      xs[each * k] = this.started + begin + (each - 1) * 0.25 * bin_s;
      ys[each * k] = empty ? null : low[k];
      if (each > 1) {
        xs[2 * k + 1] = this.started + begin + 0.75 * bin_s;
        ys[2 * k + 1] = empty ? null : high[k];
      }
      if (empty || begin < from || begin > to || unscored.some(([, a, b]) => begin >= a && begin <= b)) continue;
      largest = Math.max(largest, -low[k], high[k]);
    }
    const least = Math.max(MINIMUM[this.unit] ?? 1, 1.5 * (frame.streams[0].threshold ?? 0));
    this.top = height || Math.max(1.08 * largest, least);
    return { xs, ys };
  }

  build() {
    const { theme, unit } = this;
    const font = `12px ${theme.font}`;
    const axis = { stroke: theme.text, font, labelFont: font, ticks: { show: false }, grid: { stroke: theme.faint, width: 1 } };
    const lowest = this.modality === "emg" ? -1 : 0;
    const shown = () => ({ frame: this.frame, end: -this.started, index: 0, stream: this.frame.streams[0], theme: this.theme, words: this.words });
    this.plot = new uPlot(
      {
        width: this.width, height: HEIGHT, pxAlign: 0, padding: [STRIP, 12, 0, 0],
        legend: { show: false }, cursor: { show: false },
        scales: {
          x: { time: false, range: () => [this.started + this.view.from, this.started + this.view.to] },
          y: { range: () => [lowest * this.top, this.top] },
        },
        axes: [
          { ...axis, size: 24, space: 100, incrs: STEPS, label: this.words.time_axis, labelSize: 20, values: (u, splits, _, __, step) => splits.map((at) => clock(at, step)) },
          { ...axis, size: 52, label: UNIT[unit] ?? unit, labelSize: 20, space: 34 },
        ],
        series: [{}, { stroke: theme[this.modality] ?? theme.emg, width: 1, points: { show: false } }],
        hooks: {
          drawClear: [(u) => { if (this.frame) { this.drawSelected(u); drawBelow(u, { ...shown(), frame: this.withoutShortEvents(u) }); } }],
          draw: [(u) => this.frame && drawAbove(u, shown())],
        },
      },
      [[], []],
      this.host,
    );
  }

  // Over a long window, do not shade single twitches: they would merge. Their marks remain.
  withoutShortEvents(u) {
    const least = (3 * this.view.span) / u.over.clientWidth;
    return { ...this.frame, events: this.frame.events.filter((e) => this.view.span < 60 || e[3] - e[2] >= least) };
  }

  drawSelected(u) {
    if (!this.selected) return;
    const { ctx, bbox } = u;
    const at = (time) => u.valToPos(this.started + time, "x", true);
    const left = Math.max(at(this.selected.onset) - 2 * devicePixelRatio, bbox.left);
    const right = Math.min(at(this.selected.offset) + 2 * devicePixelRatio, bbox.left + bbox.width);
    if (right <= left) return;
    ctx.save();
    ctx.globalAlpha = 0.25;
    ctx.fillStyle = this.theme.emg;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.restore();
  }

  timeAt(px) {
    return px === undefined || !this.plot ? undefined : this.plot.posToVal(px - this.plot.over.offsetLeft, "x") - this.started;
  }

  eventAt(px, frame) {
    if (!frame) return null;
    const time = this.timeAt(px);
    const near = (NEAR_PX / this.plot.over.clientWidth) * this.view.span;
    const distance = ([, , onset, offset]) => Math.max(onset - time, time - offset, 0);
    const found = frame.events.filter((e) => distance(e) <= near && !(e[1] === "artefact" && unscorable({ events: [e] }, 0, {}, 0).length));
    if (!found.length) return null;
    const [, , onset, offset, , , , sample, kind, count] = found.reduce((a, b) => (distance(b) < distance(a) ? b : a));
    return { onset, offset, sample, kind, count };
  }

  describe(frame, { from, to, span }) {
    const step = span < 5 ? 0.001 : 1;
    const short = `${clock(this.started + from, step)} – ${clock(this.started + to, step)}, ${formatDuration(span)}`;
    const count = (kind) => (frame?.events ?? []).filter((e) => e[1] === kind && e[2] < to && e[3] > from).reduce((sum, e) => sum + e[9], 0);
    const counts = this.words.counts.replace("{twitches}", count("twitch")).replace("{movements}", count("movement")).replace("{cramps}", count("cramp"));
    return { short: frame ? `${short}: ${counts}` : short, long: `${this.words.trace}, ${short}: ${counts}` };
  }

  resize() {
    if (!this.plot || !this.width || this.plot.width === this.width) return Boolean(this.width);
    this.plot.setSize({ width: this.width, height: HEIGHT });
    return true;
  }

  recolour(theme) {
    this.theme = theme;
    this.destroy();
  }

  destroy() {
    this.plot?.destroy();
    this.plot = null;
  }
}

// Return the time of day on the wearer's clock.
function clock(seconds, step) {
  const two = (value) => String(value).padStart(2, "0");
  const ms = Math.round(1000 * seconds);
  const whole = Math.floor(ms / 1000);
  const text = `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}`;
  if (step >= 60) return text;
  const withSeconds = `${text}:${two(whole % 60)}`;
  return step >= 1 ? withSeconds : `${withSeconds}.${String(ms % 1000).padStart(3, "0")}`;
}
