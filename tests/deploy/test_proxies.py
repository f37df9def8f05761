"""The settings for nginx and Caddy as they are shipped: in front of a real server, with TLS, on this machine alone."""

import contextlib
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from audit_hands import store
from dashboard_browser import Visit
from oidc_provider import CLIENT, SECRET, Provider, provider
from playwright.sync_api import Browser, sync_playwright
from published_home import build_home

from casework.access import accounts
from dashboards.server.gate import HEADERS, SECURE

ROOT = Path(__file__).resolve().parents[2]
NAME = "stra.force.invented"
ANALYST = "an.analyst@force.invented"
# What a browser could send to pass for another, or for a proxy.
FORGED = {
    "X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "gopher", "X-Forwarded-Host": "evil.invented",
    "X-Forwarded-Port": "1", "X-Real-IP": "10.9.8.7", "Forwarded": "for=10.9.8.7", "X-Forwarded-User": ANALYST,
    "X-Stra-Session": "forged", "X-Stra-Proxy": "forged",
}  # fmt: skip


def program(name: str) -> str:
    """The path of a proxy's program, of the system or as `.ci/setup proxy` fetched it; skips where there is none."""
    places = os.pathsep.join(
        [os.environ.get("PATH", ""), "/usr/sbin", *map(str, (ROOT / ".cache/proxy").glob("usr/*bin"))]
    )
    found = shutil.which(name, path=places)
    if found is None:
        pytest.skip(f"NOT TESTED: there is no {name} here. Run: .ci/setup proxy")
    return found


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs: its ports for HTTP and HTTPS, its certificate, its log and the port that it leads to."""

    kind: str
    plain: int
    secure: int
    certificate: Path
    log: Path
    upstream: int

    def connection(self, name: str = NAME) -> ssl.SSLSocket:
        """A connection over TLS under a name."""
        return self.trust().wrap_socket(socket.create_connection(("127.0.0.1", self.secure), 30), server_hostname=name)

    def trust(self) -> ssl.SSLContext:
        """As a browser of the force that trusts this certificate."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def ask(self, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None,
            method: str = "GET", host: str = NAME) -> tuple[int, dict[str, list[str]], bytes]:  # fmt: skip
        """Status, headers and body of one request over TLS."""
        asked = http.client.HTTPSConnection(NAME, timeout=30)
        asked.sock = self.connection()
        asked.request(method, path, body, {"Host": host, **(headers or {})})
        answer = asked.getresponse()
        found: dict[str, list[str]] = {}
        for name, value in answer.getheaders():
            found.setdefault(name.lower(), []).append(value)
        with contextlib.closing(asked):
            return answer.status, found, answer.read()


def replaced(text: str, changes: Mapping[str, str]) -> str:
    """The shipped text with what belongs to a machine; each change must find its words."""
    for words, instead in changes.items():
        assert words in text, words
        text = text.replace(words, instead)
    return text


def nginx_settings(folder: Path, one: Proxy) -> list[str]:
    """The shipped files below a frame as Debian's nginx.conf has it; the command that runs them."""
    shipped = (ROOT / "deploy/nginx/stra.conf").read_text("utf-8")
    changes = {"/etc/stra/tls/certificate.pem": str(one.certificate), "/etc/stra/tls/key.pem": str(folder / "key.pem"),
               "listen 80": f"listen 127.0.0.1:{one.plain}", "listen 443": f"listen 127.0.0.1:{one.secure}",
               "/var/log/nginx/stra.log": str(one.log),
               "/var/log/nginx/stra_error.log": f"{folder}/stra_error.log"}  # fmt: skip
    (folder / "stra.conf").write_text(replaced(shipped, changes), "utf-8")
    upstream = (ROOT / "deploy/nginx/upstream.conf").read_text("utf-8")
    (folder / "upstream.conf").write_text(replaced(upstream, {":8501": f":{one.upstream}"}), "utf-8")
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    account = "user root;\n" if os.geteuid() == 0 else ""  # else its workers may not enter the folder of the test
    frame = (
        f"{account}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{ worker_connections 1024; }}\n"
        f"http {{\n{kept}include {folder}/stra.conf;\ninclude {folder}/upstream.conf;\n}}\n"
    )
    (folder / "nginx.conf").write_text(frame, "utf-8")
    return [program("nginx"), "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]


def caddy_settings(folder: Path, one: Proxy) -> list[str]:
    shipped = (ROOT / "deploy/caddy/Caddyfile").read_text("utf-8")
    assert "/etc/stra/" not in shipped  # only root reads what is there, and Caddy is not root
    ports = f"\tadmin off\n\thttp_port {one.plain}\n\thttps_port {one.secure}\n\tdefault_bind 127.0.0.1"
    at = "/etc/caddy/tls"
    changes = {f"{at}/certificate.pem": str(one.certificate), f"{at}/key.pem": str(folder / "key.pem"),
               "\tadmin off": ports, "127.0.0.1:8501": f"127.0.0.1:{one.upstream}",
               "/var/log/caddy/stra.log": str(one.log)}  # fmt: skip
    (folder / "Caddyfile").write_text(replaced(shipped, changes), "utf-8")
    return [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


SETTINGS: dict[str, Callable[[Path, Proxy], list[str]]] = {"nginx": nginx_settings, "caddy": caddy_settings}


@contextlib.contextmanager
def running(kind: str, folder: Path, upstream: int) -> Iterator[Proxy]:
    """A proxy with the shipped settings before a server on a port of this machine."""
    folder.mkdir()
    one = Proxy(kind, free_port(), free_port(), folder / "certificate.pem", folder / "stra.log", upstream)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-keyout", folder / "key.pem", "-out", one.certificate, "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}"], check=True, capture_output=True,
    )  # fmt: skip
    command = SETTINGS[kind](folder, one)
    own = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with open(folder / "said", "wb") as said:
        process = subprocess.Popen(command, env=own, cwd=folder, stdout=said, stderr=said)
    try:
        deadline = time.monotonic() + 20
        while True:
            assert process.poll() is None and time.monotonic() < deadline, (folder / "said").read_text()
            with contextlib.suppress(OSError), one.connection():
                break
            time.sleep(0.05)
        yield one
    finally:
        process.terminate()
        process.wait(timeout=30)


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that arrived."""

    def log_message(self, *words: object) -> None:
        """Nothing on the console."""

    def do_GET(self) -> None:
        body = "".join(f"{name.lower()}: {value}\n" for name, value in self.headers.items()).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module", params=list(SETTINGS))
def echoing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy before a server that says what arrived."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with running(request.param, tmp_path_factory.mktemp("echo") / "proxy", server.server_port) as one:
        yield one
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Force:
    """`stra serve` as a service would run it, and the provider that it asks."""

    port: int
    provider: Provider


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    home, port = build_home(tmp_path_factory.mktemp("force") / "home"), free_port()
    accounts.change(store(home), ANALYST, "invented administrator", "invented", roles=["analyst"])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "STRA_"))}
    with provider() as one:
        one.sign_in_as(ANALYST)
        settings = {
            "PYTHONPATH": str(ROOT), "STRA_IDENTITY": "oidc", "STRA_ADDRESS": f"https://{NAME}",
            "STRA_COOKIE_SECRET": "an invented secret for cookies, forty characters", "STRA_OIDC_CLIENT_ID": CLIENT,
            "STRA_OIDC_CLIENT_SECRET": SECRET,
            "STRA_OIDC_METADATA_URL": f"{one.address}/.well-known/openid-configuration",
        }  # fmt: skip
        command = [sys.executable, "-m", "pipelines.commands.cli", "serve", "--home", str(home), "--port", str(port)]
        process = subprocess.Popen(command, env=kept | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 90
            while True:
                assert process.poll() is None and time.monotonic() < deadline
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.2)
            yield Force(port, one)
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module", params=list(SETTINGS))
def proxy(request: pytest.FixtureRequest, force: Force, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with running(request.param, tmp_path_factory.mktemp("proxied") / "proxy", force.port) as one:
        yield one


def test_the_shipped_settings_are_valid_and_written_as_their_program_writes_them(tmp_path: Path) -> None:
    folder = tmp_path / "proxy"
    with running("nginx", folder, 1) as one:
        done = subprocess.run([*nginx_settings(folder, one), "-t"], capture_output=True, text=True, check=False)
        said = (folder / "error.log").read_text() + done.stderr
        assert done.returncode == 0 and "[warn]" not in said and "[emerg]" not in said, said


def test_caddy_s_settings_are_valid_and_in_its_form(tmp_path: Path) -> None:
    folder = tmp_path / "proxy"
    with running("caddy", folder, 1) as one:
        settings = caddy_settings(folder, one)[-1]
        own = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        command = [program("caddy"), "validate", "--adapter", "caddyfile", "--config", settings]
        done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
        warned = [line for line in done.stderr.splitlines() if '"warn"' in line and "OCSP" not in line]
        assert done.returncode == 0 and warned == [], done.stderr  # of a certificate made here nobody is asked
    shown = subprocess.run(
        [program("caddy"), "fmt", ROOT / "deploy/caddy/Caddyfile"], capture_output=True, text=True, check=False
    )
    assert shown.stdout == (ROOT / "deploy/caddy/Caddyfile").read_text("utf-8"), shown.stderr


def test_no_header_that_a_browser_forges_reaches_the_product(echoing: Proxy) -> None:
    status, _, body = echoing.ask("/", FORGED)
    arrived = dict(line.split(": ", 1) for line in body.decode().splitlines())
    assert status == 200
    assert (arrived["host"], arrived["x-forwarded-for"], arrived["x-forwarded-proto"]) == (NAME, "127.0.0.1", "https")
    assert not {"x-real-ip", "forwarded", "x-forwarded-user", "x-stra-session", "x-stra-proxy"} & arrived.keys()
    assert arrived.get("x-forwarded-host", NAME) == NAME
    forged = set(FORGED.values()) & set(arrived.values())
    assert forged - {"1"} == set() and arrived.get("x-forwarded-port") != "1"


def test_a_page_arrives_over_tls_with_the_headers_of_the_gate_each_once(proxy: Proxy) -> None:
    status, headers, body = proxy.ask("/", {"accept": "text/html"})
    assert status == 200 and b"<script" in body
    for name, value in (HEADERS | SECURE).items():
        assert len(headers[name]) == 1, name
        if name != "content-security-policy":  # it names the hashes of this page's scripts
            assert headers[name] == [value]
    assert "frame-ancestors" in headers["content-security-policy"][0]
    assert headers.get("server", [""])[0] in ("nginx", "Caddy", "")  # no version
    status, headers, _ = proxy.ask("/_stcore/metrics")  # what the gate refuses
    assert status == 404 and headers["x-content-type-options"] == ["nosniff"]


def test_plain_http_leads_to_https_under_the_server_s_own_name(proxy: Proxy) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=20)
    asked.request("GET", "/fix_list?section=all", headers={"Host": NAME})
    answer = asked.getresponse()
    assert answer.status in (301, 308)
    where = answer.getheader("location", "")
    assert re.fullmatch(rf"https://{re.escape(NAME)}(:{proxy.secure})?/fix_list\?section=all", where)
    asked.close()


def test_a_name_that_nobody_serves_gets_no_certificate_and_no_page(proxy: Proxy) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)alert|unrecognized"):
        proxy.connection("evil.invented")
    with contextlib.suppress(http.client.RemoteDisconnected, ConnectionError):  # or an answer without content
        status, _, body = proxy.ask("/", host="evil.invented")
        assert b"<script" not in body, status


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(proxy: Proxy, version: ssl.TLSVersion) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = context.minimum_version = version
    with (
        socket.create_connection(("127.0.0.1", proxy.secure), 20) as raw,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(raw, server_hostname=NAME)


def test_the_numbers_for_monitoring_do_not_pass_and_the_others_do(proxy: Proxy) -> None:
    for host in (NAME, "127.0.0.1"):
        with contextlib.suppress(http.client.RemoteDisconnected, ConnectionError):
            status, _, body = proxy.ask("/metrics", host=host)
            assert b"stra_state" not in body and (status == 404 or not body)
    assert proxy.ask("/healthz")[0::2] == (200, b"alive\n")
    assert proxy.ask("/readyz")[0] in (200, 503)


def test_while_the_product_does_not_answer_the_proxy_says_so_and_no_log_holds_a_code(tmp_path: Path) -> None:
    for kind in SETTINGS:
        with running(kind, tmp_path / kind, free_port()) as one:
            status, headers, body = one.ask("/oauth2callback?code=canary", {"referer": "https://x/?q=canary"})
            plain = http.client.HTTPConnection("127.0.0.1", one.plain, timeout=20)
            with contextlib.closing(plain), contextlib.suppress(http.client.RemoteDisconnected, ConnectionError):
                plain.request("GET", "/?q=canary", headers={"Host": "evil.invented"})
                plain.getresponse().read()
        written = {file.name: file.read_text("utf-8") for file in (tmp_path / kind).iterdir() if file.is_file()}
        assert "/oauth2callback" in written["stra.log"]
        assert [name for name, text in written.items() if "canary" in text] == []  # neither log, nor what it prints
        assert (status, headers["strict-transport-security"]) == (503, ["max-age=31536000"])
        assert b"They may be starting: try again in a minute." in body


def test_a_body_that_no_page_takes_is_refused_before_the_product_reads_it(proxy: Proxy) -> None:
    with contextlib.suppress(ConnectionError, ssl.SSLError):  # it may be cut off while it is sent
        status, headers, _ = proxy.ask("/_stcore/upload_file/x/y", {"accept": "*/*"}, b"x" * 3_000_000, "PUT")
        assert status in (404, 413)
        assert "strict-transport-security" in headers
    assert proxy.ask("/healthz")[0] == 200


def stream(proxy: Proxy, origin: str) -> tuple[int, list[str] | None]:
    """Status and proof of receipt (RFC 6455, section 1.3) where a page of this origin opens its connection.

    One thread writes and reads: a client that reads in a second one can lose a connection over TLS.
    """
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Origin": origin, "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "streamlit"}  # fmt: skip
    status, headers, _ = proxy.ask("/_stcore/stream", asked)
    return status, headers.get("sec-websocket-accept")


def test_a_page_s_connection_opens_for_pages_of_this_server_alone(proxy: Proxy) -> None:
    assert stream(proxy, f"https://{NAME}") == (101, ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="])
    for elsewhere in ("https://evil.invented", f"http://{NAME}:8501", "null"):
        assert stream(proxy, elsewhere) == (403, None)


def test_fifty_half_sent_requests_hold_nobody_up_and_are_ended(proxy: Proxy) -> None:
    """Each sends a piece of a header every second, as slow-loris does."""
    held = [proxy.connection() for _ in range(50)]
    for one in held:
        one.settimeout(0.01)
        one.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}\r\n".encode())
    began, slowest, open_ = time.monotonic(), 0.0, set(held)
    while open_ and time.monotonic() - began < 25:
        asked = time.monotonic()
        assert proxy.ask("/healthz")[0] == 200
        slowest = max(slowest, time.monotonic() - asked)
        for one in list(open_):
            try:
                one.sendall(b"X-More: x\r\n")
                if one.recv(100) == b"":
                    open_.discard(one)
            except TimeoutError:
                continue
            except OSError:
                open_.discard(one)
        time.sleep(1)
    for one in held:
        one.close()
    assert not open_, f"{len(open_)} of 50 are still held after 25 s"
    assert slowest < 2


def test_a_flood_from_one_address_is_cut_off_and_a_page_s_hundred_files_are_not(echoing: Proxy) -> None:
    """By nginx: Caddy has no such limit, and leaves it to the product."""
    asked = http.client.HTTPSConnection(NAME, timeout=30)
    asked.sock = echoing.connection()
    statuses = []
    for _ in range(900):
        asked.request("GET", "/", headers={"Host": NAME})
        answer = asked.getresponse()
        answer.read()
        statuses.append(answer.status)
        if answer.status == 429 or answer.will_close:
            break
    asked.close()
    assert set(statuses[:400]) == {200}
    assert (429 in statuses) == (echoing.kind == "nginx")


def test_no_search_and_no_sign_in_code_is_in_the_proxy_s_log(proxy: Proxy) -> None:
    assert (
        proxy.ask("/oauth2callback?code=canary-code&state=canary-state", {"referer": "https://x/?q=canary-words"})[0]
        < 500
    )
    deadline = time.monotonic() + 10
    while "oauth2callback" not in proxy.log.read_text("utf-8") and time.monotonic() < deadline:
        time.sleep(0.1)
    said = proxy.log.read_text("utf-8")
    assert "oauth2callback" in said and "canary" not in said


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[[int], Browser]]:
    """A browser to which the server's name leads to a port of this machine, and no other name anywhere."""
    with sync_playwright() as playwright, contextlib.ExitStack() as ends:
        path = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")

        def launched(port: int) -> Browser:
            rules = f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{port}, EXCLUDE 127.0.0.1, MAP * ~NOTFOUND"
            arguments = ["--no-sandbox", "--ignore-certificate-errors", rules]
            one = playwright.chromium.launch(executable_path=path, args=arguments)
            ends.callback(one.close)
            return one

        yield launched


class Proxied(Visit):
    """A visit to the server by its name."""

    def _look_at(self, url: str) -> None:
        if not url.startswith((f"https://{NAME}/", f"wss://{NAME}/")):
            super()._look_at(url)


@pytest.mark.browser
@pytest.mark.parametrize("proxy", ["nginx"], indirect=True)
def test_a_user_signs_in_and_reads_a_page_through_it(
    proxy: Proxy, force: Force, chromium: Callable[[int], Browser]
) -> None:
    """Address, provider, cookies and the page's connection, all behind TLS under one name."""
    visit = Proxied(chromium(proxy.secure))
    visit.open(f"https://{NAME}/which_standards_are_breached")
    with visit.page.expect_event("framenavigated", lambda frame: frame.url == f"https://{NAME}/", timeout=60_000):
        visit.page.get_by_role("button", name="Sign in").click()
    page = visit.settle()
    assert page.get_by_text(f"Signed in as {ANALYST}, analyst.").count() == 1
    page = visit.open(f"https://{NAME}/which_standards_are_breached")
    assert page.locator("table").count() > 0
    cookies = [c for c in visit.context.cookies() if c["name"].startswith("_streamlit_user")]
    assert cookies and all(c["secure"] and c["httpOnly"] and c["sameSite"] == "Lax" for c in cookies)
    visit.close()
    assert visit.faults == []
