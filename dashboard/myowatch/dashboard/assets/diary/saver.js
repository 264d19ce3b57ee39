// Carries what is typed to the disk, in order, and lets go of it only when it is there.
// Whatever the server has not confirmed lies in this browser's storage: a reload, a closed tab or a
// server that is gone for a while costs nothing. Only until then: it is somebody's health.
const PAUSE_MS = 600; // while somebody types, a line is written at each pause,
const LONGEST_MS = 2500; // or after so long without one
const RETRY_MS = [300, 700, 1500, 3000];
const shelf = openShelf();

export class Saver {
  constructor({ diary, address, onState, onSaved }) {
    this.prefix = `myowatch.diary/${diary}/`;
    this.diary = diary;
    this.address = address;
    this.onState = onState;
    this.onSaved = onSaved;
    this.waiting = new Map();
    this.refused = new Map();
    this.attempt = 0;
    this.leaving = () => this.sendOff();
    this.turning = () => document.visibilityState === "hidden" && this.sendOff();
    window.addEventListener("pagehide", this.leaving);
    document.addEventListener("visibilitychange", this.turning);
    this.takeUp();
  }

  // What an earlier visit could not bring to the disk.
  takeUp() {
    for (const key of Object.keys(shelf)) {
      if (!key.startsWith(this.prefix)) continue;
      const change = read(key);
      if (!change) continue;
      if (change.why) this.refused.set(key, change);
      else this.waiting.set(key, { ...change, again: true });
    }
    if (this.waiting.size) this.schedule(0);
  }

  put(change, { typing = false } = {}) {
    const key = this.key(change);
    this.refused.delete(key);
    this.waiting.set(key, change);
    store(key, change);
    this.onState({ state: "saving" });
    this.since ??= performance.now();
    const left = Math.max(0, this.since + LONGEST_MS - performance.now());
    this.schedule(typing ? Math.min(PAUSE_MS, left) : 0);
  }

  key({ day, field }) {
    return `${this.prefix}${day ?? "once"}/${field}`;
  }

  // The word on a field that is not on the disk yet, if there is one.
  unsaved(place) {
    const key = this.key(place);
    return this.waiting.get(key) ?? this.refused.get(key);
  }

  flush() {
    if (this.waiting.size) this.schedule(0);
  }

  schedule(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  async send() {
    if (this.sending || !this.waiting.size) return;
    this.sending = true;
    this.since = undefined;
    const sent = [...this.waiting];
    let answer = null;
    try {
      const response = await fetch(this.address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: this.body(sent),
      });
      answer = await response.json();
      if (!response.ok) throw new Error(answer.problem);
    } catch (error) {
      this.trouble(answer?.problem);
      return;
    } finally {
      this.sending = false;
    }
    this.attempt = 0;
    this.done(sent, answer);
  }

  done(sent, { saved, refused, size }) {
    const taken = sent.map(([, change]) => change).filter((change) => !find(refused, change));
    this.onSaved(taken, size);
    for (const [key, change] of sent) {
      if (this.waiting.get(key) !== change) continue; // typed on meanwhile
      this.waiting.delete(key);
      const no = find(refused, change);
      if (no) {
        this.refused.set(key, { ...change, why: no.why });
        store(key, { ...change, why: no.why });
      } else if (read(key)?.step === change.step) {
        shelf.removeItem(key);
      }
    }
    this.onState(this.refused.size ? { state: "refused" } : { state: "saved", at: saved });
    if (this.waiting.size) this.schedule(0);
  }

  trouble(problem) {
    this.onState({ state: "unsaved", problem });
    const delay = RETRY_MS[Math.min(this.attempt++, RETRY_MS.length - 1)];
    this.schedule(delay);
  }

  // The page goes: no time to wait for an answer. What got through is known by its step next time.
  sendOff() {
    if (!this.waiting.size) return;
    for (const change of this.waiting.values()) change.again = true;
    const body = new Blob([this.body([...this.waiting])], { type: "application/json" });
    navigator.sendBeacon(this.address, body);
  }

  body(changes) {
    return JSON.stringify({ diary: this.diary, changes: changes.map(([, change]) => change) });
  }

  stop() {
    this.sendOff();
    clearTimeout(this.timer);
    window.removeEventListener("pagehide", this.leaving);
    document.removeEventListener("visibilitychange", this.turning);
  }
}

function find(refused, { day, field }) {
  return refused.find((no) => no.field === field && no.day === day);
}

function read(key) {
  try {
    return JSON.parse(shelf.getItem(key));
  } catch {
    return null;
  }
}

function store(key, change) {
  try {
    shelf.setItem(key, JSON.stringify(change));
  } catch {
    // A full storage: the change is on its way to the server all the same.
  }
}

// A browser that forbids storage gets none: then what waits is lost with the tab, and no more.
function openShelf() {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {} };
  }
}
