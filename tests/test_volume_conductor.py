"""Potentials on the skin, against physics and against figures of the literature."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import signal, special

from myowatch.acquisition.simulator.muscle_fibres import (
    Anatomy,
    UnitPotential,
    draw_fibres,
    unit_potential,
)
from myowatch.acquisition.simulator.volume_conductor import (
    N_STEPS,
    STEP,
    TABLE_HZ,
    Fibre,
    Montage,
    Tissue,
    VolumeConductor,
    _log_i,
    _log_k,
)
from myowatch.signal.model.samples import Samples

MONOPOLAR = Montage((1.0,), radius=0.001)
BIPOLAR = Montage((1.0, -1.0), distance=0.02, radius=0.005)


def potential(
    fibre: Fibre, montage: Montage = BIPOLAR, tissue: Tissue | None = None, n: float = 1.0
) -> Samples:
    return VolumeConductor(tissue or Tissue(), montage).potential([replace(fibre, n=n)])


def duration_ms(wave: Samples) -> float:
    """From the first to the last sample above a tenth of the peak."""
    above = np.flatnonzero(np.abs(wave) > 0.1 * np.abs(wave).max())
    return float(1e3 * np.ptp(above) / TABLE_HZ)


def phase_width_ms(wave: Samples) -> float:
    """How long the highest phase is above half its peak."""
    around = np.abs(wave) > np.abs(wave).max() / 2
    peak = int(np.abs(wave).argmax())
    first, last = peak, peak
    while around[first - 1]:
        first -= 1
    while around[last + 1]:
        last += 1
    return 1e3 * (last - first + 1) / TABLE_HZ


def units(anatomy: Anatomy, n_units: int = 12) -> list[UnitPotential]:
    conductor = VolumeConductor(anatomy.tissue, anatomy.montage)
    return [
        unit_potential(conductor, draw_fibres(np.random.default_rng(seed), anatomy, seed / 11))
        for seed in range(n_units)
    ]


# The conductor.


def test_logarithms_of_bessel_functions_are_those_of_scipy() -> None:
    x = np.array([0.5, 5.0, 50.0, 190.0])
    orders = range(30)
    np.testing.assert_allclose(_log_i(30, x), [np.log(special.ive(m, x)) + x for m in orders])
    np.testing.assert_allclose(_log_k(30, x), [np.log(special.kve(m, x)) - x for m in orders])


@pytest.mark.parametrize("depth", [0.004, 0.008, 0.016])
def test_a_wide_limb_of_one_tissue_is_a_half_space(depth: float) -> None:
    """On the flat surface of a half space a point source has twice its free potential."""
    tissue = Tissue(0.5, 0.003, 0.003, across=0.3, along=0.3, in_fat=0.3, in_skin=0.3)
    slopes = VolumeConductor(tissue, replace(MONOPOLAR, radius=1e-5))._lead_slopes([Fibre(depth)])
    at = np.arange(N_STEPS) * STEP
    below = depth + 0.006
    expected = -2 / (4 * np.pi * 0.3) * at / (below**2 + at**2) ** 1.5
    near = slice(int(below / 2 / STEP), int(4 * below / STEP))
    np.testing.assert_allclose(slopes[0, near], -np.abs(expected[near]), rtol=0.03)


def test_the_potential_of_a_fibre_carries_no_net_charge_at_a_distance() -> None:
    far = potential(Fibre(0.02, around=0.05), MONOPOLAR)
    assert abs(far.sum()) < 0.2 * np.abs(far).sum()


# Depth and fat.


def test_amplitude_falls_and_width_grows_with_depth() -> None:
    waves = [potential(Fibre(depth)) for depth in (0.002, 0.004, 0.008, 0.016)]
    heights = [np.ptp(w) for w in waves]
    widths = [phase_width_ms(w) for w in waves[:3]]
    assert np.all(np.diff(heights) < 0)
    assert heights[0] > 20 * heights[3]
    assert np.all(np.diff(widths) > 0)


def test_amplitude_falls_and_width_grows_with_fat() -> None:
    waves = [
        potential(Fibre(0.003), tissue=Tissue(fat=fat)) for fat in (0.001, 0.003, 0.009, 0.018)
    ]
    assert np.all(np.diff([np.ptp(w) for w in waves]) < 0)
    assert np.all(np.diff([phase_width_ms(w) for w in waves[:3]]) > 0)


def test_fat_weakens_the_signal_of_a_muscle_about_as_kuiken_found() -> None:
    """Kuiken 2003 (Prosthet Orthot Int 27:48): 31, 80 and 90 % less with 3, 9 and 18 mm of fat."""
    around = [
        Fibre(depth, arc, end_plate=plate)
        for depth in (0.002, 0.005, 0.009, 0.014)
        for arc in (-0.015, -0.005, 0.005, 0.015)
        for plate in (-0.035, -0.025)
    ]
    power = np.array(
        [
            sum(float(np.sum(potential(f, tissue=Tissue(fat=fat)) ** 2)) for f in around)
            for fat in (0.0003, 0.003, 0.009, 0.018)
        ]
    )
    less = 1 - np.sqrt(power[1:] / power[0])
    assert 0.2 < less[0] < 0.5
    assert 0.5 < less[1] < 0.85
    assert 0.75 < less[2] < 0.95


# Electrodes.


@pytest.mark.parametrize("velocity", [2.5, 4.0, 5.5])
def test_a_potential_arrives_later_by_distance_over_velocity(velocity: float) -> None:
    arrivals = [
        # The innervation zone is moved, which is the same as moving the electrode.
        np.argmin(
            potential(Fibre(0.002, end_plate=-away, after=0.10, velocity=velocity), MONOPOLAR)
        )
        for away in (0.03, 0.05)
    ]
    assert np.diff(arrivals)[0] / TABLE_HZ == pytest.approx(0.02 / velocity, rel=0.05)


def test_a_bipolar_signal_is_the_difference_of_two_monopolar_ones() -> None:
    fibre = Fibre(0.004)
    bipolar = potential(fibre, replace(BIPOLAR, radius=0.001))
    one, other = (
        potential(replace(fibre, end_plate=fibre.end_plate + shift), MONOPOLAR)
        for shift in (0.01, -0.01)
    )
    n = min(map(len, (bipolar, one, other)))
    np.testing.assert_allclose(bipolar[:n], (one - other)[:n], atol=0.02 * np.ptp(bipolar))


def test_a_bipolar_pair_hardly_sees_distant_fibres() -> None:
    near, far = Fibre(0.003), Fibre(0.012, around=0.03)
    shares = [
        np.ptp(potential(far, montage)) / np.ptp(potential(near, montage))
        for montage in (MONOPOLAR, BIPOLAR)
    ]
    assert shares[1] < 0.7 * shares[0]


def test_the_end_of_the_fibres_is_seen_by_one_electrode_and_cancelled_by_a_pair() -> None:
    """Both electrodes of a pair see the extinction at the tendon at once: it does not travel."""
    fibre = Fibre(0.008, end_plate=-0.03, before=0.06, after=0.12)
    ends = int((0.03 + 0.088) / fibre.velocity * TABLE_HZ)
    tails = [
        np.abs(w[ends:]).max() / np.abs(w).max()
        for w in (potential(fibre, MONOPOLAR), potential(fibre, BIPOLAR))
    ]
    assert tails[1] < 0.5 * tails[0]


def test_a_pair_over_the_end_plates_sees_little() -> None:
    beside, above = (np.ptp(potential(Fibre(0.003, end_plate=-z))) for z in (0.035, 0.0))
    assert above < 0.6 * beside


def test_wide_electrodes_smooth() -> None:
    narrow, wide = (
        potential(Fibre(0.002), replace(BIPOLAR, radius=r), Tissue(fat=0.001))
        for r in (0.001, 0.01)
    )
    assert np.ptp(wide) < 0.8 * np.ptp(narrow)
    assert phase_width_ms(wide) > phase_width_ms(narrow)


# Motor units.


def test_motor_units_have_the_amplitudes_and_durations_of_the_literature() -> None:
    """10 uV to 1 mV and 5 to 40 ms on skin; needles see up to 37 ms (Mills 2010, JNNP 81)."""
    tables = [u.table_uv for u in units(Anatomy())]
    heights, lasts = [np.ptp(t) for t in tables], [duration_ms(t) for t in tables]
    assert 5 < min(heights) < 50
    assert 200 < max(heights) < 2000
    assert all(5 < lasts_ms < 40 for lasts_ms in lasts)


def test_the_energy_of_motor_units_lies_in_the_band_of_surface_emg() -> None:
    """Most between 20 and 150 Hz, next to nothing above 500 (De Luca 1997, J Appl Biomech 13)."""
    for unit in units(Anatomy()):
        hertz, power = signal.periodogram(unit.table_uv, TABLE_HZ, nfft=2**15)
        within = (hertz >= 20) & (hertz < 500)
        assert power[within].sum() > 0.7 * power.sum()
        assert power[hertz >= 500].sum() < 0.03 * power.sum()
        assert 20 < hertz[np.argmax(power)] < 150


def test_scattered_and_late_fibres_make_long_potentials_of_many_phases() -> None:
    late = Anatomy(scatter=0.015, velocity_scatter=0.5, delay_s=0.004)

    def turns(unit: UnitPotential) -> int:
        wave = unit.table_uv
        return len(signal.find_peaks(np.abs(wave), 0.15 * np.abs(wave).max())[0])

    usual, spread = units(Anatomy()), units(late)
    assert np.median([duration_ms(u.table_uv) for u in spread]) > 1.3 * np.median(
        [duration_ms(u.table_uv) for u in usual]
    )
    assert sum(map(turns, spread)) > sum(map(turns, usual))


@pytest.mark.parametrize("rate", [250.0, 1000.0, 2048.0])
def test_a_unit_is_the_same_at_every_rate_apart_from_smoothing(rate: float) -> None:
    for unit in units(Anatomy(), 4):
        time_s = np.arange(int(unit.ends_s * rate) + 1) / rate
        wave = unit.potential(time_s, rate)
        assert wave.shape == time_s.shape
        assert 0.4 * unit.size_uv < np.abs(wave).max() < 1.01 * unit.size_uv
        assert np.all(unit.potential(np.array([-0.02, unit.ends_s + 0.02]), rate) == 0)


def test_the_same_seed_gives_the_same_unit() -> None:
    first, second = (units(Anatomy(), 2)[1].table_uv for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    "wrong",
    [Fibre(0.05), Fibre(-0.001), Fibre(0.003, around=0.2), Fibre(0.003, after=0.3)],
    ids=["too deep", "outside", "beyond the limb", "too long"],
)
def test_fibres_outside_of_the_muscle_are_refused(wrong: Fibre) -> None:
    with pytest.raises(ValueError, match="need"):
        potential(wrong)


def test_a_limb_needs_layers_and_conductivities() -> None:
    for wrong in ({"fat": 0.0}, {"muscle": -1.0}, {"in_skin": 0.0}):
        with pytest.raises(ValueError, match="need"):
            Tissue(**wrong)
