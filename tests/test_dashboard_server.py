"""The running server, spoken to as a browser and as a hostile page would."""

import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import psutil
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from myowatch.dashboard.app import report_page_error
from myowatch.dashboard.serve import run_dashboard
from myowatch.recordings.storage.data_folder import device_key
from myowatch.recordings.storage.log_file import log_to_file
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.recorder_status import RecorderState, RecorderStatus, write_status

DEVICE = "sim:twitchy?seed=7"
SOCKETS = ["/api/trace", "/_stcore/stream"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
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
            yield process, port
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def port(server: tuple[subprocess.Popen[str], int]) -> int:
    return server[1]


def ask(
    port: int, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def handshake(port: int, path: str, host: str, origin: str | None) -> int:
    """Status of a WebSocket handshake with headers that no honest client would send."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"]
    lines += [f"Origin: {origin}"] if origin is not None else []
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(client.recv(64).split()[1])


def opened(port: int, recorder: str) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{port}/api/trace?recorder={recorder}",
        origin=Origin(f"http://127.0.0.1:{port}"),
        proxy=None,
    )


def head_of(viewer: ClientConnection) -> dict[str, Any]:
    """Head of the next frame; boards come between them, as text."""
    while isinstance(frame := viewer.recv(5), str):
        assert "sensors" in json.loads(frame)
    (length,) = struct.unpack_from("<I", frame)
    head: dict[str, Any] = json.loads(frame[4 : 4 + length])
    return head


def test_it_listens_on_loopback_alone(server: tuple[subprocess.Popen[str], int]) -> None:
    process, _ = server
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(process.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening == ["127.0.0.1"]


@pytest.mark.parametrize("path", ["/", "/trace/trace.js", "/_stcore/health"])
def test_every_answer_carries_the_guarding_headers(port: int, path: str) -> None:
    response, _ = ask(port, path)
    assert response.status == 200
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert f"ws://127.0.0.1:{port}" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "uvicorn" not in response.headers.get("Server", "")


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://localhost:3000", "http://127.0.0.1:1", "null", None],
)
def test_a_foreign_page_cannot_open_a_socket(port: int, path: str, origin: str | None) -> None:
    assert handshake(port, path, f"127.0.0.1:{port}", origin) == 403


@pytest.mark.parametrize("path", [*SOCKETS, "/"])
def test_a_name_rebound_to_this_machine_is_refused(port: int, path: str) -> None:
    assert handshake(port, path, f"evil.example:{port}", f"http://evil.example:{port}") == 400


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_our_own_page_opens_its_sockets(port: int, path: str, host: str) -> None:
    own = f"{host}:{port}"
    assert handshake(port, path, own, f"http://{own}") == 101


def test_another_site_cannot_change_anything(port: int) -> None:
    path = "/_stcore/upload_file/a/b"
    response, _ = ask(port, path, {"Origin": "http://evil.example"}, method="PUT")
    assert response.status == 403
    response, _ = ask(port, path, method="PUT")
    assert response.status in {400, 403}  # Streamlit's own token is missing


@pytest.mark.parametrize(
    "path", ["/trace/../serve.py", "/trace/%2e%2e/serve.py", "/trace//etc/passwd"]
)
def test_only_the_components_files_are_handed_out(port: int, path: str) -> None:
    _, body = ask(port, path)
    assert b"import" not in body[:2000] or b"<!DOCTYPE html>" in body
    assert b"root:" not in body


def test_the_components_files_are_asked_for_anew_each_time(port: int) -> None:
    response, body = ask(port, "/trace/vendor/uplot/uPlot.esm.js")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "javascript" in response.headers["Content-Type"]
    assert b"MIT" in body[:300]


def test_a_port_in_use_is_named_with_the_remedy(port: int, home: Path) -> None:
    with pytest.raises(Problem, match=rf"port {port} is in use.*--port"):
        run_dashboard(home, port, open_browser=False)


def test_viewers_share_a_reader_and_each_gets_the_window_it_asks_for(port: int, home: Path) -> None:
    key = device_key(DEVICE)
    now = datetime.now(UTC).isoformat()
    write_status(
        home,
        RecorderStatus(DEVICE, 1, "s", "", "", RecorderState.CONNECTING, "", now, time.time()),
    )
    with opened(port, key) as first, opened(port, key) as second:
        assert head_of(first)["state"] in {"connecting", "lost"}
        second.send(json.dumps({"window": 60}))
        windows = [head_of(second)["window"] for _ in range(3)]
        assert 60 in windows
        assert head_of(first)["window"] == 10


@pytest.mark.parametrize("message", ["nonsense", "[]", '{"window": 1e9}', '{"window": "10"}'])
def test_invalid_messages_of_a_viewer_change_nothing(port: int, message: str) -> None:
    with opened(port, "unknown") as viewer:
        viewer.send(message)
        assert head_of(viewer)["window"] == 10


def test_an_unknown_recorder_is_a_state_and_not_an_error(port: int) -> None:
    with opened(port, "../../etc/passwd") as viewer:
        head = head_of(viewer)
        assert head["state"] == "none"
        assert head["streams"] == []


def test_a_plain_request_to_the_socket_is_refused(port: int) -> None:
    response, body = ask(port, "/api/trace?recorder=x")
    assert response.status in {200, 404}
    assert b'"streams"' not in body


def test_a_client_without_an_origin_is_refused(port: int) -> None:
    with pytest.raises(InvalidStatus):
        connect(f"ws://127.0.0.1:{port}/api/trace?recorder=x", proxy=None)


def test_the_dashboard_logs_its_start_in_a_private_file(port: int, home: Path) -> None:
    path = home / "logs" / f"dashboard-{port}.log"
    assert "started" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0


def test_a_fault_of_a_page_is_logged_with_its_traceback(tmp_path: Path) -> None:
    with log_to_file(tmp_path, "dashboard") as path:
        with pytest.raises(LookupError) as caught:
            raise LookupError("a fault of ours")
        assert not report_page_error(caught.value)
    written = path.read_text("utf-8")
    assert "Traceback (most recent call last)" in written
    assert "LookupError: a fault of ours" in written
