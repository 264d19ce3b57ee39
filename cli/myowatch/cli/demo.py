"""`myowatch demo`: everything together, with nothing but this program."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from myowatch.recordings.storage.data_folder import data_home, device_key, private_folder
from myowatch.recordings.store.recorder_status import request_stop

SOURCE = "sim:demo?modality=both"
# Should everything else fail, a forgotten demonstration does not fill the disk.
OPTIONS = ("--site", "left-thigh", "--duration", "12h")
STOPPING_S = 10.0
TERMINATED = 128 + signal.SIGTERM


@click.command(epilog="Example: myowatch demo    or, without a screen: myowatch demo --no-browser")
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1 for the dashboard.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def demo(*, port: int | None, no_browser: bool) -> None:
    """Watch the twitches of a simulated wearer being counted.

    A simulated wearer with an EMG and an accelerometer on the thigh, a recorder and the dashboard.
    What it records is kept apart from your own recordings, in the folder `demo` of the data folder.
    Ctrl-C ends it all.
    """
    from myowatch.dashboard.serve import run_dashboard

    home = private_folder(data_home() / "demo")
    os.environ["MYOWATCH_HOME"] = str(home)
    # Being terminated ends it all too: by default it would end this process and leave a recorder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    with simulated_wearer(home):
        run_dashboard(home, port, open_browser=not no_browser, announce=_announce)


@contextmanager
def simulated_wearer(home: Path) -> Iterator[None]:
    """Keep a recorder of the demonstration running; one that already runs is left alone."""
    recorder = subprocess.Popen(
        [sys.executable, "-m", "myowatch", "record", SOURCE, *OPTIONS],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # Ctrl-C is for us; the recorder is asked to stop below, once.
        start_new_session=True,
    )
    try:
        yield
    finally:
        if recorder.poll() is None:
            _stop(recorder, home)


def _stop(recorder: subprocess.Popen[bytes], home: Path) -> None:
    """Let the recorder close its file; what it had not begun with yet is no loss."""
    if os.name == "nt":  # where terminating is killing
        request_stop(home, device_key(SOURCE))
    else:
        recorder.terminate()
    try:
        recorder.wait(STOPPING_S)
    except subprocess.TimeoutExpired:
        recorder.kill()


def _announce(url: str) -> None:
    click.echo(f"A simulated wearer is being watched at {url} (Ctrl-C ends it)")
