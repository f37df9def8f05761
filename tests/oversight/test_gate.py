"""The gate before the server: closed addresses, files for whom they were made, how often, and the headers."""

import asyncio
import base64
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from audit_hands import store
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from casework.access import accounts
from dashboards.registry import FOLDER, PAGES
from dashboards.server import half_sent, visit
from dashboards.server.access import HEADER, PROXY_HEADER, Server, from_environment
from dashboards.server.gate import SCRIPTS, UPLOADING, Allowance, Gate, Message, Receive, Send
from dashboards.server.roles import ROLES
from dashboards.server.scripts import sources

SECRET = "an invented secret of forty characters.."
NAME = "invented.analyst@force.invented"
FILE = b"an invented file"


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Stands for Streamlit: a file, a cookie, and whatever comes over a connection."""
    if scope["type"] == "websocket":
        while (await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": "drawn"})
        return
    headers = [(b"content-type", b"text/plain"), (b"x-frame-options", b"ALLOWALL"),
               (b"set-cookie", b"_streamlit_user=abc; Max-Age=2592000; HttpOnly; Path=/")]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": FILE, "more_body": False})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    accounts.change(store(tmp_path), NAME, "invented administrator", "invented", roles=["analyst"])
    return tmp_path


@pytest.fixture(autouse=True)
def nothing_handed_out() -> Iterator[None]:
    visit.handed_out.clear()
    yield
    visit.handed_out.clear()


def demonstration(home: Path) -> Server:
    return from_environment({"STRA_HOME": str(home)}, "127.0.0.1")


def behind_proxy(home: Path) -> Server:
    server = from_environment(
        {"STRA_HOME": str(home), "STRA_IDENTITY": "header", "STRA_PROXY_SECRET": SECRET}, "0.0.0.0"
    )
    assert (server.identity, server.refusal) == (HEADER, "")
    return server


class Asked:
    """What a gate answered to one request."""

    def __init__(self, gate: Gate, path: str, headers: dict[str, str] | None = None, **scope: Any) -> None:
        self.sent: list[Message] = []
        named = {"host": "127.0.0.1:8501"} | (headers or {})
        given = {
            "type": "http", "path": path, "method": "GET", "client": ("127.0.0.1", 5), "scheme": "http",
            "headers": [(k.lower().encode(), v.encode()) for k, v in named.items()],
        }  # fmt: skip

        async def send(message: Message) -> None:
            self.sent.append(message)

        self.came = iter(scope.pop("came", ()))

        async def receive() -> Message:
            return next(self.came, {"type": "websocket.disconnect", "code": 1000})

        asyncio.run(gate(given | scope, receive, send))

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {k.decode(): v.decode() for k, v in self.sent[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def gate(server: Server) -> Gate:
    return Gate(application, lambda: server)


def proxied(name: str = NAME, secret: str = SECRET) -> dict[str, str]:
    return {PROXY_HEADER: secret, "x-forwarded-user": name, "x-stra-session": "one"}


class TestAddresses:
    @pytest.mark.parametrize(
        "path",
        [
            "/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp",
            "/_stcore/script-health-check", "/_stcore/bidi-components/x", "/component/x", "/app/static/casework.sqlite",
            "/media", "/_stcore/../warehouse.duckdb", "/..\\home", "/a\x00b", "/_stcore/message",
        ],
    )  # fmt: skip
    def test_what_no_page_needs_is_closed(self, home: Path, path: str) -> None:
        assert Asked(gate(demonstration(home)), path).status == 404

    @pytest.mark.parametrize(
        "path", ["/", "/fix_list", "/static/js/index.js", "/_stcore/health", "/_stcore/host-config"]
    )
    def test_what_pages_need_is_open(self, home: Path, path: str) -> None:
        assert Asked(gate(demonstration(home)), path).status == 200

    @pytest.mark.parametrize("host", ["evil.invented", "evil.invented:8501", "127.0.0.1.evil.invented", ""])
    def test_a_demonstration_answers_under_no_other_name(self, home: Path, host: str) -> None:
        """Else a page elsewhere could have a name of its own lead to this machine (DNS rebinding)."""
        assert Asked(gate(demonstration(home)), "/", {"host": host}).status == 403

    def test_a_connection_from_no_page_is_closed(self, home: Path) -> None:
        asked = Asked(gate(behind_proxy(home)), "/_stcore/stream", proxied(), type="websocket")
        assert asked.sent == [
            {"type": "websocket.close", "code": 1008, "reason": "A page comes from this server alone."}
        ]

    @pytest.mark.parametrize("origin", ["http://evil.invented", "http://localhost:3000", "null", ""])
    def test_a_connection_from_a_page_elsewhere_is_closed_before_anything_looks_at_it(
        self, home: Path, origin: str
    ) -> None:
        for server in (demonstration(home), behind_proxy(home)):
            asked = Asked(gate(server), "/_stcore/stream", proxied() | {"origin": origin}, type="websocket")
            assert asked.sent[0]["type"] == "websocket.close"

    def test_one_of_its_own_is_open(self, home: Path) -> None:
        own = proxied() | {"origin": "https://stra.invented", "host": "stra.invented"}
        came = [{"type": "websocket.receive", "bytes": b"x"}]
        asked = Asked(gate(behind_proxy(home)), "/_stcore/stream", own, type="websocket", came=came)
        assert [message["type"] for message in asked.sent] == ["websocket.send"]

    @pytest.mark.parametrize(
        ("headers", "client"),
        [
            ({"x-forwarded-for": "10.0.0.9"}, "127.0.0.1"), ({"forwarded": "for=10.0.0.9"}, "127.0.0.1"),
            ({}, "10.0.0.9"),
        ],
    )
    def test_a_demonstration_is_for_no_other_machine(self, home: Path, headers: dict[str, str], client: str) -> None:
        assert Asked(gate(demonstration(home)), "/", headers, client=(client, 5)).status == 403


class TestFiles:
    PATH = "/media/0123456789abcdef.csv"

    def handed(self, identity: str) -> None:
        visit.handed_out[hashlib.sha256(FILE).hexdigest()] = frozenset({identity})

    def test_a_file_goes_to_whom_it_was_made_for(self, home: Path) -> None:
        self.handed(NAME)
        asked = Asked(gate(behind_proxy(home)), self.PATH, proxied())
        assert (asked.status, asked.body, asked.headers["cache-control"]) == (200, FILE, "no-store")

    @pytest.mark.parametrize(
        "headers",
        [
            {}, proxied("other@force.invented"), proxied(secret="another secret of forty characters..."),
            {"x-forwarded-user": NAME}, {PROXY_HEADER: SECRET, "x-forwarded-user": NAME},
        ],
    )  # fmt: skip
    def test_and_to_nobody_else(self, home: Path, headers: dict[str, str]) -> None:
        accounts.change(store(home), "other@force.invented", "invented administrator", "invented", roles=["analyst"])
        self.handed(NAME)
        asked = Asked(gate(behind_proxy(home)), self.PATH, headers)
        assert (asked.status, asked.body) == (404, b"There is nothing here.")

    @pytest.mark.parametrize("name", [PROXY_HEADER, "x-forwarded-user", "x-stra-session"])
    def test_a_header_that_came_twice_is_believed_by_nobody(self, home: Path, name: str) -> None:
        """As where a proxy adds its own to what a browser sent."""
        self.handed(NAME)
        for path in (self.PATH, "/", "/fix_list"):
            asked = Asked(gate(behind_proxy(home)), path, proxied() | {name.upper(): "forged"})
            assert asked.status == 400
            once = Asked(gate(behind_proxy(home)), path, proxied() | {"x-other": "a", "X-OTHER": "b"})
            assert once.status == 200

    def test_nor_one_that_was_never_handed_out(self, home: Path) -> None:
        assert Asked(gate(behind_proxy(home)), self.PATH, proxied()).status == 404
        assert Asked(gate(demonstration(home)), self.PATH).status == 404

    def test_nor_a_file_made_for_an_account_that_is_disabled_now(self, home: Path) -> None:
        self.handed(NAME)
        accounts.change(store(home), NAME, "invented administrator", "left", is_disabled=True)
        assert Asked(gate(behind_proxy(home)), self.PATH, proxied()).status == 404

    def test_a_page_s_way_of_asking_changes_no_file(self, home: Path) -> None:
        self.handed(NAME)
        asked = Asked(gate(behind_proxy(home)), self.PATH, proxied() | {"accept": "text/html,application/xhtml+xml"})
        assert (asked.status, asked.body) == (200, FILE)

    def test_a_part_of_a_file_cannot_be_asked_for(self, home: Path) -> None:
        self.handed(NAME)
        asked = Asked(gate(behind_proxy(home)), self.PATH, proxied() | {"range": "bytes=0-3"})
        assert asked.body == FILE

    def test_an_upload_is_for_whoever_has_a_page_that_takes_files(self, home: Path) -> None:
        path = "/_stcore/upload_file/session/file"
        assert Asked(gate(behind_proxy(home)), path, {}, method="PUT").status == 404
        for role in ROLES:
            accounts.change(
                store(home), f"{role}@force.invented", "invented administrator", "invented", roles=[role],
                units=["Invented Unit A"] if role == "supervisor" else None,
            )  # fmt: skip
            may = role in ("auditor", "analyst", "senior_leader")
            asked = Asked(gate(behind_proxy(home)), path, proxied(f"{role}@force.invented"), method="PUT")
            assert asked.status == (200 if may else 404), role

    def test_every_page_with_a_form_for_files_may_take_them(self) -> None:
        """Else the form is drawn, and what is put into it is refused."""
        forms = {path.parent.name for path in FOLDER.rglob("*.py") if "file_uploader(" in path.read_text("utf-8")}
        assert forms == {Path(page.file).parent.name for page in PAGES if page.address in UPLOADING}


class TestHeaders:
    def test_every_answer_ties_the_browser_to_this_server(self, home: Path) -> None:
        for path in ("/", "/static/js/index.js", "/_stcore/metrics"):
            found = Asked(gate(demonstration(home)), path).headers
            policy = found["content-security-policy"]
            assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "http" not in policy
            assert "unsafe-eval" not in policy
            assert "script-src 'self';" in policy, "no script inside a page is run unless its hash is named"
            assert (found["x-frame-options"], found["x-content-type-options"]) == ("DENY", "nosniff")
            assert (found["referrer-policy"], found["cross-origin-opener-policy"]) == ("same-origin", "same-origin")

    def test_pages_are_kept_by_no_browser_and_program_files_may_be(self, home: Path) -> None:
        assert Asked(gate(demonstration(home)), "/fix_list").headers["cache-control"] == "no-store"
        assert "cache-control" not in Asked(gate(demonstration(home)), "/static/js/index.js").headers

    def test_a_cookie_lasts_no_longer_than_a_sign_in_and_is_for_https_where_the_browser_came_so(
        self, home: Path
    ) -> None:
        plain = Asked(gate(demonstration(home)), "/").headers
        assert plain["set-cookie"] == "_streamlit_user=abc; Max-Age=36000; HttpOnly; Path=/; SameSite=Lax"
        assert "strict-transport-security" not in plain
        secure = Asked(gate(behind_proxy(home)), "/", {"x-forwarded-proto": "https"}).headers
        assert secure["set-cookie"].endswith("; Secure; SameSite=Lax")
        assert secure["strict-transport-security"] == "max-age=31536000"

    def test_a_refusal_over_https_keeps_the_browser_to_https_too(self, home: Path) -> None:
        refused = Asked(gate(behind_proxy(home)), "/media/guessed", {"x-forwarded-proto": "https"})
        assert (refused.status, refused.headers["strict-transport-security"]) == (404, "max-age=31536000")


class TestFrames:
    """Which pages elsewhere may show these pages in a frame."""

    INTRANET = "https://intranet.force.invented"

    def embedding(self, home: Path, text: str) -> Server:
        return from_environment({"STRA_HOME": str(home), "STRA_FRAME_ANCESTORS": text}, "127.0.0.1")

    @pytest.mark.parametrize("path", ["/", "/docs/index.html", "/static/js/index.js"])
    def test_none_unless_the_setting_names_them(self, home: Path, path: str) -> None:
        found = Asked(gate(self.embedding(home, "")), path).headers
        assert "frame-ancestors 'none';" in found["content-security-policy"] + ";"
        assert found["x-frame-options"] == "DENY"

    @pytest.mark.parametrize("path", ["/", "/docs/index.html", "/static/js/index.js"])
    def test_the_policy_and_the_older_header_agree(self, home: Path, path: str) -> None:
        """The older header cannot name an origin: with it, some browsers would show nothing."""
        two = f"{self.INTRANET}  HTTPS://Portal.force.invented:8443 {self.INTRANET}"
        found = Asked(gate(self.embedding(home, two)), path).headers
        named = f"frame-ancestors {self.INTRANET} https://portal.force.invented:8443;"
        assert named in found["content-security-policy"] + ";"
        assert "x-frame-options" not in found, "nor Streamlit's own"

    def test_a_page_with_scripts_of_its_own_has_them_too(self, home: Path) -> None:
        async def page(scope: Message, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": [], SCRIPTS: "'self' 'sha256-x'"})
            await send({"type": "http.response.body", "body": b""})

        here = self.embedding(home, self.INTRANET)
        found = Asked(Gate(page, lambda: here), "/").headers["content-security-policy"]
        assert "script-src 'self' 'sha256-x';" in found and f"frame-ancestors {self.INTRANET};" in found

    def test_a_refusal_is_shown_in_no_frame_and_a_cookie_goes_to_no_other_site(self, home: Path) -> None:
        one = gate(self.embedding(home, self.INTRANET))
        refused = Asked(one, "/_stcore/metrics").headers
        assert "frame-ancestors 'none'" in refused["content-security-policy"] and refused["x-frame-options"] == "DENY"
        assert Asked(one, "/").headers["set-cookie"].endswith("SameSite=Lax")

    @pytest.mark.parametrize(
        "text",
        [
            "*", "https://*", "https://*.force.invented", "https:", "http://intranet.force.invented", "'self'",
            "'none'", "intranet.force.invented", "https://intranet.force.invented/", "https://a.invented/page",
            "https://a.invented; script-src *", "https://a.invented,https://b.invented", "https://a@b.invented",
            "https://a.invented\nx-header: 1", "https://a.invented\thttps://b.invented", "https://", "data:", "null",
            "https://a..invented", "https://-a.invented", "https://a.invented:0", "https://a.invented:123456",
            "https://\u0430.invented", "https://[::1]", "javascript://a.invented", "https://a.invented?x", " ".join(
                f"https://{n}.invented" for n in range(11)
            ),
        ],
    )  # fmt: skip
    def test_what_is_no_list_of_origins_starts_no_server(self, home: Path, text: str) -> None:
        here = self.embedding(home, text)
        assert "STRA_FRAME_ANCESTORS: expected" in here.refusal
        assert (here.frame_ancestors, here.audiences) == ((), ())


class TestAllowances:
    def test_so_many_at_once_then_so_many_a_second(self) -> None:
        allowance = Allowance(per_second=2, at_once=3)
        assert [allowance.takes("a", 0.0) for _ in range(5)] == [True, True, True, False, False]
        assert [allowance.takes("a", 1.0) for _ in range(3)] == [True, True, False]
        assert allowance.takes("b", 1.0), "another's is another's"

    def test_too_many_requests_are_told_when_to_come_again(self, home: Path) -> None:
        one = gate(demonstration(home))
        answers = [Asked(one, "/auth/login") for _ in range(80)]
        assert [a.status for a in answers[:60]] == [200] * 60
        assert answers[-1].status == 429
        assert answers[-1].headers["retry-after"] == "5"

    def test_twenty_files_may_be_put_in_at_once_and_then_one_a_minute(self, home: Path) -> None:
        one = gate(demonstration(home))
        path = "/_stcore/upload_file/session/"
        assert [Asked(one, f"{path}{n}", method="PUT").status for n in range(22)] == [200] * 20 + [429] * 2
        assert Asked(one, f"{path}1", method="DELETE").status == 200, "taking one back is not counted"

    def test_who_never_stops_acting_is_cut_off(self, home: Path) -> None:
        came = [{"type": "websocket.receive", "bytes": b"x"}] * 1_000
        asked = Asked(gate(demonstration(home)), "/_stcore/stream", type="websocket", came=came)
        assert 200 <= len(asked.sent) < 400

    def test_who_is_remembered_is_bounded(self) -> None:
        allowance = Allowance(1, 1, most_asking=10)
        for number in range(1_000):
            allowance.takes(str(number), 0.0)
        assert len(allowance.held) == 10


class TestScripts:
    def test_the_scripts_inside_a_page_are_allowed_by_their_hashes_alone(self) -> None:
        page = b'<script src="/a.js"></script><script>window.a=1</script><SCRIPT type="module">b = " src="</SCRIPT>'
        page += b"<script>never closed: a browser runs it not"
        digest = base64.b64encode(hashlib.sha256(b"window.a=1").digest()).decode()
        allowed = sources(page)
        assert allowed.startswith(f"'self' 'sha256-{digest}' 'sha256-") and allowed.count("sha256") == 2
        assert "unsafe" not in allowed


class TestHalfSent:
    """A connection whose request does not arrive whole is ended; one that is whole is not."""

    @pytest.fixture
    def port(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
        for name in ("connection_made", "data_received"):
            monkeypatch.setattr(AutoHTTPProtocol, name, getattr(AutoHTTPProtocol, name))
        half_sent.install(0.4)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            number = free.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(application, port=number, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield number
        server.should_exit = True
        thread.join(timeout=10)

    def test_a_second_half_sent_request_of_a_connection_is_ended_too(self, port: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")
            connection.sendall(b"GET / HT")
            assert connection.recv(1000) in (b"", FILE) and connection.recv(1000) == b""

    def test_a_body_that_stops_counts_as_a_closed_connection(self) -> None:
        async def stopped() -> Message:
            await asyncio.sleep(30)
            return {"type": "http.request", "more_body": False}

        assert asyncio.run(half_sent.limited(stopped, 0.05)()) == {"type": "http.disconnect"}

    def test_a_body_of_a_byte_at_a_time_is_ended_as_well(self) -> None:
        async def dripped() -> Message:
            await asyncio.sleep(0.01)
            return {"type": "http.request", "body": b"x", "more_body": True}

        async def read() -> int:
            receive, parts = half_sent.limited(dripped, 5.0, 0.2), 0
            while (await receive())["type"] == "http.request" and parts < 500:
                parts += 1
            return parts

        assert 1 <= asyncio.run(read()) <= 20

    def test_a_body_that_has_come_whole_has_no_clock(self) -> None:
        """Else a page that takes long to answer would see its visitor leave."""
        came = iter([{"type": "http.request", "more_body": False}])

        async def receive() -> Message:
            for message in came:
                return message
            await asyncio.sleep(0.2)
            return {"type": "http.disconnect", "is_real": True}

        async def read() -> list[Message]:
            limit = half_sent.limited(receive, 0.05, 0.05)
            return [await limit(), await limit()]

        assert asyncio.run(read())[1].get("is_real")
