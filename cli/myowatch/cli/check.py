"""`myowatch check`: whether a recording is complete."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from myowatch.cli.tables import clock, console

if TYPE_CHECKING:
    from myowatch.recordings.formats.checking import CheckReport, StreamCheck


@click.command(epilog="Example: myowatch check night.bdf")
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> int:
    """Check whether the recording FILE is complete, and list what is missing.

    The exit status is 0 if it is complete, and 1 if something is missing or damaged. The file is
    not changed.
    """
    from myowatch.recordings.formats.checking import check as examine

    report = examine(file)
    for line in _lines(report):
        console.print(line, markup=False, soft_wrap=True)
    return int(not report.is_whole)


def _lines(report: "CheckReport") -> Iterator[str]:
    started = f", started {report.started:%Y-%m-%d %H:%M:%S}" if report.started else ""
    yield f"{report.path}: {'whole' if report.is_whole else 'not whole'}"
    yield f"  {report.format}{started}, {report.events} events, {report.markers} markers"
    for stream in report.streams:
        yield f"  {_stream_line(stream)}"
    if report.is_closed is False:
        yield "  not closed: it is still being written, or its recorder was stopped by force"
        yield "  (`myowatch sessions` closes recordings that no recorder writes any more)"
    if report.torn_bytes:
        yield f"  the last data record is torn: {report.torn_bytes} bytes are left out"
    if report.problem:
        yield f"  reading ended early: {report.problem}"
    for warning in report.warnings:
        yield f"  {warning}"


def _stream_line(check: "StreamCheck") -> str:
    stream = check.stream
    rate = f"{stream.sampling_rate:g} Hz, {stream.unit}"
    line = f"{stream.name}: {stream.modality}, {rate}, {clock(check.duration_s)}"
    if not check.n_samples:
        line += ", no sample could be read"
    elif check.missing:
        share = check.missing / check.n_samples
        line += f", {check.gaps} gaps, {share:.2%} missing, longest {check.longest_gap_s:.1f} s"
    else:
        line += ", nothing missing"
    if check.clipped:
        line += f", {check.clipped} samples clipped"
    return line
