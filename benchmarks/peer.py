"""Published detectors, each wrapped as kindly as we can.

All get the same signal, filtered over the whole record without delay: EMG 20 to 450 Hz with the
mains notched out, the accelerometer's vector from 5 to 60 Hz and its length. The level of rest is
given to them: median and MAD of the record. `Peer.levels` are thresholds in units of that level, to
be chosen from on other seeds. What a peer calls active is handed back as spans, and sorted by
duration elsewhere.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import signal

from myowatch.signal.model.samples import Modality, Samples, Stream

MAD_TO_SD = 1.4826
SHORTEST_S = 0.003
Spans = Samples


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """One signal as the peers get it: `x` of shape (n_samples,), its rest level and spread."""

    x: Samples
    rate: float
    rest: float
    spread: float

    def n(self, seconds: float) -> int:
        """Count the samples in a time, at least two."""
        return max(round(seconds * self.rate), 2)

    def above(self, level: float) -> float:
        """So many spreads over rest."""
        return self.rest + level * self.spread


def filtered(samples: Samples, stream: Stream, mains_hz: float = 50.0) -> Filtered:
    """Filter a whole record, shape (n_samples, n_channels); what is missing is taken as nothing."""
    rate = stream.sampling_rate
    x = np.where(np.isnan(samples), np.nanmedian(samples, axis=0), samples)
    emg = stream.modality is Modality.EMG
    low, high = (20.0, min(450.0, 0.45 * rate)) if emg else (5.0, min(60.0, 0.45 * rate))
    x = signal.sosfiltfilt(signal.butter(4, (low, high), "band", fs=rate, output="sos"), x, axis=0)
    for harmonic in np.arange(mains_hz, high, mains_hz) if emg else ():
        x = signal.filtfilt(*signal.iirnotch(harmonic, 30.0, fs=rate), x, axis=0)
    x = x[:, 0] if emg else np.linalg.norm(x, axis=1)
    rest = float(np.median(x))
    return Filtered(x, rate, rest, MAD_TO_SD * float(np.median(np.abs(x - rest))))


@dataclass(frozen=True, slots=True)
class Peer:
    """One published method.

    Parameters
    ----------
    levels
        Thresholds to choose from.
    minutes
        Of each scene that it is run on; None for all. Only slow ones have a limit.
    """

    name: str
    library: str
    active: Callable[[Filtered, float], Spans]
    levels: tuple[float, ...] = (3.0, 4.0, 6.0, 8.0, 12.0)
    minutes: int | None = None

    def run(self, record: Filtered, level: float) -> Spans:
        """Active spans in seconds, shape (n, 2)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.active(record, level)


def runs(active: npt.NDArray[np.bool_], rate: float, shortest_s: float = SHORTEST_S) -> Spans:
    """Spans in seconds in which it is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    both = edges.reshape(-1, 2) / rate
    return both[both[:, 1] - both[:, 0] >= shortest_s]


def alternating(record: Filtered, marks: npt.NDArray[np.intp]) -> Spans:
    """Spans from marks that are onset, offset, onset ...: the form of BioSPPy."""
    marks = np.asarray(marks, dtype=float)
    return marks[: len(marks) // 2 * 2].reshape(-1, 2) / record.rate


def crossings(record: Filtered, marks: npt.NDArray[np.intp]) -> Spans:
    """Spans from the marks of a threshold that was crossed.

    Two spans a sample apart share a mark and would turn all that follow inside out, so a mark is
    taken as an onset if the signal is larger after it than before.
    """
    marks = np.unique(np.clip(np.asarray(marks, dtype=int), 0, len(record.x)))
    energy = np.concatenate([[0.0], np.cumsum(np.abs(record.x - record.rest))])
    window = record.n(0.025)
    after = energy[np.minimum(marks + window, len(record.x))] - energy[marks]
    before = energy[marks] - energy[np.maximum(marks - window, 0)]
    rises = after > before
    changes = np.flatnonzero(np.diff(np.concatenate([[False], rises]).astype(int)) != 0)
    return alternating(record, marks[changes])


def envelope(record: Filtered, seconds: float) -> Samples:
    n = record.n(seconds)
    return np.asarray(np.convolve(np.abs(record.x - record.rest), np.ones(n) / n, mode="same"))
