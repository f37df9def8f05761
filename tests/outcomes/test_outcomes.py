"""What became of crimes: from rows of an extract to cumulative incidence, by hand and against the oracles."""

import hashlib
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from invented_outcomes import (
    AS_OF_DATE,
    CHARGED,
    MOMENTS,
    NOT_SUPPORTING,
    SUPPORTING,
    at,
    crime,
    outcome,
    span,
    time,
)
from worked import Row, made, only

from assets.methods.survival import day_counts
from assets.methods.survival.day_counts import incidence_by_stratum, risk_table_of_counts
from assets.methods.survival.estimates import followed_share_limits
from expectations import RULES
from expectations.engine import breaches_sql
from pipelines.tables.cards import ROOT

ORACLES = Path(__file__).parents[1] / "oracles"
OPEN = "Not yet assigned an outcome"


DELIVERED = [{"source": source, "delivery_ref": source} for source in ("outcome", "removal")]


def times(*outcomes: Row, **given: list[Row]) -> list[Row]:
    """core.outcome_times of one crime recorded 400 days ago, unless crimes and spans are given."""
    given = {"core_crimes": [crime()], "core_stalking_harassment_spans": [span()],
             "core_force_deliveries": DELIVERED} | given  # fmt: skip
    known = made("core.known_outcomes", core_extract_moments=MOMENTS, core_outcomes=list(outcomes))
    return made("core.outcome_times", core_extract_moments=MOMENTS, core_outcomes=list(outcomes),
                core_known_outcomes=known, **given)  # fmt: skip


def fate(*outcomes: Row, **given: list[Row]) -> tuple[Any, ...]:
    (row,) = times(*outcomes, **given)
    return row["outcome_code"], row["end_day"], row["has_earlier_outcome"]


class TestTheOutcomeThatStands:
    def test_open_until_the_as_of_day(self) -> None:
        assert fate() == (None, 400, False)
        assert fate(outcome("0", 400, 1)) == (None, 400, False)

    def test_days_from_recording(self) -> None:
        assert fate(outcome("0", 400, 1), outcome("16", 370)) == ("16", 30, False)

    def test_a_later_charge_stands_from_its_own_day(self) -> None:
        assert fate(outcome("16", 370), outcome("1", 200, 3)) == ("1", 200, True)

    def test_an_alternate_charge_after_a_charge_is_a_charge_since_the_first(self) -> None:
        found = times(outcome("1", 370), outcome("1A", 200, 3, alternate_ho_code="8/30"))[0]
        assert (found["outcome_code"], found["outcome_group"], found["end_day"]) == ("1A", CHARGED, 30)
        assert found["alternate_ho_code"] == "8/30" and not found["has_earlier_outcome"]

    def test_a_charge_between_others_does_not_count_back(self) -> None:
        assert fate(outcome("1", 370), outcome("15", 300, 3), outcome("1", 200, 4)) == ("1", 200, True)

    def test_a_crime_opened_anew_is_open(self) -> None:
        assert fate(outcome("15", 370), outcome("0", 300, 3)) == (None, 400, True)
        assert fate(outcome("15", 370), outcome("0", 300, 3), outcome("1", 250, 4)) == ("1", 150, True)

    def test_the_same_outcome_twice_counts_from_the_first(self) -> None:
        assert fate(outcome("15", 370), outcome("15", 365, 3)) == ("15", 30, False)

    def test_a_code_in_no_list_is_an_outcome_too(self) -> None:
        assert times(outcome("23", 370))[0]["outcome_group"] == "Code in no published list"

    def test_an_outcome_before_the_recording_is_on_day_0(self) -> None:
        assert fate(outcome("18", 402)) == ("18", 0, False)

    def test_midnight_after_the_as_of_day_is_not_another_day(self) -> None:
        midnight = [{"as_of_at": at(-1 / 24), "events_limit_at": at(-1 / 24)}]  # 31 March, 23:00 UTC
        rows = made("core.outcome_times", core_extract_moments=midnight, core_crimes=[crime()],
                    core_stalking_harassment_spans=[span()], core_force_deliveries=DELIVERED)  # fmt: skip
        assert rows[0]["followed_days"] == (AS_OF_DATE - crime()["recorded_date"]).days == 400


class TestNothingOfTheFuture:
    def test_outcomes(self) -> None:
        assert fate(outcome("16", 370), outcome("1", -1, 3)) == ("16", 30, False)

    def test_recordings(self) -> None:
        assert times(core_crimes=[crime(recorded=-1)], core_stalking_harassment_spans=[span(since=-1)]) == []

    def test_removals(self) -> None:
        later = [{"crime_ref": "C", "removal_code": "C2", "removed_at": at(-1)}]
        assert times(core_removals=later)[0]["removal_type"] == ""
        for code, kind in (("C2", "cancelled"), ("C1", "transferred"), ("??", "")):
            earlier = [{"crime_ref": "C", "removal_code": code, "removed_at": at(1)}]
            assert times(core_removals=earlier)[0]["removal_type"] == kind

    def test_classes(self) -> None:
        history = [{"crime_ref": "C", "sequence_number": n, "class_code": code, "changed_at": at(day)}
                   for n, (code, day) in enumerate([("8L", 400), ("8Q", -1)], start=1)]  # fmt: skip
        assert times(core_classification_changes=history)[0]["offence_class"] == "8L"
        history[1]["changed_at"] = at(1)
        assert times(core_classification_changes=history)[0]["offence_class"] == "8Q"

    def test_what_is_stalking_only_later(self) -> None:
        assert times(core_stalking_harassment_spans=[span(since=-1)]) == []
        assert times(core_stalking_harassment_spans=[span(until=10)]) == []

    def test_flags_advice_and_people(self) -> None:
        def seen(day: float) -> Row:
            return times(
                core_crime_flags=[{"crime_ref": "C", "flag": "da", "set_at": at(day)}],
                core_cps_submissions=[{"crime_ref": "C", "submission_type": "ea", "submitted_at": at(day)}],
                core_parties=[{"crime_ref": "C", "party_role": "suspect", "relationship": "stranger",
                               "first_added_at": at(day)}],
            )[0]  # fmt: skip

        then, later = seen(1), seen(-1)
        assert (then["is_flagged_domestic"], then["has_early_advice"], then["relationship_group"]) == (
            True, True, "stranger")  # fmt: skip
        assert (later["is_flagged_domestic"], later["has_early_advice"], later["relationship_group"]) == (
            False, False, "not recorded")  # fmt: skip


def test_what_was_not_delivered_is_not_measured() -> None:
    row = times()[0]
    assert row["is_flagged_domestic"] is None and row["has_early_advice"] is None


def test_advice_after_the_outcome_is_none_that_led_to_it() -> None:
    def asked(day: float, *outcomes: Row) -> Any:
        advice = [{"crime_ref": "C", "submission_type": "ea", "submitted_at": at(day)}]
        return times(*outcomes, core_cps_submissions=advice)[0]["has_early_advice"]

    assert asked(390) is True
    assert asked(390, outcome("1", 370)) is True
    assert asked(360, outcome("1", 370)) is False


def test_of_several_relationships_the_nearest_counts() -> None:
    parties = [{"crime_ref": "C", "party_role": role, "relationship": relation}
               for role, relation in (("suspect", "acquaintance"), ("suspect", "ex_partner"), ("witness", "spouse"))
    ]  # fmt: skip
    assert times(core_parties=parties)[0]["relationship_group"] == "former partner"


# counts per day


def test_each_crime_stands_in_one_cell_of_each_stratum() -> None:
    rows = [time(30, "16"), time(30, "16"), time(400), time(380, "1", 500), time(100, followed=100, offence_class="8L")]
    cells = made("core.outcome_day_counts", core_outcome_times=rows)
    everyone = only(cells, breakdown="cohort", stratum="all", offence_class="S&H")
    assert sum(row["crime_count"] for row in everyone) == 5
    counted = {(row["day"], row["outcome_code"]): row["crime_count"] for row in everyone}
    assert counted == {(30, "16"): 2, (366, None): 2, (100, None): 1}
    assert sum(row["followed_365_count"] for row in everyone) == 4
    assert sum(row["crime_count"] for row in only(cells, breakdown="matured year", offence_class="8Q")) == 4
    assert {row["stratum"] for row in only(cells, breakdown="cohort")} == {"all", "2024-Q4", "2025-Q1", "2025-Q4"}


def test_removed_and_included_crimes_are_in_no_cohort() -> None:
    rows = [time(30, "1", removal_type="cancelled"), time(30, "1", offence_class="5D", is_principal=False)]
    assert made("core.outcome_day_counts", core_outcome_times=rows) == []


def test_what_was_not_delivered_makes_no_breakdown() -> None:
    cells = made(
        "core.outcome_day_counts", core_outcome_times=[time(5, is_flagged_domestic=None, has_early_advice=None)]
    )
    assert {row["breakdown"] for row in cells} == {"cohort", "regime", "matured year", "recent", "relationship", "unit"}


def test_older_crimes_are_in_no_breakdown_but_the_regimes() -> None:
    cells = made("core.outcome_day_counts", core_outcome_times=[time(5, "1", 731)])
    assert {row["breakdown"] for row in cells} == {"cohort", "regime"}


# incidence


def incidence(rows: list[Row], table: str = "metrics.outcome_incidence", **more: list[Row]) -> list[Row]:
    return made(table, core_outcome_day_counts=made("core.outcome_day_counts", core_outcome_times=rows), **more)


def test_incidence_through_the_counts_equals_the_reference() -> None:
    """R's survival, etm and cmprsk, through the SQL: the days of the reference are days of the extract."""
    given = pl.read_csv(ORACLES / "incidence_1_input.csv")
    expected = pl.read_csv(ORACLES / "incidence_1_expected.csv")
    codes = {0: None, 1: "1", 2: "16", 3: "18"}
    rows = [time(day, codes[cause], followed=2000 if cause else day) for _, day, cause in given.iter_rows()]
    cells = made("core.outcome_day_counts", core_outcome_times=rows)
    counts = pl.DataFrame(only(cells, breakdown="cohort", stratum="all", offence_class="8Q"), infer_schema_length=None)
    found = incidence_by_stratum(counts, ["stratum"], cause="outcome_code", names=[], open_name="open", least=0)
    for row in expected.iter_rows(named=True):
        (ours,) = found.filter((pl.col("cause") == codes[row["cause"]]) & (pl.col("day") == row["day"])).iter_rows(
            named=True
        )
        for column, other in (("incidence", "incidence"), ("lower", "lower"), ("upper", "upper"),
                              ("at_risk_count", "at_risk_start")):  # fmt: skip
            assert ours[column] == pytest.approx(row[other], rel=1e-6), (row["cause"], row["day"], column)


def test_incidence_by_hand_with_a_competing_outcome() -> None:
    """Of 40 crimes: 10 charged on day 10, 20 without support on day 20, 10 last seen open on day 200 or later."""
    rows = [time(10, "1")] * 10 + [time(20, "16")] * 20 + [time(400)] * 10
    found = {(row["outcome_group"], row["day"]): row for row in incidence(rows)
             if row["cohort"] == "all" and row["offence_class"] == "S&H"}  # fmt: skip
    assert found[CHARGED, 365]["incidence"] == pytest.approx(0.25)
    assert found["1", 90]["incidence"] == pytest.approx(0.25) and found["1", 90]["is_code"]
    assert found[NOT_SUPPORTING, 365]["incidence"] == pytest.approx(0.5)
    assert found[OPEN, 365]["incidence"] == pytest.approx(0.25)
    none = found[SUPPORTING, 365]
    assert (none["incidence"], none["lower"], none["upper"]) == (0, 0, pytest.approx(1 - 0.025 ** (1 / 40)))
    groups = [row["incidence"] for (_, day), row in found.items() if day == 180 and not row["is_code"]]
    assert len(groups) == 12 and sum(groups) == pytest.approx(1)
    assert {row["at_risk_count"] for row in found.values()} == {40}


def test_beyond_what_a_cohort_was_observed_for_there_is_no_figure() -> None:
    rows = [time(10, "1", 100)] * 25 + [time(10, "16", 200)] * 29
    found = {row["day"]: row for row in incidence(rows)
             if (row["cohort"], row["offence_class"], row["outcome_group"]) == ("all", "8Q", CHARGED)}  # fmt: skip
    assert found[90]["incidence"] is not None
    assert (found[180]["incidence"], found[180]["lower"], found[180]["followed_count"]) == (None, None, 29)
    assert found[365]["incidence"] is None
    small = incidence([time(10, "1"), time(20, "16"), time(30, "18")])
    assert {row["incidence"] is None for row in small} == {False}, "a small cohort that was followed whole is told"


def test_a_matured_year_is_whole_counts() -> None:
    rows = [time(10, "1", 400)] * 3 + [time(200, "16", 400)] * 7 + [time(5, "1", 364), time(5, "1", 730)]
    months = [{"series_ref": "s", "source": "extract", "month": f"{2024 + n // 12}-{n % 12 + 1:02}-01"}
              for n in range(3, 15)]  # fmt: skip
    more = {"core_extract_moments": MOMENTS, "metrics_demand_months": months}
    found = incidence(rows, "metrics.matured_outcomes", **more)
    at_day = {(row["outcome_group"], row["day"]): row for row in only(found, offence_class="8Q", is_code=False)}
    assert at_day[CHARGED, 90]["share"] == pytest.approx(0.3) and at_day[CHARGED, 90]["outcome_count"] == 3
    assert at_day[NOT_SUPPORTING, 180]["outcome_count"] == 0 and at_day[NOT_SUPPORTING, 365]["outcome_count"] == 7
    assert at_day[CHARGED, 365]["crime_count"] == 10
    assert (at_day[CHARGED, 90]["first_date"], at_day[CHARGED, 90]["last_date"]) == (
        date(2024, 4, 1),
        date(2025, 3, 31),
    )
    assert made("metrics.matured_outcomes", **more) == []
    gap = more | {"metrics_demand_months": months[:5] + months[6:]}
    assert incidence(rows, "metrics.matured_outcomes", **gap) == [], "a part of a year is not the year"


def test_breakdowns_hold_their_own_crimes() -> None:
    rows = [time(10, "1", unit_name="Unit B", relationship_group="stranger")] * 30 + [time(10, "16")] * 30
    found = [row for row in incidence(rows, "metrics.outcome_incidence_by")
             if (row["outcome_group"], row["day"], row["offence_class"]) == (CHARGED, 365, "8Q")]  # fmt: skip
    shares = {(row["breakdown"], row["stratum"]): row["incidence"] for row in found}
    assert shares == {
        ("unit", "Unit A"): 0, ("unit", "Unit B"): 1, ("relationship", "former partner"): 0,
        ("relationship", "stranger"): 1, ("domestic_flag", "flagged"): 0.5, ("regime", "R24"): 0.5,
    }  # fmt: skip


def test_early_advice_is_a_table_of_its_own() -> None:
    rows = [time(10, "1", has_early_advice=True)] * 3 + [time(10, "16")] * 4
    found = only(incidence(rows, "metrics.early_advice"), offence_class="S&H", outcome_group=CHARGED, day=365)
    assert {row["early_advice"]: row["incidence"] for row in found} == {"asked for": 1, "not asked for": 0}
    assert incidence([time(10, "1", has_early_advice=None)], "metrics.early_advice") == []


def test_time_to_outcome_counts_those_still_open() -> None:
    rows = [time(10, "1")] * 10 + [time(100, "16")] * 10 + [time(400)] * 20
    found = {row["day"]: row for row in only(incidence(rows, "metrics.time_to_outcome"), offence_class="8Q")}
    assert (found[90]["open_share"], found[180]["open_share"]) == (pytest.approx(0.75), pytest.approx(0.5))
    assert found[365]["median_days"] == 100, "of closed crimes alone the median would be 10"
    assert found[90]["lower"] < 0.75 < found[90]["upper"]
    late = only(incidence([time(400)] * 3, "metrics.time_to_outcome"), offence_class="8Q")
    assert {(row["open_share"], row["median_days"]) for row in late} == {(1, None)}


# crimes of one suspect


def of_suspects(rows: list[Row], suspects: list[str]) -> dict[str, list[Row]]:
    """Counts of crimes with references of their own, each with a suspect; none for a dash."""
    named = [row | {"crime_ref": str(number)} for number, row in enumerate(rows)]
    reports = [
        {"crime_ref": row["crime_ref"], "suspect_ref": suspect, "is_current": True}
        for row, suspect in zip(named, suspects, strict=True) if suspect != "-"
    ]  # fmt: skip
    return {"core_outcome_times": named, "core_reports_as_of": reports}


def test_pairs_are_of_one_suspect_and_one_stratum() -> None:
    rows = [time(30, "1"), time(100, "16"), time(400), time(20, "1", 100, offence_class="8L"), time(5, "1")]
    cells = made("core.outcome_day_counts", **of_suspects(rows, ["A", "A", "B", "A", "-"]))
    pairs = [row for row in cells if row["pair_count"]]
    assert not any(row["crime_count"] for row in pairs)
    (one,) = only(pairs, breakdown="cohort", stratum="all", offence_class="8Q")
    assert (one["day"], one["outcome_code"], one["other_day"], one["other_outcome_code"]) == (90, "1", 180, "16")
    assert one["followed_365_count"] == 1
    assert len(only(pairs, breakdown="cohort", stratum="all", offence_class="S&H")) == 3
    assert not only(pairs, breakdown="cohort", stratum="2025-Q4")


def test_limits_widen_by_how_often_crimes_of_one_suspect_end_alike() -> None:
    """40 crimes of 20 suspects, 10 of whom had both charged: r is 1, and two crimes count as one."""

    def charged(suspects: list[str]) -> Row:
        rows = [time(10, "1")] * 20 + [time(400)] * 20
        cells = made("core.outcome_day_counts", **of_suspects(rows, suspects))
        found = made("metrics.outcome_incidence", core_outcome_day_counts=cells)
        return only(found, cohort="all", offence_class="8Q", outcome_group=CHARGED, day=365)[0]

    alone = charged([str(number) for number in range(40)])
    assert (alone["design_effect"], alone["incidence"]) == (1, 0.5)
    assert (alone["lower"], alone["upper"]) == tuple(map(pytest.approx, followed_share_limits(20, 40)))
    alike = charged([str(number // 2) for number in range(40)])
    assert (alike["design_effect"], alike["incidence"]) == (pytest.approx(2), 0.5)
    assert (alike["lower"], alike["upper"]) == tuple(map(pytest.approx, followed_share_limits(10, 20)))
    # one charged, one not: r is below 0 and taken as 0, but for the one event more
    apart = charged([str(number % 20) for number in range(40)])
    assert apart["design_effect"] == pytest.approx(1 + 1 / 21)


# the naive estimate


def test_the_estimate_that_takes_other_outcomes_for_censoring_cannot_be_had() -> None:
    counts = pl.DataFrame({"day": [1, 2, 3], "cause": ["1", "16", None], "number": [1, 1, 1]})
    with pytest.raises(ValueError, match="no cause is called 16"):
        risk_table_of_counts(counts, ["1"])
    assert {name for name in vars(day_counts) if name.endswith(("_counts", "_stratum"))} == {
        "risk_table_of_counts", "incidence_by_stratum", "open_by_stratum"
    }  # fmt: skip


def test_no_table_of_outcomes_reads_survival_but_through_the_counts_of_all_causes() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "assets" / "metrics").rglob("*.py")]
    reading = [text for text in texts if re.search("outcome_day_counts", text)]
    assert len(reading) > 1 and not [text for text in reading if "methods.survival.estimates" in text]


# suspects, ratios, alternates, removals


def charges(reports: list[Row], crimes: list[Row]) -> dict[str, tuple[int, float]]:
    held = [{"is_current": True, "victim_ref": "V", **row} for row in reports]
    rows = made("metrics.suspect_charges", core_reports_as_of=held, core_outcome_times=crimes)
    return {row["unit_type"]: (row["at_risk_count"], row["incidence"]) for row in rows if row["day"] == 365}


def test_any_charge_in_the_course_of_conduct_charges_the_suspect() -> None:
    crimes = [time(20, "16", 500, crime_ref="A"), time(30, "1", 450, crime_ref="B"), time(10, "15", 500, crime_ref="D")]
    reports = [{"crime_ref": "A", "suspect_ref": "S", "dyad_ref": "S|V"}, {"crime_ref": "B", "suspect_ref": "S",
               "dyad_ref": "S|V"}, {"crime_ref": "D", "suspect_ref": "T", "dyad_ref": "T|V"}]  # fmt: skip
    assert charges(reports, crimes) == {
        "crime": (3, pytest.approx(1 / 3)), "suspect": (2, 0.5), "course of conduct": (2, 0.5)
    }  # fmt: skip


def test_the_clock_of_a_course_starts_with_its_first_crime() -> None:
    crimes = [time(20, "16", 700, crime_ref="A"), time(10, "1", 300, crime_ref="B")]
    reports = [{"crime_ref": ref, "suspect_ref": "S", "dyad_ref": "S|V"} for ref in "AB"]
    assert charges(reports, crimes)["suspect"] == (1, 0), "charged on day 410"
    assert charges(reports, [crimes[0] | {"followed_days": 640}, crimes[1]])["suspect"] == (1, 1), "on day 350"


def ratios(rows: list[Row], reaches_back_days: int = 1000) -> list[Row]:
    moments = [MOMENTS[0] | {"first_recorded_at": MOMENTS[0]["as_of_at"] - timedelta(days=reaches_back_days)}]
    return made("metrics.in_period_ratios", core_outcome_times=rows, core_extract_moments=moments)


def test_an_in_period_ratio_says_so_and_counts_other_crimes_above_than_below() -> None:
    rows = [time(300, "1", 500), time(10, "1", 900), time(10, "16", 100), time(100, followed=100)]
    found = {row["title"]: row for row in only(ratios(rows), offence_class="S&H")}
    assert ratios(rows, reaches_back_days=700) == [], "charges of older crimes would be missing"
    assert all(title.startswith("In-period ratio: ") for title in found)
    recorded, decided = (found[f"In-period ratio: charges in the year per {what} in it"]
                         for what in ("crime recorded", "outcome assigned"))  # fmt: skip
    assert (recorded["charge_count"], recorded["denominator_count"], recorded["in_period_ratio"]) == (1, 2, 0.5)
    assert (decided["charge_count"], decided["denominator_count"]) == (1, 2)


def test_stalking_charged_as_harassment() -> None:
    rows = [time(5, "1"), time(5, "1A", alternate_ho_code="195/94"), time(5, "1A", alternate_ho_code="125/9"),
            time(5, "1A"), time(5, "16"), time(5, "1", 731)]  # fmt: skip
    rows += [time(5, "1A", offence_class="8L", alternate_ho_code=code) for code in ("8/30", "195/94", "125/9")]
    found = {row["offence_class"]: row for row in made("metrics.alternate_charges", core_outcome_times=rows)}
    names = ("charge_count", "alternate_count", "same_class_count", "as_harassment_count", "alternate_unknown_count")
    parts = {code: tuple(row[name] for name in names) for code, row in found.items()}
    harassment = (3, 3, 2, 0, 0)  # what is recorded as harassment is not charged "as harassment instead"
    assert parts == {"8Q": (4, 3, 0, 1, 1), "8L": harassment, "S&H": (7, 6, 2, 1, 1)}


def test_cancelled_and_transferred() -> None:
    rows = [time(5), time(5, removal_type="cancelled"), time(5, removal_type="transferred", offence_class="8L")]
    found = {row["offence_class"]: row for row in made("metrics.removed_crimes", core_outcome_times=rows,
                                                       core_force_deliveries=DELIVERED)}  # fmt: skip
    (without, *_) = made("metrics.removed_crimes", core_outcome_times=[time(5, is_outcome_unread=True)])
    assert (without["cancelled_count"], without["transferred_count"], without["unread_count"]) == (None, None, 1)
    assert (found["8Q"]["recorded_count"], found["8Q"]["cancelled_count"], found["8Q"]["transferred_count"]) == (
        2,
        1,
        0,
    )
    assert (found["S&H"]["recorded_count"], found["S&H"]["transferred_count"]) == (3, 1)


def test_without_outcomes_their_codes_or_times_nothing_is_open_it_is_not_measured() -> None:
    assert times(core_force_deliveries=DELIVERED[1:]) == []
    for field in ("code", "outcome_ts"):
        assert times(core_absent_fields=[{"source": "outcome", "field_name": field}]) == []
    assert len(times(core_absent_fields=[{"source": "outcome", "field_name": "rationale"}])) == 1


def test_an_outcome_without_a_date_or_a_code_is_in_no_share() -> None:
    undated, uncoded = outcome("1", 5) | {"outcome_at": None, "outcome_date": None}, outcome("1", 5)
    for unread in (undated, uncoded | {"outcome_code": None}):
        (row,) = times(unread)
        assert row["is_outcome_unread"]
        cells = made("core.outcome_day_counts", core_outcome_times=[row])
        assert cells == []
    (later,) = times(undated, outcome("16", 3, number=3))
    assert (later["is_outcome_unread"], later["outcome_code"]) == (False, "16")


class TestQuarantinedOutcomes:
    """Settled: a value that is no code is quarantined and listed (STR-06); its crime is neither open nor closed."""

    def rows(self, column: str, value: str, crime_ref: str = "C1") -> list[Row]:
        set_aside = {
            "delivery_ref": "d1", "line_number": 7, "column_name": column, "value": value,
            "row_refs": f"{digest('outcome_id=', 'o1')} {digest('crime_id=', crime_ref)}",
        }  # fmt: skip
        return made(
            "core.quarantined_outcomes",
            raw_quarantined_rows=[set_aside, {**set_aside, "delivery_ref": "old"}],
            core_current_periods=[{"source": "outcome", "period": "all", "delivery_ref": "d1"}],
            core_crimes=[crime(crime_ref="C1"), crime(crime_ref="C2")],
        )

    @pytest.mark.parametrize(
        ("column", "value", "listed"),
        [("code", "NFA", "NFA"), ("code", "1B", "1B"), ("outcome_ts", "31/02/25", None), ("seq", "first", None),
         ("outcome_id", "", None)],
    )  # fmt: skip
    def test_its_crime_is_found_and_the_value_is_kept(self, column: str, value: str, listed: str | None) -> None:
        [row] = self.rows(column, value)
        assert (row["crime_ref"], row["outcome_value"]) == ("C1", listed)

    def test_a_second_row_of_an_outcome_is_no_further_outcome(self) -> None:
        assert self.rows("outcome_id", "o1") == []

    def test_its_crime_is_neither_open_nor_closed(self) -> None:
        (row,) = times(outcome("16", 30), core_quarantined_outcomes=[{"crime_ref": crime()["crime_ref"]}])
        assert row["is_outcome_unread"]
        assert made("core.outcome_day_counts", core_outcome_times=[row]) == []

    @pytest.mark.parametrize(("crime_ref", "listed"), [("C1", "C1"), ("C9", "d1:7")])
    def test_str_06_lists_it_by_its_crime_otherwise_by_its_place(self, crime_ref: str, listed: str) -> None:
        facts = made(
            "core.outcome_code_facts",
            core_outcomes=[{"outcome_ref": "o2", "crime_ref": "C2", "outcome_code": "16"}],
            core_quarantined_outcomes=self.rows("code", "NFA", crime_ref),
            core_crimes=[crime(crime_ref="C1", unit_name="U"), crime(crime_ref="C2")],
        )
        [rule] = [rule for rule in RULES if rule.code == "STR-06"]
        with duckdb.connect() as con:
            con.execute("create schema core")
            con.register("facts", pl.DataFrame(facts))
            con.execute(f"create table {rule.table} as from facts")
            found = con.execute(breaches_sql(rule)).fetchall()
        assert found == [("crime", listed, "outcome NFA is not one of the framework; its row is in quarantine")]


def digest(*parts: str) -> str:
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def test_a_crime_that_the_record_system_calls_cancelled_is_no_open_case() -> None:
    (row,) = times(core_crimes=[crime(status="cancelled")])
    assert row["removal_type"] == "cancelled"


@pytest.mark.parametrize("table", ["outcome_incidence", "outcome_incidence_by", "time_to_outcome", "early_advice",
                                   "suspect_charges", "in_period_ratios", "alternate_charges", "removed_crimes"])
def test_without_an_extract_there_is_no_row(table: str) -> None:
    assert made(f"metrics.{table}") == []
