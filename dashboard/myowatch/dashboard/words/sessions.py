"""What the Sessions page says."""

EMPTY = "Nothing has been recorded yet. Start a recording on the Live page."
PICK = "Choose a session in the table to see it."
COLUMNS = {
    "started": "Started",
    "sites": "Site",
    "source": "Source",
    "duration": "Duration",
    "scorable": "Scored time",
    "twitches": "Twitches",
    "rate": "Twitches a minute",
    "cramps": "Cramps",
}
TIMELINE = "Events over time"
PER_MINUTE = "Twitches in each minute"
TIME_AXIS = "Time of day (h:min)"
TIME_AXIS_SHORT = "Time of day (h:min:s)"
COUNT_AXIS = "Twitches (per minute)"
SCORED_SECONDS = "Scored (s)"
UNSCORED = "Not scored"
EVENTS = "Events"
EVENT_COLUMNS = {
    "time": "Time",
    "onset_s": "Onset (s)",
    "length_ms": "Length (ms)",
    "kind": "Kind",
    "reason": "Why not counted",
    "stream": "Stream",
    "peak": "Peak",
    "confidence": "Confidence",
}
WITH_REJECTED = "Show what was seen but not counted"
TAKE_JSON = "Download as JSON"
TAKE_CSV = "Download events as CSV"
STREAM = "Stream"
RUNNING = "Still recording."
TIMELINE_ALT = "{twitches} twitches, {movements} movements and {cramps} cramps over {duration}"
PER_MINUTE_ALT = "Twitches in each of {minutes} minutes; most in one minute: {most}"
