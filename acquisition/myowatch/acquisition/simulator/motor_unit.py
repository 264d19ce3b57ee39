"""Motor units of a muscle: the potential on the electrodes, the motion of the skin."""

from dataclasses import dataclass

import numpy as np

from myowatch.acquisition.simulator.scene import Twitching
from myowatch.acquisition.simulator.timetable import ScheduledEvent, log_normal, random_draws
from myowatch.signal.model.samples import Samples

UNITS = 6
POOL = 20
DURATION_S = (0.005, 0.040)
"""Of a potential: 2.8-37 ms with needles (Mills 2010, JNNP 81), wider through skin and fat."""
TAIL = 1.5
"""Widths of a phase that follow the duration of a potential, so that it decays."""
TWO_UNITS = 0.2
"""Share of twitches in which a second unit fires within 5 ms."""
RING_HZ = (4.0, 24.0)
"""Of the displacement; the acceleration, its second derivative, is strongest at 7 to 30 Hz."""
RING_S = (0.050, 0.250)
MOTION_DELAY_S = 0.006
"""From potential to motion of the skin: 4-7 ms when evoked (Dieterich 2017, Sci Rep 7:42011)."""
G_PER_MG = 1e-3


@dataclass(frozen=True, slots=True)
class MotorUnit:
    """One motor unit.

    Parameters
    ----------
    at_s, width_s, height_uv
        Centres, widths and heights of the phases of its potential, each a Gaussian.
    ends_s
        The potential is 0 before 0 and after this.
    amplitude_g, ring_hz, ring_s
        Damped motion of the skin above it: scale, frequency and duration.
    """

    at_s: Samples
    width_s: Samples
    height_uv: Samples
    ends_s: float
    amplitude_g: float
    ring_hz: float
    ring_s: float

    @property
    def size_uv(self) -> float:
        """Height of the highest phase."""
        return float(np.abs(self.height_uv).max())

    def potential(self, time_s: Samples, sampling_rate: float) -> Samples:
        """Return the potential in uV, shaped like `time_s`, which counts from its beginning."""
        # A front end removes all above half the rate, which makes a Gaussian wider.
        width = np.hypot(self.width_s, 0.3 / sampling_rate)
        narrowing = self.width_s / width
        phases = np.exp(-0.5 * ((time_s[:, np.newaxis] - self.at_s) / width) ** 2)
        return np.asarray(phases @ (self.height_uv * narrowing))

    def motion(self, time_s: Samples) -> Samples:
        """Return the motion in g along its direction, shaped like `time_s`."""
        return self.amplitude_g * _ring(time_s, self.ring_hz, self.ring_s)


@dataclass(frozen=True, slots=True)
class Discharge:
    """One potential of a twitch: its unit, its delay from the onset, its strength."""

    unit: MotorUnit
    delay_s: float
    gain: float


def motor_units(
    twitching: Twitching, seed: int, muscle: int, n_units: int = UNITS
) -> tuple[MotorUnit, ...]:
    """Return the units of one muscle, the same for every sensor over it.

    The first `UNITS` of them fasciculate; a voluntary contraction uses a `POOL` of them.
    """
    return tuple(
        _motor_unit(twitching, random_draws(seed, "unit", muscle, u)) for u in range(n_units)
    )


def volley(
    scheduled: ScheduledEvent, units: tuple[MotorUnit, ...], repeated: float
) -> tuple[Discharge, ...]:
    """Return the discharges of one twitch: one to three, sometimes of two units."""
    rng = random_draws(scheduled.draw, "volley")
    unit = units[int(rng.integers(len(units)))]
    gain = float(rng.normal(1.0, 0.05))
    discharges = [Discharge(unit, 0.0, gain)]
    if rng.random() < TWO_UNITS:
        others = [u for u in units if u is not unit]
        other = others[int(rng.integers(len(others)))]
        discharges.append(Discharge(other, float(rng.uniform(0.0, 0.005)), gain))
    if rng.random() < repeated:
        delay_s = 0.0
        for _ in range(int(rng.integers(1, 3))):
            # From the refractory doublet to the F wave 32 ms after a fasciculation.
            delay_s += unit.ends_s + float(rng.uniform(0.002, 0.035))
            discharges.append(Discharge(unit, delay_s, gain * float(rng.uniform(0.6, 1.0))))
    return tuple(discharges)


def _motor_unit(twitching: Twitching, rng: np.random.Generator) -> MotorUnit:
    duration_s = log_normal(rng, DURATION_S)
    n_phases = int(rng.choice([2, 3, 4, 5], p=[0.35, 0.4, 0.15, 0.1]))
    share = rng.uniform(0.6, 1.4, n_phases)
    share /= share.sum()
    width_s = duration_s * share / 3.5
    before_s, after_s = TAIL * width_s[0], TAIL * width_s[-1]
    at_s = before_s + duration_s * (np.cumsum(share) - share / 2)
    height = rng.uniform(0.5, 1.0, n_phases) * (-1.0) ** np.arange(n_phases)
    # No net charge crosses the skin: positive and negative phases have equal areas.
    area = height * width_s
    height[height < 0] *= area[area > 0].sum() / -area[area < 0].sum()
    time = np.linspace(0.0, before_s + duration_s + after_s, 400)
    shape = np.exp(-0.5 * ((time[:, np.newaxis] - at_s) / width_s) ** 2) @ height
    strength = log_normal(rng, (0.1, 1.0))
    ring_hz, ring_s = log_normal(rng, RING_HZ), log_normal(rng, RING_S)
    ring = _ring(np.linspace(0.0, ring_s, 400), ring_hz, ring_s)
    return MotorUnit(
        at_s,
        width_s,
        height * _between(twitching.amplitude_uv, strength) / np.ptp(shape),
        before_s + duration_s + after_s,
        _between(twitching.amplitude_mg, strength) * G_PER_MG / np.abs(ring).max(),
        ring_hz,
        ring_s,
    )


def _ring(time_s: Samples, hertz: float, lasting_s: float) -> Samples:
    """Return the acceleration of skin that is displaced by t**3 exp(s t) and returns to rest.

    Displacement, velocity and acceleration all begin at 0.
    """
    later = np.maximum(time_s, 0.0)
    s = complex(-7.5 / lasting_s, 2 * np.pi * hertz)  # down to a tenth after `lasting_s`
    speeds_up = 6 + 6 * s * later + (s * later) ** 2
    return np.asarray(later / lasting_s * np.imag(speeds_up * np.exp(s * later)))


def _between(limits: tuple[float, float], strength: float) -> float:
    """Return where a unit of strength 0.1 to 1 lies within the limits, on a log scale."""
    low, high = limits
    return float(low * (high / low) ** (np.log10(strength) + 1.0))
