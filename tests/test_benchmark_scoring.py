"""The judge of `benchmarks/accuracy.py`: a wrong judge would make every figure wrong."""

import numpy as np
import pytest
from matched_filter_bound import expected_recall
from scenes import Recorded, Scene
from scipy import special
from scoring import Truth, match_cramps, match_twitches

from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality

RATE = 1000.0


def spans(*pairs: tuple[float, float]) -> np.ndarray:
    return np.array(pairs, dtype=float).reshape(-1, 2)


def test_each_report_finds_one_twitch_the_nearest() -> None:
    true = spans((1.00, 1.02), (1.04, 1.06))
    found = spans((1.035, 1.05))
    assert match_twitches(true, found, 0.05) == [(1, 0)]


def test_an_overlapping_report_finds_a_twitch_with_a_distant_onset() -> None:
    assert match_twitches(spans((1.0, 1.02)), spans((0.8, 1.01)), 0.05) == [(0, 0)]


def test_a_cramp_is_found_when_more_than_half_is_covered() -> None:
    true = spans((10.0, 20.0))
    assert match_cramps(true, spans((14.0, 30.0))) == [(0, 0)]
    assert match_cramps(true, spans((15.0, 30.0))) == []


def test_a_cramp_that_continues_after_the_scene_is_not_a_false_one() -> None:
    truth = Truth.of([], 1000.0, Modality.EMG, 60 / 3600)
    score, _ = truth.score_cramps(spans((10.0, 20.0), (40.0, 59.99)))
    assert score.false == 1


def test_twitches_under_a_loose_electrode_do_not_count() -> None:
    events = [
        Event("EMG", Kind.TWITCH, 1000, 1020),
        Event("EMG", Kind.TWITCH, 5000, 5020),
        Event("EMG", Kind.ARTEFACT, 4000, 6000, reason=Reason.NOISE),
    ]
    truth = Truth.of(events, RATE, Modality.EMG, hours=1.0)
    score, _ = truth.score_twitches(spans((1.0, 1.02), (5.0, 5.02), (5.5, 5.52)))
    assert (score.found, score.missed, score.false) == (1, 0, 1)
    assert score.f1 == pytest.approx(2 / 3)


@pytest.mark.parametrize("times_noise", [4.0, 5.5, 9.0])
def test_the_bound_in_white_noise_is_that_of_the_matched_filter(times_noise: float) -> None:
    noise = np.random.default_rng(1).normal(0.0, 5.0, (60_000, 1))
    shape = np.hanning(21)[1:-1, np.newaxis] * np.sin(np.linspace(0, 6 * np.pi, 19))[:, np.newaxis]
    shape *= times_noise * 5.0 / np.linalg.norm(shape)
    samples = noise.copy()
    samples[30_000:30_019] += shape
    event = Event("EMG", Kind.TWITCH, 30_000, 30_019)
    scene = Scene("clean", Modality.EMG, seed=1, minutes=1)
    record = Recorded(scene, scene.stream, samples, noise, (event,))
    truth = Truth.of([event], RATE, Modality.EMG, record.hours)

    spectrum = np.abs(np.fft.rfft(shape[:, 0], 4096)) ** 2
    hertz = np.fft.rfftfreq(4096, 1 / RATE)
    rms_hz = np.sqrt((spectrum * hertz**2).sum() / spectrum.sum())
    level = np.sqrt(2 * np.log(3600 * rms_hz))  # crossed once an hour
    assert expected_recall(record, truth)[0] == pytest.approx(
        special.ndtr(times_noise - level), abs=0.08
    )
