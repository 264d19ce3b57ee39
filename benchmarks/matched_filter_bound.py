"""The largest possible recall of a scene: an observer who knows each shape and the noise.

For a known shape in Gaussian noise of known spectrum, the best detector is a matched filter
(Kay 1998, Fundamentals of Statistical Signal Processing II, ch. 4 and 5). Its output at the shape
is d' standard deviations above the noise. The level u that the noise alone crosses once an hour
follows from Rice's formula, rate = f exp(-u**2 / 2) with f the RMS frequency of the output.
The shapes are the difference of the scene with and without its twitches. The spectrum is the median
spectrum of half a minute around each twitch, without twitches, so that a nearby pop does not count.
"""

import numpy as np
from scenes import Recorded
from scipy import signal, special
from scoring import Truth

from myowatch.signal.model.samples import Samples

AROUND_S = 15.0
SEGMENT_S = 1.0
LEAD_S, TAIL_S = 0.01, 0.05
FALSE_PER_HOUR = 1.0


def expected_recall(record: Recorded, truth: Truth) -> Samples:
    """Return the probability of finding each true twitch, at one false alarm an hour."""
    rate = record.stream.sampling_rate
    background = np.nan_to_num(record.without)
    shapes = np.nan_to_num(record.samples - record.without)
    spectra: dict[int, Samples] = {}
    recalls = []
    for onset_s, offset_s in truth.twitches:
        piece = int(onset_s / AROUND_S)
        if piece not in spectra:
            spectra[piece] = _spectrum(background, (piece + 0.5) * AROUND_S, rate)
        first, last = int((onset_s - LEAD_S) * rate), int((offset_s + TAIL_S) * rate)
        recalls.append(_recall(shapes[max(first, 0) : last], spectra[piece], rate))
    return np.array(recalls)


def _spectrum(background: Samples, centre_s: float, rate: float) -> Samples:
    """Return the one-sided density, shape (n_frequencies, n_channels)."""
    first, last = (int((centre_s + side * AROUND_S) * rate) for side in (-1, 1))
    n = round(SEGMENT_S * rate)
    _, density = signal.welch(
        background[max(first, 0) : last], rate, nperseg=n, average="median", axis=0
    )
    # Welch removes the mean; below 1 Hz there is only baseline wander.
    density[:2] = np.inf
    return np.asarray(density)


def _recall(shape: Samples, density: Samples, rate: float) -> float:
    n = round(SEGMENT_S * rate)
    power = np.abs(np.fft.rfft(shape, n, axis=0) / rate) ** 2
    output = 4 * (power / density).sum(axis=1)
    frequency = np.fft.rfftfreq(n, 1 / rate)
    found = np.sqrt(output.sum() * rate / n)
    if not found > 0:
        return 0.0
    rms_hz = np.sqrt((output * frequency**2).sum() / output.sum())
    level = np.sqrt(2 * np.log(3600 * rms_hz / FALSE_PER_HOUR))
    return float(special.ndtr(found - level))
