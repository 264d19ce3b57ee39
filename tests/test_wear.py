"""Evidence for the thresholds, from a store as recorders fill it."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from recorded_sessions import STARTED, record_session
from year_of_nights import SITES, record_year, store_session

from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.labels import Label, LabelKind, add_label, undo_label
from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Modality, Stream, Unit

EMG, ACC = Modality.EMG, Modality.ACCELEROMETER


def stream(name: str, modality: Modality, site: str) -> Stream:
    if modality is EMG:
        return Stream(name, EMG, Unit.MICROVOLT, 1000.0, (name,), 0.1, site)
    return Stream(name, ACC, Unit.G, 100.0, ("x", "y", "z"), 1e-4, site)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MYOWATCH_DATABASE", raising=False)
    return tmp_path


def wears(home: Path, *, played: bool = False) -> list[Wear]:
    with Store(home) as store:
        return store.wears(played=played)


def test_an_empty_store_gives_no_evidence(home: Path) -> None:
    assert wears(home) == []


def test_an_electrode_counts_before_an_accelerometer_at_one_site(
    home: Path,
) -> None:
    counted = {
        stream("ACC", ACC, "left-thigh"): (9, 4000.0),
        stream("EMG", EMG, "left thigh"): (7, 3000.0),
        stream("CALF", ACC, "right-calf"): (3, 3500.0),
    }
    store_session(home, "a", STARTED, counted)
    assert wears(home) == [
        Wear("left-thigh", date(2026, 11, 23), EMG, 7, 3000.0, night=True),
        Wear("right-calf", date(2026, 11, 23), ACC, 3, 3500.0, night=True),
    ]


def test_the_electrode_with_the_longer_scorable_time_counts(home: Path) -> None:
    counted = {stream("A", EMG, "arm"): (5, 100.0), stream("B", EMG, "arm"): (2, 3600.0)}
    store_session(home, "a", STARTED, counted)
    assert [(w.twitches, w.scorable_s) for w in wears(home)] == [(2, 3600.0)]


@pytest.mark.parametrize(
    "source",
    [
        "sim:twitchy",
        "file:/home/me/night.bdf?speed=10",
        "brainflow:synthetic?channels=1",
        "brainflow:playback-file?file=night.csv",
    ],
)
def test_played_sources_count_only_on_request(home: Path, source: str) -> None:
    counted = {stream("EMG", EMG, "left-thigh"): (5, 3600.0)}
    store_session(home, "a", STARTED, counted, source=source)
    store_session(home, "b", STARTED, counted, source="serial:/dev/ttyUSB0")
    assert len(wears(home)) == 1
    assert len(wears(home, played=True)) == 2


@pytest.mark.parametrize(("clock", "hours"), [(21, 8), (21, 1), (3, 5), (5, 3)])
def test_a_recording_is_of_a_night_by_its_middle(home: Path, clock: int, hours: int) -> None:
    started = datetime.combine(STARTED.date(), datetime.min.time(), STARTED.tzinfo)
    started += timedelta(hours=clock)
    counted = {stream("EMG", EMG, "left-thigh"): (5, 3600.0 * hours)}
    store_session(home, "a", started, counted)
    (wear,) = wears(home)
    assert (wear.day, wear.night) == (STARTED.date(), hours in {8, 5})


def test_a_running_session_counts(home: Path) -> None:
    record_session(home, "20261123-220411-k3f", end=False)
    (wear,) = wears(home, played=True)
    assert (wear.site, wear.modality, wear.twitches) == ("left-thigh", EMG, 1)
    assert wear.scorable_s == pytest.approx(74.0)


def test_labels_correct_the_count(home: Path) -> None:
    thigh, calf = stream("A", EMG, "left-thigh"), stream("B", EMG, "left-calf")
    store_session(home, "a", STARTED, {thigh: (5, 3600.0), calf: (0, 3600.0)})
    twitch, movement = (Event("A", kind, 10, 20) for kind in (Kind.TWITCH, Kind.MOVEMENT))
    file = "sessions/a/wear.bdf"
    add_label(home, "a", file, twitch, Label(LabelKind.NOT_AN_EVENT))
    add_label(home, "a", file, movement, Label(LabelKind.TWITCH))
    step = add_label(home, "a", file, Event("A", Kind.CRAMP, 40, 9000), Label(LabelKind.TWITCH))
    add_label(home, "a", file, Event("B", Kind.TWITCH, 1, 2), Label(LabelKind.NOT_AN_EVENT))
    assert [wear.twitches for wear in wears(home)] == [6, 0]
    undo_label(home, "a", step)
    assert [wear.twitches for wear in wears(home)] == [5, 0]


def test_a_year_with_four_sensors_gives_four_entries_a_night(home: Path) -> None:
    record_year(home)
    worn = wears(home)
    assert len(worn) == 365 * len(SITES)
    assert {wear.site for wear in worn} == set(SITES)
