"""The dashboard's server, on loopback only."""

import contextlib
import logging
import os
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from streamlit.web import bootstrap

from myowatch.dashboard import security
from myowatch.dashboard.app import build_app
from myowatch.recordings.storage.data_folder import private_folder
from myowatch.recordings.storage.log_file import log_to_file
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.deleting import purge

log = logging.getLogger(__name__)

ADDRESS = "127.0.0.1"
FIRST_PORT = 8501
PORTS_TRIED = 20

# Out of the box Streamlit listens on every interface, reports usage and watches files; with
# these it keeps to this machine. `postScriptGC` would cost 80 ms after every refresh.
SETTINGS = {
    "server.address": ADDRESS,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.allowedHosts": list(security.LOOPBACK),
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableAgentApi": False,
    "server.showEmailPrompt": False,
    "server.disconnectedSessionTTL": 30,
    "server.maxUploadSize": 50,
    "browser.serverAddress": ADDRESS,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "type",
    "client.showErrorLinks": False,
    "runner.postScriptGC": False,
    "logger.level": "error",
    "theme.baseFontSize": 15,
    "theme.headingFontSizes": ["1.75rem", "1.4rem", "1.15rem"],
    "theme.light.primaryColor": "#0b5fa5",
    "theme.dark.primaryColor": "#62a8e5",
}


def run_dashboard(
    home: Path,
    port: int | None = None,
    *,
    open_browser: bool = True,
    announce: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve the dashboard until Ctrl-C or SIGTERM.

    Parameters
    ----------
    home
        The data folder that is shown; recorders started from the page write there.
    port
        Taken as it is; None finds a free one, from 8501 up.
    open_browser
        Open the page once the server answers.
    announce
        Called with the page's address once the server answers.

    Raises
    ------
    Problem
        If the port is taken.
    StorageProblem
        If the data folder cannot be made.
    """
    private_folder(home)
    with contextlib.suppress(Problem):  # the pages report a damaged store
        purge(home)  # what was deleted in a dashboard that was killed before its pages were left
    # The pages and the recorders they start read the folder's name from here.
    os.environ["MYOWATCH_HOME"] = str(home)
    listener = _listen(port)
    port = listener.getsockname()[1]
    url = f"http://{ADDRESS}:{port}"

    def ready() -> None:
        announce(url)
        if open_browser:
            webbrowser.open(url)

    bootstrap.load_config_options(SETTINGS | {"server.port": port, "browser.serverPort": port})
    config = uvicorn.Config(
        build_app(home, port, ready),
        log_level="error",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
    )
    with listener, log_to_file(home, f"dashboard-{port}"):
        log.info("started")
        uvicorn.Server(config).run(sockets=[listener])
        log.info("stopped")


def _listen(port: int | None) -> socket.socket:
    tried = [port] if port is not None else [*range(FIRST_PORT, FIRST_PORT + PORTS_TRIED), 0]
    for candidate in tried:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # On Windows this option would let two servers share a port.
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, candidate))
            listener.listen()
        except OSError:
            listener.close()
        else:
            return listener
    raise Problem(
        f"port {port} is in use by another program", "close it, or choose another port with --port"
    )
