"""The most typical twitch, and the filtered signal around it."""

from collections.abc import Sequence

import numpy as np

from myowatch.signal.dsp.filters import SosFilter, design_bandpass
from myowatch.signal.emg.emg_front import EmgFront
from myowatch.signal.model.samples import Modality, Samples, Stream
from myowatch.signal.model.settings import DetectionSettings

LEAD_S = 2.0
"""Samples before what is shown, for filters and the mains canceller (a median of five fits of a
fifth of a second) to settle."""
_LEAST = 1e-200


def filter_as_detection(stream: Stream, settings: DetectionSettings, samples: Samples) -> Samples:
    """Filter a part of a recording as the detector does.

    Parameters
    ----------
    stream
        EMG or an accelerometer.
    samples
        Shape (n_samples, n_channels), none missing; the first `LEAD_S` are there to settle.

    Returns
    -------
    shape (n_samples,), in the stream's unit: the band without mains hum for EMG; for an
    accelerometer the band, along the line in which the skin moved most after the lead

    Raises
    ------
    ValueError
        For an envelope, which shows no twitch.
    """
    if stream.modality is Modality.EMG:
        front = EmgFront(stream, settings)
        front.process(samples)
        return front.clean
    if stream.modality is not Modality.ACCELEROMETER:
        raise ValueError(f"need EMG or an accelerometer, got {stream.modality}")
    own, rate = settings.accelerometer, stream.sampling_rate
    high = min(own.high, 0.45 * rate)
    band = SosFilter(design_bandpass(own.low, high, order=2, sampling_rate=rate)).process(samples)
    settled = band[min(round(LEAD_S * rate), len(band) // 2) :]
    line = np.linalg.svd(settled, full_matrices=False)[2][0]
    along: Samples = band @ line
    return along


def most_typical(snippets: Sequence[Samples]) -> int:
    """Return the index of the snippet with the largest median correlation to the others.

    Parameters
    ----------
    snippets
        One or more, of one length, each with its peak at the same place.

    Examples
    --------
    >>> up = np.array([0.0, 1.0, 0.0, -0.5])
    >>> most_typical([-up, up, 2 * up])
    1
    """
    all_of_them = np.stack(snippets)
    lengths = np.sqrt((all_of_them**2).sum(axis=1, keepdims=True))
    alike = all_of_them @ all_of_them.T / np.maximum(lengths @ lengths.T, _LEAST)
    return int(np.argmax(np.median(alike, axis=1)))
