"""Repeat and serial suspects of the invented force: what was planted is counted, and nothing of the future is seen."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest
from conftest import InventedForce

from pipelines.cards import all_cards
from pipelines.tables import build_table
from pipelines.warehouse import STATE

pytestmark = pytest.mark.slow

MADE = ("core.as_of_moments", "core.stalking_harassment_spans", "core.suspect_reports", "core.reports_as_of",
        "core.suspect_events", "core.suspect_windows", "metrics.repeat_suspects")  # fmt: skip
READ = ("core.extract_moments", "core.crimes", "core.parties", "core.people", "core.removals", "core.crime_harm",
        "core.crime_behaviours", "core.classification_changes", "core.included_classifications",
        "reference.settings", "reference.repeat_windows")  # fmt: skip
COUNTS = "true_person, window_days, event_count, victim_count, is_repeat, is_serial"


@pytest.fixture
def warehouse(invented_force: InventedForce) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of what the tables of suspects are made from, to be changed at will; links are those that were planted."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute(STATE)
    con.execute(f"attach '{invented_force.home / 'warehouse.duckdb'}' as built (read_only)")
    for schema in ("reference", "core", "metrics"):
        con.execute(f"create schema {schema}")
    for table in READ:
        con.execute(f"create table {table} as select * from built.{table}")
    for name in ("people", "suspects", "suspect_events"):
        con.register(name, pl.read_csv(invented_force.data / "truth" / f"{name}.csv", infer_schema_length=None))
    con.execute(
        "create or replace table core.people as select p.* replace (t.true_person as person_ref)"
        " from core.people as p inner join people as t on p.person_key = t.person_key"
    )
    yield con
    con.close()


def build(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from build.table_states")  # else what was built before stands, whatever was changed beneath it
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


@pytest.mark.parametrize("day", ["2023-06-30", "2024-12-31", "2025-10-26"])
def test_as_of_an_earlier_day_the_same_from_what_was_on_record_by_then(
    warehouse: duckdb.DuckDBPyConnection, day: str
) -> None:
    """Read once more in plain Python, crime by crime, from the facts of the record and the planted people."""
    moment = f"timestamptz '{day} 22:00:00+00'"
    warehouse.execute(f"update core.extract_moments set as_of_at = {moment}, events_limit_at = {moment}")
    build(warehouse)
    rows = warehouse.execute(
        "select person_ref, event_count, victim_count from metrics.repeat_suspects where window_days = 365"
    ).fetchall()
    assert {person: (events, victims) for person, events, victims in rows} == _read_again(warehouse, moment)


def _read_again(con: duckdb.DuckDBPyConnection, moment: str) -> dict[str, tuple[int, int]]:
    limit = con.execute(f"select epoch({moment})").fetchall()[0][0]
    who = dict(con.execute("select person_key, person_ref from core.people").fetchall())
    stalking = {"8L", "8M", "8Q", "8R", "8U"}
    classes: dict[str, list[tuple[float, str]]] = {}
    for crime, _, at, code in con.execute(
        "select crime_ref, sequence_number, epoch(changed_at), class_code from core.classification_changes"
        " order by 1, 2, 3"
    ).fetchall():
        classes.setdefault(crime, []).append((at, code))
    included: dict[str, float] = {}
    for crime, at in con.execute(
        "select crime_ref, epoch(added_at) from core.included_classifications where class_code in"
        " ('8L', '8M', '8Q', '8R', '8U')"
    ).fetchall():
        included[crime] = min(at, included.get(crime, at))
    removed = dict(con.execute("select crime_ref, min(epoch(removed_at)) from core.removals group by 1").fetchall())
    counted: dict[str, float] = {}
    for crime, code, reported, recorded in con.execute(
        "select crime_ref, class_code, epoch(reported_at), epoch(recorded_at) from core.crimes"
    ).fetchall():
        history = classes.get(crime, [])
        if history and history[-1][0] > limit:  # what it is now came later
            earlier = [c for at, c in history if at <= limit]
            code = earlier[-1] if earlier else (history[0][1] if len(history) > 1 else code)
        is_one = code in stalking or included.get(crime, limit + 1) <= limit
        if is_one and max(reported, recorded) <= limit and removed.get(crime, limit + 1) > limit:
            counted[crime] = reported
    suspects: dict[str, set[str]] = {}
    victims: dict[str, set[str]] = {}
    for crime, key, role, named, added, gone in con.execute(
        "select crime_ref, person_key, party_role, is_named, epoch(first_added_at), epoch(eliminated_at)"
        " from core.parties where person_key is not null"
    ).fetchall():
        if role == "victim":
            victims.setdefault(crime, set()).add(who[key])
        on_record = (added is None or added <= limit) and (gone is None or gone > limit)
        if role in ("suspect", "offender") and named and on_record:
            suspects.setdefault(crime, set()).add(who[key])
    dyads: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for crime, reported in counted.items():
        for suspect in suspects.get(crime, ()):
            for victim in victims.get(crime, {f"of {crime}"}):
                dyads.setdefault((suspect, victim), []).append((reported, crime))
    found: dict[str, tuple[set[str], set[str]]] = {}
    for (suspect, victim), reports in dyads.items():
        before = float("-inf")
        for reported, crime in sorted(reports):
            if reported - before > 7 * 86400 and reported > limit - 365 * 86400:
                begun, known = found.setdefault(suspect, (set(), set()))
                begun.add(crime)
                known |= {victim} - {f"of {crime}"}
            before = reported
    return {suspect: (len(begun), len(known)) for suspect, (begun, known) in found.items()}


def test_what_comes_later_changes_no_figure_as_of_an_earlier_moment(warehouse: duckdb.DuckDBPyConnection) -> None:
    build(warehouse)
    earlier = "select * from core.suspect_windows where not is_current"
    before = warehouse.cursor().sql(f"{earlier} order by all").pl()
    assert before.height > 1000
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
    assert warehouse.cursor().sql(f"{earlier} order by all").pl().equals(before)
