"""`brainflow:` with the library's own synthetic and playback boards."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from extras import optional

from myowatch.acquisition.ble.advertisements import advertised
from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.source.source import Source
from myowatch.acquisition.sources.brainflow_boards import board_number, feeds, parameters
from myowatch.acquisition.sources.open_source import open_source
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.recorder_status import RecorderState
from myowatch.signal.model.samples import Modality, Samples, Unit

shim: Any = optional("brainflow.board_shim", "brainflow")
SYNTHETIC = "brainflow:synthetic?channels=1,3"


def read_some(source: Source, n_samples: int) -> Samples:
    """The first stream's samples, in the order they came and without a gap between them."""
    name = source.open()[0].name
    samples, end = [], 0
    while end < n_samples:
        blocks = source.read()
        if blocks is None:
            break
        for block in blocks:
            if block.stream.name == name:
                assert block.first_sample == end
                end = block.end_sample
                samples.append(block.samples[:, 0])
    source.close()
    return np.concatenate(samples)[:, None]


def test_the_synthetic_board_is_recorded_without_a_gap(tmp_path: Path) -> None:
    done = record([open_source(f"{SYNTHETIC}&site=calf")], home=tmp_path, duration_s=1.5)
    (track,) = done.tracks
    assert track.state is RecorderState.ENDED
    with open_recording(track.file) as recording:
        first, second, acceleration = recording.streams
        assert recording.n_samples == {first.name: 375, second.name: 375, acceleration.name: 375}
        assert not [event for event in recording.events() if event.reason == "gap"]
    assert (first.name, first.unit, first.site) == ("EMG1", Unit.MICROVOLT, "calf")
    assert acceleration.modality is Modality.ACCELEROMETER


def test_a_brainflow_file_is_played_back_exactly(tmp_path: Path) -> None:
    path = tmp_path / "synthetic.csv"
    board = shim.BoardShim(shim.BoardIds.SYNTHETIC_BOARD, shim.BrainFlowInputParams())
    board.prepare_session()
    board.add_streamer(f"file://{path}:w")
    board.start_stream()
    recorded: list[Samples] = []
    while sum(r.shape[1] for r in recorded) < 300:
        recorded.append(board.get_board_data())
    board.stop_stream()
    recorded.append(board.get_board_data())
    board.release_session()
    row = shim.BoardShim.get_emg_channels(shim.BoardIds.SYNTHETIC_BOARD)[0]
    truth = np.concatenate(recorded, axis=1)[row][:, None]

    source = open_source(f"brainflow:playback-file?master_board=synthetic&file={path}")
    samples = read_some(source, 300)
    # To the nearest count of the recording's grid; the file has six digits.
    np.testing.assert_allclose(samples[:300], truth[: len(samples)][:300], atol=0.0126)


def test_boards_are_found_by_name_and_described() -> None:
    assert board_number(shim, "cyton") == board_number(shim, "CYTON_BOARD") == 0
    assert board_number(shim, "0") == 0
    (cyton,) = feeds(shim, 0)
    assert [s.sampling_rate for s in cyton.sensors] == [250.0, 250.0]
    assert len(cyton.sensors[0].streams) == 8
    electrodes, moved = feeds(shim, board_number(shim, "muse-s"))
    assert [f.sensors[0].sampling_rate for f in (electrodes, moved)] == [256.0, 52.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("brainflow:cytron", r"has no board 'cytron'; it has .*\bcyton\b"),
        ("brainflow:synthetic?speed=2", "has no option 'speed'; it has site, channels"),
        ("brainflow:synthetic?channels=17", "has no channel 17; it has channels 1 to 16"),
        ("brainflow:synthetic?channels=0", "numbers from 1 on"),
        ("brainflow:synthetic?timeout=soon", "timeout has to be a whole number"),
        (
            "brainflow:cyton?serial_port=/dev/none",
            "UNABLE_TO_OPEN_PORT.*check that the board is on",
        ),
    ],
)
def test_errors_say_what_to_do(text: str, said: str) -> None:
    with pytest.raises(Problem, match=said):
        open_source(text).open()


@pytest.mark.parametrize("board", ["ganglion", "ganglion_native"])
def test_a_ganglion_gives_emg_without_its_accelerometer(
    board: str,
) -> None:
    (feed,) = feeds(shim, board_number(shim, board))
    (sensor,) = feed.sensors
    assert [stream.name for stream in sensor.streams] == ["EMG1", "EMG2", "EMG3", "EMG4"]
    assert sensor.sampling_rate == 200.0


def test_the_printed_source_of_a_ganglion_can_be_opened() -> None:
    profile = advertised("Ganglion-58f3", [])
    assert profile is not None
    line = profile.instead.format(address="C0:FF:EE:00:00:01")
    assert open_source(line).text == line
    board, _, option = line.removeprefix("brainflow:").partition("?")
    assert board_number(shim, board) == shim.BoardIds.GANGLION_NATIVE_BOARD
    assert parameters(shim, dict([option.split("=")])).mac_address == "C0:FF:EE:00:00:01"


@pytest.mark.parametrize("port", ["", "?serial_port=/dev/absent"])
def test_a_ganglion_without_its_dongle_says_what_to_check(port: str) -> None:
    with pytest.raises(Problem, match=r"cannot open brainflow:ganglion.*and its port or address"):
        open_source(f"brainflow:ganglion{port}").open()
