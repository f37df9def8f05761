"""The sentences on the pages: they state counts, denominators and years, and never pass off missing as zero."""

import datetime as dt

import invented_figures as invented
import polars as pl
import pytest
from published_home import FORCES, MET

from dashboards.text import findings, numbers


def test_no_figure_is_said_in_words() -> None:
    assert numbers.number(None) == numbers.share(None) == numbers.decimal(None) == "no figure"


@pytest.mark.parametrize(
    ("start", "months", "words"),
    [
        (dt.date(2025, 10, 1), 1, "Oct 2025"),
        (dt.date(2017, 4, 1), 12, "year ending Mar 2018"),
        (dt.date(2017, 10, 1), 3, "3 months ending Dec 2017"),
        (None, 12, "no figure"),
    ],
)
def test_a_period_is_named_by_its_end(start: dt.date | None, months: int, words: str) -> None:
    assert numbers.period(start, months) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-Q1", "Q4 2025/26"), ("2026-Q2", "Q1 2026/27"), ("2026-Q3", "Q2 2026/27"), ("2026-Q4", "Q3 2026/27"),
        (dt.date(2026, 3, 31), "Q4 2025/26"), (dt.date(2026, 4, 1), "Q1 2026/27"), (dt.date(1999, 12, 1), "Q3 1999/00"),
        ("not shown: few such cases", "not shown: few such cases"),
    ],
)  # fmt: skip
def test_a_quarter_is_of_the_financial_year(value: dt.date | str, words: str) -> None:
    assert numbers.quarter(value) == words


@pytest.mark.parametrize("typed", ["31/03/2026", "31/3/2026", "31 Mar 2026", " 31  March 2026 ", "2026-03-31"])
def test_a_day_may_be_typed_in_several_forms(typed: str) -> None:
    assert numbers.parse_day(typed) == dt.date(2026, 3, 31)


@pytest.mark.parametrize("typed", ["", "soon", "31/02/2026", "31.03.2026", "31 Mar 26", "03/31/2026"])
def test_what_is_no_day_is_refused_with_what_was_expected(typed: str) -> None:
    with pytest.raises(ValueError, match="expected a day such as 31/03/2026 or 31 Mar 2026") as refused:
        numbers.parse_day(typed)
    assert str(refused.value).endswith(f"saw {typed!r}")


def test_a_percentage_and_an_interval_have_no_space() -> None:
    assert numbers.interval(0.138, 0.17) == "95% interval 13.8% to 17.0%"
    assert numbers.unbroken("typed 83 %, 5\u00a0% and 7%") == "typed 83%, 5% and 7%"


def test_times_are_london_times() -> None:
    assert numbers.moment("2026-07-01T10:00:00") == "1 Jul 2026, 11:00 BST"
    assert numbers.moment("2026-01-01T10:00:00+00:00") == "1 Jan 2026, 10:00 GMT"


def test_a_change_is_dated_no_more_exactly_than_it_is_known() -> None:
    day = dt.date(2023, 5, 1)
    assert [numbers.change_date(day, p) for p in ("day", "month", "year")] == ["1 May 2023", "May 2023", "2023"]


def test_a_warning_is_referred_and_states_are_told_apart_by_sign_and_words() -> None:
    cases = [("PASS", "error"), ("BREACH", "error"), ("BREACH", "warn"), ("NOT_EVALUABLE", "warn"), ("ERROR", "error")]
    states = [numbers.rule_state(status, severity) for status, severity in cases]
    words = ["met", "breached", "refer to the registrar", "not measured", "could not be checked: figures withheld"]
    assert [w for _, w in states] == words
    assert len({sign for sign, _ in states}) == len(states)


def test_each_sentence_has_the_figures_of_its_table() -> None:
    points = invented.monthly_points()
    series = invented.series(FORCES[0], points)
    row = invented.funnel(FORCES).filter((pl.col("measure") == "rate_per_1000") & (pl.col("force_code") == MET))
    force = findings.force_position({**row.row(0, named=True), "short_name": "M"}, "per 1,000 residents")
    values = pl.DataFrame({"value": [1.0, 2, 3, 4, 5, 6], "measure": "rate_per_1000", "short_name": list("abcdef")})
    some = values.with_columns(value=pl.when(pl.col("short_name") == "c").then(None).otherwise("value"))
    said = [
        (findings.chart_finding(series, points), "2 of 20 months since Feb 2024 give a signal, 1 higher and 1 lower"),
        (findings.chart_words(series, points, 3), "Nov 2023 to Oct 2025, 23 points"),
        (findings.chart_words(series, points, 3), "2 points are signals"),
        (findings.chart_words(series, points, 3), "3 recording changes are marked"),
        (findings.rules_finding(invented.rule_results()), "1 standard met by every record, 1 breached, 1 to refer"),
        (findings.rules_finding(invented.rule_results()), "1 for information, 1 not measured, 1 could not be checked"),
        (force, "within the limits for a force of its size: "), (force, "8,899,375 residents in 2018"),
        (findings.coverage_finding(invented.coverage(FORCES)), "53 of 56 force-months expected were supplied; 8 more"),
        (findings.map_finding(values, "Rate"), "a third of forces are under 3.00, a third at 5.00 or more"),
        (findings.map_finding(some, "Rate"), "; no figure for c"),
    ]  # fmt: skip
    assert [pair for pair in said if pair[1] not in pair[0]] == []
    units = ((0.0612, "stalking_share"), (7.3456, "rate_per_1000"), (4021.0, "crimes a month"))
    assert [numbers.measured(*unit) for unit in units] == ["6.1%", "7.35", "4,021"]


def test_a_series_without_limits_gives_its_latest_figure_and_no_verdict() -> None:
    points = invented.rolling_points("r", 4000)
    sentence = findings.chart_finding(invented.series(FORCES[3], points), points)
    assert sentence.endswith("year ending Dec 2018, drawn without limits")
    assert "change" not in sentence
    assert "%" not in sentence


def test_deliveries_account_for_every_row() -> None:
    assert findings.delivery_finding(invented.deliveries()) == (
        "7 deliveries from 5 sources: 30,360 rows read, 30,357 loaded, 3 quarantined, none lost. 1 file was refused."
    )
    lost = invented.deliveries().with_columns(rows_loaded=pl.col("rows_loaded") - 1)
    assert "7 unaccounted for" in findings.delivery_finding(lost)


def test_demand_names_the_largest_area_as_a_share_and_counts_only_areas_with_a_figure() -> None:
    rows = invented.demand(FORCES).filter(pl.col("force_code") == MET)
    sentence = findings.demand_finding(rows, "Metropolitan Police", "Stalking and harassment", "year ending Jun 2025")
    held = rows.filter(~pl.col("is_unassigned") & pl.col("crime_count").is_not_null()).height
    assert f"the most of {held} areas" in sentence
    assert "of Metropolitan Police's 80,903" in sentence
    nothing = rows.with_columns(crime_count=pl.lit(None, dtype=pl.Int64))
    assert findings.demand_finding(nothing, "X", "Y", "Z").startswith("No area of X has a figure")
