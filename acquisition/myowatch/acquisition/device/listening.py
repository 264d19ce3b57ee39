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

Received = tuple[float, list[Run]]
"""Host clock at the arrival of runs, and the runs."""

FIRST_RUN_S = 4.0
"""A board that opening the port has reset boots for two seconds, and describes itself within one
more."""
ALL_SENSORS_S = 0.3
"""After the first samples, the time that slower sensors of the device get."""
START_AGAIN_S = 0.7
"""A board that still boots loses commands, so the start is repeated."""
MEASURE_S = 1.5
"""Enough to tell 250 Hz from 256 by arrival."""


class Listener:
    """Reads and decodes what a device sends, from connection to disconnection."""

    def __init__(self, line: Line, device: Device) -> None:
        self.device = device
        self._line, self._decoder = line, device.decoder()
        self._received_at = self._started_at = now_s()

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """Sensors known so far."""
        return self._decoder.layouts

    @property
    def device_so_far(self) -> Device:
        """The device, with what has been learnt of it."""
        return replace(self.device, facts=self._decoder.facts)

    @property
    def reception(self) -> Reception:
        """Reception counters so far."""
        return self._decoder.reception

    @property
    def silent_s(self) -> float:
        """Seconds since the last sample."""
        return now_s() - self._received_at

    def take(self, chunk: Chunk) -> Received:
        """Decode bytes."""
        at_s, data = chunk
        runs = self._decoder.feed(data)
        if runs:
            self._received_at = at_s
        return at_s, runs

    def listen(self, poll_s: float = POLL_S) -> Received:
        """Wait briefly, and decode what has arrived.

        A board that sends data but no samples has restarted and waits: it is started again.

        Raises
        ------
        SourceLost
            If the device is gone.
        """
        data = self._line.read(poll_s)
        at_s, runs = self.take((now_s(), data))
        if data and at_s - max(self._received_at, self._started_at) > START_AGAIN_S:
            self._start()
        return at_s, runs

    def first_runs(self, chunks: Sequence[Chunk], known: int = 0) -> list[Received]:
        """Start the device if it is silent, and wait until its sensors are known.

        Parameters
        ----------
        chunks
            What was received from it already.
        known
            Number of its sensors; 0 if unknown.

        Raises
        ------
        SourceLost
            If nothing comes.
        """
        received = [each for each in map(self.take, chunks) if each[1]]
        deadline = now_s() + FIRST_RUN_S
        start_at = now_s() if not received else deadline
        while not received or self._may_tell_more(received, known):
            now = now_s()
            if now >= deadline:
                break
            if not received and now >= start_at:
                start_at = now + START_AGAIN_S
                self._start()
            received += [each for each in [self.listen()] if each[1]]
        if not received:
            raise silent_device(self._line.name, self.reception, FIRST_RUN_S)
        return received

    def measure(self, layout: Layout, received: list[Received]) -> float:
        """Measure a sampling rate that the device does not state.

        Parameters
        ----------
        received
            What was received so far; new runs are appended.

        Raises
        ------
        SourceLost
            If the device becomes silent.
        """
        until = received[0][0] + MEASURE_S
        while now_s() < until:
            received += [each for each in [self.listen()] if each[1]]
        measured = _by_clock(layout, received) or _by_arrival(layout, received)
        if measured is None:
            raise silent_device(self._line.name, self.reception, MEASURE_S)
        return measured

    def stop(self) -> None:
        """Ask the device to stop sending.

        Raises
        ------
        SourceLost
            If the device is gone.
        """
        send(self._line, self.device.format.stop)

    def _start(self) -> None:
        self._started_at = now_s()
        send(self._line, self.device.format.start(self.device.facts))

    def _may_tell_more(self, received: Sequence[Received], known: int) -> bool:
        if known:
            return len(self.layouts) < known
        return now_s() - received[0][0] < ALL_SENSORS_S


def silent_device(name: str, reception: Reception, seconds: float) -> SourceLost:
    """Return the error for a device that sends nothing, or nothing that can be decoded."""
    if reception.bad_frames > reception.frames:
        return SourceLost(
            f"{name} sends only damaged data",
            "check its cable and baud=, or plug it in again",
        )
    return SourceLost(
        f"{name} has been silent for {seconds:.0f} s", "is it switched on, and its battery full?"
    )


def _by_arrival(layout: Layout, received: Sequence[Received]) -> float | None:
    times, counts, count = [], [], 0
    for at_s, runs in received:
        count += sum(len(run.samples) for run in runs if run.layout.name == layout.name)
        times.append(at_s)
        counts.append(count)
    measured = measure_rate(counts, times, least_error=BY_ARRIVAL)
    return None if measured is None else nominal_rate(measured)


def _by_clock(layout: Layout, received: Sequence[Received]) -> float | None:
    if layout.clock_period_us is None:
        return None
    times, counts, count, clock_us, before = [], [], 0, 0, None
    for run in (run for _, runs in received for run in runs if run.layout.name == layout.name):
        if run.clock_us is not None:
            clock_us += 0 if before is None else (run.clock_us - before) % layout.clock_period_us
            before = run.clock_us
            times.append(clock_us * 1e-6)
            counts.append(count)
        count += len(run.samples)
    measured = measure_rate(counts, times, least_error=BY_CLOCK)
    return None if measured is None else nominal_rate(measured)
