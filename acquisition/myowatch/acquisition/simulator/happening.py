"""One thing that happens to a wearer."""

from dataclasses import dataclass

from myowatch.acquisition.simulator.scene import Happens


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happens.

    Parameters
    ----------
    channel
        The muscle, or its EMG channel; None for all of them.
    draw
        Seed of whatever is random in its shape.
    """

    kind: Happens
    onset_s: float
    lasting_s: float
    channel: int | None
    draw: int

    @property
    def end_s(self) -> float:
        """When it is over."""
        return self.onset_s + self.lasting_s
