"""The time between rare cases in Explore: a t chart of counts and a g chart of shares, and never small numbers."""

import datetime as dt
from urllib.parse import urlencode

import polars as pl
import pytest
from conftest import InventedForce
from dashboard_browser import serving
from test_district_map import FORCE, drawn

from dashboards.charts.sentences import carried
from dashboards.pages.assessment import explorer_gaps_section
from dashboards.text.assessment import explorer_text
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)


def gaps(*given: float, longest: float | None = 7.5, of: int | None = None) -> pl.DataFrame:
    """Months of a rare series, each with the time since the last case."""
    return pl.DataFrame({
        "month": pl.date_range(dt.date(2025, 1, 1), dt.date(2027, 12, 1), "1mo", eager=True)[: len(given)],
        "gap": [float(gap) for gap in given], "longest_gap": longest, "denominator": of, "segment": 1,
        "limits_status": "drawn", "signal": "", "signal_direction": "lower", "centre_line": 0.5, "lower_limit": 0.0,
        "upper_limit": 3.0,
    }, schema_overrides={"denominator": pl.Int64, "longest_gap": pl.Float64})  # fmt: skip


def test_a_longer_time_than_chance_gives_is_marked_and_said() -> None:
    chart = explorer_gaps_section.chart(gaps(0, 1, 2, 3, 4, 5, 6, 7, 8), (), "months")
    drawn = {trace.name: list(trace.y) for trace in chart.data}
    assert drawn["values"] == [0, 1, 2, 3, 4, 5, 6, 7, 8] and set(drawn["upper limit"]) == {7}
    assert [y for name, y in drawn.items() if "long time" in name] == [[8]]
    assert carried(chart) == (
        "The last point, Sep 2025, is 8 months without one: a signal, for chance alone seldom gives more than 7."
    )
    assert explorer_text.gap({"gap": 8.0, "longest_gap": 7.5}) == "8, more than the 7 of chance"
    assert explorer_text.gap({"gap": 3.0, "longest_gap": 7.5}) == "3, at most 7 by chance"


def test_a_limit_far_above_all_points_does_not_press_them_flat() -> None:
    chart = explorer_gaps_section.chart(gaps(0, 1, 2, longest=900), (), "months")
    assert {y for trace in chart.data if trace.name == "upper limit" for y in trace.y} == {None}


def test_the_table_has_the_latest_month_first_and_whole_numbers() -> None:
    assert explorer_gaps_section.rows_of(gaps(0, 1)).rows() == [("Feb 2025", 1, 7), ("Jan 2025", 0, 7)]


@pytest.mark.parametrize(("of", "is_told"), [(3, True), (5, False), (0, False), (None, False)])
def test_a_gap_that_adds_up_months_of_few_cases_is_not_drawn(of: int | None, *, is_told: bool) -> None:
    """Of a count it is months, and which have none is shown beside it: zero is no small number."""
    assert explorer_gaps_section.reveals_small(gaps(0, 12, of=of), RULE) is is_told


def test_the_words_name_the_rarer_side() -> None:
    names = [explorer_text.gap_name(is_count=count, is_turned=turned)
             for count, turned in ((True, False), (False, False), (False, True))]  # fmt: skip
    assert names == ["Months since the last case", "In a row without one that is met", "Met in a row"]


def test_the_invented_force_has_a_rare_series_with_the_time_between_its_cases(invented_force: InventedForce) -> None:
    with invented_force.connect() as con:
        of = con.execute(
            "select measure_code, arg_max(gap, month), arg_max(longest_gap, month)"
            " from metrics.measure_points inner join reference.measures using (measure_code)"
            " where kind = 'share' and breakdown = 'none'"
            " group by all having max(gap) >= 2 and min(denominator) >= 10 order by max(gap), 1 limit 1"
        ).fetchone()
    assert of is not None
    code, gap, longest = of
    asked = urlencode({"measure": code, "period": "month"})
    with serving(invented_force.home) as address:
        page = drawn(address, f"force={FORCE}&{asked}")
    assert page.faults == ()
    words = explorer_text.gap({"gap": gap, "longest_gap": longest})
    names = (explorer_text.gap_name(is_count=False, is_turned=is_turned) for is_turned in (False, True))
    assert any(page.says(f"{name}: {words}") for name in names)
