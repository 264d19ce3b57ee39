"""`myowatch sessions` and `myowatch export`."""

import json
from pathlib import Path

import click

from myowatch.cli.tables import clock, console, errors, print_sessions
from myowatch.recordings.storage.data_folder import data_home
from myowatch.recordings.store.session_info import SessionSummary

UNDO_ENDS_S = 3600.0
"""The dashboard offers Undo for a shorter time: an older trash is left from a killed one."""


@click.command(epilog="Example: myowatch sessions    or: myowatch sessions --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, oldest first.")
@click.option("--rebuild", is_flag=True, help="Rebuild the list from the recordings.")
@click.option(
    "--delete", "deleted", metavar="SESSION", help="Delete a session permanently; asks first."
)
@click.option("--yes", is_flag=True, help="With --delete: do not ask.")
def sessions(*, as_json: bool, rebuild: bool, deleted: str | None, yes: bool) -> int:
    """List the recorded sessions, oldest first.

    The list is an index in a database. --rebuild makes a new index from the recordings, if it is
    damaged or if you copied recordings here. It does not change the recordings. --delete takes an
    id, the beginning of one, or `last`. It deletes the recording, its events and its labels; you
    cannot undo it.
    """
    from myowatch.acquisition.recorder.recovery import recover
    from myowatch.recordings.export.analysis_json import session_as_json
    from myowatch.recordings.store.deleting import purge
    from myowatch.recordings.store.store import Store

    home = data_home()
    # Rebuild first: nothing can be recovered with a damaged store.
    complete = not rebuild or _rebuild(home)
    recover(home)
    purge(home, older_than_s=UNDO_ENDS_S)
    with Store(home) as store:
        if deleted is not None:
            _delete(home, store.find(deleted), ask=not yes)
        listed = store.sessions()
    if as_json:
        click.echo(json.dumps([session_as_json(session) for session in listed]))
    elif listed:
        print_sessions(listed)
    else:
        console.print("nothing recorded yet; to begin: myowatch record sim:twitchy")
    return int(not complete)


@click.command(epilog="Example: myowatch export last --to csv --out night.csv")
@click.argument("session")
@click.option("--to", "form", type=click.Choice(["csv", "json"]), required=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def export(session: str, *, form: str, out: Path) -> None:
    """Export a SESSION: an id, the beginning of one, or `last`.

    CSV holds the samples, one file for each sampling rate, and the events in another file. JSON
    holds what `analyze --json` prints, with the session and its markers. Nothing is overwritten.
    """
    from myowatch.acquisition.recorder.recovery import recover
    from myowatch.recordings.export.analysis_json import export_json
    from myowatch.recordings.export.session_tables import export_csv
    from myowatch.recordings.store.store import Store

    home = data_home()
    recover(home)
    with Store(home) as store:
        found = store.find(session)
        written = (
            export_json(store, found, out)
            if form == "json"
            else export_csv(home, store, found, out)
        )
    for path in written:
        console.print(f"{path}", soft_wrap=True, markup=False)


def _delete(home: Path, session: SessionSummary, *, ask: bool) -> None:
    from myowatch.recordings.store.deleting import move_to_trash, purge

    if ask:
        about = f"{session.id} ({clock(session.duration_s)}, {session.twitches} twitches)"
        click.confirm(f"Delete {about} permanently?", abort=True, err=True)
    move_to_trash(home, session.id)
    purge(home, [session.id])
    errors.print(f"{session.id} is deleted", markup=False)


def _rebuild(home: Path) -> bool:
    """Rebuild the store; return False if a recording could not be read."""
    from myowatch.recordings.store.store import rebuild_store

    report = rebuild_store(home)
    errors.print(
        f"{report.sessions} sessions, {report.files} recordings, {report.events} events",
        markup=False,
    )
    for problem in report.unreadable:
        errors.print(problem, markup=False, soft_wrap=True)
    return not report.unreadable
