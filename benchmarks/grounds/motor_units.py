"""Potentials of real motor units, as electrodes at many places see them.

The recording is of vastus lateralis with a grid of 13 x 5 electrodes, 8 mm apart, at 2048 Hz, and
comes with the firing times of five motor units. The potential of a unit under an electrode is its
mean over all firings (spike-triggered average). Potentials of the other units overlap it, so the
averages of all five units are solved for together by least squares: the sum of all of them, each
at its own firing times, is the best fit to the recording. That takes the overlaps out exactly.

Potentials are then seen as a pair of electrodes sees them: monopolar, the difference of two
electrodes of a column (single differential) at 8 to 32 mm, and the second difference of three
(double differential) at 8 and 16 mm. The line between both ends is taken off, and the ends are
tapered to zero. One is kept if it stands well above the RMS at its ends, which is the error of the
average.

Units 0, 2 and 3 are for tuning and units 1 and 4 for tests, so no test sees a unit tuned on.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from array_cache import ArrayCache, Arrays, source_of
from scipy.io import loadmat
from scipy.signal import butter, sosfiltfilt

from grounds.packages import OPENHDEMG, opened
from myowatch.signal.model.samples import Samples

Split = Literal["tuning", "test"]
Indices = npt.NDArray[np.intp]
SOURCE = source_of(Path(__file__).parent, "motor_units.py")
SPLITS: tuple[Split, ...] = ("tuning", "test")
UNITS = {"tuning": (0, 2, 3), "test": (1, 4)}
PATH = "openhdemg/library/decomposed_test_files/otb_testfile.mat"
ELECTRODES = 64
RATE = 2048.0
COLUMNS = ((0, 12), (12, 25), (25, 38), (38, 51), (51, 64))
"""First and end channel of each column of the grid; its corner has no electrode."""

HALF_S = 0.04
"""Potentials are averaged from this long before a firing to as long after it."""
KEPT_S = 0.024
"""Of that, what is kept on either side of the largest magnitude."""
TAPER_S = 0.006
ABOVE_ERROR = 18.0
"""Least peak to peak over the RMS at the ends of the average."""
LOWEST_HZ = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The potential of a motor unit under a pair of electrodes.

    Parameters
    ----------
    unit
        0 to 4.
    electrodes
        Number of the derivation, for instance `single 16 mm, 3-5`.
    samples
        Shape (n,), at `RATE`, peak to peak 1; zero at both ends.
    """

    unit: int
    electrodes: str
    samples: Samples

    def at(self, seconds: Samples, cutoff_hz: float) -> Samples:
        """Return the potential at any times, by its Fourier series.

        Parameters
        ----------
        seconds
            From its first sample. It is zero outside its samples.
        cutoff_hz
            Frequencies above it are left out: half the sampling rate of `seconds` or less.
            The last tenth below it fades, so that a sharp potential does not ring.
        """
        padded = 1 << (3 * len(self.samples) - 1).bit_length()
        spectrum = np.fft.rfft(self.samples, padded) / padded
        hertz = np.fft.rfftfreq(padded, 1 / RATE)
        weight = np.clip((cutoff_hz - hertz) / (0.1 * cutoff_hz), 0, 1)
        used = weight > 0
        terms = 2 * (spectrum * weight)[used]
        terms[0] /= 2
        series: Samples = (np.exp(2j * np.pi * np.outer(seconds, hertz[used])) @ terms).real
        return series

    @property
    def seconds(self) -> float:
        """Duration."""
        return len(self.samples) / RATE


@cache
def shapes(split: Split) -> tuple[Shape, ...]:
    """Return all shapes of the units that are for tuning or for tests."""
    kept = ArrayCache().get(f"motor units {SOURCE}", _all_shapes)
    rows = zip(kept["unit"], kept["electrodes"], kept["samples"], strict=True)
    every = (Shape(int(unit), str(electrodes), samples) for unit, electrodes, samples in rows)
    return tuple(shape for shape in every if shape.unit in UNITS[split])


@cache
def recording() -> tuple[Samples, list[Indices]]:
    """Return all channels in microvolts, shape (n, 64), and the firings of units as samples."""
    content = loadmat(opened(OPENHDEMG, PATH))  # type: ignore[arg-type]
    data, names = content["Data"][0, 0], content["Description"].ravel()
    firings = [
        np.flatnonzero(data[:, column])
        for column, name in enumerate(names)
        if "ecomposition of" in str(name[0]) and "Source" not in str(name[0])
    ]
    return np.asarray(data[:, :ELECTRODES], np.float64), firings


def _all_shapes() -> Arrays:
    channels, firings = recording()
    high = butter(2, LOWEST_HZ, "highpass", fs=RATE, output="sos")
    means = _averages(sosfiltfilt(high, channels, axis=0), firings)
    found = []
    for unit, mean in enumerate(means):
        for name, seen in _derivations(mean):
            if (cleaned := _cleaned(seen)) is not None:
                found.append((unit, name, cleaned))
    units, names, samples = zip(*found, strict=True)
    return {
        "unit": np.array(units),
        "electrodes": np.array(names),
        "samples": np.array(samples),
    }


def _averages(channels: Samples, firings: list[Indices]) -> Samples:
    """Solve for the averages of all units, shape (units, lags, channels)."""
    half = round(HALF_S * RATE)
    lags = np.arange(-half, half + 1)
    design = np.zeros((len(channels), len(firings) * len(lags)), np.float32)
    for unit, times in enumerate(firings):
        for column, lag in enumerate(lags):
            moved = times + lag
            moved = moved[(moved >= 0) & (moved < len(channels))]
            design[moved, unit * len(lags) + column] = 1
    gram = (design.T @ design).astype(np.float64)
    seen = (design.T @ channels.astype(np.float32)).astype(np.float64)
    # A ridge of one firing steadies lags that two units share by chance.
    solved = np.asarray(np.linalg.solve(gram + np.eye(len(gram)), seen), np.float64)
    return solved.reshape(len(firings), len(lags), -1)


def _derivations(mean: Samples) -> list[tuple[str, Samples]]:
    """Return what pairs of electrodes see of one unit, by name."""
    found = [(f"monopolar {e}", mean[:, e]) for e in range(ELECTRODES)]
    for first, end in COLUMNS:
        for step in (1, 2, 3, 4):
            for e in range(first, end - step):
                name = f"single {8 * step} mm, {e}-{e + step}"
                found.append((name, mean[:, e] - mean[:, e + step]))
        for step in (1, 2):
            for e in range(first, end - 2 * step):
                seen = mean[:, e] - 2 * mean[:, e + step] + mean[:, e + 2 * step]
                found.append((f"double {8 * step} mm, {e}-{e + 2 * step}", seen))
    return found


def _cleaned(seen: Samples) -> Samples | None:
    """Cut a potential around its largest magnitude; None if its error is too large."""
    kept, taper = round(KEPT_S * RATE), round(TAPER_S * RATE)
    middle = len(seen) // 2
    near = np.arange(middle - kept // 2, middle + kept // 2)
    peak = int(near[np.argmax(np.abs(seen[near]))])
    ends = np.concatenate([seen[:taper], seen[-taper:]])
    error = np.sqrt(np.mean((ends - ends.mean()) ** 2))
    part = seen[peak - kept : peak + kept + 1].copy()
    if len(part) < 2 * kept + 1 or np.ptp(part) < ABOVE_ERROR * error:
        return None
    part -= np.linspace(part[:taper].mean(), part[-taper:].mean(), len(part))
    ramp = np.sin(np.linspace(0, np.pi / 2, taper)) ** 2
    part[:taper] *= ramp
    part[-taper:] *= ramp[::-1]
    return part / np.ptp(part)
