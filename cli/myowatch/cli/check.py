"""`myowatch check`: whether a recording is whole."""

from pathlib import Path

import click

from myowatch.cli.terminal import console


@click.command(epilog="Example: myowatch check night.bdf")
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> int:
    """Say whether the recording FILE is whole, and what is missing from it.

    The exit status is 0 if it is whole and 1 if something is missing or damaged. Nothing is changed.
    """
    from myowatch.recordings.checking import check as examine

    report = examine(file)
    for line in report.lines():
        console.print(line, markup=False, soft_wrap=True)
    return int(not report.whole)
