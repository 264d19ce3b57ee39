"""What happens in a scene: a table of values, no code. A new scene is one entry in `SCENES`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from myowatch.acquisition.simulator.chance import Range


class Happens(StrEnum):
    """What can happen to the wearer, or to the sensors."""

    TWITCH = "twitch"
    MOVEMENT = "movement"
    PERIODIC = "periodic"
    CRAMP = "cramp"
    LOOSE = "loose"
    FLAT = "flat"
    SATURATION = "saturation"
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
    """

    per_minute: Range
    amplitude_uv: Range = (80.0, 1000.0)
    amplitude_mg: Range = (6.0, 60.0)
    clustered: float = 0.15
    repeated: float = 0.15


@dataclass(frozen=True, slots=True)
class Long:
    """Something that lasts; `weight` says how often it is chosen among a scene's long ones."""

    kind: Happens
    lasting_s: Range
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A wearer and their sensors.

    Parameters
    ----------
    twitching
        None for a muscle that is quiet.
    long, rest_s
        What lasts, and the rest between two of them.
    noise_uv, noise_step_s
        RMS of the EMG noise; a new level is drawn this often, on the average.
    mains_uv, wander_uv, heart_uv
        Amplitudes of the mains, of the baseline's wander and of the heart beat.
    pops_per_minute, taps_per_minute
        Electrode pops; taps on the table that the accelerometer feels.
    noise_mg
        RMS of the accelerometer's noise, each axis.
    """

    description: str
    twitching: Twitching | None = None
    long: tuple[Long, ...] = ()
    rest_s: Range = (20.0, 60.0)
    noise_uv: Range = (3.0, 5.0)
    noise_step_s: float = 90.0
    mains_uv: float = 8.0
    wander_uv: float = 40.0
    heart_uv: float = 0.0
    pops_per_minute: float = 0.0
    taps_per_minute: float = 0.0
    noise_mg: float = 0.5


SCENES: Mapping[str, Scene] = MappingProxyType(
    {
        "calm": Scene(
            "a quiet muscle: noise, mains and a faint twitch now and then",
            Twitching((0.1, 0.4), amplitude_uv=(30.0, 80.0), amplitude_mg=(3.0, 6.0)),
        ),
        "twitchy": Scene(
            "many twitches, and now and then the leg is moved",
            Twitching((10.0, 30.0)),
            long=(Long(Happens.MOVEMENT, (1.0, 4.0)),),
            rest_s=(45.0, 120.0),
        ),
        "demo": Scene(
            "something of everything within a few minutes",
            Twitching((15.0, 25.0), amplitude_uv=(120.0, 800.0), amplitude_mg=(10.0, 60.0)),
            long=(Long(Happens.CRAMP, (9.0, 20.0)), Long(Happens.MOVEMENT, (1.0, 5.0), weight=2.0)),
            rest_s=(20.0, 45.0),
        ),
        "cramp": Scene(
            "a few twitches, then cramps",
            Twitching((3.0, 8.0)),
            long=(Long(Happens.CRAMP, (8.0, 60.0)),),
            rest_s=(25.0, 60.0),
        ),
        "restless": Scene(
            "voluntary and periodic movements of the limb, and twitches",
            Twitching((4.0, 12.0)),
            long=(
                Long(Happens.MOVEMENT, (0.6, 8.0)),
                Long(Happens.PERIODIC, (0.6, 4.0), weight=0.4),
            ),
            rest_s=(12.0, 40.0),
            taps_per_minute=1.0,
        ),
        "electrode-off": Scene(
            "an electrode that loosens, falls off and is put back, between good stretches",
            Twitching((5.0, 15.0)),
            long=(
                Long(Happens.LOOSE, (5.0, 30.0), weight=2.0),
                Long(Happens.FLAT, (3.0, 15.0)),
                Long(Happens.SATURATION, (2.0, 10.0)),
            ),
            rest_s=(20.0, 50.0),
            pops_per_minute=1.0,
        ),
    }
)
