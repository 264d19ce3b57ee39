"""An open line to a device and the decoder of its bytes."""

from collections.abc import Sequence
from dataclasses import replace

from myowatch.acquisition.device.device import Device, Line
from myowatch.acquisition.device.probing import POLL_S, Chunk, send
from myowatch.acquisition.source.source import SourceLost
from myowatch.acquisition.timing.clock_comparison import now_s
from myowatch.acquisition.timing.sample_counts import (
    BY_ARRIVAL,
    BY_CLOCK,
    measure_rate,
    nominal_rate,
)
from myowatch.acquisition.wire.decoding import Layout, Reception, Run

Heard = tuple[float, list[Run]]
"""When runs were there by the host's clock, and the runs."""

FIRST_RUN_S = 4.0
"""A board that was reset by opening the port boots for two seconds, and tells its layout within
another."""
ALL_SENSORS_S = 0.3
"""After the first samples, until a slower sensor of the same device has spoken too."""
START_AGAIN_S = 0.7
"""A command is lost on a board that still boots."""
MEASURE_S = 1.5
"""Enough to tell 250 Hz from 256 by arrival."""


class Listener:
    """Reads and decodes what a device sends, from connection to disconnection."""

    def __init__(self, line: Line, device: Device) -> None:
        self.device = device
        self._line, self._decoder = line, device.decoder()
        self._heard_at = self._started_at = now_s()

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """Sensors known so far."""
        return self._decoder.layouts

    @property
    def knows(self) -> Device:
        """The device, with what has been learnt of it."""
        return replace(self.device, facts=self._decoder.facts)

    @property
    def reception(self) -> Reception:
        """Reception counters so far."""
        return self._decoder.reception

    @property
    def silent_s(self) -> float:
        """Seconds since the last sample."""
        return now_s() - self._heard_at

    def take(self, chunk: Chunk) -> Heard:
        """Decode bytes."""
        at_s, data = chunk
        runs = self._decoder.feed(data)
        if runs:
            self._heard_at = at_s
        return at_s, runs

    def listen(self, poll_s: float = POLL_S) -> Heard:
        """Wait briefly, and decode what has arrived.

        A board that speaks but sends no samples lost its power and waits: it is started again.

        Raises
        ------
        SourceLost
            If the device has gone.
        """
        data = self._line.read(poll_s)
        at_s, runs = self.take((now_s(), data))
        if data and at_s - max(self._heard_at, self._started_at) > START_AGAIN_S:
            self._start()
        return at_s, runs

    def first_runs(self, chunks: Sequence[Chunk], known: int = 0) -> list[Heard]:
        """Start the device if it is silent, and wait until its sensors are known.

        Parameters
        ----------
        chunks
            What was heard of it already.
        known
            How many sensors it has; 0 if that is to be found out.

        Raises
        ------
        SourceLost
            If nothing comes.
        """
        heard = [each for each in map(self.take, chunks) if each[1]]
        give_up = now_s() + FIRST_RUN_S
        start_at = now_s() if not heard else give_up
        while not heard or self._may_tell_more(heard, known):
            now = now_s()
            if now >= give_up:
                break
            if not heard and now >= start_at:
                start_at = now + START_AGAIN_S
                self._start()
            heard += [each for each in [self.listen()] if each[1]]
        if not heard:
            raise silent_device(self._line.name, self.reception, FIRST_RUN_S)
        return heard

    def measure(self, layout: Layout, heard: list[Heard]) -> float:
        """Measure a sampling rate that the device does not state.

        Parameters
        ----------
        heard
            What was heard until now; what is heard meanwhile is added.

        Raises
        ------
        SourceLost
            If the device falls silent.
        """
        until = heard[0][0] + MEASURE_S
        while now_s() < until:
            heard += [each for each in [self.listen()] if each[1]]
        measured = _by_clock(layout, heard) or _by_arrival(layout, heard)
        if measured is None:
            raise silent_device(self._line.name, self.reception, MEASURE_S)
        return measured

    def stop(self) -> None:
        """Ask the device to stop sending.

        Raises
        ------
        SourceLost
            If the device has gone.
        """
        send(self._line, self.device.format.stop)

    def _start(self) -> None:
        self._started_at = now_s()
        send(self._line, self.device.format.start(self.device.facts))

    def _may_tell_more(self, heard: Sequence[Heard], known: int) -> bool:
        if known:
            return len(self.layouts) < known
        return now_s() - heard[0][0] < ALL_SENSORS_S


def silent_device(name: str, reception: Reception, seconds: float) -> SourceLost:
    """Return the error for a device that sends nothing, or nothing that can be decoded."""
    if reception.bad_frames > reception.frames:
        return SourceLost(
            f"{name} sends damaged data only", "check its cable and baud=, or take it off and on"
        )
    return SourceLost(
        f"{name} has been silent for {seconds:.0f} s", "is it switched on, and its battery full?"
    )


def _by_arrival(layout: Layout, heard: Sequence[Heard]) -> float | None:
    times, counts, count = [], [], 0
    for at_s, runs in heard:
        count += sum(len(run.samples) for run in runs if run.layout.name == layout.name)
        times.append(at_s)
        counts.append(count)
    measured = measure_rate(counts, times, least_error=BY_ARRIVAL)
    return None if measured is None else nominal_rate(measured)


def _by_clock(layout: Layout, heard: Sequence[Heard]) -> float | None:
    if layout.clock_period_us is None:
        return None
    times, counts, count, clock_us, before = [], [], 0, 0, None
    for run in (run for _, runs in heard for run in runs if run.layout.name == layout.name):
        if run.clock_us is not None:
            clock_us += 0 if before is None else (run.clock_us - before) % layout.clock_period_us
            before = run.clock_us
            times.append(clock_us * 1e-6)
            counts.append(count)
        count += len(run.samples)
    measured = measure_rate(counts, times, least_error=BY_CLOCK)
    return None if measured is None else nominal_rate(measured)
