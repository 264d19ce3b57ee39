"""BlueZ over a radio without radio waves: what bluetoothd's D-Bus objects do, as far as bleak asks.

After BlueZ's own description, doc/org.bluez.*.rst of its sources; what real bluetoothd 5.66 does on
a drop was watched: its objects of a lost device stay, and notifications are taken up again for
every client that is still on the bus.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from air_bus import NOTHING, Daemon, Reply
from air_central import Central, Found, Offered, OfferedService
from bumble.att import ATT_Error
from bumble.core import BaseBumbleError
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError

ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
DESCRIPTOR = "org.bluez.GattDescriptor1"
YES, NO = (Variant("b", each) for each in (True, False))
ADAPTER_PATH = "/org/bluez/hci0"
NOT_READY = DBusError("org.bluez.Error.NotReady", "Resource Not Ready")
IN_PROGRESS = DBusError("org.bluez.Error.InProgress", "Operation already in progress")
NOT_CONNECTED = DBusError("org.bluez.Error.Failed", "Not connected")


class BlueZ:
    """An adapter, the devices it has heard of, and what they offer."""

    def __init__(self, bus: MessageBus, central: Central) -> None:
        self.central = central
        self.daemon = Daemon(bus, self._client_gone)
        self.rssi: dict[str, int] = {}
        self._scanning: set[str] = set()
        self._connecting: dict[str, asyncio.Task[None]] = {}
        self._asking: dict[str, set[asyncio.Task[bytes | None]]] = {}
        self._offered: dict[str, Offered] = {}
        self._subscribed: dict[str, list[str]] = {}
        self.daemon.methods |= {
            (ADAPTER, "SetDiscoveryFilter"): self._set_discovery_filter,
            (ADAPTER, "StartDiscovery"): self._start_discovery,
            (ADAPTER, "StopDiscovery"): self._stop_discovery,
            (ADAPTER, "RemoveDevice"): self._remove_device,
            (DEVICE, "Connect"): self._connect,
            (DEVICE, "Disconnect"): self._disconnect,
            (CHARACTERISTIC, "ReadValue"): self._read_value,
            (CHARACTERISTIC, "WriteValue"): self._write_value,
            (CHARACTERISTIC, "StartNotify"): self._start_notify,
            (CHARACTERISTIC, "StopNotify"): self._stop_notify,
            (DESCRIPTOR, "ReadValue"): self._read_value,
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

    def _plug_in(self, *, powered: bool) -> None:
        properties = {
            "Address": Variant("s", "F0:F1:F2:F3:F4:F5"),
            "Alias": Variant("s", "air"),
            "Powered": Variant("b", powered),
            "Discovering": NO,
            "Roles": Variant("as", ["central", "peripheral"]),
            "UUIDs": Variant("as", []),
        }
        self.daemon.add(ADAPTER_PATH, ADAPTER, properties)

    async def _turn_off(self) -> None:
        self._scanning.clear()
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
        await self.central.disconnect(_address(path))
        self._forget(path)
        return NOTHING

    def _forget(self, path: str) -> None:
        self.daemon.remove(path)
        for known in (self._offered, self._subscribed):
            for each in [each for each in known if each.startswith(path)]:
                del known[each]

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
        self.daemon.soon(self._resolve(path))
        return NOTHING

    async def _establish(self, path: str) -> None:
        await self.central.connect(_address(path), lambda: self._lost(path))
        self.daemon.set(path, DEVICE, {"Connected": YES})

    async def _resolve(self, path: str) -> None:
        try:
            mtu, services = await self.central.discover(_address(path))
            if not any(each.startswith(path) for each in self._offered):
                self._add_services(path, services)
            for each in [each for each in self._offered if each.startswith(path)]:
                self.daemon.set(each, CHARACTERISTIC, {"MTU": Variant("q", mtu)})
            for service in services:
                for offered in service.characteristics:
                    await self._take_up_again(_path(path, service, offered), offered)
        except (BaseBumbleError, KeyError, asyncio.CancelledError):
            return  # the link went down meanwhile, and that is told
        self.daemon.set(path, DEVICE, {"ServicesResolved": YES})

    def _add_services(self, path: str, services: list[OfferedService]) -> None:
        for service in services:
            at = f"{path}/service{service.handle:04x}"
            properties = {
                "UUID": Variant("s", service.uuid),
                "Device": Variant("o", path),
                "Primary": YES,
            }
            self.daemon.add(at, SERVICE, properties)
            for offered in service.characteristics:
                self._add_characteristic(_path(path, service, offered), at, offered)
        uuids = Variant("as", [service.uuid for service in services])
        self.daemon.set(path, DEVICE, {"UUIDs": uuids})

    def _add_characteristic(self, path: str, service: str, offered: Offered) -> None:
        self._offered[path] = offered
        properties = {
            "UUID": Variant("s", offered.uuid),
            "Service": Variant("o", service),
            "Value": Variant("ay", b""),
            "Flags": Variant("as", list(offered.can)),
            "Notifying": NO,
        }
        self.daemon.add(path, CHARACTERISTIC, properties)
        for handle, uuid in offered.descriptors:
            described = {"UUID": Variant("s", uuid), "Characteristic": Variant("o", path)}
            self.daemon.add(f"{path}/desc{handle:04x}", DESCRIPTOR, described)

    async def _take_up_again(self, path: str, offered: Offered) -> None:
        self._offered[path] = offered
        if self._subscribed.get(path):
            await self.central.subscribe(_address(path), offered, self._value_of(path))

    async def _disconnect(self, call: Message) -> Reply:
        path = str(call.path)
        if connecting := self._connecting.get(path):
            connecting.cancel()
        elif not self._is_connected(path):
            raise DBusError("org.bluez.Error.NotConnected", "Not Connected")
        await self.central.disconnect(_address(path))
        return NOTHING

    def _is_connected(self, path: str) -> bool:
        return bool(self.daemon.get(path, DEVICE, "Connected"))

    def _lost(self, path: str) -> None:
        for asked in self._asking.pop(path, set()):
            asked.cancel()
        self.daemon.set(path, DEVICE, {"ServicesResolved": NO, "Connected": NO})

    # --- GattCharacteristic1, GattDescriptor1

    async def _asked(self, path: str, question: Awaitable[bytes | None]) -> bytes | None:
        """Give the answer to an ATT request, or what bluetoothd says when the link goes down."""
        task = asyncio.ensure_future(question)
        asking = self._asking.setdefault(_device_path(path), set())
        asking.add(task)
        try:
            return await task
        except asyncio.CancelledError as error:
            raise DBusError(
                "org.bluez.Error.Failed", "Operation failed with ATT error: 0x0e"
            ) from error
        except ATT_Error as error:
            said = f"Operation failed with ATT error: 0x{error.error_code:02x}"
            raise DBusError("org.bluez.Error.Failed", said) from error
        finally:
            asking.discard(task)

    def _handle(self, call: Message) -> tuple[str, int]:
        path = str(call.path)
        if not self._is_connected(_device_path(path)):
            raise NOT_CONNECTED
        offered = self._offered.get(path)
        return _address(path), offered.handle if offered else int(path[-4:], 16)

    async def _read_value(self, call: Message) -> Reply:
        value = await self._asked(str(call.path), self.central.read(*self._handle(call)))
        return Reply("ay", (bytes(value or b""),))

    async def _write_value(self, call: Message) -> Reply:
        data, options = call.body
        response = "type" not in options or options["type"].value == "request"
        address, handle = self._handle(call)
        write = self.central.write(address, handle, bytes(data), response=response)
        await self._asked(str(call.path), write)
        return NOTHING

    async def _start_notify(self, call: Message) -> Reply:
        path = str(call.path)
        address, _ = self._handle(call)
        if not {"notify", "indicate"} & set(self._offered[path].can):
            raise DBusError("org.bluez.Error.NotSupported", "Operation is not supported")
        clients = self._subscribed.setdefault(path, [])
        if call.sender in clients:
            raise IN_PROGRESS
        clients.append(str(call.sender))
        if len(clients) == 1:
            subscribe = self.central.subscribe(address, self._offered[path], self._value_of(path))
            await self._asked(path, subscribe)
            self.daemon.set(path, CHARACTERISTIC, {"Notifying": YES})
        return NOTHING

    async def _stop_notify(self, call: Message) -> Reply:
        if call.sender not in self._subscribed.get(str(call.path), []):
            raise DBusError("org.bluez.Error.Failed", "No notify session started")
        await self._unsubscribe(str(call.path), str(call.sender))
        return NOTHING

    async def _unsubscribe(self, path: str, client: str) -> None:
        clients = self._subscribed[path]
        clients.remove(client)
        if clients:
            return
        if self._is_connected(_device_path(path)):
            offered = self._offered[path]
            await self._asked(path, self.central.unsubscribe(_address(path), offered))
        self.daemon.set(path, CHARACTERISTIC, {"Notifying": NO})

    def _value_of(self, path: str) -> Callable[[bytes], None]:
        return partial(self._tell, path)

    def _tell(self, path: str, value: bytes) -> None:
        """Give a notification to everybody who asked for it, one signal each as bluetoothd does."""
        for _ in self._subscribed.get(path, ()):
            self.daemon.set(path, CHARACTERISTIC, {"Value": Variant("ay", bytes(value))})

    async def _client_gone(self, name: str) -> None:
        if name in self._scanning:
            self._scanning.discard(name)
            self._set_discovering()
        for path, clients in list(self._subscribed.items()):
            if name in clients:
                await self._unsubscribe(path, name)


def _path(device: str, service: OfferedService, offered: Offered) -> str:
    # bleak takes the last four digits as the handle of the declaration, one before the value's.
    return f"{device}/service{service.handle:04x}/char{offered.handle - 1:04x}"


def _device_path(path: str) -> str:
    return "/".join(path.split("/")[:5])


def _address(path: str) -> str:
    return path.split("/")[4].removeprefix("dev_").replace("_", ":")
