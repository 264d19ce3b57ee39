// Draw the detected events in a strip above each lane. Each kind has its own shape. A provisional
// event, which may still change, is hollow.
export const STRIP = 20;
const UNSCORABLE = new Set(["gap", "flat", "saturation", "noise", "edge"]);

export function drawBelow(u, { frame, end, index, stream, theme, words }) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const [reason, from, to] of unscorable(frame, index, stream, end)) {
    drawHatching(u, x(u, from - end), x(u, to - end), words.reasons[reason] ?? reason, theme);
  }
  for (const [lane, kind, onset, offset] of frame.events) {
    if (lane !== index || kind === "artefact") continue;
    const left = x(u, onset - end);
    ctx.globalAlpha = 0.16;
    ctx.fillStyle = theme[kind];
    ctx.fillRect(left - ratio, bbox.top, Math.max(x(u, offset - end) - left, 0) + 2 * ratio, bbox.height);
  }
  ctx.restore();
}

export function drawAbove(u, { frame, end, index, stream, theme, words }) {
  const { ctx, bbox } = u;
  ctx.save();
  drawThreshold(u, stream, theme, words);
  for (const [text, at] of frame.presses ?? []) drawMarker(u, x(u, at - end), words.press?.names[text] ?? text, theme, index === 0);
  ctx.beginPath();
  ctx.rect(bbox.left - 6 * devicePixelRatio, 0, bbox.width + 12 * devicePixelRatio, bbox.top);
  ctx.clip();
  ctx.font = `${11 * devicePixelRatio}px ${theme.font}`;
  ctx.textBaseline = "middle";
  for (const [lane, kind, onset, offset, , reason, look = ""] of frame.events) {
    if (lane !== index || UNSCORABLE.has(reason)) continue;
    const left = x(u, onset - end);
    const right = Math.max(x(u, offset - end), left);
    const hollow = look.includes("provisional");
    const name = look.includes("unsure") ? words.unsure : words[kind];
    if (kind === "twitch") drawTriangle(u, (left + right) / 2, theme, hollow);
    else if (kind === "movement") drawBracket(u, left, right, theme.movement, name, hollow);
    else if (kind === "cramp") drawBar(u, left, right, theme, name, hollow);
    else drawCross(u, (left + right) / 2, theme.grey, hollow);
  }
  ctx.restore();
}

function x(u, time) {
  return u.valToPos(time, "x", true);
}

// Return the unscorable spans: those reported as events, and the current one.
export function unscorable(frame, index, stream, end) {
  const done = frame.events.filter((e) => e[0] === index && UNSCORABLE.has(e[5])).map((e) => [e[5], e[2], e[3]]);
  const since = stream.unscorable_since_s == null ? null : stream.unscorable_since_s + (stream.begins ?? 0);
  if (since != null && !done.some(([, from, to]) => from <= since && since < to)) done.push([stream.quality, since, end]);
  return done;
}

function drawHatching({ ctx, bbox }, left, right, text, theme) {
  const ratio = devicePixelRatio;
  const gap = 8 * ratio;
  left = Math.max(left, bbox.left);
  right = Math.min(right, bbox.left + bbox.width);
  if (right <= left) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, right - left, bbox.height);
  ctx.clip();
  ctx.globalAlpha = 0.12;
  ctx.fillStyle = theme.grey;
  ctx.fillRect(left, bbox.top, right - left, bbox.height);
  ctx.globalAlpha = 0.35;
  ctx.strokeStyle = theme.grey;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  for (let at = left - bbox.height; at < right; at += gap) {
    ctx.moveTo(at, bbox.top + bbox.height);
    ctx.lineTo(at + bbox.height, bbox.top);
  }
  ctx.stroke();
  drawLabel(ctx, text, (left + right) / 2, bbox.top + 12 * ratio, right - left, theme);
  ctx.restore();
}

function drawLabel(ctx, text, centre, y, room, theme) {
  const ratio = devicePixelRatio;
  ctx.font = `${11 * ratio}px ${theme.font}`;
  const width = ctx.measureText(text).width;
  if (width + 8 * ratio > room) return;
  ctx.globalAlpha = 0.85;
  ctx.fillStyle = theme.background;
  ctx.fillRect(centre - width / 2 - 4 * ratio, y - 8 * ratio, width + 8 * ratio, 16 * ratio);
  ctx.globalAlpha = 1;
  ctx.fillStyle = theme.text;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, centre, y);
}

// Draw a marker: a line through all lanes, with its name in the first.
function drawMarker({ ctx, bbox }, at, text, theme, named) {
  if (at < bbox.left || at > bbox.left + bbox.width) return;
  const ratio = devicePixelRatio;
  ctx.strokeStyle = ctx.fillStyle = theme.pressed;
  ctx.lineWidth = 2 * ratio;
  ctx.beginPath();
  ctx.moveTo(at, bbox.top);
  ctx.lineTo(at, bbox.top + bbox.height);
  ctx.stroke();
  if (!named) return;
  ctx.font = `${11 * ratio}px ${theme.font}`;
  ctx.textBaseline = "middle";
  const width = ctx.measureText(text).width;
  const after = at + width + 8 * ratio < bbox.left + bbox.width;
  ctx.textAlign = after ? "left" : "right";
  ctx.fillText(text, at + (after ? 5 : -5) * ratio, bbox.top + bbox.height - 8 * ratio);
}

function drawThreshold(u, { threshold: level, modality }, theme) {
  if (level == null) return;
  const { ctx, bbox } = u;
  ctx.strokeStyle = theme.text;
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  for (const value of modality === "accelerometer" ? [level] : [level, -level]) {
    const y = u.valToPos(value, "y", true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

function drawTriangle({ ctx, bbox }, centre, theme, hollow) {
  const size = 5 * devicePixelRatio;
  const tip = bbox.top - 2 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(centre, tip);
  ctx.lineTo(centre - size, tip - 1.8 * size);
  ctx.lineTo(centre + size, tip - 1.8 * size);
  ctx.closePath();
  fillOrOutline(ctx, theme.twitch, theme, hollow);
}

function fillOrOutline(ctx, colour, theme, hollow) {
  ctx.fillStyle = hollow ? theme.background : colour;
  ctx.fill();
  if (!hollow) return;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.3 * devicePixelRatio;
  ctx.stroke();
}

function drawBracket(u, left, right, colour, text, hollow) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const middle = bbox.top - 7 * ratio;
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = (hollow ? 1 : 2) * ratio;
  ctx.setLineDash(hollow ? [3 * ratio, 3 * ratio] : []);
  ctx.beginPath();
  const from = Math.max(left, bbox.left);
  const to = Math.min(right, bbox.left + bbox.width);
  for (const end of [left, right]) {
    if (end < from || end > to) continue;
    ctx.moveTo(end, middle - 5 * ratio);
    ctx.lineTo(end, middle + 5 * ratio);
  }
  const room = roomForText(u, left, right, ctx.measureText(text).width);
  if (room) {
    ctx.textAlign = "center";
    ctx.fillText(text, room.centre, middle);
    ctx.moveTo(from, middle);
    ctx.lineTo(room.from, middle);
    ctx.moveTo(room.to, middle);
    ctx.lineTo(to, middle);
  } else {
    ctx.moveTo(from, middle);
    ctx.lineTo(to, middle);
  }
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawBar(u, left, right, theme, text, hollow) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const from = Math.max(left, bbox.left);
  ctx.beginPath();
  ctx.rect(from, bbox.top - 15 * ratio, Math.max(right - from, 3 * ratio), 14 * ratio);
  fillOrOutline(ctx, theme.cramp, theme, hollow);
  const room = roomForText(u, left, right, ctx.measureText(text).width);
  if (!room) return;
  ctx.fillStyle = hollow ? theme.cramp : theme.background;
  ctx.textAlign = "center";
  ctx.fillText(text, room.centre, bbox.top - 7.5 * ratio);
}

// Return the room for a text on the visible part of a mark; null if it does not fit.
function roomForText({ bbox }, left, right, width) {
  const pad = 5 * devicePixelRatio;
  const from = Math.max(left, bbox.left);
  const to = Math.min(right, bbox.left + bbox.width);
  const centre = (from + to) / 2;
  return to - from > width + 4 * pad ? { centre, from: centre - width / 2 - pad, to: centre + width / 2 + pad } : null;
}

function drawCross({ ctx, bbox }, centre, colour, hollow) {
  const size = 3.5 * devicePixelRatio;
  const middle = bbox.top - 7 * devicePixelRatio;
  ctx.strokeStyle = colour;
  ctx.lineWidth = (hollow ? 0.75 : 1.5) * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(centre - size, middle - size);
  ctx.lineTo(centre + size, middle + size);
  ctx.moveTo(centre - size, middle + size);
  ctx.lineTo(centre + size, middle - size);
  ctx.stroke();
}
