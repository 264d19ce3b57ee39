"""Sustained activity of a muscle: trains of motor units, and their strength over time.

A course is the strength of an activity over time, 0 to 1, the same for electrodes and skin.
"""

from functools import reduce

import numpy as np
import numpy.typing as npt
from scipy import signal

from myowatch.acquisition.simulator.motor_unit import MotorUnit
from myowatch.acquisition.simulator.ranges import USUAL_ACTIVITY, Activity
from myowatch.acquisition.simulator.timetable import ScheduledEvent, log_uniform, random_draws
from myowatch.signal.model.samples import Samples

RECRUITED_AT = 0.6
"""Drive at which the largest unit starts; each begins at 8 Hz and rises to 30."""
FIRST_HZ, GAIN_HZ = 8.0, 25.0


def held(
    scheduled: ScheduledEvent, time_s: Samples, activity: Activity = USUAL_ACTIVITY
) -> Samples:
    """Return the strength of a held contraction: smooth at both ends, unsteady between."""
    rng = random_draws(scheduled.draw, "course")
    rise_s = min(rng.uniform(*activity.rise_s), scheduled.lasting_s / 2.5)
    fall_s = min(rng.uniform(*activity.fall_s), scheduled.lasting_s / 2.5)
    unsteady = 0.88 + 0.12 * np.sin(2 * np.pi * (rng.uniform(0.5, 2.5) * time_s + rng.random()))
    left_s = scheduled.lasting_s - time_s
    return np.asarray(smooth(time_s / rise_s) * smooth(left_s / fall_s) * unsteady)


def cramping(scheduled: ScheduledEvent, time_s: Samples) -> Samples:
    """Return the strength of a cramp: it begins at once, rises, and fades unevenly."""
    rng = random_draws(scheduled.draw, "course")
    rise_s = max(0.5, scheduled.lasting_s * rng.uniform(0.1, 0.3))
    fade_s = scheduled.lasting_s * rng.uniform(0.2, 0.5)
    strength = 0.2 + 0.8 * np.clip(time_s / rise_s, 0, 1)
    left = np.clip((scheduled.lasting_s - time_s) / fade_s, 0, 1)
    flicker = 0.8 + 0.2 * np.sin(2 * np.pi * (rng.uniform(0.2, 0.8) * time_s + rng.random()))
    return np.asarray(strength * (0.1 + 0.9 * left) * flicker)


def steps(scheduled: ScheduledEvent, activity: Activity = USUAL_ACTIVITY) -> Samples:
    """Return the heel strikes of a walk, seconds from its onset; every second is this leg's."""
    rng = random_draws(scheduled.draw, "course")
    interval_s = 1 / log_uniform(rng, activity.step_hz)
    n_steps = max(int(scheduled.lasting_s / interval_s), 2)
    return np.asarray((np.arange(n_steps) + 0.4 + rng.normal(0, 0.03, n_steps)) * interval_s)


def stepping(
    scheduled: ScheduledEvent, time_s: Samples, activity: Activity = USUAL_ACTIVITY
) -> Samples:
    """Return the strength of a muscle in a walk: a burst around each heel strike of this leg."""
    own = steps(scheduled, activity)[::2]
    stride_s = own[1] - own[0] if len(own) > 1 else 1.0
    nearest = own[np.clip(np.searchsorted(own, time_s), 1, len(own) - 1) - np.array([[1], [0]])]
    away = np.abs(time_s - nearest).min(axis=0) if len(own) > 1 else np.abs(time_s - own[0])
    return smooth(1.2 - away / (0.25 * stride_s))


def smooth(share: Samples) -> Samples:
    """Return a smooth step from 0 to 1."""
    clipped = np.clip(share, 0.0, 1.0)
    return np.asarray(clipped**2 * (3.0 - 2.0 * clipped))


def contraction(
    scheduled: ScheduledEvent,
    course: Samples,
    units: tuple[MotorUnit, ...],
    rate: float,
    activity: Activity = USUAL_ACTIVITY,
) -> Samples:
    """Return the EMG of a voluntary contraction in uV: small units are recruited first.

    Henneman's size principle; the smallest units fire first and last.
    """
    rng = random_draws(scheduled.draw, "contraction")
    ordered = sorted(units, key=lambda unit: unit.size_uv)
    drive = log_uniform(rng, activity.effort) * course
    trains = []
    for unit, joins_at in zip(ordered, np.linspace(0.02, RECRUITED_AT, len(units)), strict=True):
        hertz = np.where(drive > joins_at, FIRST_HZ + GAIN_HZ * (drive - joins_at), 0.0)
        trains.append(
            unit_train(unit, discharges(rng, hertz, rate, activity.regular), len(course), rate)
        )
    return _scaled(trains, log_uniform(rng, activity.contraction_uv), course > course.max() / 2)


def cramp(
    scheduled: ScheduledEvent,
    course: Samples,
    units: tuple[MotorUnit, ...],
    rate: float,
    activity: Activity = USUAL_ACTIVITY,
) -> Samples:
    """Return the EMG of a cramp in uV: a few units that fire fast, recruited one by one."""
    rng = random_draws(scheduled.draw, "cramp")
    total_hz = log_uniform(rng, activity.cramp_hz)
    n_units = int(np.clip(round(total_hz / activity.cramp_unit_hz), 1, len(units)))
    firing = [units[int(i)] for i in rng.permutation(len(units))[:n_units]]
    share = np.arange(len(course)) / len(course)
    trains = []
    for number, unit in enumerate(firing):
        there = (share >= 0.08 * number) & (share <= 1.0 - 0.06 * number)
        # The units slow down as the cramp fades.
        hertz = there * (total_hz / n_units) * (0.75 + 0.25 * np.minimum(course / 0.5, 1.0))
        trains.append(
            unit_train(
                unit, discharges(rng, hertz, rate, activity.cramp_regular), len(course), rate
            )
        )
    rms_uv = log_uniform(rng, activity.cramp_uv)
    return np.asarray(_scaled(trains, rms_uv, np.ones(len(course), dtype=bool)) * course)


def tonic(
    scheduled: ScheduledEvent,
    unit: MotorUnit,
    time_s: Samples,
    rate: float,
    activity: Activity = USUAL_ACTIVITY,
) -> Samples:
    """Return the EMG in uV of one unit that keeps firing by itself."""
    rng = random_draws(scheduled.draw, "tonic")
    hertz = np.full(len(time_s), log_uniform(rng, activity.tonic_hz))
    hertz *= 1.0 + 0.1 * np.sin(2 * np.pi * (0.15 * time_s + rng.random()))
    hertz[time_s > scheduled.lasting_s - unit.ends_s] = 0.0
    return unit_train(unit, discharges(rng, hertz, rate, activity.regular), len(time_s), rate)


def discharges(rng: np.random.Generator, hertz: Samples, rate: float, regular: float) -> Samples:
    """Draw the discharge times, seconds, of a unit with a changing firing rate.

    Parameters
    ----------
    hertz
        Frequency at each sample, shape (n_samples,).
    regular
        Shape of the gamma distribution of the intervals.
    """
    expected = np.cumsum(hertz) / rate
    n = int(expected[-1] * 1.5) + 10
    at = np.cumsum(rng.gamma(regular, 1 / regular, n)) - rng.random()
    at = at[(at > 0) & (at < expected[-1])]
    return np.asarray(np.searchsorted(expected, at) / rate)


def unit_train(unit: MotorUnit, at_s: Samples, n_samples: int, rate: float) -> Samples:
    """Return a unit's potential in uV once for each discharge, shape (n_samples,)."""
    impulses = np.bincount((at_s * rate).astype(int), minlength=n_samples)[:n_samples]
    potential = unit.potential(np.arange(int(unit.ends_s * rate) + 1) / rate, rate)
    return np.asarray(signal.oaconvolve(impulses, potential)[:n_samples])


def _scaled(trains: list[Samples], rms_uv: float, where: npt.NDArray[np.bool_]) -> Samples:
    together = reduce(np.add, trains)
    return np.asarray(rms_uv * together / np.sqrt(np.mean(together[where] ** 2)))
