"""What `stra fetch` brings home, what it leaves alone, and where it may go. Faults: test_fetch_faults."""

import hashlib
import json
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from fetch_publisher import (
    COUNT,
    MONTHLY,
    PATH,
    STANDS,
    TABLE,
    Visit,
    endless,
    hangs,
    status,
    visiting,
    whole,
    zipped,
)

from assets.readers.source import Download
from pipelines.fetching import fetch as fetching
from pipelines.fetching.fetch import FetchError
from pipelines.fetching.store import alone_in


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    with visiting(tmp_path / "data") as visit:
        yield visit


def test_every_month_lands_whole_in_the_folder_of_the_day_with_a_record(visit: Visit) -> None:
    archives = {month: zipped(month.encode() * 50) for month in ("2024-12", "2025-01")}
    for month, archive in archives.items():
        visit.publisher.will(f"/archive/{month}.zip", whole(archive, ETag=f'"{month}"'))
    seen: list[tuple[str, int, int | None]] = []
    result = visit(MONTHLY, "2024-12", "2025-01", progress=lambda *step: seen.append(step))
    assert visit.standing() == {
        f"police-uk/2026-01-31/{month}.zip": archive for month, archive in archives.items()
    }
    assert result.folder == visit.data / "police-uk/2026-01-31"
    record = json.loads((result.folder / ".fetched.json").read_text())
    assert record == [vars(entry) for entry in result.downloaded]
    for entry, (month, archive) in zip(record, archives.items(), strict=True):
        assert entry.pop("fetched_at").endswith("+00:00")
        assert entry == {
            "url": f"{visit.publisher.url}/archive/{month}.zip",
            "file": f"{month}.zip",
            "bytes": len(archive),
            "sha256": hashlib.sha256(archive).hexdigest(),
            "etag": f'"{month}"',
            "last_modified": None,
        }
    assert seen[-1] == ("2025-01.zip", len(archives["2025-01"]), len(archives["2025-01"]))


def test_a_request_says_who_asks_and_nothing_about_the_person(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login officer password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    visit.publisher.will(PATH, whole(TABLE))
    visit()
    assert visit.publisher.asked == [
        (
            PATH,
            {
                "host": visit.publisher.url[7:],
                "user-agent": "stra",
                "accept-encoding": "identity",
                "accept": "*/*",
                "connection": "keep-alive",
            },
        )
    ]


def test_months_are_needed_where_the_publisher_offers_months(visit: Visit) -> None:
    assert visit.refused(MONTHLY).do == "Give --from and --to."
    visit.publisher.will(PATH, whole(TABLE))
    visit(COUNT, "2025-01")
    assert "published as a whole" in visit.reports[0]


def test_files_that_the_publisher_tells_apart_by_folder_keep_their_month(visit: Visit) -> None:
    for month in ("2025-01", "2025-02"):
        visit.publisher.will(f"/{month}/street.csv", whole(month.encode()))
    visit(Download("", "{month}/street.csv", "police-uk"), "2025-01", "2025-02")
    assert visit.standing() == {
        f"police-uk/2026-01-31/{month}-street.csv": month.encode() for month in ("2025-01", "2025-02")
    }


@pytest.mark.parametrize(
    "told", [{"ETag": '"v1"'}, {"ETag": 'W/"v1"'}, {"Last_Modified": "Mon, 05 Jan 2026 10:00:00 GMT"}]
)
def test_a_file_already_held_is_not_sent_again(visit: Visit, told: dict[str, str]) -> None:
    visit.publisher.will(PATH, whole(TABLE, **told), whole(b"not to be sent", **told))
    first = visit()
    second = visit(day=30), visit()
    assert [result.unchanged for result in second] == [first.downloaded] * 2
    assert visit.standing() == {STANDS: TABLE}
    assert not (visit.data / "home-office/2026-01-30").exists()
    assert visit.reports[-1] == "count.csv: unchanged"


def test_without_if_none_match_the_same_tag_or_the_same_bytes_mean_unchanged(visit: Visit) -> None:
    visit.publisher.will(PATH, whole(TABLE, ETag='"v1"'), hangs(TABLE, 5, ETag='"v1"'), whole(TABLE))
    first = visit(day=30)
    assert visit(timeout=(1, 0.1)).unchanged == first.downloaded
    assert len(visit.publisher.asked) == 2, "the body is not waited for"
    assert visit().unchanged == first.downloaded
    assert list(visit.standing()) == ["home-office/2026-01-30/count.csv"]
    assert list(visit.data.rglob("*.part*")) == []


def test_a_changed_file_stands_beside_the_earlier_days_and_going_back_counts_as_change(visit: Visit) -> None:
    for day, content in ((29, b"a\n"), (30, b"b\n"), (31, b"a\n")):
        visit.publisher.will(PATH, whole(content, ETag=f'"{content!r}"'))
        assert len(visit(day=day).downloaded) == 1
    assert [content for _, content in sorted(visit.standing().items())] == [b"a\n", b"b\n", b"a\n"]


@pytest.mark.parametrize("harm", ["changed", "deleted", "record damaged"])
def test_a_copy_that_is_no_longer_as_fetched_is_fetched_anew(visit: Visit, harm: str) -> None:
    visit.publisher.will(PATH, whole(TABLE, ETag='"v1"'))
    folder = visit().folder
    if harm == "deleted":
        (folder / "count.csv").unlink()
    else:
        (folder / {"changed": "count.csv", "record damaged": ".fetched.json"}[harm]).write_text("[{")
    assert len(visit().downloaded) == 1
    assert visit.standing() == {STANDS: TABLE}


def test_a_missing_month_does_not_keep_the_others_away(visit: Visit) -> None:
    visit.publisher.will("/archive/2025-02.zip", whole(zipped()))
    with pytest.raises(FetchError) as caught:
        visit(MONTHLY, "2025-01", "2025-02", "2025-03")
    assert list(visit.standing()) == ["police-uk/2026-01-31/2025-02.zip"]
    first, lines = caught.value, str(caught.value).splitlines()
    assert first.seen == "404 Not Found" and "not yet published" in first.do
    assert [failure.url[-11:] for failure in first.also] == ["2025-03.zip"]
    assert ["2025-01.zip" in lines[0], "2025-03.zip" in lines[1]] == [True, True]
    assert len(visit.publisher.asked) == 3, "404 is an answer, not a passing trouble"


def test_redirects_are_followed_within_the_host_a_few_times_and_not_astray(visit: Visit) -> None:
    visit.publisher.will(PATH, status(302, Location="/moved/count"))
    visit.publisher.will("/moved/count", whole(TABLE, ETag='"v1"'))
    assert visit().downloaded[0].url == visit.publisher.url + PATH
    assert visit.standing() == {STANDS: TABLE}, "under the name that was asked for"
    (visit.data / STANDS).unlink()
    visit.publisher.will(PATH, status(301, Location=PATH))
    assert "5 redirects" in visit.refused().expected
    assert len(visit.publisher.asked) == 2 + 6
    for target in ("http://127.0.0.1:9/count.csv", "file:///etc/passwd", "http://[astray"):
        visit.publisher.will(PATH, status(307, Location=target))
        assert target in visit.refused().seen
    visit.publisher.will(PATH, endless(TABLE, 302, Location="/moved/count"))
    visit()
    assert visit.standing() == {STANDS: TABLE}, "the body of a redirect is not read"


LISTING = Download("", "collections/tables", "home-office", r"/media/[^/]+/prc-pfa-[^/]*\.(ods|xlsx)$")


def test_a_listing_page_is_read_and_every_matching_link_taken(visit: Visit) -> None:
    page = b"""<html><title>Tables</title><a href="/media/1/prc-pfa-2024.ods">2024</a>
        <a href="../media/2/prc-pfa-2025.xlsx#top">2025<a href="/media/1/prc-pfa-2024.ods">2024 again</a>
        <a href="/media/3/prc-csp-2025.ods">another table</a></html>"""
    visit.publisher.will("/collections/tables", status(503), whole(page, Content_Type="text/html"))
    visit.publisher.will("/media/1/prc-pfa-2024.ods", whole(zipped(b"2024")))
    visit.publisher.will("/media/2/prc-pfa-2025.xlsx", whole(zipped(b"2025")))
    visit(LISTING)
    assert visit.standing() == {
        "home-office/2026-01-31/prc-pfa-2024.ods": zipped(b"2024"),
        "home-office/2026-01-31/prc-pfa-2025.xlsx": zipped(b"2025"),
    }
    assert len(visit.publisher.asked) == 4


@pytest.mark.parametrize(
    ("page", "expected", "seen"),
    [
        ('<a href="/media/x.pdf">', "links that match", "none"),
        (
            '<a href="http://elsewhere.invalid/media/1/prc-pfa-1.ods">',
            "https or to the same host",
            "elsewhere",
        ),
        (
            '<a href="/media/1/prc-pfa-1.ods"><a href="/media/2/prc-pfa-1.ods">',
            "file name of its own",
            "/media/1/",
        ),
    ],
    ids=["rebuilt", "astray", "twice"],
)
def test_a_listing_page_that_cannot_be_followed_is_told(
    visit: Visit, page: str, expected: str, seen: str
) -> None:
    visit.publisher.will("/collections/tables", whole(page.encode(), Content_Type="text/html"))
    failure = visit.refused(LISTING)
    assert expected in failure.expected and seen in failure.seen
    assert len(visit.publisher.asked) == 1


def test_one_fetch_at_a_time_and_only_where_there_is_room(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.publisher.will(PATH, whole(TABLE))
    with alone_in(visit.data / "home-office"):
        assert "one fetch at a time" in visit.refused().expected
    assert visit.publisher.asked == []
    with monkeypatch.context() as small:
        small.setattr(fetching.shutil, "disk_usage", lambda folder: namedtuple("Usage", "free")(10))
        assert "11,000 bytes of room" in visit.refused().expected
    (visit.data / "police-uk").write_text("a file where a folder should be")
    with pytest.raises(FetchError, match=r"to write into .*police-uk"):
        visit(MONTHLY, "2025-01")
    visit()
    assert visit.standing()[STANDS] == TABLE, "what hindered it is gone"
