"""Link quality: its summary, and its sum over reconnections."""

import pytest

from myowatch.acquisition.device.device_source import LinkMeter
from myowatch.acquisition.timing.placing import Placing
from myowatch.acquisition.wire.decoding import Reception
from myowatch.recordings.model.link_quality import LinkQuality


@pytest.mark.parametrize(
    ("quality", "said"),
    [
        (LinkQuality("a board"), "a board: no samples lost"),
        (
            LinkQuality("a board", 1, 2, 99, 1, 1, 1),
            "a board: 1 sample lost, 2 frames damaged, 1 overrun in the device, "
            "1 restart of the device, reconnected once",
        ),
        (
            LinkQuality(
                "a board",
                lost_samples=17,
                reconnects=3,
                sampling_rate_hz=499.979,
                drift_ppm=-41.7,
                jitter_ms=15.8,
            ),
            "a board: 17 samples lost, reconnected 3x, 499.98 Hz, clock 42 ppm slow, jitter 16 ms",
        ),
    ],
)
def test_a_link_summary_leaves_out_zero_counts(quality: LinkQuality, said: str) -> None:
    assert quality.in_one_line() == quality.as_json()["words"] == said


def test_damage_adds_up_over_reconnections() -> None:
    meter, placing = LinkMeter(), Placing(())
    meter.closed(Reception(frames=10, skipped_bytes=5, bad_frames=2, overruns=1))
    meter.reconnects += 1
    now = meter.quality("a board", placing, Reception(frames=3, skipped_bytes=1, bad_frames=1))
    assert (now.bad_frames, now.skipped_bytes, now.overruns, now.reconnects) == (3, 6, 1, 1)
    assert now.drift_ppm is now.jitter_ms is now.sampling_rate_hz is None
