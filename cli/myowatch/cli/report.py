"""`myowatch report`: a report for a doctor."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from myowatch.cli.diary import PastDay
from myowatch.cli.tables import console, progress_bar
from myowatch.recordings.storage.data_folder import data_home
from myowatch.recordings.storage.problem import Problem

if TYPE_CHECKING:
    from myowatch.dashboard.report.contents import ReportRequest


@click.command(
    epilog="Example: myowatch report --since 2026-10-01 --out report.pdf"
    "    or: myowatch report last --name --out night.html"
)
@click.argument("session", required=False)
@click.option(
    "--since", type=PastDay(), help="Report all sessions since this day, instead of SESSION."
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A new .pdf or .html file.",
)
@click.option("--name", is_flag=True, help="Print the name and year of birth from Settings.")
@click.option("--wearer", default="", help="Print this name.")
@click.option("--born", type=click.IntRange(1900, 2100), help="Print this year of birth.")
@click.option("--notes", is_flag=True, help="Print the diary's notes in your own words.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)
def report(
    session: str | None,
    *,
    since: date | None,
    out: Path,
    name: bool,
    wearer: str,
    born: int | None,
    notes: bool,
    paper: str,
) -> None:
    """Make a report for a doctor, of one SESSION or of a period.

    SESSION is an id, the beginning of one, or `last`. The report has one or two pages: rates with
    their intervals, a typical twitch, cramps, the six reasons to see a professional, the diary,
    methods and limits. It has a name only if you ask for it. Nothing is overwritten, and no data
    leaves this computer.
    """
    from myowatch.acquisition.recorder.recovery import recover
    from myowatch.dashboard.report.contents import ReportRequest
    from myowatch.dashboard.report.printing import Form, Paper, make
    from myowatch.recordings.storage.disk import write_new_file

    if bool(session) == (since is not None):
        raise click.UsageError("name a SESSION, or a day with --since, and not both")
    form = next((form for form in Form if out.suffix.lower() == f".{form}"), None)
    if form is None:
        raise click.UsageError(f"--out {out}: its name has to end in .pdf or .html")
    if out.exists():
        raise Problem(f"{out} exists already", "choose another name; nothing is overwritten")
    home = data_home()
    recover(home)
    asked = ReportRequest(session or "", since, wearer, born, notes=notes)
    if name:
        asked = _named(home, asked)
    with progress_bar(f"making {out.name}") as on_progress:
        now = datetime.now().astimezone()
        made = make(home, asked, form, now, paper=Paper[paper.upper()], on_progress=on_progress)
    write_new_file(out, made)
    console.print(f"{out}", soft_wrap=True, markup=False)


def _named(home: Path, asked: "ReportRequest") -> "ReportRequest":
    """Add the name from Settings, unless the command line gives one."""
    from myowatch.dashboard.report.printing import with_name

    found = with_name(home, asked)
    if not found.wearer:
        raise Problem(
            "Settings have no name to print", "say it: --wearer NAME, or write it into Settings"
        )
    return found
