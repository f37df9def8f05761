"""Repeat and serial suspects of the invented force: what was planted is counted, and nothing of the future is seen."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest
from conftest import InventedForce
from test_points_table import BANDS, PARTS

from pipelines.cards import all_cards
from pipelines.lineage import reads
from pipelines.tables import build_table

pytestmark = pytest.mark.slow

MADE = ("core.as_of_moments", "core.stalking_harassment_spans", "core.suspect_reports", "core.reports_as_of",
        "core.suspect_events", "core.suspect_windows", "metrics.repeat_suspects", "core.v100_suspects",
        "core.ranked_suspects", "core.later_events", "metrics.ranking_backtest")  # fmt: skip
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


def test_a_points_table_ranks_every_suspect_and_the_back_test_has_it_at_every_origin(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """The points of each suspect and window, looked up once more in plain Python."""
    assert warehouse.execute("select distinct band_source from core.rfgv_bands").fetchall() == [
        ("invented: no force's points",)
    ]
    warehouse.execute("delete from core.rfgv_bands")
    build(warehouse)
    methods = "select method, count(*) from metrics.ranking_backtest group by method"
    assert "points table" not in dict(warehouse.execute(methods).fetchall())
    warehouse.execute("update core.crime_harm set severity_weight = 10")
    for band in BANDS:
        warehouse.execute("insert into core.rfgv_bands by name select ? as component, ? as from_value, ? as to_value,"
                          " ? as points", list(band.values()))  # fmt: skip
    build(warehouse)
    rows = warehouse.execute(
        "select (epoch(as_of_at) - epoch(last_reported_at)) / 86400, event_count, harm_css, victim_count,"
        f" {', '.join(PARTS)}, banded_score from core.suspect_windows where is_current or window_days = 730"
    ).fetchall()
    assert len(rows) > 1000
    for *values, recency, frequency, gravity, victims, score in rows:
        expected = [
            next(band["points"] for band in BANDS if band["component"] == component and band["from_value"] <= value
                 and (band["to_value"] is None or value < band["to_value"]))
            for component, value in zip(("recency", "frequency", "gravity", "victims"), values, strict=True)
        ]  # fmt: skip
        assert [recency, frequency, gravity, victims] == expected and score == sum(expected)
    tested = dict(warehouse.execute(methods).fetchall())
    assert tested["points table"] == tested["score"] == tested["event count"] > 5


def test_suspects_of_small_areas_are_those_whose_events_lie_there(invented_force: InventedForce) -> None:
    """Counted once more in plain Python, event by event, by the small area that most crimes have."""
    with invented_force.connect() as con:
        areas = dict(con.execute("select crime_ref, lsoa_code from core.crimes").fetchall())
        repeat = {
            (window, suspect) for window, suspect in con.execute(
                "select window_days, suspect_ref from core.suspect_windows where is_current and is_repeat"
            ).fetchall()
        }  # fmt: skip
        found: dict[tuple[int, str], set[str]] = {}
        for suspect, crime, days in con.execute(
            "select suspect_ref, event_ref, (epoch(as_of_at) - epoch(event_at)) / 86400 from core.suspect_events"
            " where is_current"
        ).fetchall():
            for window in (90, 365, 730, 1095):
                if days < window:
                    found.setdefault((window, areas[crime] or "none"), set()).add(suspect)
        rows = con.execute(
            "select window_days, area_code, suspect_count, repeat_suspect_count, area_type, shrunk_share, lower, share"
            " from metrics.repeat_by_area"
        ).fetchall()
    assert {(window, area): (total, again) for window, area, total, again, *_ in rows} == {
        (window, area): (len(people), sum((window, suspect) in repeat for suspect in people))
        for (window, area), people in found.items()
    }
    assert {kind for *_, kind, _, _, _ in rows} == {"lsoa", "none"}
    assert all((drawn is None) == (kind == "none") and low <= share for *_, kind, drawn, low, share in rows)


def test_the_points_table_of_the_invented_force_is_taken_in_and_said_to_be(invented_force: InventedForce) -> None:
    with invented_force.connect() as con:
        assert con.execute("select state, file_name, band_count from core.rfgv_points_states").fetchall() == [
            ("loaded", "points/rfgv_points.csv", 13)
        ]
        parts = con.execute(
            "select count(recency_points), count(frequency_points), count(victims_points), count(*),"
            " count(gravity_points), count(harm_css) from metrics.repeat_suspects"
        ).fetchall()[0]
    assert parts[0] == parts[1] == parts[2] == parts[3] > 1000
    assert parts[4] == parts[5], "points of gravity where there is harm"
