"""What the way from a device did, added up over all times that it was opened."""

import time

from myowatch.acquisition.timing.placing import Placing
from myowatch.acquisition.wire.decoding import Reception
from myowatch.recordings.model.link_quality import LinkQuality

FRESH_S = 1.0
"""Nobody looks more often, and working it out costs half a millisecond."""


NOTHING = Reception()


class LinkMeter:
    """Counts across reconnections.

    Attributes
    ----------
    reconnects
        Times the device was lost and found again.
    """

    def __init__(self) -> None:
        self.reconnects = 0
        self._past = Reception()
        self._last: LinkQuality | None = None
        self._fresh_until = 0.0

    def closed(self, reception: Reception) -> None:
        """Keep what was counted until the port was closed."""
        self._past, self._fresh_until = _sum(self._past, reception), 0.0

    def quality(self, device: str, placing: Placing, reception: Reception = NOTHING) -> LinkQuality:
        """Give all that is known, at most a second old.

        Parameters
        ----------
        reception
            Since the port was opened last; nothing, for what has no frames of its own.
        """
        if self._last is None or time.monotonic() >= self._fresh_until:
            self._last = self._now(device, _sum(self._past, reception), placing)
            self._fresh_until = time.monotonic() + FRESH_S
        return self._last

    def _now(self, device: str, reception: Reception, placing: Placing) -> LinkQuality:
        by_count, by_clock = placing.by_count.drift_ppm, placing.by_clock.drift_ppm
        return LinkQuality(
            device,
            lost_samples=placing.lost_samples,
            bad_frames=reception.bad_frames,
            skipped_bytes=reception.skipped_bytes,
            overruns=reception.overruns,
            restarts=placing.restarts,
            reconnects=self.reconnects,
            sampling_rate_hz=None if by_count is None else placing.rate * (1 + by_count * 1e-6),
            drift_ppm=by_count if by_clock is None else by_clock,
            jitter_ms=placing.by_count.jitter_ms,
            alignment_ms=placing.alignment_ms,
        )


def _sum(one: Reception, other: Reception) -> Reception:
    return Reception(
        one.frames + other.frames,
        one.frame_bytes + other.frame_bytes,
        one.skipped_bytes + other.skipped_bytes,
        one.bad_frames + other.bad_frames,
        one.overruns + other.overruns,
    )
