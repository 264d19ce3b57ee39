"""Texts of the live trace and the zoomed trace, sent to the browser."""

from myowatch.dashboard.text.common_text import REASONS

UNSURE = "cramp or contraction"
WORDS = {
    "waiting": "Waiting for the first samples.",
    "live": "Session time {clock}",
    "paused": "Paused at {clock}. Recording goes on.",
    "ended": "Ended at {clock}",
    "stale": "No new samples for {seconds} s.",
    "unreachable": "The dashboard does not answer. Trying again. A running recording goes on.",
    "spoken": "{streams}, last {seconds} seconds: twitches {twitches}, movements {movements}, "
    "cramps {cramps}.",
    "window": "Show",
    "seconds": "{n} s",
    "scale": "Height",
    "automatic": "automatic",
    "pause": "Pause",
    "resume": "Go on",
    "time_axis": "Seconds before now (s)",
    "movement": "movement",
    "cramp": "cramp",
    "unsure": UNSURE,
}
NOT_SCORED = {
    key: f"not scored: {text}"
    for key, text in {
        **REASONS,
        "starting": "settling",
        "noisy": "too much noise",
        "saturated": "signal too large",
        "loose": "electrode loose",
    }.items()
}
LEGEND = {
    "twitch": "twitch",
    "movement": "movement",
    "cramp": "cramp",
    "provisional": "hollow: may still change",
    "rejected": "seen, not counted",
    "threshold": "threshold",
    "unscorable": "not scored",
}
PRESSED = "pressed by you"


ZOOM_WORDS = {
    "trace": "Recorded trace",
    "opening": "Opening the recording.",
    "reading": "Reading the night for the first time: {percent} %. "
    "A few minutes of it can be looked at meanwhile.",
    "unreachable": "The dashboard does not answer.",
    "counts": "twitches {twitches}, movements {movements}, cramps {cramps}",
    "show": "Show",
    "whole": "all of it",
    "scale": "Height",
    "automatic": "automatic",
    "also_rejected": "also stop at events that were not counted",
    "moving": "Move and zoom",
    "earlier": "Earlier",
    "later": "Later",
    "closer": "Closer",
    "farther": "Farther",
    "events": "Events",
    "previous": "Previous event",
    "next": "Next event",
    "no_more": "No more events in that direction.",
    "time_axis": "Time of day",
    "movement": "movement",
    "cramp": "cramp",
    "unsure": UNSURE,
    "hint": "Click the trace; then the wheel or two fingers zoom, dragging moves, and a click on a "
    "mark selects it. Keys: arrows, + and -, 0 for all of it, N and P for the next and previous "
    "event.",
}
SPANS = {
    "0.02": "20 ms",
    "0.1": "100 ms",
    "0.5": "500 ms",
    "5": "5 s",
    "60": "1 min",
    "600": "10 min",
    "3600": "1 h",
}
