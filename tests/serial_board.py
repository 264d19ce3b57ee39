"""A board at the other end of a pseudo-terminal or a socket: bytes through a real driver."""

import contextlib
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

TICK_S = 0.01

Say = Callable[[int, int], bytes]
"""Bytes of the samples from one index up to another."""


def chords(first: int, end: int, channels: int = 3) -> bytes:
    """Frames of a Chords board, its channels a ramp, the ramp's double and so on."""
    frames = (
        b"\xc7\x7c"
        + struct.pack(f">B{channels}H", n % 256, *(n * (i + 1) % 4096 for i in range(channels)))
        + b"\x01"
        for n in range(first, end)
    )
    return b"".join(frames)


def lines(first: int, end: int) -> bytes:
    """Write lines as a sketch does for the Arduino IDE's plotter."""
    return b"".join(b"thigh:%d calf:%d\r\n" % (n % 1000, n % 777) for n in range(first, end))


class Board:
    """Plays a device while it is plugged in; a context manager.

    Parameters
    ----------
    answers
        What it says when it hears a command.
    start, stop
        Commands that make it send, and send no more; without, it sends from the beginning.
    boots_s
        For how long after being plugged in it is deaf and dumb.

    Attributes
    ----------
    terminal
        Descriptor of the port while it is plugged in.
    """

    def __init__(
        self,
        link: Path,
        say: Say,
        rate: float,
        *,
        answers: Mapping[bytes, bytes] | None = None,
        start: bytes = b"",
        stop: bytes = b"",
        boots_s: float = 0.0,
        hello: bytes = b"",
    ) -> None:
        self.link, self.rate = link, rate
        self.heard = b""
        self.terminal = -1
        self.dropped: set[int] = set()
        self.is_silent = False
        self._say, self._hello, self._boots_s = say, hello, boots_s
        self._answers, self._start, self._stop = answers or {}, start, stop
        self._pulled = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.plug()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.unplug()

    def plug(self) -> None:
        """Let a port appear; the board begins to count anew."""
        master, slave = os.openpty()
        os.set_blocking(master, False)
        name = os.ttyname(slave)
        draft = self.link.with_suffix(".new")
        draft.symlink_to(name)
        draft.replace(self.link)
        self.terminal = slave
        self._pulled.clear()
        self._thread = threading.Thread(target=self._play, args=(master, slave))
        self._thread.start()

    def unplug(self) -> None:
        """Let the port vanish."""
        self.link.unlink(missing_ok=True)
        self._pulled.set()
        if self._thread is not None:
            self._thread.join()

    def _play(self, master: int, slave: int) -> None:
        # Like a driver, it keeps the port in being until somebody else has it open.
        with contextlib.ExitStack() as resources:
            resources.callback(os.close, master)
            resources.callback(os.close, slave)
            time.sleep(self._boots_s)
            with contextlib.suppress(OSError):
                os.write(master, self._hello)
            sends, began, sent = not self._start, time.monotonic(), 0
            while not self._pulled.wait(TICK_S):
                command = self._listen(master)
                self.heard += command
                for asked, answer in self._answers.items():
                    if asked in command:
                        os.write(master, answer)
                if self._start and self._start in command and not sends:
                    sends, began, sent = True, time.monotonic(), 0
                if self._stop and self._stop in command:
                    sends = False
                due = int((time.monotonic() - began) * self.rate)
                if sends and not self.is_silent:
                    self._send(master, sent, due)
                sent = due

    def _send(self, master: int, first: int, end: int) -> None:
        data = b"".join(self._say(n, n + 1) for n in range(first, end) if n not in self.dropped)
        with contextlib.suppress(BlockingIOError):  # without a reader, a real port loses it too
            os.write(master, data)

    @staticmethod
    def _listen(master: int) -> bytes:
        if not select.select([master], [], [], 0)[0]:
            return b""
        with contextlib.suppress(OSError):
            return os.read(master, 4096)
        return b""


def serve(say: Say, rate: float, seconds: float) -> tuple[int, threading.Thread]:
    """Play a board at a TCP port for a while; return the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def play() -> None:
        with listener, listener.accept()[0] as client:
            began, sent = time.monotonic(), 0
            while (now := time.monotonic() - began) < seconds:
                due = int(now * rate)
                with contextlib.suppress(OSError):
                    client.sendall(say(sent, due))
                sent = due
                time.sleep(TICK_S)

    thread = threading.Thread(target=play)
    thread.start()
    return listener.getsockname()[1], thread
