// Return the colours of the page, so that the trace follows its theme.
export function readTheme(element) {
  const style = getComputedStyle(element);
  const colour = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  return {
    text: colour("--st-text-color", "#31333f"),
    background: colour("--st-background-color", "#ffffff"),
    faint: colour("--st-border-color-light", "") || colour("--st-border-color", "#d5d8de"),
    grey: colour("--st-gray-color", "#6b7280"),
    emg: colour("--st-blue-color", "#1c6dd0"),
    accelerometer: colour("--st-green-color", "#1f8a5b"),
    twitch: colour("--st-text-color", "#31333f"),
    movement: colour("--st-green-text-color", "#177a4c"),
    cramp: colour("--st-violet-text-color", "#6d3fc0"),
    pressed: colour("--st-orange-text-color", "#a04a00"),
    font: colour("--st-font", "sans-serif"),
  };
}

export function sameTheme(a, b) {
  return Object.keys(a).every((key) => a[key] === b[key]);
}
