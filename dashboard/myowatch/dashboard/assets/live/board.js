// The state and counts of each sensor, side by side. All texts come from the server.
import { element, write } from "../element.js";

export class Board {
  constructor(host, words, { onStop }) {
    Object.assign(this, { host, words, onStop, signature: "" });
    host.classList.add("board");
  }

  draw(board) {
    const signature = JSON.stringify(board.sensors.map((s) => [s.key, s.running, s.streams.map((t) => [t.name, t.metrics.map((m) => m[0])])]));
    if (signature !== this.signature) this.build(board);
    this.signature = signature;
    board.sensors.forEach((sensor, i) => this.fill(this.sensors[i], sensor));
  }

  build(board) {
    // Redrawing must not take the focus from a button.
    const focused = this.host.getRootNode().activeElement?.dataset?.stop;
    this.sensors = board.sensors.map((sensor) => this.sensor(sensor));
    this.host.replaceChildren(...this.sensors.map((parts) => parts.root));
    if (board.sensors.filter((sensor) => sensor.running).length > 1) {
      this.host.append(this.stopButton(this.words.stop_all, true));
    }
    if (focused) [...this.host.querySelectorAll("button")].find((b) => b.dataset.stop === focused)?.focus();
  }

  sensor(sensor) {
    const root = element("section", { class: "sensor" });
    const head = element("div", { class: "head" });
    const badge = element("span", { class: "badge" });
    const about = element("span", { class: "about" });
    head.append(badge, about);
    if (sensor.running) head.append(this.stopButton(this.words.stop, sensor.key));
    const toDo = element("p", { class: "todo" });
    const streams = sensor.streams.map((stream) => this.stream(sensor, stream));
    const cards = element("div", { class: "cards" });
    cards.append(...streams.map((parts) => parts.root));
    const link = element("p", { class: "faint" });
    root.append(head, toDo, cards, link);
    return { root, badge, about, toDo, streams, link };
  }

  stream(sensor, stream) {
    const root = element("article", { class: "card", "aria-label": [sensor.site, stream.name].filter(Boolean).join(", ") });
    const head = element("div", { class: "head" });
    const quality = element("span", { class: "badge" });
    const name = element("h3", {}, [sensor.site, stream.name].filter(Boolean).join(" · "));
    head.append(name, quality);
    const list = element("dl", { class: "metrics" });
    const values = stream.metrics.map(([label]) => {
      const metric = element("div", { class: "metric" });
      const value = element("dd", {});
      metric.append(element("dt", {}, label), value);
      list.append(metric);
      return value;
    });
    const rate = element("p", { class: "rate" });
    const advice = element("p", { class: "advice", "aria-live": "polite" });
    const levels = element("p", { class: "faint" });
    const detectable = element("p", { class: "detectable" });
    root.append(head, list, rate, detectable, advice, levels);
    return { root, quality, values, rate, detectable, advice, levels };
  }

  stopButton(text, which) {
    const button = element("button", { type: "button", class: "stop" }, text);
    button.dataset.stop = String(which);
    button.onclick = () => this.onStop(which);
    return button;
  }

  fill(parts, sensor) {
    write(parts.badge, sensor.state);
    parts.badge.dataset.colour = sensor.colour;
    write(parts.about, sensor.about);
    write(parts.toDo, sensor.to_do);
    write(parts.link, sensor.link);
    sensor.streams.forEach((stream, i) => {
      const shown = parts.streams[i];
      stream.metrics.forEach(([, value], k) => write(shown.values[k], value));
      write(shown.quality, stream.quality ?? "");
      shown.quality.dataset.colour = stream.good ? "gray" : "orange";
      write(shown.rate, stream.rate);
      write(shown.detectable, stream.detectable ?? "");
      write(shown.advice, stream.advice ?? "");
      write(shown.levels, stream.levels ?? "");
    });
  }
}
