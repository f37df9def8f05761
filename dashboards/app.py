"""The dashboards' server: `streamlit run dashboards/app.py` finds `app` here and runs `navigation.py` for every page.

Two things the script itself cannot do are done to what the server sends. Every answer carries a content security
policy, so that a browser refuses any request off this server. And the page says where its server is: without that
Streamlit guesses from the address, and every link straight to a page leaves two failed requests in the browser's
console (streamlit/streamlit issue 7074).
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

LOG = logging.getLogger("stra.dashboards")
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Streamlit's own page needs inline script and style. Nothing may come from elsewhere, and no text is run as code.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; "
    "frame-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
)


def page_start(base_path: str) -> bytes:
    """The script that tells Streamlit's page where its server is."""
    base = json.dumps("/" + base_path.strip("/") if base_path.strip("/") else "")
    return f"<head><script>window.__streamlit={{BACKEND_BASE_URL:location.origin+{base}}}</script>".encode()


class OwnServerOnly:
    """ASGI middleware: the policy on every answer, and the server's address in every HTML page."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; websockets pass unchanged."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # an HTML page is rewritten below: ask for it whole, uncompressed and never as "not modified"
        kept = [
            (k, v)
            for k, v in scope["headers"]
            if k not in (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
        ]
        is_page = any(k == b"accept" and b"text/html" in v for k, v in scope["headers"])
        start: Message = {}
        body: list[bytes] = []

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                if not is_page:
                    await send({**message, "headers": _headers(message["headers"], is_page=False)})
            elif not is_page:
                await send(message)
            else:
                body.append(message.get("body", b""))
                if not message.get("more_body"):
                    whole = b"".join(body).replace(b"<head>", page_start(st.get_option("server.baseUrlPath")), 1)
                    headers = [*_headers(start["headers"], is_page=True), (b"content-length", str(len(whole)).encode())]
                    await send({**start, "headers": headers})
                    await send({"type": "http.response.body", "body": whole})

        await self.app({**scope, "headers": kept} if is_page else scope, receive, answer)


def _headers(headers: list[tuple[bytes, bytes]], *, is_page: bool) -> list[tuple[bytes, bytes]]:
    """The answer's headers with ours; only pages lose their length and are not kept by the browser."""
    ours = HEADERS if is_page else HEADERS[:-1]
    dropped = {name for name, _ in ours} | ({b"content-length", b"etag", b"last-modified"} if is_page else set())
    return [*((k, v) for k, v in headers if k.lower() not in dropped), *ours]


def apologise(error: Exception) -> bool:
    """A fault in a page is logged whole and shown as a sentence: the browser is told nothing of the code."""
    LOG.error("a page could not be drawn", exc_info=error)
    st.html(
        '<div class="missing"><p><strong>This page could not be drawn.</strong></p>'
        "<p>The fault is in the server's log; the "
        "published figures are not affected. Reload the page, or tell whoever runs this server.</p></div>"
    )
    return True


app = st.App(
    Path(__file__).with_name("navigation.py"), middleware=[Middleware(OwnServerOnly)], on_script_error=apologise
)
