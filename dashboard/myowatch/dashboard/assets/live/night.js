// Night mode: a dark page without motion. A button shows the counts for 10 s.
import { element, write } from "../element.js";

const SHOWN_MS = 10000;

export class Night {
  constructor(host, bar, words, { onPress, onChoose, sound, presses }) {
    Object.assign(this, { words, onChoose, sound });
    this.dialog = element("dialog", { class: "night", "aria-label": words.name });
    this.state = element("p", { class: "state", role: "status" });
    this.counts = element("p", { class: "counts", "aria-live": "polite" });
    const show = element("button", { type: "button" }, words.counts);
    show.onclick = () => this.showCounts();
    const leave = element("button", { type: "button" }, words.close);
    leave.onclick = () => this.dialog.close();
    const buttons = element("div", { class: "row" });
    for (const [text, name] of Object.entries(presses.names)) {
      const button = element("button", { type: "button", title: presses.hints[text], "aria-keyshortcuts": presses.keys[text] });
      button.append(name, element("kbd", { "aria-hidden": "true" }, presses.keys[text]));
      button.onclick = () => onPress(text);
      buttons.append(button);
    }
    const awake = this.check(words.awake, (on) => this.keepAwake(on));
    const row = element("div", { class: "row" });
    row.append(show, leave);
    this.dialog.append(this.state, this.counts, buttons, row, awake);
    this.dialog.onclose = () => this.closed();
    host.append(this.dialog);
    this.opener = element("button", { type: "button", class: "tonight" }, words.open);
    this.opener.onclick = () => this.open(true);
    bar.append(this.opener);
  }

  check(text, onChange) {
    const label = element("label", { class: "awake" });
    const box = element("input", { type: "checkbox" });
    box.onchange = () => onChange(box.checked);
    this.awake = box;
    label.append(box, text);
    return label;
  }

  // Apply the choice stored on the server. A choice made here returns with the next update.
  update(board) {
    this.board = board;
    if (this.chosen !== board.night_mode) {
      this.chosen = board.night_mode;
      if (board.night_mode) this.open(false);
      else if (this.dialog.open) this.dialog.close();
    }
    if (this.dialog.open) this.showState();
    if (this.counts.textContent) this.writeCounts();
  }

  showState() {
    const sensors = this.board?.sensors ?? [];
    write(this.state, sensors.map((s) => [s.site, s.state, s.to_do].filter(Boolean).join(" · ")).join("\n"));
  }

  open(byUser) {
    this.showState();
    if (!this.dialog.open) this.dialog.showModal();
    if (byUser && !this.chosen) this.choose(true);
  }

  closed() {
    write(this.state, "");
    write(this.counts, "");
    this.awake.checked = false;
    this.keepAwake(false);
    if (this.chosen) this.choose(false);
  }

  choose(night) {
    this.chosen = night;
    this.onChoose({ night_mode: night });
  }

  showCounts() {
    this.writeCounts();
    clearTimeout(this.hide);
    this.hide = setTimeout(() => write(this.counts, ""), SHOWN_MS);
  }

  writeCounts() {
    const lines = (this.board?.sensors ?? []).flatMap((sensor) =>
      sensor.streams.map((stream) => `${[sensor.site, stream.name].filter(Boolean).join(" · ")}: ${stream.metrics.map(([label, value]) => `${label} ${value}`).join(", ")}`),
    );
    write(this.counts, lines.join("\n"));
  }

  async keepAwake(on) {
    try {
      if (on) this.lock = await navigator.wakeLock.request("screen");
      else await this.lock?.release();
    } catch {
      this.awake.checked = false; // not allowed, or the battery is low
    }
    if (!on) this.lock = null;
  }

  destroy() {
    clearTimeout(this.hide);
    this.keepAwake(false);
    this.chosen = false;
    if (this.dialog.open) this.dialog.close();
  }
}
