// Wheel, drag, pinch and keys. The wheel scrolls the page until the trace has the focus.
const WHEEL = 0.0025;
const CLICK_PX = 5;
const KEYS = {
  ArrowLeft: (act) => act.pan(-0.25),
  ArrowRight: (act) => act.pan(0.25),
  ArrowUp: (act) => act.zoom(0.5),
  ArrowDown: (act) => act.zoom(2),
  "+": (act) => act.zoom(0.5),
  "=": (act) => act.zoom(0.5),
  "-": (act) => act.zoom(2),
  0: (act) => act.span(0),
  Home: (act) => act.to(0),
  End: (act) => act.to(1),
  n: (act) => act.step(false),
  p: (act) => act.step(true),
  Escape: (act) => act.drop(),
};

export function attachGestures(plot, act) {
  const pointers = new Map(); // position of each pressed pointer
  let moved = 0;
  const focused = () => plot.getRootNode().activeElement === plot;
  const x = (event) => event.clientX - plot.getBoundingClientRect().left;

  plot.addEventListener("keydown", (event) => {
    const key = KEYS[event.key];
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    key(act);
  });
  plot.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !focused()) return; // a pinch on a touchpad is a wheel event with Ctrl
      event.preventDefault();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) return act.pan(event.deltaX / plot.clientWidth);
      const turned = event.deltaMode === 1 ? 16 * event.deltaY : event.deltaY;
      act.zoom(Math.exp(WHEEL * (event.ctrlKey ? 3 : 1) * turned), x(event));
    },
    { passive: false },
  );
  plot.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    pointers.set(event.pointerId, x(event));
    plot.setPointerCapture(event.pointerId);
    moved = pointers.size > 1 ? Infinity : 0;
  });
  plot.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = x(event);
    if (pointers.size === 2) {
      const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const factor = Math.abs(before - other) / Math.max(Math.abs(now - other), 8);
      act.zoom(Math.min(Math.max(factor, 0.5), 2), (now + other) / 2);
    } else {
      moved += Math.abs(now - before);
      if (moved >= CLICK_PX) act.pan((before - now) / plot.clientWidth);
    }
    pointers.set(event.pointerId, now);
  });
  const release = (event) => {
    if (pointers.delete(event.pointerId) && event.type === "pointerup" && moved < CLICK_PX) act.click(x(event));
  };
  plot.addEventListener("pointerup", release);
  plot.addEventListener("pointercancel", release);
  plot.addEventListener("dblclick", (event) => act.zoom(0.25, x(event)));
}
