"""How a case is handled, by worked example: who has it, who is asked, what is planned, reviewed and filed."""

from typing import Any

import pytest
from worked import Row, made

CRIME: Row = {
    "crime_ref": "c1", "class_code": "8Q", "ho_code": "8/65", "risk_grade": "high", "is_stalking_or_harassment": True,
    "is_open": True, "recorded_at": "2025-03-03 10:00+00",
}  # fmt: skip
MOMENT: list[Row] = [{"as_of_at": "2025-06-01 12:00+00"}]
ALLOCATION: Row = {"crime_ref": "c1", "investigator_ref": "s1", "allocated_at": "2025-03-03 12:00+00"}


def duties(measure: str, crimes: list[Row] | None = None, **given: list[Row]) -> list[Row]:
    found = made("core.handling_duties", core_crimes=[CRIME] if crimes is None else crimes,
                 core_extract_moments=MOMENT, **given)  # fmt: skip
    return [row for row in found if row["measure_code"] == measure]


def step(kind: str, **more: Any) -> Row:
    return {"step_ref": "t1", "crime_ref": "c1", "step_kind": kind, "raised_at": "2025-03-04 10:00+00", **more}


class TestOfficers:
    @pytest.mark.parametrize(
        ("training", "is_kept"),
        [
            ({"completed_on": "2025-03-03"}, True),  # on the day of the allocation, without an end
            ({"completed_on": "2025-03-04"}, False),
            ({"completed_on": "2023-03-03", "valid_until": "2025-03-03"}, True),
            ({"completed_on": "2023-03-03", "valid_until": "2025-03-02"}, False),
            ({"completed_on": "2025-01-01", "course": "recording"}, False),
            ({"completed_on": "2025-01-01", "investigator_ref": "s2"}, False),  # the second officer of the case
        ],
    )
    def test_the_first_officer_is_trained_on_that_day(self, training: Row, is_kept: bool) -> None:
        later = ALLOCATION | {"investigator_ref": "s2", "allocated_at": "2025-03-04 12:00+00"}
        held = [{"investigator_ref": "s1", "course": "stalking", **training}]
        [duty] = duties("trained_officer", core_allocations=[ALLOCATION, later], core_staff_courses=held)
        assert duty["is_kept"] is is_kept

    def test_a_case_without_an_officer_has_no_duty(self) -> None:
        assert duties("trained_officer", core_staff_courses=[{"investigator_ref": "s1", "course": "stalking"}]) == []

    @pytest.mark.parametrize(
        ("earlier_at", "officer", "is_kept"),
        [("2024-06-01 09:00+00", "s1", True), ("2024-06-01 09:00+00", "s9", False),
         ("2024-03-01 09:00+00", "s1", None)],
    )  # fmt: skip
    def test_the_next_report_of_a_pair_has_the_same_officer(
        self, earlier_at: str, officer: str, is_kept: bool | None
    ) -> None:
        """An earlier report of more than 365 days ago asks for nothing."""
        pairs = [{"crime_ref": ref, "pair_ref": "d1", "reported_at": at}
                 for ref, at in (("c0", earlier_at), ("c1", "2025-03-03 09:00+00"))]  # fmt: skip
        before = {"crime_ref": "c0", "investigator_ref": officer, "allocated_at": earlier_at}
        found = duties("same_officer", core_pair_crimes=pairs, core_allocations=[ALLOCATION, before])
        assert [duty["is_kept"] for duty in found] == ([] if is_kept is None else [is_kept])

    @pytest.mark.parametrize(("level", "count"), [(1, 1), (2, 0)])
    def test_a_case_that_begins_below_its_level_is_handed_over(self, level: int, count: int) -> None:
        given = {"core_allocation_facts": [{"crime_ref": "c1", "needs_detective": True}],
                 "core_allocations": [ALLOCATION],
                 "core_investigators": [{"investigator_ref": "s1", "pip_level": level}]}  # fmt: skip
        done = step("handover", done_at="2025-03-05 10:00+00")
        assert [duty["is_kept"] for duty in duties("handover", **given)] == [False] * count
        assert [duty["is_kept"] for duty in duties("handover", core_case_steps=[done], **given)] == [True] * count


class TestSteps:
    @pytest.mark.parametrize(
        ("measure", "kind"),
        [("earlier_reports", "earlier_reports"), ("tactic_used", "clinic"), ("tactic_used", "disclosure_scheme")],
    )
    def test_a_step_counts_once_it_is_done(self, measure: str, kind: str) -> None:
        for done_at, is_kept in ((None, False), ("2025-03-05 10:00+00", True), ("2025-06-02 10:00+00", False)):
            [duty] = duties(measure, core_case_steps=[step(kind, done_at=done_at)])
            assert duty["is_kept"] is is_kept, done_at

    def test_a_partner_is_consulted_on_high_risk_alone(self) -> None:
        [duty] = duties("partner_consulted", core_case_steps=[step("partner", done_at="2025-03-05 10:00+00")])
        assert (duty["arises_at"].hour, duty["done_at"].day) == (10, 5)
        assert duties("partner_consulted", [CRIME | {"risk_grade": "medium"}]) == []

    def test_a_second_report_within_a_year_asks_for_a_plan(self) -> None:
        pairs = [{"crime_ref": ref, "pair_ref": "d1", "reported_at": at}
                 for ref, at in (("c0", "2024-06-01 09:00+00"), ("c1", "2025-03-03 09:00+00"))]  # fmt: skip
        plan = [step("problem_solving", done_at="2025-03-20 10:00+00")]
        crimes = [CRIME, CRIME | {"crime_ref": "c0"}]
        [duty] = duties("problem_solving", crimes, core_pair_crimes=pairs, core_case_steps=plan)
        assert (duty["crime_ref"], duty["is_kept"]) == ("c1", True)

    def test_protection_of_the_home_counts_from_the_request(self) -> None:
        [duty] = duties("target_hardening", core_case_steps=[step("target_hardening", done_at="2025-03-20 10:00+00")])
        assert (duty["record_type"], duty["arises_at"].day, duty["done_at"].day) == ("step", 4, 20)


class TestReviews:
    def review(self, ref: str, at: str, due: str | None = None) -> Row:
        return {"review_ref": ref, "crime_ref": "c1", "reviewed_at": at, "next_due_date": due}

    @pytest.mark.parametrize(
        ("following", "is_kept"), [("2025-03-31 22:30+00", True), ("2025-03-31 23:30+00", False), (None, False)]
    )
    def test_the_next_review_is_by_the_day_that_was_set(self, following: str | None, is_kept: bool) -> None:
        """The day ends at midnight in London: 23:00 in summer time."""
        rows = [self.review("r1", "2025-03-04 10:00+00", "2025-03-31")]
        rows += [self.review("r2", following)] if following else []
        [duty] = duties("review_on_time", core_reviews=rows)
        assert duty["is_kept"] is is_kept

    def test_a_day_that_has_not_come_or_a_case_closed_before_it_asks_for_nothing(self) -> None:
        assert duties("review_on_time", core_reviews=[self.review("r1", "2025-05-04 10:00+00", "2025-06-01")]) == []
        closed = CRIME | {"is_open": False, "outcome_at": "2025-03-20 10:00+00"}
        rows = [self.review("r1", "2025-03-04 10:00+00", "2025-03-31")]
        assert duties("review_on_time", [closed], core_reviews=rows) == []
        assert len(duties("review_on_time", [closed | {"outcome_at": "2025-04-01 10:00+00"}], core_reviews=rows)) == 1

    @pytest.mark.parametrize(
        ("looked_at", "closed_at", "kept"),
        [("2025-03-20 10:00+00", None, [True]), ("2025-04-02 10:00+00", None, [False]), (None, None, [False]),
         (None, "2025-03-20 10:00+00", []), ("2025-03-04 10:00+00", None, [False])],
    )  # fmt: skip
    def test_a_plan_is_looked_at_by_its_day(
        self, looked_at: str | None, closed_at: str | None, kept: list[bool]
    ) -> None:
        assessment = {"assessment_ref": "a1", "crime_ref": "c1", "completed_at": "2025-03-04 10:00+00"}
        plan = {"assessment_ref": "a1", "review_due_date": "2025-04-01", "closed_at": closed_at}
        reviews = [self.review("r1", looked_at)] if looked_at else []
        given = {"core_risk_assessments": [assessment], "core_risk_plans": [plan], "core_reviews": reviews}
        found = duties("plan_reviewed", **given)
        assert [duty["is_kept"] for duty in found] == kept


def test_the_file_holds_the_risk_and_the_victims_agreement() -> None:
    """An order that was not asked for needs no agreement; whether the victim agreed may not be said."""
    facts = [{"crime_ref": "c1", "is_charged": True, "charged_at": "2025-04-01 10:00+00"}]

    def kept(measure: str, *items: tuple[str, bool]) -> list[bool | None]:
        rows = [{"crime_ref": "c1", "item": item, "is_present": present} for item, present in items]
        return [row["is_kept"] for row in duties(measure, core_case_file_facts=facts, core_case_file_items=rows)]

    asked = ("order_conditions", True)
    assert kept("risk_in_file") == [False]
    assert kept("risk_in_file", ("risk_info", True)) == [True]
    assert kept("conditions_agreed") == []
    assert kept("conditions_agreed", asked, ("conditions_agreed", True)) == [True]
    assert kept("conditions_agreed", asked, ("conditions_agreed", False)) == [False]
    assert kept("conditions_agreed", asked) == [None]


def test_courses_are_those_of_investigators_with_such_a_case_in_the_last_year() -> None:
    """Four officers: two had a case, one had it over a year ago, one is trained and had none."""
    crimes = [CRIME]
    staff = [{"investigator_ref": ref, "unit_name": unit} for ref, unit in
             (("s1", "A"), ("s2", "B"), ("s3", "B"), ("s4", "C"))]  # fmt: skip
    allocations = [ALLOCATION, ALLOCATION | {"investigator_ref": "s2"},
                   ALLOCATION | {"investigator_ref": "s3", "allocated_at": "2024-05-31 12:00+00"}]  # fmt: skip
    held = [{"investigator_ref": ref, "course": "stalking", "completed_on": "2024-01-01", "valid_until": until}
            for ref, until in (("s1", "2025-06-01"), ("s2", "2025-05-31"), ("s4", None))]  # fmt: skip

    def coverage(*sources: str) -> Row:
        rows = made("metrics.course_coverage", core_crimes=crimes, core_allocations=allocations,
                    core_investigators=staff, core_staff_courses=held, core_extract_moments=MOMENT,
                    core_force_deliveries=[{"source": source} for source in sources])  # fmt: skip
        [row] = [row for row in rows if row["course"] == "stalking"]
        return row

    names = ("staff_count", "holder_count", "holder_share", "unit_count", "covered_unit_count")
    assert [coverage("staff_course")[name] for name in names] == [2, 1, 0.5, 2, 1]
    assert [coverage()[name] for name in names] == [None] * 5
