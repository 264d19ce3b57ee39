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
"""Bluetooth's standard characteristic: one byte, per cent."""


def _nothing(_: str) -> DeviceFacts:
    return DeviceFacts()


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of wearable.

    Parameters
    ----------
    name, title
        For programs, and for users.
    service
        Identifies it when connected, and mostly in its advertisement.
    notify, write
        Characteristics for samples and for commands; empty if there is none.
    format
        Format of its samples; None to detect it, as at a serial port.
    messages
        Whether each notification is a message; otherwise they are a stream of bytes.
    names
        Beginnings of advertised names that identify it.
    battery
        Characteristic of its battery level.
    facts_of
        Facts in an advertised name.
    instead
        Source text that records it, if that is not `ble:`.
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
        "a board with Nordic's UART service",
        "6e400001-b5a3-f393-e0a9-e50e24dcca9e",
        "6e400003-b5a3-f393-e0a9-e50e24dcca9e",
        "6e400002-b5a3-f393-e0a9-e50e24dcca9e",
    ),
    Profile(
        "hm-10",
        "a board with an HM-10 module",
        "0000ffe0-0000-1000-8000-00805f9b34fb",
        "0000ffe1-0000-1000-8000-00805f9b34fb",
        "0000ffe1-0000-1000-8000-00805f9b34fb",
        names=("HMSoft", "HMSensor", "BT05", "MLT-BT05"),
    ),
)
"""In the order of the search: the more specific ones first."""


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
        Of its radio; on macOS a UUID that the computer assigns.
    name
        Advertised name; empty if none.
    rssi_dbm
        Signal strength: -40 beside the computer, -90 at the limit of its range.
    profile
        None if unknown.
    device
        What bleak connects to; stale after a dropout.
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
