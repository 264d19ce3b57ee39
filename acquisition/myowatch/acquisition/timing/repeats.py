"""Samples that came twice: told by the device's count or clock, and by their values. Pure.

A radio's driver may hand on a notification again (bleak's issue 2002); without this, a count that
goes back would be that of a device that began anew.
"""

from dataclasses import replace

import numpy as np

from myowatch.acquisition.wire.decoding import Run

REMEMBERED = 64
"""Samples of a sensor: as many as the largest notification holds."""
SHARE = 4
"""Of a count's period, the part that it may have gone back: after more, samples were lost."""


class Repeats:
    """Remembers the last samples of each sensor of a device."""

    def __init__(self) -> None:
        self._last: dict[str, Run] = {}

    def leave_out(self, runs: list[Run]) -> list[Run]:
        """Give runs without the samples that came already."""
        new = [self._new_part(run) for run in runs]
        return [run for run in new if len(run.samples)]

    def _new_part(self, run: Run) -> Run:
        last = self._last.get(run.layout.name)
        n = 0 if last is None else _repeated(last, run)
        if n:
            run = _without(run, n)
        if len(run.samples):
            self._last[run.layout.name] = _tail(run)
        return run


def _repeated(last: Run, run: Run) -> int:
    """Count the samples at the beginning of a run that the last one ended with."""
    if run.count is not None and last.count is not None and run.layout.count_period is not None:
        period = run.layout.count_period
        back = (last.count + len(last.samples) - run.count) % period
        if back > period // SHARE:
            return 0
    elif run.clock_us is not None and run.clock_us == last.clock_us:
        back = len(last.samples)
    else:
        return 0
    if not 0 < back <= len(last.samples):
        return 0
    n = min(back, len(run.samples))
    at = len(last.samples) - back
    same = np.array_equal(last.samples[at : at + n], run.samples[:n], equal_nan=True)
    return n if same else 0


def _without(run: Run, n: int) -> Run:
    count = None if run.count is None else run.count + n
    return replace(run, samples=run.samples[n:], count=count, clock_us=None)


def _tail(run: Run) -> Run:
    """Keep the end of a run; its clock only if it is kept whole."""
    drop = len(run.samples) - REMEMBERED
    return _without(run, drop) if drop > 0 else run
