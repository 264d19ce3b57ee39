"""What a person at a terminal sees: tables, progress, and nothing in a pipe."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from myowatch.recordings.store.session_info import SessionSummary
from myowatch.signal.model.samples import Modality

PIPED_WIDTH = 160
"""A pipe or a log file has no width; tables there should not be cut to that of a terminal."""


class PatientConsole(Console):
    """A console that falls silent when its reader (head, less) has seen enough.

    Rich would end the program with status 1: a recording over night is worth more than its lines.
    """

    def on_broken_pipe(self) -> None:
        """Write no more; what is left in the buffer goes nowhere."""
        self.quiet = True
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


console = PatientConsole(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
errors = Console(stderr=True, highlight=False)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """Show a bar on standard error while the body runs; yields a function of 0 to 1."""
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
    """Hours, minutes and seconds: `7:59:58`, `9:05`."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


MAX_EVENTS = 60
"""Events listed for a single file; all of them are in the JSON."""


def print_analyses(results: Sequence[dict[str, Any]]) -> None:
    """Print the summary of every file, and for a single one its events."""
    if not results:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("file", "stream", "length", "scorable"):
        table.add_column(
            heading,
            justify="left" if heading in ("file", "stream") else "right",
            overflow="fold",  # a name that is cut names no file
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
    """Print one line a session, oldest first."""
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
    """Twitches a minute with the interval, or why there is none."""
    if per_minute is None or interval is None:
        return "under 2 min"
    return f"{per_minute:.1f} ({interval[0]:.1f}-{interval[1]:.1f})"


def _twitches(stream: dict[str, Any], summary: dict[str, Any]) -> tuple[str, str]:
    """Give their number and their rate."""
    if not Modality(stream["modality"]).shows_twitches:
        return "-", "-"
    per_minute = rate(summary["twitches_per_min"], summary["twitches_per_min_ci95"])
    return str(summary["twitches"]), per_minute


def _print_patterns(result: dict[str, Any]) -> None:
    """Print a line a stream that has enough twitches to speak of how they come."""
    for summary in result["summary"]:
        found = summary["statistics"]
        if found["intervals"]["median_s"] is None:
            continue
        apart, beside = found["intervals"]["median_s"], found["isolation"]
        parts = [f"{apart:.2g} s between twitches (median)", f"{beside['isolated']} isolated"]
        if found["recurrence"] is not None:
            parts.append(f"{len(found['recurrence']['shapes'])} shapes that came again")
        if found["dispersion"]["poisson"] is False:
            low, high = found["dispersion"]["twitches_per_min_ci95"]
            parts.append(f"counts scatter: rather {low:.1f}-{high:.1f} a minute")
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
