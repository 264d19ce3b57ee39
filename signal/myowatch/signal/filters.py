"""Second-order sections: functions that design them, and one stage that runs any of them."""

import numpy as np
from scipy.signal import butter, sosfilt, sosfilt_zi

from myowatch.signal.samples import Samples


def design_bandpass(low: float, high: float, *, order: int, sampling_rate: float) -> Samples:
    """Butterworth band-pass as second-order sections.

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
    return butter(order, (low, high), "bandpass", fs=sampling_rate, output="sos")


def design_lowpass(high: float, *, order: int, sampling_rate: float) -> Samples:
    """Butterworth low-pass as second-order sections.

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
    return butter(order, high, "lowpass", fs=sampling_rate, output="sos")


def energy_delay(sos: Samples, sampling_rate: float) -> int:
    """Count the samples by which a filter is late: the centre of an impulse's energy."""
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
        self._sos = np.ascontiguousarray(sos, dtype=np.float64)
        self._steady = sosfilt_zi(self._sos)[:, :, np.newaxis]
        self._state = None

    def reset(self) -> None:
        """Forget the past."""
        self._state = None

    def process(self, samples: Samples) -> Samples:
        """Filter the next samples, shape (n_samples, n_channels), free of NaN; same shape out."""
        if not len(samples):
            return samples.copy()
        if self._state is None:
            self._state = self._steady * samples[0]
        filtered: Samples
        filtered, self._state = sosfilt(self._sos, samples, axis=0, zi=self._state)
        return filtered
