"""Which wearable it is, what is wrong with the radio, and what waits to be taken: no radio here."""

import sys
from pathlib import Path

import pytest
from bleak.backends.device import BLEDevice
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
)

from myowatch.acquisition.ble.advertisements import PROFILES, Advertisement, advertised, offered
from myowatch.acquisition.ble.ble_connection import NotificationQueue
from myowatch.acquisition.ble.ble_problems import NoBluetooth, out_of_reach, radio_problem
from myowatch.acquisition.ble.radio import scan
from myowatch.acquisition.source.source import WrongSource
from myowatch.acquisition.sources.open_source import open_source
from myowatch.acquisition.wire.decoding import DeviceFacts

NORDIC_UART = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
BATTERY = "0000180f-0000-1000-8000-00805f9b34fb"


@pytest.mark.parametrize(
    ("name", "services", "profile"),
    [
        ("WEAR-01", [BATTERY, NORDIC_UART], "nordic-uart"),
        ("Movesense 174630000192", [], "movesense"),
        ("NPG-30:30:f9:f9:db:76-3CH", [], "npg-lite"),
        ("MYOWARE1", [], "myoware"),
        ("Ganglion-58f3", [], "ganglion"),
        ("HMSoft", [], "hm-10"),
        ("", ["0000ffe0-0000-1000-8000-00805f9b34fb"], "hm-10"),
        ("NPG-clone", [NORDIC_UART], "nordic-uart"),  # what it offers tells more than its name
        ("Pulse belt", [BATTERY], None),
        ("", [], None),
    ],
)
def test_advertisements_identify_the_profile(
    name: str, services: list[str], profile: str | None
) -> None:
    found = advertised(name, services)
    assert (found and found.name) == profile


def test_services_identify_the_profile() -> None:
    for profile in PROFILES:
        assert offered([BATTERY, profile.service]) is profile
    assert offered([BATTERY]) is None


@pytest.mark.parametrize(("name", "channels"), [("NPG-1-6CH", 6), ("NPG-1-3CH", 3), ("NPG", 3)])
def test_the_name_of_an_npg_lite_gives_its_channels(name: str, channels: int) -> None:
    profile = advertised(name, [])
    assert profile is not None
    assert profile.facts_of(name) == DeviceFacts(channels=channels, board=name)


REASON = BleakBluetoothNotAvailableReason


@pytest.mark.parametrize(
    ("error", "linux", "windows"),
    [
        (BleakBluetoothNotAvailableError("", REASON.POWERED_OFF), "rfkill", "Settings"),
        (BleakDBusError("org.bluez.Error.NotReady", ["Resource Not Ready"]), "rfkill", "Settings"),
        (BleakBluetoothNotAvailableError("", REASON.NO_BLUETOOTH), "plug one in", "plug one in"),
        (BleakBluetoothNotAvailableError("", REASON.NO_BLE_CENTRAL_ROLE), "newer", "newer"),
        (BleakBluetoothNotAvailableError("", REASON.DENIED_BY_USER), "D-Bus", "Privacy"),
        (BleakBluetoothNotAvailableError("", REASON.UNKNOWN), "install", "Device Manager"),
        (FileNotFoundError(2, "No such file"), "install", "Device Manager"),
        (EOFError(), "install", "Device Manager"),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "systemctl", "plug in"),
        (
            BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []),
            "ask the administrator",
            "allow",
        ),
        (PermissionError(13, "Permission denied"), "administrator", "allow"),
    ],
)
def test_a_radio_that_cannot_be_used_says_what_to_do(
    error: Exception, linux: str, windows: str
) -> None:
    on_linux, on_windows = (radio_problem(error, platform=each) for each in ("linux", "win32"))
    assert isinstance(on_linux, NoBluetooth)
    assert isinstance(radio_problem(error, platform="darwin"), NoBluetooth)
    assert linux in str(on_linux)
    assert windows in str(on_windows)


@pytest.mark.parametrize(
    "error",
    [
        BleakGATTProtocolError(0x05),
        BleakGATTProtocolError(0x0F),
        BleakDBusError("org.bluez.Error.NotPermitted", ["Not paired"]),
        BleakDBusError("org.bluez.Error.AuthenticationFailed", ["Authentication Failed"]),
    ],
)
def test_a_wearable_that_needs_pairing_says_how(error: Exception) -> None:
    for platform, how in (("linux", "bluetoothctl"), ("darwin", "macOS asks"), ("win32", "Add")):
        problem = str(radio_problem(error, platform=platform))
        assert problem.startswith("it needs to be paired")
        assert how in problem


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's Bluetooth is on a bus")
def test_a_refused_bus_is_a_missing_permission() -> None:
    refused = pytest.importorskip("dbus_fast.errors").AuthError("EXTERNAL is refused")
    assert "you may not use Bluetooth here" in str(radio_problem(refused))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's Bluetooth is on a bus")
def test_without_a_bus_the_message_says_how_to_install_bluetooth(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/absent")
    with pytest.raises(NoBluetooth, match="does not answer; install and start BlueZ"):
        scan(0.1)


def test_other_failures_quote_the_system() -> None:
    assert str(radio_problem(TimeoutError())).startswith("it does not answer; bring it nearer")
    assert "Bluetooth says: odd" in str(radio_problem(BleakError("odd")))


def seen(name: str, rssi: int, *services: str) -> Advertisement:
    address = f"C0:00:00:00:00:{-rssi}"
    device = BLEDevice(address, name, None)
    return Advertisement(address, name, rssi, advertised(name, services), device)


def test_a_device_out_of_reach_names_those_in_reach() -> None:
    others = [seen("telly", -40), seen("far", -80, NORDIC_UART), seen("near", -50, NORDIC_UART)]
    assert str(out_of_reach("WEAR", others)) == (
        "WEAR is not in reach; is it switched on? In reach are: near (-50 dBm), far (-80 dBm)"
    )
    assert "telly (-40 dBm)" in str(out_of_reach("WEAR", others[:1]))
    assert "disconnect it from a telephone" in str(out_of_reach("WEAR", []))


def test_a_wearable_is_selected_by_name_or_address() -> None:
    it = seen("Wear 1", -50)
    assert it.is_called("wear 1")
    assert it.is_called(it.address.lower())
    assert not it.is_called("Wear")


def test_notifications_beyond_the_queue_are_counted_and_the_others_complete() -> None:
    inbox = NotificationQueue(100)
    for n in range(8):
        inbox.put(bytes([n]) * 30)
    assert inbox.take() == [bytes([n]) * 30 for n in range(3)]
    assert inbox.dropped_bytes == 5 * 30
    inbox.put(b"more")
    assert (inbox.take(), inbox.take()) == ([b"more"], [])


def test_a_wearable_has_the_options_of_a_board_except_baud() -> None:
    source = open_source("ble:AA:BB:CC:DD:EE:FF?rate=416&site=left-thigh")
    assert (source.text, source.site) == (
        "ble:AA:BB:CC:DD:EE:FF?rate=416&site=left-thigh",
        "left-thigh",
    )
    with pytest.raises(WrongSource, match="ble: has no option 'baud'"):
        open_source("ble:Movesense 1?baud=9600")
