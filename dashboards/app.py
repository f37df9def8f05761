"""The dashboards' server: `streamlit run dashboards/app.py` starts here.

Streamlit finds `app` in this module and runs `navigation.py` for every page. Every request passes the gate first
(server/gate.py).

The page also names its server's address. Otherwise Streamlit guesses it. Every direct link to a page then leaves two
failed requests in the browser's console (streamlit/streamlit issue 7074). Another script keeps one history entry for
each page and choice, and links within the session (server/addresses.js). The server does not start on a network where
users cannot be identified.
"""

from __future__ import annotations

import html
import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import streamlit as st
from sqlalchemy.exc import DatabaseError
from starlette.middleware import Middleware
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from casework.store import event_log  # noqa: E402  the path comes first
from casework.store.database import in_words  # noqa: E402
from casework.store.refusal import Refused  # noqa: E402
from dashboards.server import access, page_imports, plain_log  # noqa: E402
from dashboards.server.counts import Counts  # noqa: E402
from dashboards.server.documentation import Documentation  # noqa: E402
from dashboards.server.gate import FILES, SCRIPTS, App, Gate, Message, Receive, Send, answered  # noqa: E402
from dashboards.server.half_sent import install  # noqa: E402
from dashboards.server.open_files import allow_more  # noqa: E402
from dashboards.server.scripts import sources  # noqa: E402
from dashboards.server.watched import Watched  # noqa: E402

LOG = logging.getLogger("stra.dashboards")
ADDRESSES = (ROOT / "dashboards" / "server" / "addresses.js").read_text("utf-8")

# Streamlit treats a folder `pages` beside the script as its own list of pages. A direct link to a page would then open
# with "Page not found" over it.
PagesManager.uses_pages_directory = False


def page_start(base_path: str) -> bytes:
    """The scripts at the head of Streamlit's page: the address of its server, history and links."""
    base = json.dumps("/" + base_path.strip("/") if base_path.strip("/") else "")
    own = f"<script>window.__streamlit={{BACKEND_BASE_URL:location.origin+{base}}}</script>"
    return f"<head>{own}<script>{ADDRESSES}</script>".encode()


class OwnAddress:
    """ASGI middleware that writes the server's address into every HTML page."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; anything but a page passes unchanged."""
        is_page = any(k == b"accept" and b"text/html" in v for k, v in scope.get("headers", ()))
        if scope["type"] != "http" or not is_page or FILES in str(scope["path"]):  # files are served unchanged
            await self.app(scope, receive, send)
            return
        # an HTML page is rewritten below: ask for it whole, uncompressed and never as "not modified"
        asked = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
        kept = [(k, v) for k, v in scope["headers"] if k not in asked]
        start, body = await answered(self.app, {**scope, "headers": kept}, receive)
        whole = body.replace(b"<head>", page_start(st.get_option("server.baseUrlPath")), 1)
        lost = (b"content-length", b"etag", b"last-modified")
        headers = [(k, v) for k, v in start["headers"] if k.lower() not in lost]
        headers.append((b"content-length", str(len(whole)).encode()))
        await send({**start, "headers": headers, SCRIPTS: sources(whole)})
        await send({"type": "http.response.body", "body": whole})


def apologise(error: Exception) -> bool:
    """Log where a page failed, and show one sentence without details of the code.

    The words of an error can quote a record, so they are in no log.
    """
    kind, place = event_log.place_of(error)
    LOG.error("a page could not be drawn: %s at %s", kind, place)
    event_log.write(STARTED.home, "page failed", error=kind, place=place)
    if isinstance(error, (Refused, DatabaseError)):  # the casework store refuses, or does not answer
        st.html(f'<div class="missing" role="alert"><p>{html.escape(in_words(error))}</p></div>')
        return True
    st.html(
        '<div class="missing"><p><strong>This page could not be shown.</strong></p>'
        "<p>The error is in the server's log; "
        "published figures are not affected. Reload the page, or contact the server's administrator.</p></div>"
    )
    return True


def server() -> access.Server:
    """The settings that this server was started with."""
    return access.from_environment(os.environ, st.get_option("server.address"))


def provider(environ: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Streamlit's settings for the OpenID Connect provider.

    Raises SystemExit naming the variables that are not set.
    """
    names = ("STRA_ADDRESS", "STRA_COOKIE_SECRET", "STRA_OIDC_METADATA_URL", "STRA_OIDC_CLIENT_ID",
             "STRA_OIDC_CLIENT_SECRET")  # fmt: skip
    absent = [name for name in names if not environ.get(name, "").strip()]
    if absent or len(environ["STRA_COOKIE_SECRET"]) < access.SHORTEST_SECRET:
        wanted = ", ".join(absent) or f"STRA_COOKIE_SECRET of {access.SHORTEST_SECRET} characters or more"
        sys.exit(f"stra: STRA_IDENTITY is oidc, so the environment must set {wanted}.")
    address, cookie, metadata, client, secret = (environ[name].strip() for name in names)
    return {
        "auth": {
            "redirect_uri": f"{address.rstrip('/')}/oauth2callback",
            "cookie_secret": cookie,
            "client_id": client,
            "client_secret": secret,
            "server_metadata_url": metadata,
            # after signing out, a user proves who they are again, even if the provider still has a session
            "client_kwargs": {"scope": "openid email profile", "prompt": "login"},
        }
    }


plain_log.install()
install()
allow_more()
STARTED = server()
if STARTED.refusal:
    sys.exit(f"stra: not started. {STARTED.refusal}")
if STARTED.identity == access.HEADER:  # only the identity that began a session resumes it
    config.set_option("server.trustedUserHeaders", {STARTED.header: "proxied", STARTED.session_header: "session"})
SERVED = " ".join(STARTED.audiences)
event_log.write(STARTED.home, "server started", identity=STARTED.identity, audiences=SERVED, process=os.getpid())
COUNTS = Counts()
BASE_PATH = st.get_option("server.baseUrlPath") or ""
SECRETS = None
if STARTED.identity == access.OIDC:
    from dashboards.server import tokens

    SECRETS = provider(os.environ)
    tokens.install(server)
page_imports.import_all(STARTED.audiences)
app = st.App(
    page_imports.NAVIGATION,
    middleware=[
        Middleware(Gate, server=server, base_path=BASE_PATH, counts=COUNTS),
        Middleware(Watched, server=server, counts=COUNTS, base_path=BASE_PATH),
        Middleware(Documentation, base_path=BASE_PATH),
        Middleware(OwnAddress),
    ],
    on_script_error=apologise,
    secrets=cast(Any, SECRETS),
)
