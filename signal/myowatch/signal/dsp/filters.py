"""Band-pass and low-pass filters as second-order sections, and the energy of a filtered signal.

`scipy.signal` is imported by the functions that use it: it takes half a second to load, and
`import myowatch.signal` should not.
"""

import numpy as np

from myowatch.signal.dsp.frames import Frames, SlidingSum, frame_maxima, frame_sums
from myowatch.signal.model.samples import Samples


def design_bandpass(low: float, high: float, *, order: int, sampling_rate: float) -> Samples:
    """Return a Butterworth band-pass as second-order sections.

    Parameters
    ----------
    low, high
        Corner frequencies (-3 dB), Hz.
    order
        Order of each flank; the whole has `order` sections.
    sampling_rate
        Hz.

    Returns
    -------
    shape (n_sections, 6)

    Raises
    ------
    ValueError
        Unless 0 < low < high < sampling_rate / 2.

    References
    ----------
    De Luca et al. 2010, J Biomech 43:1573, for the 20 Hz corner of surface EMG.
    """
    if not 0 < low < high < sampling_rate / 2:
        raise ValueError(f"need 0 < low < high < {sampling_rate / 2} Hz, got {low=}, {high=}")
    from scipy.signal import butter

    return butter(order, (low, high), "bandpass", fs=sampling_rate, output="sos")


def design_lowpass(high: float, *, order: int, sampling_rate: float) -> Samples:
    """Return a Butterworth low-pass as second-order sections.

    Returns
    -------
    shape (n_sections, 6)

    Raises
    ------
    ValueError
        Unless 0 < high < sampling_rate / 2.
    """
    if not 0 < high < sampling_rate / 2:
        raise ValueError(f"need 0 < high < {sampling_rate / 2} Hz, got {high=}")
    from scipy.signal import butter

    return butter(order, high, "lowpass", fs=sampling_rate, output="sos")


def energy_delay(sos: Samples, sampling_rate: float) -> int:
    """Return the delay of a filter in samples: the centre of an impulse's energy."""
    from scipy.signal import sosfilt

    impulse = np.zeros((round(sampling_rate), 1))
    impulse[0] = 1.0
    energy = sosfilt(sos, impulse, axis=0)[:, 0] ** 2
    return round(float(energy @ np.arange(len(energy)) / energy.sum()))


class SosFilter:
    """Runs second-order sections over a stream.

    It begins in the steady state that its first sample would have led to, so that a constant
    input gives no start-up ring.

    Parameters
    ----------
    sos
        Shape (n_sections, 6).
    """

    def __init__(self, sos: Samples) -> None:
        from scipy.signal import sosfilt_zi

        self._sos = np.ascontiguousarray(sos, dtype=np.float64)
        self._steady = sosfilt_zi(self._sos)[:, :, np.newaxis]
        self._state = None

    def reset(self) -> None:
        """Reset to the initial state."""
        self._state = None

    def process(self, samples: Samples) -> Samples:
        """Filter the next samples, shape (n_samples, n_channels), free of NaN; same shape out."""
        from scipy.signal import sosfilt

        if not len(samples):
            return samples.copy()
        if self._state is None:
            self._state = self._steady * samples[0]
        filtered: Samples
        filtered, self._state = sosfilt(self._sos, samples, axis=0, zi=self._state)
        return filtered


FRAMES_PER_WINDOW = 4


class Envelope:
    """Mean square and largest magnitude of a signal, in frames.

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
        """Reset to the initial state."""
        self._frames.reset()
        self._sum.reset()

    def process(self, samples: Samples) -> tuple[Samples, Samples]:
        """Process the next samples, shape (n_samples,).

        Returns
        -------
        mean square over the window that ends with each frame, and the largest magnitude within
        each frame; shape (n_frames,)
        """
        frames = self._frames.process(samples)
        energy = self._sum.process(frame_sums(frames * frames)) * self._scale
        return energy, frame_maxima(np.abs(frames))
