// Play a quiet sound on a twitch, if chosen. It is never an alarm.
import { element } from "../element.js";

const HERTZ = 330;
const DURATION_S = 0.12;
const MAX_GAIN = 0.15;
const MIN_GAP_S = 0.25;

export class Sound {
  constructor(bar, words, onChoose) {
    this.newest = null;
    this.choice = element("select", { id: "sound" });
    for (const [value, name] of Object.entries(words.sounds)) this.choice.append(element("option", { value }, name));
    this.volume = element("input", { type: "range", id: "volume", min: "0", max: "100", value: localStorage.getItem("myowatch-volume") ?? "40" });
    const sound = element("span", { class: "chooser" });
    sound.append(element("label", { for: "sound" }, words.sound), this.choice);
    this.loudness = element("span", { class: "chooser" });
    this.loudness.append(element("label", { for: "volume" }, words.volume), this.volume);
    bar.append(sound, this.loudness);
    this.choice.onchange = () => {
      this.setChoice(this.choice.value);
      onChoose({ sound: this.choice.value });
      this.play();
    };
    this.volume.onchange = () => {
      localStorage.setItem("myowatch-volume", this.volume.value);
      this.play();
    };
    this.setChoice("none");
  }

  setChoice(chosen) {
    this.choice.value = chosen;
    this.loudness.hidden = chosen === "none";
  }

  // Play once for new twitches since the last frame, never for older ones.
  playNewTwitches(frame) {
    const twitches = frame.events.filter(([, kind]) => kind === "twitch").map(([, , onset]) => onset);
    const newest = Math.max(...twitches, -1);
    const isNew = this.session === frame.session && this.newest !== null && newest > this.newest + MIN_GAP_S;
    if (isNew) this.play();
    if (this.session !== frame.session || this.newest === null || newest > this.newest) this.newest = newest;
    this.session = frame.session;
  }

  play() {
    if (this.choice.value === "none") return;
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") this.context.resume();
    const now = this.context.currentTime;
    const tone = new OscillatorNode(this.context, { frequency: HERTZ });
    const loudness = new GainNode(this.context, { gain: 0 });
    loudness.gain.linearRampToValueAtTime((MAX_GAIN * this.volume.value) / 100, now + 0.02);
    loudness.gain.linearRampToValueAtTime(0, now + DURATION_S);
    tone.connect(loudness).connect(this.context.destination);
    tone.start(now);
    tone.stop(now + DURATION_S);
  }

  destroy() {
    this.context?.close();
  }
}
