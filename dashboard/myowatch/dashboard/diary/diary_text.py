"""Texts of the Diary page, and of the command line's diary."""

PRESSES = (
    "“I felt it” was pressed {of} times in scored time; {count} presses came within {reaction:g} s "
    "after a detected twitch."
)
TWITCHES = "Of {of} detected twitches {count} were felt."
SHARE = " That is {share} (95 % interval {low} to {high}); by chance it would be {chance}."
VERDICTS = {
    "too few": " Too few to tell from chance.",
    "beyond chance": " More than chance.",
    "like chance": " Chance alone could do the same.",
    "below chance": " Fewer than by chance.",
}
UNSCORED = "{count} more were pressed while the signal could not be scored; they say nothing."
NONE = "“I felt it” was not pressed."


TITLE = "Diary"
INTRO = (
    "What only you know. A minute a day is enough. Leave empty what you do not want to answer: "
    "empty does not mean no."
)

QUESTIONS_TITLE = "Six questions"
QUESTIONS_INTRO = (
    "The article says to see a professional for each of them (section 4). A yes is not a "
    "diagnosis. A no is a useful answer too."
)
DAY_TITLE = "The day"
DAY_INTRO = "What the article relates to twitching (sections 2, 3, 5, 7 and 9)."
MEASURED_TITLE = "Measurements (optional)"
MEASURED_INTRO = (
    "A tape and a chair show a change in strength or size before it can be felt. Measure at the "
    "same height and time of day; once a month is enough."
)

QUESTIONS = {
    "persistent": (
        "Has the twitching gone on for weeks without getting better?",
        "Section 4: twitching of several weeks without improvement is worth showing to a doctor. "
        "The sensor follows the rate; you know how it is when you do not wear it.",
    ),
    "weakness": (
        "Is a muscle weaker or thinner than it was?",
        "Section 4: twitching together with weakness or loss of muscle. For example, stairs, a jar "
        "or standing on your toes became harder on one side.",
    ),
    "pain_numbness": (
        "Is there marked pain, numbness or tingling?",
        "Section 4: twitching together with marked pain, numbness or tingling. A nerve that is "
        "pressed somewhere is one explanation of several.",
    ),
    "spread": (
        "Does it twitch in places where it did not before?",
        "Section 4: twitching that spreads to other parts of the body. Name the new places; a "
        "sensor sees only the muscle it sits on.",
    ),
    "reflexes": (
        "Have your coordination or reflexes changed?",
        "Section 4: altered reflexes or coordination. For example, you stumble, drop things, or "
        "your handwriting changed.",
    ),
    "family_history": (
        "Has anybody in your family had a disease of the nerves or the brain?",
        "Section 4: neurological disorders in the family. Asked once; change it whenever you learn "
        "more. It tells a doctor where to look, and nothing about you by itself.",
    ),
}
"""Question, and why it is asked."""

LABELS = {
    "persistent": "Weeks without getting better",
    "persistent_since": "Since",
    "weakness": "Weaker or thinner muscle",
    "weakness_where": "Where",
    "weakness_severity": "How much (0 none, 10 worst)",
    "weakness_since": "Since",
    "pain_numbness": "Pain, numbness or tingling",
    "pain_numbness_where": "Where",
    "pain_numbness_severity": "How much (0 none, 10 worst)",
    "pain_numbness_since": "Since",
    "spread": "Twitching in new places",
    "spread_where": "Where",
    "spread_since": "Since",
    "reflexes": "Coordination or reflexes changed",
    "reflexes_where": "Where",
    "reflexes_severity": "How much (0 none, 10 worst)",
    "reflexes_since": "Since",
    "family_history": "Disease of nerves or brain in the family",
    "family_history_who": "Who, and what it was",
    "caffeine_drinks": "Drinks with caffeine",
    "alcohol_drinks": "Alcoholic drinks",
    "sleep_h": "Hours slept last night",
    "sleep_quality": "Sleep (0 worst, 10 best)",
    "stress": "Stress (0 none, 10 worst)",
    "exercise_min": "Minutes of exercise",
    "exercise_effort": "Effort (0 rest, 10 hardest)",
    "fluids_l": "Litres drunk, alcohol apart",
    "medicines": "Medicines and supplements taken",
    "medicines_changed": "Anything new, stopped or of another dose?",
    "cramps": "Cramps felt",
    "cramps_where": "Where the cramps were",
    "thigh_left_cm": "Left thigh, around (cm)",
    "thigh_right_cm": "Right thigh, around (cm)",
    "chair_stands": "Rises from a chair in 30 seconds",
    "note": "Anything else",
}
DETAILS = {
    name: tuple(detail for detail in LABELS if detail.startswith(f"{name}_"))
    for name in (*QUESTIONS, "cramps")
} | {"exercise_min": ("exercise_effort",)}
"""What is asked beside a yes, or a number above none."""

DAY_GROUPS = {
    "Drinks": ("caffeine_drinks", "alcohol_drinks", "fluids_l"),
    "Sleep and stress": ("sleep_h", "sleep_quality", "stress"),
    "Exercise": ("exercise_min",),
    "Cramps": ("cramps",),
    "Medicines": ("medicines", "medicines_changed"),
    "Note": ("note",),
}
MEASURED = ("thigh_left_cm", "thigh_right_cm", "chair_stands")
PLACES_HINT = "for example: left calf; right hand"

SITES = (
    "left thigh",
    "right thigh",
    "left calf",
    "right calf",
    "left foot",
    "right foot",
    "left arm",
    "right arm",
    "left hand",
    "right hand",
    "back",
    "face",
)
FORM = {
    "yes": "Yes",
    "no": "No",
    "clear": "Clear",
    "why": "Why this is asked",
    "other": "other places",
    "other_hint": "elsewhere",
    "saving": "Saving",
    "saved": "Saved {time}",
    "nothing": "Nothing written for this day yet. Whatever you change is saved at once.",
    "refused": "Something was not saved: see the note beside it.",
    "unsaved": "Not saved yet. It is kept in this browser and saved as soon as that is possible.",
}
"""What the form itself says."""

TOO_MUCH = "That is more than a diary takes at once."
NOT_UNDERSTOOD = "That was not understood."
OTHER_FOLDER = "This page belongs to another data folder. Load it again."

DAY = "Day"
PREVIOUS_DAY = "Previous day"
NEXT_DAY = "Next day"
TODAY = "Today"
LONG_DAY = "{weekday}, {day} {year}"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SAME_AS = "Answer the six questions as on {day}"
UNDO = "Undo"
REDO = "Redo"
LAST_CHANGE = "Last change: {what}, {time}"
STEP = "{field}, {day}"
STEP_MANY = "{count} answers"
IMPORTED = "an import of {what}"
ONCE = "said once"

COUNTED = "Counted on {day}"
SESSION = "{time}, {site}: twitches {twitches}, cramps {cramps}, scored time {scorable}"
NO_SITE = "no site named"
MONTH_TITLE = "The month"
MONTH_LEGEND = (
    "● something was written. The number is twitches an hour of scored time, where a sensor was "
    "worn; it is a count, not a verdict."
)
MONTH_ANSWERS = "{count} answers"
MONTH_OPEN = "nothing written"
MONTH_RATE = "{rate:.0f}/h"
WORN = "{site}: {rate:.0f} twitches an hour"
WORN_SHORTLY = "{site}: worn under two minutes"
BESIDE_TITLE = "Counts and answers of this month, side by side"
BESIDE_NOTE = (
    "Side by side, no more: days differ in many things at once, and so few of them cannot say what "
    "causes what. Hours slept are those of the night before."
)
BESIDE_ALT = "Counts and answers of {days} days, a row a day, the latest first"
BESIDE_RATE = "Twitches an hour, {site}"
BESIDE_WORN = "Scored (h)"
BESIDE_YES = "Answered yes"
BESIDE = {
    "caffeine_drinks": "Caffeine",
    "alcohol_drinks": "Alcohol",
    "fluids_l": "Drunk (l)",
    "sleep_h": "Slept (h)",
    "sleep_quality": "Sleep (0-10)",
    "stress": "Stress (0-10)",
    "exercise_min": "Exercise (min)",
    "cramps": "Cramps felt",
    "medicines_changed": "Medicines changed",
}
ELSEWHERE = "Take it elsewhere"
TAKE_CSV = "Download as CSV"
TAKE_JSON = "Download as JSON"
IMPORT_TITLE = "Take in a diary from a file"
IMPORT = "A diary as CSV or JSON. Nothing is changed before you say so."
IMPORT_FOUND = "Answers to add: {added}; to change: {changed}; there already: {left}."
IMPORT_CHANGED = "{day}, {field}: {before} becomes {after}"
IMPORT_BAD = "Not readable, and left out: {count}"
IMPORT_TAKE = "Take it in"
IMPORT_REST = "Take in the rest"
IMPORT_TAKEN = "Answers added: {added}; changed: {changed}. Undo takes all of it back."
MORE = "and {count} more"
