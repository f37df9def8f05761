"""Ten headline figures of the invented force equal those counted from its CSV files in plain Python.

The counting is in three files of tests/tools and shares no code with the tables. It is compared with the registrar's
published copy: counts to the unit, shares and limits to 1e-9.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import delivered_force
import duckdb
import pytest
import recount
import recount_scores
from conftest import InventedForce
from delivered_force import FORCE, LONDON, SUBGROUP, Extract, Moments
from kept_homes import kept
from recount import Followed
from recount_scores import Forecast, Part

Rows = list[dict[str, Any]]
Published = Callable[..., Rows]
EXACT = 1e-9
WINDOW_DAYS = 730
# what a funnel needs of the sample's open data
FUNNEL_FILES = (
    "home-office/prc-pfa-mar2013-onwards-tables201718.csv", "home-office/rec-crime-pfa.csv",
    "reference/population_data.csv",
)  # fmt: skip


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


@pytest.fixture(scope="module")
def open_data() -> tuple[Path, Published]:
    """The sample's files for funnels, and what is published of them."""

    def make(folder: Path) -> None:
        from built_home import build_home

        from pipelines.delivery.folder import read_folder

        for file in FUNNEL_FILES:
            (folder / "data" / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(delivered_force.ROOT / "sample" / "open_data" / file, folder / "data" / file)
        assert build_home(read_folder(folder / "data"), folder / "home") == []

    folder = kept("funnel_open_data", make)
    return folder / "data", reader(folder / "home")


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


class TestSuspects:
    def test_from_the_home_s_own_links(
        self, invented_force: InventedForce, extract: Extract, moments: Moments, published: Published
    ) -> None:
        with invented_force.connect() as con:
            people = dict(con.execute("select person_key, person_ref from core.people").fetchall())
        found = recount.reports(extract, extract.crimes(), people, moments)
        suspects = recount.suspects(found, moments.as_of, WINDOW_DAYS)
        [row] = published("metrics.repeat_summary", f"window_days = {WINDOW_DAYS} and force_code = '{FORCE}'")
        assert (
            row["suspect_count"], row["repeat_suspect_count"], row["serial_suspect_count"], row["event_count"],
        ) == (
            len(suspects), sum(s.event_count >= 2 for s in suspects.values()),
            sum(s.victim_count >= 2 for s in suspects.values()), sum(s.event_count for s in suspects.values()),
        )  # fmt: skip
        listed = published("metrics.repeat_suspects", f"window_days = {WINDOW_DAYS} and force_code = '{FORCE}'")
        assert {r["person_ref"]: (r["event_count"], r["victim_count"]) for r in listed} == suspects
        assert row["repeat_suspect_count"] > 100 and row["serial_suspect_count"] > 50

    def test_from_perfect_links_they_are_the_generator_s(
        self, invented_force: InventedForce, extract: Extract, moments: Moments
    ) -> None:
        """The truth has suspects of every force."""
        people = {r["person_key"]: r["true_person"] for r in delivered_force.rows(invented_force.truth / "people.csv")}
        found = recount.reports(extract, extract.table("crime"), people, moments)
        truth = {
            row["true_person"]: (int(row["event_count"]), int(row["victim_count"]))
            for row in delivered_force.rows(invented_force.truth / "suspects.csv")
            if row["window_days"] == str(WINDOW_DAYS)
        }
        assert recount.suspects(found, moments.as_of, WINDOW_DAYS) == truth


def test_crimes_recorded_within_the_time_limit(extract: Extract, published: Published) -> None:
    """TIM-01 covers every crime: 24 hours, and 72 before April 2015."""
    counted = Counter(recount.is_recorded_in_time(crime) for crime in extract.crimes())
    rows = published("metrics.rule_compliance", f"rule_code = 'TIM-01' and force_code = '{FORCE}'")
    [whole] = [row for row in rows if row["breakdown"] == "all"]
    assert (whole["kept_count"], whole["breach_count"], whole["not_evaluable_count"]) == (
        counted[True], counted[False], counted[None],
    )  # fmt: skip
    of_class = Counter((crime["class_code"], recount.is_recorded_in_time(crime)) for crime in extract.crimes())
    shown = [row for row in rows if row["breakdown"] == "class"]
    assert {row["class_code"]: (row["kept_count"], row["breach_count"]) for row in shown} == {
        code: (of_class[code, True], of_class[code, False]) for code, _ in of_class
    }
    assert counted[False] > 100


def test_stalking_and_harassment_recorded_within_24_hours_in_every_month(
    extract: Extract, moments: Moments, published: Published
) -> None:
    where = "measure_code = 'recorded_24h' and period_type = 'month' and breakdown = 'none'"
    rows = published("metrics.measure_values", where)
    shown = {row["period_start"]: (row["numerator"], row["denominator"]) for row in rows}
    assert shown == recount.recorded_in_a_day(extract, moments)
    assert len(shown) >= 36


def test_risk_assessed_in_time_late_missed_and_not_due(
    extract: Extract, moments: Moments, published: Published
) -> None:
    [row] = published("metrics.protection_measures", "measure_code = 'risk_assessed'")
    states = ("met", "late", "missed", "not_known", "not_yet_due")
    counted = recount.risk_assessed(extract, moments.as_of)
    assert {state: row[f"{state}_count"] for state in states} == {state: counted[state] for state in states}
    assert counted["met"] > 1000 and counted["late"] and counted["missed"]


def test_referral_offered(extract: Extract, moments: Moments, published: Published) -> None:
    [row] = published("metrics.protection_measures", "measure_code = 'referral_offered'")
    counted = recount.referral_offered(extract, moments.as_of)
    assert (row["met_count"], row["missed_count"], row["due_count"]) == (
        counted["met"], counted["missed"], counted.total(),
    )  # fmt: skip
    assert counted["met"] > 1000 and counted["missed"]


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


class TestDemand:
    def test_crimes_of_every_month_and_class(self, months: dict[str, dict[date, int]], published: Published) -> None:
        rows = published("metrics.demand_months", f"source = 'extract' and force_code = '{FORCE}'")
        assert {(row["offence_code"], row["month"]): row["crime_count"] for row in rows} == {
            (code, month): count for code, of in months.items() for month, count in of.items()
        }
        assert len(months[SUBGROUP]) == 36

    def test_control_limits_of_every_month(self, months: dict[str, dict[date, int]], published: Published) -> None:
        rows = published("metrics.control_chart_points", f"series_ref = '{series(SUBGROUP)}'")
        limits = recount.control_limits(months[SUBGROUP])
        assert {row["month"] for row in rows} == set(limits)
        for row in rows:
            drawn = [None if line is None else pytest.approx(line, abs=EXACT) for line in limits[row["month"]]]
            assert row["value"] == months[SUBGROUP][row["month"]]
            assert [row["centre_line"], row["lower_limit"], row["upper_limit"]] == drawn, row["month"]
        assert sum(row["upper_limit"] is not None for row in rows) > 20


class TestFunnels:
    @pytest.mark.slow
    @pytest.mark.parametrize("year_end", [date(2018, 3, 31), date(2018, 12, 31)])
    def test_of_the_rates_of_43_forces(self, open_data: tuple[Path, Published], year_end: date) -> None:
        folder, published = open_data
        rows = published(
            "metrics.force_funnel",
            f"measure = 'rate_per_1000' and source = 'recorded_crime_rolling_years' and period_end = date '{year_end}'",
        )
        counts = recount_scores.year_counts(folder, f"{year_end:%d-%m-%Y}")
        assert_same_funnel(rows, counts, delivered_force.setting("rates.base"))

    @pytest.mark.slow
    def test_of_the_share_of_stalking_of_43_forces(self, open_data: tuple[Path, Published]) -> None:
        folder, published = open_data
        rows = published("metrics.force_funnel", "measure = 'stalking_share' and period_start = date '2017-10-01'")
        assert_same_funnel(rows, recount_scores.quarter_counts(folder, "3"), 1)


def assert_same_funnel(rows: Rows, counts: dict[str, tuple[int, int]], scale: float) -> None:
    assert {row["force_code"]: (row["numerator"], row["denominator"]) for row in rows} == counts
    assert len(counts) == 43
    places = recount_scores.funnel(counts)
    for row in rows:
        *lines, z_score = places[row["force_code"]]
        shown = [row[name] for name in ("value", "target", "lower_95", "upper_95", "lower_998", "upper_998")]
        assert shown == pytest.approx([line * scale for line in lines], abs=EXACT), row["force_code"]
        assert row["z_score"] == pytest.approx(z_score, abs=EXACT), row["force_code"]


def test_need_with_its_interval_for_the_force_and_each_district(
    invented_force: InventedForce, published: Published
) -> None:
    rows = published("metrics.support_need", "need_code = 'stalking' and breakdown in ('all', 'area')")
    assert len(rows) == 6
    for row in rows:
        counted = recount_scores.need(invented_force.data, None if row["breakdown"] == "all" else [row["group_code"]])
        assert row["resident_count"] == counted.residents
        shown = (row["need_count"], row["need_lower"], row["need_upper"])
        assert shown == pytest.approx(counted[1:], rel=EXACT), row["group_code"]


class TestThemes:
    def test_harm_likelihood_and_risk_of_every_theme_from_its_parts(self, published: Published) -> None:
        parts = published("metrics.theme_part_values")
        scores = published("metrics.theme_scores")
        assert len(scores) > 8 and {part["theme_code"] for part in parts} == {row["theme_code"] for row in scores}
        for row in scores:
            own = [part for part in parts if part["theme_code"] == row["theme_code"]]
            harm, likelihood = (
                recount_scores.dimension_score(as_part(part) for part in own if part["dimension"] == dimension)
                for dimension in ("harm", "likelihood")
            )
            shown = (row["harm"], row["likelihood"], row["risk"])
            assert shown == pytest.approx((harm, likelihood, harm * likelihood / 100), abs=EXACT), row["theme_code"]

    def test_the_volume_of_every_theme_and_its_place_among_three_years(
        self, extract: Extract, moments: Moments, published: Published
    ) -> None:
        """T6 counts crimes of other themes, so it has no place among them."""
        parts = published("metrics.theme_part_values", "part_code = 'volume' and theme_code <> 'T6'")
        volumes = recount_scores.theme_volumes(extract, moments)
        pool = [count for years in volumes.values() for count in years]
        assert {part["theme_code"]: part["numerator"] for part in parts} == {t: of[0] for t, of in volumes.items()}
        for part in parts:
            place = sum(count <= part["numerator"] for count in pool) / len(pool)
            assert part["value"] == pytest.approx(place, abs=EXACT), part["theme_code"]


def as_part(row: dict[str, Any]) -> Part:
    return Part(row["theme_code"], row["part_code"], row["scale"], row["value"], row["given_score"])


def test_the_forecast_s_back_test(
    invented_force: InventedForce, months: dict[str, dict[date, int]], published: Published
) -> None:
    """The forecasts are those that the build made; the months that followed are counted here."""
    names = ", ".join(recount_scores.Forecast._fields).replace("origin,", "origin_month,")
    with invented_force.connect() as con:
        runs = con.execute(
            f"select series_ref, is_current, {names} from metrics.forecast_runs where is_current or naive_error > 0"
        ).fetchall()
    rows = published("metrics.forecast_backtest", f"force_code = '{FORCE}'")
    assert {row["series_ref"] for row in rows} <= {series(code) for code in months}
    assert len(rows) >= 6
    for code, actual in months.items():
        own = [row for row in rows if row["series_ref"] == series(code)]
        models = {model for ref, is_current, model, *_ in runs if ref == series(code) and is_current}
        assert {row["model"] for row in own} == models
        earlier = [Forecast(*run) for ref, is_current, *run in runs if ref == series(code) and not is_current]
        tests = recount_scores.back_tests(earlier, models, actual)
        assert tests or not any(row["forecast_count"] for row in own)
        for row in own if tests else []:
            test, yardstick = tests[row["model"]], tests["same month a year before"]
            assert (row["origin_count"], row["forecast_count"]) == (test.origin_count, test.forecast_count)
            shown = (row["coverage_80_share"], row["coverage_95_share"], row["scaled_error"])
            expected = (test.coverage_80, test.coverage_95, test.mean_error / yardstick.mean_error)
            assert shown == pytest.approx(expected, abs=EXACT), (code, row["model"])


def series(code: str) -> str:
    return f"extract|{FORCE}|{code}"
