"""Access control: only pages of this computer's own server may use it.

Streamlit accepts WebSockets from some foreign origins and its XSRF check does not cover
WebSockets, so any web page could read a live signal from a browser on this machine. These layers
stand before it. Host names are checked as well, against DNS rebinding.
"""

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WEBSOCKET_REFUSED = 4403


class StrictOrigin:
    """Refuses WebSockets, and requests that change something, from foreign origins."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        headers = Headers(scope=scope) if scope["type"] in {"http", "websocket"} else Headers()
        ours = urlsplit(headers.get("origin", "")).netloc == headers.get("host")
        if scope["type"] == "websocket" and not ours:
            await receive()
            await send({"type": "websocket.close", "code": WEBSOCKET_REFUSED})
        elif (
            scope["type"] == "http"
            and scope["method"] not in SAFE_METHODS
            and "origin" in headers
            and not ours
        ):
            await PlainTextResponse("foreign origin", 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class SecurityHeaders:
    """Adds headers that forbid frames, sniffing and requests to other servers."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": content_security_policy(port),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if "access-control-allow-origin" in headers:
                    del headers["access-control-allow-origin"]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def content_security_policy(port: int) -> str:
    """Return the policy: a page loads from and connects to our own port only.

    Streamlit's charts compile expressions (`unsafe-eval`), its components are blobs, its styles
    are inline, and so is one script of its page, let in by its hash; everything else stays shut.
    """
    inline = " ".join(_inline_script_hashes())
    sockets = " ".join(f"ws://{host}:{port}" for host in LOOPBACK)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval' blob: {inline}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' {sockets}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _inline_script_hashes() -> list[str]:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def middleware(port: int) -> list[Middleware]:
    """Return all layers, outermost first."""
    return [
        Middleware(SecurityHeaders, port=port),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK)),
        Middleware(StrictOrigin),
    ]
