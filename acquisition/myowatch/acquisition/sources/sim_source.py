"""A simulated wearer as a source: `sim:SCENE?seed=1&speed=1`."""

from myowatch.acquisition.simulator import (
    SCENE_NAMES,
    Simulation,
    Wearer,
    WornSensors,
    visible_events,
)
from myowatch.acquisition.source.source import SourceText, WrongSource
from myowatch.acquisition.sources.file_source import Pace
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Stream

TICKS = 20
"""Blocks per second at speed 1, about as from a device."""


class SimSource:
    """Samples of a simulated wearer, in real time or as fast as possible.

    Parameters
    ----------
    speed
        1 is real time, infinity is as fast as possible.
    """

    def __init__(self, simulation: Simulation, *, speed: float = 1.0, text: str = "") -> None:
        self.text = text or f"sim:{simulation.scene}?seed={simulation.seed}"
        self.site = simulation.site
        self._wearer = Wearer(simulation)
        self._pace = Pace(speed)
        self._ticks_a_read = min(max(round(min(speed, TICKS)), 1), TICKS)
        self._tick = 0
        self._second: list[SampleBlock] = []
        self._events: list[Event] = []
        self._n_samples: dict[str, int] = {}

    @classmethod
    def parse(cls, text: SourceText, site: str) -> "SimSource":
        """Return the source that a text names.

        Raises
        ------
        WrongSource
            If the scene or an option is wrong.
        """
        text.only("seed", "speed", "rate", "channels", "modality", "mains", "site")
        if text.address not in SCENE_NAMES:
            raise WrongSource(
                f"there is no scene {text.address!r}",
                f"there are {', '.join(SCENE_NAMES)}; for example sim:twitchy?seed=1",
            )
        try:
            simulation = Simulation(
                text.address,
                seed=text.option("seed", int, 1, needs="a whole number"),
                rate=text.option("rate", _hertz, None, needs="a number of hertz"),
                channels=text.option("channels", int, 1, needs="a whole number"),
                wears=text.option(
                    "modality", WornSensors, WornSensors.EMG, needs=" or ".join(WornSensors)
                ),
                mains_hz=text.option("mains", _hertz, None, needs="50 or 60"),
                site=site,
            )
        except ValueError as error:
            raise WrongSource(f"{text.text!r} is wrong", str(error)) from None
        return cls(simulation, speed=text.speed(), text=text.text)

    def open(self) -> tuple[Stream, ...]:
        """Return the streams."""
        return self._wearer.streams

    def read(self) -> list[SampleBlock] | None:
        """Return the samples of the next twentieth of a second (of more, at higher speeds)."""
        end_tick = min(self._tick + self._ticks_a_read, (self._tick // TICKS + 1) * TICKS)
        if not self._pace.wait_for(end_tick / TICKS):
            return []
        if self._tick % TICKS == 0:
            self._second, events = self._wearer.second()
            self._events += events
        blocks = [_cut(block, self._tick, end_tick) for block in self._second]
        self._tick = end_tick
        self._n_samples = {block.stream.name: block.end_sample for block in blocks}
        return blocks

    def cancel_open(self) -> None:
        """Do nothing: a simulation opens at once."""

    def close(self) -> None:
        """Do nothing: a simulation holds no resource."""

    @property
    def progress(self) -> None:
        """None: a simulation has no end."""
        return

    @property
    def began_s(self) -> None:
        """None: a simulation has its own time."""
        return

    @property
    def link(self) -> None:
        """None: a simulation has no link."""
        return

    def truth(self) -> list[Event]:
        """Return the true events in the samples read so far."""
        return visible_events(self._events, self._n_samples)


def _cut(block: SampleBlock, tick: int, end_tick: int) -> SampleBlock:
    """Return the part of a second's block between two ticks."""
    second = tick - tick % TICKS
    begin, end = (len(block) * (t - second) // TICKS for t in (tick, end_tick))
    return SampleBlock(block.stream, block.first_sample + begin, block.samples[begin:end])


def _hertz(text: str) -> float | None:
    return float(text)
