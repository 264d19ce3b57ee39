"""What the live trace says; the browser is handed all of it."""

from myowatch.dashboard.text.common_text import REASONS

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
    "rejected": "seen, not counted",
    "threshold": "threshold",
    "unscorable": "not scored",
}
PRESSED = "pressed by you"
