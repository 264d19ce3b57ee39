"""Muscle fibres of a motor unit: where they lie, and how fast they conduct."""

from dataclasses import dataclass

import numpy as np

from myowatch.acquisition.simulator.ranges import Range
from myowatch.acquisition.simulator.volume_conductor import (
    SHALLOWEST,
    TABLE_HZ,
    Fibre,
    Montage,
    Tissue,
    VolumeConductor,
)
from myowatch.signal.model.samples import Samples

BUNDLES = 14
"""Fibres that stand for all of a unit; the potential hardly changes with more."""
ENDS_BELOW = 0.005
"""A potential begins and ends where it is this share of its peak."""
FADE_S = 0.001
DENSEST = 20e6
"""Fibres of one unit in a square metre: a twentieth of the 400 in a square millimetre of muscle
that Hamilton-Wright & Stashuk 2005 (IEEE TBME 52:171) simulate."""
LONGEST = 0.16
"""From an end plate to a tendon, m: thigh and upper arm have fibres of 0.1 to 0.3 m in all."""
THIGH, PAIR = Tissue(), Montage()
FARTHEST = 0.08
"""From the electrodes to an end plate, m."""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A muscle under electrodes, and what its motor units are drawn from; lengths in m.

    Parameters
    ----------
    depth, around
        Of the centre of a unit: below the surface of the muscle, and to either side.
    territory
        Radius of the area over which its fibres are scattered; more where they are many.
    n_fibres
        From the smallest to the largest unit.
    half_length
        From end plate to tendon; each side of a muscle draws its own.
    innervation
        Distance of the innervation zone from the centre of the electrodes.
    scatter
        Standard deviation of end plates and of tendons along the fibres.
    velocity, velocity_scatter
        Of conduction in m/s: of a unit, and the standard deviation between its fibres.
    delay_s
        Standard deviation of the nerve branches' delays.
    """

    tissue: Tissue = THIGH
    montage: Montage = PAIR
    depth: Range = (0.002, 0.015)
    around: float = 0.01
    territory: Range = (0.0015, 0.005)
    n_fibres: Range = (50.0, 1000.0)
    half_length: Range = (0.03, 0.07)
    innervation: float = 0.03
    scatter: float = 0.004
    velocity: Range = (3.0, 5.0)
    velocity_scatter: float = 0.2
    delay_s: float = 0.0005


def draw_fibres(rng: np.random.Generator, anatomy: Anatomy, share: float) -> list[Fibre]:
    """Draw the fibres of one motor unit.

    Parameters
    ----------
    share
        Size of the unit, 0 (smallest) to 1, on a logarithmic scale.
    """
    low, high = anatomy.n_fibres
    n_fibres = low * (high / low) ** share
    centre_depth = np.exp(rng.uniform(*np.log(anatomy.depth)))
    centre_around = rng.uniform(-anatomy.around, anatomy.around)
    territory = max(rng.uniform(*anatomy.territory), np.sqrt(n_fibres / (np.pi * DENSEST)))
    velocity = rng.uniform(*anatomy.velocity)
    before, after = rng.uniform(*anatomy.half_length, 2)
    # Even over a disc: the square root of an even draw.
    away = territory * np.sqrt(rng.random(BUNDLES))
    turn = 2 * np.pi * rng.random(BUNDLES)
    # Those that would lie above the muscle are mirrored at its surface.
    depths = SHALLOWEST + np.abs(centre_depth - SHALLOWEST + away * np.cos(turn))
    arcs = centre_around + away * np.sin(turn)
    plates = anatomy.innervation + anatomy.scatter * rng.standard_normal(BUNDLES)
    ends = np.array([[before], [after]]) + anatomy.scatter * rng.standard_normal((2, BUNDLES))
    velocities = velocity + anatomy.velocity_scatter * rng.standard_normal(BUNDLES)
    delays_s = anatomy.delay_s * np.abs(rng.standard_normal(BUNDLES))
    return [
        Fibre(
            depth=float(min(depths[n], anatomy.tissue.muscle / 2)),
            around=float(arcs[n]),
            end_plate=float(np.clip(plates[n], -FARTHEST, FARTHEST)),
            before=float(np.clip(ends[0, n], 0.005, LONGEST)),
            after=float(np.clip(ends[1, n], 0.005, LONGEST)),
            velocity=float(np.clip(velocities[n], 1.2, 7.0)),
            delay_s=float(delays_s[n]),
            n=n_fibres / BUNDLES,
        )
        for n in range(BUNDLES)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class UnitPotential:
    """Potential of a motor unit on the skin.

    Parameters
    ----------
    table_uv
        At `TABLE_HZ`, shape (n_samples,); 0 at both ends.
    """

    table_uv: Samples

    @property
    def ends_s(self) -> float:
        """The potential is 0 before 0 and after this."""
        return len(self.table_uv) / TABLE_HZ

    @property
    def size_uv(self) -> float:
        """Height of the highest phase."""
        return float(np.abs(self.table_uv).max())

    def potential(self, time_s: Samples, sampling_rate: float) -> Samples:
        """Return the potential in uV, shaped like `time_s`, which counts from its beginning."""
        smooth_s = SMOOTHING / sampling_rate
        reach = int(4 * smooth_s * TABLE_HZ) + 1
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (smooth_s * TABLE_HZ)) ** 2)
        smooth = np.convolve(self.table_uv, kernel / kernel.sum())
        at = time_s * TABLE_HZ + reach
        return np.interp(at, np.arange(len(smooth)), smooth, left=0.0, right=0.0)


SMOOTHING = 0.3
"""Standard deviation, in samples, of the Gaussian by which a front end smooths."""


def unit_potential(conductor: VolumeConductor, fibres: list[Fibre]) -> UnitPotential:
    """Return the potential of one motor unit, from its beginning to its end."""
    wave = conductor.potential(fibres)
    magnitude = np.abs(wave)
    there = np.flatnonzero(magnitude >= ENDS_BELOW * magnitude.max())
    n_fade = int(FADE_S * TABLE_HZ)
    first, end = max(there[0] - n_fade, 0), there[-1] + n_fade
    kept = np.pad(wave, (0, max(end - len(wave), 0)))[first:end].copy()
    fade = np.sin(0.5 * np.pi * np.arange(n_fade) / n_fade) ** 2
    kept[:n_fade] *= fade
    kept[-n_fade:] *= fade[::-1]
    return UnitPotential(kept)
