"""What is written down of the events that are truly in a stream."""

from collections.abc import Callable

import numpy as np

from myowatch.acquisition.simulator.extent import extent
from myowatch.signal.events import Event, Kind, Reason
from myowatch.signal.samples import Samples, Stream

ABOVE_NOISE = 2.0
LASTS = frozenset({Kind.CRAMP, Kind.MOVEMENT})


class Witness:
    """Knows one stream's clock and noise, and writes down what happens in it.

    Parameters
    ----------
    noise_at
        RMS of the noise at a sample, in the stream's unit.
    """

    def __init__(self, stream: Stream, noise_at: Callable[[int], float]) -> None:
        self._stream, self.noise_at = stream, noise_at
        self.sampling_rate = stream.sampling_rate

    def span(self, onset_s: float, lasting_s: float) -> tuple[int, Samples]:
        """First sample from an onset, and times of the samples counted from that onset."""
        rate = self.sampling_rate
        start = int(np.ceil(onset_s * rate))
        n_samples = max(int(lasting_s * rate), 1)
        return start, (start + np.arange(n_samples)) / rate - onset_s

    def event(
        self, kind: Kind, start: int, wave: Samples, reason: Reason | None = None, count: int = 1
    ) -> Event:
        """Give the event that a waveform from sample `start` on is, where it can be seen.

        What lasts is there as long as it stands out of the noise, however strong it was before.
        """
        noise = self.noise_at(start)
        lasts = kind in LASTS or reason is Reason.MOVEMENT
        first, last = extent(wave, ABOVE_NOISE * noise if lasts else None)
        peak = float(np.max(np.abs(wave)))
        snr_db = float(20 * np.log10(peak / noise))
        name, onset, offset = self._stream.name, start + first, start + last
        return Event(name, kind, onset, offset, peak, snr_db, reason=reason, count=count)

    def hidden(self, start: int, n_samples: int, reason: Reason, peak: float = 0.0) -> Event:
        """Give the artefact that hides everything from sample `start` on."""
        name, end = self._stream.name, start + n_samples
        return Event(name, Kind.ARTEFACT, start, end, peak, reason=reason)
