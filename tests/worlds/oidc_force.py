"""A server that asks an OpenID Connect provider who people are, and a visitor who signs in without a browser."""

from __future__ import annotations

import contextlib
import itertools
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

from audit_hands import store
from dashboard_browser import serving
from dashboard_session import Drawn, Session
from joserfc import jwt
from joserfc.jwk import OctKey
from oidc_provider import CLIENT, SECRET, Provider
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from casework.access import accounts

ADMIN = "invented administrator"
COOKIE = "an invented secret for cookies, forty characters"
XSRF = "_streamlit_xsrf"
USER = "_streamlit_user"  # the cookie of whoever is signed in


@dataclass(frozen=True)
class Force:
    """A server that asks a provider who people are."""

    home: Path
    address: str
    provider: Provider

    def account(self, name: str, *roles: str, **more: bool) -> str:
        """An account for a name that only this test has."""
        email = f"{name}@force.invented"
        accounts.change(store(self.home), email, ADMIN, "invented", roles=roles, **more)
        return email


@contextlib.contextmanager
def asking(home: Path, one: Provider, audience: str = "integrity", **more: str) -> Iterator[Force]:
    """A server of its own: the address that the provider leads back to is part of its settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "STRA_IDENTITY": "oidc", "STRA_COOKIE_SECRET": COOKIE, "STRA_OIDC_CLIENT_ID": CLIENT,
        "STRA_OIDC_CLIENT_SECRET": SECRET, "STRA_ADDRESS": f"http://127.0.0.1:{port}",
        "STRA_OIDC_METADATA_URL": f"{one.address}/.well-known/openid-configuration", **more,
    }  # fmt: skip
    with serving(home, audience, port=port, **settings) as address:
        yield Force(home, address, one)


_visitors = itertools.count()


@dataclass
class Visitor:
    """Somebody with cookies and an address of their own, who follows where a server leads."""

    force: Force
    cookies: dict[str, str] = field(default_factory=dict)
    comes_from: str = field(default_factory=lambda: f"127.0.1.{next(_visitors) % 200 + 1}")

    @property
    def header(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    @property
    def is_signed_in(self) -> bool:
        """Whether the server gave this visitor a cookie that names somebody."""
        return bool(self.cookies.get(USER))

    def get(self, address: str) -> str:
        """Ask for an address; where the answer leads to, empty if nowhere."""
        parts = urlsplit(address)
        connection = HTTPConnection(parts.netloc, timeout=20, source_address=(self.comes_from, 0))
        connection.request("GET", f"{parts.path}?{parts.query}", headers=self.header)
        answer: HTTPResponse = connection.getresponse()
        answer.read()
        connection.close()
        if self.force.address.endswith(parts.netloc):
            for line in answer.headers.get_all("set-cookie") or []:
                for name, morsel in SimpleCookie(line).items():
                    gone = morsel["max-age"] == "0" or "1970" in morsel["expires"]
                    self.cookies = {k: v for k, v in self.cookies.items() if k != name}
                    self.cookies |= {} if gone else {name: morsel.value}
        return answer.headers.get("location") or ""

    def begin(self) -> str:
        """Ask to sign in: the address at the provider to which the server leads."""
        asked = {"provider": "default", "exp": int(time.time()) + 60}
        token = jwt.encode({"alg": "HS256"}, asked, OctKey.import_key(COOKIE))
        return self.get(f"{self.force.address}/auth/login?provider={token}")

    def sign_in(self) -> str:
        """Sign in as whoever the provider has: the address by which the provider led back."""
        back = self.get(self.begin())
        self.get(back)
        return back

    async def opens(self, page: str = "methods", *, has_token: bool = True) -> tuple[Drawn, frozenset[str]]:
        """A page, and the addresses of the pages that the server offers; `has_token` as a page of its own would ask."""
        token = generate_xsrf_token_string()
        headers = Visitor(self.force, self.cookies | {XSRF: token}).header
        async with Session(self.force.address, headers, token if has_token else "") as session:
            drawn = await session.open(page)
            return drawn, session.offered
