"""What monitoring asks: /healthz (alive), /readyz (copies whole and fresh) and /metrics (Prometheus text).

No answer holds a person, a figure of the force or a reason in words: /healthz and /readyz are for anyone who reaches
the server. /metrics is for this machine alone, or for those who send the token of STRA_METRICS_TOKEN.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping

from starlette.responses import PlainTextResponse, Response

from dashboards.data import home_state
from dashboards.data.home_state import HomeState
from dashboards.server.access import Server
from dashboards.server.counts import Counts
from dashboards.server.gate import App, Message, Receive, Send, headers_of, is_of_this_machine

ALIVE, READY, METRICS = ADDRESSES = ("/healthz", "/readyz", "/metrics")
TEXT = "text/plain; version=0.0.4; charset=utf-8"  # Prometheus' text format
Samples = Iterable[tuple[Mapping[str, str], float]]


class Watched:
    """ASGI middleware behind the gate: answers the three addresses, passes on other requests."""

    def __init__(self, app: App, server: Callable[[], Server], counts: Counts, base_path: str = "") -> None:
        self.app, self.server, self.counts = app, server, counts
        self.base = "/" + base_path.strip("/") if base_path.strip("/") else ""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = str(scope.get("path", "")).removeprefix(self.base)
        if scope["type"] != "http" or path not in ADDRESSES:
            await self.app(scope, receive, send)
            return
        answer = await self._answer(path, scope)
        if answer.status_code in (401, 404):
            self.counts.refused(self.server().home, answer.status_code)
        await answer(scope, receive, send)

    async def _answer(self, path: str, scope: Message) -> Response:
        here = self.server()
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("This address is read-only.", 405, {"allow": "GET, HEAD"})
        if path == ALIVE:
            return PlainTextResponse("alive\n")
        if path == METRICS and not here.metrics_token and not is_of_this_machine(scope, headers_of(scope)):
            return PlainTextResponse("There is nothing here.", 404)
        if path == METRICS and here.metrics_token and not _has_token(here, headers_of(scope)):
            return PlainTextResponse("The token is missing or wrong.", 401, {"www-authenticate": "Bearer"})
        state = await asyncio.to_thread(home_state.read_state, here.home, here.audiences, with_backups=path == METRICS)
        if path == READY:
            return PlainTextResponse(f"{state.kind}\n", 200 if state.kind == home_state.WHOLE else 503)
        return Response("".join(metrics(state, self.counts)), media_type=TEXT)


def _has_token(here: Server, headers: Mapping[str, str]) -> bool:
    given = headers.get("authorization", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, f"Bearer {here.metrics_token}".encode())


def metrics(state: HomeState, counts: Counts) -> Iterator[str]:
    """The state of a home and the server's counts as Prometheus' text. What is not known has no line."""
    found = {trouble.kind for trouble in state.troubles} or {home_state.WHOLE}
    kinds = (home_state.WHOLE, *home_state.EXIT_CODES)
    yield from _metric("stra_state", "gauge", "1 for each word that holds of the home", (
        ({"state": kind}, kind in found) for kind in kinds
    ))  # fmt: skip
    running = state.running is not None
    yield from _metric("stra_build_running", "gauge", "1 while a build is running", [({}, running)])
    last = state.last
    if last is not None:
        yield from _metric("stra_last_build_end_timestamp_seconds", "gauge", "End of the last build", [
            ({}, last.ended_at.timestamp())
        ])  # fmt: skip
        yield from _metric("stra_builds_total", "counter", "Builds of this home by result", (
            ({"result": result}, count) for result, (count, _) in sorted(last.tally.items())
        ))  # fmt: skip
        yield from _metric("stra_build_seconds_total", "counter", "Seconds that builds took, by result", (
            ({"result": result}, seconds) for result, (_, seconds) in sorted(last.tally.items())
        ))  # fmt: skip
    if state.backup is not None and state.backup.made_at is not None:
        yield from _metric("stra_last_backup_timestamp_seconds", "gauge", "When the last backup was made", [
            ({}, state.backup.made_at.timestamp())
        ])  # fmt: skip
    yield from _of_copies(state)
    yield from _metric("stra_sessions", "gauge", "Open sessions", [({}, counts.open_sessions)])
    yield from _metric("stra_sessions_total", "counter", "Sessions since the server started", [({}, counts.sessions)])
    yield from _metric("stra_refusals_total", "counter", "Requests refused since the server started", (
        ({"status": str(status)}, count) for status, count in sorted(counts.refusals.items())
    ))  # fmt: skip


def _of_copies(state: HomeState) -> Iterator[str]:
    copies = [({"audience": copy.audience}, copy) for copy in state.copies]
    yield from _metric("stra_published_timestamp_seconds", "gauge", "When the copy in use was published", (
        (labels, copy.published_at.timestamp()) for labels, copy in copies
    ))  # fmt: skip
    yield from _metric("stra_latest_delivery_timestamp_seconds", "gauge", "When the latest delivery came", (
        (labels, copy.received_at.timestamp()) for labels, copy in copies if copy.received_at is not None
    ))  # fmt: skip
    yield from _metric("stra_published_tables", "gauge", "Tables of the copy in use", (
        (labels, copy.table_count) for labels, copy in copies
    ))  # fmt: skip
    yield from _metric("stra_published_rows", "gauge", "Rows of all tables of the copy in use together", (
        (labels, copy.row_count) for labels, copy in copies
    ))  # fmt: skip
    yield from _metric("stra_withheld_tables", "gauge", "Tables withheld from the copy in use", (
        (labels, len(copy.withheld)) for labels, copy in copies
    ))  # fmt: skip
    rules = next((copy.rules for copy in state.copies if copy.rules is not None), {})
    yield from _metric("stra_rules", "gauge", "Results of recording standards by state, in the published build", (
        ({"state": status}, count) for status, count in sorted(rules.items())
    ))  # fmt: skip


def _metric(name: str, kind: str, meaning: str, samples: Samples) -> Iterator[str]:
    """One metric with its samples; nothing without any."""
    lines = [f"{name}{_labels(labels)} {float(value):.17g}\n" for labels, value in samples]
    if lines:
        yield f"# HELP {name} {meaning}\n# TYPE {name} {kind}\n{''.join(lines)}"


def _labels(labels: Mapping[str, str]) -> str:
    parts = (f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{','.join(parts)}}}" if labels else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
