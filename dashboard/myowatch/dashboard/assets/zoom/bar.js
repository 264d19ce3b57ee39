// The controls of the zoomed trace, in plain HTML, so that the keyboard works.
import { legend, select } from "../controls.js";
import { element } from "../element.js";

const SPANS = [0.02, 0.1, 0.5, 5, 60, 600, 3600];
const SCALES = [25, 50, 100, 250, 500, 1000, 2500];

export function buildBar(host, { words, rate, unit, duration_s: end }, act) {
  const notice = element("p", { class: "notice", role: "status" });
  const spans = select(words.show, "span", [[0, words.whole], ...SPANS.filter((s) => s < end).map((s) => [s, words.spans[s]]).reverse()], 0);
  const other = element("option", { value: "own", hidden: "" }, "");
  spans.input.append(other);
  spans.input.onchange = () => act.span(Number(spans.input.value));
  const scales = select(words.scale, "scale", [[0, words.automatic], ...SCALES.map((v) => [v, `±${v} µV`])], 0);
  scales.input.onchange = act.height;
  const rejected = element("input", { type: "checkbox", id: "rejected" });
  const also = element("span", { class: "chooser" });
  also.append(rejected, element("label", { for: "rejected" }, words.also_rejected));
  const moving = group(words.moving, [
    [words.earlier, "◀", () => act.pan(-0.5)],
    [words.later, "▶", () => act.pan(0.5)],
    [words.closer, "+", () => act.zoom(0.25)],
    [words.farther, "−", () => act.zoom(4)],
  ]);
  const events = group(words.events, [
    [words.previous, words.previous, () => act.step(true)],
    [words.next, words.next, () => act.step(false)],
  ]);
  const controls = element("div", { class: "controls" });
  controls.append(spans.chooser, ...(unit === "uV" ? [scales.chooser] : []), moving, events, also);
  const bar = element("div", { class: "bar" });
  bar.append(controls, notice);
  const plot = element("div", { class: "lanes plot", tabindex: "0", role: "application", "aria-label": words.opening, "aria-describedby": "hint" });
  const spoken = element("p", { class: "spoken", "aria-live": "polite" });
  host.replaceChildren(bar, plot, legend(words), element("p", { class: "hint", id: "hint" }, words.hint), spoken);
  return {
    plot,
    rate,
    height: () => Number(scales.input.value),
    rejected: () => rejected.checked,
    at({ span }) {
      const known = span >= end ? 0 : SPANS.find((each) => Math.abs(each - span) < 1e-6);
      spans.input.value = known ?? "own";
      if (known === undefined) other.textContent = formatDuration(span);
    },
    say(text, trouble) {
      if (notice.textContent !== text) notice.textContent = text;
      notice.setAttribute("aria-live", trouble ? "polite" : "off");
      host.classList.toggle("trouble", trouble);
    },
    speak(text) {
      spoken.textContent = "";
      requestAnimationFrame(() => (spoken.textContent = text));
    },
  };
}

export function formatDuration(seconds) {
  if (seconds < 1) return `${Math.round(1000 * seconds)} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  if (seconds < 7200) return `${Number((seconds / 60).toPrecision(3))} min`;
  return `${Number((seconds / 3600).toPrecision(3))} h`;
}

function group(name, buttons) {
  const made = element("span", { class: "group", role: "group", "aria-label": name });
  for (const [label, text, act] of buttons) {
    const button = element("button", { type: "button", ...(label !== text && { "aria-label": label, title: label, class: "short" }) }, text);
    button.onclick = act;
    made.append(button);
  }
  return made;
}
