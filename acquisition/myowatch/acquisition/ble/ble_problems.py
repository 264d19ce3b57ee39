"""Messages for users when Bluetooth or a wearable does not work."""

import sys
from collections.abc import Sequence

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from myowatch.acquisition.ble.advertisements import Advertisement
from myowatch.recordings.storage.problem import Problem

_SWITCH_ON = {
    "linux": "switch it on: rfkill unblock bluetooth; bluetoothctl power on",
    "darwin": "switch it on in the menu bar or in System Settings, Bluetooth",
    "win32": "switch it on in Settings, Bluetooth & devices",
}
_ALLOW = {
    "linux": "try bluetoothctl show; ask the administrator of this computer for access to D-Bus",
    "darwin": "allow your terminal in System Settings, Privacy & Security, Bluetooth",
    "win32": "allow it in Settings, Privacy & security, Radios",
}
_INSTALL = {
    "linux": "install and start BlueZ: sudo apt install bluez; sudo systemctl start bluetooth",
    "darwin": "plug in an adapter that macOS supports",
    "win32": "plug in a Bluetooth adapter; is it in the Device Manager?",
}
_PAIR = {
    "linux": "pair it once: bluetoothctl, then scan on, pair with its address, and trust",
    "darwin": "accept when macOS asks; if it does not, remove the device in Settings and retry",
    "win32": "pair it once in Settings, Bluetooth & devices, Add device",
}
_UNPAIRED = frozenset(
    {
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
    }
)
_REFUSED: tuple[type[Exception], ...] = (PermissionError,)
if sys.platform == "linux":
    from dbus_fast.errors import AuthError

    _REFUSED = (*_REFUSED, AuthError)
_ABSENT_WORDS = ("serviceunknown", "was not provided", "namehasnoowner", "nosuchunit")


class NoBluetooth(Problem):
    """Bluetooth of this computer cannot be used."""


def radio_problem(error: Exception, *, platform: str = sys.platform) -> Problem:
    """Return the error for a failure of the radio, with what to do.

    Parameters
    ----------
    error
        Raised by bleak or a library below it.
    """
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _not_available(error, platform)
    if _wants_pairing(error):
        return Problem("it needs to be paired first", _PAIR[_known(platform)])
    if isinstance(error, TimeoutError):
        return Problem("it does not answer", "bring it nearer, or switch it off and on")
    return _no_radio(error, platform) or Problem(
        f"Bluetooth says: {error}", "bring it nearer, or switch it off and on"
    )


def unsubscribed(platform: str = sys.platform) -> Problem:
    """Return the error for a wearable that does not answer a subscription.

    bluetoothd 5.66 never answers when a pairing that it started itself was refused, as it is
    without a user at the computer.
    """
    said = "it connects, but does not answer a request for samples"
    return Problem(said, f"if it needs pairing, {_PAIR[_known(platform)]}")


def out_of_reach(wanted: str, seen: Sequence[Advertisement]) -> Problem:
    """Return the error for a wearable that is not in reach; it names those that are."""
    usable = [each for each in seen if each.profile is not None]
    there = sorted(usable or [each for each in seen if each.name], key=lambda each: -each.rssi_dbm)
    what = f"{wanted} is not in reach"
    if not there:
        return Problem(what, "switch it on, bring it nearer, and disconnect it from a telephone")
    those = ", ".join(f"{each.title} ({each.rssi_dbm} dBm)" for each in there[:5])
    return Problem(what, f"is it switched on? In reach are: {those}")


def _not_available(error: BleakBluetoothNotAvailableError, platform: str) -> Problem:
    match error.reason:
        case BleakBluetoothNotAvailableReason.POWERED_OFF:
            return _switched_off(platform)
        case BleakBluetoothNotAvailableReason.NO_BLUETOOTH:
            return NoBluetooth("there is no Bluetooth adapter", "plug one in, or switch it on")
        case BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE:
            return NoBluetooth(
                "this Bluetooth adapter is too old for Bluetooth LE", "plug in a newer one (4.0 on)"
            )
        case BleakBluetoothNotAvailableReason.UNKNOWN:
            return _no_bluetooth(platform)
        case _:
            return _denied(platform)


def _no_radio(error: Exception, platform: str) -> Problem | None:
    if _dbus_says(error, "notready"):
        return _switched_off(platform)
    if isinstance(error, _REFUSED) or _dbus_says(error, "accessdenied"):
        return _denied(platform)
    # The system bus or the Bluetooth service is missing, or restarts.
    if isinstance(error, (OSError, EOFError)) or _dbus_says(error, *_ABSENT_WORDS):
        return _no_bluetooth(platform)
    return None


def _switched_off(platform: str) -> Problem:
    return NoBluetooth("Bluetooth is switched off", _SWITCH_ON[_known(platform)])


def _denied(platform: str) -> Problem:
    return NoBluetooth("you may not use Bluetooth here", _ALLOW[_known(platform)])


def _no_bluetooth(platform: str) -> Problem:
    return NoBluetooth(
        "the Bluetooth service of this computer does not answer", _INSTALL[_known(platform)]
    )


def _wants_pairing(error: Exception) -> bool:
    if isinstance(error, BleakGATTProtocolError):
        return error.code in _UNPAIRED
    return _dbus_says(error, "authenticat", "not paired", "encryption")


def _dbus_says(error: Exception, *words: str) -> bool:
    said = str(error).lower()
    return isinstance(error, BleakDBusError) and any(word in said for word in words)


def _known(platform: str) -> str:
    return platform if platform in _SWITCH_ON else "linux"
