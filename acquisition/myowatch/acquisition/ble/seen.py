"""A wearable, or anything else, that advertises itself within reach."""

from dataclasses import dataclass, field

from bleak.backends.device import BLEDevice

from myowatch.acquisition.ble.profiles import Profile


@dataclass(frozen=True, slots=True)
class Seen:
    """What was heard of one peripheral.

    Parameters
    ----------
    address
        Of its radio; on macOS a UUID that this computer gave it.
    name
        That it advertises; empty if none.
    rssi_dbm
        How strongly it is received: -40 beside the computer, -90 at the end of its reach.
    profile
        None if nothing known is advertised.
    device
        What bleak connects to, for as long as it has not gone.
    """

    address: str
    name: str
    rssi_dbm: int
    profile: Profile | None
    device: BLEDevice = field(repr=False, compare=False)

    @property
    def title(self) -> str:
        """Its name, or its address."""
        return self.name or self.address

    @property
    def source(self) -> str:
        """What `myowatch record` takes to record it; empty if it is nothing known."""
        if self.profile is None:
            return ""
        return (self.profile.instead or "ble:{address}").format(address=self.address)

    def is_called(self, wanted: str) -> bool:
        """Whether somebody who typed this means it: its name or its address."""
        return wanted.casefold() in (self.name.casefold(), self.address.casefold())
