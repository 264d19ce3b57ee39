"""Simulated muscles as a board's converter sees them, and what truly happened in them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from myowatch.acquisition.simulator import Simulation, Wearer
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Samples

SECONDS = 40
"""Longer than any test lasts: a board that has sent all begins again."""


@dataclass(frozen=True)
class Muscle:
    """What a sensor over a muscle measures.

    Parameters
    ----------
    samples
        Shape (n_samples, n_channels), in the stream's unit.
    events
        Onsets in samples.
    """

    samples: Samples
    events: list[Event]

    def counts(self, resolution: float, *, bits: int, zero: int = 0) -> npt.NDArray[np.int64]:
        """The signal after a converter; `resolution` is one of its counts."""
        counts = np.rint(self.samples / resolution).astype(np.int64) + zero
        return np.clip(counts, zero - 2 ** (bits - 1), zero + 2 ** (bits - 1) - 1)

    def twitches(self, begin: int, end: int) -> list[int]:
        """Onsets of the twitches between two samples, from the first of them on."""
        twitches = (e.onset for e in self.events if e.kind is Kind.TWITCH)
        return [onset - begin for onset in twitches if begin <= onset < end]


def muscle(simulation: Simulation) -> Muscle:
    """Live the first `SECONDS` of the first stream of a wearer."""
    wearer = Wearer(simulation)
    seconds = [wearer.second() for _ in range(SECONDS)]
    samples = np.concatenate([blocks[0].samples for blocks, _ in seconds])
    return Muscle(samples, [event for _, events in seconds for event in events])
