"""BlueZ over a radio without radio waves: an adapter and devices, as far as bleak asks for them.

After BlueZ's own description, doc/org.bluez.Adapter.rst and org.bluez.Device.rst of its sources.
"""

import asyncio

from bumble.core import BaseBumbleError
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError
from emulated_bus import IN_PROGRESS, NOTHING, Daemon, Reply
from emulated_central import Central, Found
from emulated_gatt import DEVICE, NO, YES, Gatt, address_of

ADAPTER = "org.bluez.Adapter1"
ADAPTER_PATH = "/org/bluez/hci0"
NOT_READY = DBusError("org.bluez.Error.NotReady", "Resource Not Ready")


class BlueZ:
    """An adapter, the devices it has heard of, and what they offer."""

    def __init__(self, bus: MessageBus, central: Central) -> None:
        self.central = central
        self.daemon = Daemon(bus, self._client_gone)
        self.gatt = Gatt(self.daemon, central)
        self.rssi: dict[str, int] = {}
        self._scanning: set[str] = set()
        self._connecting: dict[str, asyncio.Task[None]] = {}
        self.daemon.methods |= {
            (ADAPTER, "SetDiscoveryFilter"): self._set_discovery_filter,
            (ADAPTER, "StartDiscovery"): self._start_discovery,
            (ADAPTER, "StopDiscovery"): self._stop_discovery,
            (ADAPTER, "RemoveDevice"): self._remove_device,
            (DEVICE, "Connect"): self._connect,
            (DEVICE, "Disconnect"): self._disconnect,
        }

    async def start(self) -> None:
        self.central.found = self._found
        self._plug_in(powered=True)
        await self.daemon.start("org.bluez")

    async def adapter(self, *, present: bool, powered: bool) -> None:
        """Plug the adapter in or out, turn it on or off."""
        is_there = ADAPTER_PATH in self.daemon.objects
        if is_there and not (present and powered):
            await self._turn_off()
        if present and not is_there:
            self._plug_in(powered=powered)
        elif present:
            self.daemon.set(ADAPTER_PATH, ADAPTER, {"Powered": Variant("b", powered)})
        elif is_there:
            self.daemon.remove(ADAPTER_PATH)
            self.gatt.forget(ADAPTER_PATH)

    def _plug_in(self, *, powered: bool) -> None:
        properties = {
            "Address": Variant("s", "F0:F1:F2:F3:F4:F5"),
            "Alias": Variant("s", "emulated"),
            "Powered": Variant("b", powered),
            "Discovering": NO,
            "Roles": Variant("as", ["central", "peripheral"]),
            "UUIDs": Variant("as", []),
        }
        self.daemon.add(ADAPTER_PATH, ADAPTER, properties)

    async def _turn_off(self) -> None:
        self._scanning.clear()
        self._set_discovering()
        for task in self._connecting.values():
            task.cancel()
        for address in list(self.central.peers):
            await self.central.disconnect(address)

    # --- Adapter1

    def _check_power(self) -> None:
        if not self.daemon.get(ADAPTER_PATH, ADAPTER, "Powered"):
            raise NOT_READY

    async def _set_discovery_filter(self, _: Message) -> Reply:
        return NOTHING

    async def _start_discovery(self, call: Message) -> Reply:
        self._check_power()
        if call.sender in self._scanning:
            raise IN_PROGRESS
        self._scanning.add(str(call.sender))
        self._set_discovering()
        return NOTHING

    async def _stop_discovery(self, call: Message) -> Reply:
        self._check_power()
        if call.sender not in self._scanning:
            raise DBusError("org.bluez.Error.Failed", "No discovery started")
        self._scanning.discard(str(call.sender))
        self._set_discovering()
        return NOTHING

    def _set_discovering(self) -> None:
        now = Variant("b", bool(self._scanning))
        self.daemon.set(ADAPTER_PATH, ADAPTER, {"Discovering": now})

    async def _remove_device(self, call: Message) -> Reply:
        path = str(call.body[0])
        if path not in self.daemon.objects:
            raise DBusError("org.bluez.Error.DoesNotExist", "Does Not Exist")
        await self.central.disconnect(address_of(path))
        self.daemon.remove(path)
        self.gatt.forget(path)
        return NOTHING

    def _found(self, found: Found) -> None:
        if not self._scanning:
            return
        path = f"{ADAPTER_PATH}/dev_{found.address.replace(':', '_')}"
        heard = {
            "RSSI": Variant("n", self.rssi.get(found.address, -50)),
            "UUIDs": Variant("as", list(found.services)),
            "Alias": Variant("s", found.name or found.address.replace(":", "-")),
        }
        if found.name:
            heard["Name"] = Variant("s", found.name)
        if path in self.daemon.objects:
            self.daemon.set(path, DEVICE, heard)
            return
        fixed = {
            "Address": Variant("s", found.address),
            "AddressType": Variant("s", "random"),
            "Adapter": Variant("o", ADAPTER_PATH),
        }
        states = ("Paired", "Bonded", "Trusted", "Blocked", "Connected", "ServicesResolved")
        self.daemon.add(path, DEVICE, heard | fixed | dict.fromkeys(states, NO))

    # --- Device1

    async def _connect(self, call: Message) -> Reply:
        self._check_power()
        path = str(call.path)
        if self._is_connected(path):
            return NOTHING
        if path in self._connecting:
            raise IN_PROGRESS
        connecting = self._connecting[path] = asyncio.ensure_future(self._establish(path))
        try:
            await connecting
        except (asyncio.CancelledError, BaseBumbleError, TimeoutError) as error:
            raise DBusError("org.bluez.Error.Failed", "le-connection-abort-by-local") from error
        finally:
            del self._connecting[path]
        self.daemon.soon(self.gatt.resolve(path))
        return NOTHING

    async def _establish(self, path: str) -> None:
        await self.central.connect(address_of(path), lambda: self._lost(path))
        self.daemon.set(path, DEVICE, {"Connected": YES})

    async def _disconnect(self, call: Message) -> Reply:
        path = str(call.path)
        if connecting := self._connecting.get(path):
            connecting.cancel()
        elif not self._is_connected(path):
            raise DBusError("org.bluez.Error.NotConnected", "Not Connected")
        await self.central.disconnect(address_of(path))
        return NOTHING

    def _is_connected(self, path: str) -> bool:
        return bool(self.daemon.get(path, DEVICE, "Connected"))

    def _lost(self, path: str) -> None:
        self.gatt.lost(path)
        self.daemon.set(path, DEVICE, {"ServicesResolved": NO, "Connected": NO})

    async def _client_gone(self, name: str) -> None:
        if name in self._scanning:
            self._scanning.discard(name)
            self._set_discovering()
        await self.gatt.client_gone(name)
