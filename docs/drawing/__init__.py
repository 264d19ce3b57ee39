"""The figures of docs/explanation/detection.md by name, in the order of the page."""

from drawing import figures_emg as emg
from drawing import figures_limb as limb
from drawing import figures_reasons as reasons
from drawing import figures_together as together

FIGURES = {
    "ten-minutes": together.ten_minutes,
    "filtering": emg.filtering,
    "thresholds": emg.thresholds,
    "noise-floor": emg.noise_floor,
    "one-movement": emg.one_movement,
    "heart-beats": reasons.heart_beats,
    "electrode-pop": reasons.pop,
    "cramp": reasons.cramp,
    "tap": limb.tap,
    "limb": limb.motion,
    "together": together.together,
}
