"""Taking in: every file is accounted for, nothing is lost, and what went wrong is said with place and remedy."""

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from delivered import zipped
from next_build import take_in

from assets.raw import sources
from pipelines.builds.session import Session, open_session
from pipelines.delivery import intake, ledger
from pipelines.fetching.folder import DataFolderMissing, read_folder

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)


def street(*rows: str, month: str = "2025-01", force: str = "Kent Police") -> str:
    """A street file: one burglary for each id."""
    return HEADER + "".join(
        f"{int(i):064x},{month},{force},{force},0.5,51.2,On or near High Street,E01000001,Kent 001A,Burglary,,\n"
        for i in rows
    )


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    data = tmp_path / "data"
    data.mkdir()
    return data, tmp_path / "home"


@pytest.fixture
def session(folders: tuple[Path, Path]) -> Iterator[Session]:
    data, home = folders
    with open_session(home, read_folder(data)) as opened:
        yield opened


def put(session: Session, name: str, content: str | bytes) -> Path:
    path = session.folder.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def deliveries(session: Session) -> dict[str, dict[str, Any]]:
    """file name -> what came of it."""
    take_in(session)
    found = session.con.execute("select * from raw.deliveries")
    names = [d[0] for d in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert all(r["rows_read"] == r["rows_loaded"] + r["rows_quarantined"] for r in rows)
    return {r["file_name"]: r for r in rows}


def left_out(session: Session) -> dict[str, bool]:
    """What stays out -> whether the whole of it does."""
    take_in(session)
    names = read_folder(session.folder.path).names
    return {one.name: one.is_whole for one in ledger.left_out(session.con, session.home, names)}


def raw_rows(session: Session) -> int:
    row = session.con.execute("select count(*) from raw.police_uk_street").fetchone()
    assert row is not None
    return int(row[0])


def counting(session: Session) -> list[str]:
    """Files whose periods count."""
    for card in session.stale_tables():
        if card.table == "core.current_periods":
            session.build(card)
    return sorted(
        name
        for (name,) in session.con.execute(
            "select distinct file_name from core.current_periods join raw.deliveries using (delivery_ref)"
        ).fetchall()
    )


def test_a_file_is_taken_in_once_however_often_it_is_built(session: Session) -> None:
    put(session, "2025-01-kent-street.csv", street("1", "2"))
    assert deliveries(session)["2025-01-kent-street.csv"]["rows_loaded"] == 2
    assert take_in(session) == 0, "a file that has not changed is not looked at again"
    assert raw_rows(session) == 2


def test_the_same_content_under_two_names_counts_once(session: Session) -> None:
    put(session, "a/2025-01-kent-street.csv", street("1", "2"))
    put(session, "b/2025-01-kent-street.csv", street("1", "2"))
    found = deliveries(session)
    assert sorted(d["status"] for d in found.values()) == ["loaded", "unchanged"]
    [copy] = [d for d in found.values() if d["status"] == "unchanged"]
    assert "the same content was loaded as a/2025-01-kent-street.csv" in copy["reason"]
    assert raw_rows(session) == 2


def test_a_copy_outside_the_dated_folder_makes_the_delivery_current(session: Session) -> None:
    put(session, "2026-02-25/2025-01-kent-street.csv", street("1"))
    deliveries(session)
    put(session, "now/2025-01-kent-street.csv", street("1"))
    found = deliveries(session)
    assert found["2026-02-25/2025-01-kent-street.csv"]["snapshot_date"] is None


def test_a_snapshot_gives_way_to_the_current_file_and_stays_in_raw(session: Session) -> None:
    put(session, "2026-02-25/2025-01-kent-street.csv", street("1"))
    put(session, "2025-01-kent-street.csv", street("1", "2"))
    found = deliveries(session)
    old = found["2026-02-25/2025-01-kent-street.csv"]
    assert (old["status"], old["rows_loaded"]) == ("superseded", 1)
    assert "another delivery" in old["reason"]
    assert raw_rows(session) == 3 and counting(session) == ["2025-01-kent-street.csv"]


def test_a_re_delivery_counts_although_the_clock_was_set_back(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) - timedelta(hours=1)

    put(session, "two/2025-01-kent-street.csv", street("1", "2", "3"))
    deliveries(session)
    monkeypatch.setattr(ledger, "datetime", Earlier)
    put(session, "one/2025-01-kent-street.csv", street("1", "2"))
    found = deliveries(session)
    assert found["one/2025-01-kent-street.csv"]["received_at"] > found["two/2025-01-kent-street.csv"]["received_at"]
    assert counting(session) == ["one/2025-01-kent-street.csv"]


def test_a_broken_file_is_refused_whole_kept_and_the_rest_goes_on(session: Session) -> None:
    put(session, "2025-01-kent-street.csv", "<!doctype html><html><body>503</body></html>")
    put(session, "2025-02-kent-street.csv", street("1", month="2025-02"))
    found = deliveries(session)
    bad = found["2025-01-kent-street.csv"]
    assert (bad["status"], bad["rows_read"]) == ("refused", 0)
    assert "2025-01-kent-street.csv" in bad["reason"] and "HTML page" in bad["reason"]
    assert "download the file again" in bad["reason"]
    kept = session.home / "quarantine" / bad["delivery_ref"]
    assert (kept / "2025-01-kent-street.csv").read_text().startswith("<!doctype")
    assert bad["reason"] in (kept / "reason.txt").read_text()
    assert found["2025-02-kent-street.csv"]["status"] == "loaded"


def test_a_file_on_which_its_reader_fails_is_refused_and_the_rest_is_loaded(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault nobody foresaw names the file and the line; the text of the fault may quote a record and is not kept."""

    def fail(parquet: Path, *rest: object) -> list[tuple[str, int]]:
        raise LookupError("Maria Invented, 1 High Street")

    put(session, "2025-01/2025-01-kent-street.csv", street("1", "2"))
    put(session, "2025-02/2025-02-kent-street.csv", street("3", month="2025-02"))
    sound = intake._periods
    calls = iter([fail, sound])
    monkeypatch.setattr(intake, "_periods", lambda *given: next(calls)(*given))
    found = deliveries(session)
    assert sorted(row["status"] for row in found.values()) == ["loaded", "refused"]
    (reason,) = [row["reason"] for row in found.values() if row["status"] == "refused"]
    assert "content on which its reader failed (LookupError, test_intake.py line" in reason
    assert "Invented" not in reason
    assert raw_rows(session) in (1, 2)


def test_a_full_disk_refuses_no_file(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is refused is not read again until it changes: what the disk lacks would lose it."""

    def fail(*given: object) -> list[tuple[str, int]]:
        raise OSError(28, "No space left on device")

    put(session, "2025-01/2025-01-kent-street.csv", street("1"))
    monkeypatch.setattr(intake, "_periods", fail)
    with pytest.raises(OSError, match="No space left"):
        take_in(session)


def test_a_mended_file_replaces_what_was_said_of_the_broken_one(session: Session) -> None:
    put(session, "2025-01-kent-street.csv", "<html>")
    assert deliveries(session)["2025-01-kent-street.csv"]["status"] == "refused"
    put(session, "2025-01-kent-street.csv", street("1"))
    found = deliveries(session)
    assert len(found) == 1 and found["2025-01-kent-street.csv"]["status"] == "loaded"


def test_unknown_files_are_named_and_left_alone(session: Session) -> None:
    note = put(session, "notes/read me.txt", "remember the milk")
    deliveries(session)
    assert session.con.execute("select file_name from raw.unrecognised_files").fetchall() == [("notes/read me.txt",)]
    note.unlink()
    take_in(session)
    assert session.con.execute("select count(*) from raw.unrecognised_files").fetchone() == (0,)


def test_files_of_a_source_that_the_product_no_longer_has_stay_and_count_for_nothing(session: Session) -> None:
    put(session, "2025-01-kent-street.csv", street("1"))
    deliveries(session)
    others = {table: source for table, source in sources().items() if table != "police_uk_street"}
    ledger.settle(session.con, session.home, others)
    assert session.con.execute("select status, reason, rows_loaded from raw.deliveries").fetchall() == [
        ("superseded", "no table reads such a file any more", 1)
    ]
    assert counting(session) == []


def test_a_folder_named_truth_and_hidden_files_are_never_read(session: Session) -> None:
    put(session, "truth/2025-01-kent-street.csv", street("1"))
    put(session, ".partial/2025-01-kent-street.csv", street("1"))
    assert deliveries(session) == {}


def test_members_of_an_archive_are_deliveries_of_their_own(session: Session, tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("2025-01/2025-01-kent-street.csv", street("1"))
        package.writestr("2025-02/2025-02-kent-street.csv", "<html>")
    put(session, "2025-02.zip", archive.read_bytes())
    found = deliveries(session)
    assert found["2025-02.zip!2025-01/2025-01-kent-street.csv"]["status"] == "loaded"
    assert found["2025-02.zip!2025-02/2025-02-kent-street.csv"]["status"] == "refused"


def test_a_delivery_taken_in_stays_when_its_file_leaves_the_folder(session: Session) -> None:
    put(session, "2025-01-kent-street.csv", street("1"))
    deliveries(session)
    shutil.rmtree(session.folder.path)
    session.folder.path.mkdir()
    assert deliveries(session)["2025-01-kent-street.csv"]["status"] == "loaded"
    assert raw_rows(session) == 1


def test_a_home_that_was_moved_has_its_rows_and_nothing_is_stale_for_it(folders: tuple[Path, Path]) -> None:
    data, home = folders
    with open_session(home, read_folder(data)) as opened:
        put(opened, "2025-01-kent-street.csv", street("1"))
    states = []
    for place in (home, home.with_name("elsewhere")):
        if place != home:
            home.rename(place)
        with open_session(place, read_folder(data)) as opened:
            take_in(opened)
            assert raw_rows(opened) == 1
            states.append(opened.con.execute("select table_name, fingerprint from build.table_states").fetchall())
    assert states[0] == states[1]


def test_files_are_read_again_when_the_code_that_reads_them_changes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(session, "2025-01-kent-street.csv", street("1"))
    first = deliveries(session)["2025-01-kent-street.csv"]
    monkeypatch.setattr(intake, "reader_version", lambda table: "another version")
    again = deliveries(session)["2025-01-kent-street.csv"]
    assert again["reader_version"] == "another version" and again["received_at"] == first["received_at"]
    assert raw_rows(session) == 1


def test_a_file_still_being_written_is_looked_at_again_next_time(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(session, "2025-01-kent-street.csv", street("1"))
    check = intake.files.check_unchanged

    def growing(file: Any) -> None:
        with file.path.open("a") as handle:
            handle.write("x")
        check(file)

    monkeypatch.setattr(intake.files, "check_unchanged", growing)
    assert "still being written" in deliveries(session)["2025-01-kent-street.csv"]["reason"]
    monkeypatch.undo()
    put(session, "2025-01-kent-street.csv", street("1"))
    assert deliveries(session)["2025-01-kent-street.csv"]["status"] == "loaded"


def test_a_missing_data_folder_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(DataFolderMissing, match="Give the folder with --data"):
        read_folder(tmp_path / "nowhere")


def test_one_file_with_several_forces_and_months_is_replaced_period_by_period(session: Session) -> None:
    mixed = street("1") + "".join(street("2", month="2025-02", force="Essex Police").splitlines(keepends=True)[1:])
    put(session, "all together.csv", mixed)
    deliveries(session)
    put(session, "2025-02-essex-street.csv", street("3", "4", month="2025-02", force="Essex Police"))
    found = deliveries(session)
    assert {d["status"] for d in found.values()} == {"loaded"}
    for card in session.stale_tables():
        if card.schema in ("reference", "core"):
            session.build(card)
    counts = "select reported_by, count(*) from core.recorded_crimes group by 1 order by 1"
    assert session.con.execute(counts).fetchall() == [("Essex Police", 2), ("Kent Police", 1)]


class TestWhatAnAcceptanceTestFound:
    """Each of these once gave a wrong figure or lost a word."""

    def test_a_stray_row_of_another_force_does_not_replace_that_force_s_month(self, session: Session) -> None:
        put(session, "k/2025-01-kent-street.csv", street("1", "2", "3"))
        stray = street("9").splitlines(keepends=True)[1]
        put(session, "z/2025-01-surrey-street.csv", street("4", "5", force="Surrey Police") + stray)
        found = deliveries(session)
        assert found["k/2025-01-kent-street.csv"]["status"] == "loaded"
        surrey = found["z/2025-01-surrey-street.csv"]
        assert (surrey["rows_loaded"], surrey["rows_quarantined"]) == (2, 1)
        [(column, value, reason)] = session.con.execute(
            "select column_name, value, reason from raw.quarantined_rows"
        ).fetchall()
        assert (column, value) == ("reported_by", "Kent Police") and "the force surrey as in the name" in reason

    def test_a_stray_first_row_does_not_turn_the_file_over(self, session: Session) -> None:
        rows = street("9") + "".join(street("4", "5", force="Surrey Police").splitlines(keepends=True)[1:])
        put(session, "2025-01-surrey-street.csv", rows)
        assert deliveries(session)["2025-01-surrey-street.csv"]["rows_loaded"] == 2

    def test_a_file_named_for_another_force_is_refused(self, session: Session) -> None:
        put(session, "2025-01-surrey-street.csv", street("1", "2"))
        bad = deliveries(session)["2025-01-surrey-street.csv"]
        assert bad["status"] == "refused" and "wrong force in the name: the rows are of Kent Police" in bad["reason"]

    @pytest.mark.parametrize(
        ("slug", "force"),
        [
            ("btp", "British Transport Police"),
            ("devon-and-cornwall", "Devon & Cornwall Police"),
            ("northern-ireland", "Police Service of Northern Ireland"),
            ("metropolitan", "Metropolitan Police Service"),
            ("dyfed-powys", "Dyfed-Powys Police"),
            ("hampshire", "Hampshire and Isle of Wight Constabulary"),
        ],
    )
    def test_forces_whose_name_differs_from_the_file_s_are_still_theirs(
        self, session: Session, slug: str, force: str
    ) -> None:
        put(session, f"2025-01-{slug}-street.csv", street("1", "2", force=force))
        assert deliveries(session)[f"2025-01-{slug}-street.csv"]["rows_loaded"] == 2

    def test_content_taken_back_to_what_it_was_counts_again(self, session: Session) -> None:
        name = "2025-01-kent-street.csv"
        for rows in (("1", "2"), ("1", "2", "3"), ("1", "2")):
            put(session, name, street(*rows))
            take_in(session)
        counts = session.con.execute(
            "select rows_loaded from core.current_periods join raw.deliveries using (delivery_ref)"
        ).fetchall()
        assert counts == [(2,)]

    def test_what_is_no_file_is_named(self, session: Session) -> None:
        (session.folder.path / "2025-01-kent-street.csv").symlink_to("nowhere.csv")
        os.mkfifo(session.folder.path / "pipe.csv")
        take_in(session)
        listed = session.con.execute("select file_name, reason from raw.unrecognised_files order by 1").fetchall()
        assert [name for name, _ in listed] == ["2025-01-kent-street.csv", "pipe.csv"]
        assert all("broken link or a device" in reason for _, reason in listed)

    def test_a_link_that_leaves_the_folder_is_refused_and_its_files_are_not_read(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "2025-01-kent-street.csv").write_text(street("1"))
        (tmp_path / "data" / "a").mkdir(parents=True)
        (tmp_path / "link").symlink_to("data")
        for link, target in (("2025-01-kent-street.csv", "elsewhere/2025-01-kent-street.csv"), ("all", "elsewhere"),
                             ("inside", "data/a")):  # fmt: skip
            (tmp_path / "data" / link).symlink_to(tmp_path / target)
        with open_session(tmp_path / "home", read_folder(tmp_path / "link")) as opened:
            put(opened, "a/2025-02-kent-street.csv", street("2", month="2025-02"))
            found = deliveries(opened)
        assert {name: d["status"] for name, d in found.items()} == {
            "2025-01-kent-street.csv": "refused", "all": "refused", "a/2025-02-kent-street.csv": "loaded",
        }  # fmt: skip
        assert "link: expected files in the folder; saw one that leads out" in found["all"]["reason"]

    def test_a_guarded_workbook_is_refused_whatever_its_name(self, session: Session, tmp_path: Path) -> None:
        archive = tmp_path / "m.xlsx"
        with zipfile.ZipFile(archive, "w") as package:
            package.writestr("[Content_Types].xml", "<Types/>")
            package.writestr("xl/workbook.xml", "<workbook/>")
            package.writestr("xl/vbaProject.bin", b"macro")
        put(session, "some figures.xlsm", archive.read_bytes())
        bad = deliveries(session)["some figures.xlsm"]
        assert bad["status"] == "refused" and "macro" in bad["reason"].lower()

    def test_a_home_with_an_apostrophe_works(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        data.mkdir()
        (data / "2025-01-kent-street.csv").write_text(street("1"))
        with open_session(tmp_path / "it's my home", read_folder(data)) as opened:
            assert take_in(opened) == 1
            assert raw_rows(opened) == 1


def test_a_fetched_file_that_was_changed_since_is_refused_by_its_checksum(session: Session) -> None:
    """Somebody edits what was fetched: figures would be of numbers that no publisher gave out."""
    content = street("1", "2").encode()
    name = "2026-11-29/2025-01-kent-street.csv"
    sha256 = hashlib.sha256(content).hexdigest()
    entry = {"url": "https://invented.example/x", "file": "2025-01-kent-street.csv", "bytes": len(content)}
    entry |= {"sha256": sha256, "etag": None, "last_modified": None, "fetched_at": "2026-11-29T08:00:00+00:00"}
    put(session, "2026-11-29/.fetched.json", json.dumps([entry]))
    put(session, name, content.replace(b"Burglary", b"Robbery"))
    held = deliveries(session)[name]
    assert (held["status"], held["rows_loaded"]) == ("refused", 0)
    assert f"expected sha256 {sha256}, as it was fetched at 2026-11-29T08:00:00+00:00; saw sha256 " in held["reason"]
    assert "a version of your own belongs into a folder without .fetched.json" in held["reason"]
    put(session, name, content)
    take_in(session)
    assert raw_rows(session) == 2, "it is again the file that was fetched"


def test_what_stays_out_is_of_the_files_that_are_delivered_now(session: Session) -> None:
    """Single rows and few of many are no trouble, nor is what was corrected under its own name or taken away."""
    rows = street(*map(str, range(60)))
    put(session, "few/2025-01-kent-street.csv", rows.replace("0.5,51.2", "east,51.2", 2))
    put(session, "2025-02.zip", zipped({"2025-02-kent-street.csv": b"<html>"}))
    put(session, "many/2025-04-kent-street.csv", street("1", "2", "3", month="2025-04").replace("0.5", "east", 2))
    assert left_out(session) == {"2025-02.zip!2025-02-kent-street.csv": True}, "of the whole table they are few"
    put(session, "none/2025-05-kent-street.csv", street(*"123456", month="2025-05").replace("0.5", "east"))
    (session.folder.path / "2025-02.zip").unlink()
    assert left_out(session) == {"none/2025-05-kent-street.csv": True, "many/2025-04-kent-street.csv": False}
