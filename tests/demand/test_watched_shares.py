"""Shares that command pages watch: which months count, what the verdict says, and what stands under a tile."""

from __future__ import annotations

import datetime as dt

import pytest
from worked import Row, made

from dashboards.data.verdicts import NOT_WATCHED, Watch, missing_words, verdict_words
from dashboards.parts.tile import Tile
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

CRIME = {"offence_class": "8Q", "is_principal": True, "removal_type": "", "is_outcome_unread": False,
         "recorded_date": "2025-01-10", "outcome_group": None, "end_day": 200, "followed_days": 200}  # fmt: skip
CHARGED = {"outcome_group": "Charged/Summonsed", "end_day": 90}
HELD = [{"series_ref": "extract|F|S&H", "source": "extract", "month": f"2025-{n:02}-01"} for n in range(1, 8)]


def charged(*crimes: Row) -> dict[tuple[str, str], tuple[int, int]]:
    """(class, month) -> charged within 90 days, of all."""
    rows = made("metrics.watched_points", metrics_demand_months=HELD,
                core_outcome_times=[{"crime_ref": str(n)} | c for n, c in enumerate(crimes)])  # fmt: skip
    return {(r["code"], r["month"].isoformat()): (r["numerator"], r["denominator"]) for r in rows}


def test_a_charge_counts_on_day_90_and_not_on_day_91() -> None:
    late = CHARGED | {"end_day": 91}
    found = charged(CRIME | CHARGED, CRIME | late, CRIME, CRIME | CHARGED | {"outcome_group": "Out-of-court (formal)"})
    assert found == {("8Q", "2025-01-01"): (1, 4), ("S&H", "2025-01-01"): (1, 4)}


def test_a_month_counts_once_its_last_crime_was_followed_for_90_days() -> None:
    young = CRIME | {"recorded_date": "2025-04-30", "followed_days": 89}
    assert charged(CRIME | {"recorded_date": "2025-04-01"}, young) == {}
    assert len(charged(CRIME | {"recorded_date": "2025-04-01"}, young | {"followed_days": 90})) == 2


@pytest.mark.parametrize(
    "more", [{"removal_type": "cancelled"}, {"is_principal": False}, {"is_outcome_unread": True}, {"end_day": None}]
)
def test_what_cannot_be_told_or_does_not_stand_is_left_out(more: Row) -> None:
    assert charged(CRIME | more) == {}


def test_a_month_that_the_extract_does_not_hold_whole_is_left_out() -> None:
    """What it holds of such a month is what lived on, and was charged less often than the rest."""
    assert charged(CRIME | {"recorded_date": "2024-12-10", "followed_days": 400}) == {}


def test_a_duty_without_a_time_is_watched_once_there_was_time_to_write_it_down() -> None:
    """As of 29 July 2025: June ended 28 days before at midnight of 1 July, July not."""
    row = {"period_type": "month", "due_count": 10, "met_count": 8, "met_share": 0.8}
    rows = [row | {"measure_code": code, "month": f"2025-{n:02}-01"}
            for code in ("referral_offered", "risk_assessed") for n in (6, 7)]  # fmt: skip
    found = made("metrics.watched_points", metrics_protection_measures=rows, metrics_demand_months=HELD,
                 core_extract_moments=[{"as_of_at": "2025-07-28 23:00+00"}])  # fmt: skip
    assert [(r["code"], r["month"].month) for r in found] == [
        ("referral_offered", 6), ("risk_assessed", 6), ("risk_assessed", 7)
    ]  # fmt: skip


def test_a_duty_is_watched_by_the_month_in_which_it_arose_and_only_with_a_share() -> None:
    row = {"measure_code": "risk_assessed", "period_type": "month", "month": "2025-01-01", "due_count": 10,
           "met_count": 8, "met_share": 0.8}  # fmt: skip
    found = made("metrics.watched_points", metrics_protection_measures=[
        row, row | {"month": "2025-02-01", "met_share": None}, row | {"period_type": "whole", "month": None},
    ], metrics_demand_months=HELD, core_extract_moments=[{"as_of_at": "2025-07-01 00:00+00"}])  # fmt: skip
    assert [(r["series_ref"], r["numerator"], r["denominator"]) for r in found] == [("protection|risk_assessed", 8, 10)]


def watched(kept: list[int], due: int = 100, code: str = "risk_assessed", **given: list[Row]) -> list[Row]:
    """The points of a duty kept so often in each month from January 2022."""
    months = [dt.date(2022 + n // 12, n % 12 + 1, 1) for n in range(len(kept))]
    measured = [
        {"measure_code": code, "period_type": "month", "month": month, "due_count": due, "met_count": met,
         "met_share": met / due} for month, met in zip(months, kept, strict=True)
    ]  # fmt: skip
    held = [{"series_ref": "extract|F|S&H", "source": "extract", "month": month} for month in months]
    as_of = [{"as_of_at": "2030-01-01 00:00+00"}]
    return made("metrics.watched_points", metrics_protection_measures=measured, metrics_demand_months=held,
                core_extract_moments=as_of, **given)  # fmt: skip


def verdict(kept: list[int]) -> str:
    [row] = made("metrics.watched_verdicts", metrics_watched_points=watched(kept))
    return str(row["verdict"])


EVEN = [80, 82, 78, 81, 79, 80, 83, 77] * 4


@pytest.mark.parametrize(
    ("kept", "says"),
    [(EVEN, "no_change"), ([*EVEN, 30], "lower"), ([*EVEN, 99], "higher"), (EVEN[:11], "not_enough_points"),
     ([100, 99, 100, 100] * 8, "no_change"), ([*[100, 99, 100, 100] * 8, 80], "lower")],
)  # fmt: skip
def test_the_verdict_of_the_latest_month(kept: list[int], says: str) -> None:
    assert verdict(kept) == says


def test_without_a_series_there_is_no_verdict_and_no_error() -> None:
    assert made("metrics.watched_verdicts", metrics_watched_points=made("metrics.watched_points")) == []


@pytest.mark.parametrize(
    ("code", "segments"), [("risk_assessed", {1}), ("referral_offered", {1}), ("file_complete", {1, 2})]
)
def test_a_duty_of_some_classes_begins_anew_at_no_change_of_another(code: str, segments: set[int]) -> None:
    """Files are built in every class of the subgroup; risk is assessed and support offered in some."""
    of_8r = {"valid_from": "2023-01-01", "title": "new communications offences", "moves_counts": True,
             "source_name": "", "affects_codes": "8R,S&H"}  # fmt: skip
    assert {row["segment"] for row in watched(EVEN, code=code, core_recording_regimes=[of_8r])} == segments


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
    rows = made("metrics.control_charts", metrics_demand_months=months + other)
    assert {row["source"] for row in rows} <= {"crime"}
    return [row["numerator"] for row in rows]


def test_the_months_of_an_extract_are_charted_but_for_small_counts() -> None:
    assert watched_months(120, 0, 130) == [120, 0, 130]
    assert watched_months(120, 4, 130) == []


# in words

ROW = {"segment_first_month": dt.date(2024, 2, 1), "latest_month": dt.date(2025, 9, 1), "segment_point_count": 7,
       "expected_false_signals": 0.25, "chance_of_signal": 0.042}  # fmt: skip


A_FALL = (
    "Sep 2025 is lower than chance would give, limits since Feb 2024; chance alone would give a signal on 4 in 100 "
    "such charts"
)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("no_change",
         "no change beyond chance in Sep 2025, limits since Feb 2024 (chance alone gives 0.2 signals)"),
        ("lower", A_FALL),
        ("not_enough_points", "7 months since Feb 2024: too few to judge change"),
        ("not_charted", "too rare, or too even, to separate change from chance"),
    ],
)
def test_a_verdict_in_words(said: str, words: str) -> None:
    assert verdict_words(ROW | {"verdict": said}) == words


def test_the_yardstick_is_spoken_only_of_a_signal() -> None:
    for said in ("no_change", "not_enough_points", "not_charted"):
        assert "if nothing had changed" not in verdict_words(ROW | {"verdict": said})


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
    assert Watch({}, {}).over_time("charged", "8Q") == NOT_WATCHED
    assert "not named" in Watch({}, {}).owner("outcomes")


def test_every_subject_of_a_tile_has_an_owner() -> None:
    owners = {row["subject_code"] for row in made("reference.owners")}
    sections = {row["section"] for row in made("reference.protection_measures")}
    assert owners == sections | {"outcomes", "demand"}
