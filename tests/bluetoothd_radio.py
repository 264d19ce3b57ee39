"""The process of bluetoothd_emulation.py: an emulated radio and its peripherals.

One more controller is in the radio: that of a Linux kernel, which speaks HCI (H4) at a socket.
"""

import asyncio
import logging

from bumble import hci
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.transport import open_transport
from emulated_radio import LARGEST_PACKET, Ether
from emulation_commands import Connection, World, failure, serve_commands, until_one_ends

ADAPTER = "F0:F1:F2:F3:F4:F5"
UNFINISHED = (
    hci.LeFeatureMask.LL_PRIVACY
    | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
    | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
)
"""What bumble's controller says that it can: Linux takes it at its word, and then waits for an
Enhanced Connection Complete that never comes."""


class LinuxEther(Ether):
    """An ether in which a controller may be connected by its public address.

    bumble's own (0.0.236) names the sender of a packet by its present random address.
    """

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        if self._is_lost(sender_controller, destination_address):
            return
        source = sender_controller.le_connections[destination_address].self_address
        if receiver := self.find_le_controller(destination_address):
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, source, transport, data)


def run(socket: str, commands: Connection) -> None:
    """Run until told to end; what goes wrong ends it with a traceback."""
    # It warns of packets of a connection that has just ended, as there are on every drop.
    logging.getLogger("bumble.controller").setLevel(logging.ERROR)
    asyncio.run(_run(socket, commands))


async def _run(socket: str, commands: Connection) -> None:
    failed, ether = failure(), LinuxEther()
    async with await open_transport(f"unix-server:{socket}") as linux:
        controller = Controller(
            "hci0",
            host_source=linux.source,
            host_sink=linux.sink,
            link=ether,
            public_address=ADAPTER,
        )
        controller.le_acl_data_packet_length = LARGEST_PACKET
        controller.le_features &= ~UNFINISHED
        serving = asyncio.ensure_future(serve_commands(World(ether=ether), commands))
        await until_one_ends(failed, serving)
