"""Texts of the page When to seek help; `threshold_sentences` has those about findings."""

from myowatch.signal.escalation.evidence import Standing, Threshold
from myowatch.signal.escalation.weeks import WeekState

ABOUT = (
    "An article for patients names six reasons to see a professional; any one is enough. Here is "
    "where each stands by what was worn and answered. None of them says what the cause is."
)
CITED = "After {article}, section 4, in our own words."
MET = {
    1: "One of the six is met. The article advises to show this to a doctor.",
    2: "{n} of the six are met. The article advises to show this to a doctor.",
}
MET_MORE = (
    "It is no diagnosis. Having it looked at early is worth while whatever the cause: bring the "
    "evidence below with you."
)
NONE_MET = "None of the six is met by what is known so far."
OPEN = {0: "", 1: " One is open.", 2: " {n} are open."}
NONE_MET_MORE = "That is no all-clear. See a doctor whenever something worries you."
CHANGED = "What changed in the last seven days"
CHANGED_FROM = "{name}: {after}, a week ago {before}."
UNCHANGED = "All six stand where they stood on {day}."
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
"""Beside the word, so that the eye finds what is met without any colour."""
SIX = "The six reasons"
RULE = "The rule and its settings"
COURSE = "Week by week"
COURSE_ABOUT = (
    "Weeks end today, on {day}. A week without enough wear is hollow: it says little, and a gap "
    "says nothing. The dashed line is the most that the detector reports by mistake."
)
NO_COURSE = (
    "The weekly rate of each site appears here once a sensor was worn. Three weeks with three "
    "nights each are enough to judge by."
)
NOT_LATELY = "Nothing was worn in that time; look further back."
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
    WeekState.QUIET: "no more than by mistake",
}
PLAYED = "Show simulated and replayed sessions as if they had been worn"
PLAYED_HELP = "To look around. Sessions of a simulated wearer do not count."
PLAYED_NOTE = "These are simulated or replayed sessions, not yours. They say nothing about you."
ARTICLE_SAYS = "What the article says →"
CHANGE_SETTINGS = "Change the settings →"
ASK_DIARY = "Answer in the diary →"
