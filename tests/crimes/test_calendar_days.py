"""Each crime counts once, in its London day, week, month and year, on the days on which calendars go wrong.

Clock changes of 29 March and 25 October 2026, midnights in summer, 29 February, and the week between two years.
"""

import datetime as dt
from collections import Counter

import pytest
from worked import Row, made

EACH = 5  # crimes recorded at each moment: a series with weeks of fewer is not given
# moment -> its London day
MOMENTS = {
    "2026-03-29T00:30:00Z": "2026-03-29",  # the last half hour before the clocks go forward
    "2026-03-29T01:00:00Z": "2026-03-29",  # 02:00: an hour of the clock was left out
    "2026-03-29T22:59:59Z": "2026-03-29",
    "2026-03-29T23:00:00Z": "2026-03-30",  # the first midnight of summer, a Monday
    "2026-10-24T22:59:59Z": "2026-10-24",
    "2026-10-24T23:30:00Z": "2026-10-25",  # 00:30 of the day with 25 hours
    "2026-10-25T00:30:00Z": "2026-10-25",  # 01:30 the first time
    "2026-10-25T01:30:00Z": "2026-10-25",  # 01:30 the second time
    "2026-10-25T23:59:59Z": "2026-10-25",
    "2026-10-26T00:00:00Z": "2026-10-26",
    "2026-03-31T22:59:59Z": "2026-03-31",
    "2026-03-31T23:30:00Z": "2026-04-01",  # another month, quarter and financial year in London than in UTC
    "2026-09-30T23:30:00Z": "2026-10-01",
    "2028-02-28T23:59:59Z": "2028-02-28",
    "2028-02-29T00:00:00Z": "2028-02-29",
    "2028-02-29T23:59:59Z": "2028-02-29",
    "2028-03-01T00:00:00Z": "2028-03-01",
    "2026-12-31T23:59:59Z": "2026-12-31",  # Thursday of week 53
    "2027-01-01T00:00:00Z": "2027-01-01",  # Friday of the same week
    "2024-12-30T00:30:00Z": "2024-12-30",  # Monday of week 1 of 2025
}
AS_OF = [{"as_of_at": "2028-04-01 00:00+00"}]
HELD = [dt.date(2024 + (11 + n) // 12, (11 + n) % 12 + 1, 1) for n in range(40)]  # December 2024 to March 2028
COVERED = [{"series_ref": "s", "source": "extract", "offence_code": "S&H", "month": month} for month in HELD]


@pytest.fixture(scope="module")
def crimes() -> list[Row]:
    given = [
        {"delivery_ref": "d", "line_number": n, "crime_id": f"c{n}", "force_code": "F", "class_code": "8Q",
         "reported_ts": at, "recorded_ts": at}
        for n, at in enumerate(at for at in MOMENTS for _ in range(EACH))
    ]  # fmt: skip
    rows = made("core.crimes", raw_crime=given, core_current_periods=[{"source": "crime", "delivery_ref": "d"}])
    assert len(rows) == EACH * len(MOMENTS)
    return rows


@pytest.fixture(scope="module")
def days(crimes: list[Row]) -> list[Row]:
    return made("core.demand_days", core_crimes=crimes, core_extract_moments=AS_OF)


def test_a_day_is_that_of_the_london_clock(days: list[Row]) -> None:
    expected = Counter(MOMENTS.values())
    found = {row["recorded_date"].isoformat(): row["crime_count"] for row in days if row["offence_code"] == "S&H"}
    assert found == {day: EACH * count for day, count in expected.items()}
    assert (found["2026-03-29"], found["2026-10-25"]) == (3 * EACH, 4 * EACH)


def test_every_period_counts_each_crime_once(crimes: list[Row]) -> None:
    events = made("core.measure_events", core_crimes=crimes, core_extract_moments=AS_OF)
    recorded = Counter(row["month"] for row in events if row["measure_code"] == "recorded")
    months = Counter(dt.date.fromisoformat(day).replace(day=1) for day in MOMENTS.values())
    assert recorded == {month: EACH * count for month, count in months.items()}
    cells = [
        {"measure_code": "recorded", "month": month, "breakdown": "none", "breakdown_value": "all",
         "numerator": count, "not_known_count": 0}
        for month, count in recorded.items()
    ]  # fmt: skip
    given = {"metrics_measure_cells": cells, "core_extract_moments": AS_OF, "metrics_demand_months": COVERED}
    given["metrics_measure_periods"] = made(
        "metrics.measure_periods", metrics_measure_cells=cells, metrics_demand_months=COVERED
    )
    listed = [{"measure_code": "recorded", "kind": "count"}]
    rows = made("metrics.measure_values", **given, reference_measures=listed)
    sums: Counter[str] = Counter()
    starts = {}
    for row in rows:
        sums[row["period_type"]] += row["numerator"]
        starts[row["period_type"], row["period_start"]] = row["numerator"]
    whole = EACH * len(MOMENTS)
    assert {kind: sums[kind] for kind in ("month", "quarter", "financial_year", "to_date")} == dict.fromkeys(
        ("month", "quarter", "financial_year", "to_date"), whole
    )
    in_spring = [day for day in MOMENTS.values() if "2026-04-01" <= day < "2026-07-01"]
    assert starts["quarter", dt.date(2026, 4, 1)] == EACH * len(in_spring) == EACH
    years = Counter(int(day[:4]) - (day[5:] < "04-01") for day in MOMENTS.values())
    assert {s.year: n for (kind, s), n in starts.items() if kind == "financial_year" and n} == {
        year: EACH * count for year, count in years.items()
    }
    assert starts["month", dt.date(2028, 2, 1)] == 3 * EACH
    # twelve months that end with February hold its 29th day, and those that end with January do not
    assert starts["rolling_12", dt.date(2027, 3, 1)] == 3 * EACH
    assert starts["rolling_12", dt.date(2027, 2, 1)] == 0


@pytest.mark.parametrize(
    ("reported", "recorded", "is_in_time"),
    [
        ("2026-03-28 12:00+00", "2026-03-29 13:00+01", True),  # by the clock 25 hours
        ("2026-03-28 12:00+00", "2026-03-29 13:00:01+01", False),
        ("2026-10-24 12:00+01", "2026-10-25 11:00+00", True),  # by the clock 23 hours
        ("2026-10-24 12:00+01", "2026-10-25 11:00:01+00", False),
        ("2026-10-25 01:30+01", "2026-10-25 01:30+00", True),  # the same time of the clock, an hour later
        ("2026-10-25 01:30+00", "2026-10-25 01:30+01", None),  # recorded before it was reported
        ("2028-02-28 23:00+00", "2028-02-29 23:00+00", True),
        ("2028-02-28 23:00+00", "2028-03-01 00:00+00", False),
    ],
)
def test_24_hours_are_elapsed_hours(reported: str, recorded: str, is_in_time: bool | None) -> None:
    crime = {"is_stalking_or_harassment": True, "recorded_date": recorded[:10], "recorded_month": recorded[:8] + "01",
             "reported_at": reported, "recorded_at": recorded}  # fmt: skip
    rows = made("core.measure_events", core_crimes=[crime], core_extract_moments=AS_OF)
    assert [row["is_met"] for row in rows if row["measure_code"] == "recorded_24h"] == [is_in_time]


@pytest.mark.parametrize(
    ("requested", "as_of"),
    [
        ({}, "2026-03-29 10:00"),
        ({"stated_at": "2026-03-31 22:59+00"}, "2026-03-31 22:59"),
        ({"stated_at": "2026-02-01 00:00+00"}, "2026-03-29 10:00"),
        ({"stated_at": "2027-02-01 00:00+00"}, "2026-04-09 08:00"),
        ({"stated_at": "2026-03-31 22:59+00", "as_of_at": "2026-03-20 23:00+00"}, "2026-03-20 23:00"),
    ],
    ids=["last moment", "its own day", "it holds something later", "not after its receipt", "what is asked for"],
)
def test_figures_are_as_of_the_day_of_the_extract(requested: Row, as_of: str) -> None:
    (found,) = made(
        "core.extract_moments",
        raw_crime=[{"delivery_ref": "d", "recorded_ts": "2026-03-29T10:00:00Z"}],
        core_current_periods=[{"source": "crime", "delivery_ref": "d"}],
        raw_deliveries=[{"delivery_ref": "d", "received_at": "2026-04-09 08:00+00"}],
        raw_requested_as_of=[requested] if requested else [],
    )
    assert f"{found['as_of_at'].astimezone(dt.UTC):%Y-%m-%d %H:%M}" == as_of
