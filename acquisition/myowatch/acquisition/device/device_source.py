"""What is the same for all devices, whatever the way to them."""

from typing import Protocol


class Began(Protocol):
    """Whatever places the samples of a device in time."""

    @property
    def began_s(self) -> float | None:
        """The host's clock at its first sample; None before one came."""


class DeviceSource:
    """The part of a source that all devices share.

    Parameters
    ----------
    samples
        What places its samples.
    """

    def __init__(self, samples: Began) -> None:
        self._placed = samples

    @property
    def progress(self) -> None:
        """None: a device goes on for ever."""
        return

    @property
    def began_s(self) -> float | None:
        """The host's clock at the first sample."""
        return self._placed.began_s

    def give_up(self) -> None:
        """Do nothing: where an `open` can be ended, the source knows how."""

    def truth(self) -> None:
        """Give nothing: only detection can say what truly happened."""
        return
