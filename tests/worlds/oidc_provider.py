"""A real OpenID Connect provider of the tests' own, on this machine: discovery, authorisation code with PKCE, RS256.

The user that a test names signs in at once; there is no password and no page. `asking` is a server that asks it who
people are, and `Visitor` signs in there without a browser.
"""

import base64
import contextlib
import hashlib
import itertools
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from audit_hands import store
from dashboard_browser import serving
from dashboard_session import Drawn, Session
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from casework.access import accounts

CLIENT, SECRET = "invented-client", "an invented client's secret"
ADMIN = "invented administrator"
COOKIE = "an invented secret for cookies, forty characters"
XSRF = "_streamlit_xsrf"
USER = "_streamlit_user"  # the cookie of the user who is signed in


@dataclass
class Provider:
    """`claims` are those of the user who signs in next; `asked` what was asked of it, the newest last.

    `forge` makes the token in place of the provider, from the claims that it would sign; `says` replaces parts of the
    provider's description of itself, without those that are None.
    """

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    forge: Callable[[dict[str, Any]], str | None] | None = None
    says: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "invented"}))

    def sign_in_as(self, email: str, **more: Any) -> None:
        sub = hashlib.sha256(email.encode()).hexdigest()[:16]
        self.claims = {"sub": sub, "email": email, "email_verified": True, **more}

    def metadata(self) -> dict[str, Any]:
        at = self.address
        found = {
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/jwks", "end_session_endpoint": f"{at}/end", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"], **self.says,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """A token for a code, once, for whoever began (PKCE)."""
        held = self.codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if held is None or base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != held["code_challenge"]:
            return None
        at = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": at, "exp": at + 600, "nonce": held["nonce"], **self.claims}
        token = self.forge(claims) if self.forge is not None else self.signed(claims)
        answer = {"access_token": secrets.token_hex(8), "token_type": "Bearer", "expires_in": 600}
        return answer | ({} if token is None else {"id_token": token})

    def signed(self, claims: dict[str, Any], key: RSAKey | None = None, **header: Any) -> str:
        """A token with these claims, by the provider's key unless another is given."""
        return jwt.encode({"alg": "RS256", "kid": "invented", **header}, claims, key or self.key)


@contextlib.contextmanager
def provider() -> Iterator[Provider]:
    """A provider that answers until the end."""
    one = Provider()

    class Answer(BaseHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            """Nothing on the console."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            one.asked.append(parts.path)
            if parts.path == "/authorize":
                code = secrets.token_hex(8)
                one.codes[code] = asked
                self._go(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
            elif parts.path == "/end":
                self._go(asked["post_logout_redirect_uri"])
            elif parts.path == "/jwks":
                self._say({"keys": [one.key.as_dict(private=False)]})
            else:
                self._say(one.metadata())

        def do_POST(self) -> None:
            one.asked.append(urlsplit(self.path).path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            found = one.token({name: values[0] for name, values in parse_qs(body).items()})
            self._say(found or {"error": "invalid_grant"}, 200 if found else 400)

        def _go(self, where: str) -> None:
            self.send_response(302)
            self.send_header("location", where)
            self.end_headers()

        def _say(self, content: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    one.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()


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
        """Sign in as the user whom the provider has: the address by which the provider led back."""
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
