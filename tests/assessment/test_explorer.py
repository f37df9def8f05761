"""Explore: any measure by period and part, with small numbers hidden and last year beside it."""

import datetime as dt
from dataclasses import replace
from functools import partial
from pathlib import Path

import invented_measures
import numpy as np
import polars as pl
import pytest
from conftest import InventedForce
from scipy.special import ndtri
from trials import count

from assets.methods.comparison import (
    CHANCE_ALONE,
    Spread,
    clear_among,
    difference_of_shares,
    ratio_of_counts,
    reached_by,
)
from dashboards.charts.breaks import Regime
from dashboards.data import measure_rows
from dashboards.data.published import Copy
from dashboards.pages.assessment import explorer_charts, explorer_data, explorer_figures, explorer_records
from dashboards.pages.assessment.explorer_data import Choice, Shown
from dashboards.pages.assessment.explorer_series_section import of_rest, of_whole
from dashboards.text import comparisons
from dashboards.text.assessment import explorer_text
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)
START = dt.date(2025, 1, 1)


def values(code: str) -> pl.DataFrame:
    return invented_measures.command_tables()["metrics.measure_values"].filter(pl.col("measure_code") == code)


def choice(code: str = "recorded", by: str = "district", period: str = "quarter", part: str = "every") -> Choice:
    kind = invented_measures.MEASURES[code][1]
    return Choice({"measure_code": code, "kind": kind}, period, by, part, START)


class TestSmallNumbers:
    def test_a_small_part_is_hidden_and_so_is_another_from_which_it_could_be_worked_out(self) -> None:
        months = explorer_data.of_choice(values("recorded"), choice(period="month"), RULE)
        of_one = months.filter(pl.col("period_start") == START).sort("breakdown_value")
        # District 3 has 3 crimes; with one part hidden it would be the whole less the others
        assert of_one["is_hidden"].to_list() == [False, True, True]

    def test_a_share_needs_enough_cases_and_reveals_no_few(self) -> None:
        months = explorer_data.of_choice(values("charged_365"), choice("charged_365", period="month"), RULE)
        shown = months.filter(~pl.col("is_hidden"))
        assert (shown["denominator"] >= 30).all() and (shown["numerator"] >= 5).all()
        assert (shown["denominator"] - shown["numerator"] >= 5).all()

    def test_the_whole_force_is_not_hidden_for_its_parts(self) -> None:
        whole = explorer_data.of_choice(values("recorded"), choice(by="none"), RULE)
        assert not whole["is_hidden"].any()


    @pytest.mark.parametrize(
        ("count", "of", "words"),
        [
            (3, None, "fewer than 5"),
            (290, 294, "all but fewer than 5 of 294"),
            (2, 294, "fewer than 5 of 294"),
            (11, 12, "fewer than 30 cases"),
            (100, 294, None),
        ],
    )
    def test_what_may_be_said_of_the_whole_force_is_said(self, count: int, of: int | None, words: str | None) -> None:
        code = "recorded" if of is None else "charged_365"
        whole = pl.col("breakdown") == "none", pl.col("period_type") == "month"
        held = {"numerator": pl.lit(count, dtype=pl.Int64), "denominator": pl.lit(of, dtype=pl.Int64)}
        row = values(code).filter(*whole).head(1).with_columns(**held)
        shown = explorer_data.of_choice(row, choice(code, by="none", period="month"), RULE)
        assert shown["hidden_words"].to_list() == [words]


class TestLastYear:
    def test_each_row_has_the_same_period_a_year_before(self) -> None:
        rows = measure_rows.with_last_year(explorer_data.of_choice(values("recorded"), choice(by="none"), RULE))
        by_start = {row["period_start"]: row for row in rows.iter_rows(named=True)}
        assert by_start[START]["value_before"] == by_start[dt.date(2024, 1, 1)]["value"]
        assert by_start[dt.date(2023, 1, 1)]["value_before"] is None

    @pytest.mark.parametrize(
        ("now", "before", "words"),
        [
            (120, 100, "1.20 times as many, 95% interval 0.92 to 1.56: no clear change"),
            (200, 100, "2.00 times as many, 95% interval 1.57 to 2.54: clearly more"),
            (50, 100, "0.50 times as many, 95% interval 0.36 to 0.70: clearly fewer"),
            (100, 100, "the same"),
            (7, 0, "7 more, from none"),
        ],
    )
    def test_counts_are_compared_by_their_ratio(self, now: int, before: int, words: str) -> None:
        row = {"value": now, "value_before": before, "numerator": now, "numerator_before": before, **WHOLE}
        assert comparisons.compare(row, 1.96, is_count=True).alone == words

    def test_shares_are_compared_by_their_difference(self) -> None:
        """Newcombe 1998, table II: 56/70 and 48/80, method 10, 0.0524 to 0.3339."""
        row = {
            "value": 56 / 70, "value_before": 48 / 80, "numerator": 56, "denominator": 70, "numerator_before": 48,
            "denominator_before": 80, **WHOLE,
        }  # fmt: skip
        words = "difference 20.0 points, 95% interval 5.2 to 33.4: clearly higher"
        assert comparisons.compare(row, 1.96, is_count=False).alone == words
        assert [round(limit, 4) for limit in difference_of_shares(56, 70, 48, 80)] == [0.0524, 0.3339]

    def test_a_part_is_compared_with_the_rest_of_the_force_without_it(self) -> None:
        part = {"value": 56 / 70, "numerator": 56, "denominator": 70, "is_hidden": False}
        whole = {"numerator": 104, "denominator": 150, "is_hidden": False}
        said = "48 of 80. The part beside it: difference 20.0 points, 95% interval 5.2 to 33.4: clearly higher"
        assert of_rest(part, whole, RULE, 1.96, is_count=False) == ("60.0%", said)
        equal = {"value": 42 / 70, "numerator": 42, "denominator": 70, "is_hidden": False}
        assert of_rest(equal, whole | {"numerator": 90}, RULE, 1.96, is_count=False)[1].endswith("no clear difference")
        assert of_rest(part | {"is_hidden": True}, whole, RULE, 1.96, is_count=False) == (comparisons.HIDDEN, "")

    def test_a_counted_part_is_a_share_of_the_force_beside_that_of_a_year_before(self) -> None:
        """Without a verdict: the parts of one whole mirror each other."""
        shown = Shown(Copy("command", Path(), {}), RULE, 1.96, [], CHANCE_ALONE, 0.1, "online")  # no copy is read
        months = {"period_start": START, "period_end": dt.date(2025, 3, 1), **WHOLE}
        part = {"numerator": 56, "numerator_before": 48, **months}
        whole = {"numerator": 70, "numerator_before": 80, **months}
        assert of_whole(shown, part, pl.DataFrame([whole])) == ("80.0%", "56 of 70. A year before 60.0%")
        hidden = part | {"is_hidden_before": True}
        assert of_whole(shown, hidden, pl.DataFrame([whole])) == ("80.0%", "56 of 70")
        assert of_whole(shown, part | {"is_hidden": True}, pl.DataFrame([whole])) is None
        assert of_whole(shown, part, pl.DataFrame([whole | {"numerator": 58}])) is None, "two others would show"

    def test_nothing_is_compared_across_a_recording_change_or_with_half_a_period(self) -> None:
        row = {"value": 120.0, "value_before": 100.0, "numerator": 120, "numerator_before": 100, **WHOLE}
        changed = Regime("R1", dt.date(2024, 6, 1), "day", "New rules", "")
        said = comparisons.compare(row, 1.96, is_count=True, breaks=[changed]).alone
        assert said == "not comparable: New rules (1 Jun 2024)"
        assert comparisons.compare({**row, "is_whole": False}, 1.96, is_count=True).alone == comparisons.NOT_WHOLE
        assert comparisons.compare({**row, "is_hidden_before": True}, 1.96, is_count=True).alone == comparisons.HIDDEN
        assert comparisons.compare({**row, "value_before": None}, 1.96, is_count=True).alone == comparisons.NO_LAST_YEAR

    def test_a_change_in_the_last_month_of_the_period_bars_the_comparison(self) -> None:
        def held(*day: int) -> list[Regime]:
            changed = [Regime("R1", dt.date(*day), "day", "New rules", "")]
            return measure_rows.between(changed, dt.date(2024, 10, 1), dt.date(2025, 12, 1))

        assert held(2025, 12, 31) and held(2024, 10, 2)
        assert not held(2026, 1, 1) and not held(2024, 10, 1)

    def test_a_count_whose_months_vary_more_than_chance_changes_clearly_by_more(self) -> None:
        row = {"value": 130.0, "value_before": 100.0, "numerator": 130, "numerator_before": 100, **WHOLE}
        assert comparisons.compare(row, 1.96, is_count=True).alone.endswith("clearly more")
        words = comparisons.compare(row, 1.96, is_count=True, spread=Spread(0.005, 30)).alone
        assert words.endswith("interval 0.92 to 1.84: no clear change")
        quarter = row | {"period_end": dt.date(2025, 7, 1)}  # of three months chance is the larger part
        found = comparisons.compare(quarter, 1.96, is_count=True, spread=Spread(0.005, 30))
        assert "interval 0.96 to 1.76" in found.figures

    def test_of_several_changes_those_are_clear_that_few_by_chance_are_among(self) -> None:
        """One of twenty parts has 130 after 100: alone clearly more, and of twenty one does so by chance."""
        steady = {"value": 100.0, "value_before": 100.0, "numerator": 102, "numerator_before": 100, **WHOLE}
        one, far = steady | {"numerator": 135}, steady | {"numerator": 200}
        none = steady | {"value_before": None}

        def said(*rows: dict[str, object]) -> list[str]:
            return comparisons.among([comparisons.compare(row, 1.96, is_count=True) for row in rows], 0.1)

        assert said(one)[0].endswith("interval 1.04 to 1.75: clearly more")
        words = said(one, far, none, *[steady] * 18)
        assert words[0].endswith("interval 1.04 to 1.75: no clear change among 20 compared")
        assert words[1].endswith("clearly more") and words[2] == comparisons.NO_LAST_YEAR
        assert words[3].endswith(": no clear change")
        assert said(one, far, far)[0].endswith("clearly more"), "most of them changed"

    def test_a_change_has_the_probability_of_the_interval_that_ends_at_none(self) -> None:
        row = {"value": 130.0, "value_before": 100.0, "numerator": 130, "numerator_before": 100, **WHOLE}
        for spread in (CHANCE_ALONE, Spread(0.001, 30)):
            chance = comparisons.compare(row, 1.96, is_count=True, spread=spread).chance
            assert chance is not None
            low, _ = ratio_of_counts(130, 100, -float(ndtri(chance / 2)), spread)
            assert low == pytest.approx(1, abs=1e-4)
        assert reached_by(lambda z: difference_of_shares(9, 30, 9, 30, z)) == 1
        assert reached_by(lambda z: difference_of_shares(3000, 3000, 0, 3000, z)) < 1e-14

    def test_of_many_families_without_a_change_one_in_ten_at_most_names_one(self) -> None:
        """Of 300 families of twenty shares each: at a tenth more than 45 come once in 700."""
        random, named = np.random.default_rng(1), 0
        for _ in range(300):
            counts = random.binomial(200, 0.3, (20, 2))
            chances = [reached_by(partial(difference_of_shares, now, 200, then, 200)) for now, then in counts]
            named += any(clear_among(chances, 0.1))
        assert named <= 45

    def test_none_before_has_no_upper_limit(self) -> None:
        assert ratio_of_counts(7, 0)[1] == float("inf") and ratio_of_counts(0, 7)[0] == 0


HIGHER = {"direction": "higher_is_better"}


class TestTargets:
    @pytest.mark.parametrize(
        ("verdict", "words"),
        [
            ("consistently_met", "consistently met: all values between the monthly limits meet it"),
            ("hit_or_miss", "hit or miss: by chance alone a month meets it or misses it"),
            ("consistently_missed", "consistently missed: no value between the monthly limits meets it"),
            (None, "no assurance: no limits by month"),
        ],
    )
    def test_assurance_is_in_words(self, verdict: str | None, words: str) -> None:
        row = {"target_verdict": verdict, "signal": None}
        assert explorer_text.assurance(row, HIGHER) == words
        assert explorer_text.assurance(row, {"direction": "neither"}) == "no assurance: neither way is better"

    def test_what_is_counted_is_said_before_how(self) -> None:
        share = {"numerator_words": "Duties met", "denominator_words": "Duties due, met or not"}
        assert explorer_text.counted(share) == "Duties met, of duties due, met or not."
        assert explorer_text.counted(share | {"denominator_words": None}) == "Duties met."
        assert explorer_text.counted(share | {"denominator_words": "Duties met"}) == "Duties met."

    def test_after_a_signal_the_limits_are_of_before_it(self) -> None:
        row = {"target_verdict": "hit_or_miss", "signal": "shift"}
        assert explorer_text.assurance(row, HIGHER).endswith("; the limits are of before the signal")
        assert explorer_text.assurance(None, HIGHER) == "no assurance: no limits by month"

    def test_a_target_says_which_side_of_it_is_better(self) -> None:
        assert explorer_text.target(0.95, HIGHER, is_count=False) == "at least 95.0%"
        assert explorer_text.target(500, {"direction": "lower_is_better"}, is_count=True) == "at most 500"


WHOLE = {"is_whole": True, "is_whole_before": True, "is_hidden": False, "is_hidden_before": False,
         "period_start": dt.date(2025, 5, 1), "period_end": dt.date(2025, 5, 1)}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "start", "end", "words"),
    [
        ("month", dt.date(2025, 10, 1), dt.date(2025, 10, 1), "Oct 2025"),
        ("quarter", dt.date(2025, 10, 1), dt.date(2025, 12, 1), "Oct to Dec 2025"),
        ("financial_year", dt.date(2099, 4, 1), dt.date(2100, 3, 1), "2099/00"),
        ("rolling_12", dt.date(2025, 4, 1), dt.date(2026, 3, 1), "year to Mar 2026"),
        ("to_date", dt.date(2020, 4, 1), dt.date(2026, 3, 1), "Apr 2020 to Mar 2026"),
    ],
)
def test_a_period_is_named_as_people_name_it(kind: str, start: dt.date, end: dt.date, words: str) -> None:
    assert explorer_text.period(kind, start, end) == words


def test_a_line_is_joined_neither_across_a_recording_change_nor_through_the_period_that_it_divides() -> None:
    rows = explorer_data.of_choice(values("recorded"), choice(by="none"), RULE).sort("period_start")
    changed = Regime("R1", dt.date(2024, 2, 10), "day", "New rules", "")
    segments = dict(explorer_charts.points_of(rows, None, [changed]).select("month", "segment").iter_rows())
    assert len({segments[dt.date(*day)] for day in ((2023, 10, 1), (2024, 1, 1), (2024, 4, 1))}) == 3


def test_an_annotation_is_a_number_at_its_period_in_a_chart_of_its_own() -> None:
    rows = explorer_data.of_choice(values("recorded"), choice(by="none"), RULE).sort("period_start")
    points = explorer_charts.points_of(rows, None, [])

    def marks(notes: dict[dt.date, str]) -> list[tuple[str, str, bool]]:
        chart = explorer_charts.part_over_time(points, pl.DataFrame(), None, [], "crimes", "quarter", notes)
        named = [a for a in chart.layout.annotations if (a.name or "").startswith("annotation")]
        return [(a.text, str(a.x), bool(a.showarrow)) for a in named]

    assert marks({START: "1, 2"}) == [("<b>1, 2</b>", "2025-03-31", True)]
    assert marks({}) == []  # the chart is kept: it was not written on


def test_periods_whose_cases_had_not_all_their_time_are_hollow_and_joined_to_nothing() -> None:
    months = [dt.date(2025, month, 1) for month in range(1, 6)]
    rows = pl.DataFrame({
        "period_start": months, "period_end": months, "value": [4.0, None, 5.0, 3.0, 1.0],
        "numerator": [4, None, 5, 3, 1], "denominator": [None] * 5,
        "is_drawn": [True, False, True, False, False], "is_hidden": [False, False, False, False, True],
    })  # fmt: skip
    so_far = explorer_charts.young(rows)
    assert so_far["period_start"].to_list() == months[3:4], "neither a month before the last whole one nor a hidden one"
    points = explorer_charts.points_of(rows, None, [])
    chart = explorer_charts.part_over_time(points, so_far, None, [], "crimes", "month", {})
    hollow = [trace for trace in chart.data if trace.marker.symbol == "circle-open"]
    assert [(trace.mode, list(trace.y)) for trace in hollow] == [("markers", [3.0])]
    assert 3.0 not in next(list(trace.y) for trace in chart.data if trace.name == "values")


def test_a_nowcast_is_a_bar_with_its_interval_in_place_of_the_hollow_point() -> None:
    month = dt.date(2025, 4, 1)
    row = {"period_start": month, "period_end": month, "crime_count": 249, "value": 0.045, "lower_80": 0.031,
           "upper_80": 0.06, "is_drawn": False, "is_hidden": False, "test_count": 150, "inside_80": 0.81,
           "error": 0.0118, "pooled_error": 0.019}  # fmt: skip
    before = row | {"period_start": dt.date(2025, 3, 1), "is_drawn": True, "numerator": 9, "denominator": 200}
    points = explorer_charts.points_of(pl.DataFrame([before]), None, [])
    chart = explorer_charts.part_over_time(points, pl.DataFrame(), pl.DataFrame([row]), [], "share", "month", {})
    (bar,) = [trace for trace in chart.data if trace.name.startswith("nowcast")]
    assert (bar.mode, list(bar.y), bar.marker.symbol) == ("markers", [0.045], "line-ew-open")
    assert [round(of, 4) for of in (*bar.error_y.array, *bar.error_y.arrayminus)] == [0.015, 0.014]
    asked = choice("charged_365", by="none", period="month")
    share = replace(asked, measure={**asked.measure, "unit": "share"})
    shown = pl.DataFrame([row | {"breakdown_value": None}])
    given = explorer_figures.table(shown, share, {"when": "Period"}).rows.row(0, named=True)
    assert (given["when"], given["shown"], given["detail"]) == (
        "Apr 2025, nowcast", "4.5%", "80% interval 3.1% to 6.0% (of 249 crimes)"
    )  # fmt: skip
    assert explorer_text.nowcasts_before(row) == (
        "Of 150 earlier nowcasts 81.0% held what came within their 80% interval. They missed it by 1.2 points on "
        "average; the share of all earlier crimes by 1.9 points."
    )


class TestParts:
    def test_they_are_found_by_all_the_words_in_any_order(self) -> None:
        rows = pl.DataFrame({"name": ["Invented District 1", "Invented District 12", "not known (district)"]})
        assert explorer_data.found(rows, "district 12")["name"].to_list() == ["Invented District 12"]
        assert explorer_data.found(rows, "1 DISTRICT").height == 2
        assert explorer_data.found(rows, ".*").is_empty()
        assert explorer_data.found(rows, "").height == 3

    def test_each_is_drawn_by_itself_on_one_scale_with_every_recording_change(self) -> None:
        rows = explorer_data.of_choice(values("recorded"), choice(), RULE).sort("period_start")
        changed = Regime("R1", dt.date(2024, 2, 10), "day", "New rules", "")
        parts = [
            (part, part, explorer_charts.points_of(rows.filter(pl.col("breakdown_value") == part), None, [changed]))
            for part in ("District 1", "District 2")
        ]
        chart = explorer_charts.multiples(parts, [changed], "crimes", "quarter")
        assert chart.layout.yaxis.range == chart.layout.yaxis2.range
        assert [shape.xref for shape in chart.layout.shapes if shape.name == changed.mark] == ["x", "x2"]
        lines = [trace.y for trace in chart.data if trace.mode == "lines"]
        assert all(None in line for line in lines)  # no line across the change

    def test_a_standard_leads_to_its_records_for_those_who_may_open_them(self) -> None:
        opened = frozenset({"explore", "fix_list", "which_standards_are_breached"})
        asked = Choice({"measure_code": "OUT-13", "kind": "share"}, "month", "unit", "Unit & A", START)
        assert explorer_records.addresses(asked, "every", opened, lambda code: "core.outcome_facts") == [
            ("Standard OUT-13", "which_standards_are_breached?rule=OUT-13%40core.outcome_facts"),
            ("Records to correct by OUT-13, Unit & A", "fix_list?group=OUT-13&unit=Unit+%26+A"),
        ]
        assert explorer_records.addresses(asked, "every", frozenset({"explore"}), lambda code: "") == []

    def test_what_other_forces_publish_too_leads_to_them(self) -> None:
        opened = frozenset({"where_do_we_stand", "fix_list"})
        beside = [("Other forces, by the definitions of open data", "where_do_we_stand")]
        for code, found in {"recorded": beside, "charged_365": beside}.items():
            assert explorer_records.addresses(choice(code), "every", opened, lambda code: "") == found
        assert explorer_records.addresses(choice(), "every", frozenset({"fix_list"}), lambda code: "") == []
        of_ours = Choice({"measure_code": "recorded_24h", "kind": "share"}, "month", "none", "every", START)
        assert explorer_records.addresses(of_ours, "every", opened, lambda code: "") == [], "no other force has it"


def test_a_hidden_value_is_neither_drawn_nor_in_a_table() -> None:
    rows = explorer_data.of_choice(values("recorded"), choice(period="month"), RULE)
    own = rows.filter(pl.col("breakdown_value") == "District 3")
    assert explorer_charts.points_of(own, None, [])["value"].is_null().all()
    assert {comparisons.value(row, is_count=True) for row in own.iter_rows(named=True)} == {comparisons.HIDDEN}


@pytest.mark.xfail(reason="docs/small-numbers.md says so: the whole would have to be hidden", strict=True)
def test_a_whole_of_one_crime_in_each_part_tells_of_none() -> None:
    parts = pl.DataFrame({"numerator": [1] * 6, "denominator": [None] * 6}, schema_overrides={"denominator": pl.Int64})
    assert RULE.mark_hidden(parts.with_columns(part=0), "part").filter("is_hidden").height != 6


@pytest.mark.trials
def test_no_small_count_can_be_worked_out_in_any_breakdown_of_any_measure(invented_force: InventedForce) -> None:
    """The attack of a reader who has the shown figures of a period, over every measure.

    In every run: of months and of rolling years. With `make trials`: of each type of period.
    Where the whole is shown, what is hidden adds up to a known rest. Of a count each is one or more, for zero is shown;
    of a share zero or more. A small count must not follow from that, but where docs/small-numbers.md says so: every
    part is one, and none is shown (the test before this one).
    """
    with invented_force.connect() as con:
        kinds = dict(con.execute("select measure_code, kind from reference.measures").fetchall())
        figures = pl.DataFrame(con.sql("select * from metrics.measure_values").pl())
    tried = count(["month", "rolling_12"], figures["period_type"].unique().to_list())
    figures, told, attacked = figures.filter(pl.col("period_type").is_in(tried)), [], 0
    counted, of = pl.col("numerator"), pl.col("denominator")
    is_few = RULE.find_small(counted) | (of.is_not_null() & ~RULE.find_shown(counted, of).fill_null(False))
    period_of = ("measure_code", "period_type", "period_start")
    shown = figures.filter(~is_few, pl.col("breakdown") == "none").select(period_of)
    # wards are parts of districts: tests/assessment/test_ward_parts.py attacks them
    parts = figures.filter(~pl.col("breakdown").is_in(["none", "ward"])).join(shown, on=period_of, how="semi")
    held = parts.filter(is_few.any().over(*period_of, "breakdown"))  # where none is, nothing is hidden
    for (code, period, by), rows in held.group_by("measure_code", "period_type", "breakdown"):
        asked = Choice({"measure_code": code, "kind": kinds[str(code)]}, str(period), str(by), "every", START)
        hidden = explorer_data.of_choice(rows, asked, RULE).filter("is_hidden")
        least = 1 if asked.is_count else 0
        rests = pl.lit(0) if asked.is_count else of - counted
        for name, few in (("counted", counted), ("the rest", rests)):
            of_period = hidden.with_columns(count=few).with_columns(
                parts=pl.len().over("period_start"), total=pl.col("count").sum().over("period_start")
            ).join(rows.group_by("period_start").agg(every=pl.len()), on="period_start")
            is_told = (pl.col("parts") == 1) | (pl.col("total") == least * pl.col("parts"))
            is_told &= ~((pl.col("total") == pl.col("parts")) & (pl.col("parts") == pl.col("every")) & (least == 1))
            found = of_period.filter(is_told, RULE.find_small(pl.col("count")))
            told += [
                (code, by, name, *row)
                for row in found.select("period_type", "period_start", "breakdown_value", "count", "parts").rows()
            ]
        attacked += hidden.height
    assert attacked > 10_000
    assert told == []


def test_the_highest_and_the_lowest_part_are_named() -> None:
    def row(name: str, value: float) -> dict[str, object]:
        return {"name": name, "value": value, "is_hidden": False, "numerator": round(value * 1000), "denominator": 1000}

    rows = [row("Unit A", 0.07), row("Unit B", 0.046), row("Unit C", 0.09)]
    said = explorer_text.extremes(rows, is_count=False, events="")
    best = "Of those shown, highest: Unit C (9.0%, 90 of 1,000); lowest: Unit B (4.6%, 46 of 1,000)."
    assert said == f"{best} The shares differ by more than chance (chi-square test, p below 0.01)."
    near = [row("A", 0.07), row("B", 0.074), row("C", 0.069)]
    said = explorer_text.extremes(near, is_count=False, events="")
    assert said.endswith(" Chance alone may put them in this order (chi-square test, p 0.90).")
    few = [row(name, value) for name, value in (("A", 0.001), ("B", 0.003), ("C", 0.002))]
    for held, is_count in ((few, False), (rows, True)):  # no test can say it, or there is none of counts
        assert "chance" not in explorer_text.extremes(held, is_count=is_count, events="")
    assert explorer_text.extremes(rows[:2], is_count=False, events="") == ""
    assert explorer_text.extremes([row(name, 1) for name in "ABC"], is_count=True, events="") == ""


def test_what_is_counted_at_a_months_end_says_so_in_place_of_its_quarter() -> None:
    quarter = ("quarter", dt.date(2026, 1, 1), dt.date(2026, 3, 1))
    assert explorer_text.when("share_at_end", *quarter) == "twelve months to Mar 2026"
    assert explorer_text.when("count_at_end", *quarter) == "at the end of Mar 2026"
    assert explorer_text.when("share", *quarter) == "Jan to Mar 2026"


def test_many_without_a_known_part_are_named_before_the_parts() -> None:
    def row(count: int, of: int | None = None, *, is_hidden: bool = False) -> list[dict[str, object]]:
        return [{"numerator": count, "denominator": of, "is_hidden": is_hidden}]

    said = explorer_text.not_known
    assert said("district", row(2019), row(2887)).startswith("District is not known for 2,019 of 2,887. So ")
    assert "for 40 of 100." in said("district", row(1, 40), row(9, 100))
    assert said("district", row(20), row(2887)) == ""
    assert said("district", row(900, is_hidden=True), row(2887)) == "" == said("unit", [], row(9))
