"""Ranges that parts of a scene are drawn from; the defaults are those of the three grades.

`scene.py` puts them together; `wild.py` draws wider ones.
"""

from dataclasses import dataclass

Range = tuple[float, float]
NONE: Range = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Activity:
    """Sustained activity of a muscle.

    Parameters
    ----------
    rise_s, fall_s
        Of a held contraction; at most two fifths of its duration.
    effort
        Drive of a contraction, 0 to 1.
    contraction_uv, cramp_uv
        RMS of the interference pattern: of a moved limb below full effort, and of a cramp.
    cramp_units
        How many units may cramp.
    cramp_hz
        Firing rate of all of them together; textbook values of a cramp discharge.
    cramp_unit_hz
        Rate of one unit: induced cramps begin at 14-18 Hz (Minetto 2011), units fire at 20 to 30.
    tonic_hz
        Rate of one unit that keeps firing by itself.
    step_hz
        Steps a second of both legs.
    regular, cramp_regular
        Shape of the gamma distribution of a unit's intervals: their coefficient of variation is
        the root of its inverse, two ninths and one sixth.
    """

    rise_s: Range = (0.1, 0.5)
    fall_s: Range = (0.1, 0.6)
    effort: Range = (0.3, 1.0)
    contraction_uv: Range = (40.0, 400.0)
    cramp_uv: Range = (60.0, 400.0)
    cramp_units: int = 6
    cramp_hz: Range = (20.0, 150.0)
    cramp_unit_hz: float = 25.0
    tonic_hz: Range = (5.0, 15.0)
    step_hz: Range = (1.5, 2.2)
    regular: float = 20.0
    cramp_regular: float = 36.0


@dataclass(frozen=True, slots=True)
class Artefacts:
    """Artefacts of an electrode or its cable.

    Parameters
    ----------
    pop_uv, pop_recovery_s
        Height of a jump of the electrode's potential, and time constant of its decay.
    loose_hum_uv, loose_noise_uv, crackle_uv, crackles_hz
        Of a loose electrode: amplitude, RMS, standard deviation of jumps, jumps a second.
    cable_uv, cable_hz, friction_uv
        Swings of a cable that is pulled, and RMS of its friction.
    stride_uv
        What a step does to an electrode.
    """

    pop_uv: Range = (150.0, 3000.0)
    pop_recovery_s: Range = (0.03, 0.8)
    loose_hum_uv: Range = (60.0, 1500.0)
    loose_noise_uv: Range = (15.0, 200.0)
    crackle_uv: float = 800.0
    crackles_hz: Range = (1.0, 8.0)
    cable_uv: Range = (200.0, 3000.0)
    cable_hz: Range = (0.5, 3.0)
    friction_uv: Range = (20.0, 200.0)
    stride_uv: Range = (30.0, 300.0)


@dataclass(frozen=True, slots=True)
class LimbMotion:
    """Motion of a limb, and knocks on what it lies on.

    Parameters
    ----------
    turn_rad
        Angle of a change of posture.
    swing_g, swing_hz
        Acceleration of a movement.
    tension_g
        RMS of the shaking of a tensed or cramped muscle.
    tap_g, tap_hz, tap_decay_s
        Of a knock on the table or bed.
    strike_g
        Of the heel on the floor.
    """

    turn_rad: Range = (0.1, 1.2)
    swing_g: Range = (0.02, 0.4)
    swing_hz: Range = (0.5, 3.0)
    tension_g: Range = (0.008, 0.050)
    tap_g: Range = (0.015, 0.250)
    tap_hz: Range = (35.0, 90.0)
    tap_decay_s: Range = (0.006, 0.020)
    strike_g: Range = (0.2, 1.0)


@dataclass(frozen=True, slots=True)
class HeartBeats:
    """Rhythm and shape of heart beats.

    Parameters
    ----------
    interval_s
        Mean time between beats.
    irregular
        Random part of the intervals, coefficient of variation.
    width
        Of the QRS complex; 1 is 90 ms.
    q_wave, s_wave, t_wave
        Heights relative to the R wave.
    ectopic_width
        Of an early beat, relative to the others.
    breathing
        Share of its height that a beat gains and loses with the breath.
    """

    interval_s: Range = (0.75, 1.05)
    irregular: float = 0.015
    width: Range = (0.7, 1.0)
    q_wave: float = 0.15
    s_wave: Range = (0.1, 0.5)
    t_wave: Range = (0.1, 0.25)
    ectopic_width: float = 2.2
    breathing: float = 0.0


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """Amplifier and converter of a sensor.

    Parameters
    ----------
    resolution, full_scale
        One count, and the largest magnitude, in the stream's unit.
    high_pass_hz
        Of a first-order filter that couples the electrodes; 0 without one.
    """

    sampling_rate: float
    resolution: float
    full_scale: float
    high_pass_hz: float = 0.0

    def with_rounding(self, noise: float) -> float:
        """Return RMS noise together with that of rounding to whole counts.

        Steps below a quarter of the noise add less than 0.3 %, and are left out.
        """
        if self.resolution < noise / 4:
            return noise
        return float((noise**2 + self.resolution**2 / 12) ** 0.5)


USUAL_ACTIVITY, USUAL_ARTEFACTS = Activity(), Artefacts()
USUAL_MOTION, USUAL_HEART = LimbMotion(), HeartBeats()
EMG_24_BITS = FrontEnd(1000.0, 0.025, (2**23 - 1) * 0.025)
"""A 24-bit converter with a full scale of 210 mV."""
ACCELEROMETER_16_BITS = FrontEnd(200.0, 61e-6, 2.0)
"""A 16-bit sensor set to +-2 g."""
