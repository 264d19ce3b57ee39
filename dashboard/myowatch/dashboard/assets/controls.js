// The bar above the trace and the legend below it, in plain HTML, so that the keyboard works.
import { element } from "./element.js";

const WINDOWS = [5, 10, 30, 60];
const SCALES = [25, 50, 100, 250, 500, 1000, 2500];
const SHAPES = {
  twitch: '<path d="M2 3h10l-5 9z" fill="var(--st-text-color)"/>',
  movement: '<path d="M1 2v10M13 2v10M1 7h12" stroke="var(--st-green-text-color, green)" stroke-width="2" fill="none"/>',
  cramp: '<path d="M0 3h14v8H0z" fill="var(--st-violet-text-color, purple)"/>',
  provisional: '<path d="M2.5 3.5h9l-4.5 8z" fill="none" stroke="var(--st-text-color)" stroke-width="1.3"/>',
  rejected: '<path d="M3 3l8 8M11 3l-8 8" stroke="var(--st-gray-color, grey)" stroke-width="1.6"/>',
  pressed: '<path d="M7 0v14" stroke="var(--st-orange-text-color, #a04a00)" stroke-width="2"/>',
  threshold: '<path d="M0 7h14" stroke="var(--st-text-color)" stroke-dasharray="4 3" opacity=".7"/>',
  unscorable: '<path d="M0 14L14 0M0 7l7-7M7 14l7-7" stroke="var(--st-gray-color, grey)" stroke-width="1.3"/>',
};

export function buildControls(host, words, { onWindow, onScale, onPause }) {
  const notice = element("p", { class: "notice", role: "status" });
  const lanes = element("div", { class: "lanes", role: "img", "aria-label": words.waiting });
  const spoken = element("p", { class: "spoken", "aria-live": "polite" });
  const windows = select(words.window, "window", WINDOWS.map((s) => [s, words.seconds.replace("{n}", s)]), 10);
  const scales = select(words.scale, "scale", [[0, words.automatic], ...SCALES.map((v) => [v, `±${v} µV`])], 0);
  const pause = element("button", { type: "button", "aria-pressed": "false" }, words.pause);
  windows.input.onchange = () => onWindow(Number(windows.input.value));
  scales.input.onchange = () => onScale();
  pause.onclick = () => {
    const paused = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? words.resume : words.pause;
    onPause(paused);
  };
  const controls = element("div", { class: "controls" });
  controls.append(windows.chooser, scales.chooser, pause);
  const bar = element("div", { class: "bar" });
  bar.append(notice, controls);
  host.replaceChildren(bar, lanes, legend(words), spoken);
  return {
    lanes,
    controls,
    window: () => Number(windows.input.value),
    scale: () => Number(scales.input.value),
    say(text, trouble) {
      if (notice.textContent !== text) {
        // A screen reader reads problems, but not the running clock.
        notice.setAttribute("aria-live", trouble ? "polite" : "off");
        notice.textContent = text;
      }
      host.classList.toggle("trouble", trouble);
    },
    speak(text) {
      spoken.textContent = text;
    },
  };
}

export function legend(words) {
  const list = element("ul", { class: "legend" });
  for (const [name, shape] of Object.entries(SHAPES)) {
    if (!words.legend[name]) continue;
    const item = element("li", {});
    item.innerHTML = `<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">${shape}</svg>`;
    item.append(words.legend[name]);
    list.append(item);
  }
  return list;
}

export function select(text, id, options, chosen) {
  const input = element("select", { id });
  for (const [value, name] of options) input.append(element("option", { value }, name));
  input.value = String(chosen);
  const chooser = element("span", { class: "chooser" });
  chooser.append(element("label", { for: id }, text), input);
  return { chooser, input };
}
