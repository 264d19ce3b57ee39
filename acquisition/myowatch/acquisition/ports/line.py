"""What a serial port and a radio have in common: bytes go both ways."""

from typing import Protocol


class Line(Protocol):
    """An open way to a device.

    Attributes
    ----------
    name
        As told to a person.
    """

    name: str

    def read(self, poll_s: float) -> bytes:
        """Wait a little and give all that has come.

        Raises
        ------
        SourceLost
            If the way has gone.
        """

    def write(self, data: bytes) -> None:
        """Send bytes.

        Raises
        ------
        SourceLost
            If the way has gone.
        """

    def close(self) -> None:
        """Let go of the device; harmless when it has gone or is let go of already."""
