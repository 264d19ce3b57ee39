"""A real Chromium and a real server for the tests of the pages."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WHERE_TO_GET_IT = "Chromium is not here; `make test-tools` installs it"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; without one the tests skip with a reason, and in CI they fail."""
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(WHERE_TO_GET_IT)
        pytest.skip(WHERE_TO_GET_IT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def dashboard(home: Path, port: int | None = None) -> Iterator[str]:
    """A dashboard as a user starts it; gives its address."""
    port = port or free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "myowatch", "dashboard", "--no-browser", "--port", str(port)],
        env=os.environ | {"MYOWATCH_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            assert f"127.0.0.1:{port}" in said, said
            # An unread pipe is full after a traceback or two, and then the server waits.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class Watched:
    """A page, and everything it asked for or complained of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._on_request)
        page.on("websocket", lambda ws: self._on_url(ws.url.replace("ws://", "http://")))
        page.on("console", lambda m: self._complain(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self._complain(str(error)))

    def _on_request(self, request: Request) -> None:
        self._on_url(request.url)

    def _on_url(self, url: str) -> None:
        if not url.startswith((self.url, "data:", f"blob:{self.url}")):
            self.foreign.append(url)

    def _complain(self, text: str) -> None:
        self.complaints.append(text)
