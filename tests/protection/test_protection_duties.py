"""What is owed to victims, by worked example: given these rows, met, late, missed, not known or not yet due?"""

from datetime import date
from typing import Any

import pytest
from worked import Row, made, only

AS_OF = "2025-06-01 12:00+00"
CRIME: Row = {
    "crime_ref": "c1", "class_code": "8Q", "is_stalking_or_harassment": True, "is_open": True, "unit_name": "Unit A",
    "reported_at": "2025-03-03 09:00+00", "recorded_at": "2025-03-03 10:00+00", "is_domestic_abuse": False,
}  # fmt: skip
DAYS = [day for day in made("core.working_days") if f"{day['day']:%Y-%m}" in ("2025-03", "2025-04", "2025-05")]


def states(duties: str, rows: list[Row], now: str = AS_OF, **given: list[Row]) -> dict[str, str]:
    """Measure -> state, of duties that have one each."""
    found = made(
        "core.protection_duties",
        core_extract_moments=[{"as_of_at": now}],
        core_working_days=DAYS,
        **{f"core_{duties}": rows},
        **given,
    )
    assert len({row["measure_code"] for row in found}) == len(found)
    return {row["measure_code"]: row["state"] for row in found}


def duty(measure: str, **more: Any) -> Row:
    return {"measure_code": measure, "record_type": "crime", "record_ref": "c1", "crime_ref": "c1",
            "arises_at": "2025-03-03 09:00+00", "is_undated": False, **more}  # fmt: skip


class TestStates:
    @pytest.mark.parametrize(
        ("done", "now", "state"),
        [
            ("2025-03-04 09:00+00", AS_OF, "met"),  # exactly 24 hours
            ("2025-03-04 09:00:01+00", AS_OF, "late"),
            (None, AS_OF, "missed"),
            (None, "2025-03-04 08:59:59+00", "not yet due"),
            (None, "2025-03-04 09:00+00", "missed"),  # its last moment is over
            ("2025-03-03 10:00+00", "2025-03-04 08:59:59+00", "not yet due"),  # done, and still not judged
            ("2025-03-03 10:00+00", "2025-03-04 09:00+00", "met"),
            ("2025-03-04 08:00+00", "2025-03-03 20:00+00", "not yet due"),  # done after the as-of moment
            ("2025-03-06 08:00+00", "2025-03-05 20:00+00", "missed"),
        ],
    )
    def test_of_a_duty_with_hours(self, done: str | None, now: str, state: str) -> None:
        assert states("risk_duties", [duty("risk_assessed", done_at=done)], now) == {"risk_assessed": state}

    def test_of_a_month_not_over_the_quick_are_not_counted_without_the_slow(self) -> None:
        rows = [duty("risk_assessed", record_ref=f"c{n}", done_at=at)
                for n, at in enumerate(("2025-03-03 10:00+00", "2025-03-03 11:00+00", None))]  # fmt: skip
        found = made("core.protection_duties", core_extract_moments=[{"as_of_at": "2025-03-03 12:00+00"}],
                     core_risk_duties=rows)  # fmt: skip
        assert [row["state"] for row in found] == ["not yet due"] * 3  # and no 100% of two

    def test_a_deed_that_nobody_dated_is_not_known_and_never_met(self) -> None:
        row = duty("risk_assessed", is_undated=True)
        assert states("risk_duties", [row]) == {"risk_assessed": "not known"}
        assert states("risk_duties", [row], "2025-03-03 20:00+00") == {"risk_assessed": "not yet due"}

    @pytest.mark.parametrize(("kept", "state"), [(True, "met"), (False, "missed"), (None, "not known")])
    def test_of_a_duty_without_a_time(self, kept: bool | None, state: str) -> None:
        assert states("case_duties", [duty("notice_avoided", is_kept=kept)]) == {"notice_avoided": state}

    def test_what_was_kept_after_the_as_of_moment_was_not_kept_yet(self) -> None:
        row = duty("victim_statement", is_kept=True, done_at="2025-06-02 09:00+00")
        assert states("victim_duties", [row]) == {"victim_statement": "missed"}

    def test_what_arises_later_and_crimes_removed_by_then_are_left_out(self) -> None:
        later = duty("risk_assessed", arises_at="2025-06-01 12:00:01+00")
        assert states("risk_duties", [later]) == {}
        unknown = [CRIME | {"recorded_at": "2025-06-01 12:00:01+00"}]  # reported in time, and not recorded yet
        assert states("risk_duties", [duty("risk_assessed")], core_crimes=unknown) == {}
        gone = [{"crime_ref": "c1", "removed_at": "2025-05-01 09:00+00"}]
        assert states("risk_duties", [duty("risk_assessed")], core_removals=gone) == {}
        soon = [{"crime_ref": "c1", "removed_at": "2025-06-02 09:00+00"}]
        assert states("risk_duties", [duty("risk_assessed")], core_removals=soon) == {"risk_assessed": "missed"}
        breach = duty("breach_answered", record_type="breach", is_kept=True)
        assert states("order_duties", [breach], core_removals=gone) == {"breach_answered": "met"}

    @pytest.mark.parametrize(
        ("made_at", "told_at", "state"),
        [
            ("2025-04-15 12:00+00", "2025-04-24 22:59:59+00", "met"),  # five working days, over Easter, London midnight
            ("2025-04-15 12:00+00", "2025-04-24 23:00+00", "late"),  # the next day in London
            ("2025-03-01 12:00+00", "2025-03-07 12:00+00", "met"),  # from a Saturday
            ("2025-03-01 12:00+00", "2025-03-08 12:00+00", "late"),
        ],
    )
    def test_of_a_duty_with_working_days(self, made_at: str, told_at: str, state: str) -> None:
        row = duty("victim_told", record_type="outcome", record_ref="o1", arises_at=made_at, done_at=told_at)
        assert states("victim_duties", [row]) == {"victim_told": state}

    def test_a_month_is_of_the_london_clock(self) -> None:
        [row] = made("core.protection_duties", core_extract_moments=[{"as_of_at": AS_OF}],
                     core_risk_duties=[duty("risk_assessed", arises_at="2025-04-30 23:30+00")])  # fmt: skip
        assert row["month"] == date(2025, 5, 1)


def risk(*assessments: Row, crime: Row | None = None, **given: list[Row]) -> dict[str, str]:
    crimes = [{**CRIME, **(crime or {})}]
    rows = [{"crime_ref": "c1", "assessment_ref": f"a{n}", "stage": "initial", "risk_grade": "standard", "tool": "SST",
             **a} for n, a in enumerate(assessments)]  # fmt: skip
    facts = made("core.risk_assessment_facts", core_crimes=crimes, core_risk_assessments=rows)
    duties = made("core.risk_duties", core_crimes=crimes, core_risk_assessments=rows, core_risk_assessment_facts=facts,
                  **given)  # fmt: skip
    return states("risk_duties", duties, core_crimes=crimes)


class TestRisk:
    def test_assessed_late_with_another_tool_or_not_at_all(self) -> None:
        in_time = risk({"completed_at": "2025-03-04 09:00+00"})
        assert (in_time["risk_assessed"], in_time["risk_tool"], in_time["risk_assessed_with_tool"]) == ("met",) * 3
        late = risk({"completed_at": "2025-03-04 09:01+00"})
        assert (late["risk_assessed"], late["risk_assessed_with_tool"]) == ("late", "late")
        other = risk({"completed_at": "2025-03-03 12:00+00", "tool": "DARA"})
        assert (other["risk_assessed"], other["risk_tool"], other["risk_assessed_with_tool"]) == (
            "met", "missed", "missed"
        )  # fmt: skip
        none = risk()
        assert (none["risk_assessed"], none["risk_assessed_with_tool"], "risk_tool" in none) == (
            "missed", "missed", False
        )  # fmt: skip

    def test_an_assessment_without_a_time_is_not_known(self) -> None:
        assert risk({"completed_at": None})["risk_assessed"] == "not known"
        assert risk({"completed_at": None}, {"completed_at": "2025-03-03 12:00+00"})["risk_assessed"] == "met"

    def test_other_stages_are_no_first_assessment(self) -> None:
        assert risk({"completed_at": "2025-03-03 12:00+00", "stage": "review"})["risk_assessed"] == "missed"

    def test_a_plan_needs_owner_and_date(self) -> None:
        high: Row = {"completed_at": "2025-03-03 12:00+00", "risk_grade": "high"}
        plan: Row = {"assessment_ref": "a0", "owner_ref": "s1", "review_due_date": "2025-04-01"}
        assert risk(high, core_risk_plans=[plan])["risk_plan_high"] == "met"
        assert risk(high, core_risk_plans=[{**plan, "owner_ref": None}])["risk_plan_high"] == "missed"
        medium = risk({**high, "risk_grade": "medium"})
        assert (medium["risk_plan_medium"], "risk_plan_high" in medium) == ("missed", False)

    def test_a_plan_is_asked_of_stalking_and_harassment_alone(self) -> None:
        high: Row = {"completed_at": "2025-03-03 12:00+00", "risk_grade": "high"}
        found = risk(high, crime={"class_code": "1", "is_stalking_or_harassment": False})
        assert not {"risk_plan_high", "risk_plan_medium"} & set(found)

    @pytest.mark.parametrize(
        ("at", "level", "by", "state"),
        [
            ("2025-03-06 10:00+00", "supervisor", "s1", "met"),
            ("2025-03-06 10:00:01+00", "manager", "s1", "late"),
            ("2025-03-04 10:00+00", "peer", "s1", "missed"),
            ("2025-03-04 10:00+00", "supervisor", None, "missed"),
        ],
    )
    def test_a_supervisor_reviews_within_72_hours(self, at: str, level: str, by: str | None, state: str) -> None:
        review = [{"crime_ref": "c1", "reviewed_at": at, "review_level": level, "reviewer_ref": by}]
        assert risk({"completed_at": "2025-03-03 12:00+00"}, core_reviews=review)["risk_supervisor"] == state

    def test_assessed_anew_when_bail_ends_and_not_when_release_under_investigation_does(self) -> None:
        custody = [{"custody_ref": "k", "crime_ref": "c1"}]
        bail: Row = {"custody_ref": "k", "bail_type": "pre_charge_bail", "ended_at": "2025-04-01 09:00+00"}
        first: Row = {"completed_at": "2025-03-03 12:00+00"}
        anew: Row = {"completed_at": "2025-04-03 09:00+00", "stage": "review"}
        assert risk(first, anew, core_custodies=custody, core_bails=[bail])["reassessed_end_of_bail"] == "met"
        assert risk(first, core_custodies=custody, core_bails=[bail])["reassessed_end_of_bail"] == "missed"
        free = risk(first, core_custodies=custody, core_bails=[{**bail, "bail_type": "rui"}])
        assert "reassessed_end_of_bail" not in free

    def test_each_trigger_is_a_measure_of_its_own(self) -> None:
        events = [{"crime_ref": "c1", "event_type": kind, "event_at": "2025-04-01 09:00+00",
                   "reassessed_at": "2025-04-03 09:00+00"}
                  for kind in ("arrest", "release", "change of bail", "breach of bail", "no further action",
                               "order served", "breach of an order")]  # fmt: skip
        found = risk(core_risk_event_facts=events)
        assert len([state for name, state in found.items() if name.startswith("reassessed_")]) == 7
        assert {state for name, state in found.items() if name.startswith("reassessed_")} == {"met"}


def breach(now: str = AS_OF, crime: Row | None = None, **more: Any) -> dict[str, str]:
    row: Row = {"breach_ref": "b1", "order_ref": "n1", "breached_at": "2025-03-03 09:00+00", **more}
    crimes = [] if crime is None else [{**CRIME, **crime}]
    given: dict[str, list[Row]] = {"core_order_breaches": [row], "core_crimes": crimes}
    outcomes = [{"crime_ref": "c1", "outcome_code": "1", "outcome_at": "2025-05-01 09:00+00"}]
    return states("order_duties", made("core.order_duties", core_outcomes=outcomes, **given), now)


class TestBreaches:
    def test_the_clock_of_a_breach(self) -> None:
        assert breach(crime={"recorded_at": "2025-03-04 09:00+00"}, crime_ref="c1", arrested_at="2025-03-06 09:00+00"
                      ) == {"breach_answered": "met", "breach_crime": "met", "breach_arrest_first": "late",
                            "breach_arrest_second": "met", "breach_arrest_third": "met",
                            "breach_charge": "met"}  # fmt: skip

    def test_nothing_followed(self) -> None:
        found = breach()
        assert set(found.values()) == {"missed"} and len(found) == 6
        soon = breach("2025-03-04 08:59+00")
        assert (soon["breach_answered"], soon["breach_crime"], soon["breach_arrest_first"]) == (
            "missed", "not yet due", "not yet due"
        )  # fmt: skip

    def test_a_written_reason_answers_and_asks_for_nothing_more(self) -> None:
        assert breach(no_crime_rationale="invented") == {"breach_answered": "met"}

    def test_what_came_before_the_breach_does_not_answer_it(self) -> None:
        found = breach(crime={"recorded_at": "2025-03-01 09:00+00"}, crime_ref="c1",
                       arrested_at="2025-03-02 09:00+00", breached_at="2025-05-02 09:00+00")  # fmt: skip
        assert len(found) == 6
        found.pop("breach_charge")  # 90 days are not over
        found.pop("breach_arrest_third")
        assert set(found.values()) == {"not known"}
        late = breach("2025-09-01 09:00+00", crime={"recorded_at": "2025-05-02 10:00+00"}, crime_ref="c1",
                      breached_at="2025-05-02 09:00+00")  # fmt: skip
        assert (late["breach_answered"], late["breach_crime"], late["breach_charge"]) == ("met", "met", "not known")

    def test_a_crime_that_the_extract_does_not_hold_has_no_time(self) -> None:
        assert breach(crime_ref="c1")["breach_crime"] == "not known"


class TestOrders:
    def test_an_order_is_considered_when_stalking_ends_without_action(self) -> None:
        crimes = [{**CRIME, "crime_ref": f"c{n}", "outcome_at": "2025-05-01 09:00+00"} for n in range(3)]
        facts = [{"crime_ref": f"c{n}", "is_order_considered": kept} for n, kept in enumerate((True, False, None))]
        duties = made("core.order_duties", core_crimes=crimes, core_order_consideration_facts=facts)
        rows = made("core.protection_duties", core_order_duties=duties, core_extract_moments=[{"as_of_at": AS_OF}])
        assert {row["record_ref"]: row["state"] for row in rows} == {"c0": "met", "c1": "missed", "c2": "not known"}

    @pytest.mark.parametrize(
        ("ended", "count"), [("2020-01-19 23:59:59+00", 0), ("2020-01-20 00:00+00", 1), (None, 1)]
    )
    def test_nobody_could_consider_an_order_before_there_were_any(self, ended: str | None, count: int) -> None:
        duties = made("core.order_duties", core_crimes=[{**CRIME, "outcome_at": ended}],
                      core_order_consideration_facts=[{"crime_ref": "c1", "is_order_considered": False}])  # fmt: skip
        assert len(only(duties, measure_code="order_considered")) == count

    def test_notification_in_three_days_of_service_and_a_hearing_in_48_hours(self) -> None:
        facts = [{"order_ref": "n1", "is_stalking_protection": True, "is_notification_due": True,
                  "served_at": "2025-03-03 09:00+00", "applied_at": "2025-03-01 09:00+00",
                  "has_all_grounds": False}]  # fmt: skip
        orders = [{"order_ref": "n1", "notified_at": "2025-03-06 09:00+00"}]
        for due, state in (("2025-03-05 09:00+00", "late"), ("2025-03-07 09:00+00", "met"), (None, "not known")):
            hearings = [{"order_ref": "n2", "served_at": "2025-03-03 09:00+00", "hearing_at": "2025-03-05 09:00:01+00",
                         "due_at": due}]  # fmt: skip
            duties = made("core.order_duties", core_order_facts=facts, core_orders=orders,
                          core_order_hearing_facts=hearings)  # fmt: skip
            found = states("order_duties", duties, core_order_hearing_facts=hearings)
            assert found == {"order_notified": "met", "order_grounds": "missed", "order_hearing": state}


class TestVictims:
    def told(self, enhanced: bool | None) -> dict[str, str]:
        decision = {"outcome_ref": "o1", "crime_ref": "c1", "outcome_at": "2025-05-01 09:00+00",
                    "informed_at": "2025-05-02 09:00+00", "has_enhanced_rights": enhanced}  # fmt: skip
        return states("victim_duties", made("core.victim_duties", core_victim_decision_facts=[decision]))

    def test_told_by_the_rights_and_not_known_without(self) -> None:
        assert self.told(True) == {"victim_told_enhanced": "met"}
        assert self.told(False) == {"victim_told": "met"}
        assert self.told(None) == {"victim_told": "not known"}

    def test_an_empty_time_of_needs_is_not_known(self) -> None:
        def needs(at: str | None) -> str:
            crimes = [{**CRIME, "needs_assessed_at": at}]
            return states("victim_duties", made("core.victim_duties", core_crimes=crimes))["victim_needs"]

        assert needs(None) == "not known"
        assert needs("2025-03-10 23:00+00") == "met"
        assert needs("2025-03-11 00:00+00") == "late"

    @pytest.mark.parametrize(
        ("referral", "state"),
        [
            ({"has_consent": True, "accepted_at": "2025-03-13 09:00+00"}, "met"),
            ({"has_consent": True, "accepted_at": "2025-03-14 09:00+00"}, "late"),
            ({"has_consent": True}, "missed"),
            ({"has_consent": None, "accepted_at": "2025-03-04 09:00+00"}, "not known"),
            ({"has_consent": False}, None),
        ],
    )
    def test_a_referral_with_consent_is_taken_on(self, referral: Row, state: str | None) -> None:
        rows = [{"referral_ref": "r1", "crime_ref": "c1", "offered_at": "2025-03-03 09:00+00", **referral}]
        duties = made("core.victim_duties", core_crimes=[CRIME], core_referrals=rows)
        assert states("victim_duties", only(duties, record_type="referral")).get("referral_accepted") == state

    @pytest.mark.parametrize(("at", "state"), [("2025-06-01 12:00+00", "met"), ("2025-06-01 12:01+00", "missed")])
    def test_support_offered_after_the_as_of_moment_was_not_offered_yet(self, at: str, state: str) -> None:
        referrals = [{"referral_ref": "r1", "crime_ref": "c1", "offered_at": at, "has_consent": False}]
        facts = [{"crime_ref": "c1", "class_code": "8Q", "consented_referral_count": 1}]
        duties = made("core.victim_duties", core_crimes=[CRIME], core_victim_service_facts=facts,
                      core_referrals=referrals)  # fmt: skip
        assert states("victim_duties", only(duties, measure_code="referral_offered")) == {"referral_offered": state}

    @pytest.mark.parametrize(
        ("offered", "state"),
        [("2025-03-05 23:59+00", "met"), ("2025-03-06 00:00+00", "late"), (None, "missed")],
    )
    def test_support_is_offered_within_two_working_days_of_the_report(self, offered: str | None, state: str) -> None:
        """Reported on a Monday. An offer counts whether consent is recorded or not."""
        referrals = [{"referral_ref": "r1", "crime_ref": "c1", "offered_at": offered}]
        duties = made("core.victim_duties", core_crimes=[CRIME], core_referrals=referrals)
        assert states("victim_duties", only(duties, measure_code="victim_referred")) == {"victim_referred": state}

    @pytest.mark.parametrize(
        ("enhanced", "contact", "state"),
        [
            (True, "2025-03-04 12:00+00", "met"),
            (True, "2025-03-05 00:00+00", "late"),
            (False, "2025-03-10 12:00+00", "met"),
            (False, "2025-03-11 00:00+00", "late"),
            (None, "2025-03-03 12:00+00", "not known"),
        ],
    )
    def test_a_contact_follows_an_arrest(self, enhanced: bool | None, contact: str, state: str) -> None:
        """An arrest on a Monday. A call of the victim before it, or by the victim, does not count."""
        contacts = [{"crime_ref": "c1", "contact_at": at, "is_from_victim": is_from}
                    for at, is_from in ((contact, False), ("2025-03-03 10:30+00", True), ("2025-03-03 08:00+00", False))
                    ]  # fmt: skip
        custody = {"custody_ref": "k1", "crime_ref": "c1", "arrested_at": "2025-03-03 10:00+00"}
        duties = made("core.victim_duties", core_crimes=[CRIME | {"has_enhanced_rights": enhanced}],
                      core_custodies=[custody], core_victim_contacts=contacts)  # fmt: skip
        code = "victim_told_custody_enhanced" if enhanced else "victim_told_custody"
        assert states("victim_duties", only(duties, record_type="custody")) == {code: state}

    def test_arrest_and_release_are_two_duties(self) -> None:
        custody = {"custody_ref": "k1", "crime_ref": "c1", "arrested_at": "2025-03-03 10:00+00",
                   "released_at": "2025-03-04 10:00+00"}  # fmt: skip
        duties = made("core.victim_duties", core_crimes=[CRIME], core_custodies=[custody])
        assert len(only(duties, record_type="custody")) == len({"arrest", "release"})

    def test_taken_up_as_the_service_says(self) -> None:
        rows = [{"referral_ref": f"r{n}", "accepted_at": "2025-03-03 09:00+00", "is_engaged": engaged}
                for n, engaged in enumerate((True, False, None))]  # fmt: skip
        duties = made("core.victim_duties", core_service_referrals=rows)
        found = made("core.protection_duties", core_victim_duties=duties, core_extract_moments=[{"as_of_at": AS_OF}])
        assert [row["state"] for row in found] == ["met", "missed", "not known"]

    @pytest.mark.parametrize(
        ("gap", "now", "state"),
        [
            (1.0, "2025-03-04 10:00+00", "not yet due"),  # a crime of yesterday without contact
            (28.0, "2025-03-31 09:59:59+00", "not yet due"),
            (28.0, "2025-03-31 10:00+00", "met"),
            (28.1, "2025-04-01 10:00+00", "missed"),
            (None, "2025-03-04 10:00+00", "not known"),
        ],
    )
    def test_no_gap_in_contact_is_kept_once_a_gap_could_have_been(
        self, gap: float | None, now: str, state: str
    ) -> None:
        facts = [{"crime_ref": "c1", "is_open": True, "longest_contact_gap_days": gap}]
        duties = made("core.victim_duties", core_crimes=[CRIME], core_victim_service_facts=facts)
        assert states("victim_duties", only(duties, measure_code="victim_contact"), now) == {"victim_contact": state}


class TestCases:
    @pytest.mark.parametrize(
        ("closed", "now", "state"),
        [
            (False, "2025-03-16 09:59+00", "not yet due"),
            (False, "2025-03-17 10:00+00", "met"),  # 14 days
            (True, "2025-03-10 10:00+00", "missed"),  # already broken
        ],
    )
    def test_a_notice_ends_no_case_once_its_days_are_over(self, closed: bool, now: str, state: str) -> None:
        facts = [{"crime_ref": "c1", "notice_count": 1, "has_notice": True, "is_closed_soon_after_notice": closed,
                  "first_notice_at": "2025-03-03 10:00+00"}]  # fmt: skip
        found = states("case_duties", made("core.case_duties", core_crimes=[CRIME], core_notice_facts=facts), now)
        assert found["notice_no_end"] == state

    @pytest.mark.parametrize(
        ("until", "deputy", "state"),
        [
            ("2025-03-11 10:00+00", None, None),  # seven days need no cover
            ("2025-03-11 10:01+00", None, "missed"),
            ("2025-03-11 10:01+00", "s2", "met"),
        ],
    )
    def test_only_long_absences_need_cover(self, until: str, deputy: str | None, state: str | None) -> None:
        crimes = [CRIME | {"investigator_ref": "s1", "is_cancelled": False, "is_transferred": False}]
        absences = [{"investigator_ref": "s1", "absent_from_at": "2025-03-04 10:00+00", "absent_to_at": until,
                     "deputy_ref": deputy}]  # fmt: skip
        facts = made("core.absence_facts", core_crimes=crimes, core_investigator_absences=absences,
                     core_extract_moments=[{"as_of_at": AS_OF}])  # fmt: skip
        found = states("case_duties", made("core.case_duties", core_crimes=crimes, core_absence_facts=facts))
        assert found.get("absence_covered") == state

    def test_special_measures_within_28_days_of_charge(self) -> None:
        facts = [{"crime_ref": "c1", "is_charged": True, "charged_at": "2025-03-03 09:00+00", "missing_item_count": 0,
                  "has_order_request": True}]  # fmt: skip

        def measured(**item: Any) -> str:
            items = [{"crime_ref": "c1", "item": "mg2", **item}] if item else []
            duties = made("core.case_duties", core_case_file_facts=facts, core_case_file_items=items)
            return states("case_duties", duties)["special_measures"]

        assert measured(is_present=True, completed_at="2025-03-31 09:00+00") == "met"
        assert measured(is_present=True, completed_at="2025-03-31 09:00:01+00") == "late"
        assert measured(is_present=True, completed_at=None) == "not known"
        assert measured(is_present=False, completed_at="2025-03-05 09:00+00") == "missed"
        assert measured() == "missed"

    def test_a_second_report_of_the_same_two_within_30_and_90_days(self) -> None:
        pairs = [{"pair_ref": "p", "crime_ref": "c1", "class_code": "8L"}]
        occasions = [{"pair_ref": "p", "occasion_ref": ref, "occasion_at": at}
                     for ref, at in (("c1", "2025-01-01 09:00+00"), ("c2", "2025-02-15 09:00+00"))]  # fmt: skip
        duties = made("core.case_duties", core_pair_crimes=pairs, core_pair_occasions=occasions)
        assert states("case_duties", duties) == {"second_report_soon": "late", "second_report_later": "met"}
        single = made("core.case_duties", core_pair_crimes=pairs, core_pair_occasions=occasions[:1])
        assert states("case_duties", single, "2025-03-01 09:00+00") == {
            "second_report_soon": "missed", "second_report_later": "not yet due"
        }  # fmt: skip

    def test_digital_lines_are_done_when_all_that_have_to_be_are(self) -> None:
        def found(*at: str | None, is_required: bool = True, **crime: object) -> dict[str, str]:
            lines = [{"crime_ref": "c1", "enquiry_type": "phone", "is_required": is_required, "done_at": moment,
                      "raised_at": "2025-03-03 10:00+00"} for moment in at]  # fmt: skip
            crimes = [CRIME | {"is_cancelled": False, "is_transferred": False} | crime]
            facts = made("core.enquiry_facts", core_crimes=crimes, core_extract_moments=[{"as_of_at": AS_OF}],
                         core_lines_of_enquiry=lines)  # fmt: skip
            return states("case_duties", made("core.case_duties", core_crimes=crimes, core_enquiry_facts=facts))

        for less in ({"is_required": False}, {"is_stalking_or_harassment": False}):
            assert "digital_done" not in found("2025-03-05 10:00+00", **less)
        early, last, late = "2025-03-05 10:00+00", "2025-03-31 10:00+00", "2025-03-31 10:00:01+00"
        for at, state in (((last, early), "met"), ((late,), "late"), ((last, None), "missed")):
            duties = found(*at)
            assert (duties["digital_directed"], duties["digital_done"]) == ("met", state)
