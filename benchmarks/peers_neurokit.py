"""Every method of NeuroKit2's `emg_activation`.

The methods are called themselves: what `emg_activation` does around them is a table that costs
minutes for an hour of signal and changes nothing, and least durations of 50 ms that no twitch has.
"""

import importlib
from itertools import pairwise

import neurokit2 as nk
import numpy as np
from peer import MAD_TO_SD, Filtered, Peer, Spans, runs
from scipy import signal

_methods = importlib.import_module("neurokit2.emg.emg_activation")
PELT_HZ = 250.0
PIECE_S = 2.0


def _threshold(record: Filtered, level: float) -> Spans:
    amplitude = np.asarray(nk.emg_amplitude(record.x - record.rest))
    rest = float(np.median(amplitude))
    threshold = rest + level * MAD_TO_SD * float(np.median(np.abs(amplitude - rest)))
    return _runs(_methods._emg_activation_threshold(amplitude, threshold), record)


def _mixture(record: Filtered, level: float) -> Spans:
    amplitude = np.asarray(nk.emg_amplitude(record.x - record.rest))
    return _runs(_methods._emg_activation_mixture(amplitude, level), record)


def _biosppy(record: Filtered, level: float) -> Spans:
    x = record.x - record.rest
    active = _methods._emg_activation_biosppy(x, record.rate, 0.02, level * record.spread)
    return _runs(active, record)


def _silva(record: Filtered, level: float) -> Spans:
    x, size, threshold = record.x - record.rest, record.n(0.02), level * record.spread
    try:
        active = _methods._emg_activation_silva(x, size, size + 2, threshold)
    except IndexError:  # it cannot cope with finding nothing
        return np.zeros((0, 2))
    return _runs(active, record)


def _pelt(record: Filtered, level: float) -> Spans:
    """Change points of the variance; active is what lies between two and is larger than rest.

    The search takes time with the square of the samples: it gets 250 Hz, two seconds at a time.
    """
    step = max(round(record.rate / PELT_HZ), 1)
    x = signal.decimate(record.x - record.rest, step) if step > 1 else record.x - record.rest
    rate, active = record.rate / step, np.zeros(len(x), dtype=bool)
    rest = MAD_TO_SD * float(np.median(np.abs(x)))
    piece = round(PIECE_S * rate)
    for first in range(0, len(x) - piece + 1, piece):
        part = x[first : first + piece]
        points = nk.signal_changepoints(part, change="var", penalty=level, show=False)
        edges = [0, *(int(p) for p in points), piece]
        for begin, end in pairwise(edges):
            loud = end > begin and float(np.std(part[begin:end])) > 2 * rest
            active[first + begin : first + end] = loud
    return runs(active, rate)


def _runs(active: object, record: Filtered) -> Spans:
    return runs(np.asarray(active, dtype=float) > 0.5, record.rate)


_LOW = (1.2, 1.6, 2.0, 3.0, 5.0, 8.0, 12.0)
PEERS = (
    Peer("threshold", "NeuroKit2", _threshold, (2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 35.0)),
    Peer("mixture", "NeuroKit2", _mixture, (0.33, 0.9, 0.999), minutes=5),
    Peer("biosppy", "NeuroKit2", _biosppy, _LOW),
    Peer("silva", "NeuroKit2", _silva, _LOW),
    Peer("pelt", "NeuroKit2", _pelt, (10.0, 30.0), minutes=2),
)
