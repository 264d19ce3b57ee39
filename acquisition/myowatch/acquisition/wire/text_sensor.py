"""What the columns of lines of text were found to be."""

from dataclasses import dataclass

import numpy as np

from myowatch.acquisition.wire.decoding import Layout
from myowatch.signal.samples import Samples


@dataclass(frozen=True, slots=True)
class Sensor:
    """Columns that belong together, and how many counts the number 1 as printed is."""

    layout: Layout
    columns: tuple[int, ...]
    counts_in_1: float

    def samples(self, values: Samples) -> Samples:
        """Give the sensor's samples among the values of whole lines, on its grid; NaN for none."""
        samples = np.rint(values[:, self.columns] * self.counts_in_1) * self.layout.resolution
        return np.where(np.isfinite(samples), samples, np.nan)


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns of a device's lines: their labels, None without one, and its sensors.

    A device that is connected again is taken for what it was, though its header line is not
    repeated and its first numbers are others.
    """

    labels: tuple[str | None, ...]
    sensors: tuple[Sensor, ...]

    def fit(self, printed: tuple[str | None, ...]) -> bool:
        """Say whether lines with these labels in them can be those of this device."""
        return len(printed) == len(self.labels) and (not any(printed) or printed == self.labels)
