"""Scenes of the grade `wild`: every parameter is drawn from the seed, each from a wide range.

The grades of `scene.py` are one wearer with one sensor under three conditions. Here each seed is
another wearer, limb, sensor and night, so that a detector cannot fit the habits of a simulator. The
ranges are the widest that literature and data sheets allow; each has its source beside it.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from myowatch.acquisition.simulator.muscle_fibres import Anatomy
from myowatch.acquisition.simulator.ranges import (
    NONE,
    Activity,
    Artefacts,
    FrontEnd,
    HeartBeats,
    LimbMotion,
    Range,
)
from myowatch.acquisition.simulator.scene import (
    SCENES,
    Brief,
    Electrodes,
    EventKind,
    Long,
    Rest,
    Scene,
    Twitching,
)
from myowatch.acquisition.simulator.timetable import log_uniform, random_draws
from myowatch.acquisition.simulator.volume_conductor import Montage, Tissue

T = TypeVar("T")

WILD = "wild"
SCENE_NAMES = (*SCENES, WILD)

EMG_DEVICES = (
    # Rates; microvolts per count; full scale in uV; high-pass in Hz, 0 for a coupling without one.
    ((250.0,), 4.5e6 / 24 / (2**23 - 1), 187.5e3, 0.0),  # ADS1299 at a gain of 24 (OpenBCI Cyton)
    ((512.0, 1024.0), 2.42e6 / 12 / (2**23 - 1), 201.7e3, 0.0),  # ADS1292R, gain 12 (Shimmer3)
    ((1000.0,), 3.3e6 / 1009 / 2**10, 1.64e3, 25.0),  # BITalino EMG, 10 bits, 25 to 480 Hz
    ((1000.0, 2000.0), 3.0e6 / 1000 / 2**16, 1.5e3, 25.0),  # biosignalsplux EMG, 16 bits
    ((1925.925926,), 0.168, 5.5e3, 20.0),  # Delsys Trigno, 16 bits, 20 to 450 Hz
    ((250.0, 500.0, 1000.0), 4.9, 2.5e3, 10.0),  # Arduino Uno, 10 bits at a gain of 1000
    ((500.0, 1000.0, 2000.0), 0.9, 1.8e3, 10.0),  # nRF52 or ESP32, 12 bits at a gain of 1000
    ((500.0, 1000.0), 5e6 / 200 / 2**10, 12.5e3, 20.8),  # MyoWare 2.0, raw output, gain 200
)
"""Rates and resolutions from the makers' data sheets, and `docs/reference/devices.md`."""

ACCELEROMETERS = (
    # Rates; g per count; full scale in g; noise in ug per root hertz.
    ((62.5, 125.0, 250.0), 3.9e-6, 2.0, 22.5),  # ADXL355
    ((52.0, 104.0, 208.0, 400.0), 61e-6, 2.0, 70.0),  # LSM6DSO
    ((52.0, 104.0, 208.0), 488e-6, 16.0, 110.0),  # LSM6DSO at its widest range
    ((50.0, 100.0, 200.0, 250.0), 61e-6, 2.0, 400.0),  # MPU-6050
    ((50.0, 100.0, 200.0, 400.0), 1e-3, 2.0, 220.0),  # LIS3DH with 12 bits
    ((50.0, 100.0, 200.0, 400.0), 4e-3, 2.0, 220.0),  # LIS3DH with 10 bits
    ((50.0, 100.0, 200.0, 400.0), 3.9e-3, 16.0, 290.0),  # ADXL345
)


def scene_of(name: str, seed: int) -> Scene:
    """Return the scene with this name; of `wild`, the one of this seed.

    Examples
    --------
    >>> scene_of("wild", 1).emg.sampling_rate == scene_of("wild", 1).emg.sampling_rate
    True
    """
    return wild_scene(seed) if name == WILD else SCENES[name]


def wild_scene(seed: int) -> Scene:
    """Draw a scene."""
    emg = _emg(random_draws(seed, WILD, "emg"))
    accelerometer, noise_mg = _accelerometer(random_draws(seed, WILD, "accelerometer"))
    electrodes = _electrodes(random_draws(seed, WILD, "electrodes"))
    rest = _rest(random_draws(seed, WILD, "rest"), noise_mg)
    noise_uv = emg.with_rounding(electrodes.noise_uv[1])
    noise_g = accelerometer.with_rounding(1e-3 * max(noise_mg, rest.tremor_mg[1], rest.line_mg[1]))
    return Scene(
        "a wearer, a limb, a sensor and a night whose every parameter is drawn from the seed",
        _twitching(random_draws(seed, WILD, "twitching"), random_draws(seed, WILD, "anatomy")),
        _long(random_draws(seed, WILD, "long")),
        _spread(random_draws(seed, WILD, "rests"), (8.0, 60.0), 4.0),
        _brief(random_draws(seed, WILD, "brief")),
        electrodes,
        rest,
        _activity(random_draws(seed, WILD, "activity"), noise_uv),
        _artefacts(random_draws(seed, WILD, "artefacts")),
        _motion(random_draws(seed, WILD, "motion"), noise_g),
        _heart(random_draws(seed, WILD, "heart")),
        emg,
        accelerometer,
    )


def _pick(rng: np.random.Generator, choices: Sequence[T]) -> T:
    return choices[int(rng.integers(len(choices)))]


def _chance(rng: np.random.Generator, share: float) -> bool:
    return bool(rng.random() < share)


def _spread(rng: np.random.Generator, lowest: Range, times: float, most: float = np.inf) -> Range:
    """Draw a range: where it begins, and up to how many times that it ends."""
    low = log_uniform(rng, lowest)
    return low, min(low * log_uniform(rng, (1.2, times)), most)


def _emg(rng: np.random.Generator) -> FrontEnd:
    rates, step, full_scale, high_pass_hz = _pick(rng, EMG_DEVICES)
    return FrontEnd(_pick(rng, rates), step, full_scale, high_pass_hz)


def _accelerometer(rng: np.random.Generator) -> tuple[FrontEnd, float]:
    """Draw a sensor, and its RMS noise in mg at its rate."""
    rates, step, full_scale, density = _pick(rng, ACCELEROMETERS)
    rate = _pick(rng, rates)
    return FrontEnd(rate, step, full_scale), float(1e-3 * density * np.sqrt(rate / 2))


def _twitching(rng: np.random.Generator, anatomy: np.random.Generator) -> Twitching:
    # Healthy legs up to 3 a minute and foot muscles above 100 (van der Heijden 1994, JNNP 57); a
    # median of 40 with quartiles of 11 and 79 in ALS (Bashford 2020, PMC7425399).
    dense = _chance(rng, 0.3)
    per_minute = (40.0, 120.0) if dense else (0.3, 60.0)
    # A whole muscle's evoked twitch is 0.7 g on the skin (Barry 1992, PubMed 1541245). One unit
    # has a hundredth to a tenth of it, by inference; the largest here have a third.
    amplitude_mg = (log_uniform(rng, (0.7, 5.0)), log_uniform(rng, (15.0, 200.0)))
    # Mechanomyography uses 5 to 100 Hz (43 studies: Rev Bras Eng Biomed 2014, 30); the time to
    # the peak of 27 ms in the tibialis anterior is a quarter of a cycle of 9 Hz.
    ring_hz = log_uniform(rng, (5.0, 30.0))
    ring_s = _ring_s(ring_hz, damping=rng.uniform(0.15, 0.8))
    return Twitching(
        per_minute,
        amplitude_mg=amplitude_mg,
        # Isolated are 35 % of the potentials in motor neurone disease and 10 % in controls:
        # Sleutjes 2016 (Clin Neurophysiol 127). So few to most of them come in groups.
        clustered=rng.uniform(0.0, 0.6),
        repeated=rng.uniform(0.0, 0.5),
        # An F wave follows within 10 to 110 ms: Kleine 2012 (Clin Neurophysiol 123:1613).
        doublet_s=(0.002, 0.05),
        apart_s=rng.uniform(0.15, 0.3),
        units=int(rng.integers(1, 13)),
        two_units=rng.uniform(0.0, 0.4),
        anatomy=_anatomy(anatomy),
        ring_hz=(max(ring_hz / 1.3, 5.0), min(ring_hz * 1.3, 30.0)),
        ring_s=(ring_s / 1.3, ring_s * 1.3),
        rise=int(rng.integers(2, 5)),
        aside=rng.uniform(0.1, 1.0),
    )


def _ring_s(hertz: float, damping: float) -> float:
    """Return how long a ring lasts: its displacement falls to a tenth of its envelope."""
    decay_per_s = 2 * np.pi * hertz * damping / np.sqrt(1 - damping**2)
    # The longest is twice that with its slow end: about as in ultrasound.
    return float(np.clip(7.5 / decay_per_s, 0.04, 0.5))


def _anatomy(rng: np.random.Generator) -> Anatomy:
    tissue = Tissue(
        # Forearm to thigh.
        muscle=rng.uniform(0.025, 0.075),
        # Kuiken 2003 (Prosthet Orthot Int 27:48): 0 to 18 mm.
        fat=log_uniform(rng, (0.001, 0.018)),
        skin=rng.uniform(0.0008, 0.0025),
        # Gabriel 1996 (Phys Med Biol 41:2251), and the anisotropy of Epstein & Foster 1983 (Med
        # Biol Eng Comput 21:51); skin from dry to moist.
        across=rng.uniform(0.07, 0.15),
        along=rng.uniform(0.3, 0.6),
        in_fat=rng.uniform(0.03, 0.07),
        in_skin=log_uniform(rng, (0.02, 1.0)),
    )
    montage = Montage(
        weights=_pick(rng, ((1.0,), (1.0, -1.0), (1.0, -1.0), (1.0, -1.0), (1.0, -2.0, 1.0))),
        # SENIAM recommends 20 mm; snap electrodes for ECG lie 20 to 50 mm apart, bars 10 mm.
        distance=log_uniform(rng, (0.010, 0.050)),
        radius=log_uniform(rng, (0.001, 0.010)),
        angle=rng.uniform(0.0, 0.7),
    )
    velocity = rng.uniform(2.7, 5.0)
    deepest = log_uniform(rng, (0.006, 0.025))
    smallest = log_uniform(rng, (15.0, 150.0))
    half = log_uniform(rng, (0.015, 0.060))
    return Anatomy(
        tissue,
        montage,
        depth=(0.0015, min(deepest, tissue.muscle / 2)),
        around=rng.uniform(0.002, 0.015),
        # Buchthal 1957 (Acta Physiol Scand 39:83): 2 to 10 mm across, for units of usual size.
        territory=(0.001, 0.005),
        # 209 to 329 on the average (Gath & Stalberg 1981, Exp Brain Res 43:377), to 1900 in the
        # calf (Feinstein 1955, Acta Anat 23:127), and more after reinnervation.
        n_fibres=(smallest, min(smallest * log_uniform(rng, (8.0, 60.0)), 2500.0)),
        # Wickiewicz 1983 (Clin Orthop 179:275): fibres of the leg are 30 mm and more.
        half_length=(half, 1.6 * half),
        innervation=rng.uniform(-0.06, 0.06),
        # A narrow zone, or end plates all over the muscle, as after reinnervation.
        scatter=log_uniform(rng, (0.001, 0.015)),
        # 3.7 +- 0.7 m/s in the biceps (Stalberg 1966, Acta Physiol Scand Suppl 287); slower where
        # fibres are thin (Blijham 2006, J Appl Physiol 100:1837).
        velocity=(velocity - 0.5, velocity + 0.5),
        velocity_scatter=rng.uniform(0.05, 0.5),
        # Terminal branches; needle potentials of up to 37 ms (Mills 2010, JNNP 81) need late ones.
        delay_s=log_uniform(rng, (0.0002, 0.004)),
    )


LASTING: tuple[tuple[EventKind, Range, float], ...] = (
    (EventKind.MOVEMENT, (0.4, 30.0), 0.95),
    # To ten minutes (Hallegraeff's review of nocturnal leg cramps), here less than a scene. What
    # is shorter is a movement by our rule of durations.
    (EventKind.CRAMP, (5.0, 180.0), 0.8),
    # 0.5 to 10 s: WASM criteria, Ferri 2016 (Sleep Med 26:86).
    (EventKind.PERIODIC, (0.5, 10.0), 0.4),
    (EventKind.WALK, (4.0, 60.0), 0.4),
    (EventKind.TONIC, (1.0, 90.0), 0.7),
    (EventKind.LOOSE, (1.0, 40.0), 0.5),
    (EventKind.CABLE, (0.3, 8.0), 0.6),
    (EventKind.SATURATION, (0.2, 10.0), 0.4),
    (EventKind.FLAT, (0.5, 10.0), 0.3),
    # From one lost packet to a lost link.
    (EventKind.DROPOUT, (0.005, 5.0), 0.6),
)
"""What lasts: how long, and how often a wearer has it at all."""


def _long(rng: np.random.Generator) -> tuple[Long, ...]:
    found = [
        Long(kind, (low, low + (high - low) * rng.random()), log_uniform(rng, (0.2, 3.0)))
        for kind, (low, high), often in LASTING
        if _chance(rng, often)
    ]
    return tuple(found) or (Long(EventKind.MOVEMENT, (0.5, 10.0)),)


def _brief(rng: np.random.Generator) -> tuple[Brief, ...]:
    return (
        Brief(EventKind.POP, log_uniform(rng, (0.02, 3.0))),
        Brief(EventKind.TAP, log_uniform(rng, (0.05, 6.0))),
    )


def _electrodes(rng: np.random.Generator) -> Electrodes:
    beats = _chance(rng, 0.6)
    return Electrodes(
        # Huigen 2002 (Med Biol Eng Comput 40:332): 1 to 20 uV RMS by skin and electrode.
        noise_uv=_spread(rng, (1.0, 12.0), 4.0, most=20.0),
        step_s=log_uniform(rng, (15.0, 300.0)),
        # White to 1/f^2 on skin: Gondran 1996 (Med Biol Eng Comput 34:460).
        coloured=rng.uniform(0.0, 0.95),
        exponent=rng.uniform(0.5, 2.0),
        mains_hz=float(_pick(rng, (50.0, 60.0))),
        mains_uv=_spread(rng, (0.3, 40.0), 5.0, most=100.0),
        # EN 50160: within 1 % in 99.5 % of a year.
        mains_drift_hz=log_uniform(rng, (0.005, 0.5)),
        # EN 50160 allows a tenth of the usual on the net; a body couples more at higher orders.
        mains_harmonics=log_uniform(rng, (0.1, 2.5)),
        # Stretched skin changes its potential by millivolts: Tam & Webster 1977 (IEEE TBME 24).
        wander_uv=log_uniform(rng, (1.0, 500.0)),
        # From limbs to the chest: beats dominate trunk EMG (Drake & Callaghan 2006, J Electromyogr
        # Kinesiol 16:175).
        heart_uv=_spread(rng, (5.0, 250.0), 2.0) if beats else NONE,
        # Up to a tenth of the beats: above that the heart fails (Baman 2010, Heart Rhythm 7:865).
        ectopic=log_uniform(rng, (0.001, 0.1)) if _chance(rng, 0.5) else 0.0,
        crosstalk=_spread(rng, (0.01, 0.2), 2.0),
    )


def _heart(rng: np.random.Generator) -> HeartBeats:
    # 49 to 88 a minute in 96 % of women (PMC3825808, table 2); athletes and fever beyond.
    interval_s = 60.0 / rng.uniform(42.0, 115.0)
    fibrillates = _chance(rng, 0.1)
    s_wave, t_wave = rng.uniform(0.0, 1.0), rng.uniform(-0.3, 0.5)
    width = rng.uniform(0.75, 1.3) if _chance(rng, 0.85) else rng.uniform(1.3, 1.8)
    return HeartBeats(
        interval_s=(interval_s, interval_s),
        # Atrial fibrillation has no rhythm: a coefficient of variation of about 0.2.
        irregular=rng.uniform(0.15, 0.25) if fibrillates else rng.uniform(0.005, 0.06),
        # QRS of 70 to 104 ms in 96 % (the same source), 120 to 160 with bundle branch block.
        width=(width, width),
        q_wave=rng.uniform(0.0, 0.35),
        s_wave=(s_wave, s_wave),
        t_wave=(t_wave, t_wave),
        # A ventricular beat lasts 120 ms and more.
        ectopic_width=rng.uniform(1.4, 2.6),
        breathing=rng.uniform(0.0, 0.35),
    )


def _rest(rng: np.random.Generator, noise_mg: float) -> Rest:
    essential = _chance(rng, 0.2)
    return Rest(
        noise_mg,
        coloured=rng.uniform(0.0, 0.5),
        # Resting arms of `sync_acc_1` have 2.5 to 3 mg; a leg in bed has less.
        tremor_mg=_spread(rng, (0.1, 2.0), 3.0),
        # Physiological tremor 8 to 12 Hz, essential 4 to 12 Hz: PMC6806079.
        line_mg=_spread(rng, (0.2, 3.0), 3.0) if _chance(rng, 0.5) else NONE,
        line_hz=(4.0, 8.0) if essential else (7.0, 12.0),
        # Heart beats shake upper arm, wrist and knee (Wiens, Johnson & Inan, Aortic valve opening
        # from distal body vibrations); the size is our inference.
        pulse_mg=_spread(rng, (0.2, 3.0), 1.5) if _chance(rng, 0.6) else NONE,
    )


def _activity(rng: np.random.Generator, noise_uv: float) -> Activity:
    """Draw activity; a cramp is at least twice as strong as the noise, so that it is visible."""
    return Activity(
        # From a start to a ramp of many seconds.
        rise_s=(0.04, log_uniform(rng, (0.2, 10.0))),
        fall_s=(0.04, log_uniform(rng, (0.2, 10.0))),
        effort=_spread(rng, (0.1, 0.6), 4.0, most=1.0),
        # From a slight tension to 1.5 mV RMS: De Luca 1997 (J Appl Biomech 13:135).
        contraction_uv=_spread(rng, (10.0, 200.0), 10.0, most=1500.0),
        cramp_uv=_spread(rng, (max(20.0, 2 * noise_uv), 250.0), 8.0, most=1500.0),
        # More than one: a unit that fires by itself is tonic.
        cramp_units=int(rng.integers(3, 17)),
        # Units at 14.5 +- 5.1 Hz (6 to 25), intervals with a CV of 0.45 +- 0.1: Minetto 2009 (J
        # Neurophysiol 102:1890). Textbooks have 40 to 150 Hz for all units together.
        cramp_hz=_spread(rng, (40.0, 80.0), 3.0, most=200.0),
        cramp_unit_hz=rng.uniform(8.0, 20.0),
        cramp_regular=rng.uniform(0.12, 0.55) ** -2,
        tonic_hz=_spread(rng, (4.0, 10.0), 2.5, most=20.0),
        step_hz=_spread(rng, (1.2, 2.0), 1.4),
        # Voluntary discharge has a CV of 0.1 to 0.3: Clamann 1969 (Biophys J 9:1233).
        regular=rng.uniform(0.1, 0.3) ** -2,
    )


def _artefacts(rng: np.random.Generator) -> Artefacts:
    # Motion artefacts of 1 to 10 mV and mostly below 20 Hz: Clancy 2002 (J Electromyogr Kinesiol
    # 12:1); smaller where skin and cable are prepared well.
    return Artefacts(
        pop_uv=_spread(rng, (30.0, 500.0), 20.0, most=10_000.0),
        pop_recovery_s=_spread(rng, (0.005, 0.2), 20.0, most=2.0),
        loose_hum_uv=_spread(rng, (30.0, 500.0), 10.0),
        loose_noise_uv=_spread(rng, (5.0, 60.0), 10.0),
        crackle_uv=log_uniform(rng, (100.0, 3000.0)),
        crackles_hz=_spread(rng, (0.3, 5.0), 5.0),
        cable_uv=_spread(rng, (50.0, 1000.0), 10.0, most=10_000.0),
        cable_hz=_spread(rng, (0.3, 2.0), 5.0),
        friction_uv=_spread(rng, (5.0, 60.0), 8.0),
        stride_uv=_spread(rng, (10.0, 200.0), 8.0),
    )


def _motion(rng: np.random.Generator, noise_g: float) -> LimbMotion:
    """Draw motion; a cramp shakes at least twice as strongly as noise and tremor."""
    # Voluntary limb movement lies below 4 Hz and 1 g, heel strikes reach 2 g and more: Bhattacharya
    # 1980 (J Appl Physiol 49:881), Bouten 1997 (IEEE TBME 44:136). Taps: our inference.
    return LimbMotion(
        turn_rad=_spread(rng, (0.02, 0.4), 8.0, most=1.5),
        swing_g=_spread(rng, (0.005, 0.1), 15.0, most=1.0),
        swing_hz=_spread(rng, (0.3, 1.5), 4.0, most=4.0),
        tension_g=_spread(rng, (max(0.002, 2 * noise_g), 0.04), 8.0, most=0.1),
        tap_g=_spread(rng, (0.005, 0.1), 15.0, most=1.0),
        tap_hz=_spread(rng, (25.0, 80.0), 2.5, most=150.0),
        tap_decay_s=_spread(rng, (0.003, 0.015), 3.0, most=0.04),
        strike_g=_spread(rng, (0.1, 0.6), 4.0, most=2.0),
    )
