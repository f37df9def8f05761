"""Lists that a force may edit: a slip is named with its file, line and column, and never builds without complaint."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from casework.store.refusal import Refused
from pipelines.delivery import accepted_lists, reference_lists
from pipelines.delivery.reference_lists import DUTIES, FORCES, OWN, TARGETS, check_settings, check_targets, create_list
from pipelines.tables.cards import Card, all_cards
from pipelines.tables.warehouse import TableDiffers

SETTINGS = all_cards()["reference.settings"]
assert SETTINGS.maker is not None
DELIVERED = SETTINGS.maker.read_text(encoding="utf-8")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create schema reference")
        yield opened


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    """The card of the settings, over a file of a folder of its own."""
    monkeypatch.setattr(reference_lists, "ROOT", tmp_path)
    return replace(SETTINGS, maker=tmp_path / "settings.csv")


def complaint(con: duckdb.DuckDBPyConnection, card: Card, text: str) -> str:
    assert card.maker is not None
    card.maker.write_text(text, encoding="utf-8")
    with pytest.raises(TableDiffers) as found:
        create_list(con, card)
    return str(found.value)


def test_the_delivered_settings_are_whole(con: duckdb.DuckDBPyConnection) -> None:
    create_list(con, SETTINGS)
    check_settings(con)


LISTS = sorted(
    (card for card in all_cards().values() if card.maker is not None and card.maker.suffix == ".csv"),
    key=lambda card: card.table,
)
FILES = sorted(card.maker.relative_to(accepted_lists.LISTS).as_posix() for card in LISTS if card.maker is not None)


@pytest.mark.parametrize("listed", LISTS, ids=lambda card: card.table)
def test_a_code_that_is_there_twice_is_named_in_every_list(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: Card
) -> None:
    """The second is otherwise like the first but for its other values, as in a list of another year."""
    assert listed.maker is not None
    monkeypatch.setattr(reference_lists, "ROOT", tmp_path)
    with open(listed.maker, encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    if not rows:  # targets: none is shipped
        rows = [["VIC-01", "", "0.9", "share", "me"]]
    again = [value if name in listed.grain else "" for name, value in zip(header, rows[0], strict=True)]
    path = tmp_path / "list.csv"
    with open(path, "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, rows[0], again])
    first, last = rows[0], 2 + sum(value.count("\n") for value in rows[0])
    words = complaint(con, replace(listed, maker=path), path.read_text(encoding="utf-8"))
    assert words.startswith(f"list.csv, line {last + 1}, {', '.join(listed.grain)}: expected each once; saw ")
    assert all(repr(first[header.index(name)]) in words for name in listed.grain)
    assert words.endswith(f" again, which line {last} has already. Remove the wrong line of the two.")


class TestChecksums:
    """A list that nobody accepted as it is now is named, and stops no build: a force may edit its lists."""

    @pytest.fixture
    def lists(self, tmp_path: Path) -> Path:
        shutil.copytree(accepted_lists.LISTS, tmp_path / "reference")
        return tmp_path / "reference"

    def test_the_shipped_lists_are_as_they_were_accepted(self) -> None:
        """After an edit of a list, run `stra lists --accept-by NAME`."""
        assert accepted_lists.changed() == []
        rows = list(csv.DictReader(io.StringIO((accepted_lists.LISTS / "checksums.csv").read_text("utf-8"))))
        assert [row["file"] for row in rows] == FILES

    @pytest.mark.parametrize("name", FILES)
    def test_a_value_that_was_changed_in_any_list_is_named(self, lists: Path, name: str) -> None:
        before = accepted_lists.sha256_of(lists / name)
        (lists / name).write_bytes((lists / name).read_bytes()[:-2] + b"X\n")
        after = accepted_lists.sha256_of(lists / name)
        assert accepted_lists.notice(lists) == (
            f"assets/reference/{name}: expected sha256 {before}, saw sha256 {after}. "
            "Put the shipped list back; if the change is meant, run: stra lists --accept-by NAME"
        )

    def test_a_list_that_is_gone_new_or_without_checksums_is_named(self, lists: Path) -> None:
        (lists / "crimes" / "ho_codes.csv").unlink()
        (lists / "crimes" / "other.csv").write_text("a\n")
        said = accepted_lists.notice(lists)
        assert re.search(r"ho_codes.csv: expected sha.*saw no such file; .*no such list, saw", said)
        for text in ("", "file,sha256\n", "file,sha256,accepted_by\nsettings.csv\n", "\x00"):
            (lists / "checksums.csv").write_text(text)
            assert "checksums.csv" in accepted_lists.notice(lists)
        accepted_lists.accept("Invented Analyst", lists)
        assert accepted_lists.notice(lists) == ""

    def test_an_intended_change_is_accepted_in_one_step_with_its_name(self, lists: Path) -> None:
        path = lists / "settings.csv"
        path.write_text(path.read_text("utf-8").replace("rates.base,1000,", "rates.base,100000,"), encoding="utf-8")
        with pytest.raises(Refused, match="expected a name"):
            accepted_lists.accept(" ", lists)
        [one] = accepted_lists.accept("Invented\nAnalyst", lists)
        assert one.file == "settings.csv"
        assert accepted_lists.notice(lists) == ""
        lines = (lists / "checksums.csv").read_text("utf-8").splitlines()
        assert [line for line in lines if not line.endswith(",as shipped")] == [
            "file,sha256,accepted_by", f"settings.csv,{one.seen},Invented Analyst",
        ]  # fmt: skip
        assert accepted_lists.accept("Another", lists) == []

    def test_line_ends_of_another_system_change_nothing(self, lists: Path) -> None:
        path = lists / "settings.csv"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        assert accepted_lists.notice(lists) == ""


def test_a_list_without_its_header_is_named(con: duckdb.DuckDBPyConnection, card: Card) -> None:
    words = complaint(con, card, DELIVERED.split("\n", 1)[1])
    assert words.startswith("settings.csv, line 1: expected the columns key, value, unit, meaning, authority; saw r")


def test_a_wrong_cell_is_named_with_its_line_and_column(con: duckdb.DuckDBPyConnection, card: Card) -> None:
    words = complaint(con, card, DELIVERED.replace("rates.base,1000,", "rates.base,a thousand,"))
    assert words == "settings.csv, line 2, value: expected a double; saw 'a thousand'. Correct it."


def test_a_line_with_a_value_too_many_is_named(con: duckdb.DuckDBPyConnection, card: Card) -> None:
    words = complaint(con, card, DELIVERED.replace("rates.base,1000,", "rates.base,1,000,"))
    assert "settings.csv, line 2: expected 5 values" in words and "saw 6" in words


@pytest.mark.parametrize(("change", "seen"), [
    (lambda text: text.split("\n", 1)[0] + "\n", "no row for "),
    (lambda text: text.replace("rates.base,", "rates.bse,"), "for rates.base; keys that nothing uses: rates.bse"),
])  # fmt: skip
def test_settings_that_are_missing_or_unknown_are_named(
    con: duckdb.DuckDBPyConnection, card: Card, change: object, seen: str
) -> None:
    """A file with a header alone was built without complaint."""
    assert card.maker is not None and callable(change)
    card.maker.write_text(change(DELIVERED), encoding="utf-8")
    create_list(con, card)
    with pytest.raises(TableDiffers, match=r"expected each of \d+ keys once; saw ") as found:
        check_settings(con)
    assert seen in str(found.value)


@pytest.mark.parametrize(("line", "seen"), [
    ("charged_36,,0.1,share,me", "measure_code: expected a code of reference.measures, such as charged_365; saw 'char"),
    ("charged_365,,10,%,me", "unit: expected share, the unit of charged_365; saw '%'"),
    ("recorded,,10,share,me", "unit: expected crimes, the unit of recorded; saw 'share'"),
    ("charged_365,,10,share,me", "target: expected a share from 0 to 1 (0.95 is 95%); saw 10.0"),
    ("charged_365,,nan,share,me", "target: expected a share from 0 to 1 (0.95 is 95%); saw nan"),
    ("charged_365,,,share,me", "target: expected a share from 0 to 1 (0.95 is 95%); saw None"),
    ("open_caseload,,-1,crimes,me", "target: expected a count of 0 or more; saw -1.0"),
    ("VIC-01,E99,0.9,share,me", "force_code: expected a code of reference.forces, or nothing for every force; saw 'E9"),
    ("risk_assessed,,0.9,share,", "set_by: expected who set the target; saw nothing"),
])  # fmt: skip
def test_a_target_that_cannot_be_one_is_named(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, seen: str
) -> None:
    take_targets(con, tmp_path, monkeypatch, "VIC-01,E23000001,0.9,share,me", line)
    with pytest.raises(TableDiffers) as found:
        check_targets(con)
    words = str(found.value)
    assert words.startswith(f"measure_targets.csv, line 3, {seen}")
    assert words.endswith("Correct the line, or remove it.")


def test_targets_of_every_kind_of_measure_are_taken_and_no_two_of_one(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["VIC-01,,0.9,share,me", "VIC-01,E23000001,1,share,me", "risk_assessed,,0,share,me",
             "open_caseload,,500,crimes,me"]  # fmt: skip
    take_targets(con, tmp_path, monkeypatch, *lines)
    check_targets(con)
    with pytest.raises(TableDiffers, match="line 6, measure_code, force_code: expected each once; saw 'VIC-01', ''"):
        take_targets(con, tmp_path, monkeypatch, *lines, lines[0])


def take_targets(con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    with monkeypatch.context() as elsewhere:
        for table in (OWN, DUTIES, FORCES):
            create_list(con, all_cards()[table])
        elsewhere.setattr(reference_lists, "ROOT", folder)
        _take(con, folder, *lines)


def _take(con: duckdb.DuckDBPyConnection, folder: Path, *lines: str) -> None:
    own = replace(all_cards()[TARGETS], maker=folder / "measure_targets.csv")
    assert own.maker is not None
    own.maker.write_text("\n".join(["measure_code,force_code,target,unit,set_by", *lines, ""]), encoding="utf-8")
    create_list(con, own)
