"""The detection settings of a command: what the wearer chose, unless an option says otherwise."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from myowatch.cli.terminal import errors
from myowatch.recordings.home import data_home

if TYPE_CHECKING:
    from myowatch.signal.settings import DetectionSettings

mains_option = click.option(
    "--mains",
    type=click.Choice(["auto", "50", "60"]),
    help="Mains frequency in Hz, or auto to find it; as in the dashboard's Settings if not given.",
)


def detection(mains: str | None) -> "DetectionSettings":
    """Return the settings; what of the preferences could not be read is told."""
    from myowatch.recordings.preferences_file import read_preferences

    kept = read_preferences(data_home())
    if kept.problem:
        errors.print(kept.problem, markup=False, soft_wrap=True)
    chosen = kept.preferences
    if mains is not None:
        chosen = replace(chosen, mains_hz=None if mains == "auto" else float(mains))
    return chosen.detection
