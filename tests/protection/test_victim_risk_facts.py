"""Service to victims and risk, by worked example (recording-standards 6.5); all invented."""

from typing import Any, ClassVar

import pytest
from worked import Row, made

CRIME: Row = {
    "crime_ref": "c1",
    "force_code": "E23000032",
    "class_code": "8Q",
    "is_stalking_or_harassment": True,
    "is_open": True,
    "reported_at": "2025-03-01 09:00+00",
    "recorded_at": "2025-03-01 10:00+00",
    "recorded_date": "2025-03-01",
    "unit_name": "Invented Unit A",
}
# the days that the examples are about
DAYS = [
    day
    for day in made("core.working_days")
    if f"{day['day']:%Y-%m}" in ("2022-05", "2022-06", "2025-03", "2025-04", "2025-05")
]


def service(crime: Row | None = None, now: str = "2025-03-10 10:00+00", **given: list[Row]) -> Row:
    [row] = made(
        "core.victim_service_facts",
        core_crimes=[{**CRIME, **(crime or {})}],
        core_extract_moments=[{"as_of_at": now}],
        core_working_days=DAYS,
        **given,
    )
    return row


class TestNeeds:
    @pytest.mark.parametrize(
        ("recorded", "assessed", "days"),
        [
            ("2025-04-15", "2025-04-24 12:00+00", 5),  # over Easter
            ("2025-04-15", "2025-04-25 12:00+00", 6),
            ("2025-03-01", "2025-03-07 12:00+00", 5),  # from a Saturday
            ("2025-03-01", "2025-03-08 12:00+00", 6),  # the Saturday after the fifth
            ("2025-03-07", "2025-03-08 12:00+00", 1),
            ("2022-05-30", "2022-06-08 12:00+00", 5),  # over the Platinum Jubilee
            ("2022-05-30", "2022-06-08 23:30+00", 6),  # the next day in London
            ("2025-03-03", "2025-03-03 12:00+00", 0),
            ("2025-03-03", None, None),
            ("2011-03-03", "2011-03-04 12:00+00", None),
        ],
    )
    def test_in_working_days_from_recording(self, recorded: str, assessed: str | None, days: int | None) -> None:
        row = service({"recorded_date": recorded, "needs_assessed_at": assessed})
        assert row["needs_assessment_working_days"] == days


class TestContactGap:
    def gap(
        self, *contacts: str, now: str = "2025-03-10 10:00+00", outcomes: list[Row] | None = None, **crime: Any
    ) -> float | None:
        row = service(
            crime,
            now,
            core_victim_contacts=[{"crime_ref": "c1", "contact_at": at} for at in contacts],
            core_outcomes=[{"crime_ref": "c1", **o} for o in outcomes or []],
        )
        found: float | None = row["longest_contact_gap_days"]
        return found

    def test_exactly_28_days_between_contacts(self) -> None:
        assert self.gap("2025-03-02 10:00+00", "2025-03-30 10:00+00", now="2025-04-01 10:00+00") == 28.0

    def test_a_clock_change_does_not_make_28_days_longer(self) -> None:
        # 10:00 London before and 11:00 London after the clocks went forward: 28 elapsed days
        assert self.gap("2025-03-10 10:00+00", "2025-04-07 11:00+01", now="2025-04-08 10:00+00") == 28.0

    def test_from_recording_to_the_first_contact(self) -> None:
        assert self.gap("2025-03-06 10:00+00") == 5.0

    def test_the_last_one_runs_to_the_as_of_date(self) -> None:
        assert self.gap("2025-03-02 10:00+00", now="2025-04-02 10:00+00") == 31.0
        assert self.gap(now="2025-04-02 10:00+00") == 32.0

    def test_what_lies_after_the_as_of_date_is_not_seen(self) -> None:
        assert self.gap("2025-03-02 10:00+00", "2025-05-02 10:00+00", now="2025-03-05 10:00+00") == 3.0

    def test_a_contact_before_recording_starts_no_gap(self) -> None:
        assert self.gap("2025-01-01 10:00+00", now="2025-03-03 10:00+00") == 2.0

    def test_closed_crimes_have_none(self) -> None:
        assert self.gap(is_open=False) is None

    def test_the_time_between_outcome_and_reopening_does_not_count(self) -> None:
        turns = [
            {"sequence_number": 1, "outcome_code": "0", "outcome_at": "2025-03-01 10:00+00"},
            {"sequence_number": 2, "outcome_code": "16", "outcome_at": "2025-03-11 10:00+00"},
            {"sequence_number": 3, "outcome_code": "0", "outcome_at": "2025-05-11 10:00+00"},
        ]
        assert self.gap(now="2025-05-15 10:00+00", outcomes=turns) == 10.0


def test_statement_and_advocacy() -> None:
    row = service({"outcome_code": "1A"})
    assert (row["is_charged"], row["is_personal_statement_offered"], row["consented_referral_count"]) == (
        True,
        False,
        0,
    )
    assert service({"outcome_code": "16"})["is_charged"] is False
    whole: Row = {"referral_ref": "r", "crime_ref": "c1", "offered_at": "2025-03-02 10:00+00", "has_consent": False}
    for change, count in (({}, 1), ({"has_consent": None}, 0), ({"offered_at": None}, 0)):
        row = service(core_referrals=[{**whole, **change}])
        assert (row["referral_count"], row["consented_referral_count"]) == (1, count)


def told(
    at: str | None, now: str = "2025-05-30 10:00+00", direction: str = "to victim", rights: bool | None = True
) -> tuple[int | None, bool | None]:
    """Working days and verdict; the decision is of Thursday 17 April 2025, the day before Good Friday."""
    decided = {
        "outcome_ref": "o1", "crime_ref": "c1", "outcome_code": "16", "outcome_at": "2025-04-17 10:00+00",
        "outcome_date": "2025-04-17",
    }  # fmt: skip
    held = [{"crime_id": "c1", "ts": at, "direction": direction, "delivery_ref": "d", "period": "p"}] if at else []
    periods = [{"source": "victim_contact", "delivery_ref": "d", "period": "p"}]
    [row] = made(
        "core.victim_decision_facts",
        core_outcomes=[decided, {**decided, "outcome_ref": "o0", "outcome_code": "0"}],
        core_crimes=[{**CRIME, "has_enhanced_rights": rights}],
        core_victim_contacts=made("core.victim_contacts", raw_victim_contact=held, core_current_periods=periods),
        core_extract_moments=[{"as_of_at": now}],
        core_working_days=DAYS,
    )
    return row["working_days_to_inform"], row["is_informed_in_time"]


class TestDecision:
    def test_one_working_day_where_rights_are_enhanced(self) -> None:
        assert told("2025-04-17 10:00+00") == (0, True)
        assert told("2025-04-19 15:00+00") == (1, True)  # Saturday: the working day after the decision is still to come
        assert told("2025-04-22 15:00+00") == (1, True)  # Tuesday after Easter
        assert told("2025-04-23 15:00+00") == (2, False)

    def test_five_for_others(self) -> None:
        assert told("2025-04-25 15:00+00", rights=False) == (4, True)
        assert told("2025-04-26 15:00+00", rights=False) == (5, True)  # Saturday before the fifth
        assert told("2025-04-28 15:00+00", rights=False) == (5, True)
        assert told("2025-04-29 15:00+00", rights=False) == (6, False)

    def test_where_rights_are_unknown_only_what_both_say(self) -> None:
        assert told("2025-04-22 15:00+00", rights=None) == (1, True)
        assert told("2025-04-23 15:00+00", rights=None) == (2, None)
        assert told("2025-04-29 15:00+00", rights=None) == (6, False)

    def test_never_told(self) -> None:
        assert told(None) == (27, False)  # over Easter and two holidays in May
        assert told(None, now="2025-04-22 15:00+00") == (1, None)  # there is still time
        assert told(None, now="2025-04-23 15:00+00") == (2, False)

    def test_what_was_said_before_the_decision_or_by_the_victim_does_not_inform(self) -> None:
        assert told("2025-04-17 09:59+00")[1] is False
        assert told("2025-04-17 15:00+00", direction="from victim")[1] is False
        assert told("2025-04-17 15:00+00", direction="inbound")[1] is False

    def test_a_contact_in_person_informs_whatever_its_first_letters(self) -> None:
        assert told("2025-04-17 15:00+00", direction="In person")[1] is True


def assessment(**changes: Any) -> Row:
    return {
        "assessment_ref": "a1", "crime_ref": "c1", "stage": "initial", "risk_grade": "standard", "tool": "SST",
        "completed_at": "2025-03-01 20:00+00", **changes,
    }  # fmt: skip


def risk(*assessments: Row, crime: Row | None = None, **given: list[Row]) -> Row:
    [row] = made(
        "core.risk_facts", core_crimes=[{**CRIME, **(crime or {})}], core_risk_assessments=list(assessments), **given
    )
    return row


class TestRisk:
    @pytest.mark.parametrize(
        ("reported", "completed", "hours"),
        [
            ("2025-03-01 09:00+00", "2025-03-02 09:00+00", 24.0),
            ("2025-03-29 12:00+00", "2025-03-30 13:00+01", 24.0),  # the clocks go forward
            ("2025-10-25 12:00+01", "2025-10-26 12:00+00", 25.0),  # the clocks go back
            ("2025-03-01 09:00+00", None, None),
        ],
    )
    def test_elapsed_hours_from_the_report(self, reported: str, completed: str | None, hours: float | None) -> None:
        row = risk(assessment(completed_at=completed), crime={"reported_at": reported})
        assert row["hours_to_first_assessment"] == hours

    def test_the_earliest_of_stage_initial_counts(self) -> None:
        row = risk(
            assessment(completed_at="2025-03-05 09:00+00"),
            assessment(assessment_ref="a2", completed_at="2025-03-01 11:00+00"),
            assessment(assessment_ref="a3", completed_at="2025-03-01 10:00+00", stage="review"),
        )
        assert (row["hours_to_first_assessment"], row["initial_assessment_count"]) == (2.0, 2)

    def test_which_crimes_are_to_be_assessed(self) -> None:
        assert [risk(crime={"class_code": code})["is_assessment_due"] for code in ("8Q", "8L", "8U")] == [True] * 3
        assert risk(assessment(), crime={"class_code": "8R"})["is_assessment_due"] is False

    def test_any_raised_assessment_with_a_whole_plan(self) -> None:
        plan: Row = {"assessment_ref": "a1", "owner_ref": "i1", "review_due_date": "2025-04-01"}
        raised = (assessment(risk_grade="medium"), assessment(assessment_ref="a2", risk_grade="high"))
        assert risk(*raised, core_risk_plans=[plan])["planned_assessment_count"] == 1
        assert risk(*raised)["raised_assessment_count"] == 2
        for field in ("owner_ref", "review_due_date"):
            assert risk(*raised, core_risk_plans=[{**plan, field: None}])["planned_assessment_count"] == 0
        assert risk(assessment(), core_risk_plans=[plan])["planned_assessment_count"] == 0

    def test_a_peer_does_not_endorse(self) -> None:
        review = {
            "review_ref": "r", "crime_ref": "c1", "review_level": "supervisor", "reviewer_ref": "i2",
            "reviewed_at": "2025-03-02 10:00+00",
        }  # fmt: skip
        for change, count in (
            ({}, 1),
            ({"review_level": "dci"}, 1),
            ({"review_level": "peer"}, 0),
            ({"reviewer_ref": None}, 0),
        ):
            assert risk(assessment(), core_reviews=[{**review, **change}])["supervisor_review_count"] == count

    def test_an_empty_meeting_flag_is_no(self) -> None:
        found = [
            risk(assessment(), crime={"is_in_daily_meeting": flag})["is_in_daily_meeting"] for flag in (True, None)
        ]
        assert found == [True, False]


@pytest.mark.parametrize(
    ("tool", "class_code", "is_domestic", "is_suited"),
    [
        ("DASH", "8Q", True, True),
        ("DASH", "8Q", False, False),
        ("DASH", "8Q", None, None),
        ("DARA", "8L", True, True),
        ("S-DASH", "8Q", False, True),
        ("SST", "8Q", True, True),
        ("SST", "8L", True, False),
        ("SAM", "8U", True, True),
        ("SRP", "8Q", None, True),
        ("other", "8Q", True, False),
        ("other", "8L", True, False),
        ("other", "8L", None, None),
    ],
)
def test_the_tool_suits_the_case(tool: str, class_code: str, is_domestic: bool | None, is_suited: bool | None) -> None:
    [row] = made(
        "core.risk_assessment_facts",
        core_crimes=[{**CRIME, "class_code": class_code, "is_domestic_abuse": is_domestic}],
        core_risk_assessments=[assessment(tool=tool)],
    )
    assert row["is_tool_suited"] is is_suited
    assert row["is_grade_supported_by_answers"] is None


class TestReassessed:
    PAIR: ClassVar[Row] = {
        "pair_ref": "p", "victim_key": "v", "suspect_key": "s", "class_code": "8Q", "crime_ref": "c1",
        "recorded_at": "2025-03-01 10:00+00",
    }  # fmt: skip
    ORDER: ClassVar[Row] = {"order_ref": "n1", "victim_key": "v", "respondent_key": "s"}

    def events(
        self, *completed: str, now: str = "2025-05-01 10:00+00", **given: list[Row]
    ) -> list[tuple[str, str, bool]]:
        rows = made(
            "core.risk_event_facts",
            core_crimes=[CRIME, {**CRIME, "crime_ref": "c2"}, {**CRIME, "crime_ref": "c9", "class_code": "8R"}],
            core_risk_assessments=[
                assessment(assessment_ref=f"a{n}", completed_at=at, stage="review") for n, at in enumerate(completed)
            ],
            core_extract_moments=[{"as_of_at": now}],
            **given,
        )
        return [(row["crime_ref"], row["event_type"], row["is_reassessed_in_time"]) for row in rows]

    def arrest(self, *completed: str, at: str = "2025-03-10 10:00+00", now: str = "2025-05-01 10:00+00") -> bool | None:
        custody: Row = {"custody_ref": "k1", "crime_ref": "c1", "arrested_at": at}
        [(_, event, verdict)] = self.events(*completed, now=now, core_custodies=[custody])
        assert event == "arrest"
        return verdict

    def test_exactly_48_hours_after(self) -> None:
        assert self.arrest("2025-03-12 10:00+00") is True
        assert self.arrest("2025-03-12 10:00:01+00") is False
        assert self.arrest("2025-03-10 10:00+00") is True
        assert self.arrest("2025-03-10 09:59+00") is False

    def test_48_hours_are_elapsed_across_a_clock_change(self) -> None:
        assert self.arrest("2025-03-31 11:00+01", at="2025-03-29 10:00+00") is True
        assert self.arrest("2025-03-31 11:01+01", at="2025-03-29 10:00+00") is False
        assert self.arrest("2025-10-27 09:00+00", at="2025-10-25 10:00+01", now="2025-12-01 10:00+00") is True
        assert self.arrest("2025-10-27 10:00+00", at="2025-10-25 10:00+01", now="2025-12-01 10:00+00") is False

    def test_there_is_still_time(self) -> None:
        assert self.arrest(now="2025-03-12 10:00+00") is None
        assert self.arrest(now="2025-03-12 10:00:01+00") is False

    def test_a_release_bail_and_no_further_action(self) -> None:
        found = self.events(
            core_custodies=[{"custody_ref": "k1", "crime_ref": "c1", "released_at": "2025-03-10 10:00+00"}],
            core_bails=[
                {"custody_ref": "k1", "started_at": "2025-03-10 10:00+00", "breached_at": "2025-03-15 10:00+00"},
                {"custody_ref": "k1", "started_at": "2025-03-20 10:00+00"},
            ],
            core_outcomes=[
                {"crime_ref": "c1", "outcome_at": "2025-04-01 10:00+00", "is_no_further_action": True},
                {"crime_ref": "c1", "outcome_at": "2025-04-02 10:00+00", "is_no_further_action": False},
                {"crime_ref": "c9", "outcome_at": "2025-04-02 10:00+00", "is_no_further_action": True},
            ],
        )
        assert [event for _, event, _ in found] == ["breach of bail", "change of bail", "no further action", "release"]

    def test_an_order_belongs_to_the_latest_crime_of_its_pair_and_any_of_them_is_assessed(self) -> None:
        later = {**self.PAIR, "crime_ref": "c2", "recorded_at": "2025-03-05 10:00+00"}
        served = [{**self.ORDER, "served_at": "2025-03-10 10:00+00"}]
        both = {"core_orders": served, "core_pair_crimes": [self.PAIR, later]}
        assert self.events(**both) == [("c2", "order served", False)]
        assert self.events("2025-03-11 10:00+00", **both) == [("c2", "order served", True)]

    def test_an_order_before_the_crime_or_of_others_is_no_event(self) -> None:
        early = [{**self.ORDER, "served_at": "2025-02-10 10:00+00"}]
        assert self.events(core_orders=early, core_pair_crimes=[self.PAIR]) == []
        other = [{**self.ORDER, "respondent_key": "t", "served_at": "2025-03-10 10:00+00"}]
        assert self.events(core_orders=other, core_pair_crimes=[self.PAIR]) == []

    def test_a_breach_is_listed_against_its_crime(self) -> None:
        breach = {"breach_ref": "b", "order_ref": "n1", "breached_at": "2025-03-10 10:00+00", "crime_ref": "c2"}
        given = {"core_orders": [self.ORDER], "core_pair_crimes": [self.PAIR]}
        assert self.events(core_order_breaches=[breach], **given) == [("c2", "breach of an order", False)]
        alone = {**breach, "crime_ref": None}
        assert self.events(core_order_breaches=[alone], **given) == [("c1", "breach of an order", False)]
