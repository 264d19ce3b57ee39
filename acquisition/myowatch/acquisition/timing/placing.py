"""A device's runs as blocks of its streams, placed in time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from myowatch.acquisition.timing.clock_comparison import Alignment, ClockComparison
from myowatch.acquisition.timing.placement import Placement
from myowatch.acquisition.wire.decoding import Layout, Run
from myowatch.signal.model.samples import AXES, Modality, SampleBlock, Stream


@dataclass(frozen=True, slots=True)
class Sensor:
    """One sensor of a device, with its sampling rate and its streams.

    Parameters
    ----------
    sampling_rate
        Hz, as the device states it, else as measured or given.
    streams
        One channel each for EMG, three for an accelerometer.
    """

    layout: Layout
    sampling_rate: float
    streams: tuple[Stream, ...]

    @property
    def channels_of_each(self) -> int:
        """Channels of each of the streams."""
        return len(self.streams[0].channels)


def sensors_of(
    layouts: Iterable[Layout], rate_of: dict[str, float], *, site: str = ""
) -> tuple[Sensor, ...]:
    """Return the sensors for some layouts, with rates and unique stream names.

    Parameters
    ----------
    rate_of
        Hz by the name of the layout; takes precedence over the rate of the layout.

    Raises
    ------
    ValueError
        If an accelerometer does not have three axes, or a rate is missing.
    """
    taken: set[str] = set()
    return tuple(_sensor(layout, rate_of, site, taken) for layout in layouts)


def _sensor(layout: Layout, rate_of: dict[str, float], site: str, taken: set[str]) -> Sensor:
    rate = rate_of.get(layout.name, layout.sampling_rate)
    if rate is None:
        raise ValueError(f"need a sampling rate for {layout.name}, got none")
    width = AXES if layout.modality is Modality.ACCELEROMETER else 1
    if not layout.channels or len(layout.channels) % width:
        raise ValueError(f"need {width} channels a stream, got {layout.channels}")
    groups = [layout.channels[i : i + width] for i in range(0, len(layout.channels), width)]
    streams = []
    for group in groups:
        name = _unique(layout.name if width > 1 else group[0], taken)
        channels = group if width > 1 else (name,)
        streams.append(
            Stream(name, layout.modality, layout.unit, rate, channels, layout.resolution, site)
        )
    return Sensor(layout, rate, tuple(streams))


def _unique(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name} {number}", number + 1
    taken.add(free)
    return free


LONGEST_BLOCK_S = 0.25
"""Longest block of a source; samples received during recognition are cut to this."""


class Placing:
    """Places in time what one device sends.

    Attributes
    ----------
    by_count, by_clock
        Sample count and clock of the device, each compared with the host's clock.
    """

    def __init__(self, sensors: Sequence[Sensor]) -> None:
        self._sensors = {sensor.layout.name: sensor for sensor in sensors}
        self._placements: dict[str, Placement] = {}
        self._zero_s: float | None = None
        self._zero_clock_us: int | None = None
        self._restarts = 0
        self._alignment: Alignment | None = None
        self.by_count, self.by_clock = ClockComparison(), ClockComparison()

    @property
    def rate(self) -> float:
        """Rate in Hz of the sensor that is used to compare the clocks; 0 before any sample."""
        name = next(iter(self._placements), "")
        return self._sensors[name].sampling_rate if name else 0.0

    @property
    def began_s(self) -> float | None:
        """Host clock at the first sample, by the first delivery; None before."""
        return self._zero_s

    @property
    def alignment_ms(self) -> float | None:
        """Largest error of a sample's time by the host's clock; None before any sample."""
        return None if self._alignment is None else 1e3 * self._alignment.error_s

    @property
    def lost_samples(self) -> int:
        """Samples lost while the line was open, of the sensor that lost most."""
        return max((placement.lost for placement in self._placements.values()), default=0)

    @property
    def restarts(self) -> int:
        """How often the device restarted while the line was open."""
        return max((placement.restarts for placement in self._placements.values()), default=0)

    def resume(self) -> None:
        """Continue by the host's clock after the line was opened again."""
        for placement in self._placements.values():
            placement.resume()
        self._compare_anew()

    def place(self, runs: Sequence[Run], arrived_s: float) -> list[SampleBlock]:
        """Return the blocks of what arrived at one time.

        Parameters
        ----------
        runs
            In the order they came, of known sensors.
        arrived_s
            Host clock at their arrival, seconds.
        """
        waiting = dict.fromkeys(self._sensors, 0)
        for run in runs:
            waiting[run.layout.name] += len(run.samples)
        blocks: list[SampleBlock] = []
        for run in runs:
            sensor = self._sensors[run.layout.name]
            # Samples that arrive together were taken one after another: the last one just now.
            begins_s = arrived_s - waiting[run.layout.name] / sensor.sampling_rate
            waiting[run.layout.name] -= len(run.samples)
            first = self._placement(sensor, run, begins_s).place(run, begins_s)
            blocks += _blocks(sensor, run, first)
        self._compare(runs, arrived_s)
        return blocks

    def _placement(self, sensor: Sensor, run: Run, begins_s: float) -> Placement:
        name = sensor.layout.name
        if name not in self._placements:
            self._placements[name] = Placement(
                sensor.layout, sensor.sampling_rate, self._zero_s, self._zero_clock_us
            )
            if self._zero_s is None:
                self._zero_s, self._zero_clock_us = begins_s, run.clock_us
                self._alignment = Alignment(begins_s)
        return self._placements[name]

    def _compare(self, runs: Sequence[Run], arrived_s: float) -> None:
        """Compare the clocks by the device's first sensor, at its newest sample."""
        name = next(iter(self._placements), "")
        newest = next((run for run in reversed(runs) if run.layout.name == name), None)
        if newest is None:
            return
        placement, rate = self._placements[name], self._sensors[name].sampling_rate
        if placement.restarts > self._restarts:
            self._restarts = placement.restarts
            self._compare_anew()
        self.by_count.add(placement.end / rate, arrived_s)
        if self._alignment is not None:
            self._alignment.add(placement.end / rate, arrived_s)
        if newest.clock_us is not None and placement.clock_s is not None:
            self.by_clock.add(placement.clock_s + len(newest.samples) / rate, arrived_s)

    def _compare_anew(self) -> None:
        self.by_count, self.by_clock = ClockComparison(), ClockComparison()


def _blocks(sensor: Sensor, run: Run, first: int) -> Iterator[SampleBlock]:
    longest = max(int(LONGEST_BLOCK_S * sensor.sampling_rate), 1)
    width = sensor.channels_of_each
    for begin in range(0, len(run.samples), longest):
        part = run.samples[begin : begin + longest]
        for number, stream in enumerate(sensor.streams):
            columns = part[:, number * width : (number + 1) * width]
            yield SampleBlock(stream, first + begin, columns)
