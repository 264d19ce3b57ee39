// A recorded stream, zoomed from eight hours to 20 ms. The picture follows a gesture at once with
// the bins it has; then the server sends the bins for the newest view.
import { readFrame } from "../frame.js";
import { readTheme, sameTheme } from "../theme.js";
import { buildBar } from "./bar.js";
import { Plot } from "./plot.js";
import { attachGestures } from "./gestures.js";
import { View } from "./view.js";

const MARGIN = 0.5; // of a window, requested on both sides as well, so that panning has data
const POLL_MS = 400;
const zooms = new WeakMap();

export default function mount({ data, parentElement, setStateValue }) {
  let zoom = zooms.get(parentElement);
  if (!zoom) zooms.set(parentElement, (zoom = new Zoom(parentElement.querySelector(".zoom"), data)));
  zoom.setState = setStateValue;
  zoom.open(data);
  return () => {
    zoom.destroy();
    zooms.delete(parentElement);
  };
}

class Zoom {
  constructor(host, data) {
    Object.assign(this, { host, words: data.words, frame: null, selected: null });
    this.bar = buildBar(host, data, {
      zoom: (factor) => this.move(this.view.zoomed(factor)),
      pan: (share) => this.move(this.view.panned(share)),
      span: (seconds) => this.move(this.view.ofSpan(seconds)),
      step: (back) => this.step(back),
      height: () => this.redraw(),
    });
    this.theme = readTheme(host);
    this.plot = new Plot(this.bar.plot, this.theme, data);
    attachGestures(this.bar.plot, {
      zoom: (factor, at) => this.move(this.view.zoomed(factor, this.plot.timeAt(at))),
      pan: (share) => this.move(this.view.panned(share)),
      span: (seconds) => this.move(this.view.ofSpan(seconds)),
      to: (share) => this.move(this.view.at(share)),
      step: (back) => this.step(back),
      click: (at) => this.selectEvent(this.plot.eventAt(at, this.frame)),
      drop: () => this.select(null),
    });
    this.resized = new ResizeObserver(() => this.plot.resize() && this.redraw());
    this.resized.observe(this.bar.plot);
    this.timer = setInterval(() => this.recolour(), 1000);
  }

  open(data) {
    this.plot.started = data.started_s;
    const address = new URLSearchParams({ session: data.session, file: data.file, stream: data.stream }).toString();
    const changed = address !== this.address;
    const relabelled = data.labels !== this.labels;
    Object.assign(this, { address, labels: data.labels });
    if (changed) {
      this.selected = this.frame = null;
      this.view = new View(0, data.duration_s, data.duration_s);
      this.move(this.view);
    } else if (relabelled) {
      this.fetchFrame();
    }
    if (data.event && data.event.token !== this.token) {
      this.token = data.event.token;
      this.select(data.event);
      this.move(this.view.around(data.event.onset, data.event.offset));
    }
  }

  move(view) {
    this.view = view;
    this.movedAt = performance.now();
    this.redraw();
    this.fetchFrame();
  }

  // Send one request at a time. If the view moved meanwhile, send the next after the answer.
  async fetchFrame() {
    clearTimeout(this.pollTimer);
    if (this.fetching) return void (this.fetchAgain = true);
    this.fetching = true;
    this.fetchAgain = false;
    const { from, to, span } = this.view;
    const asked = this.movedAt;
    const size = { from: from - MARGIN * span, to: to + MARGIN * span, width: Math.ceil(this.plot.width * (1 + 2 * MARGIN)) };
    try {
      const answer = await fetch(`/api/zoom?${this.address}&${new URLSearchParams(size)}`);
      if (answer.headers.get("content-type") === "application/json") throw new Error((await answer.json()).problem);
      this.frame = readFrame(await answer.arrayBuffer());
      this.problem = "";
    } catch (error) {
      this.problem = error instanceof TypeError ? this.words.unreachable : error.message;
    }
    this.fetching = false;
    if (this.destroyed) return;
    this.redraw();
    if (!this.problem && asked === this.movedAt) {
      const detail = { ms: performance.now() - asked, span, progress: this.frame.progress };
      this.host.dispatchEvent(new CustomEvent("myowatch:zoomed", { bubbles: true, composed: true, detail }));
    }
    if (this.fetchAgain) this.fetchFrame();
    else if (this.frame && this.frame.progress < 1) this.pollTimer = setTimeout(() => this.fetchFrame(), POLL_MS);
  }

  async step(back) {
    const { address, bar } = this;
    const edge = back ? this.view.to : this.view.from;
    const sample = this.selected?.sample ?? Math.round(edge * bar.rate);
    const asked = { sample, ...(back && { back: 1 }), ...(bar.rejected() && { rejected: 1 }) };
    const found = await fetch(`/api/zoom/event?${address}&${new URLSearchParams(asked)}`).then((answer) => answer.json());
    if (!found?.kind) return this.bar.speak(this.words.no_more);
    this.select(found);
    this.move(this.view.around(found.onset, found.offset));
  }

  selectEvent(event) {
    if (!event) return;
    if (event.count > 1) return this.move(this.view.around(event.onset, event.offset, 1.5));
    this.select(event);
    this.redraw();
  }

  select(event) {
    this.selected = event;
    this.redraw();
    this.setState("event", event && { sample: event.sample, kind: event.kind });
  }

  redraw() {
    if (!this.view || !this.plot.width) return;
    this.plot.draw(this.frame, this.view, this.selected, this.bar.height());
    const shown = this.plot.describe(this.frame, this.view);
    this.bar.plot.setAttribute("aria-label", shown.long);
    const progress = this.frame && this.frame.progress < 1 && Math.floor(100 * this.frame.progress);
    const reading = progress === false || progress === null ? "" : this.words.reading.replace("{percent}", progress);
    this.bar.say(this.problem || reading || (this.frame ? shown.short : this.words.opening), Boolean(this.problem));
    this.bar.at(this.view);
  }

  recolour() {
    const theme = readTheme(this.host);
    if (sameTheme(theme, this.theme)) return;
    this.theme = theme;
    this.plot.recolour(theme);
    this.redraw();
  }

  destroy() {
    this.destroyed = true;
    clearInterval(this.timer);
    clearTimeout(this.pollTimer);
    this.resized.disconnect();
    this.plot.destroy();
  }
}
