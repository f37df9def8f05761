"""Compliance with the recording standards, by worked example: rules, months, fix list, delays, classes, trust."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from worked import Row, made, only

from assets.methods.intervals import wilson_interval
from assets.methods.spc.rare import CHANCE

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)
MEASURE = {"measure_code": "TIM-01", "kind": "share", "recording_classes": "S&H", "direction": "higher_is_better"}
TABLE = "core.timeliness_facts"


def result(code: str = "TIM-01", **changed: Any) -> Row:
    row = {
        "rule_code": code,
        "table_name": TABLE,
        "severity": "warn",
        "dimension": "timeliness",
        "status": "BREACH",
        "title": f"title of {code}",
        "record_type": "crime",
        "needs": "crime.recorded_ts",
        "is_escalated": False,
        "run_ref": "run-2",
    }
    return row | changed


def compliance(month: int, kept: int, breached: int, **changed: Any) -> Row:
    """A month of quality.rule_counts."""
    at = date(2024 + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    row = {"rule_code": "TIM-01", "table_name": TABLE, "recorded_month": at, "unit_name": "North", "class_code": "8Q",
           "examined_count": kept + breached, "breach_count": breached, "not_evaluable_count": 0}  # fmt: skip
    return row | changed


class TestComplianceOverTime:
    def chart(self, *counts: Row, rules: list[Row] | None = None, **given: Any) -> list[Row]:
        given = {"reference_recording_regimes": [], "quality_rule_results": rules or [result()]} | given
        return made("metrics.recording_trust_chart", quality_rule_counts=list(counts), **given)

    def test_standards_are_counted_together_but_for_information_and_open_data(self) -> None:
        rows = self.chart(
            compliance(1, 8, 2, not_evaluable_count=3, examined_count=13),
            compliance(1, 3, 0, rule_code="CLS-01"), compliance(1, 50, 50, rule_code="CLS-20"),
            compliance(1, 9, 0, rule_code="PUB-01"), compliance(1, 7, 0, rule_code="TIM-09"),
            rules=[
                result(), result("CLS-01", dimension="accuracy"),
                result("CLS-20", dimension="accuracy", severity="info"),
                result("PUB-01", dimension="accuracy", needs="", record_type="row"), result("TIM-09", status="ERROR"),
            ],
        )  # fmt: skip
        assert {r["series_ref"]: (r["dimension"], r["numerator"], r["denominator"]) for r in rows} == {
            "all": (None, 11, 13), "dimension|timeliness": ("timeliness", 8, 10),
            "dimension|accuracy": ("accuracy", 3, 3),
        }  # fmt: skip

    def test_a_month_counts_once_its_limits_have_run_and_what_can_still_be_met_never(self) -> None:
        """OUT-22 has 30 days: of a February that ended 29 days ago nothing is charted, not even of TIM-01."""
        rules = [result(timing="settled"), result("OUT-22", timing="removals.new_crime_days"),
                 result("VIC-05", timing="open")]  # fmt: skip
        counts = [compliance(n, 8, 2, rule_code=code) for n in (1, 2) for code in ("TIM-01", "OUT-22", "VIC-05")]
        for day, charted in ((29, [1]), (31, [1, 2])):
            as_of = [{"as_of_at": datetime(2024, 3, day, tzinfo=UTC) + timedelta(days=1)}]
            rows = [row for row in self.chart(*counts, rules=rules, core_extract_moments=as_of)
                    if row["dimension"] is None]  # fmt: skip
            assert [(row["month"].month, row["denominator"]) for row in rows] == [(n, 20) for n in charted]

    def points(
        self,
        months: int,
        kept: Sequence[int] = (90, 92, 91, 89, 90, 93, 91, 90, 92, 88, 91, 90, 92, 55),
        part: Row | None = None,
        **given: Any,
    ) -> list[Row]:
        """The chart of one standard as a measure, whole or in one part."""
        whole = {"measure_code": "TIM-01", "breakdown": "none", "breakdown_value": "all"}
        cells = [
            whole | more | {"month": date(2024 + n // 12, n % 12 + 1, 1), "numerator": k, "denominator": 100,
                            "not_known_count": 0}
            for n, k in enumerate(kept[:months]) for more in ({}, part) if more is not None
        ]  # fmt: skip
        value = whole | {"period_type": "month", "is_drawn": True, "denominator": 1}
        values = [value | {"period_start": c["month"]} for c in cells if c["breakdown"] == "none"]
        rules = [result(measure_code="TIM-01")]
        given = {"reference_recording_regimes": [], "quality_rule_results": rules} | given
        rows = made("metrics.measure_points", metrics_measure_cells=cells, metrics_measure_values=values,
                    reference_measures=[MEASURE], **given)  # fmt: skip
        return only(rows, breakdown=(part or whole)["breakdown"])

    def judged(self, points: list[Row]) -> Row:
        (verdict,) = made("metrics.measure_verdicts", metrics_measure_points=points, reference_measures=[MEASURE])
        return verdict

    def test_a_date_in_the_future_is_no_month_of_the_series(self) -> None:
        received = datetime(2024, 2, 10, tzinfo=UTC)
        rows = self.chart(*(compliance(month, 8, 2) for month in (1, 2, 3)),
                          core_extract_moments=[{"events_limit_at": received}])  # fmt: skip
        assert {r["month"] for r in rows} == {date(2024, 1, 1), date(2024, 2, 1)}

    @pytest.mark.parametrize(("breaches", "has_chart"), [(9, False), (10, True)])
    def test_a_unit_with_fewer_than_ten_breaches_has_no_chart(self, breaches: int, *, has_chart: bool) -> None:
        unit = {"breakdown": "unit", "breakdown_value": "North"}
        assert bool(self.points(12, [100] * 11 + [100 - breaches], unit)) == has_chart
        assert self.points(12, [100] * 11 + [100 - breaches])

    def test_no_limit_of_a_share_lies_above_all(self) -> None:
        points = [p for p in self.points(14) if p["limits_status"] == "drawn"]
        assert points and all(0 <= p["lower_limit"] <= p["centre_line"] <= p["upper_limit"] <= 1 for p in points)

    EVEN: ClassVar[list[int]] = [80, 82, 78, 81, 79, 80, 83, 77] * 3
    RARE: ClassVar[list[int]] = [100, 99, 100, 100] * 8

    @pytest.mark.parametrize(
        ("kept", "says"),
        [(EVEN, "no_change"), ([*EVEN, 30], "lower"), ([*EVEN, 99], "higher"), (EVEN[:11], "not_enough_points"),
         (RARE, "no_change"), ([*RARE, 80], "lower")],
    )  # fmt: skip
    def test_the_verdict_of_the_latest_month(self, kept: list[int], says: str) -> None:
        verdict = self.judged(self.points(len(kept), kept))
        assert (verdict["verdict"], verdict["latest_value"]) == (says, kept[-1] / 100)
        assert verdict["signal"] == ("beyond_limit" if says in ("lower", "higher") else None)
        if says != "not_enough_points":
            assert (verdict["chance_of_signal"] == CHANCE) == (100 in kept), "exact limits have their own"

    @pytest.mark.parametrize(
        ("kept", "has_usual"),
        [
            ([99, 98] * 13, True),
            ([100, 99] * 13, False),  # one breach in two months
            ([0, 1] * 13, False),  # hardly any test kept is as rare as hardly any breach
        ],
    )
    def test_fewer_than_one_breach_a_month_has_exact_limits_and_calls_no_change_of_one(
        self, kept: list[int], has_usual: bool
    ) -> None:
        points = self.points(26, kept)
        kind = "p_prime" if has_usual else "exact"
        assert {(p["limits_status"], p["chart_type"]) for p in points} == {("drawn", kind)}
        assert [p["value"] for p in points] == [k / 100 for k in kept]
        assert {p["signal"] for p in points} == {""} and self.judged(points)["verdict"] == "no_change"

    def test_a_fall_after_months_that_were_all_alike_is_not_said_to_be_no_variation(self) -> None:
        kept = [90] * 25 + [60]
        chart = self.chart(*(compliance(month, k, 100 - k) for month, k in enumerate(kept, start=1)))
        assert {p["limits_status"] for p in chart} == {"no_variation"}
        for series in made("metrics.recording_trust_series", metrics_recording_trust_chart=chart):
            assert "limits rest on are all alike" in series["verdict_sentence"]

    def test_each_stretch_between_recording_changes_is_judged_by_its_own_breaches(self) -> None:
        regime = {"regime_ref": "R", "valid_from": date(2025, 1, 1), "title": "a new rule", "affects_codes": "all",
                  "source_name": "", "moves_counts": True}  # fmt: skip
        points = self.points(24, [95, 97] * 6 + [100, 99] * 6, reference_recording_regimes=[regime])
        assert [p["chart_type"] for p in points] == ["p_prime"] * 12 + ["exact"] * 12

    @pytest.mark.parametrize(("code", "segments"), [("8R", {1, 2}), ("8Q", {1}), ("9A", {1}), (None, {1, 2})])
    def test_a_series_of_a_class_begins_anew_only_where_its_own_recording_changed(
        self, code: str | None, segments: set[int]
    ) -> None:
        of_8r = {"valid_from": date(2024, 3, 1), "title": "new communications offences", "affects_codes": "8R,S&H",
                 "source_name": "", "moves_counts": True}  # fmt: skip
        part = {"breakdown": "class", "breakdown_value": code} if code else None
        assert {p["segment"] for p in self.points(6, part=part, reference_recording_regimes=[of_8r])} == segments


def crime(ref: str, **changed: Any) -> Row:
    row = {
        "crime_ref": ref,
        "class_code": "8Q",
        "unit_name": "North",
        "recorded_month": MARCH,
        "is_stalking_or_harassment": True,
        "reported_at": datetime(2024, 3, 5, 10, tzinfo=UTC),
        "recorded_at": datetime(2024, 3, 5, 12, tzinfo=UTC),
        "is_former_partner": True,
        "is_cancelled": False,
        "is_transferred": False,
    }
    return row | changed


def breach(code: str, ref: str, detail: str, kind: str = "crime") -> Row:
    return {"run_ref": "run-2", "rule_code": code, "record_type": kind, "record_ref": ref, "detail": detail}


class TestBreachRecords:
    def test_a_record_is_placed_and_its_reasons_stand_in_one_row(self) -> None:
        rows = made(
            "metrics.breach_records",
            quality_rule_results=[result()],
            quality_rule_breaches=[breach("TIM-01", "c1", "30 hours"), breach("TIM-01", "c1", "31 hours")],
            core_crimes=[crime("c1")],
            quality_breach_history=[
                {
                    "rule_code": "TIM-01",
                    "record_type": "crime",
                    "record_ref": "c1",
                    "first_run_ref": "run-1",
                    "last_run_ref": "run-2",
                }
            ],
        )
        assert [(r["unit_name"], r["class_code"], r["month"], r["reason"]) for r in rows] == [
            ("North", "8Q", MARCH, "30 hours / 31 hours")
        ]
        assert (rows[0]["first_run_ref"], rows[0]["is_new"]) == ("run-1", False)

    def test_incidents_and_orders_stand_where_their_crime_does_and_files_are_left_out(self) -> None:
        rows = made(
            "metrics.breach_records",
            quality_rule_results=[result("TIM-05"), result("ORD-02"), result("DEL-01")],
            quality_rule_breaches=[
                breach("TIM-05", "i1", "open", "incident"),
                breach("TIM-05", "i2", "open", "incident"),
                breach("ORD-02", "o1", "short", "order"),
                breach("DEL-01", "file", "broken", "delivery"),
            ],
            core_crimes=[crime("c1", incident_ref="i1")],
            core_incidents=[
                {"incident_ref": "i1", "created_at": datetime(2024, 3, 1, tzinfo=UTC)},
                {"incident_ref": "i2", "created_at": datetime(2024, 4, 30, 23, 30, tzinfo=UTC)},  # 1 May in London
            ],
            core_orders=[{"order_ref": "o1", "victim_key": "v", "respondent_key": "s"}],
            core_pair_crimes=[{"crime_ref": "c1", "victim_key": "v", "suspect_key": "s"}],
        )
        placed = {r["record_ref"]: (r["unit_name"], r["month"]) for r in rows}
        assert placed == {"i1": ("North", MARCH), "i2": ("not known", date(2024, 5, 1)), "o1": ("North", MARCH)}

    def test_the_fix_list_holds_no_words_of_a_record_and_no_information(self) -> None:
        records = made(
            "metrics.breach_records",
            quality_rule_results=[
                result("CLS-04", needs="crime.mo_text"),
                result("CLS-20", severity="info"),
                result("TIM-02", is_escalated=True),
            ],
            quality_rule_breaches=[
                breach("CLS-04", "c1", "matched: would not stop"),
                breach("CLS-20", "c1", "no flag"),
                breach("TIM-02", "c1", "80 hours"),
            ],
            core_crimes=[crime("c1")],
        )
        assert only(records, rule_code="CLS-04")[0]["reason"] == "matched: would not stop"
        listed = made("metrics.fix_list", metrics_breach_records=records)
        assert {(r["rule_code"], r["reason"], r["is_escalated"]) for r in listed} == {
            ("CLS-04", "title of CLS-04", False),
            ("TIM-02", "80 hours", True),
        }

    def test_what_ended_is_told_apart_from_what_stands(self) -> None:
        history = [
            {"rule_code": "TIM-01", "record_type": "crime", "record_ref": ref, "ended_run_ref": run, "ended_as": how}
            for ref, run, how in [("c1", "run-2", "fixed"), ("c2", "run-1", "gone"), ("c3", None, None)]
        ]
        rows = made(
            "metrics.ended_breaches",
            quality_breach_history=history,
            quality_rule_results=[result()],
            core_crimes=[crime("c1")],
        )
        assert {(r["record_ref"], r["ended_as"], r["is_since_last_run"], r["unit_name"]) for r in rows} == {
            ("c1", "fixed", True, "North"),
            ("c2", "gone", False, "not known"),
        }


def timed(*crimes: Row) -> dict[str, list[Row]]:
    """The crimes, and those of stalking and harassment as the measure counts them."""
    return {
        "core_crimes": list(crimes),
        "core_measure_events": [
            {"measure_code": code, "crime_ref": row["crime_ref"]}
            for row in crimes if row["is_stalking_or_harassment"] for code in ("recorded", "recorded_24h")
        ],
    }  # fmt: skip


class TestRecordingDelays:
    def test_exactly_24_hours_keep_the_standard_across_a_clock_change(self) -> None:
        start = datetime(2024, 3, 30, 12, tzinfo=UTC)  # the clocks go forward that night: 13:00 by the clock
        rows = made(
            "metrics.recording_delays",
            **timed(
                crime("c1", reported_at=start, recorded_at=datetime(2024, 3, 31, 12, tzinfo=UTC)),
                crime("c2", reported_at=start, recorded_at=datetime(2024, 3, 31, 12, 0, 1, tzinfo=UTC)),
                crime("c3", reported_at=start, recorded_at=datetime(2024, 4, 4, 12, tzinfo=UTC)),
                crime("c4", reported_at=start, recorded_at=datetime(2024, 3, 30, 11, tzinfo=UTC)),  # before its report
                crime("c5", class_code="8N", is_stalking_or_harassment=False, unit_name="South"),
            ),
        )
        (whole,) = only(rows, breakdown="all")
        assert whole["over_escalation_count"] == 1
        assert whole["median_hours"] == pytest.approx(24 + 1 / 3600)
        assert whole["ninth_decile_hours"] == 120
        assert {r["value"] for r in only(rows, breakdown="class")} == {"8Q"}
        assert {r["value"] for r in only(rows, breakdown="unit")} == {"North"}

    def test_a_group_without_a_measured_delay_has_no_median(self) -> None:
        rows = made("metrics.recording_delays", **timed(crime("c1", reported_at=None)))
        assert {(r["median_hours"], r["over_escalation_count"]) for r in rows} == {(None, 0)}

    def test_the_bins_hold_their_upper_end_and_add_up(self) -> None:
        hours = [0, 1, 24, 25, 500]
        rows = made(
            "metrics.recording_delay_bins",
            **timed(*(
                crime(
                    f"c{h}",
                    reported_at=datetime(2024, 3, 1, tzinfo=UTC),
                    recorded_at=datetime.fromtimestamp(datetime(2024, 3, 1, tzinfo=UTC).timestamp() + 3600 * h, UTC),
                )
                for h in hours
            )),
        )  # fmt: skip
        counts = {r["bin_label"]: r["crime_count"] for r in only(rows, breakdown="all")}
        assert counts == {
            "within 1 hour": 2,
            "1 to 6 hours": 0,
            "6 to 12 hours": 0,
            "12 to 24 hours": 1,
            "24 to 48 hours": 1,
            "48 to 72 hours": 0,
            "3 to 7 days": 0,
            "over 7 days": 1,
        }
        assert sum(r["crime_share"] for r in only(rows, breakdown="unit")) == pytest.approx(1)
        (first,) = only(rows, breakdown="all", bin_number=1)
        assert (first["measured_count"], first["crime_share"]) == (5, pytest.approx(0.4))
        assert (first["share_lower"], first["share_upper"]) == pytest.approx(wilson_interval(2, 5))


class TestFormerPartnerClasses:
    CRIMES = (
        crime("c1"),
        crime("c2", class_code="8L"),
        crime("c3", class_code="3B"),  # stalking is included in it
        crime("c4", is_former_partner=None),
        crime("c5", is_cancelled=True),
    )
    CLASSES = (
        *({"crime_ref": c["crime_ref"], "class_code": c["class_code"], "is_principal": True} for c in CRIMES),
        {"crime_ref": "c2", "class_code": "8L", "is_principal": False},
        {"crime_ref": "c3", "class_code": "8Q", "is_principal": False},
    )

    def test_the_share_is_given_by_principal_class_and_with_included_ones(self) -> None:
        rows = made(
            "metrics.former_partner_classes",
            core_crimes=list(self.CRIMES),
            core_crime_classes=list(self.CLASSES),
            core_included_classifications=[{"crime_ref": "c3", "class_code": "8Q"}],
        )
        assert {(r["basis"], r["stalking_count"], r["denominator_count"]) for r in rows} == {
            ("principal", 1, 2),
            ("principal or included", 2, 3),
        }
        (principal,) = only(rows, basis="principal")
        assert (principal["share_lower"], principal["share_upper"]) == pytest.approx(wilson_interval(1, 2))

    def test_without_included_classifications_the_second_count_is_not_made(self) -> None:
        rows = made(
            "metrics.former_partner_classes",
            core_crimes=list(self.CRIMES),
            core_crime_classes=[c for c in self.CLASSES if c["is_principal"]],
        )
        assert {r["basis"] for r in rows} == {"principal"}


def test_every_removal_is_counted_with_what_was_shown_for_it_and_whether_another_person_verified_it() -> None:
    at = datetime(2024, 3, 31, 23, 30, tzinfo=UTC)  # 1 April in London
    rows = made(
        "metrics.removal_census",
        core_removals=[
            {"crime_ref": "c1", "removal_code": "C2", "removed_at": at, "victim_informed_at": at,
             "authoriser_ref": "s1", "verifier_ref": "s2"},
            {"crime_ref": "c2", "removal_code": "C2", "removed_at": at, "authoriser_ref": "s1", "verifier_ref": "s1"},
            {"crime_ref": "c3", "removal_code": "C1", "removed_at": at, "verifier_ref": "s1"},
            {"crime_ref": "c4", "removal_code": "C4", "removed_at": at},
            {"crime_ref": "c5", "removal_code": None, "removed_at": at},
        ],
        core_removal_facts=[
            {"crime_ref": "c1", "removal_code": "C2", "is_removal_evidenced": True},
            {"crime_ref": "c2", "removal_code": "C2", "is_removal_evidenced": False},
            {"crime_ref": "c3", "removal_code": "C1", "is_removal_evidenced": True},
        ],
        core_crimes=[crime(f"c{i}") for i in range(1, 6)],
    )
    shown = {
        r["removal_code"]: (
            r["removal_count"], r["evidenced_count"], r["verified_count"], r["victim_informed_count"], r["is_transfer"],
        )
        for r in rows
    }
    assert shown == {"C1": (1, 1, 1, 0, True), "C2": (2, 1, 1, 1, False), "C4": (1, 0, 0, 0, False),
                     "not known": (1, 0, 0, 0, None)}  # fmt: skip
    assert {r["month"] for r in rows} == {APRIL}
    assert only(rows, removal_code="C4")[0]["evidence_unknown_count"] == 1


def test_every_change_of_class_is_counted_with_its_second_check() -> None:
    def state(ref: str, number: int, code: str, of: str, checked_by: str | None = None) -> Row:
        return {
            "crime_ref": ref,
            "sequence_number": number,
            "ho_code": code,
            "class_code": of,
            "changed_at": datetime(2024, 3, number, tzinfo=UTC),
            "second_checked_by_ref": checked_by,
        }

    rows = made(
        "metrics.reclassification_census",
        core_classification_changes=[
            state("c1", 1, "195/12", "8Q"),
            state("c1", 2, "195/94", "8L", "sup"),
            state("c2", 1, "195/12", "8Q"),
            state("c2", 2, "195/94", "8L"),
            state("c3", 1, "8/66", "8Q"),
            state("c3", 2, "195/12", "8Q"),
            state("c4", 1, "195/94", "8L"),
        ],
    )
    assert {(r["direction"], r["is_downgrade"], r["change_count"], r["second_checked_count"]) for r in rows} == {
        ("stalking to harassment", True, 2, 1),
        ("to the lesser stalking offence", True, 1, 0),
    }


class TestRecordingTrust:
    def trust(self, *compliances: Row, rules: list[Row] | None = None, **more: list[Row]) -> dict[str, Row]:
        months = [c["recorded_month"] for c in compliances] or [MARCH]
        rows = made(
            "metrics.recording_trust",
            quality_rule_counts=list(compliances),
            quality_rule_results=rules if rules is not None else [result(), result("TIM-03")],
            core_crimes=[crime(f"c{i}", recorded_month=m) for i, m in enumerate(months)],
            **more,
        )
        return {r["measure_code"]: r for r in rows}

    def test_a_dimension_pools_its_rules_and_its_interval_rests_on_records(self) -> None:
        held = self.trust(compliance(1, 90, 10), compliance(1, 80, 0, rule_code="TIM-03"))
        timeliness = held["standards|timeliness"]
        assert (timeliness["kept_count"], timeliness["judged_count"], timeliness["record_count"]) == (170, 180, 100)
        share = 170 / 180
        assert timeliness["kept_share"] == pytest.approx(share)
        assert (timeliness["kept_lower"], timeliness["kept_upper"]) == pytest.approx(wilson_interval(100 * share, 100))
        assert held["standards|all"]["kept_count"] == 170

    def test_only_the_last_twelve_months_count(self) -> None:
        months = [{"basis": "principal", "month": day, "stalking_count": 30, "denominator_count": 40}
                  for day in (date(2024, 1, 1), date(2024, 2, 1), MARCH)]  # fmt: skip
        held = self.trust(compliance(1, 0, 50), compliance(2, 9, 1), compliance(13, 8, 2),
                          metrics_former_partner_classes=months)  # fmt: skip
        assert held["standards|all"]["judged_count"] == 20
        former = held["former_partner_stalking|principal"]
        assert (former["kept_count"], former["judged_count"], former["record_count"]) == (60, 80, 80)
        assert held["standards|all"]["first_month"] == date(2024, 2, 1)

    def test_a_dimension_that_nothing_tests_is_not_measured(self) -> None:
        rules = [result(), result("STR-01", dimension="duplication", status="NOT_EVALUABLE")]
        held = self.trust(compliance(1, 9, 1), rules=rules)
        row = held["standards|duplication"]
        assert (row["state"], row["kept_share"], row["rule_count"]) == ("not measured", None, 1)
        assert row["unmeasured_rule_count"] == 1
        assert held["former_partner_stalking|principal"]["state"] == "not measured"

    def test_a_share_of_few_records_is_said_to_be_so(self) -> None:
        few, enough = (self.trust(compliance(1, n - 1, 1))["standards|all"]["state"] for n in (29, 30))
        assert (few, enough) == ("too few", "measured")

    def test_without_an_extract_everything_is_not_measured(self) -> None:
        rows = made("metrics.recording_trust")
        assert len(rows) == 10
        assert {r["state"] for r in rows} == {"not measured"}


def test_the_extract_names_its_force_itself() -> None:
    rows = made(
        "core.extract_forces",
        raw_force=[{"delivery_ref": "d", "period": "p", "force_code": "E1", "name": "Invented Constabulary"}],
        core_current_periods=[{"source": "force", "delivery_ref": "d", "period": "p"}],
        core_crimes=[crime("c1", force_code="E1"), crime("c2", force_code="E2")],
        reference_forces=[{"force_code": "E2", "force_name": "Kent Police", "force_type": "territorial"}],
    )
    assert [(r["force_name"], r["crime_count"]) for r in rows] == [("Invented Constabulary", 1), ("Kent Police", 1)]


def test_crimes_without_a_force_have_words_in_place_of_its_name() -> None:
    """Every page names the force: a missing name left none of them standing."""
    rows = made("core.extract_forces", core_crimes=[crime("c1", force_code=None), crime("c2", force_code="E9")])
    assert {(r["force_code"], r["force_name"]) for r in rows} == {(None, "Force not named"), ("E9", "E9")}
