"""Scenes as tables of values, without code. A new scene is one entry in `SCENES`.

`wild.py` draws another kind of scene, a new one for each seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from myowatch.acquisition.simulator.muscle_fibres import Anatomy
from myowatch.acquisition.simulator.ranges import (
    ACCELEROMETER_16_BITS,
    EMG_24_BITS,
    NONE,
    USUAL_ACTIVITY,
    USUAL_ARTEFACTS,
    USUAL_HEART,
    USUAL_MOTION,
    Activity,
    Artefacts,
    FrontEnd,
    HeartBeats,
    LimbMotion,
    Range,
)


class EventKind(StrEnum):
    """What can happen to the wearer, or to the sensors."""

    TWITCH = "twitch"
    MOVEMENT = "movement"
    PERIODIC = "periodic"
    WALK = "walk"
    CRAMP = "cramp"
    TONIC = "tonic"
    BEAT = "beat"
    ECTOPIC = "ectopic"
    LOOSE = "loose"
    FLAT = "flat"
    SATURATION = "saturation"
    CABLE = "cable"
    DROPOUT = "dropout"
    POP = "pop"
    TAP = "tap"


@dataclass(frozen=True, slots=True)
class Twitching:
    """Twitches of a muscle: how many, how strong, how grouped.

    Parameters
    ----------
    per_minute
        Each muscle draws its own rate from here.
    amplitude_uv, amplitude_mg
        Peak to peak on the EMG, peak on the accelerometer; log-normal in this range.
    clustered
        Share of twitches that follow the one before within two seconds.
    repeated
        Share that are doublets or triplets.
    doublet_s
        From the end of a potential to the beginning of its repetition: from the refractory
        doublet to the F wave 32 ms after a fasciculation.
    apart_s
        Shortest time between two twitches; closer discharges are doublets within one twitch.
    units, two_units
        How many units of the muscle twitch, and the share of twitches in which a second one
        fires within 5 ms.
    anatomy
        The muscle that a volume conductor computes the potentials from, instead of
        `amplitude_uv`; None for potentials that are drawn as a few phases.
    ring_hz, ring_s, rise
        Of the displacement of the skin: frequency, duration, and the power of time by which it
        begins. The acceleration, its second derivative, is strongest at 7 to 30 Hz.
    aside
        How far the directions scatter in which units move the skin; 0 if all move it alike.
    """

    per_minute: Range
    amplitude_uv: Range = (80.0, 1000.0)
    amplitude_mg: Range = (6.0, 60.0)
    clustered: float = 0.15
    repeated: float = 0.15
    doublet_s: Range = (0.002, 0.035)
    apart_s: float = 0.3
    units: int = 6
    two_units: float = 0.2
    anatomy: Anatomy | None = None
    ring_hz: Range = (4.0, 24.0)
    ring_s: Range = (0.050, 0.250)
    rise: int = 3
    aside: float = 0.0


@dataclass(frozen=True, slots=True)
class Long:
    """Something that lasts; `weight` is its share among a scene's long events."""

    kind: EventKind
    lasting_s: Range
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief artefact, and how often it occurs."""

    kind: EventKind
    per_minute: float


@dataclass(frozen=True, slots=True)
class Electrodes:
    """What electrodes pick up besides the muscle below them.

    Parameters
    ----------
    noise_uv, step_s
        RMS above 10 Hz; a new level is drawn this often, on the average.
    coloured, exponent
        Share of the noise's power that falls with frequency, as 1/f ** exponent; the rest is
        white.
    mains_hz
        50 or 60; None for what the simulation is asked for.
    mains_uv, mains_drift_hz, mains_harmonics
        Amplitude, drawn anew as often as the noise, how far the frequency wanders, and strength
        of the harmonics relative to the usual.
    wander_uv
        Amplitude of the baseline's drift.
    heart_uv, ectopic
        Height of the R wave, and share of the beats that come early and broad.
    crosstalk
        Share of a muscle's signal that its neighbours' electrodes see.
    """

    noise_uv: Range = (3.0, 5.0)
    step_s: float = 90.0
    coloured: float = 0.3
    exponent: float = 1.0
    mains_hz: float | None = None
    mains_uv: Range = (5.0, 8.0)
    mains_drift_hz: float = 0.02
    mains_harmonics: float = 1.0
    wander_uv: float = 40.0
    heart_uv: Range = NONE
    ectopic: float = 0.0
    crosstalk: Range = NONE


@dataclass(frozen=True, slots=True)
class Rest:
    """A limb at rest, as an accelerometer measures it.

    Parameters
    ----------
    noise_mg, coloured
        RMS of the sensor's noise, each axis, and the share of its power that falls as 1/f; the
        rest is white.
    tremor_mg
        RMS of the limb's tremor, all axes together; its spectrum is that of real arms.
    line_mg, line_hz
        RMS and frequency of a tremor with one frequency along one direction.
    pulse_mg
        Peak of the motion at each heart beat.
    """

    noise_mg: float = 0.5
    coloured: float = 0.0
    tremor_mg: Range = NONE
    line_mg: Range = NONE
    line_hz: Range = (7.0, 12.0)
    pulse_mg: Range = NONE


@dataclass(frozen=True, slots=True)
class Scene:
    """A wearer and their sensors.

    Parameters
    ----------
    twitching
        None for a muscle that is quiet.
    long, rest_s
        What lasts, and the rest between two of them.
    brief
        What is sudden but no twitch.
    """

    description: str
    twitching: Twitching | None = None
    long: tuple[Long, ...] = ()
    rest_s: Range = (20.0, 60.0)
    brief: tuple[Brief, ...] = ()
    electrodes: Electrodes = Electrodes()
    rest: Rest = Rest()
    activity: Activity = USUAL_ACTIVITY
    artefacts: Artefacts = USUAL_ARTEFACTS
    motion: LimbMotion = USUAL_MOTION
    heart: HeartBeats = USUAL_HEART
    emg: FrontEnd = EMG_24_BITS
    accelerometer: FrontEnd = ACCELEROMETER_16_BITS


SCENES: Mapping[str, Scene] = MappingProxyType(
    {
        "calm": Scene(
            "a quiet muscle: noise, mains and a faint twitch now and then",
            Twitching((0.1, 0.4), amplitude_uv=(30.0, 80.0), amplitude_mg=(3.0, 6.0)),
        ),
        "twitchy": Scene(
            "many twitches, and now and then the leg is moved",
            Twitching((10.0, 30.0)),
            long=(Long(EventKind.MOVEMENT, (1.0, 4.0)),),
            rest_s=(45.0, 120.0),
        ),
        "demo": Scene(
            "something of everything within a few minutes",
            Twitching((15.0, 25.0), amplitude_uv=(120.0, 800.0), amplitude_mg=(10.0, 60.0)),
            long=(
                Long(EventKind.CRAMP, (9.0, 20.0)),
                Long(EventKind.MOVEMENT, (1.0, 5.0), weight=2.0),
            ),
            rest_s=(20.0, 45.0),
        ),
        "cramp": Scene(
            "a few twitches, then cramps",
            Twitching((3.0, 8.0)),
            long=(Long(EventKind.CRAMP, (8.0, 60.0)),),
            rest_s=(25.0, 60.0),
        ),
        "restless": Scene(
            "voluntary and periodic movements of the limb, and twitches",
            Twitching((4.0, 12.0)),
            long=(
                Long(EventKind.MOVEMENT, (0.6, 8.0)),
                Long(EventKind.PERIODIC, (0.6, 4.0), weight=0.4),
            ),
            rest_s=(12.0, 40.0),
            brief=(Brief(EventKind.TAP, 1.0),),
        ),
        "electrode-off": Scene(
            "an electrode that loosens, falls off and is put back, between good stretches",
            Twitching((5.0, 15.0)),
            long=(
                Long(EventKind.LOOSE, (5.0, 30.0), weight=2.0),
                Long(EventKind.FLAT, (3.0, 15.0)),
                Long(EventKind.SATURATION, (2.0, 10.0)),
            ),
            rest_s=(20.0, 50.0),
            brief=(Brief(EventKind.POP, 1.0),),
        ),
        "heartbeat": Scene(
            "a quiet muscle near strong heart beats, some of them early; nothing else",
            electrodes=Electrodes(heart_uv=(220.0, 220.0), ectopic=0.02),
        ),
        "clean": Scene(
            "good electrodes, a still limb: twitches, and a few movements and cramps",
            Twitching((0.5, 80.0), amplitude_uv=(20.0, 1000.0), amplitude_mg=(2.0, 60.0)),
            long=(
                Long(EventKind.MOVEMENT, (0.5, 10.0), weight=2.0),
                Long(EventKind.CRAMP, (5.0, 60.0)),
                Long(EventKind.PERIODIC, (0.5, 4.0), weight=0.2),
            ),
            rest_s=(30.0, 90.0),
            brief=(Brief(EventKind.POP, 0.1), Brief(EventKind.TAP, 0.1)),
            electrodes=Electrodes(mains_uv=(1.0, 8.0)),
        ),
        "medium": Scene(
            "most of what happens in a night, at moderate strength",
            Twitching((0.5, 80.0), (20.0, 1000.0), (2.0, 60.0), clustered=0.25, repeated=0.2),
            long=(
                Long(EventKind.MOVEMENT, (0.5, 10.0), weight=3.0),
                Long(EventKind.CRAMP, (5.0, 90.0), weight=1.5),
                Long(EventKind.PERIODIC, (0.5, 4.0), weight=0.2),
                Long(EventKind.WALK, (5.0, 20.0), weight=0.3),
                Long(EventKind.TONIC, (2.0, 30.0), weight=0.5),
                Long(EventKind.LOOSE, (3.0, 15.0), weight=0.5),
                Long(EventKind.CABLE, (0.5, 4.0), weight=0.5),
                Long(EventKind.DROPOUT, (0.02, 1.0), weight=0.3),
            ),
            rest_s=(20.0, 60.0),
            brief=(Brief(EventKind.POP, 0.5), Brief(EventKind.TAP, 0.7)),
            electrodes=Electrodes(
                noise_uv=(3.0, 10.0),
                step_s=60.0,
                coloured=0.5,
                mains_uv=(3.0, 30.0),
                mains_drift_hz=0.03,
                wander_uv=100.0,
                heart_uv=(15.0, 80.0),
                crosstalk=(0.05, 0.15),
            ),
            rest=Rest(0.6, tremor_mg=(0.8, 1.5)),
        ),
        "hard": Scene(
            "everything that makes resting muscle hard to read, at full strength",
            Twitching((0.5, 80.0), (20.0, 1000.0), (2.0, 60.0), clustered=0.35, repeated=0.25),
            long=(
                Long(EventKind.MOVEMENT, (0.5, 10.0), weight=3.0),
                Long(EventKind.CRAMP, (5.0, 90.0), weight=1.5),
                Long(EventKind.PERIODIC, (0.5, 8.0), weight=0.3),
                Long(EventKind.WALK, (5.0, 40.0), weight=0.5),
                Long(EventKind.TONIC, (2.0, 60.0)),
                Long(EventKind.LOOSE, (3.0, 40.0), weight=1.5),
                Long(EventKind.CABLE, (0.5, 6.0), weight=1.5),
                Long(EventKind.SATURATION, (0.5, 10.0), weight=0.5),
                Long(EventKind.FLAT, (1.0, 10.0), weight=0.4),
                Long(EventKind.DROPOUT, (0.02, 3.0)),
            ),
            rest_s=(10.0, 40.0),
            brief=(Brief(EventKind.POP, 1.5), Brief(EventKind.TAP, 2.0)),
            electrodes=Electrodes(
                noise_uv=(3.0, 20.0),
                step_s=40.0,
                coloured=0.7,
                mains_uv=(5.0, 60.0),
                mains_drift_hz=0.05,
                wander_uv=200.0,
                heart_uv=(40.0, 220.0),
                ectopic=0.03,
                crosstalk=(0.1, 0.25),
            ),
            rest=Rest(0.8, tremor_mg=(2.0, 3.0)),
        ),
    }
)
"""The grades clean, medium and hard differ in what surrounds the twitches, not in the twitches.

A twitch that a detector with known shape and noise could not see is left out
(`true_events.SEEN`): the log-normal amplitudes end at four to eight times the noise, peak to peak.
"""
