"""BlueZ over a radio without radio waves: what a connected device offers.

After BlueZ's own description, doc/org.bluez.GattCharacteristic.rst of its sources; what real
bluetoothd 5.66 does on a drop was watched: objects of a lost device stay, and notifications are
taken up again for every client that is still on the bus.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from bumble.att import ATT_Error, ErrorCode
from bumble.core import BaseBumbleError
from dbus_fast import Message, Variant
from dbus_fast.errors import DBusError
from emulated_bus import IN_PROGRESS, NOTHING, Daemon, Reply
from emulated_central import Central, Offered, OfferedService

DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
DESCRIPTOR = "org.bluez.GattDescriptor1"
NOT_CONNECTED = DBusError("org.bluez.Error.Failed", "Not connected")
NOT_PAIRED = DBusError("org.bluez.Error.NotPermitted", "Not paired")
NEED_PAIRING = (ErrorCode.INSUFFICIENT_AUTHENTICATION, ErrorCode.INSUFFICIENT_ENCRYPTION)
"""To which bluetoothd answers so: `create_gatt_dbus_error` in its src/gatt-client.c."""

YES, NO = (Variant("b", each) for each in (True, False))


class Gatt:
    """Services, characteristics and descriptors of the devices that have been connected."""

    def __init__(self, daemon: Daemon, central: Central) -> None:
        self.daemon = daemon
        self.central = central
        self._asking: dict[str, set[asyncio.Task[bytes | None]]] = {}
        self._offered: dict[str, Offered] = {}
        self._subscribed: dict[str, list[str]] = {}
        daemon.methods |= {
            (CHARACTERISTIC, "ReadValue"): self._read_value,
            (CHARACTERISTIC, "WriteValue"): self._write_value,
            (CHARACTERISTIC, "StartNotify"): self._start_notify,
            (CHARACTERISTIC, "StopNotify"): self._stop_notify,
            (DESCRIPTOR, "ReadValue"): self._read_value,
        }

    @property
    def n_subscriptions(self) -> int:
        """Of all clients together."""
        return sum(map(len, self._subscribed.values()))

    async def resolve(self, path: str) -> None:
        """Find out what a device offers that has just been connected."""
        try:
            mtu, services = await self.central.discover(address_of(path))
            if not any(each.startswith(path) for each in self._offered):
                self._add_services(path, services)
            for each in [each for each in self._offered if each.startswith(path)]:
                self.daemon.set(each, CHARACTERISTIC, {"MTU": Variant("q", mtu)})
            for service in services:
                for offered in service.characteristics:
                    await self._take_up_again(_path(path, service, offered), offered)
        except (BaseBumbleError, KeyError, asyncio.CancelledError):
            return  # the link went down meanwhile, which is reported
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
            await self.central.subscribe(address_of(path), offered, self._value_of(path))

    def lost(self, path: str) -> None:
        """Give up what is asked of a device whose link went down."""
        for asked in self._asking.pop(path, set()):
            asked.cancel()

    def forget(self, path: str) -> None:
        """Forget a device that is removed."""
        for each in [each for each in self._offered if each.startswith(path)]:
            del self._offered[each]
            self._subscribed.pop(each, None)

    async def client_gone(self, name: str) -> None:
        """Unsubscribe for one that left the bus."""
        for path, clients in list(self._subscribed.items()):
            if name in clients:
                await self._unsubscribe(path, name)

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
            if error.error_code in NEED_PAIRING:
                raise NOT_PAIRED from error
            said = f"Operation failed with ATT error: 0x{error.error_code:02x}"
            raise DBusError("org.bluez.Error.Failed", said) from error
        finally:
            asking.discard(task)

    def _handle(self, call: Message) -> tuple[str, int]:
        path = str(call.path)
        if not self.daemon.get(_device_path(path), DEVICE, "Connected"):
            raise NOT_CONNECTED
        offered = self._offered.get(path)
        return address_of(path), offered.handle if offered else int(path[-4:], 16)

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
            try:
                await self._asked(path, subscribe)
            except DBusError:
                clients.remove(str(call.sender))
                raise
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
        if self.daemon.get(_device_path(path), DEVICE, "Connected"):
            offered = self._offered[path]
            await self._asked(path, self.central.unsubscribe(address_of(path), offered))
        self.daemon.set(path, CHARACTERISTIC, {"Notifying": NO})

    def _value_of(self, path: str) -> Callable[[bytes], None]:
        return partial(self._tell, path)

    def _tell(self, path: str, value: bytes) -> None:
        """Give a notification to everybody who asked for it, one signal each as bluetoothd does."""
        for _ in self._subscribed.get(path, ()):
            self.daemon.set(path, CHARACTERISTIC, {"Value": Variant("ay", bytes(value))})


def _path(device: str, service: OfferedService, offered: Offered) -> str:
    # bleak takes the last four digits as the handle of the declaration, one before the value's.
    return f"{device}/service{service.handle:04x}/char{offered.handle - 1:04x}"


def _device_path(path: str) -> str:
    return "/".join(path.split("/")[:5])


def address_of(path: str) -> str:
    return path.split("/")[4].removeprefix("dev_").replace("_", ":")
