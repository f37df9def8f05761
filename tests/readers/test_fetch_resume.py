"""A download that breaks off goes on where it stopped, and no half file ever stands in a dated folder."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fetch_publisher import Publisher, cut, hangs, says, whole
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.readers.source import Download
from pipelines.fetching import fetch as fetching
from pipelines.fetching import store
from pipelines.fetching.fetch import FetchError, FetchResult, fetch

BODY = b"".join(b"%07d,Stalking and harassment\n" % line for line in range(4000))
LENGTH = len(BODY)
OTHER = BODY.replace(b"Stalking", b"STALKING")
DOWNLOAD = Download("https://publisher.invalid", "tables/count.csv", "home-office")
PATH = "/tables/count.csv"
TODAY, TOMORROW = date(2026, 1, 31), date(2026, 2, 1)


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Publisher()
    yield server
    server.stop()


def go(publisher: Publisher, data: Path, today: date = TODAY, **more: object) -> FetchResult:
    return fetch(DOWNLOAD, data, [], publisher.url, today, lambda line: None, sleep=lambda wait: None, **more)  # type: ignore[arg-type]


def standing(data: Path) -> dict[str, bytes]:
    """Every file that a build would see."""
    files = [path for path in data.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {str(path.relative_to(data)): path.read_bytes() for path in files}


def note(data: Path) -> Path:
    return data / "home-office/.count.csv.part.json"


def test_a_cut_body_is_resumed_from_the_next_byte_of_the_same_entity(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.will(
        PATH, cut(BODY, 70_000, ETag='"v1"'), cut(BODY, 90_000, ETag='"v1"'), whole(BODY, ETag='"v1"')
    )
    seen: list[tuple[int, dict[str, bytes]]] = []
    go(publisher, tmp_path, progress=lambda name, done, total: seen.append((done, standing(tmp_path))))
    assert standing(tmp_path) == {"home-office/2026-01-31/count.csv": BODY}
    assert publisher.heard("range") == [None, "bytes=70000-", "bytes=90000-"]
    assert publisher.heard("if-range") == [None, '"v1"', '"v1"']
    assert seen[-1][0] == LENGTH
    assert not any(files for _, files in seen), "nothing stands before the file is whole"
    assert sorted(path.name for path in (tmp_path / "home-office").iterdir()) == [".fetch.lock", "2026-01-31"]


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, LENGTH - 1), max_size=5), ranges=st.booleans())
def test_wherever_the_line_breaks_the_file_is_the_publishers(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], ranges: bool
) -> None:
    data = tmp_path_factory.mktemp("data")
    server = Publisher()
    try:
        told = {"Last_Modified": "Mon, 05 Jan 2026 10:00:00 GMT"}
        server.will(PATH, *(cut(BODY, at, **told) for at in cuts), whole(BODY, ranges, **told))
        go(server, data)
    finally:
        server.stop()
    assert standing(data) == {"home-office/2026-01-31/count.csv": BODY}


def test_when_the_publisher_replaced_the_file_nothing_of_the_old_one_remains(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.will(PATH, cut(BODY, 70_000, ETag='"v1"'), whole(OTHER, ETag='"v2"'))
    result = go(publisher, tmp_path)
    assert standing(tmp_path) == {"home-office/2026-01-31/count.csv": OTHER}
    assert result.downloaded[0].etag == '"v2"'


SPAN = f"bytes 70000-{LENGTH - 1}/{LENGTH}"


@pytest.mark.parametrize(
    "told",
    [
        {"Content_Range": SPAN, "ETag": '"v2"'},
        {"Content_Range": SPAN, "ETag": '"v1"', "Last_Modified": "Tue, 06 Jan 2026 10:00:00 GMT"},
        {"Content_Range": SPAN.replace("70000", "60000"), "ETag": '"v1"'},
        {"Content_Range": f"bytes 70000-{LENGTH}/{LENGTH + 1}", "ETag": '"v1"'},
        {"Content_Type": "multipart/byteranges; boundary=x"},
    ],
    ids=["other tag", "other date", "other place", "other length", "several ranges"],
)
def test_a_continuation_of_something_else_is_not_appended(
    publisher: Publisher, tmp_path: Path, told: dict[str, str]
) -> None:
    rest = OTHER[70_000:]
    day = "Mon, 05 Jan 2026 10:00:00 GMT"
    publisher.will(
        PATH,
        cut(BODY, 70_000, ETag='"v1"', Last_Modified=day),
        says(206, rest, Content_Length=str(len(rest)), **told),
        whole(OTHER, ETag='"v2"'),
    )
    go(publisher, tmp_path)
    assert standing(tmp_path) == {"home-office/2026-01-31/count.csv": OTHER}
    assert publisher.heard("range") == [None, "bytes=70000-", None]


def test_a_server_may_send_the_rest_in_portions(publisher: Publisher, tmp_path: Path) -> None:
    portion = says(
        206, BODY[70_000:70_500], Content_Length="500", Content_Range=f"bytes 70000-70499/{LENGTH}"
    )
    publisher.will(PATH, cut(BODY, 70_000, ETag='"v1"'), portion, whole(BODY, ETag='"v1"'))
    go(publisher, tmp_path)
    assert standing(tmp_path) == {"home-office/2026-01-31/count.csv": BODY}
    assert publisher.heard("range") == [None, "bytes=70000-", "bytes=70500-"]


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ({}, None),
        ({"ETag": 'W/"v1"'}, None),
        (
            {"ETag": 'W/"v1"', "Last_Modified": "Mon, 05 Jan 2026 10:00:00 GMT"},
            "Mon, 05 Jan 2026 10:00:00 GMT",
        ),
    ],
)
def test_only_a_strong_tag_or_a_date_may_vouch_for_the_bytes_held(
    publisher: Publisher, tmp_path: Path, told: dict[str, str], sent: str | None
) -> None:
    publisher.will(PATH, cut(BODY, 70_000, **told), whole(BODY, **told))
    go(publisher, tmp_path)
    assert standing(tmp_path) == {"home-office/2026-01-31/count.csv": BODY}
    assert publisher.heard("if-range") == [None, sent]
    assert publisher.heard("range") == [None, "bytes=70000-" if sent else None]


def test_a_fetch_given_up_today_goes_on_tomorrow(publisher: Publisher, tmp_path: Path) -> None:
    publisher.will(PATH, cut(BODY, 70_000, ETag='"v1"'))
    with pytest.raises(FetchError, match="the part received is kept") as caught:
        go(publisher, tmp_path, attempts=2)
    assert caught.value.stops
    assert standing(tmp_path) == {}
    publisher.will(PATH, whole(BODY, ETag='"v1"'))
    go(publisher, tmp_path, TOMORROW)
    assert standing(tmp_path) == {"home-office/2026-02-01/count.csv": BODY}
    assert publisher.heard("range")[-1] == "bytes=70000-"


@pytest.mark.parametrize("damage", ["{", "[]", '{"url": 1}', '{"odd": 1}'])
def test_a_part_whose_note_is_damaged_is_not_trusted(
    publisher: Publisher, tmp_path: Path, damage: str
) -> None:
    publisher.will(PATH, cut(BODY, 70_000, ETag='"v1"'))
    with pytest.raises(FetchError):
        go(publisher, tmp_path, attempts=1)
    note(tmp_path).write_text(damage)
    publisher.will(PATH, whole(BODY, ETag='"v1"'))
    go(publisher, tmp_path)
    assert standing(tmp_path) == {"home-office/2026-01-31/count.csv": BODY}
    assert publisher.heard("range") == [None, None]


def test_bytes_that_may_not_have_reached_the_disk_do_not_count(publisher: Publisher, tmp_path: Path) -> None:
    """After a power cut a file may be as long as it was but hold zeros at its end."""
    publisher.will(PATH, cut(BODY, 70_000, ETag='"v1"'))
    with pytest.raises(FetchError):
        go(publisher, tmp_path, attempts=1)
    told = json.loads(note(tmp_path).read_text())
    assert told["url"] == publisher.url + PATH and told["etag"] == '"v1"' and told["bytes"] == 70_000
    with (tmp_path / "home-office/.count.csv.part").open("ab") as part:
        part.write(bytes(5000))
    publisher.will(PATH, whole(BODY, ETag='"v1"'))
    go(publisher, tmp_path)
    assert standing(tmp_path) == {"home-office/2026-01-31/count.csv": BODY}


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from assets.readers.source import Download
from pipelines.fetching import store
from pipelines.fetching.fetch import fetch
url, data, moment = sys.argv[1:]
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
replace, store.CHECKPOINT_BYTES = os.replace, 16 * 1024
def replace_and_die(source, target):
    if moment == "before promotion" and target.name == "count.csv": die()
    if moment == "before the record" and target.name == ".fetched.json": die()
    replace(source, target)
    if moment == "after the record" and target.name == ".fetched.json": die()
os.replace = replace_and_die
fetch(Download(url, "tables/count.csv", "home-office"), Path(data), [], None, date(2026, 1, 31), print)
"""


def start(publisher: Publisher, data: Path, moment: str) -> subprocess.Popen[bytes]:
    repo = Path(fetching.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(repo)}
    return subprocess.Popen([sys.executable, "-c", KILLED, publisher.url, str(data), moment], env=environment)


def test_killed_in_the_middle_of_a_body_the_next_fetch_resumes(publisher: Publisher, tmp_path: Path) -> None:
    publisher.will(PATH, hangs(BODY, 70_000, ETag='"v1"'))
    process = start(publisher, tmp_path, "while receiving")
    while not note(tmp_path).exists():
        assert process.poll() is None, "it should still be receiving"
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert standing(tmp_path) == {}
    kept = json.loads(note(tmp_path).read_text())["bytes"]
    assert 16 * 1024 <= kept <= 70_000
    publisher.will(PATH, whole(BODY, ETag='"v1"'))
    go(publisher, tmp_path)
    assert standing(tmp_path) == {"home-office/2026-01-31/count.csv": BODY}
    assert publisher.heard("range") == [None, f"bytes={kept}-"]


@pytest.mark.parametrize(
    ("moment", "asked_next"),
    [
        ("before promotion", {"range": f"bytes={LENGTH}-", "if-range": '"v1"'}),
        ("before the record", {"range": None, "if-none-match": None}),
        ("after the record", {"range": None, "if-none-match": '"v1"'}),
    ],
)
def test_killed_at_any_step_of_promotion_the_file_is_whole_or_absent(
    publisher: Publisher, tmp_path: Path, moment: str, asked_next: dict[str, str | None]
) -> None:
    publisher.will(PATH, whole(BODY, ETag='"v1"'))
    assert start(publisher, tmp_path, moment).wait() == -signal.SIGKILL
    assert standing(tmp_path) == (
        {} if moment == "before promotion" else {"home-office/2026-01-31/count.csv": BODY}
    )
    go(publisher, tmp_path)
    assert standing(tmp_path) == {"home-office/2026-01-31/count.csv": BODY}
    assert {header: publisher.heard(header)[1] for header in asked_next} == asked_next
    assert len(publisher.asked) == 2
    assert not (tmp_path / "home-office/.count.csv.part").exists()


def test_a_full_disk_is_told_and_costs_nothing_that_was_written(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "CHECKPOINT_BYTES", 1)
    publisher.will(PATH, whole(BODY, ETag='"v1"'))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (80_000, before[1]))  # the system refuses to write more
    try:
        with pytest.raises(FetchError, match=r"File too large.*Make room"):
            go(publisher, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert standing(tmp_path) == {}
    assert len(publisher.asked) == 1, "a full disk is no reason to ask again"
    go(publisher, tmp_path)
    assert publisher.heard("range")[1] is not None, "it goes on where the disk was full"
    assert standing(tmp_path) == {"home-office/2026-01-31/count.csv": BODY}
