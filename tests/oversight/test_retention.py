"""Retention: who is due by which class, the purge of an invented force, and that nothing brings the erased back.

Builds: one of 500 crimes, and the one that follows its purge, since every figure after it has to be that of before.
Neither looks at Dagster. What only erases, refuses or loads again copies one of the two.
"""

import itertools
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import built_home
import duckdb
import polars as pl
import pytest
from faults import Faults, forking
from small_home import small_force
from trials import count
from typer.testing import CliRunner
from worked import Row, made

from assets.methods.text_signals import ERASED as ERASED_TEXT
from assets.methods.text_signals import erased_text, text_signals
from assets.raw import extract_tables
from assets.reference import list_path
from pipelines.builds.session import open_session
from pipelines.commands.cli import app
from pipelines.dagster_records import build
from pipelines.delivery import inputs
from pipelines.fetching.folder import DataFolder, read_folder
from pipelines.identities import erased_list, erased_rows, identity_store
from pipelines.identities.identity_state import load
from pipelines.people import retention
from pipelines.publication.publish import differences
from pipelines.tables import warehouse_kept
from pipelines.tables.cards import AUDIENCES

TABLES = extract_tables()
pytestmark = pytest.mark.slow
AS_OF = date(2034, 6, 1)  # some of the invented people are past ten years, most are not
KEY = re.compile(r"INV-P\d{8}")
WORDS = re.compile(  # keys, names, and numbers and addresses as the invented force writes them
    rb"INV-P\d{8}|[A-Z][a-z'-]+ [A-Z][a-z'-]+|\b0\d{2,4} \d{6,8}\b|\d{4}/\d{7}[A-Z]"
    rb"|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,64}"
)
PASSING = ("build.lock", "casework.sqlite-wal", "casework.sqlite-shm")
REGISTRAR = "An invented registrar"
CRIMES = 500


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "T12:00:00").replace(tzinfo=UTC)


def crime(ref: str, day: str, class_code: str = "8Q", *, is_open: bool = False) -> Row:
    return {
        "crime_ref": ref,
        "reported_at": at(day),
        "recorded_at": at(day),
        "class_code": class_code,
        "is_open": is_open,
    }


def part(ref: str, key: str, role: str = "suspect") -> Row:
    return {"crime_ref": ref, "person_key": key, "party_role": role}


def reviews(**given: list[Row]) -> dict[str, Row]:
    """Person -> review as of 1 January 2026; people are their own reference."""
    people = {row["person_key"] for row in given["core_parties"]}
    given.setdefault("core_people", [{"person_key": key, "person_ref": key} for key in sorted(people)])
    given["core_extract_moments"] = [{"as_of_at": at("2026-01-01")}]
    return {row["person_ref"]: row for row in made("core.retention_reviews", **given)}


class TestWhoIsDue:
    """strategic-assessment 7: Group 1 to age 100, Group 2 ten years clear, Group 3 six; which is whose is assumed."""

    def test_ten_years_after_the_last_event_for_stalking_and_six_for_malicious_communications(self) -> None:
        found = reviews(
            core_crimes=[crime("C1", "2015-12-30"), crime("C2", "2016-01-02"), crime("C3", "2019-12-30", "8R"),
                         crime("C4", "2020-01-02", "8R")],
            core_parties=[part("C1", "A"), part("C2", "B"), part("C3", "C"), part("C4", "D")],
        )  # fmt: skip
        assert [(p, r["class_code"], r["clear_until_date"], r["is_due"]) for p, r in sorted(found.items())] == [
            ("A", "G2", date(2025, 12, 30), True), ("B", "G2", date(2026, 1, 2), False),
            ("C", "G3", date(2025, 12, 30), True), ("D", "G3", date(2026, 1, 2), False),
        ]  # fmt: skip

    def test_the_longest_class_of_any_crime_counts_whichever_is_last(self) -> None:
        found = reviews(
            core_crimes=[crime("C1", "2012-03-01", "8Q"), crime("C2", "2017-05-01", "8R")],
            core_parties=[part("C1", "A"), part("C2", "A", "victim")],
        )
        assert (found["A"]["class_code"], found["A"]["clear_until_date"]) == ("G2", date(2027, 5, 1))
        assert found["A"]["crime_count"] == 2

    def test_a_class_without_a_row_of_its_own_is_kept_as_the_longer(self) -> None:
        found = reviews(core_crimes=[crime("C1", "2018-03-01", "105A")], core_parties=[part("C1", "A")])
        assert (found["A"]["class_code"], found["A"]["clear_until_date"]) == ("G2", date(2028, 3, 1))

    @pytest.mark.parametrize(
        ("event", "kind", "day"),
        [
            ({"core_outcomes": [{"crime_ref": "C1", "outcome_date": date(2018, 4, 1)}]}, "outcome", (2028, 4, 1)),
            ({"core_victim_contacts": [{"crime_ref": "C1", "contact_at": at("2018-05-01")}]}, "contact", (2028, 5, 1)),
            ({"core_custodies": [{"crime_ref": "C1", "person_key": "A", "arrested_at": at("2018-06-01")}]}, "custody",
             (2028, 6, 1)),
            ({"core_orders": [{"order_ref": "O1", "order_type": "spo_full", "victim_key": "A", "respondent_key": "B",
                               "granted_at": at("2018-02-01"), "expires_date": date(2020, 2, 1)}]}, "order expiry",
             (2030, 2, 1)),
        ],
    )  # fmt: skip
    def test_every_new_event_begins_the_period_again(
        self, event: dict[str, list[Row]], kind: str, day: tuple[int, int, int]
    ) -> None:
        given = {"core_crimes": [crime("C1", "2014-01-01")], "core_parties": [part("C1", "A", "victim")]}
        assert reviews(**given)["A"]["is_due"]
        again = reviews(**given, **event)["A"]
        assert (again["last_event_type"], again["clear_until_date"], again["is_due"]) == (kind, date(*day), False)

    def test_a_contact_is_of_the_victim_alone(self) -> None:
        found = reviews(
            core_crimes=[crime("C1", "2014-01-01")],
            core_parties=[part("C1", "A", "victim"), part("C1", "B")],
            core_victim_contacts=[{"crime_ref": "C1", "contact_at": at("2018-05-01")}],
        )
        assert (found["A"]["is_due"], found["B"]["is_due"]) == (False, True)

    def test_what_goes_on_keeps(self) -> None:
        order = {"order_ref": "O1", "order_type": "spo_full", "respondent_key": "B", "granted_at": at("2010-01-01")}
        found = reviews(
            core_crimes=[crime("C1", "2010-01-01", is_open=True), crime("C2", "2010-01-01"), crime("C3", "2010-01-01")],
            core_parties=[part("C1", "A"), part("C2", "B"), part("C3", "C")],
            core_orders=[order],
            core_managements=[{"person_ref": "C", "programme": "iom", "from_date": date(2010, 1, 1)}],
        )
        words = "a crime, order or programme has not ended"
        assert all(
            (r["kept_because"], r["clear_until_date"], r["is_due"]) == (words, None, False) for r in found.values()
        )
        assert len(found) == 3
        [ended] = reviews(core_crimes=[crime("C2", "2010-01-01")], core_parties=[part("C2", "B")],
                          core_orders=[order | {"order_type": "dvpn"}]).values()  # fmt: skip
        assert ended["is_due"], "a notice has an end, whether its date was delivered or not"

    def test_managed_under_mappa_to_age_a_hundred_and_not_at_all_where_the_birth_is_unknown(self) -> None:
        found = reviews(
            core_crimes=[crime("C1", "2010-01-01"), crime("C2", "2010-01-01"), crime("C3", "2018-01-01")],
            core_parties=[part("C1", "A"), part("C2", "B"), part("C3", "C")],
            core_persons=[{"person_key": "A", "birth_month": "1925-02"}, {"person_key": "C", "birth_month": "1920-05"}],
            core_managements=[{"person_ref": ref, "programme": "mappa", "from_date": date(2010, 1, 1),
                               "to_date": date(2011, 1, 1)} for ref in "ABC"],
        )  # fmt: skip
        assert [(found[p]["class_code"], found[p]["clear_until_date"], found[p]["kept_because"]) for p in "ABC"] == [
            ("G1", date(2025, 2, 28), None), ("G1", None, "age not known"), ("G1", date(2028, 1, 1), None)
        ]  # fmt: skip

    def test_an_archive_in_the_public_interest_is_never_due(self) -> None:
        rows = [
            {"kind": "offence class", "applies_to": "8Q", "class_code": "G2", "clear_years": 10, "is_archived": False},
            {"kind": "crime", "applies_to": "C1", "class_code": "ARCHIVE", "is_archived": True},
        ]
        found = reviews(
            core_crimes=[crime("C1", "2000-01-01"), crime("C2", "2000-01-01")],
            core_parties=[part("C1", "A"), part("C2", "B")],
            reference_retention_classes=rows,
        )
        assert (found["A"]["is_archived"], found["A"]["is_due"]) == (True, False)
        assert found["A"]["kept_because"] == "archived in the public interest"
        assert (found["B"]["is_archived"], found["B"]["is_due"]) == (False, True)

    def test_records_of_one_person_count_together_and_the_erased_are_reviewed_no_more(self) -> None:
        found = reviews(
            core_crimes=[crime("C1", "2010-01-01"), crime("C2", "2018-01-01"), crime("C3", "2001-01-01")],
            core_parties=[part("C1", "A1"), part("C2", "A2"), part("C3", "erased-00ff")],
            core_people=[{"person_key": key, "person_ref": "P-1"} for key in ("A1", "A2")]
            + [{"person_key": "erased-00ff", "person_ref": "P-2"}],
        )
        assert list(found) == ["P-1"]
        assert (found["P-1"]["crime_count"], found["P-1"]["clear_until_date"]) == (2, date(2028, 1, 1))


TEXTS = [
    "Suspect follows her every day and sent 40 unwanted messages on Instagram, threatened to kill her.",
    "Racist abuse was shouted at the victim, who was given words of advice.",
    "Nothing of note was said here at all.",
    "short",
    "ok",
]


class TestWhatStandsInPlaceOfAText:
    def signals(self, texts: list[str]) -> list[dict[str, Any]]:
        lexicon = pl.read_csv(list_path("text_lexicon"), infer_schema=False)
        frame = pl.DataFrame({"record_type": "crime", "record_ref": [str(n) for n in range(len(texts))], "text": texts})
        return text_signals(frame, lexicon).to_dicts()

    def test_it_shows_what_the_words_showed_is_as_long_and_holds_none_of_them(self) -> None:
        before = self.signals(TEXTS)
        assert before[0]["has_threat"] and before[0]["is_online"] and before[1]["hate_strand"] == "race"
        texts = [erased_text(row, len(text), "0123456789ab") for row, text in zip(before, TEXTS, strict=True)]
        after = self.signals(texts)
        for was, now, text, given in zip(before, after, texts, TEXTS, strict=True):
            assert {k: v for k, v in was.items() if k != "phrases"} == {k: v for k, v in now.items() if k != "phrases"}
            assert len(text) == len(given)
            assert not re.search("follow|kill|racist|advice", text, re.IGNORECASE)
        assert [row["phrases"] is None for row in after] == [row["phrases"] is None for row in before]

    def test_a_text_that_was_not_erased_is_read_as_ever_beside_one_that_was(self) -> None:
        before = self.signals(TEXTS)
        mixed = self.signals([TEXTS[0], erased_text(before[2], 30, "ff"), TEXTS[1]])
        assert [mixed[0]["phrases"], mixed[2]["hate_strand"]] == [before[0]["phrases"], "race"]


def test_every_field_of_the_extract_that_names_a_person_or_holds_their_words_is_known() -> None:
    keys = {f"{table}.{name}" for table, fields in TABLES.items() for name in fields if "key" in name.split("_")}
    assert keys == {f"{table}.{name}" for table in TABLES for name in erased_rows.fields_of_people(table)}
    with_words = [table for table in TABLES if erased_rows.free_fields(table)]
    assert [t for t in with_words if "crime_id" not in TABLES[t] and t not in erased_rows.OWNERS] == []
    assert all(name in erased_rows.free_fields(table) for table, name in erased_rows.NARRATIVES.items())


# ---- an invented force, purged -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Data folder and home of an invented force of five hundred crimes; never changed."""
    folder = tmp_path_factory.mktemp("retention") / "built"
    shutil.copytree(small_force(), folder, symlinks=True)
    (folder / "home" / "dagster").mkdir()
    shutil.copyfile(folder / "data" / "force" / "party_role.csv", folder / "home" / "dagster" / "runs.db")
    quarantined = folder / "home" / "quarantine" / "0123456789abcdef"
    quarantined.mkdir(parents=True)
    (quarantined / "reason.txt").write_text("party_role.csv: an invented reason\n", encoding="utf-8")
    shutil.copyfile(folder / "data" / "force" / "party_role.csv", quarantined / "party_role.csv")
    return folder / "data", folder / "home"


def copied(built: tuple[Path, Path], target: Path) -> Path:
    shutil.copytree(built[1], target, symlinks=True)
    return target


@pytest.fixture(scope="module")
def due(built: tuple[Path, Path]) -> retention.Review:
    return retention.review(built[1], AS_OF)


@pytest.fixture(scope="module")
def purged(
    built: tuple[Path, Path], due: retention.Review, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, retention.Proof]:
    """The home after a whole purge, and its proof; changed by nobody."""
    home = copied(built, tmp_path_factory.mktemp("purged") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "build_home", built_home.build_home)
        return home, retention.purge(home, AS_OF, REGISTRAR, due.mark, lambda line: None)


@pytest.fixture
def no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the erasing is looked at: building anew takes a minute and is looked at in `purged`."""

    def pretend(folder: DataFolder, home: Path, as_of: date | None, tell: Callable[[str], None]) -> list[str]:
        return []

    monkeypatch.setattr(build, "build_home", pretend)


def words_in(home: Path, leaving_out: str = "") -> Iterator[tuple[str, set[str]]]:
    """(where, keys, names and numbers) of everything below a home: bytes of each file, values of parquet and DuckDB."""
    yield from words_in_files(home, leaving_out)
    yield from words_in_warehouse(home)


def words_in_files(home: Path, leaving_out: str = "") -> Iterator[tuple[str, set[str]]]:
    for path in sorted(home.rglob("*")):
        if path.is_symlink() or not path.is_file() or (leaving_out and leaving_out in path.parts):
            continue
        yield str(path), {word.decode("latin-1") for word in WORDS.findall(path.read_bytes())}
        if path.suffix == ".parquet":
            texts = pl.read_parquet(path).select(pl.col(pl.String)).iter_columns()
            yield str(path), words("\n".join(value for text in texts for value in text.unique().drop_nulls()))


def words_in_warehouse(home: Path) -> Iterator[tuple[str, set[str]]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        columns = con.execute(
            "select schema_name || '.' || table_name, column_name from duckdb_columns()"
            " where data_type = 'VARCHAR' and not internal and schema_name <> 'reference'"
        ).fetchall()
        for table, name in columns:
            values = con.execute(f'select distinct "{name}" from {table} where "{name}" is not null').fetchall()
            yield f"warehouse {table}", words("\n".join(value for (value,) in values))


def words(text: str) -> set[str]:
    return {word.decode("latin-1") for word in WORDS.findall(text.encode("latin-1", errors="replace"))}


def names_of(data: Path, keys: set[str]) -> set[str]:
    """Numbers, addresses and whole names of these people, as delivered, that are of nobody else."""
    rows = pl.read_csv(data / "force" / "person_identity.csv", infer_schema=False)
    told = rows.with_columns(
        name=pl.concat_str("forename", "surname", separator=" "), is_gone=pl.col("person_key").is_in(keys)
    )
    wanted = ("phone", "email", "pncid", "name")
    ours, others = (
        {v for c in wanted for v in told.filter(pl.col("is_gone") == gone)[c].drop_nulls()} for gone in (True, False)
    )
    return ours - others


class TestReview:
    def test_some_are_due_and_some_are_not_and_nobody_is_named(self, due: retention.Review) -> None:
        assert 75 < due.person_count < CRIMES
        assert 0 < due.cleared_count < due.crime_count
        told = "\n".join(due.lines())
        assert f"{due.person_count:,} people past their clear period" in told and "force/party_role.csv" in told
        assert "force/person_identity.csv" in told and "force/investigator.csv" not in told
        assert not KEY.search(told) and "P-" not in told

    def test_the_day_decides_and_the_mark_goes_with_it(self, built: tuple[Path, Path], due: retention.Review) -> None:
        earlier, never = retention.review(built[1], date(2030, 1, 1)), retention.review(built[1], date(1990, 1, 1))
        assert 0 < earlier.person_count < due.person_count and earlier.mark != due.mark
        assert (never.person_count, never.files) == (0, ())

    def test_a_home_that_is_not_as_its_last_build_left_it_is_built_first(
        self, built: tuple[Path, Path], tmp_path: Path
    ) -> None:
        home = copied(built, tmp_path / "home")
        said = json.loads((home / "build.json").read_text(encoding="utf-8"))
        (home / "build.json").write_text(json.dumps(said | {"tree": "other"}), encoding="utf-8")
        with pytest.raises(retention.PurgeRefused, match="Run stra build first"):
            retention.review(home, AS_OF)


class TestPurge:
    def test_every_figure_of_command_and_commissioning_is_what_it_was(
        self, purged: tuple[Path, retention.Proof], due: retention.Review
    ) -> None:
        home, proof = purged
        assert proof.failures == [] and [t for t in proof.tables if t["changed_rows"]] == []
        assert proof.is_reconciled and proof.person_count == due.person_count
        assert {"command", "commissioning"} == {t["audience"] for t in proof.tables} and len(proof.tables) > 100
        kept = json.loads(retention.proof_file(home, proof).read_text(encoding="utf-8"))
        assert kept["person_count"] == due.person_count and kept["rows"]["party_role"] > due.person_count
        assert not KEY.search(json.dumps(kept))

    def test_nothing_of_the_erased_is_left_in_any_file(
        self, built: tuple[Path, Path], purged: tuple[Path, retention.Proof], due: retention.Review
    ) -> None:
        gone = set(due.people["person_key"])
        names = names_of(built[0], gone)
        assert len(gone) > 75 and len(names) > 75
        places, seen = 0, set()
        for place, found in words_in(purged[0]):
            places += 1
            seen |= found
            assert not found & (gone | names), place
        assert places > 500 and len({word for word in seen if KEY.fullmatch(word)}) > 75  # the others are there

    def test_the_search_would_find_them(self, built: tuple[Path, Path], due: retention.Review) -> None:
        gone = set(due.people["person_key"])
        held_by = itertools.chain(words_in_files(built[1] / "quarantine"), words_in_warehouse(built[1]))
        found = {place.split("/")[-1] for place, held in held_by if held & gone}
        assert {"warehouse core.parties", "warehouse raw.person_links", "party_role.csv"} <= found
        names = names_of(built[0], gone)
        listed = pl.read_csv(built[0] / "force" / "person_identity.csv", infer_schema=False)
        whole = pl.concat_str("forename", "surname", separator=" ")
        columns = (whole, "phone", "email", "pncid")
        told = listed.select(pl.concat_str(*columns, separator="; ", ignore_nulls=True)).to_series()
        assert len(words("\n".join(told.drop_nulls())) & names) > 0.9 * len(names)

    def test_crimes_stay_with_codes_and_times_and_people_with_what_counts(
        self, built: tuple[Path, Path], purged: tuple[Path, retention.Proof]
    ) -> None:
        same = "crime_id, reported_ts, recorded_ts, ho_code, class_code, status, lsoa21, oic_id, length(trim(mo_text))"
        before, after = (rows_of(home, "crime", same) for home in (built[1], purged[0]))
        assert before == after and len(before) == CRIMES
        people = "crime_id, role, relationship, age_at_offence, first_added_ts"
        assert rows_of(built[1], "party_role", people) == rows_of(purged[0], "party_role", people)
        [(tokens,)] = rows_of(purged[0], "party_role", "count(*) filter (person_key like 'erased-%')", order="")
        assert tokens == purged[1].rows["party_role"]

    def test_words_go_where_nobody_else_remains_and_stay_where_somebody_does(
        self, built: tuple[Path, Path], purged: tuple[Path, retention.Proof], due: retention.Review
    ) -> None:
        before = dict(rows_of(built[1], "crime", "crime_id, mo_text"))
        after = dict(rows_of(purged[0], "crime", "crime_id, mo_text"))
        changed = {ref for ref in before if before[ref] != after[ref]}
        assert all(after[ref].startswith(ERASED_TEXT) for ref in changed)
        living = {ref for ref, key in rows_of(purged[0], "party_role", "crime_id, person_key") if key.startswith("INV")}
        assert living and not changed & living
        assert 0.9 * due.cleared_count < len(changed) <= due.cleared_count

    def test_the_published_copies_are_whole_and_the_earlier_ones_with_people_in_them_are_gone(
        self, built: tuple[Path, Path], purged: tuple[Path, retention.Proof]
    ) -> None:
        home = purged[0]
        assert [line for audience in AUDIENCES for line in differences(home / "published" / audience)] == []
        assert inputs.kept_differences(home) == []
        copies = list((home / "published" / "copies" / "integrity").iterdir())
        assert copies == [(home / "published" / "integrity").resolve()]
        assert not (home / "quarantine" / "0123456789abcdef" / "party_role.csv").exists()
        assert (home / "quarantine" / "0123456789abcdef" / "reason.txt").exists()
        assert not (home / retention.FOLDER).exists()

    def test_it_was_logged_once_with_counts_and_no_reference(
        self, purged: tuple[Path, retention.Proof], due: retention.Review
    ) -> None:
        from casework.access.access_log import entries
        from casework.store.database import open_store

        [entry] = entries(open_store(purged[0]), kind="erasure")
        assert (entry["record_count"], entry["purpose"]) == (due.person_count, "retention")
        assert entry["who"].startswith(REGISTRAR)
        assert not KEY.search(str(entry)) and "P-" not in entry["subject"]

    def test_a_second_run_finds_nobody_due(self, purged: tuple[Path, retention.Proof]) -> None:
        again = retention.review(purged[0], AS_OF)
        assert (again.person_count, again.crime_count) == (0, 0)
        with pytest.raises(retention.PurgeRefused, match="nobody is past"):
            retention.purge(purged[0], AS_OF, REGISTRAR, again.mark, lambda line: None)


def rows_of(home: Path, table: str, columns: str, order: str = " order by all") -> list[Any]:
    """Columns of the kept rows of a table of the extract."""
    with duckdb.connect() as con:
        return con.execute(f"select {columns} from read_parquet('{home}/raw/{table}/*.parquet'){order}").fetchall()


class TestDeliveredAgain:
    """Whatever is delivered after a purge: nobody on the list comes back, but by a crime of a later day."""

    def taken_in(self, home: Path, data: Path) -> list[str]:
        told: list[str] = []
        with open_session(home, read_folder(data), tell=told.append) as session:
            session.take_in()
        return told

    @pytest.fixture
    def home(self, purged: tuple[Path, retention.Proof], tmp_path: Path) -> Path:
        shutil.copytree(purged[0], tmp_path / "home", symlinks=True)
        return tmp_path / "home"

    @pytest.fixture
    def data(self, built: tuple[Path, Path], tmp_path: Path) -> Path:
        shutil.copytree(built[0], tmp_path / "data")
        return tmp_path / "data"

    def keys_held(self, home: Path) -> set[str]:
        tables = [t for t in TABLES if erased_rows.fields_of_people(t) and (home / "raw" / t).is_dir()]
        return {key for t in tables for f in erased_rows.fields_of_people(t)
                for (key,) in rows_of(home, t, f"distinct {f}") if key}  # fmt: skip

    def assert_absent(self, home: Path, due: retention.Review) -> None:
        gone = set(due.people["person_key"])
        held = self.keys_held(home)
        assert not held & gone and len(held) > 125
        erased = erased_list.held_list(home)
        assert erased is not None
        state = load(erased.store)
        assert not set(state.records["person_key"]) & gone and not set(state.register.members["person_key"]) & gone
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
            assert not {k for (k,) in con.execute("select person_key from raw.person_links").fetchall()} & gone

    def test_the_same_files_read_by_newer_code(self, home: Path, data: Path, due: retention.Review) -> None:
        before = rows_of(home, "party_role", "crime_id, person_key, role")
        with duckdb.connect(str(home / "warehouse.duckdb")) as con:
            con.execute("update build.files set reader_version = 'older'")
            con.execute("update raw.deliveries set reader_version = 'older'")
        told = self.taken_in(home, data)
        assert any("erased people were delivered again" in line for line in told)
        self.assert_absent(home, due)
        assert rows_of(home, "party_role", "crime_id, person_key, role") == before
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
            hashes = con.execute("select delivery_ref, source, sha256 from build.kept_files").fetchall()
        assert hashes and all(inputs.sha256_of(home / "raw" / s / f"{r}.parquet") == h for r, s, h in hashes)

    def test_another_delivery_and_other_names(self, home: Path, data: Path, due: retention.Review) -> None:
        for name in ("party_role", "person"):
            path = data / "force" / f"{name}.csv"
            head, *rest = path.read_text(encoding="utf-8").splitlines()
            path.write_text("\n".join([head, *reversed(rest)]) + "\n", encoding="utf-8")
        path = data / "force" / "person_identity.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("Makebe", "Makema"), encoding="utf-8")
        told = self.taken_in(home, data)
        assert any(line.startswith("linkage") for line in told)
        self.assert_absent(home, due)
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
            [(linked,)] = con.execute(
                "select count(*) from raw.person_links where person_key like 'erased-%'"
            ).fetchall()
            [(reason,)] = con.execute("select left_out_reason from raw.linkage_runs").fetchall()
        assert linked == len(
            names := set(pl.read_csv(path, infer_schema=False)["person_key"]) & set(due.people["person_key"])
        )
        assert f"{len(names):,} with a person who was erased" in reason

    def test_a_new_crime_begins_the_period_again_and_brings_the_whole_person_back(
        self, home: Path, data: Path, due: retention.Review
    ) -> None:
        shared = due.people.filter(pl.len().over("person_ref") > 1)["person_ref"][0]
        keys = set(due.people.filter(pl.col("person_ref") == shared)["person_key"])
        crimes, roles = data / "force" / "crime.csv", data / "force" / "party_role.csv"
        first = pl.read_csv(crimes, infer_schema=False).head(1)
        days = {name: pl.lit("2025-12-01T10:00:00+00:00") for name in first.columns if name.endswith("_ts")}
        append(crimes, first.with_columns(crime_id=pl.lit("INV-C99999999"), **days))
        role = pl.read_csv(roles, infer_schema=False).head(1)
        append(roles, role.with_columns(crime_id=pl.lit("INV-C99999999"), person_key=pl.lit(min(keys))))
        told = self.taken_in(home, data)
        assert f"erased people with a new crime, held again: {len(keys)} person keys" in told
        gone = set(due.people["person_key"])
        assert self.keys_held(home) & gone == {key for key in keys if key in self.keys_held(home)} != set()

    def test_without_the_key_nothing_is_taken_in(self, home: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(identity_store.KEY, raising=False)
        (home / "identity" / "demonstration.key").unlink()
        with pytest.raises(erased_list.ErasedUnknown, match="could bring them back"):
            self.taken_in(home, data)


def append(path: Path, row: pl.DataFrame) -> None:
    with path.open("a", encoding="utf-8", newline="") as handle:
        handle.write(row.write_csv(include_header=False))


KILLED = """
import os
from datetime import date
from pathlib import Path
from pipelines.dagster_records import build
from pipelines.people import retention
build.build_home = lambda *given: []
count, rename = 0, os.replace
def killed(source, target):
    global count
    count += 1
    if count == most:
        os._exit(9)
    rename(source, target)
os.replace = killed
home = Path(arguments[0])
mark = retention.review(home, date.fromisoformat(as_of)).mark
retention.purge(home, date.fromisoformat(as_of), "An invented registrar", mark, lambda line: None)
os._exit(0)
"""


class TestKilled:
    @pytest.fixture(scope="class")
    def machine(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faults]:
        with forking(tmp_path_factory.mktemp("machine")) as made:
            yield made

    # before the list is written, as the first file goes, and at the last; the moments between with `make trials`
    @pytest.mark.trials
    @pytest.mark.parametrize("at", [2, 3, 27, 9, 20, 26][: count(3, 6)])
    def test_the_next_run_completes_it(
        self, machine: Faults, built: tuple[Path, Path], due: retention.Review, tmp_path: Path, at: int, no_build: None
    ) -> None:
        home = copied(built, tmp_path / "home")
        shutil.copyfile(home / warehouse_kept.FILE, home / warehouse_kept.KEPT)  # a build was cut off before
        killed = machine.run(f"most, as_of = {at}, {AS_OF.isoformat()!r}\n{KILLED}", [home])
        assert killed.code == 9, killed.said
        begun = retention.pending_purge(home)
        gone = set(due.people["person_key"])
        if begun is None:  # killed before it had written down whom
            assert at == 2
            assert {key for (key,) in rows_of(home, "party_role", "person_key")} & gone
            assert retention.review(home, AS_OF).mark == due.mark
            proof = retention.purge(home, AS_OF, REGISTRAR, due.mark, lambda line: None)
        else:
            proof = retention.complete(home, lambda line: None)
        assert proof.accepted_by == REGISTRAR and not (home / retention.FOLDER).exists()
        assert not (home / warehouse_kept.KEPT).exists(), "it held the erased"
        for place, found in words_in(home, "published"):  # nothing was built anew here
            assert not found & gone, place
        assert retention.pending_purge(home) is None


class TestRefused:
    def test_what_cannot_be_logged_is_not_done(
        self, built: tuple[Path, Path], due: retention.Review, tmp_path: Path, no_build: None
    ) -> None:
        home = copied(built, tmp_path / "home")
        with sqlite3.connect(home / "casework.sqlite") as con:
            con.execute("create trigger full before insert on processing_log begin select raise(abort, 'full'); end")
        before = contents(home)
        with pytest.raises(retention.PurgeRefused, match="could not be logged, so nothing was erased"):
            retention.purge(home, AS_OF, REGISTRAR, due.mark, lambda line: None)
        assert contents(home) == before and retention.pending_purge(home) is None

    @pytest.mark.parametrize(
        ("who", "seen", "words"), [(" ", None, "say who accepts"), (REGISTRAR, "0" * 12, "was seen")]
    )
    def test_without_a_name_or_by_another_mark(
        self, built: tuple[Path, Path], due: retention.Review, tmp_path: Path, who: str, seen: str | None, words: str
    ) -> None:
        home = copied(built, tmp_path / "home")
        before = contents(home)
        with pytest.raises(retention.PurgeRefused, match=words):
            retention.purge(home, AS_OF, who, seen or due.mark, lambda line: None)
        assert contents(home) == before

    def test_rows_that_somebody_changed_are_not_made_good_by_it(
        self, built: tuple[Path, Path], due: retention.Review, tmp_path: Path
    ) -> None:
        home = copied(built, tmp_path / "home")
        with next((home / "raw" / "outcome").glob("*.parquet")).open("ab") as handle:
            handle.write(b"x")
        with pytest.raises(retention.PurgeRefused, match="which a purge would hide"):
            retention.purge(home, AS_OF, REGISTRAR, due.mark, lambda line: None)


def contents(home: Path) -> dict[str, str]:
    """Hash of every file of a home but those that a look at it leaves."""
    return {str(p): inputs.sha256_of(p) for p in home.rglob("*") if p.is_file() and p.name not in PASSING}


class TestCommand:
    def test_it_shows_first_and_takes_no_day_to_come(self, built: tuple[Path, Path]) -> None:
        shown = CliRunner().invoke(app, ["purge", "--home", str(built[1]), "--as-of", "2025-06-01"])
        assert shown.exit_code == 0, shown.output
        assert "people past their clear period" in shown.output and "--accept-by NAME --seen" in shown.output
        ahead = CliRunner().invoke(app, ["purge", "--home", str(built[1]), "--as-of", "2999-01-01"])
        assert ahead.exit_code == 2 and "today or earlier" in ahead.output
        unseen = CliRunner().invoke(app, ["purge", "--home", str(built[1]), "--accept-by", REGISTRAR])
        assert unseen.exit_code == 2 and "--seen" in unseen.output

    def test_a_figure_that_moved_for_no_known_reason_is_named_and_ends_in_failure(
        self, built: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = copied(built, tmp_path / "home")

        def other_figures(data: DataFolder, home: Path, as_of: date | None, tell: Callable[[str], None]) -> list[str]:
            folder = (home / "published" / "command").resolve()
            path = folder / "metrics.demand_months.parquet"
            frame = pl.read_parquet(path).with_columns(crime_count=pl.col("crime_count") + 1)
            frame.write_parquet(path)
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            manifest["tables"]["metrics.demand_months"]["sha256"] = inputs.sha256_of(path)
            (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
            return []

        monkeypatch.setattr(build, "build_home", other_figures)
        day = date(2025, 6, 1)
        done = CliRunner().invoke(
            app, ["purge", "--home", str(home), "--as-of", str(day), "--accept-by", REGISTRAR, "--seen",
                  retention.review(home, day).mark],
        )  # fmt: skip
        assert done.exit_code == 1, done.output
        assert "command metrics.demand_months" in done.output and "NOT RECONCILED" in done.output


def test_a_reader_s_decision_names_the_erased_by_token(
    built: tuple[Path, Path], due: retention.Review, tmp_path: Path
) -> None:
    store = identity_store.IdentityStore(tmp_path, is_demonstration=True)
    rows = pl.DataFrame([(store.keyed_hash("A"), "erased-1", None, date(2020, 1, 1), date(2026, 1, 1), "r", "")],
                        schema=erased_list.LIST, orient="row")  # fmt: skip
    held = erased_list.Erased(store, rows)
    decision = {"person_key_l": "A", "person_key_r": "B", "verdict": "same"}
    assert erased_list.named_by_token([decision], held) == [decision | {"person_key_l": "erased-1"}]
    assert erased_list.named_by_token([decision], None) == [decision]


def test_the_keyed_hash_is_of_the_key_of_its_store_and_no_plain_hash(tmp_path: Path) -> None:
    one, other = (identity_store.IdentityStore(tmp_path / name, is_demonstration=True) for name in ("one", "other"))
    assert one.keyed_hash("INV-P1") == one.keyed_hash("INV-P1") != other.keyed_hash("INV-P1")


def test_keys_in_other_capitals_are_erased_with_their_person_and_their_crime_s_words(tmp_path: Path) -> None:
    files = {
        "person_1": "person_key\nP1\nP2\n", "person_2": "person_key\np1\n",
        "crime": "crime_id,recorded_ts,class_code,mo_text\nC1,2020-01-01T10:00:00Z,8Q,She was followed\n",
        "party_role": "crime_id,person_key,role\nc1,p1,victim\n",
        "outcome": "outcome_id,crime_id,code,rationale\no1,C1,16,She was followed\n",
    }
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    home = tmp_path / "home"
    with open_session(home, read_folder(tmp_path)) as session:
        session.take_in()
    due = retention.Review(AS_OF, pl.DataFrame({"person_key": ["P1"], "last_event_date": [AS_OF]}), 1, 1, 0, ())
    held = erased_list.read_erased(identity_store.IdentityStore(home, is_demonstration=True))
    held = held.saved(retention._listed(home, held, due, "ref", AS_OF))
    erased_rows.erase_rows(home, held)
    [token] = set(held.rows["token"])
    assert held.rows.height == 2 and rows_of(home, "party_role", "person_key") == [(token,)]
    assert rows_of(home, "person", "person_key") == [("P2",), (token,), (token,)]
    [words], [why] = rows_of(home, "crime", "mo_text"), rows_of(home, "outcome", "rationale")
    assert words[0].startswith(ERASED_TEXT) and why == (erased_rows.WORDS,)
