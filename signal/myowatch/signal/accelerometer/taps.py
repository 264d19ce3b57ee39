"""Distinguishes a tap on the table or bed from a twitch: hard objects vibrate faster than skin.

The skin over a twitching muscle moves at 5 to 30 Hz. A knock on a bed or a table reaches the
sensor through bone and frame, and has much of its energy above that.
"""

from myowatch.signal.dsp.filters import SosFilter, design_bandpass
from myowatch.signal.dsp.frames import Frames, frame_sums
from myowatch.signal.dsp.history import RecentValues
from myowatch.signal.model.samples import AXES, Samples, squared_length

# Skin rings at 5 to 30 Hz, knocks from 40 on. Above 150 Hz there is mostly the sensor's own noise.
_SPLIT_HZ, _HIGH_HZ = 38.0, 150.0
# A sensor under 96 Hz has less than this left above the split, and hears no knock in it.
_LEAST_WIDTH_HZ = 5.0
# Energy above the split over that of the whole band. A unit that rings at 28 Hz for a twentieth of
# a second comes to 0.2 or 0.4, as it begins softly or abruptly; knocks that ring at 40 Hz begin at
# 0.3. Of two simulators' twitches 3 % and none are lost, of their knocks 1 and 15 % are left. A
# sensor that ends at 45 Hz sees little above the split: 0.15 of every third knock.
_TAP_SHARE, _TAP_SHARE_NARROW = 0.33, 0.15
# Narrow is what a sensor under 130 Hz sees above the split.
_NARROW_HZ = 20.0
# Noise to be subtracted is that of the quietest quarter of the last four seconds: just before a
# knock there may have been another.
_QUIET_S, _NOISE_S = 0.25, 4.0
# Standard errors that are taken off the energy above the split: a weak twitch lies in noise.
_SURE = 2.0
# The bands of a twitch see a knock late and for a moment only.
_EARLY_S, _SHORTEST_S = 0.02, 0.08
# A burst waits for a flat line of up to ten seconds beside it before it is judged.
_KEPT_S = 20.0


class TapDetector:
    """Keeps the energy above and in the band for some seconds, and compares the two on request.

    Parameters
    ----------
    sampling_rate
        Hz; under 96 Hz too little is left above the split, and nothing is taken for a tap.
    frame
        Samples per frame.
    """

    def __init__(self, sampling_rate: float, frame: int) -> None:
        width = min(_HIGH_HZ, 0.45 * sampling_rate) - _SPLIT_HZ
        self._above: SosFilter | None = None
        if width >= _LEAST_WIDTH_HZ:
            high = _SPLIT_HZ + width
            sos = design_bandpass(_SPLIT_HZ, high, order=2, sampling_rate=sampling_rate)
            self._above = SosFilter(sos)
        # Of the energy above the split in a frame of noise.
        self._degrees = 2 * AXES * max(width, 0.0) * frame / sampling_rate
        self._least = _TAP_SHARE if width >= _NARROW_HZ else _TAP_SHARE_NARROW
        self._frame = frame
        self._frames = Frames(frame)
        self._quiet = max(round(_QUIET_S * sampling_rate / frame), 1)
        self._noise = round(_NOISE_S / _QUIET_S) * self._quiet
        self._early = round(_EARLY_S * sampling_rate / frame) * frame
        self._shortest = round(_SHORTEST_S * sampling_rate / frame) * frame
        self._kept = round(_KEPT_S * sampling_rate)
        self._energies = RecentValues(frame), RecentValues(frame)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        if self._above is not None:
            self._above.reset()
        for recent in self._energies:
            recent.reset()
        self._frames.reset()
        self._n_samples = 0

    def process(self, samples: Samples, whole: Samples) -> None:
        """Process the next raw samples, shape (n_samples, 3), and frames of energy, (n_frames,)."""
        if self._above is None or not len(samples):
            return
        energy = frame_sums(self._frames.process(squared_length(self._above.process(samples))))
        for recent, values in zip(
            self._energies, (energy * (1.0 / self._frame), whole), strict=True
        ):
            recent.append(self._n_samples, values)
            # Enough for the samples just taken as well, so that cutting cannot matter.
            recent.forget(self._n_samples - self._kept)
        self._n_samples += len(energy) * self._frame

    def share(self, onset: int, offset: int) -> float:
        """Return a burst's energy above the split over that in the band; 0 if it cannot be told."""
        onset -= self._early
        offset = max(offset, onset + self._shortest)
        begin = onset - self._noise * self._frame
        above, whole = (recent.between(begin, offset) for recent in self._energies)
        if self._above is None or len(above) <= self._noise or begin < 0:
            return 0.0
        before = whole[: self._noise].reshape(-1, self._quiet).sum(axis=1)
        quietest = int(before.argmin()) * self._quiet
        n_frames = len(above) - self._noise
        quiet = slice(quietest, quietest + self._quiet)
        noise = [float(e[quiet].sum()) / self._quiet for e in (above, whole)]
        energy = [float(e[self._noise :].sum()) for e in (above, whole)]
        sure = 1 + _SURE * (2 / (self._degrees * n_frames)) ** 0.5
        high = energy[0] - noise[0] * n_frames * sure
        low = energy[1] - noise[1] * n_frames
        return max(high, 0.0) / low if low > 0 else 0.0

    def is_tap(self, onset: int, offset: int) -> bool:
        """Return whether much of the energy between two samples lies above the split."""
        return self.share(onset, offset) > self._least
