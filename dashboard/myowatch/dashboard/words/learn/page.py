"""What the Learn page says. All facts are the article's, in our own words; the rest says whose."""

from myowatch.dashboard.words.learn.care import CARE
from myowatch.dashboard.words.learn.causes import CAUSES
from myowatch.dashboard.words.learn.medicine import MEDICINE
from myowatch.dashboard.words.learn.signs import SIGNS

TITLE = "Learn"
ABOUT = (
    "What muscle twitching may come from, what helps, and when to show it to somebody who can "
    "examine you. Told in our own words from one article for patients: {article}. It cannot say "
    "which of this is true of you."
)
SEARCH = "Look for a word"
SEARCH_HINT = "for example coffee, tingling or magnesium"
NOTHING = "Nothing here has these words. Try a shorter one, or another word for it."
FOUND = "{n} sections have it."
ONE_FOUND = "One section has it."
CITED = "From: {article}, {sections}."
SECTION = "section {number}"
MANY_SECTIONS = "sections {most} and {last}"

SECTIONS = (*SIGNS, *CAUSES, *CARE, *MEDICINE)
