"""`myowatch dashboard`: the pages, on this machine only."""

import click

from myowatch.recordings.storage.data_folder import data_home


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

    It is served to this machine only. Recorders go on when it is closed.
    """
    from myowatch.dashboard.serve import run_dashboard

    run_dashboard(data_home(), port, open_browser=not no_browser, announce=announce)


def announce(url: str) -> None:
    """Say where the dashboard is."""
    click.echo(f"The dashboard is at {url} (Ctrl-C closes it; recordings go on)")
