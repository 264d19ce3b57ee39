"""One reader a recorder for all who watch it.

Frames are made once a tick and handed to every viewer. A viewer holds one frame at most: one
too slow for the pace skips to the newest, and never makes another wait.
"""

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from starlette.websockets import WebSocket, WebSocketDisconnect

from myowatch.dashboard.feed import WINDOWS, Feed

TICK_S = 0.025
STILL_ALIVE_S = 1.0
DEFAULT_WINDOW = 10


@dataclass(eq=False)
class _Viewer:
    window: int
    frame: bytes = b""
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, frame: bytes) -> None:
        self.frame = frame
        self.ready.set()

    async def newest(self) -> bytes:
        await self.ready.wait()
        self.ready.clear()
        return self.frame


class _Broadcast:
    """All viewers of one recorder, and the one task that reads for them."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._viewers: set[_Viewer] = set()
        self._task: asyncio.Task[None] | None = None
        self._sent = 0.0
        self._stopping = False

    def join(self, viewer: _Viewer) -> None:
        self._viewers.add(viewer)
        self._sent = 0.0
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def leave(self, viewer: _Viewer) -> bool:
        """Forget a viewer; True if that was the last one."""
        self._viewers.discard(viewer)
        return not self._viewers

    def refresh(self) -> None:
        self._sent = 0.0

    async def stop(self) -> None:
        self._stopping = True
        if self._task is not None:
            await self._task
        self._feed.close()

    async def _run(self) -> None:
        while not self._stopping:
            changed = await asyncio.to_thread(self._feed.poll)
            if changed or time.monotonic() - self._sent > STILL_ALIVE_S:
                self._sent = time.monotonic()
                for window in {viewer.window for viewer in self._viewers}:
                    frame = self._feed.frame(window)
                    for viewer in self._viewers:
                        if viewer.window == window:
                            viewer.offer(frame)
            await asyncio.sleep(TICK_S)


class Hub:
    """The WebSocket of the live trace.

    A viewer opens it with `?recorder=KEY`, sends `{"window": seconds}` to change the window, and
    receives frames (`Feed.frame`).
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._broadcasts: dict[str, _Broadcast] = {}

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one viewer until it leaves."""
        await websocket.accept()
        recorder = websocket.query_params.get("recorder", "")
        if recorder not in self._broadcasts:
            self._broadcasts[recorder] = _Broadcast(Feed(self._home, recorder))
        broadcast = self._broadcasts[recorder]
        viewer = _Viewer(DEFAULT_WINDOW)
        broadcast.join(viewer)
        sending = asyncio.create_task(_send(websocket, viewer))
        try:
            await _listen(websocket, viewer, broadcast)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            # Gone from the table before anything is awaited: who comes now begins a new one.
            if broadcast.leave(viewer):
                self._broadcasts.pop(recorder, None)
                await broadcast.stop()

    async def close(self) -> None:
        """Stop reading for everyone."""
        for broadcast in self._broadcasts.values():
            await broadcast.stop()


async def _send(websocket: WebSocket, viewer: _Viewer) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await websocket.send_bytes(await viewer.newest())


async def _listen(websocket: WebSocket, viewer: _Viewer, broadcast: _Broadcast) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            window = _window_asked(await websocket.receive_text())
            if window is not None:
                viewer.window = window
                broadcast.refresh()


def _window_asked(message: str) -> int | None:
    try:
        asked = json.loads(message)
    except ValueError:
        return None
    window = asked.get("window") if isinstance(asked, dict) else None
    return window if window in WINDOWS else None
