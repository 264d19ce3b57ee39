// The marker buttons and their keys. A press that cannot be sent is kept with its time and sent
// later.
import { element, write } from "../element.js";

const NOTICE_MS = 6000;

export class PressButtons {
  constructor(host, words, send) {
    Object.assign(this, { words, send, waiting: [] });
    this.root = element("div", { class: "presses", role: "group", "aria-label": words.group });
    this.notice = element("span", { class: "said", role: "status" });
    this.undo = element("button", { type: "button", class: "undo" }, words.undo);
    this.undo.hidden = true;
    this.undo.onclick = () => this.undoLast();
    for (const [text, name] of Object.entries(words.names)) this.root.append(this.button(text, name));
    this.root.append(this.undo, this.notice);
    host.append(this.root);
    this.onKey = (event) => this.key(event);
    // Handle the key before the shortcuts of the page do.
    window.addEventListener("keydown", this.onKey, true);
    this.show(false);
  }

  button(text, name) {
    const key = this.words.keys[text];
    const button = element("button", { type: "button", class: "press", "data-press": text, title: this.words.hints[text], "aria-keyshortcuts": key });
    button.append(name, element("kbd", { "aria-hidden": "true" }, key));
    button.onclick = () => this.press(text);
    return button;
  }

  show(running) {
    this.running = running;
    this.root.hidden = !running;
  }

  key(event) {
    if (!this.running || event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.composedPath()[0])) return;
    const found = Object.entries(this.words.keys).find(([, key]) => key === event.key.toUpperCase());
    if (!found) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.press(found[0]);
  }

  press(text) {
    this.waiting.push({ text, at: performance.now() });
    this.showNotice(this.words.kept.replace("{text}", this.words.names[text]));
    this.flush();
  }

  flush() {
    while (this.waiting.length) {
      const { text, at } = this.waiting[0];
      if (!this.send({ press: text, ago: (performance.now() - at) / 1000 })) {
        this.showNotice(this.words.waiting);
        return;
      }
      this.waiting.shift();
    }
  }

  offerUndo(undo) {
    this.last = undo;
    const focused = this.undo.getRootNode().activeElement === this.undo;
    this.undo.hidden = !undo;
    if (!undo && focused) this.root.querySelector("button").focus();
  }

  undoLast() {
    if (!this.last || !this.send({ undo: this.last.id })) return;
    this.showNotice(this.words.undone);
    this.offerUndo(null);
  }

  showNotice(text) {
    write(this.notice, text);
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => write(this.notice, ""), NOTICE_MS);
  }

  destroy() {
    clearTimeout(this.noticeTimer);
    window.removeEventListener("keydown", this.onKey, true);
  }
}

function isTyping(target) {
  if (!(target instanceof Element)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}
