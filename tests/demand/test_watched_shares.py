"""Shares that command pages watch: which months count, what the verdict says, and what stands under a tile."""

import datetime as dt

import pytest
from worked import made

from dashboards.data.verdicts import NOT_WATCHED, Watch, chart_words, missing_words, verdict_words
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers
from dashboards.text.tile import Tile

CRIME = {"offence_class": "8Q", "is_principal": True, "removal_type": "", "is_outcome_unread": False,
         "recorded_date": "2025-01-10", "outcome_group": None, "end_day": 200, "followed_days": 200}  # fmt: skip


def test_outcomes_that_cannot_be_read_are_counted_in_the_matured_year() -> None:
    year = CRIME | {"followed_days": 400}
    rows = made("metrics.unread_outcomes", core_outcome_times=[
        {"crime_ref": "1"} | year, {"crime_ref": "2"} | year | {"is_outcome_unread": True},
        {"crime_ref": "3"} | CRIME | {"is_outcome_unread": True},
        {"crime_ref": "4"} | year | {"followed_days": 730, "is_outcome_unread": True},
    ])  # fmt: skip
    assert [(r["offence_class"], r["crime_count"], r["unread_count"]) for r in rows] == [("8Q", 2, 1), ("S&H", 2, 1)]


def watched_months(*counts: int) -> list[int]:
    """The months of an extract that come on the control chart."""
    months = [
        {"series_ref": "extract|F|S&H", "source": "extract", "force_code": "F", "offence_code": "S&H",
         "month": f"2025-{n:02}-01", "crime_count": count} for n, count in enumerate(counts, start=1)
    ]  # fmt: skip
    other = [row | {"series_ref": "extract|F|8Q", "offence_code": "8Q"} for row in months]
    rows = made("metrics.control_chart_points", metrics_demand_months=months + other)
    assert {row["source"] for row in rows} <= {"crime"}
    return [row["numerator"] for row in rows]


def test_the_months_of_an_extract_are_charted_but_for_small_counts() -> None:
    assert watched_months(120, 0, 130) == [120, 0, 130]
    assert watched_months(120, 4, 130) == []


# in words

ROW = {"segment_first_month": dt.date(2024, 2, 1), "latest_month": dt.date(2025, 9, 1), "segment_point_count": 7,
       "expected_false_signals": 0.25, "chance_of_signal": 0.042}  # fmt: skip
A_FALL = (
    "Sep 2025 gives a signal (lower), limits since Feb 2024; chance alone would give a signal on 4 in 100 "
    "such charts"
)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("no_change",
         "no signal in Sep 2025, limits since Feb 2024 (chance alone gives 0.2 signals)"),
        ("lower", A_FALL),
        ("not_enough_points", "7 months since Feb 2024: too few for a chart"),
        ("not_charted", "too rare, or too even, for a chart"),
    ],
)
def test_a_chart_in_words(said: str, words: str) -> None:
    assert chart_words(ROW | {"verdict": said}) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"is_change": False}, "no clear change to Sep 2025"),
        ({"is_change": True, "is_new": True}, "changed: higher than expected since Jun 2025, new"),
        ({"is_change": True, "is_new": False}, "changed: higher than expected since Jun 2025, not new"),
    ],
)
def test_a_signal_on_the_chart_is_no_change(found: dict[str, bool], words: str) -> None:
    """Change is what the last months say together; the chart below reads "lower" in each of these."""
    judged = {"q_value": 0.04, "latest_period": dt.date(2025, 9, 1), "change_direction": "higher"}
    judged |= {"verdict": "lower", "changed_since": dt.date(2025, 6, 1)}
    assert verdict_words(ROW | judged | found) == words
    assert verdict_words(ROW | judged | found | {"q_value": None, "latest_period": dt.date(2025, 9, 1)}) == A_FALL


def test_the_yardstick_is_spoken_only_of_a_signal() -> None:
    for said in ("no_change", "not_enough_points", "not_charted"):
        assert "if nothing had changed" not in chart_words(ROW | {"verdict": said})


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "a remote chance (less than 1%)"), (0.05, "a remote chance (5%)"), (0.10, "highly unlikely (10%)"),
        (0.20, "highly unlikely (20%)"), (0.25, "unlikely (25%)"), (0.35, "unlikely (35%)"),
        (0.40, "a realistic possibility (40%)"), (0.50, "a realistic possibility (50%)"), (0.55, "likely (55%)"),
        (0.75, "likely (75%)"), (0.80, "highly likely (80%)"), (0.90, "highly likely (90%)"),
        (0.95, "almost certain (95%)"), (1.0, "almost certain (more than 99%)"),
    ],
)  # fmt: skip
def test_the_words_of_the_probability_yardstick(probability: float, words: str) -> None:
    assert numbers.yardstick(probability).replace("\u00a0", " ") == words


@pytest.mark.parametrize("none", [-0.01, 1.01, float("nan")])
def test_what_is_no_probability_has_no_words(none: float) -> None:
    with pytest.raises(ValueError, match="expected a probability"):
        numbers.yardstick(none)


@pytest.mark.parametrize(
    ("unknown", "total", "words"),
    [(0, 1000, "none of 1,000"), (12, 1012, "12 of 1,012 not known"), (3, 50, "fewer than 5 not known"),
     (None, 10, "not known"), (0, 0, "not known")],
)  # fmt: skip
def test_what_is_missing_in_words(unknown: int | None, total: int, words: str) -> None:
    assert missing_words(unknown, total, SmallNumbers(5, 30)) == words


def test_a_tile_cannot_be_made_without_verdicts_missingness_and_owner() -> None:
    with pytest.raises(TypeError, match="over_time"):
        Tile(**dict.fromkeys(("label", "value", "small"), "words"))
    assert Watch({}, {}).over_time("charged_90", "8Q") == NOT_WATCHED
    assert "not named" in Watch({}, {}).owner("outcomes")


def test_every_subject_of_a_tile_has_an_owner() -> None:
    owners = {row["subject_code"] for row in made("reference.owners")}
    sections = {row["section"] for row in made("reference.protection_measures")}
    assert owners == sections | {"outcomes", "demand"}
