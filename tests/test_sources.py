import contextlib
import math
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myowatch.acquisition.simulator import Simulation, Wearer, WornSensors
from myowatch.acquisition.source.source import Source, SourceText, WrongSource
from myowatch.acquisition.sources.file_source import FileSource, Pace
from myowatch.acquisition.sources.open_source import open_source
from myowatch.acquisition.sources.sim_source import SimSource
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import Modality, Samples


def read_seconds(source: Source, seconds: float) -> dict[str, Samples]:
    streams = source.open()
    samples: dict[str, list[Samples]] = {s.name: [] for s in streams}
    rate, end = streams[0].sampling_rate, 0
    while end < seconds * rate:
        for block in source.read() or []:
            samples[block.stream.name].append(block.samples)
            end = max(end, block.end_sample if block.stream == streams[0] else 0)
    return {name: np.concatenate(parts) for name, parts in samples.items()}


def test_a_simulated_source_has_what_its_text_asks_for() -> None:
    source = open_source("sim:twitchy?seed=7&speed=max&rate=500&channels=3&modality=both&mains=60")
    streams = source.open()
    assert [s.name for s in streams] == ["EMG1", "EMG2", "EMG3", "ACC"]
    assert [s.sampling_rate for s in streams] == [500, 500, 500, 200]
    assert streams[3].modality is Modality.ACCELEROMETER
    assert source.text.startswith("sim:twitchy?seed=7")


def test_a_site_in_the_text_wins_over_the_one_for_all() -> None:
    assert open_source("sim:calm", site="left-calf").open()[0].site == "left-calf"
    assert open_source("sim:calm?site=right-calf", site="left-calf").open()[0].site == "right-calf"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "is not a source"),
        ("", "is not a source"),
        ("sim:", "is not a source"),
        ("sim:party", "there are calm, twitchy"),
        ("sim:calm?speed=fast", "speed has to be a number above 0, or max"),
        ("sim:calm?speed=0", "speed has to be"),
        ("sim:calm?speed=nan", "speed has to be"),
        ("sim:calm?seed=one", "seed has to be a whole number"),
        ("sim:calm?seed=-1", "need a seed of 0 or more"),
        ("sim:calm?rate=7", "need a rate of 50 to 10000 Hz"),
        ("sim:calm?rate=nan", "need a rate of 50 to 10000 Hz"),
        ("sim:calm?channels=99", "need 1 to 16 channels"),
        ("sim:calm?modality=ecg", "emg or accelerometer or both"),
        ("sim:calm?mains=55", "need mains of 50 or 60"),
        ("sim:calm?volume=11", "it has seed, speed"),
        ("file:/nowhere.csv", "there is no file /nowhere.csv"),
        ("serial:/dev/ttyUSB0?baud=fast", "baud has to be a whole number, such as 115200"),
        ("serial:/dev/ttyUSB0?format=morse", "format has to be one of auto"),
        ("serial:/dev/ttyUSB0?rate=-1", "rate has to be a number of hertz above 0"),
        ("serial:/dev/ttyUSB0?unit=furlong", "unit has to be one of V, mV, uV"),
        ("serial:/dev/ttyUSB0?speed=2", "has no option 'speed'"),
        ("ble:MyoSensor?baud=9600", "ble: has no option 'baud'"),
        ("brainflow:cyton?channels=none", "channels has to be numbers from 1 on"),
        ("lsl:EMG?unit=furlong", "unit has to be one of V, mV, uV"),
        ("gopher:hole", "is not a kind of source"),
    ],
)
def test_a_wrong_source_text_says_what_there_is(text: str, said: str) -> None:
    with pytest.raises(WrongSource) as problem:
        open_source(text)
    assert said in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_file_name_without_scheme_gets_a_hint(tmp_path: Path) -> None:
    (tmp_path / "C:night.csv").write_text("")
    with pytest.raises(WrongSource, match="say file:"):
        open_source(str(tmp_path / "C:night.csv"))


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_parses_or_is_a_problem(text: str) -> None:
    with contextlib.suppress(WrongSource):
        open_source(text)


def test_a_question_mark_in_a_file_name_is_no_option() -> None:
    assert SourceText.parse("file:what?.csv").address == "what?.csv"
    assert SourceText.parse("file:what?.csv?speed=2").address == "what?.csv"
    assert SourceText.parse("file:C:\\nights\\1.csv").address == "C:\\nights\\1.csv"


@pytest.mark.parametrize("speed", [3.0, 60.0, math.inf])
def test_a_source_gives_the_simulators_samples_at_any_speed(speed: float) -> None:
    simulation = Simulation("twitchy", seed=9, wears=WornSensors.BOTH)
    wearer = Wearer(simulation)
    blocks = [b for _ in range(4) for b in wearer.second()[0]]
    samples = read_seconds(SimSource(simulation, speed=speed), 2.5)
    for name, read in samples.items():
        lived = np.concatenate([b.samples for b in blocks if b.stream.name == name])
        np.testing.assert_array_equal(read, lived[: len(read)])


def test_at_speed_one_blocks_are_short_and_come_at_the_pace_of_the_clock() -> None:
    source = SimSource(Simulation("calm"))
    source.open()
    began = time.monotonic()
    lengths: list[int] = []
    while sum(lengths) < 1000:
        lengths += [len(block) for block in source.read() or []]
    assert 0.9 < time.monotonic() - began < 1.3
    assert max(lengths) <= 250


def test_a_source_that_was_late_catches_up_and_drops_nothing() -> None:
    source = SimSource(Simulation("calm"))
    source.open()
    while not source.read():
        pass
    began = time.monotonic()
    time.sleep(0.7)
    end = 0
    while end < 1000:
        for block in source.read() or []:
            assert block.first_sample in (end, 50)
            end = block.end_sample
    assert time.monotonic() - began < 1.1


def test_a_read_returns_within_100_milliseconds() -> None:
    pace = Pace(1.0)
    assert pace.wait_for(0.0)
    began = time.monotonic()
    assert not pace.wait_for(10.0)
    assert time.monotonic() - began < 0.2


def test_a_simulated_source_gives_the_true_events_so_far() -> None:
    source = SimSource(Simulation("twitchy", seed=2), speed=math.inf)
    read = read_seconds(source, 60)
    truth = source.truth()
    assert len(truth) > 3
    assert all(e.offset <= len(read["EMG"]) for e in truth)


def write_recording(path: Path, simulation: Simulation, seconds: int, *, gap: bool) -> None:
    wearer = Wearer(simulation)
    with BdfWriter(
        path,
        wearer.streams,
        started=datetime(2026, 11, 23, 22, 4, tzinfo=UTC),
        session_id="s",
        source="sim:",
    ) as writer:
        for second in range(seconds):
            for block in wearer.second()[0]:
                if not (gap and second == seconds // 2):
                    writer.write(block)


def test_a_file_is_replayed_with_its_gaps_and_says_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "night.bdf"
    simulation = Simulation("twitchy", seed=3, wears=WornSensors.BOTH)
    write_recording(path, simulation, 30, gap=True)
    source = open_source(f"file:{path}?speed=100&site=left-calf")
    streams, seen, progress = source.open(), {"EMG": [0], "ACC": [0]}, [source.progress]
    while (blocks := source.read()) is not None:
        for block in blocks:
            seen[block.stream.name] += [block.first_sample, block.end_sample]
            assert block.stream in streams
        progress.append(source.progress)
    source.close()
    assert {s.site for s in streams} == {"left-calf"}
    jumps = {name: [b - a for a, b in batched(ends)] for name, ends in seen.items()}
    assert {name: sum(jump) for name, jump in jumps.items()} == {"EMG": 1000, "ACC": 200}
    assert progress[0] == 0
    assert progress[-1] == 1
    assert progress == sorted(p for p in progress if p is not None)


def batched(ends: list[int]) -> list[tuple[int, int]]:
    return list(zip(ends[::2], ends[1::2], strict=False))


def test_a_file_at_speed_one_is_as_slow_as_it_was(tmp_path: Path) -> None:
    write_recording(tmp_path / "a.bdf", Simulation("calm"), 1, gap=False)
    source = FileSource(tmp_path / "a.bdf")
    source.open()
    began, longest = time.monotonic(), 0
    while (blocks := source.read()) is not None:
        longest = max(longest, *(len(block) for block in blocks), 0)
    source.close()
    assert 0.85 < time.monotonic() - began < 1.3
    assert longest <= 250


def test_a_file_that_is_no_recording_is_a_problem_and_closing_it_is_harmless(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.bdf").write_bytes(b"\x00" * 1000)
    source = open_source(f"file:{tmp_path / 'a.bdf'}")
    with pytest.raises(UnreadableRecording):
        source.open()
    source.close()
    assert source.truth() is None
