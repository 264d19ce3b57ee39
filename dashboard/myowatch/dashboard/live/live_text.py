"""Texts of the Live page."""

from typing import Any, Literal

STATES: dict[str, tuple[Literal["gray", "blue", "green", "orange"], str]] = {
    "none": ("gray", "Not recording"),
    "starting": ("blue", "Starting"),
    "connecting": ("blue", "Connecting"),
    "recording": ("green", "Recording"),
    "lost": ("orange", "Lost"),
    "stopping": ("blue", "Stopping"),
    "ended": ("gray", "Ended"),
    "failed": ("orange", "Stopped by an error"),
}
TO_DO = {
    "none": "Choose a source below and press Start.",
    "starting": "The recorder is starting.",
    "connecting": "Waiting for the sensor. Is it switched on and in reach?",
    "recording": "",
    "lost": "The sensor does not answer. Everything so far is kept. Myowatch is looking for it.",
    "silent": "The recorder does not answer. Everything so far is kept. Start it again below.",
    "stopping": "Writing the last samples.",
    "ended": "The recording is kept under Sessions.",
    "failed": "Everything so far is kept.",
}
RECORDER = "Recorder"
STREAM = "Counts from"
SINCE = "since {time}"
STOP = "Stop"
START = "Start"
START_TITLE = "Start a recording"
START_ANOTHER = "Record from another source"
ADD = "Add another sensor"
ADD_HELP = "Several sensors are recorded into one session and shown on one page."
REMOVE = "Remove"
TWICE = "This sensor is in the list already."
SOURCE = "Source"
SOURCES = {"sim": "Simulated wearer", "file": "Recorded file", "device": "Sensor"}
SCENE = "Scene"
SCENES = {
    "twitchy": "A thigh that twitches now and then",
    "calm": "A muscle at rest",
    "cramp": "Twitches, then a cramp",
    "restless": "Legs that move often",
    "demo": "Demonstration: a little of everything",
    "electrode-off": "An electrode that comes loose",
    "heartbeat": "A quiet muscle near a strong heart beat",
    "clean": "To test detection: a quiet night",
    "medium": "To test detection: an ordinary night",
    "hard": "To test detection: a bad night",
}
FILE = "Path of the file"
FILE_HELP = "CSV, EDF, BDF or OpenSignals. It is played as if it were a sensor."
SPEED = "Speed"
SPEEDS = {"1": "as recorded", "5": "5 times", "20": "20 times", "max": "as fast as possible"}
DEVICE = "Address of the sensor"
DEVICE_HELP = (
    "For example serial:/dev/ttyUSB0, serial:COM3 or lsl:NAME. "
    "In a terminal, myowatch devices lists what is plugged in."
)
SITE = "Where the sensor sits"
SITES = (
    "left thigh",
    "right thigh",
    "left calf",
    "right calf",
    "left foot",
    "right foot",
    "left upper arm",
    "right upper arm",
    "left hand",
    "right hand",
)
SITE_EMPTY = "Choose or type"
NEEDS = {
    "sim": "Choose a scene first.",
    "file": "Type the path of a recorded file first.",
    "device": "Type the sensor's address first, for example serial:/dev/ttyUSB0.",
}

THIS_MINUTE = "Twitches, this minute"
LAST_TEN = "Twitches, last 10 minutes"
SESSION = "Twitches, session"
CRAMPS = "Cramps"
MOVEMENTS = "Movements"
SCORABLE = "Scored time"
RATE = "{rate:.1f} twitches a minute (95 % interval {low:.1f} to {high:.1f})."
DETECTABLE = "Twitches above {peak} would be seen."
ENVELOPE = (
    "This sensor sends an envelope: cramps and movements only. Twitches cannot be told in it."
)
RATE_LATER = "A rate is shown after two scored minutes."
SIGNAL = "Signal"
QUALITY = {
    "starting": ("Settling", "The first second is not scored."),
    "good": ("Good", ""),
    "noisy": (
        "Too much noise",
        "Move away from chargers and mains cables. If that does not help, press the electrodes on, "
        "or wet them a little.",
    ),
    "flat": ("No signal", "Is the sensor switched on? Is each electrode and its cable in place?"),
    "saturated": (
        "Signal too large",
        "Press the electrodes on firmly. If it stays so, lower the sensor's gain.",
    ),
    "loose": (
        "Loose contact",
        "Press the electrode on again. If it does not hold, clean and dry the skin and take a new "
        "one.",
    ),
    "gap": ("Samples missing", "Bring the sensor nearer, or check its cable and its battery."),
    "unscored": ("Recorded only", "This sensor is too slow, or too fast, for twitches."),
    "heart": (
        "Heart beats visible",
        "They are not counted. To see fewer of them, move the electrodes closer together and "
        "further from the chest.",
    ),
}
MAINS = "Mains hum at {hz:g} Hz is filtered out."
LEVELS = "Noise floor {noise:.3g} {unit}, threshold {threshold:.3g} {unit}."
ACTIVE = {"movement": "A movement is going on.", "cramp": "A cramp may be going on."}

PRESSED = {"felt": "I felt it", "cramp": "Cramp", "me": "That was me"}
PRESS: dict[str, Any] = {
    "group": "What you notice",
    "keys": {"felt": "F", "cramp": "C", "me": "M"},
    "names": PRESSED,
    "hints": {
        "felt": "You felt a twitch.",
        "cramp": "You have a cramp.",
        "me": "You moved on purpose.",
    },
    "kept": "Noted: {text}.",
    "undo": "Undo",
    "undone": "Taken back.",
    "waiting": "Kept here until the dashboard answers.",
}
NIGHT: dict[str, Any] = {
    "open": "Night mode",
    "close": "Leave night mode",
    "counts": "Show counts",
    "awake": "Keep the screen on",
    "sound": "Sound on a twitch",
    "sounds": {"none": "none", "quiet": "quiet"},
    "volume": "Volume",
    "name": "Night mode: a dark page",
}
CRAMP_QUESTION = "{time}, {sensor}: cramp or contraction, {seconds} s. What was it?"
CRAMP_ANSWERS = {"cramp": "A cramp", "movement": "I moved", "not_sure": "Not sure"}
QUESTIONS: dict[str, Any] = {
    "group": "Questions to you",
    "answers": CRAMP_ANSWERS,
    "kept": "Noted: {text}. It can be changed under Sessions.",
    "waiting": "Kept here until the dashboard answers.",
}
STOP_ALL = "Stop all"
SENSORS = "Sensors and counts"


TITLE = "Welcome"
ABOUT = "Three steps to a live trace. Nothing leaves this computer."
CHOOSE = "1. Choose what to watch"
MEANS = {
    "sim": "Nothing is needed. A computed muscle twitches as real ones do: see how it all looks.",
    "file": "A recording that you have. It is played as if a sensor were sending it.",
    "device": "A sensor on the skin: a board on a cable, or a wearable over Bluetooth.",
}
TO_DEVICES = "Look for sensors, try them and place them"
WHICH = "Your sensor"
WHERE = "2. Say where it is worn"
WHY_WHERE = (
    "Counts are kept by place, so that the same muscle can be compared over weeks. It may be left "
    "open."
)
DRAWINGS = "Where exactly to put it"
WATCH = "3. Watch"
THEN = (
    "The trace moves within a few seconds. Twitches are marked on it and counted beside it; a rate "
    "is shown after two minutes. Keep the muscle at rest. Stop ends the recording, which is kept "
    "under Sessions."
)
