"""Types that all decoders share: bytes go in, runs of samples come out."""

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
        Hz; None if the device does not state it, so that it is measured.
    count_period
        The device's sample count wraps to 0 after this many; None without a count.
    clock_period_us
        The device's clock wraps to 0 after this many microseconds; None without a clock.
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
        The device's count of the first sample, as sent; None without a count.
    clock_us
        The device's clock at the first sample, as sent; None without a clock.
    """

    layout: Layout
    samples: Samples
    count: int | None = None
    clock_us: int | None = None


@dataclass(frozen=True, slots=True)
class Reception:
    """Reception counters of a decoder.

    Together with the bytes of an unfinished frame, these are all bytes that arrived.

    Parameters
    ----------
    frames
        Whole and undamaged frames; in a text format, lines of samples.
    frame_bytes
        Bytes of these frames.
    skipped_bytes
        All other bytes: damaged ones, start messages, frames that cannot be used yet.
    bad_frames
        Frames or lines that failed their check.
    overruns
        How often the device reported that it lost samples itself.
    """

    frames: int = 0
    frame_bytes: int = 0
    skipped_bytes: int = 0
    bad_frames: int = 0
    overruns: int = 0


class Decoder(Protocol):
    """Turns one format's bytes into runs of samples.

    The samples do not depend on how the bytes are cut. The memory between two calls is bounded
    for any input.
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

    They are kept across a reconnection, because the header line is not repeated and the first
    numbers differ.
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
        Number of channels.
    sampling_rate
        Hz.
    bits
        Bits of a sample.
    board
        Name that the device sends.
    modality, unit
        For lines of text, which do not state them.
    clock
        For lines of text, the column with the device's microseconds: its label, or its number from
        1.
    columns
        For lines of text, the columns found before a reconnection.
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
