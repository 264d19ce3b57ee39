// Build the fields of the diary from native controls, which work with keyboard and screen reader.
export function buildField(spec, words, onChange) {
  const field = BUILDERS[spec.kind](spec, words, onChange);
  field.trouble = make("p", { className: "trouble", role: "alert" });
  field.element.append(field.trouble);
  field.refuse = (why) => {
    field.trouble.textContent = why ?? "";
    field.element.classList.toggle("refused", Boolean(why));
  };
  return field;
}

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const BUILDERS = {
  yes_no: (spec, words, onChange) =>
    choices(spec, [[false, words.no], [true, words.yes]], words, onChange),
  scale: (spec, words, onChange) => {
    const points = Array.from({ length: spec.high - spec.low + 1 }, (_, k) => spec.low + k);
    return choices(spec, points.map((p) => [p, String(p)]), words, onChange);
  },
  number,
  date,
  places,
  text,
};

function choices(spec, options, words, onChange) {
  const inputs = options.map(([value]) =>
    make("input", { type: "radio", name: spec.name, value: String(value) }),
  );
  const clear = make("button", { type: "button", className: "clear", textContent: words.clear });
  clear.setAttribute("aria-label", `${words.clear}: ${spec.label}`);
  const show = (value) => {
    options.forEach(([option], k) => (inputs[k].checked = option === value));
    clear.hidden = value === null;
  };
  const change = (value) => {
    show(value);
    onChange(value, { typing: false });
  };
  inputs.forEach((input, k) => input.addEventListener("change", () => change(options[k][0])));
  clear.addEventListener("click", () => {
    change(null);
    inputs[0].focus();
  });
  const labels = options.map(([, name], k) => make("label", {}, inputs[k], make("span", {}, name)));
  const row = make("div", { className: `choices ${spec.kind}` }, ...labels, clear);
  const element = make("fieldset", { className: "field" }, make("legend", {}, spec.label), row);
  return { element, show };
}

function textField(spec, input, parse, print, onChange) {
  input.id = `diary-${spec.name}`;
  input.addEventListener("input", () => onChange(parse(input.value), { typing: true }));
  input.addEventListener("change", () => onChange(parse(input.value), { typing: false }));
  const show = (value) => {
    const text = value === null ? "" : print(value);
    // Keep the typed text if its value is the same: "7." is 7, before it becomes 7.5.
    if (value !== parse(input.value)) input.value = text;
  };
  return { show, label: make("label", { htmlFor: input.id }, spec.label) };
}

function number(spec, words, onChange) {
  const input = make("input", { type: "text", inputMode: "decimal", autocomplete: "off" });
  const { show, label } = textField(spec, input, parseNumber, String, onChange);
  const step = (by) => {
    const now = parseNumber(input.value);
    const from = typeof now === "number" ? now : by > 0 ? spec.low - by : spec.low;
    const value = Math.min(spec.high, Math.max(spec.low, from + by));
    input.value = String(value);
    onChange(value, { typing: true });
  };
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: spec.step, ArrowDown: -spec.step }[event.key];
    if (by) {
      event.preventDefault();
      step(by);
    }
  });
  // The arrow keys do the same, so these buttons are hidden from screen readers.
  const button = (text, by) => {
    const made = make("button", { type: "button", className: "step", textContent: text, tabIndex: -1 });
    made.setAttribute("aria-hidden", "true");
    made.addEventListener("click", () => step(by));
    return made;
  };
  const row = make("div", { className: "number" }, button("−", -spec.step), input, button("+", spec.step));
  return { element: make("div", { className: "field" }, label, row), show };
}

function parseNumber(text) {
  const plain = text.trim().replace(",", ".");
  if (!plain) return null;
  return /^\d*\.?\d*$/.test(plain) && plain !== "." ? Number(plain) : text.trim();
}

function date(spec, words, onChange) {
  const input = make("input", { type: "date", max: spec.latest, min: "1900-01-01" });
  const { show, label } = textField(spec, input, (text) => text || null, String, onChange);
  return { element: make("div", { className: "field" }, label, input), show };
}

function text(spec, words, onChange) {
  const input = make("textarea", { rows: spec.rows, maxLength: spec.longest });
  const parse = (typed) => (typed.trim() ? typed : null);
  const { label } = textField(spec, input, parse, String, onChange);
  const show = (value) => {
    // Texts are saved without spaces at the ends. Keep a space that is being typed.
    if ((value ?? "") !== input.value.trim()) input.value = value ?? "";
  };
  return { element: make("div", { className: "field wide" }, label, input), show };
}

function places(spec, words, onChange) {
  const boxes = words.sites.map((site) => make("input", { type: "checkbox", value: site }));
  const other = make("input", { type: "text", autocomplete: "off", placeholder: words.other_hint });
  other.setAttribute("aria-label", `${spec.label}: ${words.other}`);
  const typed = () => other.value.split(/[;,]/).map((part) => part.trim()).filter(Boolean);
  const change = (how) => {
    const all = [...boxes.filter((box) => box.checked).map((box) => box.value), ...typed()];
    onChange(all.length ? all : null, how);
  };
  boxes.forEach((box) => box.addEventListener("change", () => change({ typing: false })));
  other.addEventListener("input", () => change({ typing: true }));
  other.addEventListener("change", () => change({ typing: false }));
  const show = (value) => {
    const chosen = value ?? [];
    boxes.forEach((box) => (box.checked = chosen.includes(box.value)));
    const rest = chosen.filter((place) => !words.sites.includes(place));
    if (rest.join() !== typed().join()) other.value = rest.join("; ");
  };
  const labels = boxes.map((box) => make("label", {}, box, make("span", {}, box.value)));
  const row = make("div", { className: "choices places" }, ...labels, other);
  const legend = make("legend", {}, spec.label);
  return { element: make("fieldset", { className: "field wide" }, legend, row), show };
}
