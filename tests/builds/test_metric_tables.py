"""Metrics, by worked example."""

from datetime import date

import pytest
from worked import Row, made, only

from assets.methods.intervals import wilson_interval

KENT, MET = "E23000032", "E23000001"
REGIMES = [
    {"regime_ref": ref, "valid_from": day, "affects_codes": codes, "source_name": source, "moves_counts": moves,
     "title": title}
    for ref, day, codes, source, moves, title in (
        ("R18", "2018-04-01", "8L,8Q,S&H", "", True, "course of conduct"),
        ("MPS", "2024-02-01", "all", "mps_ward_offences", True, "new system"),
        ("R25", "2025-04-26", "all", "", False, "edition"),
    )
]  # fmt: skip
SH = "Stalking and harassment"


def figure(force: str, start: str, months: int, number: int | None, source: str = "s") -> Row:
    return {"source": source, "force_code": force, "period_start": start, "period_months": months,
            "crime_count": number}  # fmt: skip


def count(
    force: str, start: str, months: int, number: int | None, code: str | None = None, source: str = "s"
) -> Row:
    return figure(force, start, months, number, source) | {"offence_code": code, "offence_subgroup": SH}


class TestRecordedRates:
    def rates(self, *counts: Row, year: int = 2018, persons: int = 10_000) -> list[Row]:
        return made(
            "metrics.recorded_rates",
            core_recorded_counts=list(counts),
            reference_recording_regimes=REGIMES,
            core_residents=[
                {"area_code": KENT, "area_type": kind, "population_year": year, "persons": count}
                for kind, count in (("published", persons), ("added up", 2 * persons))
            ],
        )

    def test_a_year_has_a_rate_with_the_year_of_its_denominator_and_an_interval(self) -> None:
        [row] = self.rates(count(KENT, "2018-01-01", 12, 75))
        assert (row["rate_per_1000"], row["population"], row["population_year"]) == (7.5, 10_000, 2018)
        by_byar = (5.898975362097344, 9.401476247711171)
        assert (row["rate_lower"], row["rate_upper"]) == pytest.approx(by_byar, rel=1e-9)
        assert row["period_end"] == date(2018, 12, 31)

    def test_classes_add_up_to_the_subgroup(self) -> None:
        rows = self.rates(count(KENT, "2018-01-01", 12, 5, "8Q"), count(KENT, "2018-01-01", 12, 7, "8L"))
        assert {r["offence_code"]: r["crime_count"] for r in rows} == {"S&H": 12, "8Q": 5, "8L": 7}

    def test_a_quarter_has_a_count_and_no_rate(self) -> None:
        [row] = self.rates(count(KENT, "2018-01-01", 3, 75))
        assert (row["crime_count"], row["rate_per_1000"], row["rate_lower"]) == (75, None, None)

    def test_no_population_near_enough_means_no_rate(self) -> None:
        [row] = self.rates(count(KENT, "2003-01-01", 12, 75))
        assert row["rate_per_1000"] is None and row["population_year"] is None

    def test_a_count_not_given_is_not_zero(self) -> None:
        [row] = self.rates(count(KENT, "2018-01-01", 12, None))
        assert (row["crime_count"], row["rate_per_1000"], row["rate_upper"]) == (None, None, None)

    def test_zero_crimes_have_a_rate_of_zero_and_an_upper_limit(self) -> None:
        [row] = self.rates(count(KENT, "2018-01-01", 12, 0))
        assert (row["rate_per_1000"], row["rate_lower"]) == (0, 0) and row["rate_upper"] > 0

    def test_a_period_across_a_recording_change_says_so(self) -> None:
        across, after = self.rates(count(KENT, "2018-01-01", 12, 1), count(KENT, "2018-04-01", 12, 1))
        assert (across["crosses_regime"], across["regime_ref"]) == (True, "R18")
        assert (after["crosses_regime"], after["regime_ref"]) == (False, "R18")

    def test_a_change_in_one_source_is_not_one_in_another(self) -> None:
        [row] = self.rates(count(KENT, "2024-01-01", 12, 1))
        assert row["regime_ref"] == "R18" and not row["crosses_regime"]


class TestStalkingShares:
    def shares(self, stalking: int | None, harassment: int | None) -> Row:
        counts = [count(KENT, "2017-04-01", 3, stalking, "8Q"), count(KENT, "2017-04-01", 3, harassment, "8L")]
        [row] = made("metrics.stalking_shares", core_recorded_counts=counts)
        return row

    def test_the_share_is_of_stalking_and_harassment_with_wilson_limits(self) -> None:
        row = self.shares(30, 170)
        assert (row["stalking_share"], row["denominator_count"], row["is_shown"]) == (0.15, 200, True)
        assert (row["share_lower"], row["share_upper"]) == pytest.approx(wilson_interval(30, 200), rel=1e-9)

    def test_few_crimes_are_not_shown_and_say_why(self) -> None:
        row = self.shares(3, 17)
        assert not row["is_shown"] and row["reason"] == "fewer than 30 crimes"

    @pytest.mark.parametrize(("stalking", "harassment"), [(-1, 200), (10, -1), (None, 200), (10, None)])
    def test_a_negative_or_missing_count_gives_no_share(self, stalking: int | None, harassment: int | None) -> None:
        row = self.shares(stalking, harassment)
        assert row["stalking_share"] is None and not row["is_shown"]
        assert row["reason"] == "a count is missing or negative"


def points(count_of: list[int], start: int = 2022, source: str = "mps_ward_offences") -> list[Row]:
    """Monthly counts of the Met, as metrics.recorded_rates has them."""
    return [
        figure(MET, f"{start + i // 12}-{i % 12 + 1:02d}-01", 1, n, source) | {"offence_code": "S&H"}
        for i, n in enumerate(count_of)
    ]


class TestControlCharts:
    def chart(self, counts: list[Row]) -> list[Row]:
        return made("metrics.control_chart_points", metrics_recorded_rates=counts, reference_recording_regimes=REGIMES)

    def series(self, counts: list[Row]) -> Row:
        chart = self.chart(counts)
        [row] = made("metrics.control_chart_series", metrics_control_chart_points=chart)
        return row

    def test_limits_begin_anew_at_the_change_of_system_and_say_why(self) -> None:
        rows = self.chart(points([100 + i % 3 for i in range(25)] + [200 + i % 3 for i in range(14)]))
        before, after = only(rows, segment=1), only(rows, segment=2)
        assert len(before) == 25 and {r["segment_start_reason"] for r in after} == {"new system"}
        assert before[0]["centre_line"] == pytest.approx(101, abs=0.1)
        assert after[0]["centre_line"] == pytest.approx(201, abs=0.1)
        assert not [r for r in rows if r["signal"]], "a change of system is no signal"

    def test_a_change_that_moves_no_counts_does_not_start_anew(self) -> None:
        rows = self.chart(points([100 + i % 3 for i in range(20)], start=2024, source="s"))
        assert {r["segment"] for r in rows} == {1}

    def test_a_rise_within_one_regime_is_a_signal_and_a_sentence(self) -> None:
        row = self.series(points([100, 102, 101] * 5 + [150] * 3))
        assert row["verdict"] == "higher" and row["verdict_sentence"].startswith(
            "A signal, higher: June 2023 had 150"
        )

    def test_rolling_years_are_drawn_without_limits(self) -> None:
        counts = [
            {**p, "period_months": 12, "source": "recorded_crime_rolling_years"}
            for p in points([100 + i for i in range(20)])
        ]
        assert {r["limits_status"] for r in self.chart(counts)} == {"overlapping_periods"}
        assert self.series(counts)["verdict"] == "not_charted"


class TestForceFunnel:
    def rate(self, i: int, crimes: int | None = 100) -> Row:
        of = {"offence_code": "S&H", "population": 10_000, "population_year": 2018}
        return figure(f"F{i:02d}", "2018-01-01", 12, crimes) | of

    def funnel(self, rates: list[Row]) -> list[Row]:
        forces = [{"force_code": r["force_code"], "force_type": "territorial"} for r in rates]
        return made("metrics.force_funnel", metrics_recorded_rates=rates, reference_forces=forces)

    def test_an_outlier_is_named_and_values_are_per_1000(self) -> None:
        rows = self.funnel([self.rate(i, 95 + i % 10) for i in range(20)] + [self.rate(20, 300)])
        [outlier] = [r for r in rows if r["outlier"]]
        assert (outlier["force_code"], outlier["outlier"], outlier["value"]) == ("F20", "high_998", 30.0)
        assert all(r["lower_998"] < r["target"] < r["upper_998"] for r in rows)

    def test_below_ten_forces_no_funnel_is_drawn(self) -> None:
        assert self.funnel([self.rate(i) for i in range(9)]) == []

    def test_a_force_without_a_count_is_named_and_not_placed(self) -> None:
        rows = self.funnel([self.rate(i) for i in range(11)] + [self.rate(11, None)])
        [absent] = only(rows, force_code="F11")
        assert absent["unused_reason"] == "no numerator" and absent["value"] is None


class TestOutcomeMix:
    def test_shares_are_of_the_month_and_an_unsupplied_month_is_a_row_without_figures(self) -> None:
        crime = {"force_code": KENT, "month": "2025-01-01", "crime_type": "Violence and sexual offences"}
        outcomes = ("Under investigation", None, None, "Suspect charged")
        crimes = [crime | {"outcome_type": outcome} for outcome in outcomes]
        coverage = [
            {"source": "police_uk_street", "force_code": KENT, "month": m, "is_supplied": s}
            for m, s in (("2025-01-01", True), ("2025-02-01", False))
        ]
        rows = made("metrics.outcome_mix", core_recorded_crimes=crimes, core_coverage=coverage)
        assert only(rows, outcome_type="No outcome published")[0]["outcome_share"] == 0.5
        [gap] = only(rows, month=date(2025, 2, 1))
        assert (gap["is_supplied"], gap["crime_count"], gap["outcome_share"]) == (False, None, None)


def reconciled(counts: list[Row]) -> list[Row]:
    return made("metrics.reconciliations", core_recorded_counts=counts)


class TestReconciliations:
    def test_the_printed_total_is_met_or_the_difference_is_shown(self) -> None:
        counts = [
            count(KENT, "2018-01-01", 12, 400_000, source="recorded_crime_rolling_years"),
            count("BTP", "2018-01-01", 12, 8_522, source="recorded_crime_rolling_years"),
        ]
        [row] = only(reconciled(counts), is_published_total=True)
        assert (row["value_a"], row["value_b"], row["agrees"]) == (408_522, 408_522, True)
        counts[0]["crime_count"] = 399_900
        [row] = only(reconciled(counts), is_published_total=True)
        assert (row["difference"], row["agrees"]) == (-100, False)

    def test_four_quarters_are_held_against_the_rolling_year_and_three_are_not(self) -> None:
        quarters = [
            count(KENT, start, 3, 10, "8Q", "home_office_recorded_crime")
            for start in ("2017-04-01", "2017-07-01", "2017-10-01", "2018-01-01")
        ]
        year = count(KENT, "2017-04-01", 12, 41, source="recorded_crime_rolling_years")
        [row] = reconciled([*quarters, year])
        assert (row["value_a"], row["value_b"], row["agrees"]) == (40, 41, False)
        assert reconciled([*quarters[:3], year]) == []


class TestAreaDemand:
    def test_shares_are_of_all_areas_of_the_force_unassigned_included(self) -> None:
        areas = [
            figure(KENT, "2024-07-01", 12, n) | {"offence_subgroup": SH, "area_type": "csp", "area_code": code,
                                                 "is_unassigned": code is None}
            for code, n in (("E22000001", 30), (None, 10))
        ]  # fmt: skip
        rows = made("metrics.area_demand", core_area_counts=areas)
        seen = {(r["crime_count"], r["share_of_force"], r["is_unassigned"]) for r in rows}
        assert seen == {(30, 0.75, False), (10, 0.25, True)}


class TestATotalWithAMissingPart:
    def test_is_not_given(self) -> None:
        rows = made(
            "metrics.recorded_rates",
            core_recorded_counts=[
                count(KENT, "2018-01-01", 12, 1234, "8L"),
                count(KENT, "2018-01-01", 12, None, "8Q"),
            ],
            reference_recording_regimes=REGIMES,
        )
        assert {r["offence_code"]: r["crime_count"] for r in rows} == {"S&H": None, "8L": 1234, "8Q": None}

    def test_nor_is_that_of_a_ward_or_partnership(self) -> None:
        area = {"csp_code": "E22000001", "csp_name": "Ashford", "force_code": KENT, "period_end": "2025-03-31",
                "offence_group": "Stalking and harassment", "delivery_ref": "d", "period": "2025"}  # fmt: skip
        period = [{"source": "ons_csp_offences", "delivery_ref": "d", "period": "2025"}]
        for further, total in (("10", 40), ("", None)):
            rows = made("core.area_counts", core_current_periods=period,
                        raw_ons_csp_offences=[area | {"crime_count": n} for n in ("30", further)])  # fmt: skip
            assert [r["crime_count"] for r in rows if r["offence_subgroup"] == "Stalking and harassment"] == [total]


@pytest.mark.parametrize("table", [
    "force_funnel", "force_outcome_funnel", "matured_outcomes", "next_event_weeks", "next_event_incidence",
    "dyad_escalation"])
def test_a_function_without_a_row_leaves_the_columns_to_its_card(table: str) -> None:
    assert made(f"metrics.{table}") == []  # build_table holds the empty table to its card
