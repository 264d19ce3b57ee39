"""Objects with properties and methods on a D-Bus, as a daemon offers them."""

import asyncio
import select
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError
from emulation_commands import Background

PROPERTIES = "org.freedesktop.DBus.Properties"
MANAGER = "org.freedesktop.DBus.ObjectManager"
DAEMON = "org.freedesktop.DBus"
UNKNOWN_OBJECT = "org.freedesktop.DBus.Error.UnknownObject"
UNKNOWN_METHOD = "org.freedesktop.DBus.Error.UnknownMethod"

Properties = Mapping[str, Variant]


@dataclass(frozen=True)
class Reply:
    """What a method gives."""

    signature: str = ""
    body: tuple[Any, ...] = ()


NOTHING = Reply()
IN_PROGRESS = DBusError("org.bluez.Error.InProgress", "Operation already in progress")
Method = Callable[[Message], Awaitable[Reply]]


class Daemon:
    """Objects on a bus, by path and interface, and what their methods do."""

    def __init__(self, bus: MessageBus, on_gone: Callable[[str], Awaitable[None]]) -> None:
        self.objects: dict[str, dict[str, dict[str, Variant]]] = {}
        self.methods: dict[tuple[str, str], Method] = {
            (MANAGER, "GetManagedObjects"): self._get_managed_objects,
            (PROPERTIES, "GetAll"): self._get_all,
            (PROPERTIES, "Get"): self._get,
        }
        self._bus = bus
        self._on_gone = on_gone
        self._to_send: asyncio.Queue[Message] = asyncio.Queue()
        self.soon = Background().soon

    async def start(self, name: str) -> None:
        self._bus.add_message_handler(self._take)
        watched = f"type='signal',sender='{DAEMON}',member='NameOwnerChanged'"
        await self._bus.call(
            Message(
                DAEMON, "/org/freedesktop/DBus", DAEMON, "AddMatch", signature="s", body=[watched]
            )
        )
        await self._bus.request_name(name)

    async def n_clients(self) -> int:
        """How many are on the bus."""
        names = await self._bus.call(Message(DAEMON, "/org/freedesktop/DBus", DAEMON, "ListNames"))
        assert names is not None
        return sum(name.startswith(":") for name in names.body[0])

    async def run(self) -> None:
        """Send what is to be sent, as fast as the bus takes it.

        dbus-fast closes its connection when the socket has no room at the start of a message.
        """
        wire = self._bus._fd
        assert wire is not None, "not connected"
        while True:
            message = await self._to_send.get()
            while not select.select([], [wire], [], 0)[1]:
                await asyncio.sleep(0.001)
            await self._bus.send(message)

    def add(self, path: str, interface: str, properties: Properties) -> None:
        self.objects.setdefault(path, {})[interface] = dict(properties)
        self._signal("/", MANAGER, "InterfacesAdded", "oa{sa{sv}}", path, {interface: properties})

    def remove(self, path: str) -> None:
        """Remove an object and all below it."""
        for each in [p for p in self.objects if p == path or p.startswith(path + "/")][::-1]:
            interfaces = list(self.objects.pop(each))
            self._signal("/", MANAGER, "InterfacesRemoved", "oas", each, interfaces)

    def set(self, path: str, interface: str, properties: Properties) -> None:
        if path in self.objects:
            self.objects[path][interface].update(properties)
            self._signal(
                path, PROPERTIES, "PropertiesChanged", "sa{sv}as", interface, properties, []
            )

    def get(self, path: str, interface: str, name: str) -> Any:
        return self.objects[path][interface][name].value

    def _signal(self, path: str, interface: str, member: str, signature: str, *body: Any) -> None:
        self._to_send.put_nowait(Message.new_signal(path, interface, member, signature, list(body)))

    def _take(self, message: Message) -> bool | None:
        if message.message_type == MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _, owner = message.body
            if not owner:
                self.soon(self._on_gone(name))
            return None
        if message.message_type != MessageType.METHOD_CALL:
            return None
        self.soon(self._answer(message))
        return True

    async def _answer(self, call: Message) -> None:
        try:
            if call.path != "/" and call.path not in self.objects:
                raise DBusError(UNKNOWN_OBJECT, f"no object {call.path}")
            method = self.methods.get((call.interface or "", call.member or ""))
            if method is None:
                raise DBusError(UNKNOWN_METHOD, f"no method {call.member} of {call.interface}")
            reply = await method(call)
        except DBusError as error:
            self._to_send.put_nowait(Message.new_error(call, error.type, error.text))
            return
        answer = Message.new_method_return(call, reply.signature, list(reply.body))
        self._to_send.put_nowait(answer)

    async def _get_managed_objects(self, _: Message) -> Reply:
        # The current state; signals report later changes.
        now = {
            path: {name: dict(p) for name, p in has.items()} for path, has in self.objects.items()
        }
        return Reply("a{oa{sa{sv}}}", (now,))

    async def _get_all(self, call: Message) -> Reply:
        return Reply("a{sv}", (self.objects[call.path or ""][call.body[0]],))

    async def _get(self, call: Message) -> Reply:
        return Reply("v", (self.objects[call.path or ""][call.body[0]][call.body[1]],))
