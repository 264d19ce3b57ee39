// Send changes to the server in order, and keep each until the server confirms it.
// Unconfirmed changes are kept in the browser's storage, so a reload, a closed tab or an unreachable
// server loses nothing. Confirmed ones are removed, because they are health data.
const PAUSE_MS = 600; // while typing, changes are sent at each pause,
const LONGEST_WAIT_MS = 2500; // or after this time without a pause
const RETRY_MS = [300, 700, 1500, 3000];
const storage = openStorage();

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
    this.onPageHide = () => this.sendOnLeave();
    this.onVisibilityChange = () => document.visibilityState === "hidden" && this.sendOnLeave();
    window.addEventListener("pagehide", this.onPageHide);
    document.addEventListener("visibilitychange", this.onVisibilityChange);
    this.restore();
  }

  // Load the changes that an earlier visit could not save.
  restore() {
    for (const key of Object.keys(storage)) {
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
    const remaining = Math.max(0, this.since + LONGEST_WAIT_MS - performance.now());
    this.schedule(typing ? Math.min(PAUSE_MS, remaining) : 0);
  }

  key({ day, field }) {
    return `${this.prefix}${day ?? "once"}/${field}`;
  }

  // Return the change of a field that is not saved yet, if there is one.
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
      this.retryLater(answer?.problem);
      return;
    } finally {
      this.sending = false;
    }
    this.attempt = 0;
    this.handleAnswer(sent, answer);
  }

  handleAnswer(sent, { saved, refused, size }) {
    const accepted = sent.map(([, change]) => change).filter((change) => !find(refused, change));
    this.onSaved(accepted, size);
    for (const [key, change] of sent) {
      if (this.waiting.get(key) !== change) continue; // changed again meanwhile
      this.waiting.delete(key);
      const refusal = find(refused, change);
      if (refusal) {
        this.refused.set(key, { ...change, why: refusal.why });
        store(key, { ...change, why: refusal.why });
      } else if (read(key)?.step === change.step) {
        storage.removeItem(key);
      }
    }
    this.onState(this.refused.size ? { state: "refused" } : { state: "saved", at: saved });
    if (this.waiting.size) this.schedule(0);
  }

  retryLater(problem) {
    this.onState({ state: "unsaved", problem });
    const delay = RETRY_MS[Math.min(this.attempt++, RETRY_MS.length - 1)];
    this.schedule(delay);
  }

  // Send without waiting for an answer, as the page is closing. The server recognises repeated
  // changes by their step.
  sendOnLeave() {
    if (!this.waiting.size) return;
    for (const change of this.waiting.values()) change.again = true;
    const body = new Blob([this.body([...this.waiting])], { type: "application/json" });
    navigator.sendBeacon(this.address, body);
  }

  body(changes) {
    return JSON.stringify({ diary: this.diary, changes: changes.map(([, change]) => change) });
  }

  stop() {
    this.sendOnLeave();
    clearTimeout(this.timer);
    window.removeEventListener("pagehide", this.onPageHide);
    document.removeEventListener("visibilitychange", this.onVisibilityChange);
  }
}

function find(refused, { day, field }) {
  return refused.find((refusal) => refusal.field === field && refusal.day === day);
}

function read(key) {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null;
  }
}

function store(key, change) {
  try {
    storage.setItem(key, JSON.stringify(change));
  } catch {
    // The storage is full; the change is still sent to the server.
  }
}

// Without storage, only unsaved changes are lost when the tab is closed.
function openStorage() {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {} };
  }
}
