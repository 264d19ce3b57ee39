"""What a board runs that sends by Bluetooth LE: clauses of packet_format.md and bluetooth.md."""

import ctypes
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from ble_firmware import ATT_HEADER, FOLDER, FRAMES, SOURCES, Notifier, emg_sensor
from encoder import library
from hypothesis import given, settings
from hypothesis import strategies as st
from myoframe_reference import INT16, INT24, PACKED12, Data, Info, read
from toolchain import FIRMWARE, ROOT, STRICT, compiler, run

Counts = np.ndarray
LIMITS = {INT16: (-(2**15), 2**15), PACKED12: (0, 2**12), INT24: (-(2**23), 2**23)}
PAYLOADS = st.integers(20, 509)


class Bench:
    """A notifier at work: samples each millisecond, a poll each three, all that it sent kept."""

    def __init__(self, channels: int = 4, *, coding: int = INT16, mtu: int = 247) -> None:
        self.notifier = Notifier(emg_sensor(channels, coding=coding))
        random = np.random.default_rng(channels)
        self.world = random.integers(*LIMITS[coding], (12_000, channels))
        self.now = 0
        self.mtu = mtu
        self.heard: list[bytes] = []

    def listen(self, *, start: bool = True) -> None:
        self.notifier.mtu(self.mtu)
        self.notifier.subscribed(subscribed=True)
        if start:
            self.notifier.command(b"S")

    def go_on(self, samples: int) -> list[Info | Data]:
        """Give the frames that were sent meanwhile."""
        return read(b"".join(self.notify(samples)))

    def notify(self, samples: int) -> list[bytes]:
        """Give what was sent meanwhile, which may end within a frame."""
        for _ in range(samples):
            if self.now % 3 == 0:
                self.notifier.poll(1000 * self.now)
            self.notifier.sample(self.world[self.now].tolist(), 1000 * self.now)
            self.now += 1
        self.notifier.poll(1000 * self.now)
        heard = self.notifier.taken()
        self.heard += heard
        return heard

    def as_it_was(self, frame: Data) -> bool:
        """Whether a frame's samples are those of its index and its clock, as 5.1 and 5.3 want."""
        rows = np.reshape(frame.samples, (-1, self.world.shape[1]))
        first = frame.index
        return frame.clock == 1000 * first and bool(
            (self.world[first : first + len(rows)] == rows).all()
        )


def data_of(frames: list[Info | Data]) -> list[Data]:
    return [each for each in frames if isinstance(each, Data)]


def infos_of(frames: list[Info | Data]) -> list[Info]:
    return [each for each in frames if isinstance(each, Info)]


def samples_of(frame: Data) -> int:
    return len(frame.samples) // frame.channels


def lost_before(data: list[Data]) -> list[int]:
    ends = [0, *(each.index + samples_of(each) for each in data)]
    return [each.index - end for each, end in zip(data, ends[:-1], strict=True)]


@settings(deadline=None)  # it is compiled in the first
@given(
    channels=st.integers(1, 16),
    coding=st.sampled_from(list(LIMITS)),
    rate=st.integers(50, 4000),
    payload=PAYLOADS,
)
def test_a_frame_lasts_20_ms_at_most_and_takes_few_notifications(
    channels: int, coding: int, rate: int, payload: int
) -> None:
    """Clauses 1.3, 8.2 and B3.1."""
    notifier = Notifier(emg_sensor(channels, coding=coding, rate=rate))
    halves = {INT16: 4, PACKED12: 3, INT24: 6}[coding] * channels
    samples = notifier.frame_samples(payload)

    def wire(samples: int) -> int:
        return 12 + (samples * halves + 1) // 2

    def parts(samples: int) -> float:
        return -(-wire(samples) // payload) / samples

    short = [n for n in range(1, 256) if wire(n) <= 256 and 50 * n <= rate]
    assert samples in (short or [1])
    assert parts(samples) == min(map(parts, short or [1]))


@pytest.mark.parametrize("coding", list(LIMITS))
@pytest.mark.parametrize("mtu", [23, 100, 185, 247, 512])
@pytest.mark.parametrize("channels", [1, 4])
def test_every_sample_arrives_at_any_mtu(channels: int, mtu: int, coding: int) -> None:
    bench = Bench(channels, coding=coding, mtu=mtu)
    bench.listen()
    data = data_of(bench.go_on(600))
    assert all(bench.as_it_was(each) for each in data)
    assert set(lost_before(data)) == {0}
    assert 600 - sum(samples_of(each) for each in data) <= 20
    assert max(map(len, bench.heard)) <= mtu - ATT_HEADER
    assert all(0 not in each[:-1] for each in bench.heard), "B3.2"


def test_a_full_radio_loses_nothing_while_frames_can_wait() -> None:
    bench = Bench()
    bench.listen()
    bench.go_on(100)
    bench.notifier.room = 0
    assert bench.go_on(20 * (FRAMES - 1)) == []
    bench.notifier.room = None
    data = data_of(bench.go_on(100))
    assert lost_before(data)[1:] == [0] * (len(data) - 1)
    assert data[0].index <= 100
    assert not any(each.overrun for each in data)
    assert all(bench.as_it_was(each) for each in data)


def test_samples_beyond_the_buffer_are_counted() -> None:
    """Clauses 5.1 and 5.5; what was there first is kept."""
    bench = Bench()
    bench.listen()
    bench.go_on(100)
    bench.notifier.room = 0
    bench.go_on(2000)
    bench.notifier.room = None
    data = data_of(bench.go_on(200))
    lost = lost_before(data)[1:]
    (at,) = np.flatnonzero(lost)
    assert lost[at] == 2000 - 20 * FRAMES
    assert [each.overrun for each in data[1:]] == [int(n > 0) for n in lost]
    assert all(bench.as_it_was(each) for each in data)


def test_samples_that_were_not_taken_are_counted() -> None:
    bench = Bench()
    bench.listen()
    before = data_of(bench.go_on(107))
    bench.notifier.missed(0)
    bench.notifier.missed(5)
    bench.now += 5
    data = before + data_of(bench.go_on(60))
    assert lost_before(data) == [0] * 6 + [5] + [0] * (len(data) - 7)
    assert samples_of(data[5]) == 7, "samples of a frame follow each other (4.2)"
    assert [each.overrun for each in data] == [0] * 6 + [1] + [0] * (len(data) - 7)
    assert all(bench.as_it_was(each) for each in data)


def test_info_comes_first_then_every_second_and_when_it_is_asked_for() -> None:
    """Clauses 1.5, 6.3 and B2.2."""
    bench = Bench(mtu=23)
    assert bench.go_on(500) == [], "sent without a subscription"
    bench.listen(start=False)
    assert data_of(bench.go_on(500)) == []
    assert bench.heard[0] == b"\0"
    assert len(bench.heard[1]) == 20
    infos = infos_of(read(b"".join(bench.heard)))
    assert [each.running for each in infos] == [0]
    assert len(infos_of(bench.go_on(2000))) == 2, "a stopped board tells of itself too"
    for command, running in ((b"I", 0), (b"S", 1), (b"I", 1), (b"xyz", None), (b"P", 1)):
        bench.notifier.command(command)
        infos = infos_of(bench.go_on(30))
        assert [each.running for each in infos] == [running] * (command not in (b"xyz", b"P"))


def test_a_frame_half_sent_is_completed_first() -> None:
    """Clause 1.6."""
    bench = Bench(mtu=23)
    bench.listen()
    bench.notifier.room = 1
    for n in range(300):
        if n % 10 == 0:
            bench.notifier.command(b"I")
        bench.notify(1)
    frames = read(b"".join(bench.heard).rpartition(b"\0")[0] + b"\0")
    assert len(infos_of(frames)) > 10
    assert len(data_of(frames)) > 10


def test_a_stopped_board_counts_but_sends_no_samples() -> None:
    bench = Bench()
    bench.listen()
    bench.go_on(200)
    bench.notifier.command(b"P")
    late = data_of(bench.go_on(500))
    assert len(late) <= 1, "after the frame already begun (7.2)"
    bench.notifier.command(b"S")
    data = data_of(bench.go_on(100))
    assert data[0].index in range(699, 703)
    assert data[0].overrun == 0
    assert all(bench.as_it_was(each) for each in data)


def test_a_closed_connection_stops_and_discards_waiting_frames() -> None:
    """Clause B2.3; the MTU is the next connection's to agree on."""
    bench = Bench()
    bench.listen()
    bench.go_on(100)
    bench.notifier.room = 0
    bench.go_on(150)
    bench.notifier.subscribed(subscribed=False)
    bench.notifier.room = None
    assert bench.go_on(100) == []
    bench.notifier.subscribed(subscribed=True)
    assert data_of(bench.go_on(100)) == []
    bench.heard.clear()
    bench.notifier.command(b"S")
    data = data_of(bench.go_on(100))
    assert data[0].index >= 450
    assert max(map(len, bench.heard)) <= 20
    assert all(bench.as_it_was(each) for each in data)


def test_three_concurrent_contexts_count_every_loss() -> None:
    """Sampling, the radio's word and polling are three threads here, flat out."""
    bench = Bench()
    bench.listen()
    bench.notifier.poll(0)

    def take_samples() -> None:
        for row in bench.world:
            bench.notifier.sample(row.tolist(), 1000 * bench.now)
            bench.now += 1

    sampling = threading.Thread(target=take_samples)
    sampling.start()
    while sampling.is_alive():
        bench.notifier.command(b"I")
        bench.notifier.poll(0)
    bench.notifier.poll(0)
    data = data_of(read(b"".join(bench.notifier.taken())))
    assert all(bench.as_it_was(each) for each in data)
    lost = lost_before(data)
    assert min(lost) >= 0
    assert [each.overrun for each in data[1:]] == [int(n > 0) for n in lost[1:]]
    assert all(b.index > a.index for a, b in pairwise(data))


def test_the_battery_level_follows_the_voltage() -> None:
    c = library(*SOURCES)
    c.battery_percent.restype = ctypes.c_uint8
    percents = [c.battery_percent(ctypes.c_uint16(mv)) for mv in range(3000, 4500)]
    assert percents == sorted(percents)
    told = {mv: percents[mv - 3000] for mv in (3000, 3300, 3600, 3900, 4200, 4499)}
    assert told == {3000: 0, 3300: 0, 3600: 10, 3900: 55, 4200: 100, 4499: 100}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_it_compiles_for_an_nrf52_without_a_warning(source: Path, tmp_path: Path) -> None:
    built = tmp_path / "part.o"
    arm = (*compiler("arm-none-eabi-gcc")[:2], "-mcpu=cortex-m4")
    run(*arm, *STRICT, "-I", FIRMWARE / "encoder", "-c", "-o", built, source)


@pytest.mark.parametrize("sketch", ["esp32", "nrf52"])
def test_a_sketch_uses_its_libraries_as_they_are_declared(sketch: str, tmp_path: Path) -> None:
    """Against declarations of ours, after the libraries' headers; nothing of it is run."""
    source = tmp_path / "sketch.cpp"
    told = (FOLDER / sketch / f"{sketch}.ino").read_text()
    source.write_text("#include <Arduino.h>\n" + told)
    compiler("arm-none-eabi-gcc")
    run(
        *("arm-none-eabi-g++", "-mthumb", "-mcpu=cortex-m4", "-std=c++11", "-Os", "-c"),
        *("-Wall", "-Wextra", "-Werror", "-o", tmp_path / "sketch.o"),
        *("-I", FOLDER, "-I", FIRMWARE / "encoder", "-I", ROOT / "tests" / "stand_ins"),
        source,
    )
