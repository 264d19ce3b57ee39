"""Settings of the detection, with the source of each default."""

import math
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EmgSettings:
    """Settings for surface EMG.

    Parameters
    ----------
    low, high
        Band, Hz; `high` is lowered to 0.45 of the sampling rate. 20 Hz: De Luca et al. 2010,
        J Biomech 43:1573. 450 Hz: below the 500 Hz that ISEK and SENIAM ask for.
    window_s
        Short time scale. A fasciculation potential lasts 3 to 37 ms at the needle (median about
        13 ms) and 5 to 30 ms on the skin, so 8 ms sees its rising flank and little else.
    twitch_max_s
        What lasts longer is no twitch: periodic limb movements begin at 0.5 s (AASM, WASM), a
        potential with its F-response is over after 0.15 s; the middle is a matter of choice.
    doublet_s
        Potentials that begin within this time of each other are one twitch. An F-response
        follows within 10 to 110 ms: Kleine et al. 2012, Clin Neurophysiol 123:1613.
    cramp_min_s
        Sustained activity from here on may be a cramp, if it swells and fades rather than being
        held. Cramps last from seconds to ten minutes (Hallegraeff et al. 2012, J Physiother
        58:17); what is seen of one that swells from nothing is shorter than it is.
    tone_limit
        Lasting activity up to this is muscle tone, background that twitches are counted above,
        and no contraction: real recordings of muscles at rest show 2 to 15 uV of it. Microvolt
        RMS.
    noise_limit
        A noise floor above this hides the 50 uV peak to peak that are counted on the skin (van
        der Heijden et al. 1994, JNNP): not scorable. Microvolt RMS.
    deviate
        How far above the noise a burst must rise, in standard deviations of noise energy taken
        to normal (Wilson and Hilferty 1931): one value serves every window and rate. 4.8 is one
        in a million: less than one an hour for eight-millisecond windows of noise.
    flat_s
        A signal that does not change at all for so long is a flat line.
    """

    low: float = 20.0
    high: float = 450.0
    window_s: float = 0.008
    twitch_max_s: float = 0.25
    doublet_s: float = 0.11
    cramp_min_s: float = 4.5
    tone_limit: float = 16.0
    noise_limit: float = 30.0
    deviate: float = 4.8
    flat_s: float = 1.0


@dataclass(frozen=True, slots=True)
class AccelerometerSettings:
    """Settings for a three-axis accelerometer on the skin.

    Parameters
    ----------
    low, high
        Band of what is reported and of what lasts, Hz; `high` is lowered to 0.45 of the sampling
        rate. Mechanomyography is taken from 5 to 100 Hz; a single twitch has its energy from 5 to
        30 Hz, and 60 Hz keeps its edges. Twitches are found in three narrower bands.
    twitch_max_s
        A twitch of the muscle under the skin rings for 40 to 300 ms, and in the filters a little
        longer; periodic limb movements begin at 0.5 s (AASM, WASM).
    doublet_s
        Twitches that begin within this time of each other are one, see `EmgSettings.doublet_s`.
    cramp_min_s
        Sustained vibration from here on is called a cramp, see `EmgSettings.cramp_min_s`; sooner,
        since a limb that moves is seen by itself, and a cramp begins and ends faintly: one of 5 s
        is seen for 4.
    slow_high
        Posture and limb movement are seen below this frequency, Hz.
    slow_motion
        Change of the slow acceleration within a quarter second that shows a limb moving, g RMS.
        A turn by 5 degrees in a second makes 0.02 g; breathing that tilts a sensor by one degree
        to and fro every four seconds makes 0.005 g, two real sensors at rest 0.003 g.
    tone_limit
        Lasting vibration up to this is pulse and the tremor of a limb at rest, background. Two
        real arms at rest have 0.0025 to 0.003 g from the start, which is noise floor; a rise
        beyond this later on is activity. g RMS.
    noise_limit
        A noise floor above this hides the weakest twitches (about 5 mg): not scorable. g RMS.
    deviate
        See `EmgSettings.deviate`; three bands are asked, and pulse and breath make a wider noise.
    flat_s
        See `EmgSettings.flat_s`; longer, since a sensor at rest may rest on one count.
    """

    low: float = 5.0
    high: float = 60.0
    twitch_max_s: float = 0.45
    doublet_s: float = 0.11
    cramp_min_s: float = 4.0
    slow_high: float = 3.0
    slow_motion: float = 0.02
    tone_limit: float = 0.002
    noise_limit: float = 0.02
    deviate: float = 5.4
    flat_s: float = 10.0


@dataclass(frozen=True, slots=True)
class EnvelopeSettings:
    """Settings for an EMG that an amplifier has rectified and smoothed.

    Parameters
    ----------
    twitch_max_s
        What lasts no longer may be a twitch, made longer by the smoothing: it is not counted.
    cramp_min_s
        See `EmgSettings.cramp_min_s`.
    deviate
        See `AccelerometerSettings.deviate`; how much a level at rest wavers is learnt likewise.
    flat_s
        See `EmgSettings.flat_s`; of few bits, rest is often one and the same count.
    """

    twitch_max_s: float = 0.5
    cramp_min_s: float = 4.5
    deviate: float = 5.4
    flat_s: float = 60.0


@dataclass(frozen=True, slots=True)
class DetectionSettings:
    """All settings of the detection.

    Parameters
    ----------
    mains_hz
        50 or 60; None to find it.
    start_up_s
        Blanked at the beginning of a stream, while filters and noise floor settle.
    after_gap_s
        Blanked after a gap; the noise floor is kept over gaps shorter than `keep_floor_s`.
    settle_s
        An event is settled so long after its offset: by then it is known what came after it.
    """

    emg: EmgSettings = field(default_factory=EmgSettings)
    accelerometer: AccelerometerSettings = field(default_factory=AccelerometerSettings)
    envelope: EnvelopeSettings = field(default_factory=EnvelopeSettings)
    mains_hz: float | None = None
    start_up_s: float = 1.0
    after_gap_s: float = 0.5
    keep_floor_s: float = 60.0
    settle_s: float = 4.0

    def __post_init__(self) -> None:
        if self.mains_hz is not None and not 40 <= self.mains_hz <= 70:  # noqa: PLR2004
            raise ValueError(f"need a mains frequency of 50 or 60 Hz or None, got {self.mains_hz}")
        if not 0 <= self.settle_s < math.inf:
            raise ValueError(f"need 0 or more seconds until events settle, got {self.settle_s}")
