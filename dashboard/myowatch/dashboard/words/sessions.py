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
PATTERNS = "Patterns"
COMPARING = "Comparing the shapes of twitches"
PATTERN_COLUMNS = ("What", "Found")
BETWEEN = "Time between twitches"
BETWEEN_FOUND = "{median} at the median; half of them from {low} to {high}. "
REGULARITY = {
    "even": "They come more evenly than by chance.",
    "chance": "They come as if by chance, one without regard to another.",
    "bunched": "They come in bunches more than by chance.",
}
ISOLATED = "Standing alone"
ISOLATED_FOUND = (
    "{isolated} of {known} have no other within a quarter second (isolated); {continual} have one "
    "within that time on both sides (continual)."
)
CLUSTERS = "Clusters"
CLUSTERS_FOUND = (
    "{count} of three or more twitches, each within a second of the one before; the largest of "
    "{largest}. Chance alone would make about {chance}."
)
NO_CLUSTERS = "None: no three twitches came within a second of each other."
SIZE = "Size"
SIZE_FOUND = (
    "Peak {median} at the median; half of them from {low} to {high}; the largest {largest}."
)
DOUBLETS = "Doublets"
DOUBLETS_FOUND = "{count} of {all} twitches are two or more potentials in quick succession."
AGAIN = "The same unit again"
AGAIN_FOUND = "{shapes} came three times or more: {most}. What came once or twice: {rare} twitches."
SHAPES = ("{count} shape of twitch", "{count} shapes of twitch")
SHAPE_COUNT = "one {count} times ({peak})"
MORE_SHAPES = "{more} more"
NONE_AGAIN = "No shape of twitch came three times."
LATER_AGAIN = "Shapes are compared when the recording has ended."
PERIODIC = "Periodic movements"
SERIES = "{movements} movements in {series} series"
NO_SERIES = "no series"
PER_HOUR = ", {per_hour:.1f} an hour of scored time,"
BY_RULES = "{found} by the rules of {rules}"
AND = " and of "
PERIODIC_NOTE = "The rules are made for sleep; movements made on purpose count as well."
SCATTER = (
    "The counts scatter from minute to minute more than by chance, so the rate is less sure than "
    "that: {low:.1f} to {high:.1f} a minute."
)
NEVER_ABOVE = "At rest, {people} never had more than {figure:g} twitches a minute in the {muscle}. "
AT_TIMES_ABOVE = (
    "At rest, {people} now and then had more than {figure:g} twitches a minute in the {muscle}. "
)
NO_FIGURE = "At rest, {people} had twitches in the {muscle} too, of quickly changing number. "
REFERENCE_SOURCE = "Rates change from hour to hour; this is no limit. ({method}: {source}.)"
