"""`myowatch devices`: what is plugged in, how it does, and how to record it."""

import json

import click

NOTHING = """no serial port is there

Plug the board in, with a cable that carries data and not only power, and look again.
Without a board: myowatch demo"""


@click.command(epilog="Example: myowatch devices    or: myowatch devices /dev/ttyUSB0 --json")
@click.argument("ports", nargs=-1, metavar="[PORT...]")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, one object a port.")
def devices(ports: tuple[str, ...], *, as_json: bool) -> int:
    """Say what is at each serial port, or at the PORTs named, and how to record it.

    Listens to every port for three seconds: what the board is, its channels and their sampling
    rate, noise, mains hum and lost samples. Opening its port makes most Arduino boards begin anew.
    """
    from myowatch.acquisition.looking import LOOK_S, look_at
    from myowatch.acquisition.ports.port_list import list_ports, port_named
    from myowatch.cli.looks import look_as_json, show_look
    from myowatch.cli.terminal import console, errors

    known = list_ports()
    wanted = [port_named(name, known) for name in ports] if ports else known
    if not as_json and wanted:
        names = ", ".join(port.name for port in wanted)
        errors.print(f"listening for {LOOK_S:g} s: {names}", markup=False, soft_wrap=True)
    looks = look_at(wanted)
    if as_json:
        click.echo(json.dumps([look_as_json(look) for look in looks]))
    elif looks:
        for look in looks:
            show_look(look)
    else:
        console.print(NOTHING)
    return int(bool(ports) and any(look.problem for look in looks))
