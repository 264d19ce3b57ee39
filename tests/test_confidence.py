"""Confidence is the share of events like this one that were true."""

from itertools import pairwise

import numpy as np
from event_lists import settled
from hypothesis import given
from hypothesis import strategies as st

from myowatch.acquisition.simulator import Simulation, Wearer, WornSensors
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Modality
from myowatch.signal.verdict.classification import LEAST, MOST, ODDS, confidence

ASKED = sorted(ODDS)
TELLS_TWITCHES = [m for m in Modality if m is not Modality.ENVELOPE]


@given(st.sampled_from(ASKED), st.floats(-60, 120), st.floats(0, 1e6))
def test_confidence_lies_between_0_and_1(
    asked: tuple[Modality, Kind], snr_db: float, lasting_s: float
) -> None:
    assert LEAST <= confidence(*asked, snr_db, lasting_s) <= MOST < 1


@given(st.sampled_from(TELLS_TWITCHES), st.floats(0, 60), st.floats(0, 30), st.floats(0.005, 0.3))
def test_confidence_does_not_fall_with_the_snr(
    modality: Modality, snr_db: float, more_db: float, lasting_s: float
) -> None:
    sure = confidence(modality, Kind.TWITCH, snr_db, lasting_s)
    assert confidence(modality, Kind.TWITCH, snr_db + more_db, lasting_s) >= sure


def test_every_kind_has_a_confidence_model() -> None:
    told = {(m, k) for m in Modality for k in Kind if k is not Kind.ARTEFACT}
    assert set(ASKED) == told - {(Modality.ENVELOPE, Kind.TWITCH)}


def twitches(scene: str, seed: int, minutes: int) -> tuple[list[Event], list[Event]]:
    """Reported ones and true ones."""
    wearer = Wearer(Simulation(scene, seed=seed, wears=WornSensors.EMG))
    detector = Detector(wearer.streams)
    found: list[Event] = []
    true: list[Event] = []
    for _ in range(minutes * 60):
        (block,), happened = wearer.second()
        found += detector.process(block)
        true += happened
    found = settled(found + detector.flush())
    return [e for e in found if e.kind is Kind.TWITCH], [e for e in true if e.kind is Kind.TWITCH]


def test_the_share_of_true_twitches_is_the_stated_confidence_in_each_bin() -> None:
    """Of twitches with confidence 0.9, nine in ten are true; so in every range of confidence."""
    stated: list[float] = []
    right: list[bool] = []
    for scene, seed in [("medium", 841), ("medium", 842), ("hard", 843), ("hard", 844)]:
        found, true = twitches(scene, seed, minutes=5)
        onsets = np.array([e.onset for e in true])
        stated += [e.confidence for e in found]
        right += [bool((np.abs(onsets - e.onset) <= 50).any()) for e in found]
    confidence, true_share = np.array(stated), np.array(right, dtype=float)
    shares = []
    for low, high in pairwise((0.0, 0.7, 0.85, 0.93, 1.0)):
        inside = (confidence >= low) & (confidence < high)
        n, said = int(inside.sum()), float(confidence[inside].mean())
        shares.append(float(true_share[inside].mean()))
        assert n >= 10
        # Within 0.05, but for what chance does to n events (99 % of the time).
        assert abs(shares[-1] - said) < 0.05 + 2.6 * (said * (1 - said) / n) ** 0.5
    assert shares[0] < shares[1] < shares[2]
