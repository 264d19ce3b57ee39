"""`myowatch devices`: what is plugged in or in reach, how it does, and how to record it."""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import click

from myowatch.recordings.storage.problem import Problem

if TYPE_CHECKING:
    from myowatch.acquisition.ble.advertisements import Advertisement

NOTHING = """no serial port is there, and no wearable in reach that is known

Plug the board in, with a cable that carries data and not only power, or switch the wearable on, and
look again. Without either: myowatch demo"""
SCAN_S = 4.0
"""Wearables advertise at least once a second, and not each time is heard."""

SOURCES = ("serial:", "ble:", "lsl:", "brainflow:", "sim:")


@click.command(epilog="Example: myowatch devices    or: myowatch devices /dev/ttyUSB0 --json")
@click.argument("ports", nargs=-1, metavar="[PORT|SOURCE...]")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, one object a device.")
def devices(ports: tuple[str, ...], *, as_json: bool) -> int:
    """Say what is at each serial port, or at the PORTs and SOURCEs named, and how to record it.

    Listens to every port for three seconds: what the board is, its channels and their sampling
    rate, noise, mains hum and lost samples. Opening its port makes most Arduino boards begin anew.

    A SOURCE, such as ble:WEAR-01, is listened to in the same way.

    Without PORTs and SOURCEs it also lists the wearables that advertise themselves over Bluetooth
    LE, with their signal strength: -40 dBm is beside the computer, -90 dBm the end of the reach.
    """
    from myowatch.acquisition.serial_port.port_list import list_ports, port_named
    from myowatch.acquisition.sources.first_look import LOOK_S, look_at_ports, look_at_source
    from myowatch.acquisition.sources.open_source import open_source
    from myowatch.cli.sensor_looks import look_as_json, seen_as_json, show_look, show_seen
    from myowatch.cli.tables import console, errors

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
        looks = [*look_at_source(wanted), *map(look_at_ports, sources)]
        seen, no_radio = _scanned(scan)
    if as_json:
        click.echo(json.dumps([*map(look_as_json, looks), *map(seen_as_json, seen)]))
    else:
        for look in looks:
            show_look(look)
        show_seen(seen)
        if not looks and not any(each.profile for each in seen):
            console.print(NOTHING)
    if no_radio:
        errors.print(f"no Bluetooth LE: {no_radio}", markup=False, soft_wrap=True)
    return int(bool(ports) and any(look.problem for look in looks))


def _scan() -> "list[Advertisement]":
    from myowatch.acquisition.ble.radio import scan

    return scan(SCAN_S)


def _scanned(scan: "Future[list[Advertisement]] | None") -> "tuple[list[Advertisement], str]":
    """Give who is in reach, or why that cannot be said: most computers do without."""
    try:
        return (scan.result() if scan else []), ""
    except Problem as problem:
        return [], str(problem)
