"""Checks of a download: its name, its address, and that it is whole.

No network here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

ARCHIVES = (".zip", ".xlsx", ".ods")
PAGES = (".html", ".htm", ".xml")
LONGEST_LINK = 300  # characters: a longer one is no address of a table
BOMB_RATIO, BOMB_BYTES = 100, 2 * 1024**3


class Corrupt(Exception):
    """Other bytes than the publisher meant to send; another download may help."""


class WrongKind(Exception):
    """Another kind of file than promised; asking again would bring the same."""


def months_between(first: str, last: str) -> list[str]:
    """Every month from `first` to `last`, both `YYYY-MM` and both included.

    Raises ValueError for anything else.
    """
    numbers = []
    for month in (first, last):
        if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", month, re.ASCII):
            raise ValueError(f"expected a month as YYYY-MM (2025-01); saw {month!r}")
        numbers.append(int(month[:4]) * 12 + int(month[5:]) - 1)
    if numbers[0] > numbers[1]:
        raise ValueError(f"expected the first month not after the last; saw {first} to {last}")
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(numbers[0], numbers[1] + 1)]


def may_go(here: str, there: str) -> bool:
    """May a redirect or link lead there?

    To https anywhere, over plain http to the same host, never from https to http.
    """
    a, b = urlsplit(here), urlsplit(there)
    return b.scheme == "https" or (a.scheme == b.scheme == "http" and a.netloc == b.netloc)


def resolved(here: str, target: str) -> str:
    """The absolute address of a link or redirect, without fragment; '' if none."""
    try:
        address = urldefrag(urljoin(here, target.strip())).url
        return address if urlsplit(address).hostname else ""
    except ValueError:
        return ""


def local_name(url: str) -> str:
    """The file's name: the end of the path, or of a query value if that has none.

    `/file?uri=/a/b.xlsx` gives `b.xlsx`. Never hidden, never outside its folder; empty if the url names nothing.
    """
    parts = urlsplit(url)
    texts = [unquote(parts.path), *(value for _, value in parse_qsl(parts.query))]
    ends = [text.rstrip("/").replace("\\", "/").rsplit("/", 1)[-1] for text in texts]
    named = next((end for end in ends if re.search(r".\.\w{1,8}$", end)), ends[0])
    return re.sub(r"[^\w .()&,+-]", "_", named)[-120:].lstrip(". ")


class _Links(HTMLParser):
    """Collects the links of a page, resolved against its address or its `<base>`."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.base = address
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if href and tag == "base":
            self.base = resolved(self.base, href) or self.base
        elif href and tag in {"a", "area"}:
            self.found.append(resolved(self.base, href))


def links_on_page(page: str, address: str, pattern: str) -> list[str]:
    """The absolute addresses on a page that match, each once, in page order."""
    parser = _Links(address)
    parser.feed(page)
    parser.close()
    return [link for link in dict.fromkeys(parser.found) if len(link) <= LONGEST_LINK and re.search(pattern, link)]


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that Retry-After asks for; None if it says nothing usable.

    The header holds seconds or a date.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # not a date; or one without a time zone
        return None


def content_md5(headers: Mapping[str, str]) -> str | None:
    """Content-MD5 (RFC 1864: base64 of 16 bytes) as hex."""
    try:
        digest = base64.b64decode(headers.get("Content-MD5", ""), validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest.hex() if len(digest) == 16 else None


def etag_md5(etag: str | None) -> str | None:
    """The MD5 that a strong ETag of 32 hex digits usually is (S3, single-part).

    It need not be one.
    """
    match = re.fullmatch(r'"([0-9a-fA-F]{32})"', etag or "")
    return match[1].lower() if match else None


def digests(path: Path) -> tuple[str, str]:
    """SHA-256 and MD5 of a file, in hex, in one reading."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            sha256.update(chunk)
            md5.update(chunk)
    return sha256.hexdigest(), md5.hexdigest()


def check_kind(path: Path, name: str, content_type: str) -> None:
    """Raise WrongKind for a page where a table was promised.

    The bytes decide first, the header second.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise WrongKind("an empty file")
    is_archive, is_page = name.lower().endswith(ARCHIVES), name.lower().endswith(PAGES)
    says_page = "html" in content_type.lower() and not is_archive
    if not is_page and (says_page or head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"):
        title = re.search(rb"<title[^<>]*>([^<]*)", head, re.IGNORECASE)
        shown = (title[1] if title else head[:60]).decode("utf-8", "replace")
        raise WrongKind(f"a web page ({' '.join(shown.split())!r})")
    if name.lower().endswith(".csv") and head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        raise WrongKind(f"JSON instead of a table ({head[:120].decode('utf-8', 'replace')!r})")
    if is_archive and not head.startswith(b"PK"):
        raise WrongKind(f"a file that is not a zip archive (it begins {head[:16]!r})")


def check_archive(path: Path, name: str) -> None:
    """Raise Corrupt unless every member of an archive has its stated CRC.

    Archives are .zip, .xlsx and .ods; other files pass.
    """
    if not name.lower().endswith(ARCHIVES):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > max(BOMB_BYTES, BOMB_RATIO * path.stat().st_size):
                raise WrongKind(f"an archive that unpacks to {unpacked:,} bytes")
            broken = archive.testzip()
    except RuntimeError as problem:  # encrypted; an unknown method (NotImplementedError) is one too
        raise WrongKind(f"an archive that cannot be read ({problem})") from problem
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, UnicodeError, OSError) as problem:
        raise Corrupt(f"a damaged archive ({problem})") from problem
    if broken is not None:
        raise Corrupt(f"a damaged archive (member {broken} fails its CRC)")


def check_features(path: Path, name: str) -> None:
    """Check GeoJSON of a map server, which answers 200 OK to everything.

    Raises Corrupt if it was cut or the server is in trouble: another attempt may help. Raises WrongKind if the request
    was refused, or if it is the first page of many.
    """
    if not name.lower().endswith(".geojson"):
        return
    text = path.read_text("utf-8-sig", errors="replace")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Corrupt(f"no complete GeoJSON ({problem})") from problem
    if re.search(r'"exceededTransferLimit"\s*:\s*true', text):
        raise WrongKind("a part of the rows (exceededTransferLimit)")
    if not isinstance(content, dict) or not content.get("features"):
        in_trouble = re.search(r'"error"\s*:\s*\{\s*"code"\s*:\s*(429|5\d\d)', text)
        raise (Corrupt if in_trouble else WrongKind)(f"no features ({text[:200]})")
