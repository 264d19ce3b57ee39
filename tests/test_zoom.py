"""A recorded night in bins: the same bins however they are asked for (issue 6, point 3)."""

import asyncio
import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from recorded_sessions import ACC, EMG, STARTED
from starlette.requests import Request
from starlette.responses import Response

from myowatch.dashboard.zoom.zoom_overview import (
    BASE,
    Bins,
    Overview,
    Pieces,
    filter_piece,
    fold,
    piece_length,
)
from myowatch.dashboard.zoom.zoom_route import Zoom
from myowatch.dashboard.zoom.zoom_window import Night, Window
from myowatch.recordings.bdf.bdf_growing import ExcerptReader
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.data_folder import private_folder, session_folder
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.recordings.store.session_info import FileInfo, SessionInfo
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import SampleBlock, Samples

SESSION = "20261123-220411-k3f"
FILE = f"sessions/{SESSION}/night.bdf"
SECONDS = 200
TWITCHES = [Event("EMG", Kind.TWITCH, n, n + 15, 90.0, 18.0, 0.9) for n in range(5000, 190_000, 50)]
TAP = Event("EMG", Kind.ARTEFACT, 100_010, 100_040, 200.0, 25.0, 0.9, Reason.TAP)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    private_folder(session_folder(home, SESSION))
    info = FileInfo(FILE, "sim:twitchy", STARTED, (EMG, ACC))
    details = {"session_id": SESSION, "source": info.source}
    rng = np.random.default_rng(0)
    with Store(home) as store:
        store.begin_session(SessionInfo(SESSION, [info]))
        with BdfWriter(home / FILE, info.streams, started=STARTED, **details) as writer:
            for second in range(SECONDS):
                for stream in info.streams:
                    if stream is EMG and 70 <= second < 75:
                        continue  # a gap
                    n = int(stream.sampling_rate)
                    noise = np.rint(rng.normal(0, 300, (n, len(stream.channels))))
                    writer.write(SampleBlock(stream, second * n, noise * stream.resolution))
                writer.sync()
        store.add_events(SESSION, FILE, [*TWITCHES, TAP])
        store.set_progress(SESSION, {"EMG": SECONDS * 1000, "ACC": SECONDS * 104})
        store.end_session(SESSION)
    return home


@pytest.fixture(scope="module")
def night(home: Path) -> Iterator[Night]:
    """The stream with its overview made, as far as whole pieces go."""
    with ExcerptReader(home / FILE) as excerpts:
        kept = Overview(home, SESSION, home / FILE, EMG)
        assert [*kept.extend(excerpts)][-1] == 1.0
        yield Night(excerpts, EMG, kept, Pieces())


@pytest.fixture(scope="module")
def whole(night: Night) -> Bins:
    """Every heard sample, twice, as bins of one sample."""
    pieces = [filter_piece(night.excerpts, EMG, n) for n in range(SECONDS * 1000 // 60_000 + 1)]
    values = np.concatenate(pieces)
    return np.stack([values, values], axis=1)


@pytest.fixture(scope="module")
def zoom(home: Path) -> Iterator[Zoom]:
    zoom = Zoom(home)
    yield zoom
    zoom.close()


def get(zoom: Zoom, path: str, asked: Mapping[str, object]) -> Response:
    (route,) = (route for route in zoom.routes if route.path == path)
    query = urlencode(asked).encode()
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": []}
    response: Response = asyncio.run(route.endpoint(Request(scope)))
    return response


@settings(max_examples=60, deadline=None)
@given(st.floats(0, SECONDS), st.floats(0.001, SECONDS), st.integers(1, 3000))
def test_bins_do_not_depend_on_the_request(
    night: Night, whole: Bins, first_s: float, length_s: float, width: int
) -> None:
    end = min((first_s + length_s) * 1000, SECONDS * 1000)
    window = Window.of(first_s * 1000, end, width)
    size = window.bin_size
    expected = fold(whole[window.first_bin * size : window.end_bin * size], size)
    found = night.bins(window)
    assert window.first_bin * size <= first_s * 1000
    assert window.end_bin * size >= end
    assert window.end_bin - window.first_bin <= max(width, 1) + 2
    assert_array_equal(found[: len(expected)], expected)
    assert np.isnan(found[len(expected) :]).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, SECONDS * 1000), st.integers(0, 150_000))
def test_detector_samples_do_not_depend_on_the_start(
    night: Night, whole: Bins, first: int, n: int
) -> None:
    assert_array_equal(
        Pieces().values(night.excerpts, EMG, first, first + n), whole[first : first + n, 0]
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, SECONDS * 1000 + 500), st.integers(0, 5000))
def test_an_excerpt_is_what_the_reader_of_the_whole_gives(
    samples: dict[str, Samples], night: Night, first: int, n: int
) -> None:
    for stream in (EMG, ACC):
        found = night.excerpts.read(stream.name, first, first + n)
        assert_array_equal(found, samples[stream.name][first : first + n])


@pytest.fixture(scope="module")
def samples(home: Path) -> dict[str, Samples]:
    found = {
        s.name: np.full((SECONDS * int(s.sampling_rate), len(s.channels)), np.nan)
        for s in (EMG, ACC)
    }
    with open_recording(home / FILE) as recording:
        for block in recording.blocks():
            found[block.stream.name][block.first_sample : block.end_sample] = block.samples
    return found


def test_an_incomplete_overview_is_completed_and_a_wrong_one_rebuilt(
    home: Path, night: Night, tmp_path: Path
) -> None:
    other = Overview(tmp_path, SESSION, home / FILE, EMG)
    making = other.extend(night.excerpts)
    next(making)
    making.close()
    with other.path.open("ab") as file:
        file.write(b"torn by a kill")
    assert len([*other.extend(night.excerpts)]) == SECONDS * 1000 // piece_length(1000.0) - 1
    assert other.path.read_bytes()[256:] == night.kept.path.read_bytes()[256:]
    head = json.loads(other.path.read_bytes()[:256])
    with other.path.open("r+b") as file:
        file.write(json.dumps(head | {"mtime": 1}).ljust(256).encode())
    assert other.n_bins == 0


def test_only_the_owner_can_read_the_overview(night: Night) -> None:
    assert night.kept.path.stat().st_mode & 0o777 == 0o600
    assert night.kept.path.parent.stat().st_mode & 0o777 == 0o700


def ask(zoom: Zoom, path: str = "", asked: Mapping[str, object] = MappingProxyType({})) -> Any:
    said = {"session": SESSION, "file": FILE, "stream": "EMG", **asked}
    response = get(zoom, f"/api/zoom{path}", said)
    content = bytes(response.body)
    assert response.status_code == 200, content
    if path:
        return json.loads(content)
    (length,) = struct.unpack_from("<I", content)
    head = json.loads(content[4 : 4 + length])
    (stream,) = head["streams"]
    assert len(content) == 4 + length + 8 * stream["n_bins"]
    return head


def test_a_window_has_its_events_and_a_wide_one_no_more_than_can_be_drawn(
    zoom: Zoom,
) -> None:
    near = ask(zoom, asked={"from": 100, "to": 100.2, "width": 1000})
    assert [e[1:2] + e[5:6] + e[7:9] for e in near["events"]] == [
        *(["twitch", None, n, "twitch"] for n in (100_000,)),
        ["artefact", "tap", 100_010, "artefact"],
        *(["twitch", None, n, "twitch"] for n in (100_050, 100_100, 100_150)),
    ]
    far = ask(zoom, asked={"from": 0, "to": SECONDS, "width": 200})
    events = far["events"]
    assert len(events) < 200
    assert sum(event[9] for event in events) == len(TWITCHES) + 1
    (stream,) = far["streams"]
    # 90 uV at 18 dB is a floor of 11.3 uV, and bursts begin at some multiple of it.
    assert 11.3 < stream["threshold"] < 60


def test_the_next_event_is_found_and_a_rejected_one_only_if_asked_for(zoom: Zoom) -> None:
    assert ask(zoom, "/event", {"sample": 100_000})["sample"] == 100_050
    assert ask(zoom, "/event", {"sample": 100_000, "rejected": 1})["sample"] == 100_010
    assert ask(zoom, "/event", {"sample": 100_050, "back": 1})["sample"] == 100_000


@pytest.mark.parametrize(
    "asked",
    [
        {"file": "../../../../etc/passwd"},
        {"file": f"sessions/{SESSION}/../{SESSION}/night.bdf"},
        {"session": "../sessions"},
        {"session": ".."},
        {"stream": "EMG' OR 1=1 --"},
        {"from": "nan"},
        {"from": "9", "to": "3"},
        {"width": "inf"},
        {"to": ""},
    ],
    ids=str,
)
def test_only_stored_recordings_can_be_requested(zoom: Zoom, asked: dict[str, str]) -> None:
    said = {"session": SESSION, "file": FILE, "stream": "EMG", "from": "0", "to": "5", "width": "9"}
    assert get(zoom, "/api/zoom", said | asked).status_code == 404


def test_a_deleted_recording_is_reported(zoom: Zoom, home: Path) -> None:
    gone = "20261123-220411-abc"
    with Store(home) as store:
        info = FileInfo(f"sessions/{gone}/x.bdf", "sim:x", STARTED, (EMG,))
        store.begin_session(SessionInfo(gone, [info]))
        store.set_progress(gone, {"EMG": 1000})
    asked = {"session": gone, "file": info.file, "stream": "EMG", "from": 0, "to": 1, "width": 9}
    response = get(zoom, "/api/zoom", asked)
    assert b"problem" in bytes(response.body)


def test_another_file_gives_no_excerpt(tmp_path: Path) -> None:
    (tmp_path / "x.bdf").write_bytes(b"\xffBIOSEMI" + b" " * 300)
    with pytest.raises(UnreadableRecording), ExcerptReader(tmp_path / "x.bdf"):
        pass


def test_an_envelope_of_bins_has_the_base_it_says() -> None:
    assert piece_length(1000.0) % BASE == 0
