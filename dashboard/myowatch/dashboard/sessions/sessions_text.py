"""Texts of the Sessions page."""

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
PER_MINUTE = "Twitches in each minute"
ELAPSED_AXIS = "Hours since the start (h)"
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
    "reason": "Not counted",
    "why": "Why not",
    "label": "You say",
    "stream": "Stream",
    "peak": "Peak",
    "confidence": "Confidence",
}
WITH_REJECTED = "Show events that were not counted"
TAKE_JSON = "Download as JSON"
TAKE_CSV = "Download events as CSV"
STREAM = "Stream"
RUNNING = "Still recording."
PER_MINUTE_ALT = "Twitches in each of {minutes} minutes; most in one minute: {most}"
COMPARING = "Comparing the shapes of twitches"
PATTERN_COLUMNS = ("What", "Found")
BETWEEN = "Time between twitches"
BETWEEN_FOUND = "{median} at the median; half of them from {low} to {high}. "
REGULARITY = {
    "even": "They come more evenly than by chance.",
    "chance": "They come as by chance, independently of each other.",
    "bunched": "They come in bunches more than by chance.",
}
ISOLATED = "Isolated twitches"
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
DETECTABLE = "Twitches above {peak} would have been seen."
NEVER_ABOVE = "At rest, {people} never had more than {figure:g} twitches a minute in the {muscle}. "
AT_TIMES_ABOVE = (
    "At rest, {people} now and then had more than {figure:g} twitches a minute in the {muscle}. "
)
NO_FIGURE = "At rest, {people} had twitches in the {muscle} too, of quickly changing number. "
REFERENCE_SOURCE = "Rates change from hour to hour; this is no limit. ({method}: {source}.)"

WAY = "Look at"
WAYS = {
    "glance": "Overview",
    "patterns": "Patterns",
    "another": "Compare with another session",
    "diary": "With the diary",
}
RECORDING_GONE = (
    "The recording itself is not in the data folder any more. What was counted in it is kept."
)
NO_PATTERNS = "Too few twitches for a pattern."
NO_EVENT = "Select an event in the trace or in the table to see it closely, and to say what it was."
EVENT_IS = "{kind} at {time}, {length} long, peak {peak} {unit}"
WHY = {
    "twitch": "Short, and {snr:.0f} dB above the noise. Of events like it, about {percent} % were "
    "true twitches in simulated muscles.",
    "cramp": "Activity that swells and lasts, {snr:.0f} dB above the noise. One channel cannot "
    "always tell a cramp from a contraction that is held on purpose; you can.",
    "movement": "Activity that lasts longer than a twitch and is no cramp, {snr:.0f} dB above the "
    "noise: a limb that moved, or a muscle that was used.",
}
WHY_UNSURE = (
    "Activity that lasts, {snr:.0f} dB above the noise. It may be a cramp ({percent} %) or a "
    "contraction on purpose. Only you can tell: say below what it was."
)
WHY_NOT = {
    "ecg": "Not counted: it comes with the heart's rhythm and looks like the beats around it.",
    "electrode_pop": "Not counted: the signal jumps and comes back slowly, as when an electrode "
    "moves on the skin or is pulled by its cable.",
    "tap": "Not counted: a single knock on the sensor or what it lies on has this shape.",
    "crosstalk": "Not counted here: another muscle's electrode saw the same at the same moment, "
    "and stronger.",
    "movement": "Not counted as a twitch: it is part of a movement that was going on.",
    "saturation": "Not scored: the signal was larger than the sensor can say.",
    "flat": "Not scored: the signal did not change at all, as when nothing is connected.",
    "noise": "Not scored: there was so much noise that a twitch could not have been seen.",
    "gap": "Not scored: no samples arrived.",
    "edge": "Not scored: the filters were settling after a start or a gap.",
    "sampling_rate": "Not scored: the sensor is too slow, or too fast, for twitches.",
}
WHY_NOT_OTHER = "Not counted: it did not look like a twitch, a cramp or a movement."
WAS = "What was it?"
AS_DETECTED = "as detected: {kind}"
WORDS_OF_LABELS = {
    "twitch": "Twitch",
    "cramp": "Cramp",
    "movement": "Movement, or me",
    "not_an_event": "Not an event",
    "not_sure": "Not sure",
}
FELT = "Did you feel it?"
FELT_SAID = {None: "Not said", True: "Felt", False: "Not felt"}
NOTE = "Note"
UNDO_LABEL = "Undo the last change"
LABELS_STAND = "Events with your own word, in all of this session: {count}."
CORRECTED = "With your corrections: twitches {twitch}, cramps {cramp}, movements {movement}."
PAGE = "Page of {pages} ({total} events)"
COUNTED = "Counted in this session: twitches {twitch}, cramps {cramp}, movements {movement}."
COMPARE_WITH = "Beside"
COMPARE_ALT = "Twitches in each minute since the start, of {one} and of {other}"
NO_OTHER = "There is only one session."
DIARY_OF = "Diary of {day}"
NO_DIARY = "Nothing was written on this day."
SAID = "Said"
FELT_TITLE = "Felt and detected"
NOTHING_PRESSED = "Nothing was marked as felt during this session."
DELETE = "Delete this session"
DELETE_ABOUT = (
    "The recording, its events and what you said about them. It can be undone until you leave this "
    "page; then it is gone for good."
)
DELETE_SURE = "Delete for good"
DELETED = "Deleted: {session}."
UNDO_DELETE = "Undo"
UNDO_LATE = "It is gone already: the page had been left."
