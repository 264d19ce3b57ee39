"""What is known of a device before its first sample: typed by a person, or said by the device."""

from dataclasses import dataclass, fields, replace

from myowatch.acquisition.wire.text_sensor import Columns
from myowatch.recordings.units import ColumnUnit
from myowatch.signal.samples import Modality


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decoder has to be told; None where nobody said, and the format's usual holds.

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

    def over(self, other: "Facts") -> "Facts":
        """Give these facts, and the other's where these say nothing."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(other, **{name: fact for name, fact in said.items() if fact is not None})
