"""What every wire format has in common: bytes go in, runs of samples come out."""

from dataclasses import dataclass, fields, replace
from typing import Protocol

import numpy as np

from myowatch.signal.model.samples import ColumnUnit, Modality, Samples, Unit


@dataclass(frozen=True, slots=True)
class Layout:
    """What one sensor of a device sends, as far as the wire format states it.

    Parameters
    ----------
    name
        Of the sensor, unique within the device, such as `EMG` or `ACC`.
    channels
        Their names; a device may name them itself.
    resolution
        Units per count: every value is a whole number of counts times this.
    sampling_rate
        Hz; None if nothing on the wire tells it, so that it has to be measured.
    count_period
        The device's sample count begins again at 0 after this many; None if it sends no count.
    clock_period_us
        The device's clock begins again at 0 after this many microseconds; None if it sends none.
    """

    name: str
    modality: Modality
    unit: Unit
    channels: tuple[str, ...]
    resolution: float
    sampling_rate: float | None = None
    count_period: int | None = None
    clock_period_us: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Samples without a loss between them, by the device's count or clock.

    Parameters
    ----------
    samples
        Shape (n_samples, n_channels), in the layout's unit; NaN where a value was unreadable.
    count
        The device's count of the first sample, as on the wire; None if it sends none.
    clock_us
        The device's clock at the first sample, as on the wire; None if it sends none.
    """

    layout: Layout
    samples: Samples
    count: int | None = None
    clock_us: int | None = None


@dataclass(frozen=True, slots=True)
class Reception:
    """Reception counters of a decoder.

    Frames and bytes, together with the few that wait for the rest of a frame, are all that came.

    Parameters
    ----------
    frames
        That were whole and undamaged; of a text format, its lines of samples.
    frame_bytes
        That these were made of.
    skipped_bytes
        All others: what was damaged, what a board says at its start, what no one can use yet.
    bad_frames
        That looked like frames or lines and failed their check.
    overruns
        Times the device said that it lost samples itself.
    """

    frames: int = 0
    frame_bytes: int = 0
    skipped_bytes: int = 0
    bad_frames: int = 0
    overruns: int = 0


class Decoder(Protocol):
    """Turns one format's bytes into runs of samples.

    However the bytes are cut, the samples are the same. What is kept between two calls is
    bounded, whatever the wire brings.
    """

    def feed(self, data: bytes) -> list[Run]:
        """Return the samples that these bytes complete, in the order they came."""

    @property
    def facts(self) -> "DeviceFacts":
        """What is known of the device so far, for the decoder after a reconnection."""

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """Sensors known so far; some formats describe them only while they send."""

    @property
    def reception(self) -> Reception:
        """Reception counters so far."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """Columns that belong together, and how many counts the printed number 1 is."""

    layout: Layout
    columns: tuple[int, ...]
    counts_in_1: float

    def samples(self, values: Samples) -> Samples:
        """Return the sensor's samples among the values of whole lines, on its grid.

        NaN for none.
        """
        samples = np.rint(values[:, self.columns] * self.counts_in_1) * self.layout.resolution
        return np.where(np.isfinite(samples), samples, np.nan)


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns of a device's lines: labels (None without one) and sensors.

    A device that is connected again is taken for what it was, though its header line is not
    repeated and its first numbers are others.
    """

    labels: tuple[str | None, ...]
    sensors: tuple[Sensor, ...]

    def fit(self, printed: tuple[str | None, ...]) -> bool:
        """Return whether lines with these labels can be those of this device."""
        return len(printed) == len(self.labels) and (not any(printed) or printed == self.labels)


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What a decoder must know; None if unknown, and the format's default holds.

    Parameters
    ----------
    channels
        How many there are.
    sampling_rate
        Hz.
    bits
        Of a sample.
    board
        What the device calls itself.
    modality, unit
        Of lines of text, which do not tell.
    clock
        The column of lines of text that holds the device's microseconds: its label, or its number
        from 1.
    columns
        Of lines of text, when the device was heard before.
    """

    channels: int | None = None
    sampling_rate: float | None = None
    bits: int | None = None
    board: str | None = None
    modality: Modality | None = None
    unit: ColumnUnit | None = None
    clock: str | None = None
    columns: Columns | None = None

    def merge_over(self, other: "DeviceFacts") -> "DeviceFacts":
        """Return these facts, completed by the other's."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(other, **{name: fact for name, fact in said.items() if fact is not None})
