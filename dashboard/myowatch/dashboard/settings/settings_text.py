"""Texts of the Settings page."""

from typing import Any

from myowatch.recordings.wearer.preferences import Sound

TITLE = "Settings"
UNDO = "Undo"
RESET = "Back to the defaults"
REFUSED = "Not saved: {why}."
YOU = "About you"
YOU_ABOUT = (
    "For the report for your doctor, and for nothing else. It stays on this computer, and exports "
    "leave it out unless you ask for it."
)
WEARER = "Name"
BORN = "Year of birth"
BORN_HINT = "not given"
LIVE = "On the Live page"
NIGHT = "Night mode"
NIGHT_HELP = "Dark and dim, for a bedroom."
DETECTION = "What counts as a twitch or a cramp"
DETECTION_ABOUT = (
    "The article says brief and prolonged (sections 1, 11 and 18) without numbers. These numbers "
    "are ours, with their sources. A change applies from the next recording on. Every recording "
    "keeps its numbers, so sessions with different numbers are hard to compare. The confidence of "
    "events was measured with the defaults."
)
JUDGED = "When it has gone on for long, and when it has spread"
JUDGED_ABOUT = (
    "The article says several weeks without improvement, and spreading (section 4), again without "
    "numbers. The page When to seek help uses these, and shows them beside each result."
)
LABELS = {
    "mains_hz": "Mains frequency",
    "sound": "Sound on a twitch",
    "emg_twitch_max_s": "Electrodes: a twitch lasts at most",
    "emg_cramp_min_s": "Electrodes: a cramp lasts at least",
    "accelerometer_twitch_max_s": "Accelerometer: a twitch lasts at most",
    "accelerometer_cramp_min_s": "Accelerometer: a cramp lasts at least",
    "weeks": "Several weeks are",
    "days_a_week": "Worn in each week on at least",
    "minutes_a_day": "A day counts as worn from",
    "separate_days": "Spread: seen on at least",
    "spread_weeks": "Spread: sites are compared over",
    "answer_weeks": "A no to a question is valid for",
}
HELP = {"mains_hz": "The hum of mains current in the signal, which is filtered out."}
CHOICES: dict[str, dict[str, Any]] = {
    "mains_hz": {"automatic": None, "50 Hz": 50.0, "60 Hz": 60.0},
    "sound": {"none": Sound.NONE, "quiet": Sound.QUIET},
}
LIMITS = "{low:g} to {high:g} {unit}; {default:g} unless changed. {source}."
DATA = "Your data"
FOLDER = "Sessions: {sessions}. Size: {size}; {free} are free on that disk. Folder: {folder}"
REBUILD = "Rebuild the list of sessions"
REBUILD_ABOUT = (
    "The list is an index in a database. If it is damaged, or recordings were copied into the "
    "folder by hand, rebuild it from the recordings. Recordings and diary are not changed. After "
    "a year of nights this takes some minutes."
)
REBUILD_BUTTON = "Rebuild"
REBUILDING = "Reading every recording"
VERSIONS = "Versions"
ERASE = "Delete everything for good"
ERASE_ABOUT = (
    "Every recording, every count, the diary, the names of sensors and these settings are deleted "
    "from this computer. Copies that you made elsewhere are not. It can be undone until you leave "
    "this page."
)
ERASE_WORD = "delete everything"
ERASE_TYPE = "To be sure, type: {word}"
ERASE_BUTTON = "Delete everything"
ERASE_MISTYPED = "Nothing was deleted. To delete everything, type: {word}"
ERASED = "Everything will be deleted for good when you leave this page."
ERASE_UNDO = "Undo"
ERASE_NOW = "Delete it now"
