"""The connection to a publisher: redirects, waits, retries, and reasons."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import requests
import urllib3

from pipelines.fetching import checks

Progress = Callable[[str, int, int | None], None]  # file name, bytes so far, bytes in all (None: unknown)
T = TypeVar("T")

MAX_BYTES = 8 * 1024**3
PAGE_BYTES = 16 * 1024**2  # of a listing
ATTEMPTS = 6
TIMEOUT = (10.0, 60.0)  # seconds: to connect, between two pieces
REDIRECTS = 5
LONGEST_WAIT_SECONDS = 120.0
STALL_SECONDS = 60.0  # fewer than STALL_BYTES in this time is a stalled line, though each piece comes in time
STALL_BYTES = 64 * 1024
PASSING_STATUSES = {202, 408, 425, 429, 500, 502, 503, 504}
STATUS_ADVICE = {404: "Check the months asked for: not yet published or withdrawn.", 410: "It was withdrawn."}
LOOK = "Open the address in a browser to see what the publisher offers now."


class FetchError(Exception):
    """A file that could not be fetched.

    `stops`: asking the same publisher for more is pointless now. `also` holds the errors of the other files of the same
    fetch.
    """

    def __init__(self, url: str, expected: str, seen: str, do: str, stops: bool = False) -> None:
        self.url, self.expected, self.seen, self.do, self.stops = url, expected, seen, do, stops
        self.also: list[FetchError] = []
        super().__init__(url, expected, seen, do)

    def __str__(self) -> str:
        own = f"{self.url}: expected {self.expected}; saw {self.seen}. {self.do}"
        return "\n".join([own, *map(str, self.also)])


class Again(Exception):
    """Worth another attempt after `wait` seconds (None: the usual backoff).

    `line`: the line or the server failed, not the file.
    """

    def __init__(self, expected: str, seen: str, wait: float | None = None, line: bool = True) -> None:
        self.expected, self.seen, self.wait, self.line = expected, seen, wait, line
        super().__init__(seen)


class Session(requests.Session):
    """A session that says who asks and no more, and leaves redirects to us.

    Even with redirects off, requests reads a redirect's whole body, however long. It also fails on a bad address.
    """

    def __init__(self) -> None:
        super().__init__()
        self.headers.update({"User-Agent": "stra", "Accept-Encoding": "identity"})
        self.auth = lambda request: request  # nothing from .netrc: open data needs no credentials

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


@dataclass
class Line:
    """The line to the publisher, and how much patience there is with it."""

    session: Session
    report: Callable[[str], None]
    progress: Progress
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    attempts: int
    max_bytes: int
    timeout: tuple[float, float]

    def insist(self, url: str, once: Callable[[], T]) -> T:
        """Retry with exponential backoff and jitter, a bounded number of times."""
        for attempt in range(1, self.attempts + 1):
            try:
                return once()
            except Again as problem:
                trouble = problem
            except (requests.RequestException, urllib3.exceptions.HTTPError) as problem:
                if isinstance(problem, ValueError):  # requests: not an address at all
                    expected = "an http or https address"
                    raise FetchError(url, expected, str(problem), "Correct --base-url.", True) from problem
                trouble = Again("the whole answer", _root_cause(problem))
            if attempt < self.attempts:
                backoff = 2.0**attempt * random.uniform(0.5, 1.0)
                wait = min(backoff if trouble.wait is None else trouble.wait, LONGEST_WAIT_SECONDS)
                count = f"attempt {attempt} of {self.attempts}"
                self.report(f"{url}: {trouble.seen}; {count}, the next in {wait:.0f} s")
                self.sleep(wait)
        again = "Run the same command again later: the part received is kept."
        do = again if trouble.line else "Report it to the publisher."
        seen = f"{trouble.seen}, in {self.attempts} attempts"
        raise FetchError(url, trouble.expected, seen, do, trouble.line)

    def ask(self, url: str, headers: dict[str, str]) -> requests.Response:
        """The answer after redirects, body unread.

        Its status is 200, or 206, 304 or 416 if the request allows them.
        """
        allowed = {200} | ({206, 416} if "Range" in headers else set())
        allowed |= {304} if {"If-None-Match", "If-Modified-Since"} & headers.keys() else set()
        address = url
        for _ in range(REDIRECTS + 1):
            answer = self.session.get(
                address, headers=headers, stream=True, allow_redirects=False, timeout=self.timeout
            )
            if answer.status_code in allowed:
                return answer
            answer.close()
            if not answer.is_redirect:
                raise unusable(url, answer)
            target = answer.headers["Location"].encode("latin-1").decode("utf-8", "replace")
            onward = checks.resolved(address, target)
            if not checks.may_go(address, onward):
                raise FetchError(url, "a redirect to https or to the same host", f"one to {target}", LOOK)
            address = onward
        raise FetchError(url, f"at most {REDIRECTS} redirects", "more of them", LOOK)

    def body(self, url: str, answer: requests.Response, room: int) -> Iterator[bytes]:
        """The body as it arrives: FetchError beyond `room` bytes, Again when it stalls."""
        since, received, mark = self.clock(), 0, 0
        while chunk := answer.raw.read1(64 * 1024, decode_content=True):
            received += len(chunk)
            if received > room:
                raise too_big(url, self.max_bytes)
            yield chunk
            if self.clock() - since > STALL_SECONDS:
                if received - mark < STALL_BYTES:
                    raise Again("the whole answer", f"a stalled line ({received - mark} bytes in a minute)")
                since, mark = self.clock(), received

    def links(self, url: str, pattern: str) -> list[str]:
        """The links of a listing page that match."""
        links = self.insist(url, lambda: self._links_once(url, pattern))
        if not links:
            raise FetchError(url, f"links that match {pattern}", "none: the page has changed", LOOK, True)
        return links

    def _links_once(self, url: str, pattern: str) -> list[str]:
        with self.ask(url, {}) as answer:
            page = b"".join(self.body(url, answer, min(PAGE_BYTES, self.max_bytes)))
            links = checks.links_on_page(page.decode("utf-8", "replace"), answer.url, pattern)
            for link in links:
                if not checks.may_go(answer.url, link):
                    raise FetchError(url, "links to https or to the same host", f"one to {link}", LOOK)
            return links


def unusable(url: str, answer: requests.Response) -> Exception:
    status = f"{answer.status_code} {answer.reason or ''}".strip()
    if answer.status_code in PASSING_STATUSES:
        return Again("the file", status, checks.asked_wait(answer.headers))
    return FetchError(url, "the file", status, STATUS_ADVICE.get(answer.status_code, LOOK))


def too_big(url: str, max_bytes: int) -> FetchError:
    return FetchError(url, f"at most {max_bytes:,} bytes", "more", LOOK)


def _root_cause(problem: BaseException) -> str:
    while inner := problem.__cause__ or problem.__context__:
        problem = inner
    return f"{type(problem).__name__}: {problem}"
