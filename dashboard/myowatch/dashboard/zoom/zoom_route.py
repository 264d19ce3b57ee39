"""The HTTP route of the zoom, `GET /api/zoom`, behind the same security layers.

    /api/zoom?session=ID&file=FILE&stream=NAME&from=S&to=S&width=N     one window (see `view`)
    /api/zoom/event?session=ID&file=FILE&stream=NAME&sample=N[&back=1][&rejected=1]

What is asked for is looked up in the store, and never put together into a path.
"""

import asyncio
import math
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from myowatch.dashboard.zoom.zoom_overview import BASE, Overview, Pieces, piece_length
from myowatch.dashboard.zoom.zoom_window import Night, Window, frame
from myowatch.recordings.bdf.bdf_growing import ExcerptReader
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.event_windows import StreamKey, select_groups, select_neighbour
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.labels import read_labels
from myowatch.signal.model.samples import Stream

_MARK_BINS = 3
"""Bins, about as many pixels, within which two marks of a kind are drawn as one."""


Asked = Mapping[str, str]


class NotThereError(Exception):
    """The request is invalid, or the store does not have it."""


class Zoom:
    """Serves windows of recordings.

    Parameters
    ----------
    home
        The data folder.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._pieces = Pieces()
        self._making: dict[Path, threading.Thread] = {}
        self._lock = threading.Lock()
        self._stopping = False

    @property
    def routes(self) -> list[Route]:
        """Routes to mount in the app."""
        return [Route("/api/zoom", self._window), Route("/api/zoom/event", self._neighbour)]

    def close(self) -> None:
        """Stop computing overviews; they are continued at the next start."""
        self._stopping = True
        for thread in list(self._making.values()):
            thread.join()

    async def _window(self, request: Request) -> Response:
        return await self._answer(self.window, request)

    async def _neighbour(self, request: Request) -> Response:
        return await self._answer(self.neighbour, request)

    async def _answer(self, of: Callable[[Asked], Response], request: Request) -> Response:
        try:
            response = await asyncio.to_thread(of, dict(request.query_params))
        except NotThereError as error:
            return JSONResponse({"problem": str(error)}, 404)
        except Problem as problem:
            return JSONResponse({"problem": str(problem)})  # to be shown, and no fault of the page
        response.headers["Cache-Control"] = "no-store"
        return response

    def window(self, asked: Asked) -> Response:
        """Serve `/api/zoom`."""
        with Store(self._home) as store:
            place, stream = _place(store, asked)
            path = self._home / place.file
            with ExcerptReader(path) as excerpts:
                n_samples = excerpts.n_samples(stream.name)
                window = _window_asked(asked, stream, n_samples)
                kept = Overview(self._home, place.session, path, stream)
                progress = self._extend(kept, path, stream, n_samples)
                bins = Night(excerpts, stream, kept, self._pieces).bins(window)
            size = window.bin_size
            first, end = window.first_bin * size, window.end_bin * size
            slot = _MARK_BINS * size if size > 1 else 1
            with store.transaction() as connection:
                groups = select_groups(connection, place, first, end, slot)
        labels = read_labels(self._home, place.session).for_stream(place.file, place.stream)
        made = frame(stream, window, bins, groups, labels, n_samples=n_samples, progress=progress)
        return Response(made, media_type="application/octet-stream")

    def neighbour(self, asked: Asked) -> Response:
        """Serve `/api/zoom/event`."""
        with Store(self._home) as store:
            place, stream = _place(store, asked)
            with store.transaction() as connection:
                found = select_neighbour(
                    connection,
                    place,
                    int(_number(asked, "sample")),
                    back=asked.get("back") == "1",
                    rejected=asked.get("rejected") == "1",
                )
        if found is None:
            return JSONResponse(None)
        rate = stream.sampling_rate
        return JSONResponse(
            {
                "sample": found.onset,
                "kind": found.kind.value,
                "onset": found.onset / rate,
                "offset": found.offset / rate,
            }
        )

    def _extend(self, kept: Overview, path: Path, stream: Stream, n_samples: int) -> float:
        """Compute the overview in the background; return the share done."""
        whole = n_samples // piece_length(stream.sampling_rate)
        wanted = whole * piece_length(stream.sampling_rate) // BASE
        if not wanted or kept.n_bins >= wanted:
            return 1.0
        with self._lock:
            if kept.path not in self._making and not self._stopping:
                thread = threading.Thread(target=self._make, args=(kept, path), daemon=True)
                self._making[kept.path] = thread
                thread.start()
        return kept.n_bins / wanted

    def _make(self, kept: Overview, path: Path) -> None:
        try:
            with ExcerptReader(path) as excerpts:
                for _ in kept.extend(excerpts):
                    if self._stopping:
                        return
        except (Problem, OSError):
            return  # deleted meanwhile, or no space: the next request reports why
        finally:
            with self._lock:
                self._making.pop(kept.path, None)


def _place(store: Store, asked: Asked) -> tuple[StreamKey, Stream]:
    place = StreamKey(*(asked.get(name, "") for name in ("session", "file", "stream")))
    for stream in store.streams(place.session, place.file):
        if stream.name == place.stream:
            return place, stream
    raise NotThereError("no such stream")


def _window_asked(asked: Asked, stream: Stream, n_samples: int) -> Window:
    rate = stream.sampling_rate
    first, end = _number(asked, "from") * rate, _number(asked, "to") * rate
    first, end = max(0.0, first), min(end, n_samples)
    if not first < end:
        raise NotThereError("need 0 <= from < to, within the recording")
    return Window.of(first, end, int(_number(asked, "width")))


def _number(asked: Asked, name: str) -> float:
    try:
        value = float(asked[name])
    except (KeyError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        raise NotThereError(f"need a number for {name}")
    return value
