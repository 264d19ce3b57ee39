"""The options of `myowatch diary add`: one a field of the diary."""

from collections.abc import Callable
from datetime import date

import click

from myowatch.dashboard.diary.diary_text import LABELS, PLACES_HINT, QUESTIONS
from myowatch.recordings.wearer.diary import today
from myowatch.recordings.wearer.diary_fields import FIELDS, Day, Field, Kind, Number, Places, YesNo


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
