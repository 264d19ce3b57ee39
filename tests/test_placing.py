"""Where samples belong in time, by what devices count and by when it came."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from myowatch.acquisition.timing.placing import Placing, sensors_of
from myowatch.acquisition.wire.decoding import Layout, Run
from myowatch.signal.model.samples import Modality, SampleBlock, Unit

RATE = 500.0


def layout(
    *, count: int | None = None, clock: int | None = None, channels: int = 1, rate: float = RATE
) -> Layout:
    names = tuple(f"A{i}" for i in range(channels))
    return Layout("EMG", Modality.EMG, Unit.ADC, names, 1.0, rate, count, clock)


class Device:
    """Takes samples whose values are their true indices; sends them on, or loses them."""

    def __init__(self, like: Layout, *, first_count: int = 0, first_clock_us: int = 0) -> None:
        self.layout, self.rate = like, like.sampling_rate or RATE
        self.taken = 0
        self._count, self._clock_us = first_count, first_clock_us

    @property
    def now_s(self) -> float:
        return self.taken / self.rate

    def take(self, n: int) -> Run:
        values = np.arange(self.taken, self.taken + n, dtype=float)
        period, clock_period = self.layout.count_period, self.layout.clock_period_us
        run = Run(
            self.layout,
            np.repeat(values[:, None], len(self.layout.channels), axis=1),
            None if period is None else (self._count + self.taken) % period,
            None if clock_period is None else (self._clock_us + self._us()) % clock_period,
        )
        self.taken += n
        return run

    def lose(self, n: int) -> None:
        self.taken += n

    def _us(self) -> int:
        return round(self.taken / self.rate * 1e6)


def placing_for(*layouts: Layout) -> Placing:
    return Placing(sensors_of(layouts, {}))


def places(blocks: Sequence[SampleBlock], name: str = "A0") -> dict[int, float]:
    """Index: value, of one stream; checks that blocks rise and never overlap."""
    mine = [block for block in blocks if block.stream.name == name]
    assert all(a.end_sample <= b.first_sample for a, b in pairwise(mine))
    return {b.first_sample + i: float(v[0]) for b in mine for i, v in enumerate(b.samples)}


def at_their_index(blocks: Sequence[SampleBlock], name: str = "A0") -> bool:
    return all(index == value for index, value in places(blocks, name).items())


LIKE = {
    "count": layout(count=256),
    "clock": layout(clock=2**32),
    "both": layout(count=65536, clock=2**32),
    "short count": layout(count=16, clock=2**32),
}


@pytest.mark.parametrize("like", LIKE.values(), ids=LIKE)
@given(
    steps=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 200)), min_size=1, max_size=30),
    begins=st.tuples(st.integers(0, 2**16), st.integers(0, 2**32 - 1)),
)
def test_samples_keep_their_time_after_losses(
    like: Layout, steps: list[tuple[int, int]], begins: tuple[int, int]
) -> None:
    count, clock_us = begins
    device = Device(like, first_count=count % (like.count_period or 1), first_clock_us=clock_us)
    placing, blocks, lost = placing_for(like), [], 0
    for i, (n, n_lost) in enumerate(steps):
        # The first loss is not known: nothing was heard before it.
        if i:
            device.lose(n_lost)
            lost += n_lost
        run = device.take(n)
        blocks += placing.place([run], device.now_s)
    assert at_their_index(blocks)
    assert placing.lost_samples == lost
    assert placing.restarts == 0


@given(cuts=st.lists(st.integers(1, 400), max_size=8), seed=st.integers(0, 99))
def test_any_chunking_gives_the_same_places(cuts: list[int], seed: int) -> None:
    like = layout(count=256, channels=2)
    device, rng = Device(like), np.random.default_rng(seed)
    runs: list[Run] = []
    arrivals: list[float] = []
    for _ in range(100):
        device.lose(int(rng.integers(0, 30) * (rng.random() < 0.1)) if runs else 0)
        runs.append(device.take(10))
        arrivals.append(device.now_s)
    whole = placing_for(like).place(runs, arrivals[-1])
    placing, parts, begin = placing_for(like), [], 0
    for end in sorted({*cuts, len(runs)}):
        part = runs[begin : min(end, len(runs))]
        if part:
            parts += placing.place(part, arrivals[min(end, len(runs)) - 1])
            begin = min(end, len(runs))
    assert places(parts, "A1") == places(whole, "A1")
    assert at_their_index(whole)


@given(
    like=st.sampled_from([*LIKE.values(), layout()]),
    steps=st.lists(
        st.tuples(
            st.integers(1, 60),
            st.integers(0, 2**16 - 1),
            st.integers(0, 2**32 - 1),
            st.floats(0.0, 5.0),
            st.booleans(),
        ),
        max_size=40,
    ),
)
def test_blocks_rise_and_never_overlap(
    like: Layout, steps: list[tuple[int, int, int, float, bool]]
) -> None:
    placing, blocks, host_s, n_samples = placing_for(like), [], 1e5, 0
    for n, count, clock_us, waited_s, reopened in steps:
        if reopened:
            placing.resume()
        host_s += waited_s
        n_samples += n
        run = Run(
            like,
            np.zeros((n, 1)),
            None if like.count_period is None else count % like.count_period,
            None if like.clock_period_us is None else clock_us,
        )
        blocks += placing.place([run], host_s)
    assert len(places(blocks)) == n_samples


def test_a_count_may_wrap_ten_thousand_times() -> None:
    like = layout(count=256, clock=2**32)
    device = Device(like, first_count=250, first_clock_us=2**32 - 1000)
    placing = placing_for(like)
    for _ in range(10_000):
        blocks = placing.place([device.take(256)], device.now_s)
    assert at_their_index(blocks)
    assert placing.lost_samples == 0


@pytest.mark.parametrize("like", [layout(count=256, clock=2**32), layout(count=256)])
@pytest.mark.parametrize("seconds", [1.7, 3.0, 60.0])
def test_a_silence_longer_than_the_count_is_resolved_by_a_clock(
    like: Layout, seconds: float
) -> None:
    device = Device(like)
    placing = placing_for(like)
    blocks = placing.place([device.take(100)], device.now_s)
    device.lose(int(seconds * RATE))
    run = device.take(10)
    blocks += placing.place([run], device.now_s + 0.02)  # the host hears of it a little later
    assert at_their_index(blocks)
    assert placing.lost_samples == int(seconds * RATE)


def test_a_wrapped_device_clock_is_resolved_by_the_host_clock() -> None:
    like = layout(clock=2**20)  # goes round each 1.05 s
    device = Device(like)
    placing = placing_for(like)
    blocks = placing.place([device.take(100)], device.now_s)
    device.lose(round(7.3 * RATE))
    blocks += placing.place([device.take(100)], device.now_s + 0.03)
    assert at_their_index(blocks)


@pytest.mark.parametrize("like", [*LIKE.values(), layout()], ids=[*LIKE, "neither"])
def test_a_host_that_was_busy_for_three_seconds_makes_no_gap(like: Layout) -> None:
    device, placing = Device(like), placing_for(like)
    blocks = placing.place([device.take(100)], device.now_s)
    late = [device.take(10) for _ in range(150)]
    blocks += placing.place(late, device.now_s)
    blocks += placing.place([device.take(10)], device.now_s)
    assert at_their_index(blocks)
    assert placing.lost_samples == 0


@pytest.mark.parametrize("like", [*LIKE.values(), layout()], ids=[*LIKE, "neither"])
def test_a_radio_that_holds_data_back_makes_no_gap(like: Layout) -> None:
    device, placing, blocks = Device(like), placing_for(like), []
    for i in range(200):
        run = device.take(10)
        held_back = 0.4 if i % 50 > 40 else 0.0
        blocks += placing.place([run], device.now_s + held_back)
    assert at_their_index(blocks)


def test_missing_clock_readings_make_no_gap_until_the_next_reading() -> None:
    """A long message of a Movesense goes on in one that tells no clock; it may come late."""
    device = Device(layout(clock=2**32))
    placing = placing_for(device.layout)
    blocks = placing.place([device.take(20)], device.now_s)
    goes_on = replace(device.take(20), clock_us=None)
    blocks += placing.place([goes_on], device.now_s + 1.2)
    blocks += placing.place([device.take(20)], device.now_s + 1.2)
    device.lose(20)
    lost_its_begin = replace(device.take(20), clock_us=None)
    assert at_their_index(blocks)
    assert placing.lost_samples == 0
    placing.place([lost_its_begin], device.now_s)
    assert at_their_index(placing.place([device.take(20)], device.now_s))
    assert placing.lost_samples == 20


@pytest.mark.parametrize("off", [-0.001, 0.001])
def test_a_clock_that_is_not_quite_nominal_neither_makes_nor_hides_a_loss(off: float) -> None:
    like = layout(clock=2**32)
    placing, index, true_us = placing_for(like), 0, 0.0
    for i in range(3000):
        true_us += 2000 * 10 * (1 + off) + (2000 * 7 if i == 2500 else 0)
        run = Run(like, np.zeros((10, 1)), None, round(true_us))
        (block,) = placing.place([run], true_us * 1e-6)
        index += 10 + (7 if i == 2500 else 0)
        assert block.end_sample == index
    assert placing.lost_samples == 7


def test_a_device_without_count_is_contiguous_until_a_second_of_silence() -> None:
    like = layout()
    device, placing = Device(like), placing_for(like)
    blocks = placing.place([device.take(100)], device.now_s)
    device.lose(200)
    blocks += placing.place([device.take(100)], device.now_s)
    assert places(blocks)[100] == 300
    device.lose(1000)
    blocks += placing.place([device.take(100)], device.now_s)
    assert max(places(blocks)) == 1499


def test_jitter_is_not_a_loss() -> None:
    like = layout(clock=2**32)
    placing, blocks, late_us = placing_for(like), [], 0
    rng = np.random.default_rng(1)
    for i in range(2000):
        late_us = int(rng.integers(0, 900))  # of 2000 us between samples
        run = Run(like, np.full((1, 1), float(i)), None, i * 2000 + late_us)
        blocks += placing.place([run], i * 0.002)
    assert at_their_index(blocks)


@given(
    away_s=st.floats(0.0, 3600.0),
    latency_s=st.floats(0.0, 0.04),
    like=st.sampled_from([*LIKE.values(), layout()]),
    count=st.integers(0, 65535),
)
def test_a_reconnected_device_continues_by_the_host_clock(
    away_s: float, latency_s: float, like: Layout, count: int
) -> None:
    placing = placing_for(like)
    before = Device(like)
    blocks = []
    for _ in range(20):
        blocks += placing.place([before.take(25)], before.now_s)
    end = blocks[-1].end_sample
    after = Device(like, first_count=count % (like.count_period or 1), first_clock_us=count)
    run = after.take(50)
    placing.resume()
    host_s = before.now_s + away_s + after.now_s + latency_s
    blocks = placing.place([run], host_s)
    gap = blocks[0].first_sample - end
    assert 0 <= gap - away_s * RATE + 0.5 <= 0.04 * RATE + 1
    assert placing.lost_samples == placing.restarts == 0
    assert places(placing.place([after.take(50)], host_s + 0.1))[blocks[-1].end_sample] == 50


@pytest.mark.parametrize("like", [layout(count=65536), layout(count=65536, clock=2**32)])
def test_a_restarted_board_continues_by_the_host_clock(like: Layout) -> None:
    device, placing = Device(like, first_count=40_000), placing_for(like)
    blocks = placing.place([device.take(1000)], device.now_s)
    again = Device(like)
    blocks += placing.place([again.take(100)], device.now_s + 1.5 + again.now_s)
    assert placing.restarts == 1
    assert blocks[-1].first_sample in range(1749, 1752)
    blocks = placing.place([again.take(100)], device.now_s + 1.5 + again.now_s)
    assert min(places(blocks)) in range(1849, 1852)
    assert placing.restarts == 1


def test_a_damaged_count_makes_no_gap() -> None:
    like = layout(count=65536)
    device, placing, blocks = Device(like), placing_for(like), []
    for i in range(100):
        run = device.take(10)
        count = 12_345 if i == 50 else run.count
        blocks += placing.place([Run(like, run.samples, count)], device.now_s)
    assert at_their_index(blocks)


def test_a_late_accelerometer_starts_at_its_own_time() -> None:
    emg = layout(count=256)
    acc = Layout("ACC", Modality.ACCELEROMETER, Unit.G, ("x", "y", "z"), 0.001, 100.0, 256)
    placing, device = placing_for(emg, acc), Device(emg)
    placing.place([device.take(1000)], device.now_s)
    blocks = placing.place([Run(acc, np.zeros((10, 3)), 7)], 2.1)
    assert [b.stream.name for b in blocks] == ["ACC"]
    assert blocks[0].first_sample == 200
    assert blocks[0].stream.channels == ("x", "y", "z")


@pytest.mark.parametrize("late_us", [-3000, 40_000, 1_000_000])
def test_sensors_of_one_device_stand_beside_each_other_by_its_clock(late_us: int) -> None:
    emg = layout(count=256, clock=2**32)
    axes = ("x", "y", "z")
    acc = Layout("ACC", Modality.ACCELEROMETER, Unit.G, axes, 0.001, 100.0, None, 2**32)
    placing, zero_us = placing_for(emg, acc), 2**32 - 500
    placing.place([Run(emg, np.zeros((10, 1)), 0, zero_us)], 0.02)
    # What it gathered for a while comes late, and all at once.
    run = Run(acc, np.zeros((10, 3)), None, (zero_us + late_us) % 2**32)
    (block,) = placing.place([run], 0.02 + late_us * 1e-6 + 0.4)
    if late_us > 0:
        assert block.first_sample == late_us // 10_000
    assert placing.lost_samples == placing.restarts == 0


def test_delayed_samples_come_in_blocks_of_250_milliseconds() -> None:
    device, like = Device(layout(count=4096)), layout(count=4096)
    blocks = placing_for(like).place([device.take(1999)], device.now_s)
    assert [len(block) for block in blocks] == [125] * 15 + [124]


def test_stream_names_are_unique() -> None:
    both = layout(channels=2)
    named = [s.name for sensor in sensors_of([both, both], {}) for s in sensor.streams]
    assert named == ["A0", "A1", "A0 2", "A1 2"]
    with pytest.raises(ValueError, match="need a sampling rate for EMG, got none"):
        sensors_of([Layout("EMG", Modality.EMG, Unit.ADC, ("A0",), 1.0)], {})
