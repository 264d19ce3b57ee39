"""Excerpts of a recording, and the choice of a typical twitch."""

from pathlib import Path

import numpy as np
import pytest
from recorded_sessions import ACC, EMG, record_session

from myowatch.recordings.bdf.bdf_growing import ExcerptReader
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.detector.typical_twitch import filter_as_detection, most_typical
from myowatch.signal.emg.emg_front import EmgFront
from myowatch.signal.model.samples import Modality, Samples, Stream, Unit
from myowatch.signal.model.settings import DetectionSettings

PARTS = [(0, 1), (0, 100), (999, 1003), (1234, 5678), (7_000, 7_000), (7_400, 9_999)]


def whole(path: Path, stream: Stream) -> Samples:
    with open_recording(path) as recording:
        parts = [b.samples for b in recording.blocks() if b.stream.name == stream.name]
    return np.concatenate(parts)


@pytest.mark.parametrize("closed", [True, False], ids=["finished", "growing"])
@pytest.mark.parametrize("stream", [EMG, ACC], ids=["EMG", "104 Hz"])
def test_an_excerpt_equals_the_part_of_the_whole(
    tmp_path: Path,
    stream: Stream,
    closed: bool,  # noqa: FBT001
) -> None:
    path = record_session(tmp_path, "a", seconds=10, end=closed) / "sim-twitchy.bdf"
    samples = whole(path, stream)
    with ExcerptReader(path) as excerpts:
        assert excerpts.streams == (EMG, ACC)
        for first, end in PARTS:
            part = excerpts.read(stream.name, first, end)
            np.testing.assert_array_equal(part, samples[first:end])


def test_other_files_raise_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecording, match="cannot open"):
        ExcerptReader(tmp_path / "none.bdf")
    (tmp_path / "other.bdf").write_bytes(b"no recording")
    with pytest.raises(UnreadableRecording):
        ExcerptReader(tmp_path / "other.bdf")


def test_the_sound_is_the_signal_of_the_detector() -> None:
    samples = np.random.default_rng(0).normal(0, 5, (4_000, 1))
    settings = DetectionSettings()
    front = EmgFront(EMG, settings)
    front.process(samples)
    np.testing.assert_array_equal(filter_as_detection(EMG, settings, samples), front.clean)


def test_an_envelope_has_no_sound() -> None:
    envelope = Stream("E", Modality.ENVELOPE, Unit.ADC, 100.0, ("E",), 1.0)
    with pytest.raises(ValueError, match="need EMG or an accelerometer"):
        filter_as_detection(envelope, DetectionSettings(), np.zeros((10, 1)))


def test_the_typical_twitch_is_not_an_outlier() -> None:
    rng = np.random.default_rng(3)
    shape = np.sin(np.linspace(0, 2 * np.pi, 30))
    alike = [shape * rng.uniform(0.5, 3) + rng.normal(0, 0.1, 30) for _ in range(9)]
    odd = [rng.normal(0, 1, 30) for _ in range(5)]
    assert most_typical([*odd, *alike]) >= len(odd)
    assert most_typical([shape]) == 0
