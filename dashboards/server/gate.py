"""The gate in front of everything that the server answers.

It holds the addresses that exist, who is given a file, and how often a user may ask. It also sets the headers that tie
a browser to this server alone. Rights to a page's content are in access.py; this module covers requests that do not run
a page.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from casework.access.access_log import server_account
from casework.access.sign_ins import SignIn
from dashboards.registry import pages_of
from dashboards.server import access, frames, visit
from dashboards.server.access import LOOPBACK, Person, Server
from dashboards.server.counts import Counts
from dashboards.server.half_sent import limited
from dashboards.server.held_files import REFUSAL, HeldFiles

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# Streamlit's own page needs inline style. Nothing may come from elsewhere, and no text is run as code. The scripts
# inside a page are named by their hashes, where the page is written (app.py).
POLICY = (
    "default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; frame-src 'none'; frame-ancestors {ancestors}; base-uri 'self'; form-action 'self'"
)
# The documentation's pages have no script of their own, and style only in files. A style attribute sets only the look
# of its element.
DOCUMENTATION_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors {ancestors}; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "content-security-policy": POLICY.format(scripts="'self'", ancestors=frames.NONE),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    frames.OLDER: "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
SCRIPTS = "stra.scripts"  # in an answer's start: what the policy allows of scripts on this page
UNKEPT = {"cache-control": "no-store"}  # for everything except the program's own files
SECURE = {"strict-transport-security": "max-age=31536000"}

# Streamlit's own addresses that the pages need; its others (metrics, agents, components) are closed
OPEN = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
UPLOADING = frozenset({"audit", "decisions_and_actions"})  # the pages that take files
FILES, UPLOADS, PROGRAM, SIGN_IN = "/media/", "/_stcore/upload_file/", "/static/", ("/auth/", "/oauth2callback")
CLOSED = ("/_stcore", "/media", "/component", "/app/")
DOCUMENTATION = "/docs"  # for everyone who is answered at all: it holds no force's data
DOCUMENTATION_FILES = (f"{DOCUMENTATION}/_static/", f"{DOCUMENTATION}/_images/")


@dataclass
class Allowance:
    """A rate limit: requests per second over time, and requests at once.

    Requests above the limit are refused until it has refilled.
    """

    per_second: float
    at_once: int
    held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    most_asking: int = 10_000

    def takes(self, who: str, at: float | None = None) -> bool:
        """Whether this user may ask now; counts the request if so."""
        moment = time.monotonic() if at is None else at
        left, since = self.held.pop(who, (float(self.at_once), moment))
        left = min(float(self.at_once), left + (moment - since) * self.per_second)
        is_within = left >= 1
        self.held[who] = (left - 1 if is_within else left, moment)
        while len(self.held) > self.most_asking:
            self.held.popitem(last=False)
        return is_within


def allowances() -> dict[str, Allowance]:
    """The rate limits of one browser, by kind of request.

    A single page fetches about a hundred of the program's files, which are not limited.
    """
    return {
        "pages": Allowance(20, 300),
        "files": Allowance(2, 60),
        "sessions": Allowance(5, 120),
        "sign-ins": Allowance(2, 60),
        "uploads": Allowance(1 / 60, 20),  # the server holds each in memory until the page is left
    }


class Gate:
    """ASGI middleware around the whole server."""

    def __init__(
        self, app: App, server: Callable[[], Server], base_path: str = "", counts: Counts | None = None
    ) -> None:
        self.app, self.server, self.counts = app, server, counts or Counts()
        self.base = "/" + base_path.strip("/") if base_path.strip("/") else ""
        self.allowed = allowances()
        self.held = HeldFiles()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request or carry one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        here, headers = self.server(), headers_of(scope)
        path = str(scope["path"]).removeprefix(self.base) or "/"
        who = await asyncio.to_thread(asking, here, headers) if path.startswith((FILES, UPLOADS)) else None
        refusal = self._refusal(here, scope, path, headers, who)
        if refusal is not None:
            self.counts.refused(here.home, refusal[0])
        if refusal is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1]})
        elif refusal is not None:
            await _refuse(send, *refusal, is_secure=is_secure(scope, headers, here))
        elif scope["type"] == "websocket":
            self.counts.began()
            try:
                await self.app(scope, _counted(receive), send)
            finally:
                self.counts.ended()
        elif path.startswith(FILES):
            assert who is not None  # otherwise the request was refused
            await self._send_file(here, who, scope, receive, send)
        else:
            await self.app(scope, limited(receive), with_headers(send, path, is_secure(scope, headers, here), here))

    def _refusal(
        self, here: Server, scope: Message, path: str, headers: Mapping[str, str], who: Person | None
    ) -> tuple[int, str] | None:
        kind = scope["type"]
        if here.is_demonstration and not is_of_this_machine(scope, headers):
            return 403, "This demonstration is available on this machine only."
        if here.identity == access.HEADER and _is_doubled(scope, here):
            return 400, "A header that names the user came twice."
        if ".." in path or "\\" in path or "\x00" in path:
            return 404, "There is nothing here."
        if kind == "websocket" and not _is_own(headers, here):
            return 403, "A page comes from this server alone."
        asked = _kind_of(str(scope.get("method", "")) if kind == "http" else kind, path)
        if asked is not None and not self.allowed[asked].takes(asker(scope, headers, here)):
            return 429, "Too many requests. Wait a moment and try again."
        if path.startswith(CLOSED) and not path.startswith((*OPEN, FILES, UPLOADS)):
            return 404, "There is nothing here."
        if path.startswith((FILES, UPLOADS)) and who is None:
            return 404, "There is nothing here."
        if path.startswith(UPLOADS) and who is not None and not UPLOADING & pages_of(who.roles):
            return 404, "There is nothing here."
        if asked == "uploads" and who is not None and not self.held.takes(who.identity, path.split("/")[3]):
            return 413, REFUSAL
        return None

    async def _send_file(self, here: Server, who: Person, scope: Message, receive: Receive, send: Send) -> None:
        """Give a file to the person it was made for; to anyone else it does not exist."""
        # whole and unchanged: the hash of a part or of a compressed file would not match
        changed = (b"range", b"accept", b"accept-encoding", b"if-none-match")
        kept = [(k, v) for k, v in scope["headers"] if k not in changed]
        start, whole = await answered(self.app, {**scope, "headers": kept, "method": "GET"}, receive)
        digest, by_https = hashlib.sha256(whole).hexdigest(), is_secure(scope, headers_of(scope), here)
        if start["status"] != 200 or who.identity not in visit.handed_out.get(digest, ()):
            self.counts.refused(here.home, 404)
            await _refuse(send, 404, "There is nothing here.", is_secure=by_https)
            return
        sender = with_headers(send, FILES, by_https, here)
        await sender(start)
        await sender({"type": "http.response.body", "body": whole})


async def answered(app: App, scope: Message, receive: Receive) -> tuple[Message, bytes]:
    """An application's whole answer to a request: its start message and its body."""
    start: Message = {}
    body: list[bytes] = []

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.append(message.get("body", b""))

    await app(scope, receive, take)
    return start, b"".join(body)


def headers_of(scope: Message) -> dict[str, str]:
    """The request's headers by lower-case name; the first of each name counts."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


def _is_doubled(scope: Message, here: Server) -> bool:
    """Whether a header on which the identity rests came more than once: another reader could take the other one."""
    names = [name.decode("latin-1").lower() for name, _ in scope["headers"]]
    return any(names.count(name) > 1 for name in (access.PROXY_HEADER, here.header, here.session_header))


def asking(here: Server, headers: Mapping[str, str]) -> Person | None:
    """The person who sends a request, with present rights; None if not admitted."""
    if here.is_demonstration:
        return access.demonstrating(f"not signed in; {server_account()}", "")
    claimed = _claimed(here, headers)
    found = access.admit(here, claimed, is_use=False) if claimed is not None else None
    return found if isinstance(found, Person) else None


def _claimed(here: Server, headers: Mapping[str, str]) -> SignIn | None:
    if here.identity == access.HEADER:
        return access.claimed_by_proxy(headers, here)
    try:
        held = {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
        signed = get_cookie_with_chunks(
            lambda name: decode_signed_value(get_cookie_secret(), name, held[name].encode("latin-1"))
            if name in held
            else None,
            USER_COOKIE_NAME,
        )
        claims = json.loads(signed) if signed else {}
    except (CookieError, ValueError, UnicodeError):
        return None
    return access.claimed_by_provider(claims, here) if isinstance(claims, dict) else None


def asker(scope: Message, headers: Mapping[str, str], here: Server) -> str:
    """The name or address whose rate limit a request uses.

    It is the identity that a proxy or a signed cookie vouches for, or else the address that the request comes from.
    """
    claimed = None if here.is_demonstration else _claimed(here, headers)
    if claimed is not None:
        return claimed.identity
    return str((scope.get("client") or ("nowhere",))[0])


def is_secure(scope: Message, headers: Mapping[str, str], here: Server) -> bool:
    """Whether the browser came by HTTPS, to this server or to the proxy before it."""
    forwarded = headers.get("x-forwarded-proto", "").lower()
    return here.is_https or scope.get("scheme") in ("https", "wss") or forwarded == "https"


def with_headers(send: Send, path: str, is_secure: bool, here: Server) -> Send:
    """Add our headers to every answer, and limit its cookies to a sign-in."""
    is_kept = path.startswith((PROGRAM, *DOCUMENTATION_FILES))
    ours = HEADERS | ({} if is_kept else UNKEPT) | (SECURE if is_secure else {})
    policy = DOCUMENTATION_POLICY if path.startswith(f"{DOCUMENTATION}/") else POLICY
    ancestors = frames.directive(here.frame_ancestors)
    ours["content-security-policy"] = policy.format(scripts="'self'", ancestors=ancestors)
    if here.frame_ancestors:  # it cannot name an origin: the policy alone decides
        del ours[frames.OLDER]

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            scripts = message.pop(SCRIPTS, None)
            if scripts is not None:
                ours["content-security-policy"] = policy.format(scripts=scripts, ancestors=ancestors)
            kept = [(k, v) for k, v in message["headers"] if k.lower().decode("latin-1") not in {*ours, frames.OLDER}]
            kept = [(k, _cookie(v, is_secure, here) if k.lower() == b"set-cookie" else v) for k, v in kept]
            message = {**message, "headers": [*kept, *((k.encode(), v.encode()) for k, v in ours.items())]}
        await send(message)

    return sender


def _cookie(value: bytes, is_secure: bool, here: Server) -> bytes:
    """A cookie's line: secure over HTTPS, and kept no longer than a sign-in lasts."""
    parts = [part.strip() for part in value.decode("latin-1").split(";")]
    most = int(here.limits.whole.total_seconds())
    parts = [f"Max-Age={most}" if p.lower().startswith("max-age=") and int(p[8:]) > most else p for p in parts]
    names = {part.partition("=")[0].lower() for part in parts}
    parts += ["Secure"] if is_secure and "secure" not in names else []
    parts += ["SameSite=Lax"] if "samesite" not in names else []
    return "; ".join(parts).encode("latin-1")


def _kind_of(kind: str, path: str) -> str | None:
    """The rate limit that a request uses, by its method; None if it is not limited."""
    if kind == "websocket":
        return "sessions"
    if path.startswith(UPLOADS) and kind in ("PUT", "POST"):
        return "uploads"
    if path.startswith(SIGN_IN):
        return "sign-ins"
    if path.startswith((FILES, UPLOADS)):
        return "files"
    return None if path.startswith((PROGRAM, *OPEN, *DOCUMENTATION_FILES)) else "pages"


def _counted(receive: Receive) -> Receive:
    """Receive messages within the rate limit; exceeding it ends the connection."""
    allowed = Allowance(20, 200)

    async def counted() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and not allowed.takes(""):
            return {"type": "websocket.disconnect", "code": 1008}
        return message

    return counted


def is_of_this_machine(scope: Message, headers: Mapping[str, str]) -> bool:
    """Whether a request comes from this machine under its own name, without a proxy."""
    client = str((scope.get("client") or (LOOPBACK[0],))[0])
    by_proxy = any(name == "forwarded" or name.startswith("x-forwarded-") for name in headers)
    return _host(headers.get("host", "")) in LOOPBACK and client in LOOPBACK and not by_proxy


def _is_own(headers: Mapping[str, str], here: Server) -> bool:
    """Whether a page of this server asks for the connection.

    Programs send no origin; only a demonstration has a use for them.
    """
    origin = headers.get("origin")
    if origin is None:
        return here.is_demonstration
    return urlsplit(origin).netloc == headers.get("host", "")


def _host(value: str) -> str:
    """The name in a Host header, without its port."""
    return value.rpartition("]")[0].lstrip("[") if value.startswith("[") else value.rpartition(":")[0] or value


async def _refuse(send: Send, status: int, words: str, *, is_secure: bool) -> None:
    """Send a refusal in one line of text."""
    headers = {"content-type": "text/plain; charset=utf-8", **HEADERS, **UNKEPT, **(SECURE if is_secure else {})}
    if status == 429:
        headers["retry-after"] = "5"
    raw = [(k.encode(), v.encode()) for k, v in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": words.encode()})
