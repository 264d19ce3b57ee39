"""`myowatch devices`: the sensors in reach, their signal quality and how to record them."""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import click

from myowatch.recordings.storage.problem import Problem

if TYPE_CHECKING:
    from myowatch.acquisition.ble.advertisements import Advertisement

NOTHING = """found no serial port and no known wearable

Plug in the board with a data cable, or switch on the wearable, and try again.
To try Myowatch without a sensor: myowatch demo"""
SCAN_S = 4.0
"""Wearables advertise at least once a second; some advertisements are missed."""

SOURCES = ("serial:", "ble:", "lsl:", "brainflow:", "sim:")


@click.command(epilog="Example: myowatch devices    or: myowatch devices /dev/ttyUSB0 --json")
@click.argument("ports", nargs=-1, metavar="[PORT|SOURCE...]")
@click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON list with one object per device."
)
def devices(ports: tuple[str, ...], *, as_json: bool) -> int:
    """List sensors at all serial ports, or at the given PORTs and SOURCEs.

    Reads each port or source (such as ble:WEAR-01) for three seconds. Shows the board, its channels
    and their sampling rate, noise, mains hum and lost samples, and the command that records it.
    Most Arduino boards restart when their port is opened.

    Without PORTs and SOURCEs it also lists the wearables that advertise themselves over Bluetooth
    LE. A signal strength of -40 dBm is close to the computer, -90 dBm is the limit of reception.
    """
    from myowatch.acquisition.serial_port.port_list import list_ports, port_named
    from myowatch.acquisition.sources.first_look import LOOK_S, look_at_ports, look_at_source
    from myowatch.acquisition.sources.open_source import open_source
    from myowatch.cli.tables import (
        console,
        errors,
        look_as_json,
        print_look,
        print_seen,
        seen_as_json,
    )

    known = list_ports()
    sources = [open_source(name) for name in ports if name.startswith(SOURCES)]
    names = [name for name in ports if not name.startswith(SOURCES)]
    wanted = [port_named(name, known) for name in names] if ports else known
    if not as_json and (wanted or sources):
        names = [*(port.name for port in wanted), *(source.text for source in sources)]
        errors.print(
            f"listening for {LOOK_S:g} s: {', '.join(names)}", markup=False, soft_wrap=True
        )
    with ThreadPoolExecutor(1) as pool:
        scan = None if ports else pool.submit(_scan)
        looks = [*look_at_ports(wanted), *map(look_at_source, sources)]
        seen, no_radio = _scanned(scan)
    if as_json:
        click.echo(json.dumps([*map(look_as_json, looks), *map(seen_as_json, seen)]))
    else:
        for look in looks:
            print_look(look)
        print_seen(seen)
        if not looks and not any(each.profile for each in seen):
            console.print(NOTHING)
    if no_radio:
        errors.print(f"no Bluetooth LE: {no_radio}", markup=False, soft_wrap=True)
    return int(bool(ports) and any(look.problem for look in looks))


def _scan() -> "list[Advertisement]":
    from myowatch.acquisition.ble.radio import scan

    return scan(SCAN_S)


def _scanned(scan: "Future[list[Advertisement]] | None") -> "tuple[list[Advertisement], str]":
    """Return the wearables in reach, and why they could not be listed, or an empty text."""
    try:
        return (scan.result() if scan else []), ""
    except Problem as problem:
        return [], str(problem)
