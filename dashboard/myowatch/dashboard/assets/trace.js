// The live trace: receive frames from the server and draw them. Only the browser can notice that
// the server does not answer, so this module reports it.
import { Lanes } from "./lanes.js";
import { buildControls } from "./controls.js";
import { element } from "./element.js";
import { readFrame } from "./frame.js";
import { Board } from "./live/board.js";
import { Night } from "./live/night.js";
import { PressButtons } from "./live/presses.js";
import { Questions } from "./live/questions.js";
import { Sound } from "./live/sound.js";
import { readTheme, sameTheme } from "./theme.js";

const STALE_S = 3;
const REDRAW_MS = 50;
const REDUCED_REDRAW_MS = 500; // if the system asks for reduced motion
const RETRY_MS = [250, 500, 1000, 2000, 3000];
const SPOKEN_EVERY_MS = 20000;
const MAX_SHIFT_S = 0.25; // the trace moves on by at most this much until the next frame
const traces = new WeakMap();

export default function mount({ data, parentElement, setTriggerValue }) {
  let trace = traces.get(parentElement);
  if (!trace) traces.set(parentElement, (trace = new Trace(parentElement, data)));
  trace.requestRedraw = (layout) => setTriggerValue("layout", layout);
  trace.show(data.recorder, data.layout);
  return () => {
    trace.destroy();
    traces.delete(parentElement);
  };
}

class Trace {
  constructor(root, { words }) {
    this.words = words;
    this.frame = null;
    this.paused = false;
    this.attempt = 0;
    this.spoken = { text: "", at: performance.now(), until: 0 };
    this.reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");
    const live = root.querySelector(".live");
    this.host = element("div", { class: "trace" });
    const boardHost = element("div", { role: "group", "aria-label": words.state });
    const press = element("div");
    const questions = element("div", { class: "questions", role: "group", "aria-label": words.questions.group });
    live.replaceChildren(press, questions, boardHost, this.host);
    this.questions = new Questions(questions, words.questions, (message) => this.send(message));
    this.board = new Board(boardHost, words, { onStop: (which) => this.send({ stop: which }) });
    this.presses = new PressButtons(press, words.press, (message) => this.send(message));
    this.view = buildControls(this.host, words, {
      onWindow: (seconds) => this.send({ window: seconds }),
      onScale: () => this.redraw(),
      onPause: (paused) => this.pause(paused),
    });
    this.sound = new Sound(this.view.controls, words.night, (chosen) => this.send(chosen));
    this.night = new Night(live, this.view.controls, words.night, {
      onPress: (text) => this.presses.press(text),
      onChoose: (chosen) => this.send(chosen),
      presses: words.press,
    });
    this.theme = readTheme(this.host);
    this.lanes = new Lanes(this.view.lanes, this.theme, words);
    this.resized = new ResizeObserver(() => this.lanes.resize());
    this.resized.observe(this.view.lanes);
    this.timer = setInterval(() => this.checkEverySecond(), 1000);
    const loop = (now) => {
      this.animation = requestAnimationFrame(loop);
      const pace = this.reducedMotion.matches ? REDUCED_REDRAW_MS : REDRAW_MS;
      if (this.paused || !this.frame || now - (this.drawn ?? 0) < pace - 4) return;
      this.drawn = now;
      this.redraw();
    };
    this.animation = requestAnimationFrame(loop);
    this.checkEverySecond();
  }

  show(recorder, layout) {
    this.layout = layout;
    if (recorder === this.recorder) return;
    this.recorder = recorder;
    this.frame = null;
    this.lanes.clear();
    this.connect();
  }

  connect() {
    clearTimeout(this.retry);
    this.socket?.close();
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    const address = `${scheme}://${window.location.host}/api/trace?recorder=${encodeURIComponent(this.recorder)}`;
    const socket = (this.socket = new WebSocket(address));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.attempt = 0;
      this.unreachable = false;
      this.send({ window: this.view.window() });
      this.presses.flush();
      this.questions.flush();
    };
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.receiveBoard(JSON.parse(data)) : this.receiveFrame(readFrame(data)));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.unreachable = true;
      this.retry = setTimeout(() => this.connect(), RETRY_MS[Math.min(this.attempt++, RETRY_MS.length - 1)]);
    };
  }

  send(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  receiveBoard(board) {
    this.board.draw(board);
    this.presses.show(board.running);
    this.presses.offerUndo(board.undo);
    this.questions.show(board.questions);
    this.sound.setChoice(board.sound);
    this.night.update(board);
    if (board.layout !== this.layout) {
      this.layout = board.layout;
      this.requestRedraw(board.layout);
    }
  }

  receiveFrame(frame) {
    const last = this.newest;
    this.newest = frame;
    this.sound.playNewTwitches(frame);
    this.host.hidden = !frame.streams.length && frame.state === "none";
    if (!last || frame.end !== last.end || frame.session !== last.session) this.arrived = performance.now();
    if (!this.paused) this.frame = frame;
  }

  pause(paused) {
    this.paused = paused;
    if (!paused && this.newest) this.frame = this.newest;
    this.redraw();
    this.checkEverySecond();
  }

  redraw() {
    if (!this.frame || this.night.dialog.open) return;
    const moving = !this.paused && !this.reducedMotion.matches && this.frame.state === "recording";
    const waited = moving ? Math.min((performance.now() - this.arrived) / 1000, MAX_SHIFT_S) : 0;
    this.lanes.draw(this.frame, { scale: this.view.scale(), waited });
    const { host, end } = this.frame;
    this.host.dispatchEvent(new CustomEvent("myowatch:painted", { bubbles: true, composed: true, detail: { host, end } }));
  }

  checkEverySecond() {
    const theme = readTheme(this.host);
    if (!sameTheme(theme, this.theme)) {
      this.theme = theme;
      this.lanes.recolour(theme);
      this.redraw();
    }
    const { text, trouble } = this.notice();
    this.view.say(text, trouble);
    this.announce();
  }

  notice() {
    const { words, newest } = this;
    if (this.unreachable) return { text: words.unreachable, trouble: true };
    if (newest?.problem) return { text: newest.problem, trouble: true };
    if (!newest || !newest.streams.length) return { text: words.waiting, trouble: false };
    const age = (performance.now() - this.arrived) / 1000;
    const clock = sessionTime(this.paused ? this.frame.end : newest.end);
    if (newest.state === "ended") return { text: words.ended.replace("{clock}", clock), trouble: false };
    if (age >= STALE_S) return { text: words.stale.replace("{seconds}", Math.floor(age)), trouble: true };
    if (this.paused) return { text: words.paused.replace("{clock}", clock), trouble: false };
    return { text: words.live.replace("{clock}", clock), trouble: false };
  }

  // For screen readers: the counts are the label of the trace, and are read every 20 s.
  announce() {
    const frame = this.frame;
    if (!frame?.streams.length) return;
    this.view.lanes.setAttribute("aria-label", this.describe(frame, frame.window));
    const now = performance.now();
    if (this.paused || now - this.spoken.at < SPOKEN_EVERY_MS) return;
    const seconds = Math.round((now - this.spoken.at) / 1000);
    this.spoken.at = now;
    const found = frame.events.some(([, kind, onset]) => kind !== "artefact" && onset > frame.end - seconds);
    if (found) this.view.speak(this.describe(frame, seconds));
  }

  describe(frame, seconds) {
    const count = (kind) => frame.events.filter((e) => e[1] === kind && e[2] > frame.end - seconds).length;
    return this.words.spoken
      .replace("{streams}", frame.streams.map((s) => s.name).join(", "))
      .replace("{seconds}", seconds)
      .replace("{twitches}", count("twitch"))
      .replace("{movements}", count("movement"))
      .replace("{cramps}", count("cramp"));
  }

  destroy() {
    cancelAnimationFrame(this.animation);
    clearInterval(this.timer);
    clearTimeout(this.retry);
    this.resized.disconnect();
    this.presses.destroy();
    this.questions.destroy();
    this.night.destroy();
    this.sound.destroy();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.lanes.clear();
  }
}

function sessionTime(seconds) {
  const whole = Math.floor(seconds);
  const two = (value) => String(value).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
