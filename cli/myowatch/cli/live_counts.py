"""Live counts: a table that updates in place on a terminal, lines elsewhere."""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.live import Live
from rich.table import Table
from rich.text import Text

from myowatch.acquisition.recorder.recorder import RecordingResult
from myowatch.acquisition.recorder.track import TrackProgress
from myowatch.cli.tables import clock, console, errors
from myowatch.recordings.model.recording import ENVELOPE_NOTE
from myowatch.recordings.store.recorder_status import RecorderState
from myowatch.signal.statistics.counts import Summary

LINE_EVERY_S = 10.0
"""Time between lines in a pipe or a log file."""

_HEADINGS = (
    "source",
    "stream",
    "",
    "length",
    "scorable",
    "twitches",
    "a minute",
    "cramps",
    "movements",
)


class LiveCounts:
    """Shows the progress of the tracks of a recorder; a context manager."""

    def __init__(self) -> None:
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._next_line = time.monotonic()

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, tracks: Sequence[TrackProgress]) -> None:
        """Show the progress of the tracks."""
        if self._live is not None:
            self._live.update(_table(tracks), refresh=True)
        elif time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + LINE_EVERY_S
            _print_lines(tracks)

    def conclude(self, recorded: RecordingResult) -> None:
        """Print the result of each track and where it is stored."""
        if self._live is None:
            _print_lines(recorded.tracks)
        for track in recorded.tracks:
            if track.state is RecorderState.FAILED:
                errors.print(Text(f"{track.device}: {track.message}"), soft_wrap=True)
            for counts in track.counts:
                if not counts.shows_twitches:
                    console.print(Text(f"{counts.stream}: {ENVELOPE_NOTE}"), soft_wrap=True)
            if track.link is not None:
                console.print(Text(track.link.in_one_line()), soft_wrap=True)
            if track.file.exists():
                console.print(Text(f"recorded {track.file}"), soft_wrap=True)
        if any(track.file.exists() for track in recorded.tracks):
            console.print(f"session {recorded.session_id}")


def _table(tracks: Sequence[TrackProgress]) -> Table:
    table = Table(*_HEADINGS, box=None, pad_edge=False, header_style="bold")
    for column in table.columns[3:]:
        column.justify = "right"
    for track in tracks:
        state = track.message or track.state.value
        if track.progress is not None:
            state = f"{track.progress:.0%} {state}"
        if not track.counts:
            table.add_row(Text(track.device), "", Text(state))
        for counts in track.counts:
            table.add_row(
                Text(track.device),
                Text(counts.stream),
                Text(state),
                clock(track.duration_s),
                clock(counts.scorable_s),
                str(counts.twitches) if counts.shows_twitches else "-",
                "" if counts.twitches_per_min is None else f"{counts.twitches_per_min:.1f}",
                str(counts.cramps),
                str(counts.movements),
            )
    return table


def _print_lines(tracks: Sequence[TrackProgress]) -> None:
    for track in tracks:
        if track.state is RecorderState.LOST:
            console.print(
                Text(f"{clock(track.duration_s)} {track.device} {track.state}: {track.message}"),
                soft_wrap=True,
            )
        for counts in track.counts:
            console.print(
                Text(
                    f"{clock(track.duration_s)} {track.device} {counts.stream}"
                    f" {track.state.value}: {_twitches(counts)}{counts.cramps} cramps, "
                    f"{counts.movements} movements in {clock(counts.scorable_s)} scorable"
                ),
                soft_wrap=True,
            )


def _twitches(counts: Summary) -> str:
    return f"{counts.twitches} twitches, " if counts.shows_twitches else ""
