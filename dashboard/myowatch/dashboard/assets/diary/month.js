// A month as a table of buttons, one per day. The arrow keys move between days.
import { make } from "./fields.js";

const DAY_STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export default function mount({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".month");
  const focusedDay = host.getRootNode().activeElement?.dataset?.day;
  const buttons = [];
  const day = (cell) => {
    if (!cell) return make("td");
    const button = make("button", { type: "button", disabled: cell.future }, ...lines(cell));
    button.setAttribute("aria-label", cell.says);
    if (cell.chosen) button.setAttribute("aria-current", "date");
    button.dataset.day = cell.day;
    button.addEventListener("click", () => setTriggerValue("day", cell.day));
    buttons.push(button);
    return make("td", {}, button);
  };
  const head = make("tr", {}, ...data.weekdays.map((name) => make("th", { scope: "col" }, name)));
  const weeks = data.weeks.map((week) => make("tr", {}, ...week.map(day)));
  const caption = make("caption", {}, data.title);
  host.replaceChildren(
    make("table", {}, caption, make("thead", {}, head), make("tbody", {}, ...weeks)),
    make("p", { className: "intro" }, data.legend),
  );
  // The Tab key stops once; the arrow keys move between days.
  const tabStop = buttons.find((b) => b.ariaCurrent) ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === tabStop ? 0 : -1;
  if (focusedDay) buttons.find((button) => button.dataset.day === focusedDay)?.focus();
  host.onkeydown = (event) => {
    const next = buttons[buttons.indexOf(event.target) + DAY_STEPS[event.key]];
    if (!next || next.disabled) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
  return () => host.replaceChildren();
}

function lines({ number, dot, rate }) {
  const marks = make("span", { className: "marks" }, dot ? "●" : "");
  return [make("span", {}, String(number)), marks, make("span", { className: "rate" }, rate)];
}
