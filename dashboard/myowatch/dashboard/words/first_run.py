"""What the three steps of a first run say."""

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
