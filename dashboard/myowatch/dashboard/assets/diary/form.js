// The form of one day. Each change is saved at once; there is no Save button.
import { buildField, make } from "./fields.js";
import { Saver } from "./saver.js";

const SAME_STEP_MS = 5000; // typing after a longer pause is a separate undo step
const forms = new WeakMap();

export default function mount({ data, parentElement, setTriggerValue }) {
  let form = forms.get(parentElement);
  if (!form) forms.set(parentElement, (form = new Form(parentElement, data)));
  form.trigger = setTriggerValue;
  form.show(data);
  return () => {
    form.stop();
    forms.delete(parentElement);
  };
}

class Form {
  constructor(root, { words, diary, groups }) {
    this.words = words;
    this.host = root.querySelector(".diary");
    this.fields = new Map();
    this.steps = new Map();
    this.values = {};
    this.size = 0;
    this.state = make("p", { className: "state" });
    // A screen reader reads only new texts: "Saved" once a minute, not at each pause.
    this.spoken = make("p", { className: "spoken", role: "status" });
    const sections = groups.map((group) => this.section(group));
    this.host.replaceChildren(this.state, this.spoken, make("div", { className: "groups" }, ...sections));
    this.saver = new Saver({
      diary,
      address: `${window.location.origin}/api/diary`,
      onState: (state) => this.showState(state),
      onSaved: (changes, size) => this.markSaved(changes, size),
    });
    this.onFocus = () => this.trigger?.("look", Date.now());
    window.addEventListener("focus", this.onFocus); // another tab may have written meanwhile
    this.host.addEventListener("focusout", () => this.onFocusOut());
  }

  section({ title, intro, rows }) {
    const section = make("section", {}, make("h3", {}, title));
    if (intro) section.append(make("p", { className: "intro" }, intro));
    for (const row of rows) section.append(this.row(row));
    return section;
  }

  row({ name, fields }) {
    const row = make("div", { className: "row" });
    if (name) row.append(make("h4", {}, name));
    row.append(...fields.map((spec) => this.field(spec)));
    return row;
  }

  field(spec) {
    const field = buildField(spec, this.words, (value, how) => this.changed(spec, value, how));
    field.spec = spec;
    this.fields.set(spec.name, field);
    if (!spec.details) return field.element;
    const details = spec.details.map((detail) => this.field(detail));
    field.details = make("div", { className: "details", hidden: true }, ...details);
    const whole = make("div", { className: "question" }, field.element, field.details);
    if (spec.why) {
      const summary = make("summary", {}, this.words.why);
      whole.append(make("details", {}, summary, make("p", {}, spec.why)));
    }
    return whole;
  }

  changed(spec, value, how) {
    const day = spec.once ? null : this.day;
    this.reveal(spec.name, value);
    if (JSON.stringify(value) === JSON.stringify(this.currentValue(spec))) {
      if (!how.typing) this.saver.flush();
      return;
    }
    this.fields.get(spec.name).refuse("");
    this.saver.put({ day, field: spec.name, value, step: this.step(day, spec.name, how) }, how);
  }

  // Return the latest value of a field, saved or not.
  currentValue(spec) {
    const unsaved = this.unsaved(spec);
    return unsaved ? unsaved.value : (this.values[spec.name] ?? null);
  }

  unsaved({ name, once }) {
    return this.saver.unsaved({ day: once ? null : this.day, field: name });
  }

  step(day, name, { typing }) {
    const key = `${day}/${name}`;
    const now = performance.now();
    const known = this.steps.get(key);
    const same = known && now - known.at < SAME_STEP_MS;
    const id = same ? known.id : crypto.randomUUID().replaceAll("-", "").slice(0, 12);
    if (typing) this.steps.set(key, { id, at: now });
    else this.steps.delete(key);
    return id;
  }

  // The journal only grows, so a smaller size means that these values are out of date.
  show({ day, values, saved, size }) {
    const dayChanged = day !== this.day;
    if (!dayChanged && size < this.size) return;
    Object.assign(this, { day, size, values: { ...values } });
    for (const [name, field] of this.fields) {
      if (field.spec.kind === "date") field.element.querySelector("input").max = day;
      if (dayChanged || !this.typingIn(field)) this.refresh(name);
    }
    if (this.saver.waiting.size) return;
    this.showState(this.isRefused() ? { state: "refused" } : { state: "shown", at: saved });
  }

  isRefused() {
    return [...this.saver.refused.values()].some(({ day }) => day === null || day === this.day);
  }

  refresh(name) {
    const field = this.fields.get(name);
    const value = this.currentValue(field.spec);
    field.show(value);
    field.refuse(this.unsaved(field.spec)?.why);
    this.reveal(name, value);
  }

  markSaved(changes, size) {
    this.size = Math.max(this.size, size);
    for (const { day, field, value } of changes) {
      if (day === this.day || day === null) this.values[field] = value;
    }
  }

  onFocusOut() {
    this.saver.flush();
    setTimeout(() => {
      // Changes from another tab were not shown while this field was typed in.
      for (const [name, field] of this.fields) if (!this.typingIn(field)) this.refresh(name);
    });
  }

  typingIn(field) {
    const active = this.host.getRootNode().activeElement;
    const writing = active?.matches("textarea, input:not([type=radio], [type=checkbox])");
    return writing && field.element.contains(active);
  }

  reveal(name, value) {
    const { details } = this.fields.get(name);
    if (details) details.hidden = !(value === true || value > 0);
  }

  showState({ state, at, problem }) {
    const saved = at ? this.words.saved.replace("{time}", at) : this.words.nothing;
    const text = {
      saving: this.words.saving,
      saved,
      shown: saved,
      refused: this.words.refused,
      unsaved: [this.words.unsaved, problem].filter(Boolean).join(" "),
    }[state];
    this.state.textContent = text;
    if (state !== "saving" && this.spoken.textContent !== text) this.spoken.textContent = text;
    this.state.classList.toggle("trouble", state === "unsaved" || state === "refused");
    if (state === "refused") {
      for (const field of this.fields.values()) field.refuse(this.unsaved(field.spec)?.why);
    }
    if (state === "saved" || state === "refused") this.trigger?.("saved", Date.now());
  }

  stop() {
    this.saver.stop();
    window.removeEventListener("focus", this.onFocus);
  }
}
