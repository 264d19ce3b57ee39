"""What a device's sensors are as streams: an EMG channel each, an accelerometer's axes together."""

from collections.abc import Iterable
from dataclasses import dataclass

from myowatch.acquisition.wire.decoding import Layout
from myowatch.signal.model.samples import AXES, Modality, Stream


@dataclass(frozen=True, slots=True)
class Sensor:
    """One sensor of a device, with the rate at which it samples and the streams it gives.

    Parameters
    ----------
    sampling_rate
        Hz, as the wire tells it, else as it was measured or said.
    streams
        Of one channel each for EMG; of three for an accelerometer.
    """

    layout: Layout
    sampling_rate: float
    streams: tuple[Stream, ...]

    @property
    def channels_of_each(self) -> int:
        """Channels of each of its streams."""
        return len(self.streams[0].channels)


def sensors_of(
    layouts: Iterable[Layout], rate_of: dict[str, float], *, site: str = ""
) -> tuple[Sensor, ...]:
    """Give each layout its rate, and its streams names that no other has.

    Parameters
    ----------
    rate_of
        Hz by the name of the layout, where the wire tells none or something else is to hold.

    Raises
    ------
    ValueError
        If an accelerometer has not three axes, or a rate is missing.
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
        name = _free(layout.name if width > 1 else group[0], taken)
        channels = group if width > 1 else (name,)
        streams.append(
            Stream(name, layout.modality, layout.unit, rate, channels, layout.resolution, site)
        )
    return Sensor(layout, rate, tuple(streams))


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name} {number}", number + 1
    taken.add(free)
    return free
