"""Potentials of muscle fibres on the skin: a limb as a cylinder of muscle, fat and skin.

The model is that of Farina, Mesin, Martina & Merletti 2004 (IEEE Trans Biomed Eng 51:415): the
potential of a source in a layered cylinder is a sum over angular orders and spatial frequencies,
with one factor for each layer. Muscle conducts better along its fibres than across them. A fibre's
action potential begins at its end plate, travels both ways and stops at both tendons, so the
potentials of generation and extinction are part of the result.

Lengths are metres, except where a name says otherwise. `along` is the direction of the fibres with
its zero at the centre of the electrodes, `around` the arc on the surface of the muscle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy import special

from myowatch.signal.model.samples import Samples

TABLE_HZ = 20_000.0
"""Sampling rate of the potentials that are returned."""
INSIDE_S_PER_M = 1.01
"""Conductivity inside a fibre: Andreassen & Rosenfalck 1981 (CRC Crit Rev Bioeng 6:267)."""
STEP = 0.25e-3
N_STEPS = 2048
"""Grid along the fibres, 0.51 m: longer than any fibre here."""
SHALLOWEST = 1e-3
"""Depth that the number of orders and frequencies is made for; the fascia is as thick."""
ATTENUATION = 9.0
"""Orders and frequencies that the tissue weakens by more than e to this power are left out."""


@dataclass(frozen=True, slots=True)
class Tissue:
    """A limb: a cylinder of muscle below layers of fat and skin.

    Parameters
    ----------
    muscle, fat, skin
        Radius of the muscle, thickness of the layers.
    across, along, in_fat, in_skin
        Conductivities in S/m: of muscle across and along its fibres, of fat and of skin; by
        default those of Farina 2004, apart from the skin of Gabriel 1996 (Phys Med Biol 41:2271).
    """

    muscle: float = 0.045
    fat: float = 0.003
    skin: float = 0.001
    across: float = 0.1
    along: float = 0.5
    in_fat: float = 0.05
    in_skin: float = 0.1

    def __post_init__(self) -> None:
        if min(self.muscle, self.fat, self.skin) <= 0:
            raise ValueError(f"need lengths above 0, got {self}")
        if min(self.across, self.along, self.in_fat, self.in_skin) <= 0:
            raise ValueError(f"need conductivities above 0, got {self}")

    @property
    def radius(self) -> float:
        """Radius of the limb."""
        return self.muscle + self.fat + self.skin


@dataclass(frozen=True, slots=True)
class Montage:
    """Round electrodes on the skin, and how an amplifier combines them.

    Parameters
    ----------
    weights
        One for each electrode: (1,) monopolar, (1, -1) bipolar, (1, -2, 1) double differential.
    distance
        Between the centres of neighbours.
    radius
        Of an electrode.
    angle
        Of the row of electrodes against the fibres, radians.
    """

    weights: tuple[float, ...] = (1.0, -1.0)
    distance: float = 0.02
    radius: float = 0.005
    angle: float = 0.0

    def positions(self) -> Samples:
        """Return distances from the centre along and around, shape (n_electrodes, 2)."""
        places = (np.arange(len(self.weights)) - (len(self.weights) - 1) / 2) * self.distance
        return np.outer(places, [np.cos(self.angle), np.sin(self.angle)])


@dataclass(frozen=True, slots=True)
class Fibre:
    """A muscle fibre.

    Parameters
    ----------
    depth
        Below the surface of the muscle.
    around
        Arc from the centre of the electrodes.
    end_plate
        Where the action potential begins, along the fibre.
    before, after
        Length on both sides of the end plate.
    velocity
        Of conduction, m/s.
    delay_s
        Of the beginning, as the branches of the nerve have different lengths.
    n
        How many fibres of this kind there are.
    """

    depth: float
    around: float = 0.0
    end_plate: float = -0.03
    before: float = 0.05
    after: float = 0.07
    velocity: float = 4.0
    delay_s: float = 0.0
    n: float = 1.0

    @property
    def diameter(self) -> float:
        """Diameter of a fibre of this velocity: 0.05 m/s a micrometre and 0.95 m/s.

        Blijham 2006 (J Appl Physiol 100:1837).
        """
        return max(self.velocity - 0.95, 0.25) / 0.05 * 1e-6


class VolumeConductor:
    """A limb with electrodes on it.

    Examples
    --------
    >>> limb = VolumeConductor(Tissue(fat=0.003), Montage(distance=0.02))
    >>> shallow, deep = (np.ptp(limb.potential([Fibre(d)])) for d in (0.002, 0.010))
    >>> bool(shallow > 4 * deep)
    True
    """

    def __init__(self, tissue: Tissue, montage: Montage) -> None:
        self._tissue, self._montage = tissue, montage

    def potential(self, fibres: Sequence[Fibre]) -> Samples:
        """Return the potential of fibres that one nerve impulse excites.

        Returns
        -------
        shape (n_samples,), in microvolts at `TABLE_HZ` from the nerve impulse on

        Raises
        ------
        ValueError
            If a fibre lies outside of the muscle, or extends beyond the grid.
        """
        ends_s = max(f.delay_s + (max(f.before, f.after) + _SPAN) / f.velocity for f in fibres)
        time_s = np.arange(int(ends_s * TABLE_HZ) + 2) / TABLE_HZ
        total = np.zeros_like(time_s)
        for fibre, slope in zip(fibres, self._lead_slopes(fibres), strict=True):
            at_s, wave = _travelling(fibre, slope)
            total += np.interp(time_s, at_s, wave, left=0.0, right=0.0)
        return total

    def _lead_slopes(self, fibres: Sequence[Fibre]) -> Samples:
        """Return V/A/m: what a current along each fibre causes, shape (n_fibres, N_STEPS).

        It is the slope along the fibre of the potential of a unit current, for the electrodes
        together; index 0 is the centre of the electrodes, indices wrap around.
        """
        depth, around = np.array([[f.depth, f.around] for f in fibres]).T
        tissue, arc = self._tissue, np.array([f.around for f in fibres]) / self._tissue.muscle
        if np.any(depth <= 0) or np.any(depth >= tissue.muscle) or np.any(np.abs(arc) > np.pi):
            raise ValueError(
                f"need fibres within the muscle, got depths of {depth} and arcs of {around} m"
            )
        orders, per_m, surface = self._surface
        inward = _log_i(len(orders), tissue_scale(tissue) * np.outer(tissue.muscle - depth, per_m))
        outward = _log_i(len(orders), tissue_scale(tissue) * tissue.muscle * per_m)
        # Shape (n_orders, n_fibres, n_frequencies).
        field = np.exp(inward - outward[:, np.newaxis]) * surface[:, np.newaxis]
        spectrum = np.zeros((len(fibres), N_STEPS // 2 + 1), dtype=complex)
        together = np.zeros((len(fibres), len(per_m)), dtype=complex)
        for weight, (z, arc_length) in zip(
            self._montage.weights, self._montage.positions(), strict=True
        ):
            angle = arc - arc_length / tissue.radius
            turns = np.cos(np.outer(orders, angle)) * np.where(orders > 0, 2.0, 1.0)[:, np.newaxis]
            seen = (turns[:, :, np.newaxis] * field).sum(axis=0)
            together += weight * np.exp(-1j * per_m * z) * seen
        spectrum[:, 1 : len(per_m) + 1] = 1j * per_m * together
        return np.asarray(np.fft.irfft(spectrum, N_STEPS, axis=1) / (2 * np.pi * STEP))

    @cached_property
    def _surface(self) -> tuple[Samples, Samples, Samples]:
        """Return orders, spatial frequencies and the factor from muscle to electrode for both."""
        tissue, montage = self._tissue, self._montage
        layers = tissue.fat + tissue.skin
        shallow = SHALLOWEST + layers
        last = min(ATTENUATION / shallow, np.pi / STEP / 2)
        step_per_m = 2 * np.pi / (N_STEPS * STEP)
        per_m = step_per_m * np.arange(1.0, int(last / step_per_m) + 1)
        last_order = int(ATTENUATION / np.log(tissue.radius / (tissue.radius - shallow)))
        orders = np.arange(last_order + 1.0)
        # From the outside in: no current leaves the skin, then the ratio of current to potential
        # at each boundary.
        flux = np.zeros((len(orders), len(per_m)))
        gain = np.ones_like(flux)
        for layer in (
            _Layer(tissue.radius, tissue.radius - tissue.skin, tissue.in_skin),
            _Layer(tissue.muscle + tissue.fat, tissue.muscle, tissue.in_fat),
        ):
            factor, flux = _through(layer, per_m, flux)
            gain *= factor
        scale = tissue_scale(tissue) * per_m
        x = scale * tissue.muscle
        slope = _slope_i(len(orders), x) - flux / (tissue.across * scale)
        gain /= tissue.across * x * slope
        size = np.hypot(per_m, orders[:, np.newaxis] / tissue.radius) * montage.radius
        return orders, per_m, gain * _round_electrode(size)


def tissue_scale(tissue: Tissue) -> float:
    """Return how much shorter a distance across the fibres is than one along them."""
    return float(np.sqrt(tissue.along / tissue.across))


class _Layer(NamedTuple):
    """A tube around the muscle: its radii in m and its conductivity in S/m."""

    outer: float
    inner: float
    conductivity: float


def _through(layer: _Layer, per_m: Samples, flux: Samples) -> tuple[Samples, Samples]:
    """Return the potential outside over that inside of a layer, and the flux at its inside.

    Flux is conductivity times the slope of the potential over the potential; `flux` is that at the
    outside, shape (n_orders, n_frequencies).
    """
    n_orders, conductivity = len(flux), layer.conductivity
    far, near = per_m * layer.outer, per_m * layer.inner
    far_i, near_i = _slope_i(n_orders, far), _slope_i(n_orders, near)
    far_k, near_k = _slope_k(n_orders, far), _slope_k(n_orders, near)
    wanted = flux / (conductivity * per_m)
    growing = (
        (wanted - far_k) / (far_i - far_k) * np.exp(_log_i(n_orders, near) - _log_i(n_orders, far))
    )
    falling = (
        (far_i - wanted) / (far_i - far_k) * np.exp(_log_k(n_orders, near) - _log_k(n_orders, far))
    )
    inside = growing + falling
    slope = (growing * near_i + falling * near_k) / inside
    return 1.0 / inside, conductivity * per_m * slope


def _ratios_i(n_orders: int, x: Samples) -> Samples:
    """Return I[m + 1] / I[m] for m below `n_orders`; the downward recurrence is stable."""
    ratios = np.empty((n_orders, *x.shape))
    ratio = np.zeros_like(x)
    # Started where it no longer matters: far above both order and argument.
    for order in range(n_orders + 60 + int(x.max() / 2), 0, -1):
        ratio = 1.0 / (2.0 * order / x + ratio)
        if order <= n_orders:
            ratios[order - 1] = ratio
    return ratios


def _log_i(n_orders: int, x: Samples) -> Samples:
    """Return the logarithms of the modified Bessel functions I, shape (n_orders, ...)."""
    logs = np.empty((n_orders, *x.shape))
    logs[0] = np.log(special.i0e(x)) + x
    logs[1:] = np.log(_ratios_i(n_orders, x))[:-1]
    return np.asarray(np.cumsum(logs, axis=0))


def _slope_i(n_orders: int, x: Samples) -> Samples:
    """Return I'[m] / I[m], shape (n_orders, ...)."""
    return np.arange(n_orders)[:, np.newaxis] / x + _ratios_i(n_orders, x)


def _ratios_k(n_orders: int, x: Samples) -> Samples:
    """Return K[m + 1] / K[m] for m below `n_orders`; the upward recurrence is stable."""
    ratios = np.empty((n_orders, *x.shape))
    ratios[0] = special.k1e(x) / special.k0e(x)
    for order in range(1, n_orders):
        ratios[order] = 2.0 * order / x + 1.0 / ratios[order - 1]
    return ratios


def _log_k(n_orders: int, x: Samples) -> Samples:
    """Return the logarithms of the modified Bessel functions K, shape (n_orders, ...)."""
    logs = np.empty((n_orders, *x.shape))
    logs[0] = np.log(special.k0e(x)) - x
    logs[1:] = np.log(_ratios_k(n_orders, x))[:-1]
    return np.asarray(np.cumsum(logs, axis=0))


def _slope_k(n_orders: int, x: Samples) -> Samples:
    """Return K'[m] / K[m], shape (n_orders, ...)."""
    return np.arange(n_orders)[:, np.newaxis] / x - _ratios_k(n_orders, x)


def _round_electrode(x: Samples) -> Samples:
    """Return the mean of a wave over a disc, for its wave number times the radius."""
    safe = np.maximum(x, 1e-9)
    return np.asarray(2 * special.j1(safe) / safe)


_SPAN = 0.02
"""Length of an action potential along a fibre."""
_ALONG = np.arange(0.0, _SPAN, STEP)
_MM = 1e3 * _ALONG
_VOLT_PER_M = 96.0 * (3 * _MM**2 - _MM**3) * np.exp(-_MM)
"""Slope of the potential inside a fibre behind its front, 96 z^3 exp(-z) - 90 mV with z in mm:
Rosenfalck 1969 (Acta Physiol Scand Suppl 321)."""


def _travelling(fibre: Fibre, lead_slope: Samples) -> tuple[Samples, Samples]:
    """Return times in seconds, and the potential in uV at the electrodes, of one fibre."""
    plate = round(fibre.end_plate / STEP)
    n_before, n_after = round(fibre.before / STEP), round(fibre.after / STEP)
    if max(abs(plate - n_before), abs(plate + n_after)) >= N_STEPS // 2:
        raise ValueError(f"need a fibre within {N_STEPS * STEP / 2:g} m of the electrodes: {fibre}")
    way = np.zeros(max(n_before, n_after) + 1)
    way[: n_after + 1] += lead_slope[(plate + np.arange(n_after + 1)) % N_STEPS]
    way[: n_before + 1] -= lead_slope[(plate - np.arange(n_before + 1)) % N_STEPS]
    n = len(way) + len(_VOLT_PER_M)
    volts = np.fft.irfft(np.fft.rfft(way, n) * np.fft.rfft(_VOLT_PER_M, n), n) * STEP
    current = INSIDE_S_PER_M * np.pi * (fibre.diameter / 2) ** 2 * fibre.n
    time_s = np.asarray(fibre.delay_s + np.arange(float(n)) * (STEP / fibre.velocity))
    return time_s, 1e6 * current * volts
