"""What `stra fetch` makes of a publisher that answers slowly, wrongly or not at all."""

import base64
import gzip
import hashlib
import itertools
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fetch_publisher import (
    MONTHLY,
    PATH,
    STANDS,
    TABLE,
    Visit,
    endless,
    hangs,
    says,
    status,
    visiting,
    whole,
    zipped,
)

from assets.readers.source import Download


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    with visiting(tmp_path / "data") as visit:
        yield visit


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx", "a.ods"])
def test_an_archive_that_fails_its_crc_is_thrown_away_and_fetched_from_the_start(
    visit: Visit, name: str
) -> None:
    good = zipped()
    bad = good.replace(b"2025-01,7", b"2025-01,9", 1)
    download = Download("", name, "ons")
    visit.publisher.will(f"/{name}", whole(bad, ETag='"v1"'))
    failure = visit.refused(download, attempts=3)
    assert "CRC" in failure.seen and "3 attempts" in failure.seen and not failure.stops
    visit.publisher.will(f"/{name}", whole(bad, ETag='"v1"'), whole(good, ETag='"v1"'))
    visit(download)
    assert visit.standing() == {f"ons/2026-01-31/{name}": good}
    assert set(visit.publisher.heard("range")) == {None}


def test_a_wrong_content_md5_is_corruption(visit: Visit) -> None:
    told = base64.b64encode(hashlib.md5(TABLE).digest()).decode()
    bad = TABLE.replace(b"7", b"9", 1)
    visit.publisher.will(PATH, whole(bad, Content_MD5=told))
    assert hashlib.md5(TABLE).hexdigest() in visit.refused().seen
    visit.publisher.will(PATH, whole(bad, Content_MD5=told), whole(TABLE, Content_MD5=told))
    visit()
    assert visit.standing() == {STANDS: TABLE}


def test_an_etag_that_reads_like_an_md5_is_believed_until_two_downloads_agree(visit: Visit) -> None:
    told = f'"{hashlib.md5(TABLE).hexdigest()}"'
    visit.publisher.will(PATH, whole(TABLE.replace(b"7", b"9", 1), ETag=told), whole(TABLE, ETag=told))
    visit()
    assert visit.standing() == {STANDS: TABLE}
    other = TABLE + b"2025-02,8\n"
    visit.publisher.will(PATH, whole(other, ETag=f'"{"0" * 32}"'))  # as S3 does for encrypted objects
    visit()
    assert visit.standing() == {STANDS: other}
    assert len(visit.publisher.asked) == 4
    assert "its ETag is not its MD5" in visit.reports[-2]


def test_retry_after_is_honoured_as_seconds_and_as_a_date_up_to_a_cap(visit: Visit) -> None:
    visit.publisher.will(
        PATH,
        status(429, Retry_After="7"),
        status(503, Retry_After="Wed, 01 Jan 2098 00:00:00 GMT"),
        status(429, Retry_After="86400"),
        whole(TABLE),
    )
    visit()
    assert visit.waits == [7.0, 120.0, 120.0]
    assert visit.standing() == {STANDS: TABLE}
    assert "429 Too Many Requests" in visit.reports[0]


def test_a_busy_server_is_asked_again_after_growing_jittered_waits(visit: Visit) -> None:
    visit.publisher.will(PATH, status(503), status(502), status(500), whole(TABLE))
    visit()
    for attempt, wait in enumerate(visit.waits, start=1):
        assert 2**attempt / 2 <= wait <= 2**attempt
    assert len(visit.waits) == 3
    assert visit.standing() == {STANDS: TABLE}


def test_a_server_that_stays_down_is_given_up_and_its_other_files_left_alone(visit: Visit) -> None:
    visit.publisher.will("/archive/2025-01.zip", status(503))
    failure = visit.refused(MONTHLY, "2025-01", "2025-02")
    assert failure.stops and failure.seen == "503 Service Unavailable, in 6 attempts"
    assert [path for path, _ in visit.publisher.asked] == ["/archive/2025-01.zip"] * 6
    assert len(visit.waits) == 5, "no wait after the last attempt"


def test_no_server_at_all_is_told_plainly(visit: Visit) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: nobody else answers here
        visit.publisher.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        failure = visit.refused(attempts=2)
    assert failure.stops and "Connection refused" in failure.seen
    visit.publisher.url = "ftp://publisher.invalid"
    assert "--base-url" in visit.refused().do


def test_a_silent_line_and_a_trickling_line_are_both_left_and_resumed(visit: Visit) -> None:
    told = {"ETag": '"v1"'}
    visit.publisher.will(PATH, hangs(TABLE, 1000, **told), whole(TABLE, **told))
    visit(timeout=(1, 0.2))
    slow_minute = itertools.chain([0.0, 61.0], itertools.repeat(61.0))
    visit.publisher.will(PATH, hangs(TABLE + b"x", 2000, ETag='"v2"'), whole(TABLE + b"x", ETag='"v2"'))
    visit(clock=lambda: next(slow_minute))
    assert visit.publisher.heard("range") == [None, "bytes=1000-", None, "bytes=2000-"]
    assert "timed out" in visit.reports[0] and "stalled line (2000 bytes" in visit.reports[2]
    assert visit.standing() == {STANDS: TABLE + b"x"}


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "text/csv", ""])
@pytest.mark.parametrize("name", ["count.csv", "count.zip", "count.xlsx"])
def test_a_web_page_with_status_200_is_refused_at_once(visit: Visit, name: str, content_type: str) -> None:
    page = b"\n<!DOCTYPE html><html><head><title>Scheduled maintenance</title></head></html>"
    visit.publisher.will(f"/{name}", whole(page, Content_Type=content_type, ETag='"v1"'))
    failure = visit.refused(Download("", name, "ons"))
    assert failure.seen == "a web page ('Scheduled maintenance')"
    assert len(visit.publisher.asked) == 1


def test_a_body_beyond_the_limit_is_not_taken_announced_or_not(visit: Visit) -> None:
    visit.publisher.will(PATH, endless(TABLE))
    assert visit.refused(max_bytes=100_000).expected == "at most 100,000 bytes"
    visit.publisher.will(PATH, hangs(bytes(100_001), 0))
    assert visit.refused(max_bytes=100_000).expected == "at most 100,000 bytes", "the body is not waited for"
    assert len(visit.publisher.asked) == 2


def test_where_a_cut_would_look_like_the_end_only_a_checksum_will_do(visit: Visit) -> None:
    visit.publisher.will(PATH, says(200, TABLE))
    assert "length" in visit.refused().expected
    visit.publisher.will("/a.zip", says(200, zipped()[:-40]), says(200, zipped()))
    visit(Download("", "a.zip", "ons"))
    told = base64.b64encode(hashlib.md5(TABLE).digest()).decode()
    visit.publisher.will(PATH, says(200, TABLE[:-40], Content_MD5=told), says(200, TABLE, Content_MD5=told))
    visit()
    assert visit.standing() == {"ons/2026-01-31/a.zip": zipped(), STANDS: TABLE}


def test_a_body_packed_unasked_is_unpacked_and_still_whole(visit: Visit) -> None:
    packed = gzip.compress(TABLE)
    told = {"Content_Encoding": "gzip", "ETag": f'"{hashlib.md5(packed).hexdigest()}"'}
    short = says(200, packed[:-9], Content_Length=str(len(packed)), **told)
    visit.publisher.will(PATH, short, says(200, packed, Content_Length=str(len(packed)), **told))
    visit()
    assert visit.standing() == {STANDS: TABLE}
    assert visit.publisher.heard("range") == [None, None]
