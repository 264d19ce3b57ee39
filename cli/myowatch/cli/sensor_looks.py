"""What was found at a serial port or in reach of the radio, for people and as JSON."""

import shlex
from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from myowatch.acquisition.ble.advertisements import Advertisement
from myowatch.acquisition.sources.first_look import FirstLook
from myowatch.cli.tables import console
from myowatch.recordings.model.recording import envelope_notes
from myowatch.signal.model.events import Condition
from myowatch.signal.model.samples import Stream


def show_look(look: FirstLook) -> None:
    """Print what was found, and the line to record it with."""
    seems = f"  {look.port.seems}" if look.port.seems else ""
    console.print()
    console.print(Text(look.port.name, style="bold").append(seems, style="not bold"))
    if look.problem:
        console.print(Text(f"  {look.problem}"), soft_wrap=True)
        return
    if look.link is not None:
        console.print(Text(f"  {look.link.in_one_line()}"), soft_wrap=True)
    console.print(_table(look.streams, look.conditions))
    for line in envelope_notes(look.streams):
        console.print(Text(f"  {line}"), soft_wrap=True)
    _show_line(look.source)


def show_seen(seen: Sequence[Advertisement]) -> None:
    """Print the wearables in reach, and the line to record each with."""
    for each in seen:
        if each.profile is None:
            continue
        about = f"  {each.profile.title}, {each.rssi_dbm} dBm"
        console.print()
        console.print(
            Text(each.title, style="bold").append(about, style="not bold"), soft_wrap=True
        )
        _show_line(each.source)
    others = sum(each.profile is None for each in seen)
    if others:
        console.print(f"\nby Bluetooth LE {others} more that are nothing known here")


def _show_line(source: str) -> None:
    line = f"myowatch record {shlex.quote(source)} --site left-thigh"
    console.print(Text("  to record it: ").append(line, style="bold"), soft_wrap=True)


def _table(streams: Sequence[Stream], conditions: Sequence[Condition]) -> Table:
    table = Table(box=None, pad_edge=True, header_style="bold", padding=(0, 2))
    for heading in ("channel", "rate", "noise", "mains", "signal"):
        table.add_column(heading, justify="right" if heading in ("rate", "noise") else "left")
    for stream, condition in zip(streams, conditions, strict=True):
        table.add_row(
            Text(stream.name),
            f"{stream.sampling_rate:g} Hz",
            f"{condition.noise_floor:.3g} {stream.unit}" if condition.noise_floor else "",
            f"{condition.mains_hz:g} Hz" if condition.mains_hz else "none",
            condition.quality.value,
        )
    return table


def look_as_json(look: FirstLook) -> dict[str, Any]:
    """Give what was found under the names that `devices --json` promises."""
    port = look.port
    return {
        "port": port.name,
        "seems": port.seems,
        "usb": None
        if port.vendor is None or port.product is None
        else {
            "id": f"{port.vendor:04x}:{port.product:04x}",
            "serial_number": port.serial_number or None,
        },
        "bluetooth": None,
        "source": look.source or None,
        "problem": look.problem or None,
        "streams": [
            {
                "name": stream.name,
                "modality": stream.modality,
                "unit": stream.unit,
                "sampling_rate_hz": stream.sampling_rate,
                "noise_floor": condition.noise_floor or None,
                "mains_hz": condition.mains_hz,
                "quality": condition.quality,
            }
            for stream, condition in zip(look.streams, look.conditions, strict=True)
        ],
        "link": look.link.as_json() if look.link else None,
    }


def seen_as_json(seen: Advertisement) -> dict[str, Any]:
    """Give a wearable in reach under the names that those at serial ports have."""
    return {
        "port": seen.address,
        "seems": seen.profile.title if seen.profile else "",
        "usb": None,
        "bluetooth": {
            "name": seen.name or None,
            "profile": seen.profile.name if seen.profile else None,
            "rssi_dbm": seen.rssi_dbm,
        },
        "source": seen.source or None,
        "problem": None,
        "streams": [],
        "link": None,
    }
