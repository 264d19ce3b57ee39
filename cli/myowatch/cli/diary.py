"""`myowatch diary`: add, list, import and export diary entries."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from myowatch.cli.tables import console, errors
from myowatch.dashboard.diary.diary_text import LABELS, PLACES_HINT, QUESTIONS
from myowatch.recordings.storage.data_folder import data_home
from myowatch.recordings.storage.disk import new_text_file
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.wearer.diary import (
    Change,
    FieldKey,
    read_diary,
    redo_step,
    today,
    undo_step,
    write_changes,
)
from myowatch.recordings.wearer.diary_exchange import (
    DiaryImport,
    day_objects,
    diary_csv,
    diary_json,
    import_diary,
)
from myowatch.recordings.wearer.diary_fields import (
    FIELDS,
    Day,
    Field,
    Kind,
    Number,
    Places,
    Value,
    YesNo,
    as_text,
)


class PastDay(click.ParamType[date]):
    """A day up to today: `2026-11-23`, `today`."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day, or fail with an example."""
        if isinstance(value, date):
            return value
        if value == "today":
            return today()
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day; write one as 2026-11-23", param, ctx)
        if day > today():
            self.fail(f"{day} is still to come", param, ctx)
        return day


def field_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for every field."""
    for field in reversed(FIELDS.values()):
        option = click.option(
            f"--{field.name.replace('_', '-')}",
            field.name,
            metavar=_metavar(field.kind),
            help=_help(field),
        )
        command = option(command)
    return command


def _metavar(kind: Kind) -> str:
    if isinstance(kind, YesNo):
        return "yes|no"
    if isinstance(kind, Number):
        return f"{kind.low:g}-{kind.high:g}"
    if isinstance(kind, Day):
        return "DATE"
    return "PLACES" if isinstance(kind, Places) else "TEXT"


def _help(field: Field) -> str:
    base = next((q for q in QUESTIONS if field.name.startswith(f"{q}_")), "")
    asked = QUESTIONS[field.name][0] if field.name in QUESTIONS else LABELS[field.name]
    about = f"{LABELS[base]}: {asked.lower()}" if base else asked
    about = f"{about}; {PLACES_HINT}" if isinstance(field.kind, Places) else about
    return about if about.endswith("?") else f"{about}."


LINES_SHOWN = 20


@click.group(
    epilog="Example: myowatch diary add --caffeine-drinks 3 --stress 4 --weakness no",
    context_settings={"max_content_width": 100},
)
def diary() -> None:
    """Keep a diary: the six questions of the article, and other things related to twitching.

    Nothing is ever overwritten: a new answer is a new line, and can be undone.
    """


@diary.command(
    epilog="Example: myowatch diary add --day 2026-11-22 --weakness yes"
    ' --weakness-where "left calf; right hand" --weakness-severity 3'
)
@click.option("--day", type=PastDay(), default="today", help="Day of the answers, e.g. 2026-11-23.")
@click.option("--clear", multiple=True, metavar="FIELD", help="Remove an answer, e.g. stress.")
@field_options
def add(*, day: date, clear: tuple[str, ...], **said: str | None) -> None:
    """Add answers to any of the fields below, for today or another day."""
    values: dict[str, Value | None] = {name: v for name, v in said.items() if v is not None}
    values |= dict.fromkeys((name.replace("-", "_") for name in clear), None)
    if not values:
        raise click.UsageError("nothing to write down; for example --stress 4")
    changes = [_change(day, name, value) for name, value in values.items()]
    write_changes(data_home(), changes, by="command")
    _print_changes(changes)


@diary.command(name="list", epilog="Example: myowatch diary list --since 2026-11-01")
@click.option("--since", type=PastDay(), help="List only this day and later ones.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, oldest day first.")
def list_(*, since: date | None, as_json: bool) -> None:
    """List the entries, oldest day first; answers that belong to no day come first."""
    days = {
        day: found
        for day, found in read_diary(data_home()).days().items()
        if day is None or since is None or day >= since
    }
    if as_json:
        click.echo(json.dumps(day_objects(days)))
    elif days:
        _print_table([((day, name), v) for day, found in days.items() for name, v in found.items()])
    else:
        console.print("nothing written down yet; to begin: myowatch diary add --stress 4")


@diary.command(name="export", epilog="Example: myowatch diary export --to csv --out diary.csv")
@click.option("--to", "form", type=click.Choice(["csv", "json"]), required=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def export(*, form: str, out: Path) -> None:
    """Export the whole diary; `diary import` reads it back. Nothing is overwritten."""
    days = read_diary(data_home()).days()
    with new_text_file(out) as file:
        file.write(diary_csv(days) if form == "csv" else diary_json(days) + "\n")
    console.print(f"{out}", soft_wrap=True, markup=False)


@diary.command(name="import", epilog="Example: myowatch diary import diary.csv")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Import the other lines if some cannot be read.")
def import_(file: Path, *, skip_bad: bool) -> int:
    """Import a diary from FILE: CSV or JSON as `diary export` writes them.

    Its answers are added to the diary. Changed answers are listed, and the earlier ones stay in
    the history. `diary undo` takes back the whole import. If a line cannot be read, nothing is
    imported, unless you give --skip-bad.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Problem(f"cannot read {file}: {error.strerror}", "check the name") from error
    found = import_diary(data_home(), data, skip_bad=skip_bad)
    for row in found.bad:
        errors.print(f"{row.where}: {row.why}", markup=False, soft_wrap=True)
    if found.bad and not skip_bad:
        raise Problem(
            f"nothing was imported: {len(found.bad)} bad in {file}",
            "correct them, or add --skip-bad",
        )
    _print_import(found)
    return 0


@diary.command(epilog="Example: myowatch diary undo")
def undo() -> None:
    """Undo the last change or import; repeat it to undo earlier ones."""
    home = data_home()
    steps = read_diary(home).steps(1)
    if not steps:
        raise Problem("there is nothing to undo")
    undo_step(home, steps[0].id)
    _print_now(steps[0].fields)


@diary.command(epilog="Example: myowatch diary redo")
def redo() -> None:
    """Redo what the last undo took back."""
    home = data_home()
    undone = read_diary(home).undone
    if not undone:
        raise Problem("there is nothing to redo")
    redo_step(home, undone[-1])
    _print_now(read_diary(home).fields_of(undone[-1]))


def _change(day: date, name: str, value: Value | None) -> Change:
    option = f"--{name.replace('_', '-')}"
    if name not in FIELDS:
        raise click.BadParameter("there is no such field", param_hint=f"--clear {name}")
    try:
        return Change(None if FIELDS[name].once else day, name, value)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from None


def _print_changes(changes: list[Change]) -> None:
    _print_table([((change.day, change.field), change.value) for change in changes])


def _print_now(touched: tuple[FieldKey, ...]) -> None:
    standing = read_diary(data_home()).latest()
    shown = [(place, standing[place][0] if place in standing else None) for place in touched]
    _print_table(shown[:LINES_SHOWN])
    if len(shown) > LINES_SHOWN:
        console.print(f"and {len(shown) - LINES_SHOWN} more")


def _print_import(found: DiaryImport) -> None:
    counts = f"{len(found.added)} added, {len(found.changed)} changed, {found.unchanged} as before"
    console.print(f"{counts}; `myowatch diary undo` takes it back" if found.changes else counts)
    for change, before in found.changed:
        now = as_text(change.value) if change.value is not None else ""
        line = f"{change.day or 'once'} {change.field}: {as_text(before)} -> {now}"
        console.print(" ".join(line.split()), markup=False, soft_wrap=True)


def _print_table(rows: list[tuple[FieldKey, Value | None]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("day", "field", "answer"):
        table.add_column(heading, no_wrap=heading != "answer", overflow="fold")
    for (day, name), value in rows:
        said = "(open)" if value is None else as_text(value)
        table.add_row(str(day) if day else "once", Text(name), Text(said))
    console.print(table)
