"""What one of two forces did not deliver is not measured for it, and the other's figures are those of its own build.

One force delivers everything. The other leaves out outcomes, bail and the grades of its risk assessments.
"""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from legal_builds import fresh_home
from legal_extract import COUNTRYWIDE, FORCES, Case, Extract, of_forces
from worked import Row, made, only

from pipelines.builds import combined
from pipelines.builds.session import Session, open_session
from pipelines.fetching.folder import DataFolder, read_folder
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import reads

A, B = FORCES[:2]
BOTH = [{"force_code": A}, {"force_code": B}]
AS_OF = date(2026, 3, 31)
MOMENTS = [{"as_of_at": "2026-03-31 22:59:59+00", "received_at": "2026-03-31 22:59:59+00"}]
CRIMES = [{"crime_ref": f"{force}-1", "force_code": force, "class_code": "8Q", "recorded_at": "2025-01-10 09:00+00",
           "recorded_date": "2025-01-10"} for force in (A, B)]  # fmt: skip
SPANS = [{"crime_ref": f"{force}-1", "counts_from": "2025-01-10 09:00+00"} for force in (A, B)]
TABLES = ("core.supply_gaps", "core.absent_fields", "metrics.measure_crimes", "metrics.meeting_list_states",
          "metrics.protection_measures", "metrics.order_funnel", "core.outcome_times",
          "core.caseload_holdings")  # fmt: skip


def supplied(*sources: str, without: str = "") -> list[Row]:
    """Both forces delivered these, but the second force not what it is without."""
    return [{"force_code": force, "source": source} for force in (A, B) for source in sources
            if (force, source) != (B, without)]  # fmt: skip


class TestWorked:
    """A worked example of each kind, in tables made one by one."""

    @pytest.mark.parametrize(
        ("without", "absent"),
        [("outcome", []), ("", [{"force_code": B, "source": "outcome", "field_name": "code"}])],
    )
    def test_without_outcomes_or_their_codes_no_crime_of_that_force_is_open_or_uncharged(
        self, without: str, absent: list[Row]
    ) -> None:
        times = made("core.outcome_times", core_crimes=CRIMES, core_stalking_harassment_spans=SPANS,
                     core_extract_moments=MOMENTS, core_absent_fields=absent,
                     core_force_deliveries=supplied("crime", "outcome", without=without))  # fmt: skip
        assert [row["crime_ref"] for row in times] == [f"{A}-1"]
        events = made("core.measure_events", core_outcome_times=times, core_extract_moments=MOMENTS)
        assert [row["crime_ref"] for row in only(events, measure_code="charged_365")] == [f"{A}-1"]

    def test_the_table_is_named_for_that_force_alone_and_no_share_of_nought_is_made(self) -> None:
        gaps = made("core.supply_gaps", core_force_scope=BOTH, core_crimes=CRIMES,
                    core_force_deliveries=supplied("crime", "outcome", "party_role", without="outcome"))  # fmt: skip
        told = {row["force_code"]: row["lacks"] for row in only(gaps, code="charged_365")}
        assert told == {B: "table outcome"}
        events = [{"measure_code": "charged_365", "crime_ref": c["crime_ref"], "month": "2025-01-01", "is_met": False}
                  for c in CRIMES]  # fmt: skip
        counted = made("metrics.measure_crimes", core_measure_events=events, core_supply_gaps=gaps,
                       core_force_scope=BOTH, core_crimes=CRIMES, core_extract_moments=MOMENTS)  # fmt: skip
        assert [row["force_code"] for row in counted] == [A]

    def test_flags_and_submissions_that_one_force_enters_say_nothing_of_the_other(self) -> None:
        rows = made("core.outcome_times", core_crimes=CRIMES, core_stalking_harassment_spans=SPANS,
                    core_extract_moments=MOMENTS, core_force_deliveries=supplied("outcome"),
                    core_crime_flags=[{"crime_ref": f"{A}-1", "flag": "online"}],
                    core_cps_submissions=[{"crime_ref": f"{A}-1", "submission_type": "ch"}])  # fmt: skip
        found = {row["crime_ref"]: (row["is_flagged_domestic"], row["has_early_advice"]) for row in rows}
        assert found == {f"{A}-1": (False, False), f"{B}-1": (None, None)}

    @pytest.mark.parametrize(
        ("without", "absent", "told"),
        [("bail", [], "table bail not supplied"),
         ("", [{"force_code": B, "source": "bail", "field_name": "breached_ts"}],
          "field bail.breached_ts not supplied")],
    )  # fmt: skip
    def test_a_list_for_the_meeting_is_empty_for_one_force_and_not_measured_for_the_other(
        self, without: str, absent: list[Row], told: str
    ) -> None:
        gaps = made("core.supply_gaps", core_force_scope=BOTH, core_crimes=CRIMES, core_absent_fields=absent,
                    core_force_deliveries=supplied("crime", "custody", "bail", without=without))  # fmt: skip
        states = made("metrics.meeting_list_states", core_supply_gaps=gaps, core_force_scope=BOTH, core_crimes=CRIMES,
                      core_extract_moments=MOMENTS)  # fmt: skip
        rows = only(states, list_code="bail_breaches", period="daily")
        assert {row["force_code"]: (row["record_count"], row["reason"]) for row in rows} == {
            A: (0, None),
            B: (None, told),
        }

    def test_a_force_without_a_list_of_investigators_has_no_caseload_and_the_other_has(self) -> None:
        spans = [{"crime_ref": c["crime_ref"], "force_code": c["force_code"], "open_from_at": "2025-01-10 09:00+00",
                  "is_end_unknown": False} for c in CRIMES]  # fmt: skip
        sources = supplied("allocation", "investigator", "risk_assessment", without="investigator")
        held: dict[str, list[Row]] = {"core_open_crime_spans": spans, "core_extract_moments": MOMENTS}
        rows = made("core.caseload_holdings", **held, core_force_deliveries=sources)
        assert {row["force_code"] for row in rows} == {A}
        grades = [{"force_code": B, "source": "risk_assessment", "field_name": "grade"}]
        rows = made("core.caseload_holdings", **held, core_absent_fields=grades,
                    core_force_deliveries=supplied("allocation", "investigator", "risk_assessment"))  # fmt: skip
        assert {(row["force_code"], row["is_risk_measured"]) for row in rows} == {(A, True), (B, False)}


def _taken_in(root: Path, *extracts: Extract) -> Path:
    """A home with TABLES of some extracts: each table in one folder, in a part for each."""
    folder = root / "data" / "force"
    folder.mkdir(parents=True)
    for number, extract in enumerate(extracts, 1):
        for table, rows in extract.items():
            rows.write_csv(folder / f"{table}_part{number}.csv")
    with open_session(fresh_home(root / "home"), read_folder(root / "data"), AS_OF) as session:
        session.take_in()
        _built(session)
    return root / "home"


def _built(session: Session) -> None:
    for card in session.stale_tables():
        if card.table in TABLES or card.table in _before(TABLES):
            session.build(card)


def _before(tables: tuple[str, ...]) -> set[str]:
    found = {table for name in tables for table in reads(all_cards()[name])}
    return found | _before(tuple(found)) if found else found


def _rows(home: Path, table: str, force: str) -> list[tuple[Any, ...]]:
    """What a table has of a force."""
    names = {column.name for column in all_cards()[table].columns}
    own = "force_code = $1"
    if "force_code" not in names:
        own = "crime_ref in (select crime_ref from core.crimes where force_code = $1)"
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        return con.execute(f"select * from {table} where {own} order by all", [force]).fetchall()


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A home of each force, one of both, and one combined of the first two."""
    one = Case(5, 60).make()
    both = of_forces(one, (B,))
    other = {t: rows.slice(one[t].height) for t, rows in both.items() if t not in (*COUNTRYWIDE, "outcome", "bail")}
    other["risk_assessment"] = other["risk_assessment"].drop("grade")
    made_of = {A: (one,), B: (other,), "joint": (one, other)}
    found = {name: _taken_in(tmp_path_factory.mktemp("home"), *extracts) for name, extracts in made_of.items()}
    region = fresh_home(tmp_path_factory.mktemp("home") / "region")
    combined.take_in(region, combined.read_parts([found[A], found[B]]), AS_OF)
    with open_session(region, DataFolder(region / "raw"), AS_OF) as session:
        session.take_in()
        _built(session)
    return found | {"region": region}


@pytest.mark.slow
class TestBuilt:
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("force", [A, B])
    def test_each_force_s_rows_are_those_of_its_own_build_whether_built_together_or_combined(
        self, homes: dict[str, Path], force: str, table: str
    ) -> None:
        own = _rows(homes[force], table, force)
        assert _rows(homes["joint"], table, force) == own
        assert _rows(homes["region"], table, force) == own

    def test_the_examples_hold_what_they_are_about(self, homes: dict[str, Path]) -> None:
        """One force has charges to count; the other has crimes, and what it lacks is named."""
        counted = {
            force: {row[1] for row in _rows(homes["region"], "metrics.measure_crimes", force)} for force in (A, B)
        }
        assert "charged_365" in counted[A] and "recorded" in counted[B] and "charged_365" not in counted[B]
        gaps = {row[1]: row[2] for row in _rows(homes["region"], "core.supply_gaps", B)}
        assert (gaps["charged_365"], gaps["new_high_risk"], gaps["bail_breaches"]) == (
            "table outcome", "field risk_assessment.grade", "table bail",
        )  # fmt: skip
        assert _rows(homes["region"], "core.supply_gaps", A) == []

    def test_combining_says_nothing_of_it(self, homes: dict[str, Path]) -> None:
        assert all("lacks" not in said for said in combined.warnings(combined.read_parts([homes[A], homes[B]])))
