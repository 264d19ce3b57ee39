"""Terminal output: tables, progress bars, and sensors as text or JSON."""

import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from myowatch.recordings.model.recording import envelope_notes
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.signal.model.samples import Modality

if TYPE_CHECKING:
    from myowatch.acquisition.ble.advertisements import Advertisement
    from myowatch.acquisition.sources.first_look import FirstLook
    from myowatch.signal.model.events import Condition
    from myowatch.signal.model.samples import Stream

PIPED_WIDTH = 160
"""Width of tables in a pipe or a log file, in characters."""


class PipeConsole(Console):
    """A console that stops printing when the reader of its output (head, less) has ended.

    Rich would end the program with status 1, and with it a recording.
    """

    def on_broken_pipe(self) -> None:
        """Stop printing and discard the buffered output."""
        self.quiet = True
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


console = PipeConsole(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
errors = Console(stderr=True, highlight=False)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """Show a bar on standard error; yield a function that takes the progress, 0 to 1."""
    if not errors.is_terminal:
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task(what, total=1.0)
        yield lambda fraction: progress.update(task, completed=fraction)


def clock(seconds: float) -> str:
    """Return hours, minutes and seconds, such as `7:59:58` or `9:05`."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


MAX_EVENTS = 60
"""Most events listed for a file; the JSON holds all of them."""


def print_analyses(results: Sequence[dict[str, Any]]) -> None:
    """Print the summary of every file, and the events if there is only one file."""
    if not results:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("file", "stream", "length", "scorable"):
        table.add_column(
            heading,
            justify="left" if heading in ("file", "stream") else "right",
            overflow="fold",  # never cut a file name
        )
    for heading in ("twitches", "a minute (95 %)", "cramps", "movements"):
        table.add_column(heading, justify="right")
    for result in results:
        for stream, summary in zip(result["streams"], result["summary"], strict=True):
            table.add_row(
                Text(PurePath(result["file"]).name),
                Text(stream["name"]),
                clock(stream["duration_s"]),
                clock(stream["scorable_s"]),
                *_twitches(stream, summary),
                str(summary["cramps"]),
                str(summary["movements"]),
            )
    console.print(table)
    if len(results) == 1:
        _print_patterns(results[0])
        _print_events(results[0])
    for result in results:
        for warning in result["warnings"]:
            console.print(Text(f"{PurePath(result['file']).name}: {warning}"), soft_wrap=True)


def print_sessions(sessions: Sequence[SessionSummary]) -> None:
    """Print one line for each session."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("session", "started", "length", "scorable", "twitches", "cramps"):
        left = heading in ("session", "started")
        table.add_column(heading, justify="left" if left else "right", no_wrap=True)
    for heading in ("site", "source"):
        table.add_column(heading)
    for session in sessions:
        table.add_row(
            session.id,
            f"{session.started:%Y-%m-%d %H:%M}",
            clock(session.duration_s) + ("" if session.ended else " so far"),
            clock(session.scorable_s),
            str(session.twitches) if session.shows_twitches else "-",
            str(session.cramps),
            Text(", ".join(session.sites)),
            Text(session.source),
        )
    console.print(table)


def rate(per_minute: float | None, interval: Sequence[float] | None) -> str:
    """Return twitches per minute with the interval, or the reason why it is missing."""
    if per_minute is None or interval is None:
        return "under 2 min"
    return f"{per_minute:.1f} ({interval[0]:.1f}-{interval[1]:.1f})"


def _twitches(stream: dict[str, Any], summary: dict[str, Any]) -> tuple[str, str]:
    """Return the number and the rate of twitches."""
    if not Modality(stream["modality"]).shows_twitches:
        return "-", "-"
    per_minute = rate(summary["twitches_per_min"], summary["twitches_per_min_ci95"])
    return str(summary["twitches"]), per_minute


def _print_patterns(result: dict[str, Any]) -> None:
    """Print the statistics of each stream with enough twitches."""
    for summary in result["summary"]:
        found = summary["statistics"]
        if found["intervals"]["median_s"] is None:
            continue
        apart, beside = found["intervals"]["median_s"], found["isolation"]
        parts = [f"{apart:.2g} s between twitches (median)", f"{beside['isolated']} isolated"]
        if found["recurrence"] is not None:
            parts.append(f"{len(found['recurrence']['shapes'])} recurring shapes")
        if found["dispersion"]["poisson"] is False:
            low, high = found["dispersion"]["twitches_per_min_ci95"]
            parts.append(f"counts vary: {low:.1f}-{high:.1f} per minute")
        console.print(Text(f"{summary['stream']}: {', '.join(parts)}"), soft_wrap=True)


def _print_events(result: dict[str, Any]) -> None:
    events = result["events"]
    if not events:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("onset s", "length s", "kind", "stream", "peak", "SNR dB", "confidence"):
        table.add_column(heading, justify="left" if heading in ("kind", "stream") else "right")
    for event in events[:MAX_EVENTS]:
        table.add_row(
            f"{event['onset_s']:.3f}",
            f"{event['offset_s'] - event['onset_s']:.3f}",
            event["kind"],
            Text(event["stream"]),
            f"{event['peak']:.4g} {event['unit']}",
            f"{event['snr_db']:.1f}",
            f"{event['confidence']:.2f}",
        )
    console.print()
    console.print(table)
    if len(events) > MAX_EVENTS:
        console.print(f"and {len(events) - MAX_EVENTS} more: add --json or --out to see them all")


def print_look(look: "FirstLook") -> None:
    """Print the state of a sensor, and the command that records it."""
    seems = f"  {look.port.seems}" if look.port.seems else ""
    console.print()
    console.print(Text(look.port.name, style="bold").append(seems, style="not bold"))
    if look.problem:
        console.print(Text(f"  {look.problem}"), soft_wrap=True)
        return
    if look.link is not None:
        console.print(Text(f"  {look.link.in_one_line()}"), soft_wrap=True)
    console.print(_streams_table(look.streams, look.conditions))
    for line in envelope_notes(look.streams):
        console.print(Text(f"  {line}"), soft_wrap=True)
    _print_record_command(look.source)


def print_seen(seen: "Sequence[Advertisement]") -> None:
    """Print the wearables in reach, and the command that records each."""
    for each in seen:
        if each.profile is None:
            continue
        about = f"  {each.profile.title}, {each.rssi_dbm} dBm"
        console.print()
        console.print(
            Text(each.title, style="bold").append(about, style="not bold"), soft_wrap=True
        )
        _print_record_command(each.source)
    others = sum(each.profile is None for each in seen)
    if others:
        console.print(f"\n{others} unknown Bluetooth LE devices in reach")


def _print_record_command(source: str) -> None:
    line = f"myowatch record {shlex.quote(source)} --site left-thigh"
    console.print(Text("  to record it: ").append(line, style="bold"), soft_wrap=True)


def _streams_table(streams: Sequence["Stream"], conditions: Sequence["Condition"]) -> Table:
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


def look_as_json(look: "FirstLook") -> dict[str, Any]:
    """Return the JSON object of a sensor, as `devices --json` prints it."""
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


def seen_as_json(seen: "Advertisement") -> dict[str, Any]:
    """Return the JSON object of a wearable in reach, with the keys of a serial sensor."""
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
