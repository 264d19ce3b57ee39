"""What happens in muscles comes out of a session, whatever wearables are over them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from muscles import Muscle, muscle
from radio_emulation import start_emulation
from wearables import HM_10, Movesense, Myoware, NpgLite, Uart, chords, hm_10, myoframe, text

from emulated_peripheral import Firmware  # isort: skip
from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.simulator import Simulation, WornSensors
from myowatch.acquisition.sources.ble_source import BleSource
from myowatch.acquisition.wire.movesense import STANDARD_GRAVITY
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.store.recorder_status import read_statuses
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Kind
from myowatch.signal.model.samples import Samples, Unit

SECONDS = 9.0
LEARNT_S, LAST_S, NEAR_S = 3.0, 0.5, 0.05
"""When the noise floor is known, when too little follows to judge, how well an onset is met."""


@dataclass(frozen=True)
class Worn:
    """A wearable over a muscle, and what it sends of it, shape (n_samples, n_channels)."""

    muscle: Muscle | None
    sent: Samples
    firmware: Callable[[], Firmware]
    rate: float
    mtu: int = 247


def by_uart() -> Worn:
    worn = muscle(Simulation("clean", seed=3))
    counts = worn.counts(4.8828125, bits=10)
    return Worn(
        worn, counts.astype(np.float64), partial(Uart, counts, myoframe, size=20), 1000.0, mtu=23
    )


def by_text() -> Worn:
    worn = muscle(Simulation("clean", seed=3, rate=250.0))
    counts = worn.counts(0.5, bits=12, zero=2048)
    return Worn(worn, counts.astype(np.float64), partial(Uart, counts, text, rate=250.0), 250.0)


def by_hm_10() -> Worn:
    worn = muscle(Simulation("clean", seed=3, rate=500.0))
    counts = worn.counts(0.5, bits=14, zero=8192)
    board = partial(Uart, counts, chords, HM_10[1], hm_10(), rate=500.0, size=20)
    return Worn(worn, counts.astype(np.float64), board, 500.0, mtu=23)


def by_npg_lite() -> Worn:
    worn = muscle(Simulation("clean", seed=3, rate=500.0))
    calm = muscle(Simulation("calm", seed=7, rate=500.0)).counts(0.5, bits=12, zero=2048)
    counts = np.hstack([worn.counts(0.5, bits=12, zero=2048), calm, calm[::-1]])
    return Worn(worn, counts.astype(np.float64), partial(NpgLite, counts), 500.0)


def by_movesense() -> Worn:
    worn = muscle(Simulation("clean", seed=14, rate=208.0, wears=WornSensors.ACCELEROMETER))
    metres = worn.samples * STANDARD_GRAVITY
    return Worn(worn, worn.samples, partial(Movesense, metres, size=60), 208.0, mtu=63)


def by_myoware() -> Worn:
    """An envelope at 100 Hz tells of cramps, not of twitches; that it comes out is all."""
    worn = muscle(Simulation("clean", seed=3))
    levels = np.abs(worn.samples).reshape(-1, 10).mean(axis=1).clip(0, 255).astype(np.uint8)
    sent = levels[:, None].astype(np.float64)
    return Worn(None, sent, partial(Myoware, levels.tobytes()), 100.0)


WORN = {
    "UART": by_uart,
    "TEXT": by_text,
    "HMSoft": by_hm_10,
    "NPG-1-3CH": by_npg_lite,
    "Movesense 8": by_movesense,
    "MYOWARE1": by_myoware,
}


def recorded(path: Path) -> Samples:
    """All samples of a file, its streams side by side, in counts (accelerations in g)."""
    with open_recording(path) as recording:
        parts: dict[str, list[Samples]] = {stream.name: [] for stream in recording.streams}
        for block in recording.blocks(1.0):
            unit = 1.0 if block.stream.unit is Unit.G else block.stream.resolution
            parts[block.stream.name].append(block.samples / unit)
    return np.hstack([np.concatenate(blocks) for blocks in parts.values()])


def begin_of(got: Samples, sent: Samples) -> int:
    """Where in what was sent a recording begins."""
    windows = np.lib.stride_tricks.sliding_window_view(sent[:, 0], 50)
    return int(np.abs(windows - got[:50, 0]).sum(axis=1).argmin())


def are_all_near(some: list[int], others: list[int], samples: float) -> bool:
    return all(any(abs(one - other) <= samples for other in others) for one in some)


def test_a_session_of_six_kinds_of_wearables_finds_their_twitches(tmp_path: Path) -> None:
    worn = {name: make() for name, make in WORN.items()}
    with start_emulation() as emulation:
        for name, each in worn.items():
            emulation.peripheral(name, each.firmware, mtu=each.mtu)
        record([BleSource(name, site=name) for name in worn], home=tmp_path, duration_s=SECONDS)
    statuses = read_statuses(tmp_path)
    assert {status.site for status in statuses} == set(worn)
    true_twitches = 0
    for status in statuses:
        each = worn[status.site]
        got = recorded(tmp_path / status.file)
        begin = begin_of(got, each.sent)
        assert got == pytest.approx(each.sent[begin : begin + len(got)], abs=1e-5), status.site
        if each.muscle is None:
            continue
        with Store(tmp_path) as store:
            events = store.events(status.session_id, status.file)
        learnt, last = LEARNT_S * each.rate, len(got) - LAST_S * each.rate
        found = [e.onset for e in events if e.kind is Kind.TWITCH and e.onset > learnt]
        true = each.muscle.twitches(begin, begin + len(got))
        judged = [onset for onset in true if learnt < onset < last]
        assert are_all_near(found, true, NEAR_S * each.rate), status.site
        assert are_all_near(judged, found, NEAR_S * each.rate), status.site
        true_twitches += len(judged)
    assert true_twitches >= 10
