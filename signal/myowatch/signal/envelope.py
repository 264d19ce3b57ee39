"""Energy of the filtered signal over a short sliding window."""

import numpy as np

from myowatch.signal.frames import Frames, frame_maxima, frame_sums
from myowatch.signal.samples import Samples
from myowatch.signal.sliding import SlidingSum

FRAMES_PER_WINDOW = 4


class Envelope:
    """Mean square and largest magnitude, in frames.

    A frame is one sample at low rates and a few at high ones, so that a window always holds at
    most four frames: finer steps cost time and find nothing more.

    Parameters
    ----------
    sampling_rate
        Hz.
    window_s
        Length of the window; rounded to a power of two of frames, and to two samples at least.
    """

    def __init__(self, sampling_rate: float, window_s: float) -> None:
        samples = max(window_s * sampling_rate, 1.0)
        self.frame = max(round(samples / FRAMES_PER_WINDOW), 1)
        self._frames = Frames(self.frame)
        self._sum = SlidingSum(samples / self.frame)
        self.window = self._sum.length
        self._scale = 1.0 / (self.window * self.frame)
        self.frame_rate = sampling_rate / self.frame
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._frames.reset()
        self._sum.reset()

    def process(self, samples: Samples) -> tuple[Samples, Samples]:
        """Take the next samples, shape (n_samples,).

        Returns
        -------
        mean square over the window that ends with each frame, and the largest magnitude within
        each frame; shape (n_frames,)
        """
        frames = self._frames.process(samples)
        energy = self._sum.process(frame_sums(frames * frames)) * self._scale
        return energy, frame_maxima(np.abs(frames))
