"""Known Bluetooth LE wearables, by what they advertise and which services they offer."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from bleak.backends.device import BLEDevice

from myowatch.acquisition.wire import movesense, npg_lite
from myowatch.acquisition.wire.decoding import DeviceFacts
from myowatch.acquisition.wire.formats import Format
from myowatch.acquisition.wire.movesense import MovesenseDecoder
from myowatch.acquisition.wire.myoware import MyowareDecoder
from myowatch.acquisition.wire.npg_lite import NpgLiteDecoder
from myowatch.recordings.model.recording import ENVELOPE_NOTE

BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
"""Bluetooth's own characteristic: a byte, per cent."""


def _nothing(_: str) -> DeviceFacts:
    return DeviceFacts()


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of wearable.

    Parameters
    ----------
    name, title
        For programs, and for people.
    service
        By which it is known when connected, and mostly in what it advertises.
    notify, write
        The characteristics that samples come by and commands go to; empty if it takes none.
    format
        How its samples are laid out; None if that is to be found out, as at a serial port.
    messages
        Whether a notification's beginning and end mean something.
    names
        What the advertised name of one begins with, where that tells.
    battery
        The characteristic that holds its battery's level.
    facts_of
        What the advertised name tells of one.
    instead
        The kind of source that records it, if that is not `ble:`.
    """

    name: str
    title: str
    service: str
    notify: str = ""
    write: str = ""
    format: Format | None = None
    messages: bool = False
    names: tuple[str, ...] = ()
    battery: str = BATTERY_LEVEL
    facts_of: Callable[[str], DeviceFacts] = _nothing
    instead: str = ""

    def is_advertised(self, name: str, services: Collection[str]) -> bool:
        """Return whether an advertisement is of this kind."""
        return self.service in services or (bool(self.names) and name.startswith(self.names))


def _npg_facts(name: str) -> DeviceFacts:
    return DeviceFacts(channels=6 if name.upper().endswith("6CH") else 3, board=name or None)


PROFILES = (
    Profile(
        "movesense",
        "Movesense",
        "34802252-7185-4d5d-b431-630e7050e8f0",
        "34800002-7185-4d5d-b431-630e7050e8f0",
        "34800001-7185-4d5d-b431-630e7050e8f0",
        Format(
            "movesense",
            "the accelerometer of a Movesense",
            (),
            MovesenseDecoder,
            start=movesense.start,
            stop=(movesense.STOP,),
        ),
        messages=True,
        names=("Movesense ",),
    ),
    Profile(
        "npg-lite",
        "NPG Lite of Upside Down Labs",
        "4fafc201-1fb5-459e-8fcc-c5c9c331914b",
        "beb5483e-36e1-4688-b7f5-ea07361b26a8",
        "0000ff01-0000-1000-8000-00805f9b34fb",
        Format(
            "npg-lite",
            "NPG Lite of Upside Down Labs",
            (),
            NpgLiteDecoder,
            start=lambda _: (npg_lite.START,),
            stop=(npg_lite.STOP,),
        ),
        messages=True,
        names=("NPG",),
        battery="f633d0ec-46b4-43c1-a39f-1ca06d0602e1",
        facts_of=_npg_facts,
    ),
    Profile(
        "myoware",
        f"MyoWare with its wireless shield ({ENVELOPE_NOTE})",
        "19b10000-e8f2-537e-4f6c-d104768a1214",
        "19b10001-e8f2-537e-4f6c-d104768a1214",
        format=Format("myoware", "the envelope of a MyoWare, for cramps only", (), MyowareDecoder),
        messages=True,
        names=("MYOWARE",),
    ),
    Profile(
        "ganglion",
        "OpenBCI Ganglion",
        "0000fe84-0000-1000-8000-00805f9b34fb",
        names=("Ganglion",),
        instead="brainflow:ganglion_native?mac_address={address}",
    ),
    Profile(
        "nordic-uart",
        "a board that speaks by Nordic's UART service",
        "6e400001-b5a3-f393-e0a9-e50e24dcca9e",
        "6e400003-b5a3-f393-e0a9-e50e24dcca9e",
        "6e400002-b5a3-f393-e0a9-e50e24dcca9e",
    ),
    Profile(
        "hm-10",
        "a board behind an HM-10 module",
        "0000ffe0-0000-1000-8000-00805f9b34fb",
        "0000ffe1-0000-1000-8000-00805f9b34fb",
        "0000ffe1-0000-1000-8000-00805f9b34fb",
        names=("HMSoft", "HMSensor", "BT05", "MLT-BT05"),
    ),
)
"""In the order in which they are looked for: what tells more goes before what tells less."""


def advertised(name: str, services: Collection[str]) -> Profile | None:
    """Return the profile of an advertisement; None if it is unknown."""
    by_name = (each for each in PROFILES if name.startswith(each.names or "\0"))
    return offered(services) or next(by_name, None)


def offered(services: Collection[str]) -> Profile | None:
    """Return the profile of a device with these services; None if it is unknown."""
    return next((each for each in PROFILES if each.service in services), None)


@dataclass(frozen=True, slots=True)
class Advertisement:
    """The advertisement of one peripheral.

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
        """Name of the peripheral, or its address."""
        return self.name or self.address

    @property
    def source(self) -> str:
        """Source text for `myowatch record`; empty if the peripheral is unknown."""
        if self.profile is None:
            return ""
        return (self.profile.instead or "ble:{address}").format(address=self.address)

    def is_called(self, wanted: str) -> bool:
        """Return whether a text is the name or the address of this peripheral."""
        return wanted.casefold() in (self.name.casefold(), self.address.casefold())
