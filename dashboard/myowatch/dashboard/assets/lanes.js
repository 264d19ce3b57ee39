// Draw the streams below each other, each with its own axis and unit, on one time axis.
import uPlot from "./vendor/uplot/uPlot.esm.js";
import { drawBelow, drawAbove, STRIP, unscorable } from "./marks.js";
import { Scale } from "./scale.js";

const TOTAL_HEIGHT = 400;
const MIN_LANE = 130;
const X_AXIS_HEIGHT = 44;
const MARGIN_S = 0.5; // a loose electrode jumps shortly before its span begins, and filters ring after it
const UNIT = { uV: "µV", g: "g", adc: "counts" };

export class Lanes {
  constructor(host, theme, words) {
    Object.assign(this, { host, theme, words, plots: [], signature: "" });
  }

  draw(frame, { scale, waited }) {
    const signature = JSON.stringify([frame.session, frame.streams.map((s) => [s.file, s.name, s.unit])]);
    if (signature !== this.signature) this.build(frame, signature);
    const now = performance.now();
    this.shown = { frame, end: frame.end + waited };
    frame.streams.forEach((stream, i) => {
      const plot = this.plots[i];
      const unscored = unscorable(frame, i, stream, frame.end).map(([, from, to]) => [from - frame.end - MARGIN_S, to - frame.end + MARGIN_S]);
      const { xs, ys, largest } = this.points(stream, frame.end + waited, unscored);
      const auto = plot.myo.scale.update(Math.max(largest, 1.5 * (stream.threshold ?? 0)), now);
      plot.myo.top = scale && stream.unit === "uV" ? scale : auto;
      plot.myo.window = frame.window;
      plot.setData([xs, ys]);
    });
  }

  // Draw each bin as a stroke from minimum to maximum; an empty bin breaks the line.
  // Unscorable spans are drawn but do not set the scale.
  points({ begins, first_bin, bin_s, n_bins, low, high }, now, unscored) {
    const end = now - begins;
    const xs = new Float64Array(2 * n_bins);
    const ys = new Array(2 * n_bins);
    let largest = 0;
    for (let k = 0; k < n_bins; k++) {
      xs[2 * k] = (first_bin + k + 0.25) * bin_s - end;
      xs[2 * k + 1] = (first_bin + k + 0.75) * bin_s - end;
      const empty = Number.isNaN(low[k]);
      ys[2 * k] = empty ? null : low[k];
      ys[2 * k + 1] = empty ? null : high[k];
      if (!empty && !unscored.some(([from, to]) => xs[2 * k] >= from && xs[2 * k] <= to)) largest = Math.max(largest, -low[k], high[k]);
    }
    return { xs, ys, largest };
  }

  build(frame, signature) {
    this.clear();
    this.signature = signature;
    this.onlyFile = new Set(frame.streams.map((stream) => stream.file)).size < 2;
    this.plots = frame.streams.map((stream, i) => this.plot(stream, i, frame.streams.length));
    this.resize();
  }

  plot(stream, index, count) {
    const { theme, words } = this;
    const last = index === count - 1;
    const state = { scale: new Scale(stream.unit), top: 1, window: 10 };
    const lowest = stream.modality === "accelerometer" ? 0 : -1;
    const unit = UNIT[stream.unit] ?? stream.unit;
    const font = `12px ${theme.font}`;
    const axis = { stroke: theme.text, font, labelFont: font, ticks: { show: false }, grid: { stroke: theme.faint, width: 1 } };
    const marks = () => ({ ...this.shown, index, stream: this.shown?.frame.streams[index], theme: this.theme, words });
    const plot = new uPlot(
      {
        width: 300, height: 100, pxAlign: 0, padding: [STRIP, 12, last ? 0 : 6, 0],
        legend: { show: false }, cursor: { show: false },
        scales: { x: { time: false, range: () => [-state.window, 0] }, y: { range: () => [lowest * state.top, state.top] } },
        axes: [
          { ...axis, size: last ? 24 : 0, label: last ? words.time_axis : undefined, labelSize: last ? 20 : 0,
            space: 60, values: (_, splits) => splits.map((value) => (last ? String(Math.abs(value)) : "")) },
          { ...axis, size: 48, label: `${truncate(this.displayName(stream))} (${unit})`, labelSize: 20, space: 34 },
        ],
        series: [{}, { stroke: theme[stream.modality], width: 1, points: { show: false } }],
        hooks: {
          drawClear: [(u) => this.shown && drawBelow(u, marks())],
          draw: [(u) => this.shown && drawAbove(u, marks())],
        },
      },
      [[], []],
      this.host,
    );
    plot.myo = state;
    return plot;
  }

  // Use the site if there are several sensors: their streams may have the same name.
  displayName({ name, site, modality }) {
    if (!site || this.onlyFile) return name;
    return modality === "accelerometer" ? `${site.replaceAll("-", " ")} acc.` : site.replaceAll("-", " ");
  }

  resize() {
    const count = this.plots.length;
    const width = this.host.clientWidth;
    if (!count || !width) return;
    const lane = Math.max(MIN_LANE, (TOTAL_HEIGHT - X_AXIS_HEIGHT) / count);
    this.plots.forEach((plot, i) => plot.setSize({ width, height: Math.round(lane + (i === count - 1 ? X_AXIS_HEIGHT : 0)) }));
  }

  recolour(theme) {
    this.theme = theme;
    this.clear();
  }

  clear() {
    this.plots.forEach((plot) => plot.destroy());
    this.plots = [];
    this.signature = "";
    this.shown = null;
  }
}

function truncate(name) {
  return name.length > 16 ? `${name.slice(0, 15)}…` : name;
}
