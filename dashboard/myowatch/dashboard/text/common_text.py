"""Texts of every page, and escaping of untrusted text for Markdown."""

import re


def plain(text: str) -> str:
    r"""Return text with everything escaped that Markdown would interpret.

    Examples
    --------
    >>> plain("left *thigh*")
    'left \\*thigh\\*'
    """
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~:$&-])", r"\\\1", " ".join(text.split()))


NAME = "Myowatch"
LIVE = "Live"
SESSIONS = "Sessions"
SEEK_HELP = "When to seek help"
DIARY = "Diary"
LEARN = "Learn"
DEVICES = "Devices"
SETTINGS = "Settings"
SKIP = "Skip to the page"
PURPOSE = "Myowatch counts movements. It does not diagnose."
PRIVATE = "Everything stays on this computer."
KINDS = {"twitch": "Twitch", "cramp": "Cramp", "movement": "Movement", "artefact": "Not counted"}
REASONS = {
    "ecg": "heart beat",
    "electrode_pop": "electrode moved",
    "tap": "tap",
    "crosstalk": "from a neighbouring muscle",
    "movement": "part of a movement",
    "saturation": "signal too large",
    "flat": "no signal",
    "noise": "too much noise",
    "gap": "samples missing",
    "edge": "settling",
    "sampling_rate": "sampled too slowly or too fast",
}
UNITS = {"uV": "µV", "g": "g", "adc": "counts"}
CRAMP_OR_CONTRACTION = "Cramp or contraction"


def amplitude(value: float, unit: str) -> str:
    """Return an amplitude of two digits with its unit; of an accelerometer in mg.

    Examples
    --------
    >>> amplitude(35.21, "uV"), amplitude(0.00512, "g"), amplitude(123.4, "adc")
    ('35 µV', '5.1 mg', '120 counts')
    """
    if unit == "g":
        value, unit = 1000 * value, "mg"
    return f"{float(f'{value:.2g}'):g} {UNITS.get(unit, unit)}"
