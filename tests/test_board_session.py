"""From the muscle to the session: an Arduino in simavr, recorded as a user would record it."""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from board import Counts, board, build_board, build_firmware
from board_stream import waveform
from command_line import run
from recorded_board import GAIN, UV_A_COUNT, ZERO, place_of, recorded

from myowatch.acquisition.simulator import Simulation, Wearer
from myowatch.acquisition.sources.serial_source import SerialSource
from myowatch.signal.model.events import Event, Kind

CHANNELS = 4
WORLD_S = 40
DURATION_S = 8
ONSETS_WITHIN_MS = 10
BEGIN_MS, END_MS = 1500, 1000
"""Of the recording, in which not everything can be scored."""


def muscles() -> tuple[Counts, list[Event]]:
    """Four twitching muscles as the converter counts them, once a millisecond; what they did."""
    wearer = Wearer(Simulation("twitchy", seed=3, rate=1000.0, channels=CHANNELS))
    seconds = [wearer.second() for _ in range(WORLD_S)]
    blocks = [np.hstack([block.samples for block in blocks]) for blocks, _ in seconds]
    counts = np.rint(np.concatenate(blocks) / UV_A_COUNT) + ZERO
    events = [event for _, events in seconds for event in events]
    return np.clip(counts, 0, 1023).astype(np.int16), events


def onsets_of(
    events: Iterable[tuple[str, str, float]], n_ms: int, margin_ms: int
) -> dict[str, list[int]]:
    """Onsets of twitches in ms by stream, this far inside of where everything can be scored."""
    onsets: dict[str, list[int]] = {}
    for stream, kind, at in sorted(events, key=lambda event: event[2]):
        if kind == Kind.TWITCH and BEGIN_MS + margin_ms < at < n_ms - END_MS - margin_ms:
            onsets.setdefault(stream, []).append(round(at))
    return onsets


def assert_each_is_near_one(inner: dict[str, list[int]], outer: dict[str, list[int]]) -> None:
    """Each onset has one of the others beside it; an onset at a border may lie beyond it there."""
    for stream, onsets in inner.items():
        for onset in onsets:
            near = [at for at in outer.get(stream, []) if abs(at - onset) <= ONSETS_WITHIN_MS]
            assert len(near) == 1, (stream, onset, outer.get(stream))


def test_a_session_of_an_arduino_finds_the_twitches_of_four_muscles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("MYOWATCH_HOME", str(home))
    program = build_board(tmp_path)
    firmware = build_firmware(tmp_path / "uno", CHANNELS=CHANNELS, GAIN=GAIN)
    counts, happened = muscles()
    with board(program, firmware, counts, ppm=300) as uno:
        done = run("record", f"serial:{uno.port}", "--duration", f"{DURATION_S}s")
        assert done.returncode == 0, done.stderr
        assert uno.pull_the_plug()["lost_bytes"] == 0
    heard = recorded(home)
    begin = place_of(heard, counts)
    assert np.array_equal(heard, counts[begin : begin + len(heard)]), "a gap or another value"

    run("export", "last", "--to", "json", "--out", str(tmp_path / "session.json"))
    session = json.loads((tmp_path / "session.json").read_text())
    found = [(e["stream"], e["kind"], 1000 * e["onset_s"]) for e in session["events"]]
    true = [(event.stream, event.kind, float(event.onset - begin)) for event in happened]
    expected, got = (onsets_of(events, len(heard), 0) for events in (true, found))
    assert sum(map(len, expected.values())) >= 4
    wide = -ONSETS_WITHIN_MS
    assert_each_is_near_one(expected, onsets_of(found, len(heard), wide))
    assert_each_is_near_one(got, onsets_of(true, len(heard), wide))


def samples_until(source: SerialSource, end: int) -> int:
    """Read until so many samples have gone by; gives how many have, lost ones with them."""
    reached = 0
    while reached < end:
        reached = max([reached, *(block.end_sample for block in source.read() or [])])
    return reached


def test_a_board_is_restarted_after_a_power_loss(
    tmp_path: Path,
) -> None:
    program, firmware = build_board(tmp_path), build_firmware(tmp_path / "uno")
    with board(program, firmware, waveform(1)) as uno:
        source = SerialSource(uno.port)
        source.open()
        before = samples_until(source, 300)
        uno.cut_the_power()
        samples_until(source, before + 2500)  # a device given up would raise SourceLost
        source.close()
