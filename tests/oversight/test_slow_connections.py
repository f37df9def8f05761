"""Connections that send a byte a second, and files that are too large, against a real server: pages still answer."""

import asyncio
import resource
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from dashboard_browser import started
from dashboard_session import Session
from processes import open_files, resident_bytes
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from dashboards.server.half_sent import HEAD_SECONDS
from dashboards.server.held_files import MOST_BYTES
from dashboards.server.open_files import WANTED, allow_more

pytestmark = pytest.mark.browser

CONNECTIONS, MEGABYTE = 50, 1_000_000
PATIENCE = 2.0  # seconds until a page is there
BEGINNINGS = (  # of what is sent a byte a second
    b"", b"GE", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000000\r\n\r\n",
    b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000000\r\n\r\n",
    b"POST /_stcore/health HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with started(tmp_path_factory.mktemp("slow")) as (address, process):
        yield address, process.pid


def held(address: str) -> list[socket.socket]:
    host, port = urlsplit(address).netloc.split(":")
    return [socket.create_connection((host, int(port)), timeout=5) for _ in range(CONNECTIONS)]


def drip(connections: list[socket.socket], seconds: float) -> dict[int, float]:
    """Send a byte a second over each; after how many seconds each was cut."""
    cut: dict[int, float] = {}
    began = time.monotonic()
    for number, connection in enumerate(connections):
        connection.setblocking(True)
        connection.sendall(BEGINNINGS[number % len(BEGINNINGS)])
        connection.setblocking(False)
    while time.monotonic() - began < seconds and len(cut) < len(connections):
        for number, connection in enumerate(connections):
            if number not in cut and _is_cut(connection):
                cut[number] = time.monotonic() - began
        time.sleep(1)
    return cut


def _is_cut(connection: socket.socket) -> bool:
    try:
        connection.send(b"x")
        while connection.recv(65_536):
            pass
        return True
    except BlockingIOError:
        return False
    except OSError:
        return True


async def opened(address: str) -> float:
    async with Session(address) as session:
        drawn = await session.open("methods")
        assert drawn.faults == ()
        return drawn.seconds


def test_a_page_answers_beside_fifty_slow_connections_and_they_are_cut(server: tuple[str, int]) -> None:
    address, pid = server
    asyncio.run(opened(address))
    alone = min(asyncio.run(opened(address)) for _ in range(3))
    files = open_files(pid)
    connections, cut = held(address), dict[int, float]()
    slow = threading.Thread(target=lambda: cut.update(drip(connections, 3 * HEAD_SECONDS)))
    slow.start()
    time.sleep(2)
    assert open_files(pid) >= files + CONNECTIONS // 2, "they are there"
    beside = [asyncio.run(opened(address)) for _ in range(3)]
    slow.join()
    for connection in connections:
        connection.close()
    assert min(beside) <= max(PATIENCE, 3 * alone), (alone, beside)
    assert len(cut) == CONNECTIONS, "each was cut, whatever it had sent"
    assert max(cut.values()) <= 2 * HEAD_SECONDS + 5, "the time of a request, and of what follows on its connection"
    left = 3 * len(beside)  # of the sessions that looked meanwhile, until they are forgotten
    assert open_files(pid) <= files + left + 2, "nothing of the slow ones is left"


async def upload(address: str, size: int, *, is_chunked: bool) -> tuple[int, int]:
    """Put a file of this size in: the status, 0 where the connection was cut, and how many bytes went out."""
    async with Session(address) as session:
        await session.open("audit")
        return await asyncio.to_thread(_put, address, session.name, size, is_chunked)


def _put(address: str, session: str, size: int, is_chunked: bool) -> tuple[int, int]:
    token = generate_xsrf_token_string()
    connection, sent, part = HTTPConnection(urlsplit(address).netloc, timeout=30), 0, b"x" * 65_536
    connection.putrequest("PUT", f"/_stcore/upload_file/{session}/invented")
    for name, value in {"Cookie": f"_streamlit_xsrf={token}", "X-Xsrftoken": token,
                        "Content-Type": "multipart/form-data; boundary=b"}.items():  # fmt: skip
        connection.putheader(name, value)
    connection.putheader(*(("Transfer-Encoding", "chunked") if is_chunked else ("Content-Length", str(size))))
    connection.endheaders()
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    try:
        for block in [head] + [part] * (size // len(part)):
            connection.send(b"%x\r\n%s\r\n" % (len(block), block) if is_chunked else block)
            sent += len(block)
        connection.send(b"0\r\n\r\n" if is_chunked else b"")
    except OSError:
        pass
    try:
        return connection.getresponse().status, sent
    except OSError:
        return 0, sent
    finally:
        connection.close()


@pytest.mark.parametrize("is_chunked", [False, True], ids=["of a said size", "of an unsaid size"])
def test_a_file_of_200_mb_is_refused_and_not_kept(server: tuple[str, int], is_chunked: bool) -> None:
    address, pid = server
    assert asyncio.run(upload(address, 0, is_chunked=False))  # the page is loaded, and what it needs
    before = resident_bytes(pid)
    status, _ = asyncio.run(upload(address, 200_000_000, is_chunked=is_chunked))
    assert status in (0, 400, 413)
    assert resident_bytes(pid) - before < 30_000_000
    assert asyncio.run(opened(address)) <= 30


def test_a_file_within_the_limit_is_accepted(server: tuple[str, int]) -> None:
    """Else the refusals above would prove nothing."""
    address, _ = server

    async def put() -> int:
        async with Session(address) as session:
            await session.open("audit")
            return await asyncio.to_thread(_small, address, session.name)

    assert asyncio.run(put()) == 204


def _small(address: str, session: str) -> int:
    token, body = (
        generate_xsrf_token_string(),
        (b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\nsmall\r\n--b--\r\n'),
    )
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    headers = {"Cookie": f"_streamlit_xsrf={token}", "X-Xsrftoken": token,
               "Content-Type": "multipart/form-data; boundary=b"}  # fmt: skip
    connection.request("PUT", f"/_stcore/upload_file/{session}/invented", body, headers)
    status = connection.getresponse().status
    without = HTTPConnection(urlsplit(address).netloc, timeout=30)
    without.request("PUT", f"/_stcore/upload_file/{session}/invented", body, headers | {"X-Xsrftoken": "forged"})
    assert without.getresponse().status == 403, "a page elsewhere does not know the token"
    return status


def test_a_person_s_files_are_refused_once_the_server_holds_ten_megabytes_of_them(tmp_path: Path) -> None:
    """By a server that nobody has put a file into yet: twenty at once are the most anyway."""

    async def put(address: str) -> tuple[list[int], int]:
        async with Session(address) as session:
            await session.open("audit")
            found = [await asyncio.to_thread(_whole, address, session.name, number) for number in range(12)]
            async with Session(address) as another:  # of the same person
                await another.open("audit")
                return found, await asyncio.to_thread(_whole, address, another.name, 0)

    accepted = MOST_BYTES // MEGABYTE
    with started(tmp_path) as (address, _):
        found, elsewhere = asyncio.run(put(address))
    assert found == [204] * accepted + [413] * (12 - accepted) and elsewhere == 413


def _whole(address: str, session: str, number: int) -> int:
    """Put in a file of a megabyte; the status."""
    token = generate_xsrf_token_string()
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    headers = {"Cookie": f"_streamlit_xsrf={token}", "X-Xsrftoken": token,
               "Content-Type": "multipart/form-data; boundary=b"}  # fmt: skip
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request(
        "PUT", f"/_stcore/upload_file/{session}/{number}", head + b"x" * MEGABYTE + b"\r\n--b--\r\n", headers
    )
    return connection.getresponse().status


def test_the_server_may_open_as_many_files_as_the_system_allows_it(server: tuple[str, int]) -> None:
    """A session holds four: at 1,024, a few hundred visitors would have been all."""
    soft, hard = resource.prlimit(server[1], resource.RLIMIT_NOFILE)
    assert soft == min(hard, WANTED) or soft == hard


def test_a_low_allowance_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: asked.append(limits))
    for limits in ((1_024, 4_096), (1_024, resource.RLIM_INFINITY), (100_000, 200_000), (4_096, 4_096)):
        monkeypatch.setattr(resource, "getrlimit", lambda kind, held=limits: held)
        allow_more()
    assert asked == [(4_096, 4_096), (WANTED, resource.RLIM_INFINITY)]
