"""Several sensors of one session on one board, advice that stands still, and what may be asked."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from myowatch.acquisition.recorder.recovery import recover
from myowatch.dashboard.live import live_text as words
from myowatch.dashboard.live.live_board import HOLDS_S, STAYS_S, DelayedWord
from myowatch.dashboard.live.live_feed import Feed, parse_request
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.data_folder import device_key, private_folder, session_folder
from myowatch.recordings.store.recorder_status import RecorderState, RecorderStatus, write_status
from myowatch.recordings.store.store import Store, rebuild_store
from myowatch.recordings.wearer.labels import Label, LabelKind, add_label, read_labels
from myowatch.recordings.wearer.marker_presses import Button, presses_of
from myowatch.recordings.wearer.preferences import read_preferences
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit

SESSION = "20261123-220411-k3f"
SITES = {"sim:one": "left-thigh", "sim:two": "right-calf"}
LATER_S = 2.0


def emg(site: str) -> Stream:
    return Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025, site)


def say(
    home: Path,
    device: str,
    state: RecorderState = RecorderState.RECORDING,
    conditions: Sequence[dict[str, Any]] = (),
) -> None:
    site = SITES[device]
    write_status(
        home,
        RecorderStatus(
            device=device,
            pid=os.getpid(),
            session_id=SESSION,
            file=f"sessions/{SESSION}/{site}.bdf",
            site=site,
            state=state,
            message="",
            started=datetime.now(UTC).isoformat(),
            updated=time.time() + 60,  # it stays alive on a slow machine
            conditions=conditions,
        ),
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two sensors record into one session; the second began two seconds later."""
    folder = private_folder(session_folder(tmp_path, SESSION))
    began = time.time() - 10
    for n, (device, site) in enumerate(SITES.items()):
        stream, started = emg(site), datetime.fromtimestamp(began + n * LATER_S, UTC)
        path = folder / f"{site}.bdf"
        with BdfWriter(
            path, [stream], started=started, session_id=SESSION, source=device
        ) as writer:
            writer.write(SampleBlock(stream, 0, np.zeros((int(1000 * (10 - n * LATER_S)), 1))))
            if n == 0:
                writer.add_marker(Marker(9.0, "felt"))
        say(tmp_path, device)
    return tmp_path


@pytest.fixture
def feed(home: Path) -> Iterator[Feed]:
    made = Feed(home, device_key("sim:two"))
    made.poll()
    yield made
    made.close()


def head(feed: Feed) -> dict[str, Any]:
    frame = feed.frame(10)
    said: dict[str, Any] = json.loads(frame[4 : 4 + int.from_bytes(frame[:4], "little")])
    return said


def test_both_sensors_are_in_one_frame_on_one_time(feed: Feed) -> None:
    said = head(feed)
    begins = {stream["site"]: stream["begins"] for stream in said["streams"]}
    assert begins == {"left-thigh": 0.0, "right-calf": pytest.approx(LATER_S, abs=0.01)}
    assert said["end"] == pytest.approx(10.0, abs=0.11)


def test_each_sensor_has_its_own_state_on_one_board(feed: Feed, home: Path) -> None:
    say(home, "sim:two", RecorderState.LOST)
    sensors = {sensor["site"]: sensor for sensor in json.loads(feed.board())["sensors"]}
    assert sensors["left thigh"]["state"] == words.STATES["recording"][1]
    assert sensors["right calf"]["state"] == words.STATES["lost"][1]


def test_a_press_is_on_the_trace_at_once_and_once_only_when_the_recording_has_it(
    feed: Feed, home: Path
) -> None:
    assert head(feed)["presses"] == [["felt", 9.0]]
    feed.carry_out({"press": "cramp", "ago": 0.5})
    feed.poll()
    (felt, cramp) = head(feed)["presses"]
    assert (felt, cramp[0]) == (["felt", 9.0], "cramp")
    assert json.loads(feed.board())["undo"]["text"] == words.PRESSED["cramp"]
    feed.carry_out({"undo": presses_of(home, SESSION)[0].id})
    feed.poll()
    assert head(feed)["presses"] == [["felt", 9.0]]


def test_what_a_page_has_kept_is_taken_before_anything_was_read_for_it(home: Path) -> None:
    feed = Feed(home, device_key("sim:two"))
    feed.carry_out({"press": "felt", "ago": 5.0})
    feed.carry_out({"answer": "cramp", "about": [FILE, "EMG", 0, 9, "cramp"]})
    feed.close()
    assert len(presses_of(home, SESSION)) == 1
    assert len(read_labels(home, SESSION).steps) == 1


@pytest.mark.parametrize(
    "message",
    [
        "nonsense",
        "[]",
        "[" * 5000,
        '{"press": "felt"}',
        '{"press": "felt", "ago": -1}',
        '{"press": "felt", "ago": NaN}',
        '{"press": "felt", "ago": true}',
        '{"press": "<script>", "ago": 0}',
        '{"press": ["felt"], "ago": 0}',
        '{"undo": ["x"]}',
        '{"stop": ["x"]}',
        '{"night_mode": "yes"}',
        '{"sound": "siren"}',
        '{"answer": "cramp"}',
        '{"answer": "cramp", "about": "x"}',
        '{"answer": "cramp", "about": ["other.bdf", "EMG", 0, 9, "cramp"]}',
        '{"answer": "not_an_event", "about": ["FILE", "EMG", 0, 9, "cramp"]}',
        '{"answer": "cramp", "about": ["FILE", "EMG", 9, 0, "cramp"]}',
        '{"answer": "cramp", "about": ["FILE", "EMG", "x", {}, "cramp"]}',
        '{"answer": ["cramp"], "about": ["FILE", "EMG", 0, 9, "cramp"]}',
    ],
)
def test_invalid_messages_are_ignored(feed: Feed, home: Path, message: str) -> None:
    file = f"sessions/{SESSION}/left-thigh.bdf"
    feed.carry_out(parse_request(message.replace("FILE", file)))
    assert presses_of(home, SESSION) == ()
    assert not (home / "journal" / "labels.jsonl").exists()
    assert not (home / "preferences.json").exists()
    assert not [*home.glob("recorders/*.stop")]


def test_what_is_chosen_on_the_page_is_kept(feed: Feed, home: Path) -> None:
    feed.carry_out({"night_mode": True})
    feed.carry_out({"sound": "quiet"})
    kept = read_preferences(home).preferences
    assert (kept.night_mode, kept.sound) == (True, "quiet")


def test_every_press_has_a_name_a_hint_and_a_key_of_its_own() -> None:
    for told in (words.PRESSED, words.PRESS["hints"], words.PRESS["keys"]):
        assert set(told) == {pressed.value for pressed in Button}
    assert len(set(words.PRESS["keys"].values())) == len(Button)


def test_advice_does_not_flicker() -> None:
    steady = DelayedWord()
    said = [steady.of("good" if n % 2 else "noisy", float(n)) for n in range(60)]
    assert set(said) == {"noisy"}


def test_advice_that_holds_is_said_and_stays_long_enough_to_be_read() -> None:
    steady = DelayedWord(frozenset({"starting"}))
    assert steady.of("starting", 0.0) == "starting"
    assert steady.of("good", 1.0) == "good"
    heard = {at / 10: steady.of("loose", at / 10) for at in range(20, 120)}
    first = min(at for at, word in heard.items() if word == "loose")
    assert first == pytest.approx(max(1.0 + STAYS_S, 2.0 + HOLDS_S), abs=0.1)


FILE = f"sessions/{SESSION}/left-thigh.bdf"


def unsure(onset: int, probability: float = 0.5, **changes: Any) -> Event:
    event = Event("EMG", Kind.CRAMP, onset, onset + 6000, 90.0, cramp_probability=probability)
    return replace(event, **changes)


def asked(feed: Feed) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(feed.board())["questions"]
    return found


@pytest.fixture
def with_cramps(home: Path) -> Path:
    """The store knows events that only the wearer can tell apart, and others."""
    recover(home)
    with Store(home) as store:
        events = [
            *(unsure(at) for at in (1000, 61_000)),
            unsure(20_000, 0.19),
            unsure(30_000, 0.81),
            unsure(40_000, kind=Kind.MOVEMENT, probability=0.2),
            unsure(50_000, provisional=True),
            Event("EMG", Kind.CRAMP, 80_000, 90_000),
        ]
        store.add_events(SESSION, FILE, events)
    return home


def test_the_board_asks_where_only_the_wearer_can_tell(feed: Feed, with_cramps: Path) -> None:
    questions = asked(feed)
    assert [q["about"][2] for q in questions] == [61_000, 40_000, 1000]
    assert "left thigh · EMG: cramp or contraction, 6 s" in questions[0]["text"]


def test_an_answer_is_kept_as_a_label_and_asked_no_more(feed: Feed, with_cramps: Path) -> None:
    add_label(with_cramps, SESSION, FILE, unsure(1000), Label(felt=True, note="ow"))
    for word in ("cramp", "movement", "not_sure"):
        feed.carry_out({"answer": word, "about": asked(feed)[0]["about"]})
    assert asked(feed) == []
    labels = read_labels(with_cramps, SESSION).for_stream(FILE, "EMG")
    assert {key[0]: label for key, label in labels.items()} == {
        61_000: Label(LabelKind.CRAMP),
        40_000: Label(LabelKind.MOVEMENT),
        1000: Label(LabelKind.NOT_SURE, felt=True, note="ow"),
    }
    rebuild_store(with_cramps)
    assert asked(feed) == []
    assert read_labels(with_cramps, SESSION).for_stream(FILE, "EMG") == labels


def test_each_answer_has_a_name() -> None:
    words_of_answers = words.QUESTIONS["answers"]
    assert [LabelKind(word) for word in words_of_answers] == [
        *(LabelKind.CRAMP, LabelKind.MOVEMENT, LabelKind.NOT_SURE),
    ]


def test_the_board_says_which_twitches_would_be_seen(feed: Feed, home: Path) -> None:
    condition = {
        "name": "EMG",
        "unit": "uV",
        "quality": "good",
        "noise_floor": 4.0,
        "threshold": 17.0,
        "detectable_peak": 35.2,
    }
    for peak, expected in ((35.2, "Twitches above 35 µV would be seen."), (0.0, ""), (None, "")):
        say(home, "sim:one", conditions=[condition | {"detectable_peak": peak}])
        sensors = {sensor["site"]: sensor for sensor in json.loads(feed.board())["sensors"]}
        (stream,) = sensors["left thigh"]["streams"]
        assert stream["detectable"] == expected
