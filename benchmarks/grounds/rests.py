"""Real muscles at rest, as long as needed, and real contractions.

Rest is what a recording holds between its contractions. Windows of 0.1 s are quiet if their RMS
in 20-450 Hz is near that of the quietest tenth; runs of quiet windows are the stretches of rest.
Stretches with a peak above `HIGHEST` times their RMS are left out, because it may be an
unmarked potential. The recording that the motor units come from is no source of rest: units of
it fire up to its very ends.

Hum is taken out of a whole recording first: around each multiple of the mains frequency found,
the spectrum is scaled down to the median of its neighbours. What is planted gets a hum of its own.

A rest is extended by pieces of about half a second, cut at random places of random stretches,
with random sign and direction of time, each faded into the next over half its length. The squares
of both fades add up to 1, so the power is the same everywhere and no seam shows. A piece keeps
what is real in the signal: its spectrum, its distribution, its rise and fall.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise

import h5py
import numpy as np
import numpy.typing as npt
from scipy.signal import butter, resample_poly, sosfiltfilt

from grounds.motor_units import Split
from grounds.packages import BIOSIGNALSNOTEBOOKS, EMGFLOW, opened
from myowatch.signal.model.samples import Samples

BAND_HZ = (20.0, 450.0)
"""The band in which amplitudes are compared with the background."""
WINDOW_S = 0.1
SHORTEST_S = 0.45
NEAR = 1.7
"""Quiet windows have an RMS below this many times that of the quietest tenth."""
HIGHEST = 6.0
PIECE_S = 0.5
_FOLDER = "biosignalsnotebooks/notebook_files/osf_files/signal_samples/"


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """The stretches of one recording at rest.

    Parameters
    ----------
    stretches
        In microvolts, each of shape (n,), without hum.
    rms
        In `BAND_HZ`, microvolts.
    """

    name: str
    rate: float
    stretches: tuple[Samples, ...]
    rms: float

    @property
    def seconds(self) -> float:
        """How much of it there is."""
        return sum(len(s) for s in self.stretches) / self.rate

    def resampled(self, rate: float) -> "Rest":
        """Return the rest at another sampling rate."""
        return _resampled(self.name, rate)

    def extended(self, n_samples: int, random: np.random.Generator) -> Samples:
        """Return rest of any length, shape (n_samples,)."""
        half = round(PIECE_S * self.rate / 2)
        half = min(half, min(len(s) for s in self.stretches) // 2)
        fade = np.sin(np.linspace(0, np.pi / 2, half, endpoint=False) + np.pi / 4 / half)
        window = np.concatenate([fade, fade[::-1]])
        pieces = -(-n_samples // half) + 1
        starts = np.concatenate(
            [self._starts(s, k, 2 * half) for k, s in enumerate(self.stretches)]
        )
        whole = np.concatenate(self.stretches)
        chosen = whole[random.choice(starts, pieces)[:, None] + np.arange(2 * half)]
        back = random.random(pieces) < 0.5
        chosen[back] = chosen[back, ::-1]
        chosen *= window * random.choice([-1.0, 1.0], pieces)[:, None]
        joined: Samples = (chosen[1:, :half] + chosen[:-1, half:]).ravel()[:n_samples]
        return joined

    def _starts(self, stretch: Samples, number: int, length: int) -> npt.NDArray[np.intp]:
        before = sum(len(s) for s in self.stretches[:number])
        return before + np.arange(len(stretch) - length + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Contraction:
    """A voluntary contraction of half a second or more, in microvolts, and where it is active.

    Parameters
    ----------
    samples
        Shape (n,), without hum, faded at both ends.
    """

    name: str
    rate: float
    samples: Samples


def _open_signals(name: str, bits: int) -> Callable[[], tuple[Samples, float]]:
    def load() -> tuple[Samples, float]:
        with h5py.File(opened(BIOSIGNALSNOTEBOOKS, f"{_FOLDER}{name}.h5")) as content:
            for device in content.values():
                rate = float(np.ravel(device.attrs["sampling rate"])[0])
                if int(np.ravel(device.attrs["resolution"])[0]) == bits and rate > 10 * BAND_HZ[0]:
                    channel = next(c for c in device["raw"] if c.startswith("channel"))
                    # Full scale is 3 V at a gain of 1000.
                    return (np.ravel(device["raw"][channel][:]) / 2**bits - 0.5) * 3000.0, rate
        raise ValueError(f"no channel of {bits} bits in {name}")

    return load


def _face(number: int, column: int) -> Callable[[], tuple[Samples, float]]:
    def load() -> tuple[Samples, float]:
        table = opened(EMGFLOW, f"EMGFlow/data/sample_data_{number:02}.csv")
        rows = np.genfromtxt(table, delimiter=",", skip_header=1)[:, 1 + column]
        known = ~np.isnan(rows)
        filled = np.interp(np.arange(len(rows)), np.flatnonzero(known), rows[known])
        return filled * 1000.0, 2000.0

    return load


SOURCES: dict[str, Callable[[], tuple[Samples, float]]] = {
    "thumb": _open_signals("emg_1000_hz_16_bits_solo", 16),
    "thumb, tone": _open_signals("emg_1000_hz_16_bits", 16),
    "thumb, two devices": _open_signals("emg_1000_hz_8_16_bits", 16),
    "biceps, bursts": _open_signals("emg_bursts", 16),
    "biceps, fatigue": _open_signals("emg_fatigue", 12),
    **{
        f"face, {number}, {muscle}": _face(number, column)
        for number in (1, 2, 3, 4)
        for column, muscle in enumerate(("zygomaticus", "corrugator"))
    },
}
"""How to load each recording: microvolts of shape (n,), and the rate."""
CONTRACTED = {"tuning": ("biceps, fatigue",), "test": ("biceps, bursts",)}
"""Recordings of contractions that last half a second or more."""


def names(split: Split) -> tuple[str, ...]:
    """Return the recordings with rest for tuning or for tests."""
    tests = ("face", "biceps, bursts")
    asked = [n for n in SOURCES if n.startswith(tests) == (split == "test")]
    return tuple(name for name in asked if rest(name).stretches)


@cache
def rest(name: str) -> Rest:
    """Return the rest in a recording at its own rate; it has no stretch if nothing is quiet."""
    samples, rate = without_hum(name)
    found = [samples[a:b] for a, b in quiet(samples, rate)]
    kept = [s for s in found if np.abs(in_band(s, rate)).max() < HIGHEST * _rms(in_band(s, rate))]
    level = _rms(np.concatenate([in_band(s, rate) for s in kept])) if kept else 0.0
    return Rest(name, rate, tuple(kept), level)


@cache
def _resampled(name: str, rate: float) -> Rest:
    own = rest(name)
    moved = tuple(resampled(s, own.rate, rate) for s in own.stretches)
    level = _rms(np.concatenate([in_band(s, rate) for s in moved]))
    return Rest(name, rate, moved, level)


@cache
def contractions(split: Split) -> tuple[Contraction, ...]:
    """Return voluntary contractions."""
    return tuple(c for name in CONTRACTED[split] for c in _contractions(name))


def _contractions(name: str) -> list[Contraction]:
    samples, rate = without_hum(name)
    stretches = quiet(samples, rate, near=4.0)
    taper = round(0.05 * rate)
    ramp = np.sin(np.linspace(0, np.pi / 2, taper)) ** 2
    found = []
    for (_, first), (end, _) in pairwise(stretches):
        part = samples[max(first - taper, 0) : end + taper].copy()
        if len(part) > 0.5 * rate:
            part[:taper] *= ramp
            part[-taper:] *= ramp[::-1]
            found.append(Contraction(name, rate, part))
    return found


def quiet(samples: Samples, rate: float, near: float = NEAR) -> list[tuple[int, int]]:
    """Return first and end sample of each stretch of quiet windows."""
    size = round(WINDOW_S * rate)
    windows = len(samples) // size
    band = in_band(samples, rate)[: windows * size].reshape(windows, size)
    level = np.sqrt(np.mean(band**2, axis=1))
    still = level < near * np.quantile(level[level > 0], 0.1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(int), [0]])))
    # The first and last windows of a recording hold the transients of its filters.
    pairs = [(max(a, 1), min(b, windows - 1)) for a, b in edges.reshape(-1, 2)]
    return [(a * size, b * size) for a, b in pairs if (b - a) * size >= SHORTEST_S * rate]


@cache
def without_hum(name: str) -> tuple[Samples, float]:
    """Return a recording without slow drift and hum, and its rate."""
    samples, rate = SOURCES[name]()
    high = butter(2, 10.0, "highpass", fs=rate, output="sos")
    spectrum = np.fft.rfft(sosfiltfilt(high, samples))
    hertz = np.fft.rfftfreq(len(samples), 1 / rate)
    size = np.abs(spectrum)

    def level(at: float, near: float, far: float) -> npt.NDArray[np.bool_]:
        apart = np.abs(hertz - at)
        return np.asarray((apart >= near) & (apart < far))

    def above(mains: float) -> float:
        return float(size[level(mains, 0, 0.5)].max() / np.median(size[level(mains, 2, 6)]))

    mains = max((50.0, 60.0), key=above)
    for at in np.arange(mains, rate / 2 - 3, mains):
        usual = np.median(size[level(at, 2, 6)])
        near = level(at, 0, 1.5) & (size > usual)
        spectrum[near] *= usual / size[near]
    return np.fft.irfft(spectrum, len(samples)), rate


def in_band(samples: Samples, rate: float) -> Samples:
    """Return samples in `BAND_HZ`, or as much of the band as the rate holds."""
    edges = (BAND_HZ[0], min(BAND_HZ[1], 0.45 * rate))
    return np.asarray(sosfiltfilt(butter(2, edges, "bandpass", fs=rate, output="sos"), samples))


def resampled(samples: Samples, rate: float, to: float) -> Samples:
    """Return samples at another rate."""
    ratio = Fraction(to).limit_denominator() / Fraction(rate).limit_denominator()
    if ratio == 1:
        return samples
    return np.asarray(resample_poly(samples, ratio.numerator, ratio.denominator))


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))
