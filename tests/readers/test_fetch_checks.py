"""Names, links and checksums of downloads: pure rules, no server."""

import base64
import hashlib
import io
import zipfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from pipelines.fetching import checks


def test_months_between_counts_both_ends_over_new_year() -> None:
    assert checks.months_between("2024-11", "2025-02") == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert checks.months_between("2025-01", "2025-01") == ["2025-01"]


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ("2025-13", "2025-12", "2025-13"),
        ("2025-1", "2025-12", "2025-1"),
        ("2025-01", "", "''"),
        ("2025-01\n", "2025-02", "n'"),
        ("٢٠٢٥-01", "2025-02", "YYYY-MM"),
        ("2025-02", "2025-01", "2025-02 to 2025-01"),
    ],
)
def test_months_between_names_what_is_wrong(first: str, last: str, named: str) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        checks.months_between(first, last)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("here", "there", "allowed"),
    [
        ("https://data.police.uk/a", "https://elsewhere.example/b", True),
        ("http://127.0.0.1:81/a", "http://127.0.0.1:81/b", True),
        ("http://127.0.0.1:81/a", "http://127.0.0.1:82/b", False),
        ("http://a.example/a", "http://b.example/a", False),
        ("http://a.example/a", "https://b.example/a", True),
        ("https://a.example/a", "http://a.example/a", False),
        ("https://a.example/a", "file:///etc/passwd", False),
        ("https://a.example/a", "", False),
    ],
)
def test_redirects_lead_to_https_or_the_same_host_and_never_down(
    here: str, there: str, allowed: bool
) -> None:
    assert checks.may_go(here, there) is allowed


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://data.police.uk/data/archive/2025-01.zip", "2025-01.zip"),
        ("https://x.example/file?uri=/people/crime/tables%20june25.xlsx", "tables june25.xlsx"),
        ("https://x.example/MPS%20Ward%20Level.csv?token=1.2", "MPS Ward Level.csv"),
        ("https://x.example/a/..%2F..%2F.bashrc", "bashrc"),
        ("https://x.example/a/..%5C..%5Ca%00b%0a.csv", "a_b_.csv"),
        ("https://x.example/..", ""),
        ("https://x.example", ""),
    ],
)
def test_a_local_name_is_the_publishers_and_stays_in_its_folder(url: str, name: str) -> None:
    assert checks.local_name(url) == name


def test_links_are_resolved_unescaped_and_taken_once() -> None:
    page = """<base href="/media/"><a href="one.ods?a=1&amp;b=2">One</a>
        <a href='one.ods?a=1&amp;b=2#notes'>again</a>
        <A HREF=" ../two.ODS ">Two<a href="three.csv">no<a name="x"><a href="http://[broken.ods">bad</a>
        <!-- <a href="old.ods"> --><a href="//other.example/four.ods">Four"""
    assert checks.links_on_page(page, "https://x.example/list/page", r"(?i)\.ods(\?|$)") == [
        "https://x.example/media/one.ods?a=1&b=2",
        "https://x.example/two.ODS",
        "https://other.example/four.ods",
    ]


def test_retry_after_may_be_seconds_or_a_date() -> None:
    assert checks.asked_wait({"Retry-After": " 7 "}) == 7.0
    soon = datetime.now(UTC) + timedelta(hours=1)
    assert 3500 < (checks.asked_wait({"Retry-After": format_datetime(soon, usegmt=True)}) or 0) <= 3600
    assert checks.asked_wait({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}) == 0.0
    assert [
        checks.asked_wait(headers) for headers in ({}, {"Retry-After": "later"}, {"Retry-After": "-5"})
    ] == [None] * 3


def test_checksums_are_read_from_headers_only_where_they_are_checksums() -> None:
    digest = hashlib.md5(b"table")
    assert (
        checks.content_md5({"Content-MD5": base64.b64encode(digest.digest()).decode()}) == digest.hexdigest()
    )
    assert [checks.content_md5({"Content-MD5": text}) for text in ("", "%%", "YWJj")] == [None] * 3
    assert checks.etag_md5(f'"{digest.hexdigest().upper()}"') == digest.hexdigest()
    assert [checks.etag_md5(tag) for tag in (None, f'W/"{"a" * 32}"', f'"{"a" * 32}-3"', '"5f3-61a"')] == [
        None
    ] * 4


def zipped(path: Path, content: bytes = b"Crime ID,Month\n" * 100) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2025-01/street.csv", content)
    return path.read_bytes()


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx", "a.ODS"])
def test_every_byte_of_an_archives_content_is_covered_by_a_crc(tmp_path: Path, name: str) -> None:
    path = tmp_path / "part"
    good = zipped(path)
    checks.check_archive(path, name)
    data_at = good.index(b"street.csv") + len(b"street.csv") + 3
    for broken in (
        good[:data_at] + bytes([good[data_at] ^ 0xFF]) + good[data_at + 1 :],
        good[:-30],
        good[:40],
    ):
        path.write_bytes(broken)
        with pytest.raises(checks.Corrupt, match="damaged archive"):
            checks.check_archive(path, name)
    checks.check_archive(path, "a.csv")  # no archive was promised


def test_an_encrypted_archive_and_a_bomb_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "part"
    good = bytearray(zipped(path))
    good[6] |= 1
    good[good.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(good)
    with pytest.raises(checks.WrongKind, match="encrypted"):
        checks.check_archive(path, "a.zip")
    zipped(path, bytes(1_000_000))
    checks.check_archive(path, "a.zip")  # a thousandfold, but small
    monkeypatch.setattr(checks, "BOMB_BYTES", 999_999)
    with pytest.raises(checks.WrongKind, match="unpacks to 1,000,000 bytes"):
        checks.check_archive(path, "a.zip")


@pytest.mark.parametrize(
    ("name", "content", "content_type", "seen"),
    [
        (
            "a.csv",
            b"\xef\xbb\xbf \n<!DOCTYPE html><title>Down\n for repairs</title>",
            "text/csv",
            "'Down for repairs'",
        ),
        ("a.csv", b"<?xml version='1.0'?><Error>AccessDenied</Error>", "", "AccessDenied"),
        ("a.csv", b"Please log in", "Text/HTML; charset=utf-8", "Please log in"),
        ("a.zip", b"<html>", "application/zip", "web page"),
        ("a.ods", b"Month,Count\n", "text/csv", "not a zip archive"),
        ("a.csv", b"", "text/csv", "empty"),
    ],
)
def test_a_page_where_a_table_was_promised_is_refused(
    tmp_path: Path, name: str, content: bytes, content_type: str, seen: str
) -> None:
    path = tmp_path / "part"
    path.write_bytes(content)
    with pytest.raises(checks.WrongKind) as caught:
        checks.check_kind(path, name, content_type)
    assert seen in str(caught.value)


def test_a_table_is_taken_whatever_a_careless_server_calls_it(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    for name, content, said in [
        ("a.xlsx", b"PK\x03\x04", "text/html"),
        ("a.csv", b"Month\n", "application/json"),
        ("a.html", b"<html>", "text/html"),
        ("a.zip", buffer.getvalue(), ""),
    ]:
        (tmp_path / name).write_bytes(content)
        checks.check_kind(tmp_path / name, name, said)
