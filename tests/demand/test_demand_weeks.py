"""Recorded demand by week: whole weeks only, small weeks not at all, and signals within a recording regime."""

import datetime as dt
from collections.abc import Iterable, Sequence

import polars as pl
import pytest
from one_chart import control_chart
from worked import Row, made

SERIES = {"series_ref": "extract|F|S&H", "source": "extract", "force_code": "F", "offence_code": "S&H"}
MONDAY = dt.date(2025, 9, 1)


def points(days: Iterable[tuple[str, int]], months: Sequence[str], regimes: Sequence[Row] = ()) -> list[Row]:
    """The weeks of crimes on these days in these whole months."""
    return made(
        "metrics.demand_week_points", reference_recording_regimes=list(regimes),
        metrics_demand_months=[SERIES | {"month": month, "crime_count": 40} for month in months],
        core_demand_days=[
            {"force_code": "F", "offence_code": code, "recorded_date": day, "crime_count": count}
            for day, count in days for code in ("S&H", "8Q")
        ],
    )  # fmt: skip


def weeks(*days: tuple[str, int], months: tuple[str, ...] = ("2025-09-01",)) -> dict[str, int]:
    """Monday -> crimes, of crimes on these days in these whole months."""
    return {row["week"].isoformat(): row["value"] for row in points(days, months)}


def test_weeks_begin_on_monday_and_those_not_whole_in_the_months_held_are_left_out() -> None:
    """September 2025 begins on a Monday and ends on a Tuesday."""
    found = weeks(("2025-09-01", 5), ("2025-09-07", 6), ("2025-09-08", 7), ("2025-09-29", 9), ("2025-09-15", 8),
                  ("2025-09-22", 5))  # fmt: skip
    assert found == {"2025-09-01": 11, "2025-09-08": 7, "2025-09-15": 8, "2025-09-22": 5}


def test_a_week_over_two_months_that_are_held_is_whole() -> None:
    found = weeks(("2025-09-30", 5), ("2025-10-05", 6), months=("2025-09-01", "2025-10-01"))
    assert found["2025-09-29"] == 11
    assert found["2025-09-08"] == 0, "held, and nothing recorded"


def test_a_series_with_weeks_of_few_crimes_is_not_given() -> None:
    assert weeks(("2025-09-01", 4), ("2025-09-08", 40)) == {}


def test_a_removed_crime_is_in_no_day_and_each_counts_in_its_class_and_in_all() -> None:
    crime: Row = {"force_code": "F", "class_code": "8Q", "recorded_date": "2025-09-01", "is_cancelled": False,
                  "is_transferred": False}  # fmt: skip
    rows = made("core.demand_days", core_extract_moments=[{"as_of_at": "2025-10-01 00:00+00"}], core_crimes=[
        {"crime_ref": "1"} | crime,
        {"crime_ref": "2"} | crime | {"is_cancelled": True, "removed_at": "2025-09-20 00:00+00"},
        {"crime_ref": "3"} | crime | {"is_cancelled": True, "removed_at": "2025-10-02 00:00+00"},
        {"crime_ref": "4"} | crime | {"class_code": "34A"},
    ])  # fmt: skip
    assert {row["offence_code"]: row["crime_count"] for row in rows} == {"S&H": 2, "8Q": 2}


def charted(values: list[int], *regimes: Row) -> pl.DataFrame:
    """The weeks from September 2025, of months that have as many whole weeks."""
    days = [(str(MONDAY + dt.timedelta(weeks=n)), count) for n, count in enumerate(values)]
    months = {8: "2026-04-30", 26: "2026-08-31"}[len(values) - 26]
    named = pl.date_range(MONDAY, dt.date.fromisoformat(months), "1mo", eager=True).cast(pl.String).to_list()
    found = points(days, named, regimes)
    assert len(found) == len(values)
    return pl.DataFrame(found, infer_schema_length=None)


CHANGE: Row = {"title": "new rules", "moves_counts": True, "source_name": "crime", "affects_codes": "all"}
EVEN = [50, 54, 47, 52, 49, 53, 46, 51] * 4


def test_a_week_beyond_the_limits_is_a_signal() -> None:
    signals = charted([*EVEN, 51, 120])["signal"].to_list()
    assert signals == [""] * 33 + ["beyond_limit"]


def test_limits_begin_anew_with_the_first_week_after_a_recording_change() -> None:
    found = charted(EVEN[:18] + [100 + n for n in [*EVEN, 50, 54]], CHANGE | {"valid_from": "2025-12-03"})
    later = found.filter(pl.col("segment") == 2)
    assert later["week"].min() == dt.date(2026, 1, 5), "the first Monday in a whole month under the new rules"
    assert later["signal"].unique().to_list() == [""]
    assert found.filter(pl.col("segment") == 1)["expected_false_signals"][0] > 0


def test_weeks_are_given_by_their_monday() -> None:
    frame = pl.DataFrame({"month": [dt.date(2025, 9, 2)], "value": [1.0]})
    with pytest.raises(ValueError, match="Monday"):
        control_chart(frame, chart_type="xmr", is_weekly=True)
    twice = pl.DataFrame({"month": [MONDAY, MONDAY], "value": [1.0, 2.0]})
    with pytest.raises(ValueError, match="twice"):
        control_chart(twice, chart_type="xmr", is_weekly=True)
