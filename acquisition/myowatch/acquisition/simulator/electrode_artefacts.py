"""Artefacts of an electrode or its cable: waveforms in uV; times count from the onset."""

from collections.abc import Callable

import numpy as np
from scipy.interpolate import CubicSpline

from myowatch.acquisition.simulator.contractions import smooth
from myowatch.acquisition.simulator.ranges import Artefacts
from myowatch.acquisition.simulator.timetable import ScheduledEvent, log_uniform
from myowatch.signal.model.samples import Samples

CRACKLE_S = (0.01, 0.2)
FRICTION_S = (0.02, 0.3)

Span = Callable[[float, float], tuple[int, Samples]]
"""Gives first sample and times for an onset and a duration, as `TruthRecorder.span`."""


def pop(
    rng: np.random.Generator, scheduled: ScheduledEvent, artefacts: Artefacts, span: Span
) -> tuple[int, Samples]:
    """Return a jump of the electrode's potential that decays slowly, and its first sample."""
    recovery_s = log_uniform(rng, artefacts.pop_recovery_s)
    height_uv = log_uniform(rng, artefacts.pop_uv) * rng.choice([-1.0, 1.0])
    start, time_s = span(scheduled.onset_s, 6 * recovery_s)
    return start, np.asarray(height_uv * np.exp(-time_s / recovery_s))


def loose(rng: np.random.Generator, time_s: Samples, hum: Samples, artefacts: Artefacts) -> Samples:
    """Return strong hum that comes and goes, noise and crackling; `hum` has amplitude 1."""
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * (rng.uniform(0.1, 1.0) * time_s + rng.random()))
    wave = log_uniform(rng, artefacts.loose_hum_uv) * swell * hum
    wave += log_uniform(rng, artefacts.loose_noise_uv) * rng.standard_normal(len(wave))
    n_crackles = rng.poisson(log_uniform(rng, artefacts.crackles_hz) * time_s[-1])
    for begins_s in rng.uniform(0, time_s[-1], n_crackles):
        recovery_s, height_uv = log_uniform(rng, CRACKLE_S), rng.normal(0.0, artefacts.crackle_uv)
        there = _between(time_s, begins_s, begins_s + 8 * recovery_s)
        wave[there] += height_uv * np.exp((begins_s - time_s[there]) / recovery_s)
    return np.asarray(wave)


def cable(rng: np.random.Generator, time_s: Samples, artefacts: Artefacts) -> Samples:
    """Return slow large swings of a cable, with bursts of friction."""
    lasting_s = time_s[-1]
    course = smooth(time_s / 0.15) * smooth((lasting_s - time_s) / 0.15)
    knots = np.arange(-1.0, lasting_s + 2.0, 0.5 / log_uniform(rng, artefacts.cable_hz))
    pulled = CubicSpline(knots, rng.uniform(-1.0, 1.0, len(knots)))(time_s)
    wave = log_uniform(rng, artefacts.cable_uv) * pulled * course
    for _ in range(1 + rng.poisson(2.0 * lasting_s)):
        burst_s = min(log_uniform(rng, FRICTION_S), lasting_s)
        begins_s = rng.uniform(0.0, lasting_s - burst_s)
        there = _between(time_s, begins_s, begins_s + burst_s)
        envelope = np.sin(np.pi * (time_s[there] - begins_s) / burst_s) ** 2
        rough = rng.standard_normal(len(envelope))
        wave[there] += log_uniform(rng, artefacts.friction_uv) * envelope * rough
    return np.asarray(wave)


def strides(
    rng: np.random.Generator, time_s: Samples, at_s: Samples, artefacts: Artefacts
) -> Samples:
    """Return the motion artefact of electrodes on skin that steps shake."""
    height_uv, wave = log_uniform(rng, artefacts.stride_uv), np.zeros_like(time_s)
    for begins_s in at_s:
        there = _between(time_s, begins_s, begins_s + 0.5)
        later = time_s[there] - begins_s
        wave[there] += rng.normal(1, 0.2) * np.sin(2 * np.pi * 4 * later) * np.exp(-later / 0.12)
    return height_uv * wave


def saturation(
    rng: np.random.Generator, scheduled: ScheduledEvent, rail_uv: float, span: Span
) -> tuple[int, Samples]:
    """Return a front end driven into its rail and back, and the first sample."""
    recovery_s, lasting_s = log_uniform(rng, (0.02, 0.08)), scheduled.lasting_s
    start, time_s = span(scheduled.onset_s, lasting_s + 17 * recovery_s)
    rise = 1.0 - np.exp(-(time_s + 1e-4) / 0.005)
    fall = np.exp(-np.maximum(time_s - lasting_s, 0.0) / recovery_s)
    return start, np.asarray(2 * rail_uv * rng.choice([-1.0, 1.0]) * rise * fall)


def _between(time_s: Samples, begins_s: float, ends_s: float) -> slice:
    first, end = np.searchsorted(time_s, (begins_s, ends_s))
    return slice(int(first), int(end))
