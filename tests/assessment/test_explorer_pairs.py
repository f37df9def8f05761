"""Two breakdowns at once: the pairs add up to their parts, and none that is hidden can be worked out."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable
from typing import cast

import duckdb
import numpy as np
import polars as pl
import pytest
from conftest import InventedForce
from worked import Row, made

from dashboards.data.published import Copy
from dashboards.pages.assessment import explorer_charts, explorer_pairs_data
from dashboards.pages.assessment.explorer_data import Choice
from dashboards.text import comparisons, small_tables
from dashboards.text.small_numbers import SmallNumbers
from dashboards.text.small_tables import Cell, SmallTable

RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)
PART = {"unit": "U", "relationship": "partner", "domestic_abuse": "flagged", "online": "not flagged", "risk": "high",
        "victim_sex": "female", "victim_age": "25 to 34", "victim_ethnicity": "W1", "suspect_sex": "male",
        "suspect_age": "35 to 44", "suspect_ethnicity": "W1"}  # fmt: skip


def table(rows: list[list[int]], hidden_rows: Iterable[str] = (), hidden_columns: Iterable[str] = ()) -> SmallTable:
    counts = {(f"r{i}", f"c{j}"): count for i, row in enumerate(rows) for j, count in enumerate(row)}
    return SmallTable(counts, {}, frozenset(hidden_rows), frozenset(hidden_columns), RULE)


def followed(of: SmallTable, hidden: set[Cell]) -> set[Cell]:
    """The hidden cells that the totals fix, by linear algebra: those along which no solution moves."""
    unknown = sorted(hidden)
    lines = [(0, name) for name in sorted({c[0] for c in of.counts} - of.hidden_rows)]
    lines += [(1, name) for name in sorted({c[1] for c in of.counts} - of.hidden_columns)]
    if not unknown:
        return set()
    equations = [[float(cell[side] == name) for cell in unknown] for side, name in lines]
    system = np.array([*equations, [1.0] * len(unknown)])  # the whole is known too
    _, sizes, directions = np.linalg.svd(system)
    free = directions[int((sizes > 1e-9).sum()) :]
    return {cell for place, cell in enumerate(unknown) if np.abs(free[:, place]).max(initial=0.0) < 1e-9}


class TestSmallTable:
    def test_a_small_cell_hides_another_in_its_row_and_in_its_column(self) -> None:
        hidden = table([[2, 20, 30], [40, 50, 60], [70, 80, 90]]).hidden()
        assert ("r0", "c0") in hidden
        assert len([c for c in hidden if c[0] == "r0"]) > 1 and len([c for c in hidden if c[1] == "c0"]) > 1
        assert ("r2", "c2") not in hidden

    def test_a_table_of_large_cells_is_shown_whole(self) -> None:
        assert table([[10, 20], [30, 0]]).hidden() == set()

    def test_all_cells_of_a_hidden_total_are_hidden(self) -> None:
        hidden = table([[10, 20, 30], [40, 50, 60], [70, 80, 90]], hidden_rows=["r1"]).hidden()
        assert {cell for cell in hidden if cell[0] == "r1"} == {("r1", "c0"), ("r1", "c1"), ("r1", "c2")}

    def test_a_share_is_hidden_for_what_it_counts_or_for_what_it_does_not(self) -> None:
        counts = {("r", "a"): 40, ("r", "b"): 40, ("r", "c"): 10, ("s", "a"): 40, ("s", "b"): 40, ("s", "c"): 40}
        rests = dict.fromkeys(counts, 40) | {("r", "a"): 3, ("r", "c"): 10}
        hidden = SmallTable(counts, rests, frozenset(), frozenset(), RULE).hidden()
        assert {("r", "a"), ("r", "c")} <= hidden, "three are not counted; ten of twenty are too few for a share"
        assert any(cell[0] == "s" for cell in hidden), "the column would reveal the three"

    def test_two_blocks_that_one_small_cell_joins_do_not_reveal_it(self) -> None:
        """Each row and column has two hidden cells, and still the one between the blocks would follow."""
        rows = [[2, 2, 50, 50], [2, 2, 3, 50], [50, 50, 2, 2], [50, 50, 2, 2]]
        of = table(rows)
        small = {cell for cell, count in of.counts.items() if RULE.is_small(count)}
        assert ("r1", "c2") in followed(of, small)
        assert ("r1", "c2") not in followed(of, of.hidden())

    @pytest.mark.parametrize("seed", range(200))
    def test_no_small_cell_follows_from_the_totals(self, seed: int) -> None:
        """Totals that are small are hidden, and others from which they would follow."""
        draw = random.Random(seed)
        height, width = draw.randint(2, 6), draw.randint(2, 6)
        rows = [[draw.choice((0, 0, 1, 2, 3, 4, 5, 6, 9, 20, 60)) for _ in range(width)] for _ in range(height)]

        def out(side: str, totals: list[int]) -> list[str]:
            marks = RULE.suppress_others(totals, [RULE.is_small(total) for total in totals])
            return [f"{side}{n}" for n, is_out in enumerate(marks) if is_out]

        of = table(rows, out("r", [sum(row) for row in rows]), out("c", [sum(c) for c in zip(*rows, strict=True)]))
        hidden = of.hidden()
        small = {cell for cell, count in of.counts.items() if RULE.is_small(count)}
        assert small <= hidden
        assert not followed(of, hidden) & small


@pytest.mark.parametrize("seed", range(40))
def test_a_bridge_is_a_step_without_which_two_places_are_not_joined(seed: int) -> None:
    """By the definition: each step is left out in turn, and the other end is looked for."""
    chance = random.Random(seed)
    joined: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row, column in {(chance.randrange(6), chance.randrange(6)) for _ in range(chance.randrange(14))}:
        one, two = ("row", str(row)), ("column", str(column))
        joined.setdefault(one, set()).add(two)
        joined.setdefault(two, set()).add(one)
    steps = {(one, two) for one, beside in joined.items() for two in beside}
    assert small_tables._bridges(joined) == {
        (one, two) for one, two in steps if two not in small_tables._reached(joined, one, without=(one, two))
    }  # fmt: skip


def crimes(count: int, district: str, klass: str | None, *, measure: str = "recorded", met: bool | None = True,
           month: str = "2025-02-01", start: int = 0, **more: str) -> tuple[list[Row], list[Row]]:  # fmt: skip
    """Crimes of a measure, and what they are broken down by; without a class they have no row there."""
    refs = [f"{measure}{district}{klass}{met}{month}{start + n}" for n in range(count)]
    counted = [{"measure_code": measure, "crime_ref": ref, "month": month, "is_met": met, "is_share": measure == "s"}
               for ref in refs]  # fmt: skip
    described = [{"crime_ref": ref, **PART, "district": district, "class": klass, **more}
                 for ref in refs if klass is not None]  # fmt: skip
    return counted, described


def pairs(*groups: tuple[list[Row], list[Row]], kinds: dict[str, str],
          by: tuple[str, str] = ("district", "class")) -> dict[tuple[str, ...], tuple[object, ...]]:  # fmt: skip
    """(period type, first part, second part) of two breakdowns -> counted, of, not known, value."""
    periods = [{"measure_code": code, "breakdown": "none", "period_type": kind, "period_start": start,
                "period_end": end, "is_whole": True}
               for code in kinds for kind, start, end in (("quarter", "2025-01-01", "2025-03-01"),
                                                          ("month", "2025-02-01", "2025-02-01"),
                                                          ("financial_year", "2024-04-01", "2025-03-01"))]  # fmt: skip
    rows = made("metrics.measure_pairs", metrics_measure_values=periods,
                metrics_measure_crimes=[row for counted, _ in groups for row in counted],
                core_crime_breakdowns=[row for _, described in groups for row in described],
                reference_measures=[{"measure_code": code, "kind": kind} for code, kind in kinds.items()])  # fmt: skip
    return {
        (r["period_type"], r["breakdown_value"], r["second_value"]):
            (r["numerator"], r["denominator"], r["not_known_count"], r["value"])
        for r in rows if (r["breakdown"], r["second_breakdown"]) == by
    }  # fmt: skip


def test_a_pair_counts_what_is_in_both_parts_and_what_is_not_known_is_a_part() -> None:
    found = pairs(crimes(3, "North", "8Q"), crimes(2, "North", "8L", month="2025-03-01"), crimes(4, "South", "8Q"),
                  crimes(1, "South", None), kinds={"recorded": "count"})  # fmt: skip
    quarter = {("North", "8Q"): 3, ("North", "8L"): 2, ("South", "8Q"): 4, ("not known", "not known"): 1}
    assert {key[1:]: of[0] for key, of in found.items() if key[0] == "quarter"} == quarter
    assert {key[1:]: of[0] for key, of in found.items() if key[0] == "financial_year"} == quarter
    assert {key[1:]: of[0] for key, of in found.items() if key[0] == "month"} == {
        ("North", "8Q"): 3, ("South", "8Q"): 4, ("not known", "not known"): 1,
    }  # fmt: skip
    assert found["quarter", "North", "8Q"] == (3, None, 0, 3.0)


def test_a_share_of_a_pair_has_none_where_more_is_not_known_than_known_or_too_few_are() -> None:
    share = {"measure": "s"}
    groups = [crimes(10, "North", "8Q", met=True, **share), crimes(30, "North", "8Q", met=False, **share),
              crimes(40, "North", "8Q", met=None, **share), crimes(5, "South", "8Q", met=None, **share),
              crimes(29, "South", "8L", met=True, **share)]  # fmt: skip
    found = pairs(*groups, kinds={"s": "share"})
    assert found["quarter", "North", "8Q"] == (10, 40, 40, 0.25)
    assert found["quarter", "South", "8Q"] == (0, 0, 5, None)
    assert found["quarter", "South", "8L"] == (29, 29, 0, None), "a share is of thirty at least"
    more = pairs(*groups, crimes(1, "North", "8Q", met=None, start=90, **share), kinds={"s": "share"})
    assert more["quarter", "North", "8Q"] == (10, 40, 41, None)


def test_former_partners_at_high_risk_stand_beside_strangers() -> None:
    """The question: former partner and high risk, against stranger and high risk, of those charged."""
    share = {"measure": "s", "risk": "high"}
    found = pairs(
        crimes(20, "North", "8Q", met=True, relationship="former partner", **share),
        crimes(20, "South", "8L", met=False, relationship="former partner", **share),
        crimes(10, "East", "8Q", met=True, relationship="stranger", **share),
        crimes(40, "West", "8Q", met=False, relationship="stranger", **share),
        kinds={"s": "share"}, by=("relationship", "risk"),
    )  # fmt: skip
    assert found["financial_year", "former partner", "high"] == (20, 40, 0, 0.5)
    assert found["financial_year", "stranger", "high"] == (10, 50, 0, 0.2)


def test_ethnicity_and_risk_by_unit_are_by_year_alone() -> None:
    group = crimes(3, "North", "8Q")
    for by in (("class", "victim_ethnicity"), ("class", "suspect_ethnicity"), ("unit", "risk")):
        assert {key[0] for key in pairs(group, kinds={"recorded": "count"}, by=by)} == {"financial_year"}, by
    assert {key[0] for key in pairs(group, kinds={"recorded": "count"}, by=("class", "risk"))} == {
        "financial_year", "quarter",
    }  # fmt: skip


def test_by_month_are_counts_alone_of_district_team_class_and_relationship() -> None:
    """This month, in which district, whose team, against whom. A share of a month's pair is hardly ever of thirty."""
    group = crimes(3, "North", "8Q")
    for by in (("district", "class"), ("district", "relationship"), ("unit", "class"), ("unit", "relationship"),
               ("class", "relationship")):  # fmt: skip
        assert "month" in {key[0] for key in pairs(group, kinds={"recorded": "count"}, by=by)}, by
    for by in (("class", "risk"), ("district", "online"), ("relationship", "risk")):
        assert "month" not in {key[0] for key in pairs(group, kinds={"recorded": "count"}, by=by)}, by
    assert "month" not in {key[0] for key in pairs(crimes(40, "North", "8Q", measure="s"), kinds={"s": "share"})}


@pytest.mark.parametrize("most", [29, 30])
def test_a_period_has_pairs_of_a_share_where_one_of_them_has_enough_cases(most: int) -> None:
    """In the quarter one has 29 or 30, in the year one has 30 or more. Counts always have theirs."""
    groups = [crimes(most, "North", "8Q", measure="s"), crimes(3, "South", "8Q", measure="s"),
              crimes(1, "North", "8Q", measure="s", month="2024-05-01"), crimes(2, "South", "8Q")]  # fmt: skip
    found = pairs(*groups, kinds={"s": "share"})
    names = {("North", "8Q"), ("South", "8Q")}
    assert {key[1:] for key in found if key[0] == "quarter"} == (names if most == 30 else set())
    assert {key[1:] for key in found if key[0] == "financial_year"} == names
    assert ("quarter", "South", "8Q") in pairs(*groups, kinds={"recorded": "count"})


def test_months_with_pairs_are_the_latest_25() -> None:
    """So each of the latest thirteen has the month a year before beside it."""
    months = [dt.date(2023 + n // 12, n % 12 + 1, 1).isoformat() for n in range(30)]
    groups = [crimes(1, "North", "8Q", month=month) for month in months]
    rows = made(
        "metrics.measure_pairs",
        metrics_measure_values=[{"measure_code": "recorded", "breakdown": "none", "period_type": "month",
                                 "period_start": month, "period_end": month, "is_whole": True} for month in months],
        metrics_measure_crimes=[row for counted, _ in groups for row in counted],
        core_crime_breakdowns=[row for _, described in groups for row in described],
        reference_measures=[{"measure_code": "recorded", "kind": "count"}],
    )  # fmt: skip
    assert sorted({str(row["period_start"]) for row in rows}) == months[-25:]


def test_what_is_open_at_the_end_of_a_period_is_that_of_its_last_month() -> None:
    found = pairs(crimes(9, "North", "8Q"), crimes(2, "South", "8Q", month="2025-03-01"),
                  kinds={"recorded": "count_at_end"})  # fmt: skip
    assert {key[1:]: of[0] for key, of in found.items() if key[0] == "quarter"} == {("South", "8Q"): 2}


def test_the_totals_decide_what_is_hidden_beside_the_pairs() -> None:
    held = [(a, b, n) for a, ns in (("N", (30, 20, 9)), ("S", (3, 40, 50)), ("E", (60, 70, 80)))
            for b, n in zip("xyz", ns, strict=True)]  # fmt: skip
    rows = pl.DataFrame(held, ["breakdown_value", "second_value", "numerator"], orient="row")
    rows = rows.with_columns(denominator=pl.lit(None, pl.Int64))
    shown = pl.DataFrame({"breakdown_value": ["N", "S", "E"], "is_hidden": [False, False, False]})
    others = pl.DataFrame({"breakdown_value": ["x", "y", "z"], "is_hidden": [False, False, True]})
    marked = explorer_pairs_data.marked(rows, shown, others, RULE)
    hidden = set(marked.filter("is_hidden").select("breakdown_value", "second_value").rows())
    assert {("S", "x"), ("N", "z"), ("S", "z"), ("E", "z")} <= hidden and len(hidden) < 9


def test_a_pair_that_has_none_is_hidden_where_another_would_follow_from_it() -> None:
    """9 and 1, none and 5: one follows from its row if 9 is shown, and 9 from its column if none is."""
    held = [("N", "x", 9), ("N", "y", 1), ("S", "y", 5)]
    rows = pl.DataFrame(held, ["breakdown_value", "second_value", "numerator"], orient="row")
    shown = [pl.DataFrame({"breakdown_value": list(parts), "is_hidden": [False, False]}) for parts in ("NS", "xy")]
    of_counts = explorer_pairs_data.marked(rows.with_columns(denominator=pl.lit(None, pl.Int64)), *shown, RULE)
    assert of_counts.filter("is_hidden").select("breakdown_value", "second_value").rows() == [
        ("N", "x"), ("N", "y"), ("S", "x"), ("S", "y"),
    ]  # fmt: skip
    large = rows.with_columns(numerator=pl.lit(40), denominator=pl.lit(80))
    of_shares = explorer_pairs_data.marked(large, *shown, RULE)
    assert of_shares["is_hidden"].to_list() == [False, False, False], "where nothing was due nothing is hidden"


def test_a_hidden_pair_has_no_value_in_the_chart() -> None:
    rows = pl.DataFrame({"name": ["N", "N"], "second": ["x", "y"], "shown": [30.0, None]})
    chart = explorer_charts.pairs(rows, {("N", "x"): "30", ("N", "y"): "hidden to protect few people"}, "2024/25")
    assert [list(row) for row in chart.data[0].z] == [[30.0, None]]
    assert "hidden to protect few people" in chart.data[0].text[0][1]


class Held:
    """Pairs of the district N and S by class, and their totals, as a copy holds them."""

    def __init__(self, figures: dict[int, dict[tuple[str, str], int]]) -> None:
        rows, singles = [], []
        for year, pairs in figures.items():
            period = {"measure_code": "m", "period_type": "financial_year", "period_start": dt.date(year, 4, 1),
                      "period_end": dt.date(year + 1, 3, 1), "is_whole": True}  # fmt: skip
            for (part, other), count in pairs.items():
                rows.append(period | {"breakdown": "district", "breakdown_value": part, "second_breakdown": "class",
                                      "second_value": other, "numerator": count, "value": float(count)})  # fmt: skip
            for place, by in enumerate(("district", "class")):
                totals = Counter[str]()
                for pair, count in pairs.items():
                    totals[pair[place]] += count
                singles += [period | {"breakdown": by, "breakdown_value": part, "numerator": count}
                            for part, count in totals.items()]  # fmt: skip
        kinds = {"denominator": pl.Int64, "lower": pl.Float64, "upper": pl.Float64}
        missing = {name: pl.lit(None, kind) for name, kind in kinds.items()}
        self.tables = {explorer_pairs_data.PAIRS: pl.DataFrame(rows).with_columns(**missing),
                       explorer_pairs_data.VALUES: pl.DataFrame(singles).with_columns(**missing)}  # fmt: skip

    def select(self, table: str, *, where: str, may_be_empty: bool = False, **given: object) -> pl.DataFrame:
        held = duckdb.connect()
        held.register("held", self.tables[table].to_arrow())
        used = {name: value for name, value in given.items() if f"${name}" in where}
        return held.sql(f"select * from held where {where}", params=used).pl()


def test_a_pair_is_compared_with_the_same_period_a_year_before() -> None:
    """Harassment in District 3 of the question: 76, and 52 in the year before, is clearly more."""
    common = {("S", "8Q"): 90, ("S", "8L"): 80}
    copy = Held({2025: common | {("N", "8L"): 76, ("N", "8Q"): 60, ("N", "8R"): 30, ("S", "8R"): 7},
                 2024: common | {("N", "8L"): 52, ("N", "8Q"): 3, ("N", "8U"): 20}})  # fmt: skip
    choice = Choice({"measure_code": "m", "kind": "count"}, "financial_year", "class", "every", dt.date(2025, 4, 1))
    rows = explorer_pairs_data.read_pairs(cast(Copy, copy), choice, "district", RULE)
    said = {row["second_value"] + " " + row["breakdown_value"]: comparisons.compare(row, 1.96, is_count=True).alone
            for row in rows.iter_rows(named=True)}  # fmt: skip
    assert said == {
        "N 8L": comparisons.HIDDEN,  # it would tell the three of a year before, in its own table
        "N 8Q": comparisons.HIDDEN,
        "S 8L": comparisons.HIDDEN,
        "S 8Q": comparisons.HIDDEN,
        "N 8R": "30 more, from none",
        "S 8R": "7 more, from none",
        "N 8U": comparisons.HIDDEN,
    }
    more = {("N", "8Q"): 50, ("N", "8L"): 52, ("N", "8U"): 20} | common
    copy = Held({2025: common | {("N", "8L"): 76, ("N", "8Q"): 60}, 2024: more})
    rows = explorer_pairs_data.read_pairs(cast(Copy, copy), choice, "district", RULE)
    words = {row["breakdown_value"]: comparisons.compare(row, 1.96, is_count=True).alone
             for row in rows.filter(pl.col("second_value") == "N").iter_rows(named=True)}  # fmt: skip
    assert words["8L"] == "1.46 times as many, 95% interval 1.03 to 2.08: clearly more"
    assert words["8U"].startswith("0.00 times as many") and words["8U"].endswith("clearly fewer"), "now none"


# the invented force


def test_the_pairs_of_every_part_add_up_to_it(invented_force: InventedForce) -> None:
    """In both breakdowns, in every period of the parts, what is not known included."""
    with invented_force.connect() as con:
        wrong, count = [], 0
        for by, value in (("breakdown", "breakdown_value"), ("second_breakdown", "second_value")):
            other = "second_breakdown" if by == "breakdown" else "breakdown"
            of = con.execute(f"""
                with summed as (
                    select force_code, measure_code, period_type, period_start, period_end, is_whole,
                        {by} as breakdown, {value} as breakdown_value, {other} as other,
                        sum(numerator) as numerator, sum(denominator) as denominator,
                        sum(not_known_count) as not_known_count
                    from metrics.measure_pairs group by all
                ),
                due as (
                    select v.*, s.other
                    from metrics.measure_values as v
                    inner join (
                        select distinct measure_code, period_type, period_start, breakdown, other from summed
                    ) as s using (measure_code, period_type, period_start, breakdown)
                    where v.period_type <> 'month'  -- of these the latest 25
                        or v.period_start >= (
                            select min(period_start) from metrics.measure_pairs where period_type = 'month'
                        )
                )
                select coalesce(d.measure_code, s.measure_code), coalesce(d.period_start, s.period_start),
                    coalesce(d.breakdown_value, s.breakdown_value),
                    (s.numerator, s.denominator, s.not_known_count, s.is_whole)
                        is not distinct from (d.numerator, d.denominator, d.not_known_count, d.is_whole)
                    -- a count of zero has no pair
                    or (s.measure_code is null and d.numerator = 0 and d.denominator is null)
                from due as d
                full join summed as s
                    using (force_code, measure_code, period_type, period_start, breakdown, breakdown_value, other)
            """).fetchall()  # fmt: skip
            count += len(of)
            wrong += [row for row in of if not row[3]]
        measured = con.execute("""
            select count(distinct v.measure_code), count(distinct p.measure_code)
            from metrics.measure_values as v
            inner join reference.measures as k using (measure_code)
            left join metrics.measure_pairs as p using (measure_code)
            where v.breakdown = 'district' and v.period_type = 'quarter' and k.kind not in ('median', 'share_at_end')
        """).fetchone()
    assert wrong == [] and count > 1000
    assert measured is not None and measured[0] == measured[1] > 20, "every measure by district but repeats and medians"
