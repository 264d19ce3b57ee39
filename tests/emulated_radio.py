"""A radio without radio waves: bumble's controllers, and what carries packets between them."""

from bumble import hci
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.device import Device
from bumble.gatt import Characteristic
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

LARGEST_PACKET = 251
"""Bytes, with the data length extension of Bluetooth 4.2."""

FLAGS = Characteristic.Properties
NAMES = {
    "read": FLAGS.READ,
    "write": FLAGS.WRITE,
    "write-without-response": FLAGS.WRITE_WITHOUT_RESPONSE,
    "notify": FLAGS.NOTIFY,
    "indicate": FLAGS.INDICATE,
}


class Ether(LocalLink):
    """What carries packets between controllers in reach of each other."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.away: set[Controller] = set()

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        if not self._is_lost(sender_controller, destination_address):
            super().send_acl_data(sender_controller, destination_address, transport, data)

    def send_advertising_pdu(self, sender_controller: Controller, packet: object) -> None:
        if sender_controller not in self.away:
            super().send_advertising_pdu(sender_controller, packet)  # type: ignore[arg-type]

    def _is_lost(self, sender: Controller, destination: hci.Address) -> bool:
        return sender in self.away or self.find_le_controller(destination) in self.away


def device_at(name: str, address: str, ether: Ether) -> tuple[Device, Controller]:
    controller = Controller(name, link=ether)
    controller.le_acl_data_packet_length = LARGEST_PACKET
    host = Host(controller, AsyncPipeSink(controller))
    return Device(name=name, address=hci.Address(address), host=host), controller
