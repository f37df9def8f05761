"""A publisher on 127.0.0.1 that behaves as scripted, well or badly, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import io
import re
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assets.readers.source import Download
from pipelines.fetching.fetch import FetchError, FetchResult, fetch

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Publisher

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        script = self.server.scripts.get(self.path, [status(404)])
        answer = script.pop(0) if len(script) > 1 else script[0]  # the last answer is given ever after
        try:
            answer(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client had enough

    def reply(self, code: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Publisher(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.scripts: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def will(self, path: str, *answers: Answer) -> None:
        self.scripts[path] = list(answers)

    def heard(self, header: str) -> list[str | None]:
        """What each request so far said in this header."""
        return [headers.get(header) for _, headers in self.asked]

    def stop(self) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()


def whole(body: bytes, ranges: bool = True, conditions: bool = True, **told: str) -> Answer:
    """The file, by the book: `told` are its headers (ETag, Last_Modified, ...)."""
    headers = {name.replace("_", "-"): value for name, value in told.items()}
    tags = [value for name, value in headers.items() if name in {"ETag", "Last-Modified"}]

    def answer(handler: Handler) -> None:
        asked = handler.headers
        known = asked.get("If-None-Match") or asked.get("If-Modified-Since")
        if conditions and known in tags:
            return handler.reply(304, headers)
        start = re.fullmatch(r"bytes=(\d+)-", asked.get("Range", ""))
        if start and ranges and asked.get("If-Range", tags and tags[0]) in tags:
            first = int(start[1])
            if first >= len(body):
                return handler.reply(416, {"Content-Range": f"bytes */{len(body)}", "Content-Length": "0"})
            rest = body[first:]
            span = {
                "Content-Range": f"bytes {first}-{len(body) - 1}/{len(body)}",
                "Content-Length": str(len(rest)),
            }
            return handler.reply(206, headers | span, rest)
        return handler.reply(200, {"Content-Length": str(len(body))} | headers, body)

    return answer


def cut(body: bytes, after: int, **told: str) -> Answer:
    """As `whole`, but the line breaks at byte `after` of the file, wherever the answer starts."""
    by_the_book = whole(body, **told)

    def answer(handler: Handler) -> None:
        wire = handler.wfile
        start = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        left = max(0, after - (int(start[1]) if start else 0))

        class Short:
            def __init__(self) -> None:
                self.in_body = False

            def write(self, data: bytes) -> None:
                wire.write(data[:left] if self.in_body else data)
                self.in_body = self.in_body or data.endswith(b"\r\n\r\n")

            def flush(self) -> None:
                wire.flush()

        handler.wfile = Short()  # type: ignore[assignment]
        by_the_book(handler)
        handler.wfile = wire
        handler.close_connection = True

    return answer


def says(code: int, body: bytes = b"", **headers: str) -> Answer:
    """Exactly these headers and bytes; without a length or chunks the end of the connection is the end."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(handler: Handler) -> None:
        handler.reply(code, named, body)
        handler.close_connection = True

    return answer


def status(code: int, **headers: str) -> Answer:
    return says(code, Content_Length="0", **headers)


def endless(piece: bytes, code: int = 200, **headers: str) -> Answer:
    """Chunks without end, until the client hangs up."""

    def answer(handler: Handler) -> None:
        handler.reply(code, {"Transfer-Encoding": "chunked"} | headers)
        while not handler.server.closing.is_set():
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    return answer


def hangs(body: bytes, after: int, **told: str) -> Answer:
    """The first `after` bytes, then nothing more, with the line open."""
    named = {name.replace("_", "-"): value for name, value in told.items()}

    def answer(handler: Handler) -> None:
        handler.reply(200, {"Content-Length": str(len(body))} | named, body[:after])
        handler.server.closing.wait(60)
        handler.close_connection = True

    return answer


TABLE = b"Month,Count\n2025-01,7\n" * 500
MONTHLY = Download("https://publisher.invalid", "archive/{month}.zip", "police-uk")
COUNT = Download("https://publisher.invalid", "tables/count.csv", "home-office")
PATH, STANDS = "/tables/count.csv", "home-office/2026-01-31/count.csv"


def zipped(content: bytes = TABLE) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("2025-01/street.csv"), content)  # dated 1980, whenever it is made
    return buffer.getvalue()


class Visit:
    """One fetch after another into one data folder, with the waits and reports kept."""

    def __init__(self, publisher: Publisher, data: Path) -> None:
        self.publisher, self.data = publisher, data
        self.waits: list[float] = []
        self.reports: list[str] = []

    def __call__(
        self, download: Download = COUNT, *months: str, day: int = 31, **more: object
    ) -> FetchResult:
        return fetch(
            download,
            self.data,
            list(months),
            self.publisher.url,
            date(2026, 1, day),
            self.reports.append,
            sleep=self.waits.append,
            **more,
        )  # type: ignore[arg-type]

    def refused(self, download: Download = COUNT, *months: str, **more: object) -> FetchError:
        """Nothing stands afterwards, and no rubbish is kept."""
        with pytest.raises(FetchError) as caught:
            self(download, *months, **more)
        assert self.standing() == {}
        assert all((caught.value.url, caught.value.expected, caught.value.seen, caught.value.do))
        assert list(self.data.rglob("*.part*")) == []
        return caught.value

    def standing(self) -> dict[str, bytes]:
        files = [path for path in self.data.rglob("*") if path.is_file() and not path.name.startswith(".")]
        return {str(path.relative_to(self.data)): path.read_bytes() for path in files}


@contextlib.contextmanager
def visiting(data: Path) -> Iterator[Visit]:
    """A visit to a publisher of its own, during which nothing but 127.0.0.1 can be reached."""

    def only_here(self: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] == "127.0.0.1", f"a fetch under test wanted to reach {address}"
        connect(self, address)

    connect = socket.socket.connect
    publisher = Publisher()
    with pytest.MonkeyPatch.context() as here:
        here.setattr(socket.socket, "connect", only_here)
        here.setenv("NO_PROXY", "127.0.0.1")
        yield Visit(publisher, data)
    publisher.stop()
