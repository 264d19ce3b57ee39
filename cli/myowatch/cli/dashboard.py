"""`myowatch dashboard` and `myowatch demo`: the dashboard alone, or with a simulated wearer."""

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
# The duration keeps a forgotten demo from filling the disk.
OPTIONS = ("--site", "left-thigh", "--duration", "12h")
STOPPING_S = 10.0
TERMINATED = 128 + signal.SIGTERM


@click.command(
    epilog="Example: myowatch dashboard    or: myowatch dashboard --port 8600 --no-browser"
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port on 127.0.0.1; 8501 or the next free one if not given.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def dashboard(*, port: int | None, no_browser: bool) -> None:
    """Open the dashboard in the browser.

    Only this computer can reach it. Recorders keep running when it is closed.
    """
    from myowatch.dashboard.serve import run_dashboard

    run_dashboard(data_home(), port, open_browser=not no_browser, announce=_announce_dashboard)


@click.command(epilog="Example: myowatch demo    or, without a screen: myowatch demo --no-browser")
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1 for the dashboard.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def demo(*, port: int | None, no_browser: bool) -> None:
    """Run a simulated wearer, a recorder and the dashboard.

    The wearer has an EMG and an accelerometer on the thigh. The recordings are stored in the folder
    `demo` of the data folder, apart from your own. Ctrl-C stops everything.
    """
    from myowatch.dashboard.serve import run_dashboard

    home = private_folder(data_home() / "demo")
    os.environ["MYOWATCH_HOME"] = str(home)
    # By default, SIGTERM ends this process but leaves the recorder running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    with simulated_wearer(home):
        run_dashboard(home, port, open_browser=not no_browser, announce=_announce_demo)


@contextmanager
def simulated_wearer(home: Path) -> Iterator[None]:
    """Run a recorder of the demo; a recorder that already runs is left alone."""
    recorder = subprocess.Popen(
        [sys.executable, "-m", "myowatch", "record", SOURCE, *OPTIONS],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # Ctrl-C goes to this process only; the recorder is asked to stop below, once.
        start_new_session=True,
    )
    try:
        yield
    finally:
        if recorder.poll() is None:
            _stop(recorder, home)


def _stop(recorder: subprocess.Popen[bytes], home: Path) -> None:
    """Stop the recorder, with time to close its file."""
    if os.name == "nt":  # terminate() kills on Windows
        request_stop(home, device_key(SOURCE))
    else:
        recorder.terminate()
    try:
        recorder.wait(STOPPING_S)
    except subprocess.TimeoutExpired:
        recorder.kill()


def _announce_demo(url: str) -> None:
    click.echo(f"The dashboard of a simulated wearer is at {url} (Ctrl-C stops it)")


def _announce_dashboard(url: str) -> None:
    click.echo(f"The dashboard is at {url} (Ctrl-C closes it; recordings continue)")
