"""How far the device should be by the host's clock."""

import math

WINDOW_S = 5.0
"""The fastest delivery of one to two windows stands for no delay; longer would hide drift."""


class HostLine:
    """The host's clock as a sample index, by the fastest delivery of late.

    Data come late, never early: the least delay seen is the nearest to the truth.

    Parameters
    ----------
    zero_s
        The host's clock at sample 0; None if that is not known before the first samples.
    """

    def __init__(self, sampling_rate: float, zero_s: float | None = None) -> None:
        self._rate = sampling_rate
        self._before = math.inf
        self._now = math.inf if zero_s is None else zero_s
        self._until: float | None = None

    def behind(self, sample: int, host_s: float) -> float:
        """Say how many samples this one is behind the host's clock; 0 if nothing is known."""
        zero_s = min(self._before, self._now)
        return 0.0 if math.isinf(zero_s) else (host_s - zero_s) * self._rate - sample

    def seen(self, sample: int, host_s: float) -> None:
        """Take note that all samples before this one were there at `host_s`."""
        if self._until is None or host_s >= self._until:
            known = self._until is not None
            self._until = host_s + WINDOW_S
            if known:
                self._before, self._now = self._now, math.inf
        self._now = min(self._now, host_s - sample / self._rate)
