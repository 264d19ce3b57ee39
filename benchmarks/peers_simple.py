"""A spike threshold, a double threshold, and ObsPy's short over long averages."""

import numpy as np
from obspy.signal import trigger
from peer import MAD_TO_SD, Filtered, Peer, Spans, envelope, runs


def _spikes(record: Filtered, level: float) -> Spans:
    """Every sample that far from rest, joined over 10 ms: what a spike sorter begins with."""
    over = np.abs(record.x - record.rest) > level * record.spread
    n = record.n(0.01)
    return runs(np.convolve(over, np.ones(n), mode="same") > 0.5, record.rate, 0.0)


def _double(record: Filtered, level: float) -> Spans:
    """Envelope over a threshold, from and to where it passes a lower one."""
    level_of = envelope(record, 0.02)
    rest = float(np.median(level_of))
    spread = MAD_TO_SD * float(np.median(np.abs(level_of - rest)))
    wide = runs(level_of > rest + 0.4 * level * spread, record.rate)
    high = np.concatenate([[0], np.cumsum(level_of > rest + level * spread)])
    first, last = (np.rint(wide[:, side] * record.rate).astype(int) for side in (0, 1))
    return np.asarray(wide[high[last] > high[first]])


def _sta_lta(record: Filtered, level: float, function: str) -> Spans:
    ratio = getattr(trigger, function)(record.x, record.n(0.02), record.n(2.0))
    pairs = np.asarray(trigger.trigger_onset(ratio, level, max(level / 3, 1.0)), dtype=float)
    return pairs.reshape(-1, 2) / record.rate


def _classic(record: Filtered, level: float) -> Spans:
    return _sta_lta(record, level, "classic_sta_lta")


def _recursive(record: Filtered, level: float) -> Spans:
    return _sta_lta(record, level, "recursive_sta_lta")


PEERS = (
    Peer("MAD spike threshold", "numpy", _spikes, (3.0, 4.0, 5.0, 6.0, 8.0, 12.0, 18.0)),
    Peer("double threshold, whole record", "numpy", _double, (3.0, 5.0, 8.0, 12.0, 20.0, 35.0)),
    Peer("classic STA/LTA", "ObsPy", _classic, (2.0, 3.0, 4.0, 6.0, 10.0, 16.0)),
    Peer("recursive STA/LTA", "ObsPy", _recursive, (2.0, 3.0, 4.0, 6.0, 10.0, 16.0)),
)
