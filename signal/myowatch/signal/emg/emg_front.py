"""Surface EMG: from samples to energy in frames."""

import numpy as np

from myowatch.signal.bursts.bursts import energy_threshold
from myowatch.signal.bursts.cramp_shape import CrampShape
from myowatch.signal.dsp.filters import Envelope, SosFilter, design_bandpass, energy_delay
from myowatch.signal.dsp.mains import MainsCanceller
from myowatch.signal.emg.baseline_artefacts import CableSwing, ElectrodePops
from myowatch.signal.emg.electrode_contact import ElectrodeContact
from myowatch.signal.heart.heart_beats import HeartBeats
from myowatch.signal.heart.heart_waves import HeartWaves
from myowatch.signal.model.events import Reason
from myowatch.signal.model.samples import Samples, Stream
from myowatch.signal.model.settings import DetectionSettings

SLOW_WINDOW_S = 0.256
_SLOW_RATE = 150.0


class EmgFront:
    """Band-pass, mains removal and energy; and what the raw signal shows about the electrode.

    Parameters
    ----------
    stream
        One channel of EMG.
    settings
        For the band, the window and the mains.
    """

    hop_s = 0.2
    """Samples wait for so many that the work on them is worth its overhead; a twitch still leaves
    within 400 ms.
    """

    def __init__(self, stream: Stream, settings: DetectionSettings) -> None:
        rate, emg = stream.sampling_rate, settings.emg
        high = min(emg.high, 0.45 * rate)
        sos = design_bandpass(emg.low, high, order=2, sampling_rate=rate)
        self._band = SosFilter(sos)
        self._mains = MainsCanceller(rate, settings.mains_hz, highest=high)
        self._contact = ElectrodeContact(self._mains.block_length, rate, (emg.low, high))
        self._steps = ElectrodePops(rate)
        self._swing = CableSwing(rate)
        self._waves = HeartWaves(rate)
        self._course = CrampShape(rate)
        self.look_ahead = self._steps.look_ahead
        # Potentials are as short as the bands allow: 250 Hz wants a longer window to hold four.
        window_s = max(emg.window_s, (4 if rate > _SLOW_RATE else 2) / rate)
        self.envelope = Envelope(rate, window_s)
        self.frame = self.envelope.frame
        self.delay = energy_delay(sos, rate)
        late = (self.envelope.window - 1) * self.envelope.frame + self.delay
        window_s = self.envelope.window / self.envelope.frame_rate
        self.degrees = max(2 * (high - emg.low) * window_s, 1.0)
        threshold = energy_threshold(emg.deviate, self.degrees)
        self.heart = HeartBeats(rate, late=late, delay=self.delay, threshold=threshold)

    def reset(self) -> None:
        """Reset to the initial state."""
        self._band.reset()
        self._mains.reset()
        self._steps.reset()
        self._waves.reset()
        self._contact.reset()
        self._swing.reset()
        self._course.reset()
        self.clean = np.empty(0)
        self.envelope.reset()

    def mains_hz(self, least: float) -> float | None:
        """Mains frequency, if the hum has at least this amplitude."""
        return self._mains.mains_hz if self._mains.amplitude >= least else None

    def process(self, samples: Samples) -> tuple[Samples, Samples, None]:
        """Return energy and magnitude in frames, see `Envelope`; motion is None."""
        self._steps.process(samples)
        self._waves.process(samples)
        self._swing.process(samples)
        band = self._band.process(samples)[:, 0]
        self.clean = self._mains.process(band)
        self._contact.process(self.clean, self._mains.hum)
        self._course.process(self.clean)
        self.heart.process(self.clean)
        return *self.envelope.process(self.clean), None

    def explain(self, onset: int, offset: int, peak: float, floor: float) -> Reason | None:
        """Return why a brief burst over noise of this energy is not a twitch.

        None if it may be one.
        """
        end, known = offset + self.delay, offset + self.look_ahead
        beats = self.heart.beats_before(offset)
        # A beat under the burst, or just after it, goes on by itself.
        on_beat = bool(beats) and offset < beats[-1] + self.heart.length
        goes_on = not on_beat and self._course.goes_on(end, known, peak, floor)
        if goes_on or self._contact.hums(onset, floor**0.5):
            return Reason.NOISE
        heart = self._waves.beside(beats)
        if self._steps.is_step(onset, offset, peak, heart):
            return Reason.ELECTRODE_POP
        return Reason.MOVEMENT if self._swing.swings(onset, offset, peak, heart) else None

    def is_loose(self, onset: int, offset: int) -> bool:
        """Return whether a long event is a bad contact or a swinging cable."""
        if self._contact.is_slow(onset, offset):
            return self._swing.swings_throughout(onset, offset)
        return self._contact.is_bad(onset, offset)

    def is_cramp(self, onset: int, offset: int, floor: float) -> bool:
        """Return whether an event that is long enough for a cramp has the shape of one."""
        return self._course.is_cramp(onset + self.delay, offset + self.delay, floor)
