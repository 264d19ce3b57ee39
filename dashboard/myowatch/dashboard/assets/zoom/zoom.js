// A recorded stream from eight hours to twenty milliseconds. The picture follows the hand at once,
// stretched from what is there; the server's bins for it come after, the newest request alone.
import { readFrame } from "../frame.js";
import { readTheme, sameTheme } from "../theme.js";
import { buildBar } from "./bar.js";
import { Plot } from "./plot.js";
import { follow } from "./gestures.js";
import { View } from "./view.js";

const AROUND = 0.5; // of a window, asked for on both sides of it, so that moving finds it there
const POLL_MS = 400;
const zooms = new WeakMap();

export default function mount({ data, parentElement, setStateValue }) {
  let zoom = zooms.get(parentElement);
  if (!zoom) zooms.set(parentElement, (zoom = new Zoom(parentElement.querySelector(".zoom"), data)));
  zoom.tell = setStateValue;
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
    follow(this.bar.plot, {
      zoom: (factor, at) => this.move(this.view.zoomed(factor, this.plot.timeAt(at))),
      pan: (share) => this.move(this.view.panned(share)),
      span: (seconds) => this.move(this.view.ofSpan(seconds)),
      to: (share) => this.move(this.view.at(share)),
      step: (back) => this.step(back),
      click: (at) => this.pick(this.plot.eventAt(at, this.frame)),
      drop: () => this.select(null),
    });
    this.resized = new ResizeObserver(() => this.plot.resize() && this.redraw());
    this.resized.observe(this.bar.plot);
    this.second = setInterval(() => this.recolour(), 1000);
  }

  open(data) {
    this.plot.started = data.started_s;
    const address = new URLSearchParams({ session: data.session, file: data.file, stream: data.stream }).toString();
    const another = address !== this.address;
    const relabelled = data.labels !== this.labels;
    Object.assign(this, { address, labels: data.labels });
    if (another) {
      this.selected = this.frame = null;
      this.view = new View(0, data.duration_s, data.duration_s);
      this.move(this.view);
    } else if (relabelled) {
      this.ask();
    }
    if (data.event && data.event.token !== this.token) {
      this.token = data.event.token;
      this.select(data.event);
      this.move(this.view.around(data.event.onset, data.event.offset));
    }
  }

  move(view) {
    this.view = view;
    this.asked = performance.now();
    this.redraw();
    this.ask();
  }

  // One request at a time; when it is answered and the view has moved on, the next.
  async ask() {
    clearTimeout(this.again);
    if (this.asking) return void (this.askAgain = true);
    this.asking = true;
    this.askAgain = false;
    const { from, to, span } = this.view;
    const asked = this.asked;
    const size = { from: from - AROUND * span, to: to + AROUND * span, width: Math.ceil(this.plot.width * (1 + 2 * AROUND)) };
    try {
      const answer = await fetch(`/api/zoom?${this.address}&${new URLSearchParams(size)}`);
      if (answer.headers.get("content-type") === "application/json") throw new Error((await answer.json()).problem);
      this.frame = readFrame(await answer.arrayBuffer());
      this.problem = "";
    } catch (error) {
      this.problem = error instanceof TypeError ? this.words.unreachable : error.message;
    }
    this.asking = false;
    if (this.left) return;
    this.redraw();
    if (!this.problem && asked === this.asked) {
      const detail = { ms: performance.now() - asked, span, progress: this.frame.progress };
      this.host.dispatchEvent(new CustomEvent("myowatch:zoomed", { bubbles: true, composed: true, detail }));
    }
    if (this.askAgain) this.ask();
    else if (this.frame && this.frame.progress < 1) this.again = setTimeout(() => this.ask(), POLL_MS);
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

  pick(event) {
    if (!event) return;
    if (event.count > 1) return this.move(this.view.around(event.onset, event.offset, 1.5));
    this.select(event);
    this.redraw();
  }

  select(event) {
    this.selected = event;
    this.redraw();
    this.tell("event", event && { sample: event.sample, kind: event.kind });
  }

  redraw() {
    if (!this.view || !this.plot.width) return;
    this.plot.draw(this.frame, this.view, this.selected, this.bar.height());
    const shown = this.plot.inWords(this.frame, this.view);
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
    this.left = true;
    clearInterval(this.second);
    clearTimeout(this.again);
    this.resized.disconnect();
    this.plot.destroy();
  }
}
