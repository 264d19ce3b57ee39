"""`myowatch record` and `myowatch replay`."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click

from myowatch.cli.command_options import Duration, Speed, detection, mains_option
from myowatch.recordings.model.recording import MAX_TEXT_BYTES
from myowatch.recordings.storage.data_folder import data_home

INTERRUPTED = 130


@click.command(
    epilog="Example: myowatch record sim:twitchy --site left-thigh --duration 30m",
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--site", default="", help="Where the sensor is worn, e.g. left-thigh.")
@click.option(
    "--duration", type=Duration(), help="How long to record, e.g. 30m; until Ctrl-C if not given."
)
@click.option("--note", default="", help="A text to store with the session.")
@mains_option
def record(
    sources: tuple[str, ...],
    *,
    site: str,
    duration: timedelta | None,
    note: str,
    mains: str | None,
) -> int:
    """Record one or more SOURCEs into a session, and detect twitches live.

    \b
    A SOURCE is
      serial:PORT?KEY=VALUE      a board at a serial port, which myowatch devices lists; keys, all
                                 optional, are baud, format, rate, channels, unit and site
      ble:NAME, ble:ADDRESS?KEY=VALUE
                                 a wearable over Bluetooth LE, which myowatch devices lists too;
                                 the keys are those of serial: without baud
      sim:SCENE?seed=1&speed=1   a simulated wearer; SCENE is calm, twitchy, cramp, restless,
                                 electrode-off, heartbeat, clean, medium, hard, wild or demo
      file:PATH?speed=1          a recorded file, as if it were a device
      brainflow:BOARD?KEY=VALUE  a board that BrainFlow knows; the keys are BrainFlow's:
                                 serial_port, mac_address, ip_address and so on
      lsl:NAME                   a stream of the Lab Streaming Layer

    It records until the duration is over, Ctrl-C, or Stop on the dashboard. Everything recorded
    until then is kept.
    """  # noqa: D301 - the backspace is click's mark for lines that stay as they are
    return _record(sources, site=site, duration=duration, note=note, mains=mains)


@click.command(epilog="Example: myowatch replay night.bdf --speed max")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--speed",
    type=Speed(),
    default="1",
    help="1 is real time, 20 is 20 times faster, max is as fast as possible.",
)
@click.option("--site", default="", help="Where the sensor was worn, if the file does not say.")
@mains_option
def replay(file: Path, *, speed: str, site: str, mains: str | None) -> int:
    """Play a recorded FILE as if it were a device.

    It becomes a new session, with the events that `myowatch analyze` finds in the file.
    """
    source = f"file:{file}?speed={speed}"
    return _record([source], site=site, duration=None, note="", mains=mains)


def _record(
    sources: Sequence[str], *, site: str, duration: timedelta | None, note: str, mains: str | None
) -> int:
    from myowatch.acquisition.recorder.recorder import record as run_recorder
    from myowatch.acquisition.sources.open_source import open_source
    from myowatch.cli.live_counts import LiveCounts

    if len(set(sources)) < len(sources):
        raise click.UsageError("the same source is named twice")
    for text in (note, site):
        if not text.isprintable():
            raise click.UsageError(f"{text!a}: a note and a site are one line of plain text")
    if len(note.encode()) > MAX_TEXT_BYTES:
        raise click.UsageError(f"the note is longer than {MAX_TEXT_BYTES} bytes")
    settings = detection(mains)
    opened = [open_source(source, site=site) for source in sources]
    with LiveCounts() as live_counts:
        recorded = run_recorder(
            opened,
            home=data_home(),
            note=note,
            duration_s=duration.total_seconds() if duration else None,
            settings=settings,
            on_progress=live_counts.show,
        )
    live_counts.conclude(recorded)
    if recorded.interrupted:
        return INTERRUPTED
    return int(recorded.failed)
