"""Charges, cumulative incidence and the open caseload equal those counted from the CSV files in plain Python.

The counting is in three files of tests/tools and shares no code with the tables. It is compared with the registrar's
published copy: counts to the unit, shares and limits to 1e-9.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import delivered_force
import duckdb
import pytest
import recount
from conftest import InventedForce
from delivered_force import LONDON, SUBGROUP, Extract, Moments
from recount import Followed

Rows = list[dict[str, Any]]
Published = Callable[..., Rows]
EXACT = 1e-9


def read_rows(con: duckdb.DuckDBPyConnection, query: str) -> Rows:
    result = con.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]


def reader(home: Path) -> Published:
    """Rows of a table as published for the registrar."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")

    def rows(table: str, where: str = "true") -> Rows:
        file = home / "published" / "integrity" / f"{table}.parquet"
        return read_rows(con, f"select * from read_parquet('{file}') where {where}")

    return rows


@pytest.fixture(scope="module")
def extract(invented_force: InventedForce) -> Extract:
    return Extract(invented_force.data)


@pytest.fixture(scope="module")
def published(invented_force: InventedForce) -> Published:
    return reader(invented_force.home)


@pytest.fixture(scope="module")
def moments(published: Published) -> Moments:
    """What the build took as its as-of moment."""
    [row] = published("core.extract_moments")
    return Moments(row["as_of_at"].astimezone(UTC), row["events_limit_at"].astimezone(UTC))


@pytest.fixture(scope="module")
def followed(extract: Extract, moments: Moments) -> list[Followed]:
    crimes: list[Followed] = recount.followed_crimes(extract, moments)
    return crimes


@pytest.fixture(scope="module")
def months(extract: Extract, moments: Moments) -> dict[str, dict[date, int]]:
    counts: dict[str, dict[date, int]] = recount.month_counts(extract, moments)
    return counts


class TestCharges:
    def test_crimes_of_the_matured_year_and_those_charged_within_a_year(
        self, followed: list[Followed], published: Published
    ) -> None:
        rows = published("metrics.matured_outcomes", f"outcome_group = '{delivered_force.CHARGED}' and day = 365")
        counted = {
            code: (sum(c.group == delivered_force.CHARGED and c.end_day <= 365 for c in crimes), len(crimes))
            for code, crimes in recount.by_class(recount.matured_year(followed)).items()
        }
        assert {row["offence_class"]: (row["outcome_count"], row["crime_count"]) for row in rows} == counted
        assert counted[SUBGROUP][0] > 100

    def test_every_cumulative_incidence(self, followed: list[Followed], published: Published) -> None:
        """By quarter of recording and class, of each published group and each single code."""
        counted = {
            (cohort, code): crimes
            for cohort, of in {"all": followed, **by_quarter(followed)}.items()
            for code, crimes in recount.by_class(of).items()
        }
        rows = published("metrics.outcome_incidence")
        assert {(row["cohort"], row["offence_class"]) for row in rows} == set(counted)
        expected = {
            (*part, day, is_code): incidence_of(crimes, day, is_code)
            for part, crimes in counted.items() for day in (90, 180, 365) for is_code in (False, True)
        }  # fmt: skip
        for row in rows:
            shares = expected[row["cohort"], row["offence_class"], row["day"], row["is_code"]]
            if shares is None:
                assert row["incidence"] is None, row
            else:
                cause = "" if row["outcome_group"] == delivered_force.OPEN else row["outcome_group"]
                assert row["incidence"] == pytest.approx(shares.get(cause, 0.0), abs=EXACT), row
        assert sum((row["incidence"] or 0) > 0 for row in rows) > 500


def by_quarter(crimes: list[Followed]) -> dict[str, list[Followed]]:
    return {quarter: [c for c in crimes if c.quarter == quarter] for quarter in {c.quarter for c in crimes}}


def incidence_of(crimes: list[Followed], day: int, is_code: bool) -> dict[str, float] | None:
    """The share with each outcome by a day; None where too few crimes were followed that long."""
    fewest = min(delivered_force.setting("shares.minimum_denominator"), len(crimes))
    if sum(crime.followed_days >= day for crime in crimes) < fewest:
        return None
    ends = [(min(c.end_day, 366), (c.code if is_code else c.group) if c.end_day <= 365 else "") for c in crimes]
    shares: dict[str, float] | None = recount.cumulative_incidence(ends, day)
    return shares


def test_open_caseload_at_every_month_end_and_now(
    extract: Extract, moments: Moments, months: dict[str, dict[date, int]], published: Published
) -> None:
    rows = published("metrics.open_caseload", "breakdown = 'force'")
    counted = {at: recount.caseload(extract, at) for at in caseload_moments(months[SUBGROUP], moments)}
    assert {
        (row["measured_at"], row["is_as_of"]): (
            row["open_count"], row["investigator_count"], row["median_count"], row["highest_count"],
        )
        for row in rows
    } == {(at, at == moments.as_of): load for at, load in counted.items()}  # fmt: skip
    assert counted[moments.as_of].investigator_count > 50


def caseload_moments(covered: dict[date, int], moments: Moments) -> list[datetime]:
    """Month ends by now that follow twelve covered months, and now, which follows twelve before this month."""
    last = moments.day.replace(day=1)
    found = []
    for month in (delivered_force.months_before(last, ago) for ago in range(37)):
        end = datetime.combine(delivered_force.next_month(month), datetime.min.time(), LONDON).astimezone(UTC)
        if end <= moments.as_of and all(delivered_force.months_before(month, ago) in covered for ago in range(12)):
            found.append(end)
    is_now = all(delivered_force.months_before(last, ago) in covered for ago in range(1, 13))
    return [*found, moments.as_of] if is_now else found
