"""Motor units of a muscle: the potential on the electrodes, the motion of the skin."""

from dataclasses import dataclass

import numpy as np

from myowatch.acquisition.simulator.muscle_fibres import (
    SMOOTHING,
    UnitPotential,
    draw_fibres,
    unit_potential,
)
from myowatch.acquisition.simulator.scene import Twitching
from myowatch.acquisition.simulator.timetable import ScheduledEvent, log_normal, random_draws
from myowatch.acquisition.simulator.volume_conductor import VolumeConductor
from myowatch.signal.model.samples import AXES, Samples

POOL = 20
DURATION_S = (0.005, 0.040)
"""Of a potential: 2.8-37 ms with needles (Mills 2010, JNNP 81), wider through skin and fat."""
TAIL = 1.5
"""Widths of a phase that follow the duration of a potential, so that it decays."""
MOTION_DELAY_S = 0.006
"""From potential to motion of the skin: 4-7 ms when evoked (Dieterich 2017, Sci Rep 7:42011)."""
G_PER_MG = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Phases:
    """A potential that is drawn as a few phases, each a Gaussian.

    Parameters
    ----------
    at_s, width_s, height_uv
        Centres, widths and heights.
    ends_s
        The potential is 0 before 0 and after this.
    """

    at_s: Samples
    width_s: Samples
    height_uv: Samples
    ends_s: float

    @property
    def size_uv(self) -> float:
        """Height of the highest phase."""
        return float(np.abs(self.height_uv).max())

    def potential(self, time_s: Samples, sampling_rate: float) -> Samples:
        """Return the potential in uV, shaped like `time_s`, which counts from its beginning."""
        # A front end removes all above half the rate, which makes a Gaussian wider.
        width = np.hypot(self.width_s, SMOOTHING / sampling_rate)
        narrowing = self.width_s / width
        phases = np.exp(-0.5 * ((time_s[:, np.newaxis] - self.at_s) / width) ** 2)
        return np.asarray(phases @ (self.height_uv * narrowing))


@dataclass(frozen=True, slots=True, eq=False)
class MotorUnit:
    """One motor unit.

    Parameters
    ----------
    shape
        Its potential on the electrodes.
    amplitude_g, ring_hz, ring_s, rise
        Damped motion of the skin above it: scale, frequency, duration, and the power of time by
        which the displacement begins.
    aside
        How far its motion turns from that of the skin, shape (3,); 0 for not at all.
    """

    shape: Phases | UnitPotential
    amplitude_g: float
    ring_hz: float
    ring_s: float
    rise: int
    aside: Samples

    @property
    def ends_s(self) -> float:
        """The potential is 0 before 0 and after this."""
        return self.shape.ends_s

    @property
    def size_uv(self) -> float:
        """Height of the highest phase."""
        return self.shape.size_uv

    def potential(self, time_s: Samples, sampling_rate: float) -> Samples:
        """Return the potential in uV, shaped like `time_s`, which counts from its beginning."""
        return self.shape.potential(time_s, sampling_rate)

    def motion(self, time_s: Samples) -> Samples:
        """Return the motion in g along its direction, shaped like `time_s`."""
        return self.amplitude_g * _ring(time_s, self.ring_hz, self.ring_s, self.rise)


@dataclass(frozen=True, slots=True)
class Discharge:
    """One potential of a twitch: its unit, its delay from the onset, its strength."""

    unit: MotorUnit
    delay_s: float
    gain: float


def motor_units(
    twitching: Twitching, seed: int, muscle: int, n_units: int | None = None
) -> tuple[MotorUnit, ...]:
    """Return the units of one muscle, the same for every sensor over it.

    The first `twitching.units` of them, the default, fasciculate; a voluntary contraction uses a
    `POOL` of them.
    """
    anatomy = twitching.anatomy
    conductor = VolumeConductor(anatomy.tissue, anatomy.montage) if anatomy else None
    return tuple(
        _motor_unit(twitching, conductor, random_draws(seed, "unit", muscle, u))
        for u in range(n_units or twitching.units)
    )


def volley(
    scheduled: ScheduledEvent, units: tuple[MotorUnit, ...], twitching: Twitching
) -> tuple[Discharge, ...]:
    """Return the discharges of one twitch: one to three, sometimes of two units."""
    rng = random_draws(scheduled.draw, "volley")
    unit = units[int(rng.integers(len(units)))]
    gain = float(rng.normal(1.0, 0.05))
    discharges = [Discharge(unit, 0.0, gain)]
    if rng.random() < twitching.two_units and len(units) > 1:
        others = [u for u in units if u is not unit]
        other = others[int(rng.integers(len(others)))]
        discharges.append(Discharge(other, float(rng.uniform(0.0, 0.005)), gain))
    if rng.random() < twitching.repeated:
        delay_s = 0.0
        for _ in range(int(rng.integers(1, 3))):
            # From the refractory doublet to the F wave 32 ms after a fasciculation.
            delay_s += unit.ends_s + float(rng.uniform(*twitching.doublet_s))
            discharges.append(Discharge(unit, delay_s, gain * float(rng.uniform(0.6, 1.0))))
    return tuple(discharges)


def _motor_unit(
    twitching: Twitching, conductor: VolumeConductor | None, rng: np.random.Generator
) -> MotorUnit:
    shape: Phases | UnitPotential
    if conductor is None or twitching.anatomy is None:
        shape, strength = _drawn_phases(twitching, rng)
    else:
        strength = log_normal(rng, (0.1, 1.0))
        fibres = draw_fibres(rng, twitching.anatomy, np.log10(strength) + 1.0)
        shape = unit_potential(conductor, fibres)
    ring_hz, ring_s = log_normal(rng, twitching.ring_hz), log_normal(rng, twitching.ring_s)
    ring = _ring(np.linspace(0.0, ring_s, 400), ring_hz, ring_s, twitching.rise)
    return MotorUnit(
        shape,
        _between(twitching.amplitude_mg, strength) * G_PER_MG / np.abs(ring).max(),
        ring_hz,
        ring_s,
        twitching.rise,
        twitching.aside * rng.standard_normal(AXES),
    )


def _drawn_phases(twitching: Twitching, rng: np.random.Generator) -> tuple[Phases, float]:
    """Return a potential, and the strength of its unit, 0.1 to 1."""
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
    scale_uv = _between(twitching.amplitude_uv, strength) / np.ptp(shape)
    ends_s = before_s + duration_s + after_s
    return Phases(at_s, width_s, height * scale_uv, ends_s), strength


def _ring(time_s: Samples, hertz: float, lasting_s: float, rise: int) -> Samples:
    """Return the acceleration of skin that is displaced by t**rise exp(s t) and returns to rest.

    Displacement, velocity and, with a rise of 3 or more, acceleration begin at 0.
    """
    later = np.maximum(time_s, 0.0)
    s = complex(-7.5 / lasting_s, 2 * np.pi * hertz)  # down to a tenth after `lasting_s`
    speeds_up = rise * (rise - 1) + 2 * rise * s * later + (s * later) ** 2
    begins = (later / lasting_s) ** (rise - 2)
    return np.asarray(begins * np.imag(speeds_up * np.exp(s * later)))


def _between(limits: tuple[float, float], strength: float) -> float:
    """Return where a unit of strength 0.1 to 1 lies within the limits, on a log scale."""
    low, high = limits
    return float(low * (high / low) ** (np.log10(strength) + 1.0))
