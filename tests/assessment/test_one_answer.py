"""One question has one answer: no published table shows another figure of a measure than the measure's own."""

import tomllib
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import InventedForce

from pipelines.tables.cards import ROOT, all_cards

LISTS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "one_answer.toml").read_text(encoding="utf-8"))
FIGURES = ("bigint", "integer", "double")
COLUMNS = "measure_code, breakdown, breakdown_value, period_type, period_start, numerator, denominator"


@cache
def shown() -> frozenset[str]:
    """Published tables of metrics with a number, whose name stands in the code of a page, document or command."""
    rooms = ("dashboards", "pipelines/commands", "stra")
    code = "".join(file.read_text(encoding="utf-8") for room in rooms for file in (ROOT / room).rglob("*.py"))
    return frozenset(
        table for table, card in all_cards().items()
        if card.schema == "metrics" and card.audience and table in code
        and any(column.type in FIGURES for column in card.columns)
    )  # fmt: skip


def test_every_table_of_figures_is_a_measure_or_says_why_it_is_none() -> None:
    listed = [*LISTS["measures"], *LISTS["same"], *LISTS["apart"]]
    assert sorted(table for table in shown() if not any(fnmatch(table, name) for name in listed)) == []
    assert [name for name in listed if not any(fnmatch(table, name) for table in shown())] == []
    assert len(LISTS["apart"]) <= 60 and all(LISTS["apart"].values())


@pytest.mark.parametrize("table", LISTS["same"])
def test_a_measure_has_one_figure_wherever_it_is_shown(invented_force: InventedForce, table: str) -> None:
    with invented_force.connect() as con:
        again = LISTS["same"][table]["sql"]
        con.execute(f"create or replace temp table shown as select * from ({again}) as t ({COLUMNS})")
        [[count]] = con.execute("select count(*) from shown").fetchall()
        wrong = con.execute("""
            select t.*, v.numerator, v.denominator
            from shown as t
            left join metrics.measure_values as v
                on t.measure_code = v.measure_code and t.breakdown = v.breakdown
                and t.breakdown_value = v.breakdown_value and t.period_type = v.period_type
                and coalesce(t.period_start = v.period_start, true)
            where (v.measure_code is null and t.breakdown = 'none') or t.numerator <> v.numerator
                or t.denominator <> v.denominator
            limit 20
        """).fetchall()
    assert count > 0
    assert wrong == []


def test_a_duty_that_names_no_difference_has_the_figure_of_its_standard(invented_force: InventedForce) -> None:
    with invented_force.connect() as con:
        pairs = con.execute("""
            select d.measure_code, v.numerator, v.denominator, s.numerator, s.denominator
            from reference.protection_measures as d
            inner join metrics.measure_values as v on d.measure_code = v.measure_code
            inner join metrics.measure_values as s on d.rule_codes = s.measure_code
            where d.differs is null and v.breakdown = 'none' and s.breakdown = 'none'
                and v.period_type = 'to_date' and s.period_type = 'to_date'
        """).fetchall()
    assert len(pairs) >= 9
    assert [pair for pair in pairs if pair[1:3] != pair[3:]] == []


def test_a_verdict_is_that_of_the_last_point_of_its_chart_and_no_audience_has_another(
    invented_force: InventedForce,
) -> None:
    with invented_force.connect() as con:
        wrong = con.execute("""
            select v.series_ref, v.verdict, v.signal, p.signal
            from metrics.measure_verdicts as v
            left join metrics.measure_points as p on v.series_ref = p.series_ref and v.latest_period = p.month
            where p.month is null or v.signal is distinct from nullif(p.signal, '')
                or v.expected_lower is distinct from p.lower_limit or v.expected_upper is distinct from p.upper_limit
                or (v.verdict in ('higher', 'lower')) <> (coalesce(p.signal, '') <> '')
            limit 20
        """).fetchall()
        [[count]] = con.execute("select count(*) from metrics.measure_verdicts where signal is not null").fetchall()
    assert count > 0
    assert wrong == []
    holders = {"metrics.measure_verdicts"}
    assert {
        table for table, card in all_cards().items()
        if card.audience and {"measure_code", "verdict"} <= {column.name for column in card.columns}
    } == holders  # fmt: skip
