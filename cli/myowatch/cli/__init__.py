"""The command line: small commands on top of the other packages.

The module of a command is imported only when the command runs: `myowatch --help` must answer at
once, and NumPy, SQLAlchemy and Streamlit are slow to import.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import NoReturn

import click

from myowatch.recordings.storage.problem import Problem

COMMANDS = {
    "demo": (
        "dashboard",
        "Run a simulated wearer, a recorder and the dashboard.",
    ),
    "devices": (
        "devices",
        "List sensors in reach and how to record them.",
    ),
    "record": ("record", "Record one or more sources and detect twitches live."),
    "replay": ("record", "Play a recorded file as if it were a device."),
    "analyze": ("analyze", "Detect twitches, cramps and movements in recorded files."),
    "simulate": ("simulate", "Write a simulated recording and its true events."),
    "sessions": ("sessions", "List recorded sessions, delete one, or rebuild the list."),
    "export": ("sessions", "Export a session as CSV or JSON."),
    "report": ("report", "Make a report for a doctor: one or two pages, PDF or HTML."),
    "diary": ("diary", "Add, list, import and export diary entries."),
    "check": ("check", "Check whether a recording is complete."),
    "dashboard": ("dashboard", "Open the dashboard in the browser."),
}
"""Module and summary of each command."""

INTERRUPTED = 130


class LazyCommands(click.Group):
    """A group that imports the module of a command when the command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a new user needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None if the name is unknown."""
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command = getattr(import_module(f"myowatch.cli.{module}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: myowatch demo. The --help of every command has an example.",
)
@click.version_option(version("myowatch"), prog_name="myowatch", message="%(prog)s %(version)s")
def commands() -> None:
    """Count muscle twitches and cramps from a wearable sensor, live or from a file.

    Myowatch counts and shows. It does not diagnose.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit: 0 done, 1 failed, 2 wrong usage, 130 interrupted by Ctrl-C.

    `arguments` are those of the process if not given.
    """
    try:
        sys.exit(commands.main(arguments, prog_name="myowatch", standalone_mode=False) or 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as wrong_usage:
        wrong_usage.show()
        sys.exit(wrong_usage.exit_code)
    except Problem as problem:
        click.echo(f"myowatch: {problem}", err=True)
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The program that read the output (head, less) ended first, which is normal.
        sys.stderr.close()
        sys.exit(0)
