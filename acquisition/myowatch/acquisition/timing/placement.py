"""The sample index of each run of one sensor, from counts and clocks that wrap."""

import math

from myowatch.acquisition.wire.decoding import Layout, Run

WINDOW_S = 5.0
"""The fastest delivery of one to two windows counts as no delay; longer would hide drift."""


class HostLine:
    """The host's clock as a sample index, by the fastest recent delivery.

    Data arrive late, never early: the smallest delay is the best estimate.

    Parameters
    ----------
    zero_s
        Host clock at sample 0; None if unknown before the first samples.
    """

    def __init__(self, sampling_rate: float, zero_s: float | None = None) -> None:
        self._rate = sampling_rate
        self._before = math.inf
        self._now = math.inf if zero_s is None else zero_s
        self._until: float | None = None

    def behind(self, sample: int, host_s: float) -> float:
        """Return how many samples this one is behind the host's clock; 0 if unknown."""
        zero_s = min(self._before, self._now)
        return 0.0 if math.isinf(zero_s) else (host_s - zero_s) * self._rate - sample

    def add(self, sample: int, host_s: float) -> None:
        """Note that all samples before this one had arrived at `host_s`."""
        if self._until is None or host_s >= self._until:
            known = self._until is not None
            self._until = host_s + WINDOW_S
            if known:
                self._before, self._now = self._now, math.inf
        self._now = min(self._now, host_s - sample / self._rate)


STALL_S = 1.0
"""A radio, driver or busy host delays data by up to 1 s; data missing longer are lost."""
AHEAD_S = 0.25
"""A sample more than this ahead of the host's clock is impossible."""
MISSING = 0.75
"""Samples; a smaller difference between two readings of the device's clock is jitter."""
CLOCK_JITTER = 2.0
"""Samples of jitter of a clock that is read in a program's loop."""


class Placement:
    """Assigns each run the index of its first sample; indices never fall.

    Parameters
    ----------
    zero_s, zero_clock_us
        Host clock and device clock at the device's first sample, for a sensor whose samples come
        later than those of another sensor.

    Attributes
    ----------
    end
        Index one past the last sample placed.
    lost
        Samples lost while the port was open.
    restarts
        How often the device restarted while the port was open.
    clock_s
        Device clock at the first sample of the last run, from the first reading or the last restart
        on; None without a clock.
    """

    def __init__(
        self,
        layout: Layout,
        sampling_rate: float,
        zero_s: float | None = None,
        zero_clock_us: int | None = None,
    ) -> None:
        self.end = 0
        self.lost = 0
        self.restarts = 0
        self.clock_s: float | None = None
        self._layout, self._rate = layout, sampling_rate
        self._host = HostLine(sampling_rate, zero_s)
        self._resumed = zero_s is not None
        self._count: int | None = None  # of the next sample, if nothing is lost
        self._clock_us = zero_clock_us  # at the first sample of the last run with a clock
        self._since_clock = 0  # indices since that sample
        self._clock_lead = 0.0  # samples by which the device's clock is ahead of the indices

    def resume(self) -> None:
        """Drop what the device counted: it was connected again, and may have restarted."""
        self._resumed = True
        self._reset()

    def place(self, run: Run, begins_s: float) -> int:
        """Return the index of a run's first sample.

        Parameters
        ----------
        begins_s
            Host clock: the latest time at which the first sample was taken.
        """
        behind = self._host.behind(self.end, begins_s)
        elapsed_us = self._elapsed_us(run, behind)
        lost = self._lost(run, behind, elapsed_us)
        first, n = self.end + lost, len(run.samples)
        self._count = None if run.count is None else run.count + n
        self._note_clock(run, elapsed_us, lost)
        self.end = first + n
        self._host.add(self.end, begins_s + n / self._rate)
        return first

    def _lost(self, run: Run, behind: float, elapsed_us: int | None) -> int:
        """Return how many samples are missing before a run that is `behind` the host's clock."""
        resumed, self._resumed = self._resumed, False
        counted = self._lost_by_device(run, behind, elapsed_us)
        if counted is not None and counted - behind <= AHEAD_S * self._rate:
            self.lost += 0 if resumed else counted
            return counted
        if counted is not None:
            self.restarts += 0 if resumed else 1
            self._reset()
        elif not resumed and behind <= STALL_S * self._rate:
            return 0
        away = max(round(behind), 0)
        self.lost += 0 if resumed else away
        return away

    def _lost_by_device(self, run: Run, behind: float, elapsed_us: int | None) -> int | None:
        """Return how many samples are missing by the device's count; None if it has none."""
        period = self._layout.count_period
        by_clock = (
            None if elapsed_us is None else elapsed_us * 1e-6 * self._rate - self._since_clock
        )
        if run.count is None or self._count is None or period is None:
            if by_clock is None and self._clock_us is not None:
                return 0  # contiguous until the next reading of the clock
            return None if by_clock is None else self._whole(by_clock)
        lost = (run.count - self._count) % period
        missing = by_clock if by_clock is not None else behind
        if by_clock is not None or behind - lost > STALL_S * self._rate:
            lost += max(round((missing - lost) / period), 0) * period
        return lost

    def _whole(self, missing: float) -> int:
        """Return how many samples to leave out for a gap by the device's clock.

        Small differences are jitter; of them, at most the total lead of the clock becomes a gap.
        """
        lead = self._clock_lead + missing
        sure = missing if missing > 2 * CLOCK_JITTER else min(missing, lead)
        left_out = round(sure) if sure >= MISSING else 0
        # Limited, so that a small rate error neither adds up to a loss nor hides one.
        self._clock_lead = min(max(lead - left_out, -CLOCK_JITTER), CLOCK_JITTER / 4)
        return left_out

    def _elapsed_us(self, run: Run, behind: float) -> int | None:
        """Return the time since the last value of the device's clock, wraps unfolded."""
        period = self._layout.clock_period_us
        if run.clock_us is None or self._clock_us is None or period is None:
            return None
        elapsed = (run.clock_us - self._clock_us) % period
        by_host = (behind + self._since_clock) / self._rate * 1e6
        return elapsed + max(round((by_host - elapsed) / period), 0) * period

    def _note_clock(self, run: Run, elapsed_us: int | None, lost: int) -> None:
        if run.clock_us is None:
            self._since_clock += lost + len(run.samples)
            return
        if self.clock_s is None or elapsed_us is None:
            self.clock_s = 0.0
        else:
            self.clock_s += elapsed_us * 1e-6
        self._clock_us, self._since_clock = run.clock_us, len(run.samples)

    def _reset(self) -> None:
        self._count = self._clock_us = self.clock_s = None
        self._clock_lead = 0.0
