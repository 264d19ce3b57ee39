"""Sensors of one session beside each other, by the host's clock, with the error stated."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.simulator import Simulation
from myowatch.acquisition.sources.sim_source import SimSource
from myowatch.acquisition.timing.clock_comparison import now_s
from myowatch.acquisition.timing.placing import Placing, sensors_of
from myowatch.acquisition.wire.decoding import Layout, Run
from myowatch.recordings.formats.opening import open_recording
from myowatch.signal.model.samples import Modality, Unit

RATE = 500.0
LAYOUT = Layout("EMG", Modality.EMG, Unit.ADC, ("A0",), 1.0, RATE, 65536)
LASTS_S = 300.0


def worn(seconds: float, *, ppm: float = 0.0, first_late_s: float = 0.0, seed: int = 0) -> Placing:
    """A device that begins at 100 s by the host's clock, heard each 50 ms, late by chance."""
    rng = np.random.default_rng(seed)
    placing = Placing(sensors_of([LAYOUT], {}))
    for n in range(round(seconds / 0.05)):
        run = Run(LAYOUT, np.zeros((25, 1)), n * 25 % 65536)
        late_s = first_late_s if n == 0 else float(rng.exponential(0.01))
        placing.place([run], 100.0 + (n + 1) * 0.05 * (1 - ppm * 1e-6) + late_s)
    return placing


@pytest.mark.parametrize(
    ("ppm", "first_late_s", "off_ms"),
    [(0.0, 0.0, 0.0), (0.0, 0.08, 80.0), (400.0, 0.0, 0.4 * LASTS_S), (-400.0, 0.08, 80.0)],
    ids=["as it should", "first late", "drifts", "both"],
)
def test_a_recording_states_its_time_offset(ppm: float, first_late_s: float, off_ms: float) -> None:
    placing = worn(LASTS_S, ppm=ppm, first_late_s=first_late_s)
    assert placing.began_s == pytest.approx(100.0 + first_late_s - 0.05 * ppm * 1e-6)
    assert placing.alignment_ms == pytest.approx(off_ms, abs=3.0)


def test_the_offset_of_two_devices_is_within_their_stated_errors() -> None:
    """One began 1.3 s after the other; each says when, and by how much that may be wrong."""
    one, other = (worn(60.0, first_late_s=late_s, seed=n) for n, late_s in enumerate((0.02, 0.07)))
    assert one.began_s is not None
    assert other.began_s is not None
    assert one.alignment_ms is not None
    assert other.alignment_ms is not None
    apart_s = other.began_s + 1.3 - one.began_s
    assert abs(apart_s - 1.3) <= 1e-3 * (one.alignment_ms + other.alignment_ms)


class Late(SimSource):
    """A device that has sent for three seconds before it is known what it is."""

    @property
    def began_s(self) -> float:  # type: ignore[override]
        return BEGAN_S


BEGAN_S = now_s() - 3.0


def test_a_recording_starts_at_the_time_of_its_first_sample(tmp_path: Path) -> None:
    before, age_s = datetime.now().astimezone(), now_s() - BEGAN_S
    source = Late(Simulation("calm"), speed=float("inf"))
    (track,) = record([source], home=tmp_path, duration_s=1.0).tracks
    with open_recording(track.file) as recording:
        assert recording.started is not None
        assert (before - recording.started).total_seconds() == pytest.approx(age_s, abs=0.01)
