"""`lsl:` against a real outlet of the library itself, on this computer only."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from extras import optional

from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.source.source import SourceLost
from myowatch.acquisition.sources.open_source import open_source
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.recorder_status import RecorderState
from myowatch.signal.model.samples import Modality, Unit

pylsl: Any = optional("pylsl", "lsl")
RATE = 500


@pytest.fixture(scope="module", autouse=True)
def this_computer_only(tmp_path_factory: pytest.TempPathFactory) -> None:
    config = tmp_path_factory.mktemp("lsl") / "lsl_api.cfg"
    config.write_text("[multicast]\nResolveScope = machine\n[log]\nlevel = -3\n")
    os.environ["LSLAPICFG"] = str(config)  # read once, when the library is first used


def described(name: str, units: list[str]) -> Any:
    info = pylsl.StreamInfo(name, "EMG", len(units), RATE, "float32", f"{name}-1")
    channels = info.desc().append_child("channels")
    for number, unit in enumerate(units, 1):
        channel = channels.append_child("channel")
        channel.append_child_value("label", f"c{number}")
        channel.append_child_value("unit", unit)
    return info


@contextmanager
def sender(name: str, units: list[str], *, but: tuple[int, int] = (0, 0)) -> Iterator[None]:
    """Send a ramp at the pace of the clock; samples of the range `but` are never sent."""
    over = threading.Event()
    outlet = pylsl.StreamOutlet(described(name, units))

    def run() -> None:
        began, sent = pylsl.local_clock(), 0
        while not over.wait(0.02):
            due = int((pylsl.local_clock() - began) * RATE)
            for n in range(sent, due):
                if not but[0] <= n < but[1]:
                    outlet.push_sample([float(n)] * len(units), began + n / RATE)
            sent = due

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_stream_is_recorded_with_its_channels_units_and_every_sample(tmp_path: Path) -> None:
    with sender("whole", ["microvolts", "microvolts", "g", "g", "g"]):
        done = record([open_source("lsl:whole?site=calf")], home=tmp_path, duration_s=1.5)
    (track,) = done.tracks
    assert track.state is RecorderState.ENDED
    with open_recording(track.file) as recording:
        first, second, acceleration = recording.streams
        blocks = [block for block in recording.blocks() if block.stream == first]
    assert (first.name, second.name, acceleration.name) == ("c1", "c2", "ACC 2")
    assert (first.unit, first.site, first.sampling_rate) == (Unit.MICROVOLT, "calf", RATE)
    assert acceleration.modality is Modality.ACCELEROMETER
    samples = np.concatenate([block.samples for block in blocks])
    assert len(samples) == 1.5 * RATE
    np.testing.assert_array_equal(np.diff(samples[:, 0]), 1.0)


def test_samples_that_were_not_sent_are_a_gap() -> None:
    with sender("gappy", ["uV"], but=(700, 900)):
        source = open_source("lsl:gappy")
        source.open()
        place: dict[int, int] = {}
        until = time.monotonic() + 3
        while time.monotonic() < until and (not place or max(place) < 1100):
            for block in source.read() or []:
                values = block.samples[:, 0].round().astype(int).tolist()
                place |= {v: block.first_sample + i for i, v in enumerate(values)}
        source.close()
    assert 699 in place
    assert 899 not in place
    assert place[900] - place[699] == pytest.approx(201, abs=3)


def test_a_stopped_stream_is_lost_and_a_missing_one_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("myowatch.acquisition.device.device_source.SILENT_S", 0.3)
    monkeypatch.setattr("myowatch.acquisition.sources.lsl_source.LISTEN_S", 0.5)
    with sender("short", ["uV"]):
        source = open_source("lsl:short")
        source.open()
    with pytest.raises(SourceLost, match="nothing has come from lsl:short"):  # noqa: PT012
        while True:
            source.read()
    source.close()
    with pytest.raises(Problem, match=r"no LSL stream named absent was found"):
        open_source("lsl:absent").open()


def test_a_stream_without_unit_uses_the_option() -> None:
    with sender("plain", [""]):
        as_told, as_typed = open_source("lsl:plain"), open_source("lsl:plain?unit=mV")
        assert [s.unit for s in as_told.open()] == [Unit.MICROVOLT]  # the type is EMG
        (stream,) = as_typed.open()
        assert stream.resolution == 0.025
        as_told.close()
        as_typed.close()
    with pytest.raises(Problem, match="unit has to be one of V, mV, uV"):
        open_source("lsl:plain?unit=cm")
