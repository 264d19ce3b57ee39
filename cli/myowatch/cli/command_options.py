"""Types of command-line values, and the detection settings of a command."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from myowatch.cli.tables import errors
from myowatch.recordings.storage.data_folder import data_home

if TYPE_CHECKING:
    from myowatch.signal.model.settings import DetectionSettings


_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0}
_DURATION = re.compile(
    r"(?:(?P<h>\d+(?:\.\d+)?)h)?(?:(?P<m>\d+(?:\.\d+)?)m)?(?:(?P<s>\d+(?:\.\d+)?)s)?"
)


class Duration(click.ParamType[timedelta]):
    """A length of time: `30m`, `8h`, `1h30m`, `90s`; a bare number is seconds."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the duration, or fail with an example."""
        if isinstance(value, timedelta):
            return value
        text = str(value).strip().lower()
        text = f"{text}s" if re.fullmatch(r"\d+(\.\d+)?", text) else text
        found = _DURATION.fullmatch(text)
        seconds = sum(
            float(found[unit]) * size for unit, size in _SECONDS.items() if found and found[unit]
        )
        if not seconds:
            self.fail(f"{value!r} is not a length of time; write 30m, 8h, 1h30m or 90s", param, ctx)
        try:
            return timedelta(seconds=seconds)
        except OverflowError:
            self.fail(f"{value!r} is longer than can be recorded", param, ctx)


class Speed(click.ParamType[str]):
    """The speed of a replay: a factor above 0, or `max`."""

    name = "speed"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the speed as a source expects it, or fail with an example."""
        text = str(value).strip().lower()
        try:
            fine = text == "max" or 0 < float(text) < float("inf")
        except ValueError:
            fine = False
        if not fine:
            self.fail(f"{value!r} is not a speed; write 1, 20 or max", param, ctx)
        return text


mains_option = click.option(
    "--mains",
    type=click.Choice(["auto", "50", "60"]),
    help="Mains frequency in Hz, or auto to find it; as set in the dashboard if not given.",
)


def detection(mains: str | None) -> "DetectionSettings":
    """Return the detection settings; print which preferences could not be read."""
    from myowatch.recordings.wearer.preferences import read_preferences

    kept = read_preferences(data_home())
    if kept.problem:
        errors.print(kept.problem, markup=False, soft_wrap=True)
    chosen = kept.preferences
    if mains is not None:
        chosen = replace(chosen, mains_hz=None if mains == "auto" else float(mains))
    return chosen.detection
