"""Facts of notices and investigation, by worked example at every boundary. All people are invented."""

from typing import Any

import pytest
from worked import Row, made, only

from expectations import RULES

CRIME: Row = {
    "crime_ref": "c1",
    "incident_ref": "i1",
    "class_code": "8Q",
    "ho_code": "8/65",
    "is_stalking_or_harassment": True,
    "is_open": True,
    "is_cancelled": False,
    "is_transferred": False,
    "reported_at": "2025-03-01 11:00:00+00",
    "recorded_at": "2025-03-01 12:00:00+00",
    "investigator_ref": "p1",
}
REMOVED = [{"is_cancelled": True}, {"is_transferred": True}]
AS_OF = [{"as_of_at": "2025-12-31 12:00:00+00"}]
NOTICE: Row = {
    "notice_ref": "n1",
    "crime_ref": "c1",
    "notice_type": "words_of_advice",
    "issued_at": "2025-03-25 10:00:00+00",
}
EARLIER: Row = {**CRIME, "crime_ref": "c0", "incident_ref": "i0", "reported_at": "2025-01-01 11:00:00+00"}
LINK: Row = {"crime_ref": "c0", "linked_ref": "i9", "linked_type": "incident"}
SUSPECT: Row = {
    "crime_ref": "c1",
    "person_key": "s",
    "party_role": "suspect",
    "is_named": True,
    "first_added_at": "2025-03-02 10:00:00+00",
}


class TestNotice:
    """NOT-01 and NOT-02."""

    def facts(self, crime: Row | None = None, **given: list[Row]) -> list[Row]:
        return made("core.notice_facts", core_crimes=[{**CRIME, **(crime or {})}], **given)

    def signal(self, record_type: str, ref: str, has_words: bool) -> Row:
        return {"record_type": record_type, "record_ref": ref, "has_notice_words": has_words}

    def test_without_notice_and_text_it_is_not_known(self) -> None:
        assert self.facts()[0]["has_notice"] is None

    def test_text_of_the_crime_and_of_its_incident(self) -> None:
        silent = self.signal("crime", "c1", False)
        assert self.facts(core_text_signals=[silent])[0]["has_notice"] is False
        spoken = self.signal("incident", "i1", True)
        assert self.facts(core_text_signals=[silent, spoken])[0]["has_notice"] is True
        assert self.facts(core_text_signals=[silent, self.signal("incident", "i2", True)])[0]["has_notice"] is False

    def test_a_notice_needs_no_text(self) -> None:
        [row] = self.facts(core_notices=[NOTICE, {**NOTICE, "notice_ref": "n2", "notice_type": "pin"}])
        assert (row["has_notice"], row["notice_count"], row["notice_types"]) == (True, 2, "pin, words_of_advice")

    @pytest.mark.parametrize(
        ("code", "at", "is_soon"),
        [
            ("16", "2025-04-08 10:00:00+00", True),  # exactly 14 days, summer time begun meanwhile
            ("16", "2025-04-08 10:00:01+00", False),
            ("16", "2025-03-25 10:00:00+00", True),
            ("16", "2025-03-24 10:00:00+00", False),  # before the notice
            ("15", "2025-03-26 10:00:00+00", False),
            ("22", "2025-03-26 10:00:00+00", True),
        ],
    )
    def test_closed_soon_after(self, code: str, at: str, is_soon: bool) -> None:
        outcome = {"crime_ref": "c1", "outcome_code": code, "outcome_at": at}
        [row] = self.facts(core_notices=[NOTICE], core_outcomes=[outcome])
        assert row["is_closed_soon_after_notice"] is is_soon

    @pytest.mark.parametrize("removed", [*REMOVED, {"is_stalking_or_harassment": False}])
    def test_other_crimes_are_not_examined(self, removed: Row) -> None:
        assert not self.facts(removed, core_notices=[NOTICE])


class TestAllocation:
    """INV-01 and INV-02."""

    def facts(self, pip: int | None, crime: Row | None = None, **given: list[Row]) -> Row:
        people = [{"investigator_ref": "p1", "pip_level": pip}] if pip else []
        crimes = [{**CRIME, **(crime or {})}]
        [row] = made("core.allocation_facts", core_crimes=crimes, core_investigators=people, **given)
        return row

    @pytest.mark.parametrize(
        ("crime", "needs"),
        [
            ({}, True),
            ({"ho_code": "195/12"}, False),
            ({"ho_code": "195/12", "risk_grade": "medium"}, False),
            ({"ho_code": "195/12", "risk_grade": "high"}, True),
            ({"class_code": "8L", "ho_code": "8/30", "risk_grade": "high"}, False),
        ],
    )
    def test_who_needs_a_detective(self, crime: Row, needs: bool) -> None:
        assert self.facts(2, crime)["needs_detective"] is needs

    @pytest.mark.parametrize(("pip", "is_allocated"), [(1, False), (2, True), (3, True), (None, None)])
    def test_level(self, pip: int | None, is_allocated: bool | None) -> None:
        assert self.facts(pip)["is_allocated_by_risk"] is is_allocated

    def test_the_level_of_the_last_one_it_was_allocated_to_counts(self) -> None:
        first = {"crime_ref": "c1", "investigator_ref": "p1", "allocated_at": "2025-03-02 10:00:00+00"}
        last = {"crime_ref": "c1", "investigator_ref": "p2", "allocated_at": "2025-03-05 10:00:00+00"}
        levels = [{"investigator_ref": "p1", "pip_level": 1}, {"investigator_ref": "p2", "pip_level": 2}]
        for allocations, is_allocated in (([first, last], True), ([first], False)):
            [row] = made(
                "core.allocation_facts",
                core_crimes=[{**CRIME, "investigator_ref": "p1"}],
                core_investigators=levels,
                core_allocations=allocations,
            )
            assert row["is_allocated_by_risk"] is is_allocated

    def test_the_single_point_of_contact_makes_good_for_the_level(self) -> None:
        at = "2025-03-02 10:00:00+00"
        allocation = {"crime_ref": "c1", "investigator_ref": "p1", "single_point_of_contact_consulted_at": at}
        assert self.facts(1, core_allocations=[allocation])["is_allocated_by_risk"] is True

    def test_the_first_review_by_a_supervisor_counts(self) -> None:
        reviews = [
            {"review_ref": "r0", "review_level": "peer", "reviewed_at": "2025-03-01 13:00:00+00", "offence_check": "x"},
            {"review_ref": "r1", "review_level": "supervisor", "reviewed_at": "2025-03-02 13:00:00+00"},
            {
                "review_ref": "r2",
                "review_level": "supervisor",
                "reviewed_at": "2025-03-09 13:00:00+00",
                "offence_check": "x",
            },
        ]
        rows = [{"crime_ref": "c1", **row} for row in reviews]
        assert self.facts(2, core_reviews=rows)["is_offence_checked"] is False
        assert self.facts(2, core_reviews=rows[2:])["is_offence_checked"] is True
        assert self.facts(2, core_reviews=rows[:1])["is_offence_checked"] is False


class TestPriorReports:
    """INV-03: c1 follows c0 of the same pair; c0 came from incident i0 and is linked to incident i9."""

    def facts(self, *links: Row, earlier: Row | None = None, own: Row | None = None) -> list[Row]:
        crimes = [{**EARLIER, **(earlier or {})}, {**CRIME, **(own or {})}]
        pair = {"pair_ref": "p", "victim_key": "v", "suspect_key": "s"}
        events = [
            ("crime", "c0", "2025-01-01 11:00:00+00", "c0"),
            ("incident", "i0", "2025-01-01 10:59:00+00", "c0"),
            ("incident", "i9", "2024-12-01 11:00:00+00", "c0"),
            ("crime", "c1", "2025-03-01 11:00:00+00", "c1"),
            ("incident", "i1", "2025-03-01 10:59:00+00", "c1"),
        ]
        rows = made(
            "core.prior_report_facts",
            core_crimes=crimes,
            core_crime_links=[LINK, *links],
            core_pair_crimes=[{**pair, "crime_ref": c["crime_ref"], "reported_at": c["reported_at"]} for c in crimes],
            core_pair_events=[
                {**pair, "record_type": kind, "record_ref": ref, "event_at": at, "crime_ref": through}
                for kind, ref, at, through in events
            ],
        )
        return only(rows, crime_ref="c1")

    def test_unlinked(self) -> None:
        [row] = self.facts()
        assert (row["prior_report_count"], row["unlinked_report_count"], row["unlinked_reports"]) == (2, 2, "i0, i9")

    @pytest.mark.parametrize(
        "link",
        [
            {"crime_ref": "c1", "linked_ref": "c0", "linked_type": "crime"},
            {"crime_ref": "c0", "linked_ref": "c1", "linked_type": "crime"},
            {"crime_ref": "c1", "linked_ref": "i0", "linked_type": "incident"},
        ],
    )
    def test_a_link_from_either_end_or_to_the_incident_brings_what_hangs_on_it(self, link: Row) -> None:
        assert self.facts(link)[0]["unlinked_report_count"] == 0

    def test_a_link_to_an_incident_alone_leaves_the_crime_unlinked(self) -> None:
        [row] = self.facts({"crime_ref": "c1", "linked_ref": "i9", "linked_type": "incident"})
        assert (row["unlinked_report_count"], row["unlinked_reports"]) == (1, "i0")

    def test_one_report_of_several_crimes_has_nothing_earlier(self) -> None:
        assert not self.facts(earlier={"report_group_ref": "g"}, own={"report_group_ref": "g"})

    @pytest.mark.parametrize("removed", REMOVED)
    def test_removed_crimes_are_no_reports(self, removed: Row) -> None:
        assert not self.facts(earlier=removed)
        assert not self.facts(own=removed)


class TestAbsence:
    """INV-04."""

    def days(self, away: Row, crime: Row | None = None, **given: list[Row]) -> float | None:
        rows = made(
            "core.absence_facts",
            core_crimes=[{**CRIME, **(crime or {})}],
            core_investigator_absences=[{"investigator_ref": "p1", **away}],
            core_extract_moments=AS_OF,
            **given,
        )
        return rows[0]["uncovered_days"] if rows else None

    def away(self, start: str, end: str, deputy: str | None = None) -> Row:
        return {"absent_from_at": f"{start} 08:00:00+00", "absent_to_at": f"{end} 08:00:00+00", "deputy_ref": deputy}

    def test_exactly_seven_days_and_more(self) -> None:
        assert self.days(self.away("2025-05-01", "2025-05-08")) == 7.0
        assert self.days(self.away("2025-05-01", "2025-05-09")) == 8.0

    def test_a_deputy_or_contact_with_the_victim_covers_it(self) -> None:
        assert self.days(self.away("2025-05-01", "2025-05-15", "p2")) == 0.0
        contact = {"crime_ref": "c1", "contact_at": "2025-05-10 10:00:00+00"}
        assert self.days(self.away("2025-05-01", "2025-05-15"), core_victim_contacts=[contact]) == 0.0
        before = {"crime_ref": "c1", "contact_at": "2025-04-30 10:00:00+00"}
        assert self.days(self.away("2025-05-01", "2025-05-15"), core_victim_contacts=[before]) == 14.0

    def test_only_days_on_which_the_crime_was_open_and_the_officers(self) -> None:
        away = self.away("2025-05-01", "2025-05-15")
        assert self.days(away, {"is_open": False, "outcome_at": "2025-05-04 08:00:00+00"}) == 3.0
        assert self.days(away, {"is_open": False, "outcome_at": "2025-04-04 08:00:00+00"}) is None
        held = {"crime_ref": "c1", "investigator_ref": "p1", "allocated_at": "2025-05-11 08:00:00+00"}
        assert self.days(away, core_allocations=[held]) == 4.0

    def test_the_officer_in_the_case_is_the_crimes_own(self) -> None:
        away = self.away("2025-05-01", "2025-05-15")
        other = {"crime_ref": "c1", "investigator_ref": "p2", "allocated_at": "2025-03-01 13:00:00+00"}
        assert self.days(away, core_allocations=[other]) == 14.0
        assert self.days({**away, "investigator_ref": "p2"}, core_allocations=[other]) is None

    def test_an_absence_that_lasts_counts_to_the_as_of_moment(self) -> None:
        assert self.days(self.away("2025-12-30", "2026-02-01")) == pytest.approx(1 + 4 / 24)


class TestEnquiries:
    """INV-05 and INV-06."""

    def facts(self, crime: Row | None = None, **given: list[Row]) -> list[Row]:
        return made("core.enquiry_facts", core_crimes=[{**CRIME, **(crime or {})}], core_extract_moments=AS_OF, **given)

    @pytest.mark.parametrize(
        ("kind", "at", "days"),
        [
            ("phone", "2025-03-08 12:00:00+00", 7.0),
            ("CCTV", "2025-03-08 18:00:00+00", 7.25),
            ("witness", "2025-03-02 12:00:00+00", 305.0),
        ],
    )
    def test_days_to_a_digital_line(self, kind: str, at: str, days: float) -> None:
        line = {"crime_ref": "c1", "enquiry_type": kind, "raised_at": at}
        assert self.facts(core_lines_of_enquiry=[line])[0]["days_without_digital_enquiry"] == days

    def test_search(self) -> None:
        line = {"crime_ref": "c1", "enquiry_type": "witness", "raised_at": "2025-03-02 12:00:00+00"}
        record = {"crime_ref": "c1", "item": "search_record", "is_present": True}
        assert self.facts()[0]["is_search_considered"] is None
        assert self.facts(core_lines_of_enquiry=[line])[0]["is_search_considered"] is False
        assert (
            self.facts(core_lines_of_enquiry=[line], core_case_file_items=[record])[0]["is_search_considered"] is True
        )
        absent = {**record, "is_present": False}
        assert self.facts(core_case_file_items=[absent])[0]["is_search_considered"] is False
        search = {**line, "enquiry_type": "search"}
        assert self.facts(core_lines_of_enquiry=[search])[0]["is_search_considered"] is True

    def test_breaches_of_orders(self) -> None:
        damage = {"class_code": "58C", "ho_code": "58/3", "is_stalking_or_harassment": False}
        assert not self.facts(damage)
        [row] = self.facts(damage, core_order_breaches=[{"breach_ref": "b1", "crime_ref": "c1"}])
        assert row["is_order_breach"] and not row["is_stalking"]
        for code in ("66/39", "8/74", "68/19"):
            [row] = self.facts({"class_code": "66", "ho_code": code, "is_stalking_or_harassment": False})
            assert row["is_order_breach"]
        assert not self.facts({"class_code": "66", "ho_code": "68/16", "is_stalking_or_harassment": False})

    @pytest.mark.parametrize("removed", REMOVED)
    def test_removed_crimes_are_not_examined(self, removed: Row) -> None:
        assert not self.facts(removed)


class TestAction:
    """INV-07."""

    def facts(self, *suspects: Row, crime: Row | None = None, **given: list[Row]) -> list[Row]:
        return made(
            "core.suspect_action_facts",
            core_crimes=[{**CRIME, **(crime or {})}],
            core_parties=list(suspects or [SUSPECT]),
            core_extract_moments=AS_OF,
            **given,
        )

    def held(self, **values: Any) -> list[Row]:
        return [{"custody_ref": "k", "crime_ref": "c1", "person_key": "s", **values}]

    @pytest.mark.parametrize(
        ("acted", "days"),
        [
            ({"arrested_at": "2025-03-16 10:00:00+00"}, 14.0),
            ({"arrested_at": "2025-03-20 10:00:00+00", "interviewed_at": "2025-03-16 22:00:00+00"}, 14.5),
            ({"arrested_at": "2025-03-01 10:00:00+00"}, -1.0),
        ],
    )
    def test_arrest_or_interview(self, acted: Row, days: float) -> None:
        assert self.facts(core_custodies=self.held(**acted))[0]["days_unexplained"] == days

    def test_the_arrest_of_another_does_not_count(self) -> None:
        other = self.held(arrested_at="2025-03-03 10:00:00+00", person_key="t")
        assert self.facts(core_custodies=other)[0]["days_unexplained"] > 14

    def test_elimination_and_closing_end_the_wait(self) -> None:
        gone = {**SUSPECT, "eliminated_at": "2025-03-05 10:00:00+00"}
        assert self.facts(gone)[0]["days_unexplained"] == 3.0
        closed = {"is_open": False, "outcome_at": "2025-03-07 10:00:00+00"}
        assert self.facts(crime=closed)[0]["days_unexplained"] == 5.0

    def test_a_closing_on_a_day_that_is_not_known_is_no_wait_to_the_as_of_moment(self) -> None:
        closed = {"is_open": False, "outcome_at": None}
        assert self.facts(crime=closed)[0]["days_unexplained"] is None
        acted = self.held(arrested_at="2025-03-04 10:00:00+00")
        assert self.facts(crime=closed, core_custodies=acted)[0]["days_unexplained"] == 2.0

    @pytest.mark.parametrize(
        ("done", "raised", "is_reason"),
        [
            ("2025-03-02 10:00:00+00", "2025-03-01 12:00:00+00", True),
            ("2025-04-10 09:59:00+00", "2025-03-03 12:00:00+00", True),
            (None, "2025-03-03 12:00:00+00", True),
            ("2025-03-02 09:59:00+00", "2025-03-01 12:00:00+00", False),
            (None, "2025-03-01 12:00:00+00", False),
            ("2025-04-11 10:00:00+00", "2025-03-03 12:00:00+00", False),
        ],
    )
    def test_a_reason_is_dated_within_the_wait(self, done: str | None, raised: str, is_reason: bool) -> None:
        """From the naming on 2 March to the interview on 10 April, 39 days."""
        asked = self.held(interviewed_at="2025-04-10 10:00:00+00")
        line = {"crime_ref": "c1", "enquiry_type": "suspect interview", "raised_at": raised, "done_at": done}
        for result, explained in (("abroad until April", is_reason), (None, False)):
            [row] = self.facts(core_custodies=asked, core_lines_of_enquiry=[{**line, "result": result}])
            assert (row["has_reason"], row["days_unexplained"]) == (explained, 0.0 if explained else 39.0)
            assert row["days_without_action"] == 39.0

    def test_the_interview_of_a_witness_explains_no_wait_of_a_suspect(self) -> None:
        line = {"crime_ref": "c1", "enquiry_type": "witness interview", "raised_at": "2025-03-03 12:00:00+00",
                "result": "heard"}  # fmt: skip
        assert self.facts(core_lines_of_enquiry=[line])[0]["days_unexplained"] > 14

    def test_a_reason_explains_the_waits_that_it_falls_into_and_no_other(self) -> None:
        line = {"crime_ref": "c1", "enquiry_type": "arrest", "raised_at": "2025-03-03 12:00:00+00",
                "result": "abroad until June"}  # fmt: skip
        later = {**SUSPECT, "person_key": "t", "first_added_at": "2025-11-16 12:00:00+00"}
        [row] = self.facts(SUSPECT, later, core_lines_of_enquiry=[line])
        assert (row["has_reason"], row["days_unexplained"]) == (False, 45.0)

    def test_a_wait_that_is_not_known_is_no_short_one(self) -> None:
        undated = {**SUSPECT, "person_key": "t", "first_added_at": None}
        arrested = self.held(arrested_at="2025-03-04 10:00:00+00")
        assert self.facts(SUSPECT, undated, core_custodies=arrested)[0]["days_unexplained"] is None
        assert self.facts(SUSPECT, undated)[0]["days_unexplained"] > 14

    def test_the_suspect_who_waited_longest_counts(self) -> None:
        other = {**SUSPECT, "person_key": "t", "first_added_at": "2025-03-10 10:00:00+00"}
        acted = self.held(arrested_at="2025-03-03 10:00:00+00")
        [row] = self.facts(SUSPECT, other, core_custodies=acted)
        assert str(row["named_at"]).startswith("2025-03-10") and row["days_unexplained"] > 14

    def test_a_suspect_who_is_not_named_is_not_examined(self) -> None:
        assert not self.facts({**SUSPECT, "is_named": False})


class TestRelease:
    """INV-08."""

    def facts(self, crime: Row, **bail: Any) -> list[Row]:
        return made(
            "core.release_facts",
            core_crimes=[{**CRIME, "is_domestic_abuse": False, **crime}],
            core_custodies=[{"custody_ref": "k", "crime_ref": "c1"}],
            core_bails=[{"custody_ref": "k", "bail_type": "rui", **bail}],
        )

    @pytest.mark.parametrize(
        ("crime", "rationale", "explained"),
        [
            ({}, None, [False]),
            ({}, "why", [True]),
            ({"class_code": "105A", "is_domestic_abuse": True}, None, [False]),
            ({"class_code": "105A", "is_domestic_abuse": False}, None, []),
            ({"class_code": "105A", "is_domestic_abuse": None}, None, [None]),
            ({"class_code": "105A", "is_domestic_abuse": None}, "why", [True]),
            ({"is_cancelled": True}, None, []),
        ],
    )
    def test_explained(self, crime: Row, rationale: str | None, explained: list[bool | None]) -> None:
        assert [row["is_explained"] for row in self.facts(crime, rationale=rationale)] == explained

    def test_conditional_bail_is_not_examined(self) -> None:
        assert not self.facts({}, bail_type="pre_charge_bail")


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("FIL-01", "case_file.present"),
        ("INV-02", "review.level"),
        ("INV-07", "custody.interview_ts"),
        ("INV-07", "line_of_enquiry.result"),
        ("INV-07", "party_role.eliminated_ts"),
        ("INV-07", "party_role.named"),
        ("ORD-01", "order_.type"),
        ("ORD-01", "outcome.is_current"),
        ("OUT-08", "crime.offence_to_ts"),
        ("OUT-13", "outcome.is_current"),
        ("OUT-21", "crime.oic_id"),
    ],
)
def test_a_rule_names_the_fields_that_it_rests_on(code: str, field: str) -> None:
    """Without the field its fact would still have a value: a breach that is none, or no row to examine."""
    rules = [rule for rule in RULES if rule.code == code]
    assert rules and all(field in rule.needs for rule in rules)
