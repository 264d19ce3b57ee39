"""Every onset detector of BioSPPy."""

import numpy as np
from biosppy.signals import emg
from peer import Filtered, Peer, Spans, alternating, crossings

PIECE_S = 1.0


def _find(record: Filtered, level: float) -> Spans:
    x = record.x - record.rest
    found = emg.find_onsets(x, record.rate, 0.02, level * record.spread)
    return crossings(record, found["onsets"])


def _hodges_bui(record: Filtered, level: float) -> Spans:
    rest = _rest(record.spread)
    found = emg.hodges_bui_onset_detector(record.x, rest, record.rate, record.n(0.02), level)
    return crossings(record, found["onsets"])


def _bonato(record: Filtered, level: float) -> Spans:
    rest, active = _rest(record.spread), record.n(0.005)
    return _spans(
        record, emg.bonato_onset_detector(record.x, rest, record.rate, level**2, active, 1, active)
    )


def _lidierth(record: Filtered, level: float) -> Spans:
    found = emg.lidierth_onset_detector(
        record.x, _rest(record.spread), record.rate, record.n(0.01), level, *_hold(record)
    )
    return _spans(record, found)


def _abbink(record: Filtered, level: float) -> Spans:
    """Give it a second at a time: it finds one onset and one offset in what it is given."""
    rest, piece, alarm, parts = _rest(record.spread), record.n(PIECE_S), record.n(0.01), []
    for first in range(0, len(record.x) - piece + 1, piece):
        x = record.x[first : first + piece] - record.rest
        if not (np.abs(x) > record.spread * level).any():
            continue
        found = emg.abbink_onset_detector(
            x, rest, record.rate, record.n(0.02), alarm, level, level / 2
        )
        marks = np.asarray(found["onsets"]) + alarm
        if len(marks) > 1:
            parts.append((first + np.array([marks[0], marks[-1]])) / record.rate)
    return np.array(parts).reshape(-1, 2)


def _solnik(record: Filtered, level: float) -> Spans:
    rest = _rest(record.spread**2)
    return _spans(
        record, emg.solnik_onset_detector(record.x, rest, record.rate, level, record.n(0.003))
    )


def _silva(record: Filtered, level: float) -> Spans:
    size = record.n(0.02)
    threshold = level * record.spread
    return _spans(
        record,
        emg.silva_onset_detector(record.x, record.rate, size, size + 2, threshold),
    )


def _londral(record: Filtered, level: float) -> Spans:
    found = emg.londral_onset_detector(
        record.x, _rest(record.spread**2), record.rate, record.n(0.02), level, record.n(0.005)
    )
    return _spans(record, found)


def _rest(spread: float) -> dict[str, float]:
    """Rest as these detectors ask for it, in the unit of their own test function."""
    return {"mean": 0.0, "std_dev": spread, "var": spread**2}


def _hold(record: Filtered) -> tuple[int, int]:
    """How long it must be active, and may be not in between."""
    return record.n(0.005), record.n(0.003)


def _spans(record: Filtered, found: object) -> Spans:
    return alternating(record, found["onsets"])  # type: ignore[index]


_MEAN = (1.2, 1.6, 2.0, 3.0, 5.0, 8.0, 12.0)
_ENERGY = (6.0, 12.0, 25.0, 50.0, 100.0, 200.0)
PEERS = (
    Peer("find_onsets", "BioSPPy", _find, _MEAN),
    Peer("hodges_bui", "BioSPPy", _hodges_bui, _MEAN),
    Peer("bonato", "BioSPPy", _bonato, (2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0)),
    Peer("lidierth", "BioSPPy", _lidierth, _MEAN),
    Peer("abbink", "BioSPPy", _abbink, _MEAN, minutes=5),
    Peer("solnik", "BioSPPy", _solnik, _ENERGY),
    Peer("silva", "BioSPPy", _silva, _MEAN),
    Peer("londral", "BioSPPy", _londral, (4.0, 8.0, 16.0, 32.0, 64.0), minutes=5),
)
