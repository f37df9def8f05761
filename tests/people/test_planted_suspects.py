"""Repeat and serial suspects of the invented force: what was planted is counted, and nothing of the future is seen."""

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest
from conftest import InventedForce

from pipelines.builds.tables import build_table
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import reads

pytestmark = pytest.mark.slow

MADE = ("core.as_of_moments", "core.stalking_harassment_spans", "core.suspect_reports", "core.reports_as_of",
        "core.suspect_events", "core.suspect_windows", "core.v100_suspects", "core.ranking_features",
        "core.ranking_weights", "core.ranked_suspects", "core.later_events", "metrics.ranking_choice",
        "metrics.repeat_suspects", "metrics.ranking_backtest")  # fmt: skip
READ = sorted({name for made in MADE for name in reads(all_cards()[made])} - set(MADE) | {"core.crime_behaviours"})
COUNTS = "true_person, window_days, event_count, victim_count, is_repeat, is_serial"


@pytest.fixture
def warehouse(invented_force: InventedForce) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of what the tables of suspects are made from, to be changed at will; links are those that were planted."""
    con = invented_force.copied(READ)
    for name in ("people", "suspects", "suspect_events"):
        con.register(name, pl.read_csv(invented_force.data / "truth" / f"{name}.csv", infer_schema_length=None))
    con.execute(
        "create or replace table core.people as select p.* replace (t.true_person as person_ref)"
        " from core.people as p inner join people as t on p.person_key = t.person_key"
    )
    yield con
    con.close()


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables anew: what a test changed by hand has moved no state, and nothing would be made a second time."""
    con.execute("delete from build.table_states")
    for table in MADE:
        build_table(con, all_cards()[table])


def test_events_victims_repeat_and_serial_equal_what_was_planted_in_every_window(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    build(warehouse)
    ours = "select person_ref as true_person, window_days, event_count, victim_count, is_repeat, is_serial"
    ours += " from metrics.repeat_suspects"
    for one, other in ((ours, f"select {COUNTS} from suspects"), (f"select {COUNTS} from suspects", ours)):
        assert warehouse.execute(f"({one}) except ({other})").fetchall() == []
    repeat = "select window_days, count(*) from suspects where is_repeat group by 1"
    counted = dict(warehouse.execute(repeat).fetchall())
    assert set(counted) == {90, 365, 730, 1095} and min(counted.values()) > 20


def test_what_comes_later_changes_no_figure_as_of_an_earlier_moment(warehouse: duckdb.DuckDBPyConnection) -> None:
    build(warehouse)
    earlier = [f"select * from core.{table} where not is_current order by all"
               for table in ("suspect_windows", "ranked_suspects")]  # fmt: skip
    before = [warehouse.cursor().sql(query).pl() for query in earlier]
    assert all(rows.height > 1000 for rows in before) and "regression" in before[1]["method"].unique().to_list()
    last = "(select max(as_of_at) from core.as_of_moments where not is_current)"
    for table, at in (
        ("core.crimes", "recorded_at"),
        ("core.removals", "removed_at"),
        ("core.included_classifications", "added_at"),
    ):
        warehouse.execute(f"delete from {table} where {at} > {last}")
    # what is overwritten in the record keeps its history, and its history alone is asked
    warehouse.execute(f"update core.crimes set class_code = '105A' where crime_ref in (select crime_ref from"
                      f" core.classification_changes where changed_at > {last})")  # fmt: skip
    warehouse.execute(f"update core.parties set eliminated_at = null where eliminated_at > {last}")
    build(warehouse)
    assert all(warehouse.cursor().sql(query).pl().equals(rows) for query, rows in zip(earlier, before))


def test_the_points_table_of_the_invented_force_is_taken_in_and_said_to_be(invented_force: InventedForce) -> None:
    with invented_force.connect() as con:
        assert con.execute(
            "select state, file_name, entry_count from core.list_states where list_code = 'rfgv_points'"
        ).fetchall() == [("loaded", "points/rfgv_points.csv", 13)]
        parts = con.execute(
            "select count(recency_points), count(frequency_points), count(victims_points), count(*),"
            " count(gravity_points), count(harm_css) from metrics.repeat_suspects"
        ).fetchall()[0]
    assert parts[0] == parts[1] == parts[2] == parts[3] > 1000
    assert parts[4] == parts[5], "points of gravity where there is harm"
