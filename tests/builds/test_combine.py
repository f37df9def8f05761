"""`stra combine`: the homes of several forces as one, equal to one home of all their deliveries together.

No whole build: three homes of 60 crimes take an extract in, since that is what combining reads. With `make long` a home
of both forces is compared with the two combined. A region that is built is in test_supply_by_force.py.
"""

import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
import typer
from kept_homes import copied
from legal_builds import fresh_home
from legal_extract import COUNTRYWIDE, FORCES, Case, Extract, of_forces
from legal_forms import FORMS
from typer.testing import CliRunner

from assets.methods.linkage import model
from assets.raw import extract_tables
from casework.store import builds
from pipelines.builds import combined
from pipelines.builds.session import open_session
from pipelines.commands.cli import app
from pipelines.fetching.folder import DataFolder, read_folder
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import reads

pytestmark = pytest.mark.slow
AS_OF = date(2026, 3, 31)
OTHER = FORCES[1]
NEEDED = ("core.current_periods", "core.extract_forces")  # what a part must have been built to
NOT_ROWS = ("delivery_ref", "line_number")  # where a row came from, which is not what it says


def _taken_in(root: Path, extract: Extract) -> Path:
    """A home that has taken in an extract, and has the tables that combining reads."""
    FORMS["csv"](extract, root / "data", random.Random(0))
    home, folder = fresh_home(root / "home"), read_folder(root / "data")
    with pytest.MonkeyPatch.context() as patch, open_session(home, folder, AS_OF) as session:
        patch.setattr(model, "SAMPLED_PAIRS", (1e5, 1e5))  # how people are linked is not the subject
        session.take_in()
        for card in session.stale_tables():
            if card.table in NEEDED or card.table in _before(NEEDED):
                session.build(card)
    return root / "home"


def _before(tables: tuple[str, ...]) -> set[str]:
    found = {table for name in tables for table in reads(all_cards()[name])}
    return found | _before(tuple(found)) if found else found


def _people(home: Path) -> set[tuple[str, ...]]:
    """Each person as the keys that are linked; references are drawn by each home for itself."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        keys = "select list(person_key order by person_key) from raw.person_links group by person_ref"
        return {tuple(found) for (found,) in con.execute(keys).fetchall()}


@pytest.fixture(scope="module")
def extracts() -> tuple[Extract, Extract, Extract]:
    """That of one force, that of another under keys of its own, and one of both."""
    one = Case(5, 60, ("names",)).make()
    both = of_forces(one, (OTHER,))
    other = {t: rows if t in COUNTRYWIDE else rows.slice(one[t].height) for t, rows in both.items()}
    return one, other, both


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory, extracts: tuple[Extract, Extract, Extract]) -> list[Path]:
    return [_taken_in(tmp_path_factory.mktemp(name), e) for name, e in zip("ab", extracts)]


@pytest.fixture(scope="module")
def same_references(tmp_path_factory: pytest.TempPathFactory, extracts: tuple[Extract, Extract, Extract]) -> Path:
    """The home of the other force with the crimes' references of the first."""
    one, other, _ = extracts
    crimes = other["crime"].with_columns(crime_id=one["crime"]["crime_id"])
    return _taken_in(tmp_path_factory.mktemp("d"), {**other, "crime": crimes})


@pytest.fixture
def part(tmp_path: Path, homes: list[Path]) -> Callable[[str, int], Path]:
    """A home under a name of its own, as forces have."""

    def named(name: str, number: int) -> Path:
        link = tmp_path / name
        link.symlink_to(homes[number])
        return link

    return named


@pytest.mark.long
def test_every_row_of_each_force_is_in_the_region_and_none_twice(
    tmp_path: Path, homes: list[Path], extracts: tuple[Extract, Extract, Extract]
) -> None:
    region, together = fresh_home(tmp_path / "region"), _taken_in(tmp_path / "together", extracts[2])
    combined.take_in(region, combined.read_parts(homes), AS_OF)
    assert extracts[2]["crime"].height == 2 * extracts[0]["crime"].height > 0
    seen = 0
    with duckdb.connect(str(region / "warehouse.duckdb")) as con:
        con.execute(f"attach '{together}/warehouse.duckdb' as joint (read_only)")
        for table in sorted(extract_tables()):
            columns = ", ".join(f'"{c.name}"' for c in all_cards()[f"raw.{table}"].columns if c.name not in NOT_ROWS)
            ours, theirs = f"select {columns} from raw.{table}", f"select {columns} from joint.raw.{table}"
            differ = f"(({ours}) except all ({theirs})) union all (({theirs}) except all ({ours}))"
            assert con.execute(differ).fetchall() == [], table
            ((count,),) = con.execute(f"select count(*) from raw.{table}").fetchall()
            seen += count
        ((lost,),) = con.execute("select sum(rows_lost) from raw.deliveries").fetchall()
        assert (seen > 1_000, lost) == (True, 0)
        assert con.execute("select manner, is_measured from raw.linkage_runs").fetchall() == [("combined", True)]
    assert _people(region) == _people(homes[0]) | _people(homes[1])
    assert len(_people(together)) < len(_people(region))  # one home with the names of both finds them in both


def test_links_stay_when_the_region_is_built(tmp_path: Path, homes: list[Path]) -> None:
    region = fresh_home(tmp_path / "region")
    combined.take_in(region, combined.read_parts(homes), AS_OF)
    with open_session(region, DataFolder(region / "raw"), AS_OF) as session:
        session.take_in()
        assert session.con.execute("select manner from raw.linkage_runs").fetchall() == [("combined",)]
        assert session.con.execute("select count(*) > 50 from raw.person_links").fetchall() == [(True,)]
        forces = session.con.execute("select distinct force_code from raw.crime order by all").fetchall()
        assert len(forces) == 2


def test_a_region_is_combined_again_from_newer_homes(tmp_path: Path, homes: list[Path]) -> None:
    """What came in before is replaced, not added to."""
    region = fresh_home(tmp_path / "region")
    for _ in range(2):
        combined.take_in(region, combined.read_parts(homes), AS_OF)
        with duckdb.connect(str(region / "warehouse.duckdb"), read_only=True) as con:
            assert con.execute("select count(*) from raw.crime").fetchall() == [(120,)]


def test_a_home_without_names_is_said_and_the_others_stay_linked(
    tmp_path: Path, homes: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = copied(homes[1], tmp_path / "other")
    why = "no person_identity was delivered: each person key counts as one person"
    with duckdb.connect(str(other / "warehouse.duckdb")) as con:
        con.execute("delete from raw.person_links")
        con.execute("update raw.linkage_runs set manner = 'none', is_measured = false, reason = ?", [why])
    monkeypatch.setattr("pipelines.commands.build.run_folder", lambda *_: typer.Exit())
    region = tmp_path / "region"
    ended = CliRunner().invoke(app, ["combine", "--homes", str(homes[0]), str(other), "--home", str(region)])
    assert ended.exit_code == 0
    assert f"{other}: links nobody: {why}. To count people there, build it with person_identity" in ended.output
    with duckdb.connect(str(region / "warehouse.duckdb"), read_only=True) as con:
        ((is_measured, reason),) = con.execute("select is_measured, reason from raw.linkage_runs").fetchall()
    assert is_measured and "1 of them linked nobody" in reason
    assert _people(region) == _people(homes[0])


def test_a_region_that_cannot_be_combined_again_is_a_failed_build_of_earlier_figures(
    tmp_path: Path, homes: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    region = fresh_home(tmp_path / "region")
    combined.take_in(region, combined.read_parts(homes), AS_OF)
    assert builds.last_build(region) is None
    ended = CliRunner().invoke(app, ["combine", "--homes", str(homes[0]), str(tmp_path), "--home", str(region)])
    last = builds.last_build(region)
    assert ended.exit_code == 2 and last is not None
    assert (last.result, "saw none" in last.words) == (builds.FAILED, True)


class TestRefused:
    """Before anything is written: which home, what was expected, what was seen, what to do."""

    def _said(self, region: Path, *homes: Path, more: tuple[str, ...] = ()) -> str:
        asked = ["combine", "--homes", *map(str, homes), "--home", str(region), *more]
        ended = CliRunner().invoke(app, asked)
        assert ended.exit_code == 2
        assert not region.exists()
        return ended.output

    def test_one_home_alone(self, tmp_path: Path, homes: list[Path]) -> None:
        assert "expected two homes or more after --homes, saw 1" in self._said(tmp_path / "region", homes[0])

    def test_a_home_named_twice(self, tmp_path: Path, homes: list[Path], part: Callable[[str, int], Path]) -> None:
        said = self._said(tmp_path / "region", homes[0], part("north", 0))
        assert f"{homes[0]}: is named 2 times. Name it once." in said

    def test_a_folder_that_is_no_home(self, tmp_path: Path, homes: list[Path]) -> None:
        said = self._said(tmp_path / "region", homes[0], tmp_path)
        assert f"{tmp_path}: expected a home" in said

    def test_every_home_with_a_fault_is_named_at_once(self, tmp_path: Path, homes: list[Path]) -> None:
        (tmp_path / "damaged").mkdir()
        (tmp_path / "damaged" / "warehouse.duckdb").write_text("not a warehouse")
        said = self._said(tmp_path / "region", tmp_path / "gone", homes[0], tmp_path / "damaged")
        assert f"{tmp_path}/gone: expected a home with a warehouse, saw none. Build it first: stra build." in said
        assert f"{tmp_path}/damaged: its warehouse could not be read" in said
        said = self._said(tmp_path / "region", *(tmp_path / f"gone{n}" for n in range(43)))
        assert said.count("saw none") == combined.MOST_SAID and "and 33 faults more." in said

    def test_a_home_of_another_version(self, tmp_path: Path, homes: list[Path]) -> None:
        other = copied(homes[1], tmp_path / "other")
        with duckdb.connect(str(other / "warehouse.duckdb")) as con:
            con.execute("alter table raw.person_links add column of_later integer")
        words = "was made by another version of the product. Run stra build there again with this one."
        assert f"{other}: raw.person_links {words}" in self._said(tmp_path / "region", homes[0], other)
        with duckdb.connect(str(other / "warehouse.duckdb")) as con:
            con.execute("alter table raw.person_links drop column of_later")
            con.execute("update raw.deliveries set reader_version = 'earlier' where source = 'crime'")
        assert f"{other}: crime {words}" in self._said(tmp_path / "region", homes[0], other)

    def test_a_home_that_is_being_built(self, tmp_path: Path, homes: list[Path]) -> None:
        other = copied(homes[1], tmp_path / "other")
        hold = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
        command = [sys.executable, "-c", hold, str(other / "warehouse.duckdb")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as builder:
            assert builder.stdout is not None
            builder.stdout.readline()
            said = self._said(tmp_path / "region", homes[0], other)
            builder.communicate()
        assert f"{other}: a build has it open. Wait until it is done, then run this again." in said

    def test_a_force_in_two_homes(self, tmp_path: Path, homes: list[Path]) -> None:
        said = self._said(tmp_path / "region", homes[0], copied(homes[0], tmp_path / "south"))
        assert f"has figures of {FORCES[0]}, and so has" in said
        assert f"If one only has crimes that {FORCES[0]} was sent, name its own force in its mapping.toml" in said

    def test_homes_of_different_days(self, tmp_path: Path, homes: list[Path], extracts: tuple[Extract, ...]) -> None:
        parts = combined.read_parts(homes)
        assert combined.described_day(parts, None) == AS_OF
        other = replace(parts[1], as_of=date(2025, 12, 31))
        with pytest.raises(combined.CannotCombine) as raised:
            combined.described_day([parts[0], parts[0], other], None)
        assert str(raised.value) == (
            f"the homes describe different days (2 of 3: 2026-03-31; {other.home}: 2025-12-31). Say which with --as-of,"
            " such as 2026-03-31, or build those homes again with one --as-of."
        )
        assert combined.described_day([parts[0], other], AS_OF) == AS_OF

    def test_rows_that_are_gone(self, tmp_path: Path, homes: list[Path], part: Callable[[str, int], Path]) -> None:
        file = next((homes[1] / "raw" / "crime").glob("*.parquet"))
        away = file.rename(tmp_path / "away.parquet")
        try:
            assert "the rows of a delivery; it is not there" in self._said(tmp_path / "region", *homes)
        finally:
            away.rename(file)

    @pytest.mark.parametrize("at_once", [combined.KEYS_AT_ONCE, 7])
    def test_a_reference_of_two_forces(
        self, tmp_path: Path, homes: list[Path], same_references: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
    ) -> None:
        """One of the two records would be set aside as a repeat. They are counted whole, however many at once."""
        monkeypatch.setattr(combined, "KEYS_AT_ONCE", at_once)
        said = self._said(tmp_path / "region", homes[0], same_references)
        assert "expected each crime_id of crime in one force, saw 60 in both" in said
