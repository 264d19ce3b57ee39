"""Texts of the report for a doctor, and of the panel that requests it."""

from myowatch.dashboard.seek_help.seek_help_text import SHAPES

PANEL_TITLE = "Page for a doctor"
ABOUT = (
    "One or two pages to hand over: what was counted and how sure it is, the six reasons with what "
    "they rest on, a typical twitch, the diary, methods and limits. It is made on this computer "
    "and goes nowhere."
)
NOTHING = "Nothing has been recorded yet that a page could be made of."
OF = "Of"
THIS_SESSION = "this session"
WEEKS = {4: "the last 4 weeks", 12: "the last 12 weeks"}
ALL = "everything"
PANEL_SINCE = "all since a day"
FIRST_DAY = "First day"
FORM = "File"
FORMS = {"pdf": "PDF", "html": "HTML, for the browser"}
PAPER = "Paper"
PAPERS = {"a4": "A4", "us-letter": "US Letter"}
WITH_NAME = "Print my name: {name}"
WITH_YEAR = "{name}, born {year}"
NO_NAME = "Print my name (write it under Settings first)"
WITH_NOTES = "Print my notes from the diary"
MAKE = "Make and download"
NOT_THEN = "Nothing was recorded since {day}."
FILE_NAME = "muscle-twitches-{day}.{form}"


LANGUAGE = "en"
TITLE = "Muscle twitches, as counted by a worn sensor"
NAMED = "{name}"
BORN = "{name}, born {year}"
NAME_BLANK = "Name: ______________________________"
PERIOD = "{first} to {last}"
SESSION = "One session, {first}, {length}"
SESSION_RUNNING = "One session, {first}, {length} so far: it is still being recorded"
PLAYED = (
    "Not of a person: what was recorded here was simulated or replayed, to show what a report "
    "looks like."
)
FOOTER = "Myowatch counts movements. It does not diagnose. The wearer made this page at home."
PAGE = "Page {number} of {of}"

BRIEF_TITLE = "In short"
BRIEF = "{standing}:"
BRIEF_INTRO = "Six reasons to see a professional about twitching, as they stand on {day}:"
BRIEF_NONE_MET = "none"
BRIEF_BY = {"sensor": "sensor", "answer": "answer"}
BRIEF_SOURCE = "{name} ({by})"
JOIN = "; "
SITE_LABEL = "{site}:"
RATE_LINE = "{rate} twitches a minute (95 % interval {interval}){change}{cramps}."
RATE_LINE_FEW = "{twitches} twitches in {scored}; no rate before two scored minutes{cramps}."
RATE_LINE_NONE = "this sensor shows cramps and movements, no twitches{cramps}."
CRAMPS_LINE = ("; {count} cramp, {longest}", "; {count} cramps, the longest {longest}")
CHANGES = {
    "fell": ", falling by {change} % a week",
    "rose": ", rising by {change} % a week",
    "steady": ", neither clearly falling nor rising",
}
NOTHING_COUNTED = "Nothing was recorded that could be counted."
COUNTED = "Counted:"
MORE_SITES = ("{count} more site is in the table.", "{count} more sites are in the table.")

SITES_TITLE = "What was counted"
SITE_HEADINGS = (
    "Where and how",
    "Worn",
    "Scored",
    "Twitches",
    "Per minute",
    "Exact 95 %",
    "Wide 95 %",
    "Change a week (95 %)",
)
SENSORS = {"emg": "surface EMG", "accelerometer": "accelerometer", "envelope": "EMG envelope"}
SITE = "{site}, {sensor}"
NO_SITE = "site not named"
WORN = "{worn}, {days}"
WORN_SESSION = "{worn}"
DAYS = ("{count} day", "{count} days")
INTERVAL = "{low} to {high}"
CHANGE = "{change} % ({low} to {high})"
CHANGE_ANY_RISE = "any rise"
CHANGE_ANY_FALL = "any fall"
ABSENT = "\N{EN DASH}"
SITES_NOTE = (
    "Rates are twitches per scored minute, which leaves out noise, loose electrodes and gaps. "
    "Exact: Poisson (Garwood 1936)."
)
DETECTABLE = "Twitches that would have been seen, peak to peak: {sites}."
DETECTABLE_AT = "{site} above {peak}"
WIDE_NOTE = "Wide: allows for {between} that differ by more than chance; the one to go by."
BETWEEN_DAYS = "days"
BETWEEN_MINUTES = "minutes"
TREND_NOTE = "Change: median of the slopes, days against days and nights against nights."
TREND_LATER = "A change per week needs at least two weeks."
NEVER_ABOVE = "{people} never had more than {figure:g} a minute in the {muscle} at rest ({source})."
AT_TIMES_ABOVE = (
    "{people} had more than {figure:g} a minute in the {muscle} now and then, at rest ({source})."
)
NO_FIGURE = "{people} twitch in the {muscle} at rest too, in quickly changing number ({source})."
REFERENCE_LABEL = "Healthy muscle."
REFERENCE = "{sites}: {said} This is no limit."

COURSE_CAPTION = "{site} {by}, with 95 % intervals{hollow}"
BY_WEEK = "by the week"
BY_DAY = "by the day"
BY_MINUTES = ("minute by minute", "in steps of {count} minutes")
HOLLOW = " (hollow: too little worn)"
COURSE_ALT = "{site}, twitches a minute over time, {by}: from {least} to {most}."
COURSE_X_WEEK = "Week beginning (day.month.)"
COURSE_X_DAY = "Day (day.month.)"
COURSE_X_MINUTES = "Time of day"
COURSE_Y = "Twitches / min"

LASTING_TITLE = "Cramps and limb movements"
LASTING_HEADINGS = (
    "Where",
    "Cramps detected",
    "Median / longest",
    "Movements",
    "Periodic, AASM",
    "Periodic, WASM 2016",
)
PERIODIC = "{movements} in {series} series"
PERIODIC_INDEX = "{movements} in {series} series; {per_hour} an hour"
NO_SERIES = "no series"
LASTING_NONE = "No cramp and no limb movement was detected."
LASTING_NONE_AT = "None at: {sites}."
UNSURE = (
    "{count} of them may be a cramp or a contraction: the wearer has not said.",
    "{count} of them may each be a cramp or a contraction: the wearer has not said.",
)
LASTING_NOTE = (
    "One channel cannot always tell a cramp from a muscle that is held tense. The rules of "
    "periodic limb movements are made for sleep and the front of the lower leg; here they are "
    "applied to whatever was worn, awake or asleep, per scored hour."
)

TWITCH_TITLE = "A typical twitch"
TWITCH_CAPTION = (
    "{site}, {day}, {time}: {length} ms as detected (bar), peak {peak} {unit}. Of the {count} "
    "clearest, the one most like the others."
)
TWITCH_ONE = "{site}, {day}, {time}: {length} ms as detected (bar), peak {peak} {unit}."
TWITCH_ALT = "A twitch of {length} ms and {peak} {unit} over time, as the detector hears it."
TWITCH_X = "Time from its onset (ms)"
TWITCH_Y = {"emg": "EMG ({unit})", "accelerometer": "Acceleration ({unit})"}
TWITCH_NONE = "No waveform: no twitch was counted, or its recording is no longer here."

THRESHOLDS_TITLE = "The six reasons to see a professional"
THRESHOLD_HEADINGS = ("Reason", "Stands at", "What it rests on")
THRESHOLDS = {
    "persistent": "Several weeks without improvement",
    "weakness": "Weakness or loss of muscle",
    "pain_numbness": "Marked pain, numbness or tingling",
    "spread": "Spread to other parts of the body",
    "reflexes": "Changed reflexes or coordination",
    "family_history": "Neurological disorder in the family",
}
STANDINGS = {standing.value: f"{shape} {standing.value}" for standing, shape in SHAPES.items()}
"""With the shapes of the page When to seek help."""
ANSWER_YES = "Wearer: yes, on {day}{details}."
ANSWER_NO = "Wearer: no, on {day}."
NOT_ASKED = "The wearer has not answered."
MORE_PLACES = ("{count} more place is in the table.", "{count} more places are in the table.")
IN_THE_FAMILY = "In the wearer's words: {words}"
SINCE = "since {day}"
SEVERITY = "severity {severity} of 10"
DETAILS = " ({details})"
RULES_LABEL = "The six reasons."
RULES = (
    "Those of an article for patients ({article}, section 4); the numbers are Myowatch's own. "
    "{persistent} {spread} The other four rest on the wearer's answers alone, which count until "
    "taken back (yes) or for {answer_weeks} weeks (no)."
)
RULE_PERSISTENT = (
    "Weeks without improvement: each of the last {weeks} weeks worn on {days_a_week} days or more "
    "({minutes_a_day:g} scored minutes each), twitching stands out on {separate_days} of them or "
    "more, and a rank test finds no fall ({level:g} %, one-sided)."
)
RULE_SPREAD = (
    "Spread: it stands out at two sites on {separate_days} separate days each within "
    "{spread_weeks} weeks. A day stands out when it has more twitches than {emg:g} (EMG) or "
    "{accelerometer:g} (accelerometer) an hour, the most that detection made by mistake in "
    "simulations (Poisson test, {day_level:g} %). A yes of the wearer is enough by itself."
)

DIARY_TITLE = "Diary"
DIARY_NONE = "Nothing was written in the diary for these days."
DIARY_HEADINGS = ("What", "Median", "Least to most", "Days")
DIARY = {
    "caffeine_drinks": "Drinks with caffeine",
    "alcohol_drinks": "Alcoholic drinks",
    "fluids_l": "Litres drunk, alcohol apart",
    "sleep_h": "Hours slept",
    "sleep_quality": "Sleep (0 worst, 10 best)",
    "stress": "Stress (0 none, 10 worst)",
    "exercise_min": "Minutes of exercise",
    "exercise_effort": "Effort (0 rest, 10 hardest)",
}
DIARY_CRAMPS = "Cramps felt:"
DIARY_FELT = "Twitches marked as felt while recording:"
DIARY_LATEST = {
    "medicines": "Medicines and supplements:",
    "thigh_left_cm": "Left thigh, around:",
    "thigh_right_cm": "Right thigh, around:",
    "chair_stands": "Rises from a chair in 30 s:",
}
DIARY_UNITS = {"thigh_left_cm": " cm", "thigh_right_cm": " cm"}
DIARY_ONE = "{value}{unit} ({day})"
DIARY_TWO = "{before}{unit} ({first}), {value}{unit} ({day})"
DIARY_CHANGED = "Medicines new, stopped or of another dose:"
DIARY_NOTES = "Notes of the wearer:"
DIARY_NOTE = "{day}: {note}"
CUT = "{words} \N{HORIZONTAL ELLIPSIS}"

METHODS_TITLE = "How it was measured, and what it cannot say"
METHODS = "Method."
METHODS_EMG = (
    "Surface EMG: {low:g} to {high:g} Hz (at most 0.45 of the sampling rate), causal; mains hum "
    "{mains}; bursts that rise {deviate:g} standard deviations above the noise. Up to "
    "{twitch:g} s is a twitch, from {cramp:g} s a swelling one a cramp, the rest a movement. "
    "Potentials within {doublet:g} s are one twitch."
)
METHODS_ACCELEROMETER = (
    "Accelerometer: {low:g} to {high:g} Hz of what moves along one line; up to {twitch:g} s is a "
    "twitch, from {cramp:g} s without the limb moving a cramp."
)
METHODS_ENVELOPE = "Envelope of EMG: cramps and movements alone."
MAINS_FOUND = "found and subtracted"
MAINS_SET = "of {hz:g} Hz subtracted"
METHODS_UNKNOWN = "The settings of the detection are not known."
METHODS_CHANGED = "Settings changed within the period; the latest are given."
REJECTED = (
    "Heart beats, moving electrodes, taps, crosstalk and limb movement are rejected, each with a "
    "reason that can be looked at."
)
FALSE_ALARMS = "False alarms."
FALSE_ALARMS_MEASURED = (
    "On simulated scenes of 30 minutes, twitches reported by mistake an hour: EMG {emg_clean:g}, "
    "{emg_medium:g} and {emg_hard:g} (clean, ordinary, bad signal), accelerometer {acc_clean:g}, "
    "{acc_medium:g} and {acc_hard:g}. Not yet measured on patients."
)
FALSE_ALARMS_AN_HOUR = {
    "emg_clean": 8.0,
    "emg_medium": 40.0,
    "emg_hard": 66.5,
    "acc_clean": 0.0,
    "acc_medium": 3.0,
    "acc_hard": 16.0,
}
"""Of docs/reference/accuracy.md; a test holds them to it."""
LIMITS = "Limits."
LIMITS_SAID = (
    "A skin sensor sees the muscle under it and nothing else; deep or small twitches are missed. "
    "Rates change from hour to hour, and healthy muscle twitches too, most of all in the feet: a "
    "count alone means little. Who wore the sensor, and where, is as the wearer says."
)
LEFT_OUT = (
    "{count} session that was simulated or replayed is left out.",
    "{count} sessions that were simulated or replayed are left out.",
)
RELABELLED = (
    "The wearer looked at {count} single event and said what it was; counts go by that.",
    "The wearer looked at {count} single events and said what they were; counts go by that.",
)
IS_NOT = "What this is not."
IS_NOT_SAID = (
    "Neither a diagnosis nor a medical device, and no ground for ruling anything out. It shows "
    "what was counted and said, to be weighed with an examination."
)
SOFTWARE = "Myowatch {version}, {sessions}, made on {made}."
SESSIONS = ("{count} session", "{count} sessions")
SESSION_ID = "session {id}"

HOURS_ALONE = "{hours} h"
HOURS = "{hours} h {minutes} min"
MINUTES = "{minutes} min"
SECONDS = "{seconds} s"
MINUTES_SECONDS = "{minutes} min {seconds} s"
