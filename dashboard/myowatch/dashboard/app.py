"""The app: Streamlit's pages, the live trace's socket and files, and the security layers."""

import asyncio
import contextlib
import importlib
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import streamlit as st
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from myowatch.dashboard import security
from myowatch.dashboard.diary.day_form import diary_endpoint
from myowatch.dashboard.live.live_hub import Hub
from myowatch.dashboard.text.common_text import plain
from myowatch.dashboard.zoom.zoom_route import Zoom
from myowatch.recordings.storage.problem import Problem

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
NEEDED_FIRST = (
    "pandas",
    "sqlalchemy",
    "myowatch.dashboard.live.start_panel",
    "myowatch.dashboard.components",
)


class _FreshFiles(StaticFiles):
    """Static files that browsers check for changes each time, so that an update is complete."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def build_app(home: Path, port: int, on_ready: Callable[[], None] = lambda: None) -> st.App:
    """Return the app with its pages, routes and security layers."""
    hub, zoom = Hub(home), Zoom(home)

    @contextlib.asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        # uvicorn answers from the listening socket as soon as this returns.
        asyncio.get_running_loop().call_soon(on_ready)
        warming = asyncio.create_task(asyncio.to_thread(_warm))
        try:
            yield
        finally:
            await warming
            await hub.close()
            await asyncio.to_thread(zoom.close)

    return st.App(
        HERE / "pages" / "main.py",
        routes=[
            WebSocketRoute("/api/trace", hub.serve),
            *zoom.routes,
            Route("/api/diary", diary_endpoint(home), methods=["POST"]),
            Mount("/trace", _FreshFiles(directory=HERE / "assets")),
        ],
        middleware=security.middleware(port),
        lifespan=lifespan,
        on_script_error=report_page_error,
    )


def _warm() -> None:
    """Import what the first page needs while the browser is still loading; it takes a second."""
    for name in NEEDED_FIRST:
        importlib.import_module(name)


def report_page_error(error: Exception) -> bool:
    """Show what a user can act on as one line; log anything else and leave it to Streamlit."""
    if not isinstance(error, Problem):
        log.error("a page failed", exc_info=error)
        return False
    st.warning(plain(str(error)))
    return True
