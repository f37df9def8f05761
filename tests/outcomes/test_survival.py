"""Time to an event, causes that compete, and who is at risk on which day."""

import math
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import binomtest

from assets.methods.survival.estimates import incidence_at, limits_of_shares, median_day_of, survival_figures
from assets.methods.survival.risk_table import checked, risk_table

ORACLES = Path(__file__).parents[1] / "oracles"


def reference(name: str, role: str) -> pl.DataFrame:
    return pl.read_csv(ORACLES / f"{name}_{role}.csv")


def of_rows(rows: Sequence[tuple[int, int]], names: Sequence[str] = ("charge", "no action", "other")) -> pl.DataFrame:
    return risk_table([day for day, _ in rows], [cause for _, cause in rows], cause_names=names)


def assert_near(found: pl.Series, expected: pl.Series) -> None:
    assert found.to_list() == pytest.approx(expected.cast(pl.Float64).to_list(), rel=1e-6, abs=0), expected.name


def survival_at(table: pl.DataFrame, days: Sequence[float]) -> pl.DataFrame:
    figures, at_risk = survival_figures(checked(table), days)
    lower, upper = limits_of_shares(figures["survival"], figures["standard_error"], figures.pop("known"))
    return pl.DataFrame({"day": days, **figures, "lower": lower, "upper": upper, "at_risk": at_risk}).fill_nan(None)


def test_survival_equals_the_reference() -> None:
    rows, expected = reference("survival_1", "input"), reference("survival_1", "expected")
    table = risk_table(rows["days"], rows["event"], cause_names=["event"])
    found = survival_at(table, expected["day"].to_list())
    assert_near(found["survival"], expected["survival"])
    assert_near(found["standard_error"], expected["se_greenwood"])
    assert_near(found["lower"], expected["lower_loglog"])
    assert_near(found["upper"], expected["upper_loglog"])
    assert median_day_of(checked(table)) == expected["median_days"][0]


def test_incidence_equals_the_reference() -> None:
    rows, expected = reference("incidence_1", "input"), reference("incidence_1", "expected")
    table = risk_table(rows["days"], rows["cause"], cause_names=["1", "2", "3"])
    assert table["at_risk"][0] == expected["at_risk_start"][0]
    found = incidence_at(table, [90, 180, 365])
    assert found["cause"].to_list() == [str(cause) for cause in expected["cause"]]
    for column, other in [
        ("incidence", "incidence"), ("standard_error", "se_greenwood"), ("lower", "lower"), ("upper", "upper"),
        ("at_risk", "at_risk_at_day"),
    ]:
        assert_near(found[column], expected[other])


def test_both_equal_lifelines_with_late_entries() -> None:
    """lifelines 0.30.3; no two rows end, and none enters, on the day another ends: there lifelines jitters."""
    rows, expected = reference("lifelines_1", "input"), reference("lifelines_1", "expected")
    table = risk_table(rows["days"], rows["cause"], cause_names=["1", "2"], entries=rows["entry"])
    by_any = expected.filter(pl.col("cause") == "any")
    survival = survival_at(table, by_any["day"].to_list())
    assert_near(1 - survival["survival"], by_any["incidence"])
    assert_near(1 - survival["upper"], by_any["lower"])
    assert_near(1 - survival["lower"], by_any["upper"])
    by_cause = expected.filter(pl.col("cause") != "any")
    incidence = incidence_at(table, by_any["day"].to_list())
    for column, other in [("incidence", "incidence"), ("standard_error", "se"), ("lower", "lower"), ("upper", "upper")]:
        assert_near(incidence[column], by_cause[other])


def test_counts_per_day_give_the_same_as_persons() -> None:
    rows = reference("incidence_1", "input")
    by_person = risk_table(rows["days"], rows["cause"], cause_names=["1", "2", "3"])
    per_day = (
        rows.group_by("days").agg(*((pl.col("cause") == n).sum().alias(str(n)) for n in (1, 2, 3)),
                                  censored=(pl.col("cause") == 0).sum(), gone=pl.len())
        .sort("days").with_columns(at_risk=rows.height - pl.col("gone").cum_sum() + pl.col("gone"))
        .rename({"days": "day"}).drop("gone")
    )
    quiet = pl.DataFrame({"day": [1], "1": [0], "2": [0], "3": [0], "censored": [0], "at_risk": [60]})
    with_a_quiet_day = pl.concat([per_day, quiet.select(pl.all().cast(pl.Int64))], how="diagonal_relaxed")
    for table in (per_day, with_a_quiet_day.reverse()):
        assert_frame_equal(incidence_at(table, [90, 365]), incidence_at(by_person, [90, 365]))
        assert_frame_equal(survival_at(table, [90, 365]), survival_at(by_person, [90, 365]))


def test_a_competing_cause_that_is_left_out_is_refused() -> None:
    """Else its people would pass as censored, and the incidence of the others would come out too high."""
    table = of_rows([(1, 1), (2, 2), (3, 0), (4, 1)], ["charge", "no action"])
    with pytest.raises(ValueError, match="between day 2 and 3 the people at risk change by -1"):
        incidence_at(table.drop("no action"), [4])
    with pytest.raises(ValueError, match="between day 2 and 3"):
        survival_at(table.drop("no action"), [4])


def test_an_event_on_the_day_of_recording_counts() -> None:
    found = incidence_at(of_rows([(0, 1), (5, 2), (5, 1), (9, 0)]), [0, 5])
    assert found.filter(pl.col("cause") == "charge")["incidence"].to_list() == [0.25, 0.5]


def test_nothing_is_said_of_days_that_nobody_was_followed_to() -> None:
    open_end = incidence_at(of_rows([(10, 1), (20, 0), (30, 0)]), [30, 31])
    assert open_end.filter(pl.col("day") == 31).select("incidence", "standard_error").null_count().row(0) == (3, 3)
    assert open_end.filter(pl.col("day") == 30)["incidence"].null_count() == 0
    all_had_it = incidence_at(of_rows([(10, 1), (20, 2), (30, 1)]), [1000])
    assert all_had_it["incidence"].to_list() == pytest.approx([2 / 3, 1 / 3, 0])
    assert survival_at(of_rows([(10, 1)]), [1000])["survival"].to_list() == [0]


def test_nothing_is_said_after_all_left_before_others_entered() -> None:
    table = risk_table([5, 20, 30], [1, 1, 0], cause_names=["again"], entries=[0, 10, 10])
    assert survival_at(table, [5, 20])["survival"].to_list() == [0, None]
    same_day = risk_table([5, 20, 30], [1, 1, 0], cause_names=["again"], entries=[0, 5, 5])
    assert incidence_at(same_day, [20])["incidence"].to_list() == [None]


def test_no_event_and_nothing_but_events_have_exact_limits() -> None:
    """0 of 3 and 3 of 3: Clopper and Pearson, as a binomial test gives them."""
    found = survival_at(of_rows([(3, 1), (3, 2), (9, 3)]), [1, 3, 9])
    assert found["survival"].to_list() == pytest.approx([1, 1 / 3, 0])
    exact = binomtest(0, 3).proportion_ci(0.95, "exact").high
    assert (found["lower"][0], found["upper"][0]) == (pytest.approx(1 - exact), 1)
    assert (found["lower"][2], found["upper"][2]) == (0, pytest.approx(exact))
    assert 0 < found["lower"][1] < 1 / 3 < found["upper"][1] < 1
    assert found["standard_error"].to_list() == pytest.approx([0, math.sqrt(2 / 27), 0])


def test_time_in_custody_is_not_at_risk() -> None:
    """A is held from day 5 to 15: on day 10 two are at risk, not three; the event of day 20 finds A again."""
    table = risk_table(
        [5, 20, 10, 30], [0, 1, 1, 0], cause_names=["again"], entries=[0, 15, 0, 0], persons=["A", "A", "B", "C"],
    )
    assert table.columns == ["day", "at_risk", "entered", "again", "censored"]
    assert table.rows() == [(5, 3, 0, 0, 1), (10, 2, 0, 1, 0), (15, 1, 1, 0, 0), (20, 2, 0, 1, 0), (30, 1, 0, 0, 1)]
    assert survival_at(table, [10, 20])["survival"].to_list() == pytest.approx([0.5, 0.25])


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([("A", 0, 10, 0), ("A", 5, 20, 1)], "intervals of person A overlap"),
        ([("A", 0, 10, 1), ("A", 10, 20, 0)], "A is at risk again after an event"),
        ([("A", 0, 10, 0), ("A", 10, 10, 1)], "ends on day 10, not after its entry"),
    ],
)
def test_intervals_that_contradict_each_other_are_refused(rows: list[tuple[str, int, int, int]], named: str) -> None:
    persons, entries, days, causes = zip(*rows)
    with pytest.raises(ValueError, match=named):
        risk_table(days, causes, cause_names=["again"], entries=entries, persons=persons)


@pytest.mark.parametrize(
    ("days", "causes", "named"),
    [
        ([], [], "no row"), ([1, 2], [0], "shape"), ([1], [2], "up to 1"), ([1], [0.5], "whole"),
        ([math.nan], [0], "finite"), ([-1], [0], "after its entry"),
    ],
)
def test_rows_that_are_none_are_refused(days: list[float], causes: list[float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        risk_table(days, causes, cause_names=["again"])


@pytest.mark.parametrize("names", [[], ["a", "a"], ["day"]])
def test_causes_need_names_of_their_own(names: list[str]) -> None:
    with pytest.raises(ValueError, match="name of its own"):
        risk_table([1], [0], cause_names=names)


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ({"at_risk": None}, "at_risk"), ({"a": None}, "each cause"), ({"day": [3, 3]}, "day 3 is given twice"),
        ({"a": [5, 0]}, "on day 1 more people leave"), ({"censored": [0, None]}, "null"), ({"a": [-1, 0]}, "negative"),
        ({"at_risk": [3, 5]}, r"change by \+3"),
    ],
)
def test_counts_that_contradict_each_other_are_refused(columns: dict[str, list[int] | None], named: str) -> None:
    given_columns = {"day": [1, 2], "at_risk": [3, 2], "a": [1, 0], "censored": [0, 1], **columns}
    table = pl.DataFrame({name: values for name, values in given_columns.items() if values is not None})
    with pytest.raises(ValueError, match=named):
        incidence_at(table, [1])


@pytest.mark.parametrize("days", [[-1], [math.nan], [[1]]])
def test_days_that_are_none_are_refused(days: list[float]) -> None:
    with pytest.raises(ValueError, match="days"):
        survival_at(of_rows([(1, 1)]), days)
    with pytest.raises(ValueError, match="quantile"):
        incidence_at(of_rows([(1, 1)]), [1], z=0)
