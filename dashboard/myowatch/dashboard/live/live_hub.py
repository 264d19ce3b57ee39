"""One reader for each recorder, shared by all viewers.

Frames are made once a tick and handed to every viewer. A viewer holds one frame at most: one
too slow for the pace skips to the newest, and never makes another wait.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from myowatch.dashboard.live.live_feed import Feed, parse_request
from myowatch.dashboard.live.trace_lanes import WINDOWS
from myowatch.recordings.storage.problem import StorageProblem

TICK_S = 0.025
STILL_ALIVE_S = 1.0
BOARD_EVERY_S = 1.0
DEFAULT_WINDOW = 10


@dataclass(eq=False)
class _Viewer:
    window: int
    frame: bytes = b""
    board: str = ""
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, frame: bytes) -> None:
        self.frame = frame
        self.ready.set()

    def offer_board(self, board: str) -> None:
        self.board = board
        self.ready.set()

    async def newest(self) -> tuple[bytes, str]:
        await self.ready.wait()
        self.ready.clear()
        newest = self.frame, self.board
        self.frame, self.board = b"", ""
        return newest


class _Broadcast:
    """All viewers of one recorder, and the one task that reads for them."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._viewers: set[_Viewer] = set()
        self._task: asyncio.Task[None] | None = None
        self._sent = 0.0
        self._board = ""
        self._next_board = 0.0
        self._stopping = False

    def join(self, viewer: _Viewer) -> None:
        self._viewers.add(viewer)
        self._sent = 0.0
        if self._board:
            viewer.offer_board(self._board)
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def leave(self, viewer: _Viewer) -> bool:
        """Remove a viewer; return True if it was the last one."""
        self._viewers.discard(viewer)
        return not self._viewers

    def refresh(self) -> None:
        self._sent = 0.0

    async def carry_out(self, asked: dict[str, Any]) -> None:
        """Carry out a viewer's request; a failure to write is reported by the next writer."""
        with contextlib.suppress(StorageProblem):
            await asyncio.to_thread(self._feed.carry_out, asked)
        self._sent = self._next_board = 0.0

    async def stop(self) -> None:
        self._stopping = True
        if self._task is not None:
            await self._task
        self._feed.close()

    async def _run(self) -> None:
        while not self._stopping:
            await self._tell_board()
            changed = await asyncio.to_thread(self._feed.poll)
            if changed or time.monotonic() - self._sent > STILL_ALIVE_S:
                self._sent = time.monotonic()
                for window in {viewer.window for viewer in self._viewers}:
                    frame = self._feed.frame(window)
                    for viewer in self._viewers:
                        if viewer.window == window:
                            viewer.offer(frame)
            await asyncio.sleep(TICK_S)

    async def _tell_board(self) -> None:
        if time.monotonic() < self._next_board:
            return
        self._next_board = time.monotonic() + BOARD_EVERY_S
        board = await asyncio.to_thread(self._feed.board)
        if board != self._board:
            self._board = board
            for viewer in self._viewers:
                viewer.offer_board(board)


class Hub:
    """The WebSocket of the live trace.

    A viewer opens it with `?recorder=KEY`, sends `{"window": seconds}` to change the window or
    what `live.asking` understands, and receives frames (`Feed.frame`, as bytes) and boards
    (`Feed.board`, as text).
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
        """Stop all reading."""
        for broadcast in self._broadcasts.values():
            await broadcast.stop()


async def _send(websocket: WebSocket, viewer: _Viewer) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            frame, board = await viewer.newest()
            if board:
                await websocket.send_text(board)
            if frame:
                await websocket.send_bytes(frame)


async def _listen(websocket: WebSocket, viewer: _Viewer, broadcast: _Broadcast) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            asked = parse_request(await websocket.receive_text())
            if type(asked.get("window")) is int and asked["window"] in WINDOWS:
                viewer.window = asked["window"]
                broadcast.refresh()
            elif asked:
                await broadcast.carry_out(asked)
