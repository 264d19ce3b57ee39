"""Heart beats, as an electrode far from the heart sees them: mostly the QRS complex."""

from collections.abc import Iterator

import numpy as np

from myowatch.acquisition.simulator.chance import Range, chance, log_uniform
from myowatch.signal.samples import Samples

LASTING_S = 0.6
R_AT_S = 0.1
EARLY = 0.62
"""An ectopic beat comes after this share of an interval, and a full pause follows it."""

_BROAD = np.array([2.2, 2.2, 2.2, 1.0])
"""Its Q, R and S waves are so much broader; the T wave is as long as ever."""


def beats(ectopic: float, rng: np.random.Generator) -> Iterator[tuple[float, bool]]:
    """Give beats without end, each with its onset in seconds and whether it is ectopic.

    The rate follows the breath, slower waves and chance; Task Force 1996 (Eur Heart J 17:354)
    finds the variability around 0.1 Hz and at the breath.
    """
    mean_s, breath_hz = rng.uniform(0.75, 1.05), rng.uniform(0.2, 0.3)
    at, early = 0.3, False
    while True:
        yield at, early
        breath, slow = np.sin(2 * np.pi * breath_hz * at), np.sin(2 * np.pi * 0.1 * at)
        interval_s = mean_s * (1 + 0.05 * breath + 0.03 * slow + 0.015 * rng.standard_normal())
        pause = 2.0 - EARLY if early else 1.0
        early = not early and rng.random() < ectopic
        at += float(interval_s * (EARLY if early else pause))


class Heart:
    """How one electrode sees the heart; the same beat looks different at each."""

    def __init__(self, height_uv: Range, seed: int, channel: int) -> None:
        rng = chance(seed, "heart", channel)
        self._height_uv = log_uniform(rng, height_uv) if height_uv[0] > 0 else 0.0
        self._sign = float(rng.choice([-1.0, 1.0]))
        narrow = rng.uniform(0.7, 1.0)
        self._centre_s = np.array([-0.018 * narrow, 0.0, 0.019 * narrow, 0.25])
        self._width_s = np.array([0.007 * narrow, 0.008 * narrow, 0.009 * narrow, 0.045])
        self._height = np.array([-0.15, 1.0, -rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.25)])

    def potential(self, time_s: Samples, gain: float, *, ectopic: bool) -> Samples:
        """Give one beat in uV; `time_s` counts from its onset, shape is kept.

        The QRS complex of an ectopic beat is twice as broad, the other way up, and its T wave
        against it.
        """
        broad, turned = (_BROAD, -1.2) if ectopic else (1.0, 1.0)
        away = time_s[:, np.newaxis] - R_AT_S - self._centre_s * broad
        shape = np.exp(-0.5 * (away / (self._width_s * broad)) ** 2) @ self._height
        return np.asarray(self._sign * turned * gain * self._height_uv * shape)
