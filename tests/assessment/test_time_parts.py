"""Measures by weekday and hour: which have them, in which periods, that they add up, and what "Explore" says."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
import trials
from conftest import InventedForce
from worked import Row, made

from dashboards.data.published import Copy, open_copy
from dashboards.data.scope import WHOLE
from dashboards.pages.assessment import explorer_data, explorer_pairs_data, explorer_pairs_section
from dashboards.pages.assessment.explorer_data import Choice
from dashboards.pages.assessment.explorer_pairs_data import Peak
from dashboards.text.assessment import explorer_text
from dashboards.text.breakdowns import BY_TIME, in_order, part_name
from dashboards.text.comparisons import HIDDEN
from dashboards.text.small_numbers import SmallNumbers

LATER = dt.date(2026, 1, 1)
RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)
TIMED = ("recorded", "recorded_harassment", "recorded_stalking")
COUNTED = [{"measure_code": code, "kind": "count"} for code in ("recorded", "open_caseload")]
PAIRS = [("weekday", "hour"), *((by, time) for by in ("district", "class") for time in BY_TIME)]
# crime -> month of recording, district, class, weekday and hour of the offence
CRIMES = {
    "a": ("2025-01-01", "N", "8L", "Monday", "00:00 to 02:59"),
    "b": ("2025-02-01", "N", "8L", "Monday", "not known"),
    "c": ("2025-02-01", "S", "8Q", "Sunday", "21:00 to 23:59"),
    "d": ("2025-12-01", "S", "8Q", "not known", "not known"),
    "e": ("2024-12-01", "S", "8Q", "Sunday", "21:00 to 23:59"),
}
DESCRIBED = [
    {"crime_ref": ref, "district": district, "class": class_code, "weekday": weekday, "hour": hour}
    for ref, (_, district, class_code, weekday, hour) in CRIMES.items()
]


def counted(*codes: str, **more: str) -> list[Row]:
    months = {ref: month for ref, (month, *_) in CRIMES.items()} | more
    return [{"measure_code": code, "crime_ref": ref, "month": month, "is_met": True, "is_share": False}
            for code in codes for ref, month in months.items()]  # fmt: skip


def test_only_the_measures_that_the_list_marks_are_counted_by_time_and_an_event_without_a_crime_is_not_known() -> None:
    cells = made("metrics.measure_cells", core_crime_breakdowns=DESCRIBED,
                 metrics_measure_crimes=counted("recorded", "open_caseload", nobody="2025-02-01"))  # fmt: skip
    found = {(cell["breakdown"], str(cell["month"]), cell["breakdown_value"]): cell["numerator"]
             for cell in cells if cell["breakdown"] in BY_TIME and cell["measure_code"] == "recorded"}  # fmt: skip
    assert found == {
        ("weekday", "2024-12-01", "Sunday"): 1, ("weekday", "2025-01-01", "Monday"): 1,
        ("weekday", "2025-02-01", "Monday"): 1, ("weekday", "2025-02-01", "Sunday"): 1,
        ("weekday", "2025-02-01", "not known"): 1, ("weekday", "2025-12-01", "not known"): 1,
        ("hour", "2024-12-01", "21:00 to 23:59"): 1, ("hour", "2025-01-01", "00:00 to 02:59"): 1,
        ("hour", "2025-02-01", "21:00 to 23:59"): 1, ("hour", "2025-02-01", "not known"): 2,
        ("hour", "2025-12-01", "not known"): 1,
    }  # fmt: skip
    others = {cell["breakdown"] for cell in cells if cell["measure_code"] == "open_caseload"}
    assert "district" in others and not others & set(BY_TIME)


def test_a_weekday_has_quarters_and_years_and_no_months() -> None:
    cells = made("metrics.measure_cells", metrics_measure_crimes=counted("recorded"), core_crime_breakdowns=DESCRIBED)
    demand: list[Row] = [{"source": "extract", "offence_code": "S&H", "month": f"{year}-{n:02}-01"}
                         for year in (2024, 2025) for n in range(1, 13)]  # fmt: skip
    periods = made("metrics.measure_periods", metrics_measure_cells=cells, metrics_demand_months=demand)
    rows = made("metrics.measure_values", metrics_measure_cells=cells, metrics_measure_periods=periods,
                metrics_demand_months=demand, core_extract_moments=[{"as_of_at": "2026-01-01 00:00+00"}],
                reference_measures=COUNTED)  # fmt: skip
    found = {(row["period_type"], str(row["period_start"]), row["breakdown_value"]): row["numerator"]
             for row in rows if row["breakdown"] == "weekday"}  # fmt: skip
    assert {kind for kind, *_ in found} == {"quarter", "financial_year", "rolling_12", "to_date"}
    year = {part: found["rolling_12", "2025-01-01", part] for part in ("Monday", "Sunday", "not known")}
    assert year == {"Monday": 2, "Sunday": 1, "not known": 1}, "calendar 2025"
    assert found["quarter", "2025-01-01", "Monday"] == 2 and found["quarter", "2025-04-01", "Monday"] == 0
    assert found["to_date", "2024-01-01", "Sunday"] == 2


def test_pairs_by_time_are_of_years_and_count_what_is_in_both_parts() -> None:
    periods = [{"measure_code": code, "breakdown": "none", "period_type": kind, "period_start": start,
                "period_end": end, "is_whole": True}
               for code in ("recorded", "open_caseload")
               for kind, start, end in (("quarter", "2025-01-01", "2025-03-01"),
                                        ("financial_year", "2024-04-01", "2025-03-01"),
                                        ("rolling_12", "2025-01-01", "2025-12-01"),
                                        ("rolling_12", "2024-12-01", "2025-11-01"))]  # fmt: skip
    rows = made("metrics.measure_pairs", metrics_measure_values=periods, core_crime_breakdowns=DESCRIBED,
                metrics_measure_crimes=counted("recorded", "open_caseload"), reference_measures=COUNTED)  # fmt: skip
    timed = [row for row in rows if {row["breakdown"], row["second_breakdown"]} & set(BY_TIME)]
    assert {row["measure_code"] for row in timed} == {"recorded"}
    assert {row["period_type"] for row in timed} == {"financial_year", "rolling_12"}
    assert {(row["breakdown"], row["second_breakdown"]) for row in timed} == set(PAIRS)
    found = {(row["breakdown"], row["second_breakdown"], row["breakdown_value"], row["second_value"]): row["numerator"]
             for row in timed if str(row["period_start"]) == "2025-01-01"}  # fmt: skip
    assert found == {
        ("weekday", "hour", "Monday", "00:00 to 02:59"): 1, ("weekday", "hour", "Monday", "not known"): 1,
        ("weekday", "hour", "Sunday", "21:00 to 23:59"): 1, ("weekday", "hour", "not known", "not known"): 1,
        ("district", "weekday", "N", "Monday"): 2, ("district", "weekday", "S", "Sunday"): 1,
        ("district", "weekday", "S", "not known"): 1, ("district", "hour", "N", "00:00 to 02:59"): 1,
        ("district", "hour", "N", "not known"): 1, ("district", "hour", "S", "21:00 to 23:59"): 1,
        ("district", "hour", "S", "not known"): 1, ("class", "weekday", "8L", "Monday"): 2,
        ("class", "weekday", "8Q", "Sunday"): 1, ("class", "weekday", "8Q", "not known"): 1,
        ("class", "hour", "8L", "00:00 to 02:59"): 1, ("class", "hour", "8L", "not known"): 1,
        ("class", "hour", "8Q", "21:00 to 23:59"): 1, ("class", "hour", "8Q", "not known"): 1,
    }  # fmt: skip
    twice = [row["numerator"] for row in timed if row["second_value"] == "Sunday" and row["breakdown"] == "district"
             and str(row["period_start"]) == "2024-12-01"]  # fmt: skip
    assert twice == [2], "both Decembers are not in it, both Sundays are"
    others = {row["period_type"] for row in rows if not {row["breakdown"], row["second_breakdown"]} & set(BY_TIME)}
    assert others == {"quarter", "financial_year"}, "no other pair has years to each month"


# what "Explore" says of them


def test_parts_are_in_the_order_of_the_week_and_of_the_day() -> None:
    parts = ["Friday", "Monday", "Sunday", "Thursday", "not known"]
    assert pl.DataFrame({"part": parts}).sort(in_order("part"))["part"].to_list() == [
        "Monday", "Thursday", "Friday", "Sunday", "not known"
    ]  # fmt: skip
    hours = ["not known", "21:00 to 23:59", "00:00 to 02:59"]
    assert pl.DataFrame({"part": hours}).sort(in_order("part"))["part"].to_list() == hours[::-1]
    assert part_name("weekday", "Monday") == "Monday" and part_name("hour", "not known") == "not known (hour)"


def pairs_of(*rows: tuple[str, str, int, bool]) -> pl.DataFrame:
    return pl.DataFrame(rows, ["breakdown_value", "second_value", "numerator", "is_hidden"], orient="row")


def test_the_weekday_with_most_is_named_for_each_part_and_what_is_hidden_is_not() -> None:
    rows = pairs_of(
        ("N", "Monday", 7, False), ("N", "Friday", 9, False), ("N", "Sunday", 3, True), ("N", "not known", 60, False),
        ("S", "Sunday", 6, False), ("S", "Monday", 6, False), ("S", "not known", 3, True),
        ("E", "Monday", 2, True), ("E", "not known", 30, False), ("not known", "Monday", 90, False),
    )  # fmt: skip
    expected = [
        Peak("N", ("Friday",), 9, 19, is_sure=True), Peak("S", ("Monday", "Sunday"), 6, None, is_sure=False),
        Peak("E", (), 0, None, is_sure=False),
    ]  # fmt: skip
    assert explorer_pairs_data.peaks(rows, "district", "weekday") == expected
    turned = rows.rename({"breakdown_value": "second_value", "second_value": "breakdown_value"})
    assert explorer_pairs_data.peaks(turned, "weekday", "district") == expected
    assert explorer_pairs_data.peaks(rows, "district", "class") == []
    assert [explorer_text.peak(p.names, p.count, p.known, is_sure=p.is_sure) for p in expected] == [
        ("Friday", "9 of 19 known"), ("Monday, Sunday", "6 each; a hidden one may have more"), ("none shown", HIDDEN)
    ]  # fmt: skip


def test_a_hidden_weekday_may_have_more_unless_all_that_are_hidden_are_fewer_together() -> None:
    """A reader knows what the hidden add up to, so that this tells nothing of any one of them."""
    shown = [("N", "Monday", 7, False), ("N", "not known", 60, False)]
    for hidden, is_sure in (((3, 3), True), ((3, 4), False), ((1, 9), False)):
        few = [("N", day, count, True) for day, count in zip(("Friday", "Sunday"), hidden, strict=True)]
        [peak] = explorer_pairs_data.peaks(pairs_of(*shown, *few), "district", "weekday")
        assert (peak.names, peak.known, peak.is_sure) == (("Monday",), 7 + sum(hidden), is_sure)


def test_the_heat_map_leaves_out_what_is_not_known_beside_which_all_would_be_pale() -> None:
    rows = pairs_of(("N", "Monday", 7, False), ("N", "not known", 900, False), ("not known", "Monday", 9, False))
    rows = rows.with_columns(name="breakdown_value", second="second_value")
    measure = {"measure_code": "m", "kind": "count"}
    choice = Choice(measure, "financial_year", "district", "every", dt.date(2025, 4, 1))
    drawn = explorer_pairs_section._leading(choice, "weekday", rows)
    assert drawn.select("name", "second").rows() == [("N", "Monday"), ("not known", "Monday")]
    assert explorer_pairs_section._leading(choice, "class", rows).height == 3
    assert explorer_pairs_section._leading(choice, "weekday", rows.head(2).tail(1)).height == 1, "nothing else is there"


def test_a_calendar_year_is_the_year_to_its_december() -> None:
    rows = pl.DataFrame({"period_type": ["rolling_12"] * 2, "period_start": [dt.date(2025, 1, 1), dt.date(2025, 2, 1)],
                         "period_end": [dt.date(2025, 12, 1), dt.date(2026, 1, 1)]})  # fmt: skip
    asked = explorer_data.as_asked(rows, "calendar_year")
    assert asked.rows() == [("calendar_year", dt.date(2025, 1, 1), dt.date(2025, 12, 1))]
    assert explorer_text.period(*asked.row(0)) == "2025"
    assert explorer_data.as_asked(rows, "rolling_12").equals(rows)
    assert explorer_data.published_kind("calendar_year") == "rolling_12"
    assert explorer_data.published_kind("quarter") == "quarter"


# the invented force


@pytest.fixture(scope="module")
def copy(invented_force: InventedForce) -> Copy:
    return open_copy(invented_force.home, "command", WHOLE)


def test_counts_of_crimes_alone_have_them_and_commissioners_have_none(invented_force: InventedForce) -> None:
    with invented_force.connect() as con:
        by_time = con.execute("""
            select distinct measure_code from metrics.measure_values where breakdown in ('weekday', 'hour') order by all
        """).fetchall()
        marked = con.execute("""
            select measure_code, kind, unit from reference.own_measures where is_by_time order by all
        """).fetchall()
        released = con.execute("select distinct breakdown from metrics.released_measures order by all").fetchall()
    assert [code for (code,) in by_time] == list(TIMED)
    assert marked == [(code, "count", "crimes") for code in TIMED]
    assert released == [("district",), ("domestic_abuse",), ("none",)]


def periods_of(copy: Copy) -> list[tuple[str, dt.date]]:
    rows = explorer_data.periods(copy, "recorded").filter(
        pl.col("period_type").is_in(["financial_year", "rolling_12"]), pl.col("is_whole")
    )
    return sorted(rows.select("period_type", "period_start").rows())


@pytest.mark.trials
def test_no_small_count_follows_from_all_five_tables_of_a_period_together(copy: Copy) -> None:
    """The attack of a reader of all pairs by time of a measure and year, and of the parts that they add up to.

    By linear algebra over all that is hidden: a small count follows where no solution moves it.
    """
    measures = explorer_data.measures(copy)
    hidden = weak = 0
    for code in TIMED:
        for kind, start in periods_of(copy)[:: trials.count(3, 1)]:  # a third finds hundreds of hidden counts
            singles: dict[tuple[str, str], tuple[int, bool]] = {}
            cells: dict[tuple[str, str, str, str], tuple[int, bool]] = {}
            for by in ("district", "class", *BY_TIME):
                found, _ = explorer_data.read_parts(copy, Choice(measures[code], kind, by, "every", start), RULE)
                for part, count, is_out in found.filter(pl.col("period_start") == start).select(
                    "breakdown_value", "numerator", "is_hidden"
                ).iter_rows():  # fmt: skip
                    singles[by, part] = count, is_out
            for first, second in PAIRS:
                choice = Choice(measures[code], kind, first, "every", start)
                rows = explorer_pairs_data.read_pairs(copy, choice, second, RULE)
                for part, other, count, is_out in rows.select(
                    "breakdown_value", "second_value", "numerator", "is_hidden"
                ).iter_rows():
                    cells[first, second, part, other] = count or 0, is_out
            assert followed(singles, cells) == set(), (code, start)
            hidden += sum(is_out for _, is_out in cells.values())
            small_alone = {key: (count, RULE.is_small(count)) for key, (count, _) in cells.items()}
            weak += bool(followed(singles, small_alone))
    assert hidden > trials.count(400, 1_500)
    assert weak > trials.count(5, 20), "so it is no weak attack: where small counts alone are hidden, some follow"


def followed(
    singles: dict[tuple[str, str], tuple[int, bool]], cells: dict[tuple[str, str, str, str], tuple[int, bool]]
) -> set[tuple[str, ...]]:
    """The small counts that are hidden and fixed by all that is shown."""
    unknown: dict[tuple[str, ...], int] = {
        key: place for place, key in enumerate(k for of in (singles, cells) for k, (_, is_out) in of.items() if is_out)
    }
    if not unknown:
        return set()
    # the whole is shown
    lines: list[list[tuple[float, tuple[str, ...]]]] = [
        [(1.0, key) for key in singles if key[0] == by] for by in {by for by, _ in singles}
    ]
    for first, second in PAIRS:
        own = [key for key in cells if key[:2] == (first, second)]
        for by, place in ((first, 2), (second, 3)):
            for part in {key[place] for key in own}:
                members: list[tuple[float, tuple[str, ...]]] = [(1.0, key) for key in own if key[place] == part]
                lines.append([*members, (-1.0, (by, part))])
    system = np.zeros((len(lines), len(unknown)))
    for at, members in enumerate(lines):
        for sign, key in members:
            if key in unknown:
                system[at, unknown[key]] += sign
    _, sizes, directions = np.linalg.svd(system)
    free = directions[int((sizes > 1e-9).sum()) :]
    counts: dict[tuple[str, ...], int] = {key: count for of in (singles, cells) for key, (count, _) in of.items()}
    return {key for key, place in unknown.items()
            if RULE.is_small(counts[key]) and np.abs(free[:, place]).max(initial=0.0) < 1e-9}  # fmt: skip


def test_by_is_offered_by_time_for_these_measures_in_years_and_quarters_alone(copy: Copy) -> None:
    def offered(code: str, kind: str) -> set[str]:
        return set(explorer_data.parts(copy, code, kind)["breakdown"])

    for kind in ("quarter", "financial_year", "calendar_year", "rolling_12", "to_date"):
        assert set(BY_TIME) <= offered("recorded_harassment", kind), kind
    assert not set(BY_TIME) & offered("recorded_harassment", "month")
    assert not set(BY_TIME) & offered("recorded_24h", "quarter")
    of = copy, "recorded_harassment"
    assert set(explorer_pairs_data.seconds(*of, "calendar_year", "district", LATER)) == set(BY_TIME)
    assert not set(BY_TIME) & set(explorer_pairs_data.seconds(*of, "quarter", "district", LATER))
    assert set(explorer_pairs_data.seconds(*of, "month", "district", LATER)) == {"class", "relationship"}
    assert explorer_pairs_data.seconds(*of, "month", "district", dt.date(2020, 4, 1)) == [], "the latest 25 alone"
    parts = explorer_data.parts(copy, "recorded", "quarter")  # some malicious communications have no known day
    assert parts.filter(pl.col("breakdown") == "weekday")["breakdown_value"].to_list() == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "not known",
    ]  # fmt: skip


def test_the_pairs_of_a_calendar_year_are_those_of_the_year_to_december(copy: Copy) -> None:
    measure = explorer_data.measures(copy)["recorded"]

    def pairs(kind: str) -> pl.DataFrame:
        choice = Choice(measure, kind, "weekday", "every", dt.date(2025, 1, 1))
        return explorer_pairs_data.read_pairs(copy, choice, "hour", RULE).drop("period_type")

    assert pairs("calendar_year").equals(pairs("rolling_12")) and pairs("calendar_year").height > 40
    first = pairs("calendar_year")["breakdown_value"].unique(maintain_order=True).to_list()
    assert first[0] == "Monday" and first[-1] == "not known"
