"""Download open data into `<data>/<folder>/<YYYY-MM-DD>/`, by day of download.

A file is in a dated folder only if it is whole. Until then its bytes are in `<data>/<folder>/.<file>.part`. The note
`.<file>.part.json` beside it has the url, the entity and the bytes known to be on disk.

A fetch that was cut or killed goes on where it stopped, on a later day too. The publisher's file must be the same one
(Range with If-Range, RFC 9110 section 13.1.5).

Every dated folder has a `.fetched.json`: url, file, bytes, sha256, etag, last_modified and fetched_at of each file.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import requests

from assets.readers.source import Download
from pipelines.fetching import checks
from pipelines.fetching.checks import months_between as months_between
from pipelines.fetching.connection import (
    ATTEMPTS,
    LOOK,
    MAX_BYTES,
    TIMEOUT,
    Again,
    FetchError,
    Line,
    Progress,
    Session,
    too_big,
)
from pipelines.fetching.store import Entity, FetchedFile, Part, alone_in, newest_held


@dataclass
class FetchResult:
    """`folder` is today's, if something new came; `unchanged` files did not move."""

    folder: Path
    downloaded: list[FetchedFile] = field(default_factory=list)
    unchanged: list[FetchedFile] = field(default_factory=list)


def fetch(
    download: Download,
    data_dir: Path,
    months: list[str],
    base_url: str | None,
    today: date,
    report: Callable[[str], None],
    progress: Progress = lambda name, done, total: None,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    attempts: int = ATTEMPTS,
    max_bytes: int = MAX_BYTES,
    timeout: tuple[float, float] = TIMEOUT,
) -> FetchResult:
    """Download what `download` offers, for each month if its path asks for one.

    Months are `YYYY-MM`. A file that fails does not stop the others: FetchError is raised after all were tried. It is
    the first failure, with the rest in `also`. It is raised at once if the server cannot be reached or the disk not
    written.
    """
    address = f"{(base_url or download.base_url).rstrip('/')}/{download.path.lstrip('/')}"
    folder = data_dir / download.folder
    if not months and "{month}" in download.path:
        raise FetchError(address, "the months to fetch", "none", "Give --from and --to.", True)
    if months and "{month}" not in download.path:
        report(f"{address}: published as a whole, not by month; the months given are ignored")
    try:
        with alone_in(folder), Session() as session:
            line = Line(session, report, progress, sleep, clock, attempts, max_bytes, timeout)
            targets = _targets(line, download, address, months)
            return _fetch_files(line, folder, FetchResult(folder / today.isoformat()), targets)
    except BlockingIOError as taken:
        expected = f"one fetch at a time into {folder}"
        raise FetchError(address, expected, "another running", "Wait for it to finish.", True) from taken
    except OSError as problem:
        do = "Make room or give access, then run the same command again."
        raise FetchError(address, f"to write into {folder}", str(problem), do, True) from problem


def _targets(line: Line, download: Download, address: str, months: list[str]) -> list[tuple[str, str]]:
    """Address and local name of every file; no two of one name."""
    by_month = "{month}" in address
    found: dict[str, str] = {}
    for month in months if by_month else [""]:
        url = address.replace("{month}", month)
        links = [url] if download.link_pattern is None else line.links(url, download.link_pattern)
        for link in links:
            name = download.file_name or checks.local_name(link)
            if month not in name and download.link_pattern is None:
                name = f"{month}-{name}"  # .../2025-01/street.csv and .../2025-02/street.csv
            if not name or found.setdefault(name, link) != link:
                seen, do = f"{name!r} for {found.get(name)} too", "Narrow the source's link_pattern."
                raise FetchError(link, "a file name of its own", seen, do, True)
    return [(link, name) for name, link in found.items()]


def _fetch_files(line: Line, folder: Path, result: FetchResult, targets: list[tuple[str, str]]) -> FetchResult:
    failures: list[FetchError] = []
    for url, name in targets:
        try:
            fetched, is_new = _fetch_file(line, folder, result.folder, url, name)
        except FetchError as failure:
            failures.append(failure)
            if failure.stops:
                break
            line.report(str(failure))
        else:
            (result.downloaded if is_new else result.unchanged).append(fetched)
            line.report(f"{name}: {f'downloaded, {fetched.bytes:,} bytes' if is_new else 'unchanged'}")
    if failures:
        failures[0].also = failures[1:]
        raise failures[0]
    return result


def _fetch_file(line: Line, folder: Path, dated: Path, url: str, name: str) -> tuple[FetchedFile, bool]:
    """Download one file and promote it; the flag says whether it is new."""
    held = newest_held(folder, name)
    denied: set[str] = set()
    came = line.insist(url, lambda: _attempt(line, Part(folder, name, url), name, held, denied))
    if came is not None and (held is None or held.sha256 != came[1]):
        part, sha256 = came
        return part.promote(dated, name, sha256), True
    Part(folder, name, url).begin(Entity(url))
    assert held is not None  # only then does a server say "not modified"
    return held, False


def _attempt(line: Line, part: Part, name: str, held: FetchedFile | None, denied: set[str]) -> tuple[Part, str] | None:
    """The whole part and its SHA-256, by one request.

    None if the server says that `held` is still the same.
    """
    url, start = part.entity.url, part.entity.bytes
    conditions: dict[str, str | None] = {}
    if start:
        conditions = {"Range": f"bytes={start}-", "If-Range": part.entity.validator}
    elif held is not None and held.url == url:
        conditions = {"If-None-Match": held.etag, "If-Modified-Since": held.last_modified}
    with line.ask(url, {header: value for header, value in conditions.items() if value}) as answer:
        if answer.status_code == 304 or (held is not None and _is_held(answer, url, held)):
            return None
        if answer.status_code == 200:
            part.begin(_entity(url, name, answer))
        elif not _goes_on(answer, part.entity):
            part.begin(Entity(url))
            raise Again("the rest of the same file", f"{answer.status_code}, but not that", wait=0.0)
        if answer.status_code != 416:
            _receive(line, part, name, answer)
    return part, _checked(line, part, name, denied)


def _is_held(answer: requests.Response, url: str, held: FetchedFile) -> bool:
    """True if a strong ETag shows that nothing changed.

    For servers that ignore If-None-Match.
    """
    etag = answer.headers.get("ETag", "W/")
    return answer.status_code == 200 and held.url == url and held.etag == etag and not etag.startswith("W/")


def _entity(url: str, name: str, answer: requests.Response) -> Entity:
    """The headers of a 200 on the file.

    Raises FetchError if its end could not be separated from a cut.
    """
    headers = answer.headers
    content_type = headers.get("Content-Type", "")
    length, md5 = headers.get("Content-Length", ""), checks.content_md5(headers)
    if not (length.isdigit() or md5 or answer.raw.chunked or name.lower().endswith(checks.ARCHIVES)):
        raise FetchError(url, "a length, chunks or a checksum", "none: a broken transfer would look complete", LOOK)
    if headers.get("Content-Encoding", "identity") != "identity":
        # Packed though not asked for: length, checksum and ranges are of the packing.
        return Entity(url, content_type=content_type)
    total = int(length) if length.isdigit() else None
    return Entity(url, headers.get("ETag"), headers.get("Last-Modified"), md5, total, 0, content_type)


def _goes_on(answer: requests.Response, entity: Entity) -> bool:
    """Does a 206 continue this very entity, or a 416 say that nothing is missing?"""
    told = answer.headers.get("Content-Range", "")
    if answer.status_code == 416:
        return told == f"bytes */{entity.bytes}" and entity.total in (None, entity.bytes)
    match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", told)
    if match is None or int(match[1]) != entity.bytes:
        return False
    if match[2] != "*" and entity.total not in (None, int(match[2])):
        return False
    same_tag = answer.headers.get("ETag", entity.etag) == entity.etag
    return same_tag and answer.headers.get("Last-Modified", entity.last_modified) == entity.last_modified


def _receive(line: Line, part: Part, name: str, answer: requests.Response) -> None:
    entity, folder = part.entity, part.path.parent
    if entity.total is not None and entity.total > line.max_bytes:
        raise too_big(entity.url, line.max_bytes)
    missing, free = (entity.total or 0) - entity.bytes, shutil.disk_usage(folder).free
    if missing > free:
        expected, do = f"{missing:,} bytes of room in {folder}", "Make room, then run the same command again."
        raise FetchError(entity.url, expected, f"{free:,}", do, True)
    try:
        chunks = line.body(entity.url, answer, line.max_bytes - entity.bytes)
        part.add(chunks, lambda done: line.progress(name, done, entity.total))
    except FetchError:
        part.begin(Entity(entity.url))
        raise
    if entity.total is not None and entity.bytes < entity.total:
        raise Again(f"{entity.total:,} bytes", f"{entity.bytes:,}")


def _checked(line: Line, part: Part, name: str, denied: set[str]) -> str:
    """SHA-256 of a part that proves whole; otherwise nothing of it is kept."""
    entity = part.entity
    try:
        checks.check_kind(part.path, name, entity.content_type)
        sha256, md5 = checks.digests(part.path)
        if entity.total not in (None, entity.bytes):
            raise checks.Corrupt(f"{entity.bytes:,} bytes where {entity.total:,} were announced")
        if entity.md5 not in (None, md5):
            raise checks.Corrupt(f"MD5 {md5} where {entity.md5} was announced")
        if checks.etag_md5(entity.etag) not in (None, md5) and sha256 not in denied:
            # Not every ETag of 32 hex digits is an MD5: the same bytes twice count for more.
            denied.add(sha256)
            raise checks.Corrupt(f"MD5 {md5} where the ETag says {entity.etag}")
        checks.check_archive(part.path, name)
        checks.check_features(part.path, name)
    except checks.WrongKind as problem:
        part.begin(Entity(entity.url))
        raise FetchError(entity.url, f"{name} as published", str(problem), LOOK) from problem
    except checks.Corrupt as problem:
        part.begin(Entity(entity.url))
        raise Again(f"{name} as published", str(problem), line=False) from problem
    if sha256 in denied:
        line.report(f"{name}: its ETag is not its MD5; accepted because two downloads agree")
    return sha256
