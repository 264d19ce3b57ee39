"""What the pages say about making the report for a doctor."""

TITLE = "Page for a doctor"
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
SINCE = "all since a day"
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
