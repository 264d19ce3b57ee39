"""Texts of the page When to seek help; `threshold_sentences` has those about findings."""

from myowatch.signal.escalation.evidence import Standing, Threshold
from myowatch.signal.escalation.weeks import WeekState

ABOUT = (
    "An article for patients names six reasons to see a professional. One of them is enough. Below "
    "is the state of each, from what you wore and answered. None of them names a cause."
)
CITED = "After {article}, section 4, in our own words."
MET = {
    1: "One of the six is met. The article advises to show this to a doctor.",
    2: "{n} of the six are met. The article advises to show this to a doctor.",
}
MET_MORE = (
    "This is not a diagnosis. An early visit is worth it whatever the cause. Take the evidence "
    "below with you."
)
NONE_MET = "None of the six is met, as far as known."
OPEN = {0: "", 1: " One is open.", 2: " {n} are open."}
NONE_MET_MORE = "This is not an all-clear. See a doctor whenever something worries you."
CHANGED = "What changed in the last seven days"
CHANGED_FROM = "{name}: {after}, a week ago {before}."
UNCHANGED = "All six are as they were on {day}."
NAMES = {
    Threshold.PERSISTENT: "Twitching for weeks without improvement",
    Threshold.WEAKNESS: "Weakness, or a muscle that becomes smaller",
    Threshold.PAIN_NUMBNESS: "Strong pain, numbness or tingling",
    Threshold.SPREAD: "Twitching that spreads to other parts of the body",
    Threshold.REFLEXES: "Changed reflexes or coordination",
    Threshold.FAMILY_HISTORY: "Disorders of the nervous system in the family",
}
STANDINGS = {
    Standing.MET: "Met",
    Standing.NOT_MET: "Not met",
    Standing.NOT_ENOUGH_DATA: "Not enough data",
    Standing.NOT_ANSWERED: "Not answered",
}
SHAPES = {
    Standing.MET: "■",
    Standing.NOT_MET: "□",
    Standing.NOT_ENOUGH_DATA: "◧",
    Standing.NOT_ANSWERED: "?",
}
"""Beside the word, so that what is met can be seen without colour."""
SIX = "The six reasons"
RULE = "The rule and its settings"
COURSE = "Week by week"
COURSE_ABOUT = (
    "The last week ends today, {day}. A hollow week was worn too little to tell much. A gap was "
    "not worn. The dashed line is the highest rate of false twitches."
)
NO_COURSE = (
    "The weekly rate of each site appears here after a sensor was worn. Three weeks with three "
    "nights each are enough for a judgement."
)
NOT_LATELY = "Nothing was worn in that time. Choose a longer time."
SITE = "Site"
SPAN = "How far back"
SPANS = {12: "12 weeks", 26: "half a year", 52: "a year"}
RATE_AXIS = "Twitches a minute"
HOURS_AXIS = "Hours"
WEEK_AXIS = "Week ending"
RATE_TITLE = "Twitches a minute, with 95 % intervals"
HOURS_TITLE = "Hours scored"
WORN_ENOUGH = "worn enough"
WORN_LITTLE = "too little worn"
RATE_ALT = (
    "Twitches a minute on {site} in {worn} of {weeks} weeks worn: {first} in the first, {last} in "
    "the last of them. The table below has all of them."
)
HOURS_ALT = "Hours scored on {site} in each of {weeks} weeks: {hours:.0f} in all."
AS_TABLE = "As a table"
COLUMNS = {
    "week": "Week ending",
    "days": "Days worn",
    "hours": "Hours scored",
    "twitches": "Twitches",
    "rate": "A minute",
    "interval": "95 % interval",
    "above": "Days that stand out",
    "state": "This week",
}
STATES = {
    WeekState.LITTLE_WORN: "too little worn",
    WeekState.TWITCHING: "twitching",
    WeekState.OPEN: "cannot be told",
    WeekState.QUIET: "no more than false twitches",
}
PLAYED = "Show simulated and replayed sessions as if they had been worn"
PLAYED_HELP = "To look around. Sessions of a simulated wearer do not count."
PLAYED_NOTE = "These are simulated or replayed sessions, not yours. They do not count."
ARTICLE_SAYS = "What the article says →"
CHANGE_SETTINGS = "Change the settings →"
ASK_DIARY = "Answer in the diary →"
