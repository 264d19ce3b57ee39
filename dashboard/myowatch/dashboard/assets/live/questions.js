// Ask whether an event was a cramp or a contraction. A question stays until the server has kept the
// answer; an answer that cannot be sent is kept here and sent later.
import { element, write } from "../element.js";

const ASK_AGAIN_MS = 10000; // if the server does not keep an answer
const NOTICE_MS = 6000;

export class Questions {
  constructor(host, words, send) {
    Object.assign(this, { host, words, send, waiting: [], answered: new Map(), shown: "" });
    this.list = element("div");
    this.notice = element("p", { class: "said", role: "status" });
    host.append(this.list, this.notice);
    host.hidden = true;
  }

  show(questions) {
    const now = performance.now();
    const isKeptHere = (key) => this.waiting.some((each) => each.key === key);
    const open = questions.filter(({ about }) => {
      const key = JSON.stringify(about);
      return !isKeptHere(key) && now - (this.answered.get(key) ?? -Infinity) > ASK_AGAIN_MS;
    });
    this.host.hidden = !open.length && !this.notice.textContent;
    // A question that stands is not drawn again: somebody may be about to press its button.
    const shown = JSON.stringify(open);
    if (shown === this.shown) return;
    this.shown = shown;
    this.list.replaceChildren(...open.map((question) => this.question(question)));
  }

  question({ text, about }) {
    const root = element("div", { class: "question", role: "group", "aria-label": text });
    root.append(element("span", {}, text));
    for (const [answer, name] of Object.entries(this.words.answers)) {
      const button = element("button", { type: "button", "data-answer": answer }, name);
      button.onclick = () => this.answer(root, about, answer);
      root.append(button);
    }
    return root;
  }

  answer(root, about, answer) {
    root.remove();
    this.shown = "";
    this.waiting.push({ key: JSON.stringify(about), about, answer });
    this.showNotice(this.words.kept.replace("{text}", this.words.answers[answer]));
    this.flush();
  }

  flush() {
    while (this.waiting.length) {
      const { key, about, answer } = this.waiting[0];
      if (!this.send({ answer, about })) return this.showNotice(this.words.waiting);
      this.answered.set(key, performance.now());
      this.waiting.shift();
    }
  }

  showNotice(text) {
    write(this.notice, text);
    this.host.hidden = false;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => {
      write(this.notice, "");
      this.host.hidden = !this.list.childElementCount;
    }, NOTICE_MS);
  }

  destroy() {
    clearTimeout(this.noticeTimer);
  }
}
