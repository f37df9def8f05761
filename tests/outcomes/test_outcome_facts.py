"""What outcomes and removals say, by worked example (recording-standards 6.4); all invented."""

import hashlib
from datetime import date
from typing import Any, ClassVar

import pytest
from worked import Row, made, only

CRIME: Row = {
    "crime_ref": "c1", "force_crime_ref": "INV/1", "force_code": "E23000032", "ho_code": "195/12", "class_code": "8Q",
    "is_stalking_or_harassment": True, "is_cancelled": False, "is_transferred": False, "is_domestic_abuse": False,
    "investigator_ref": "i1", "offence_from_at": "2024-08-01 10:00+00", "offence_to_at": "2024-08-20 10:00+00",
}  # fmt: skip
OUTCOME: Row = {
    "outcome_ref": "o1", "crime_ref": "c1", "sequence_number": 1, "outcome_code": "17", "is_current": True,
    "outcome_at": "2025-03-01 12:00+00", "outcome_date": "2025-03-01", "class_code": "8Q",
    "is_stalking_or_harassment": True,
}  # fmt: skip


def said(crime: Row | None = None, **outcome: Any) -> Row:
    [row] = made("core.outcome_facts", core_outcomes=[{**OUTCOME, **outcome}], core_crimes=[{**CRIME, **(crime or {})}])
    return row


class TestCodeInUse:
    @pytest.mark.parametrize(
        ("code", "day", "is_valid"),
        [
            ("20", "2015-03-31", False),
            ("20", "2015-04-01", True),
            ("21", "2015-12-31", False),
            ("21", "2016-01-01", True),
            ("22", "2019-03-31", False),
            ("22", "2019-04-01", True),
            ("1", "2010-01-01", True),
            ("99", "2025-01-01", None),
        ],
    )
    def test_on_the_first_day_and_the_day_before(self, code: str, day: str, is_valid: bool | None) -> None:
        assert said(outcome_code=code, outcome_date=day)["is_code_valid_at_date"] is is_valid

    def test_codes_that_are_not_for_harassment(self) -> None:
        assert [said(outcome_code=c)["is_for_stalking_or_harassment"] for c in ("6", "7", "19", "8")] == [
            False, False, False, True,
        ]  # fmt: skip


class TestSixMonths:
    @pytest.mark.parametrize(
        ("code", "day", "is_kept"),
        [
            ("17", "2025-02-19", False),
            ("17", "2025-02-20", True),
            ("1", "2025-02-20", True),
            ("1", "2025-02-21", False),
            ("1A", "2025-02-21", False),
            ("16", "2025-02-21", None),
        ],
    )
    def test_run_from_the_last_act_and_their_last_day_keeps_both(self, code: str, day: str, is_kept: bool) -> None:
        row = said(outcome_code=code, outcome_date=day, alternate_ho_code="195/94")
        assert (row["time_limit_date"], row["is_time_limit_kept"]) == (date(2025, 2, 20), is_kept)

    def test_an_alternate_offence_that_goes_to_the_crown_court_has_no_limit(self) -> None:
        assert said(outcome_code="1A", outcome_date="2025-06-01", alternate_ho_code="8/30")["is_time_limit_kept"]

    def test_from_the_first_act_where_no_last_one_is_given(self) -> None:
        assert said({"offence_to_at": None})["time_limit_date"] == date(2025, 2, 1)

    def test_in_london_days(self) -> None:
        assert said({"offence_to_at": "2024-08-20 23:30+00"})["time_limit_date"] == date(2025, 2, 21)

    def test_a_month_that_is_shorter(self) -> None:
        assert said({"offence_to_at": "2024-08-31 10:00+00"})["time_limit_date"] == date(2025, 2, 28)

    def test_a_code_that_no_list_holds_cannot_be_judged(self) -> None:
        row = said({"ho_code": "58/3"}, outcome_code="1")
        assert (row["is_summary_only"], row["is_time_limit_kept"]) == (None, None)
        assert said({"ho_code": "8/65"})["is_summary_only"] is False
        assert said({"ho_code": "105/1"})["is_summary_only"] is True


class TestSupervisorsRationale:
    def test_rationale_and_rank(self) -> None:
        assert said(rationale="why", authoriser_rank="DS")["has_supervisor_rationale"] is True
        assert said(rationale="why")["has_supervisor_rationale"] is False
        assert said(authoriser_rank="DS")["has_supervisor_rationale"] is False

    def test_unknown_where_nobody_can_say_whether_it_is_domestic(self) -> None:
        row = said({"is_domestic_abuse": None}, class_code="8L")
        assert (row["is_stalking_or_domestic"], row["has_supervisor_rationale"]) == (None, None)


def test_an_alternate_offence_is_another_one() -> None:
    assert said(outcome_code="1A", alternate_ho_code="195/94")["is_alternate_different"] is True
    assert said(outcome_code="1A", alternate_ho_code="195/12")["is_alternate_different"] is False
    assert said(outcome_code="1A")["is_alternate_different"] is False
    assert said({"ho_code": None}, outcome_code="1A", alternate_ho_code="195/12")["is_alternate_different"] is None


def test_another_body_and_the_victim_told() -> None:
    both = {"other_body": "Invented Council", "victim_informed_at": "2025-03-01 13:00+00"}
    assert said(**both)["has_body_and_victim_informed"] is True
    assert [said(**{**both, field: None})["has_body_and_victim_informed"] for field in both] == [False, False]


def suspect(**changes: Any) -> Row:
    return {"crime_ref": "c1", "person_key": "s1", "party_role": "suspect", "is_named": True, **changes}


def victim(**changes: Any) -> Row:
    return {"crime_ref": "c1", "person_key": "v1", "party_role": "victim", "is_named": True, **changes}


class TestBothSixteenOrOver:
    def domestic(self, *people: Row) -> bool | None:
        [row] = made("core.crime_people", core_parties=list(people))
        assert row["is_domestic_relationship"]
        found: bool | None = row["are_all_sixteen_or_over"]
        return found

    @pytest.mark.parametrize(("age", "are_both"), [(15, False), (16, True), (None, None)])
    def test_the_relationship_stands_on_either_row(self, age: int | None, are_both: bool | None) -> None:
        partner = {"relationship": "partner"}
        assert self.domestic(victim(age_at_offence=30, **partner), suspect(age_at_offence=age)) is are_both
        assert self.domestic(victim(age_at_offence=30), suspect(age_at_offence=age, **partner)) is are_both

    def test_without_a_suspect_nobody_knows_the_age(self) -> None:
        assert self.domestic(victim(age_at_offence=30, relationship="partner")) is None
        assert self.domestic(victim(age_at_offence=15, relationship="family")) is False


def people(code: str, *parties: Row, crime: Row | None = None, **more: list[Row]) -> Row:
    [row] = made(
        "core.outcome_people_facts",
        core_outcomes=[{**OUTCOME, "outcome_code": code}],
        core_crimes=[{**CRIME, **(crime or {})}],
        core_parties=[{"record_key": party.get("person_key"), **party} for party in parties],
        **more,
    )
    return row


class TestSuspects:
    def test_a_suspect_who_is_not_named_does_not_count(self) -> None:
        assert people("16", suspect(is_named=False))["named_suspect_count"] == 0
        assert people("16", suspect())["named_suspect_count"] == 1
        assert people("16", victim(), crime={"suspect_count": 0})["named_suspect_count"] == 0

    def test_where_the_extract_says_nothing_of_suspects_none_is_missing(self) -> None:
        row = people("16", victim(), crime={"suspect_count": None})
        assert (row["named_suspect_count"], row["contradicting_suspect_count"]) == (None, None)

    def test_whether_named_is_unknown(self) -> None:
        assert people("16", suspect(is_named=None))["named_suspect_count"] is None
        assert people("16", suspect(), suspect(person_key="s2", is_named=None))["named_suspect_count"] == 1

    def test_with_18_an_eliminated_suspect_is_a_lesser_matter(self) -> None:
        gone = suspect(eliminated_at="2025-01-01 10:00+00")
        assert people("18", gone)["contradicting_suspect_count"] == 0
        assert people("14", gone)["contradicting_suspect_count"] == 1
        assert people("18", gone, suspect(person_key="s2"))["contradicting_suspect_count"] == 1

    @pytest.mark.parametrize(
        ("relationships", "is_known"),
        [("ex_partner", True), ("spouse", True), ("family|unknown", True), ("neighbour", True), ("colleague", True),
         ("ex_spouse", False), ("partner", False), ("civil_partner", False), ("ex_colleague", False),
         ("stranger", False), ("unknown", False), (None, None)],
    )  # fmt: skip
    def test_known_by_relationship(self, relationships: str | None, is_known: bool | None) -> None:
        assert people("18", crime={"relationships": relationships})["is_suspect_known"] is is_known


class TestAges:
    @pytest.mark.parametrize(
        ("code", "at_offence", "at_disposal", "is_right"),
        [
            ("11", 9, 12, True),
            ("11", 10, 10, False),
            ("2", 9, 12, False),
            ("2", 10, 12, True),
            ("2A", 17, 18, True),
            ("2", 18, 18, False),
            ("3", 17, 18, True),
            ("3A", 17, 17, False),
            ("3", 30, None, None),
            ("16", 30, 30, None),
        ],
    )
    def test_at_each_boundary(self, code: str, at_offence: int, at_disposal: int | None, is_right: bool | None) -> None:
        row = people(code, suspect(age_at_offence=at_offence, age_at_disposal=at_disposal))
        assert row["is_suspect_age_right"] is is_right

    def test_one_suspect_of_the_age_is_enough(self) -> None:
        pair = (suspect(age_at_offence=40), suspect(person_key="s2", age_at_offence=9))
        assert people("11", *pair)["is_suspect_age_right"] is True

    def test_without_a_suspect_there_is_no_age(self) -> None:
        assert people("11")["is_suspect_age_right"] is None


class TestVictimsView:
    @pytest.mark.parametrize(
        ("code", "support", "is_consistent"),
        [("15", "yes", True), ("15", "no", False), ("15", "withdrawn", True), ("15", "undecided", True),
         ("16", "yes", False), ("16", "withdrawn", True), ("16", "not_asked", True), ("16", None, None)],
    )  # fmt: skip
    def test_fits_the_code(self, code: str, support: str | None, is_consistent: bool | None) -> None:
        assert people(code, victim(victim_support=support))["is_victim_support_consistent"] is is_consistent

    def test_of_two_victims_one_who_fits_is_enough(self) -> None:
        two = (victim(victim_support="no"), victim(person_key="v2", victim_support="yes"))
        assert people("15", *two)["is_victim_support_consistent"] is True
        assert people("16", *two)["is_victim_support_consistent"] is True

    def test_one_decision_with_date_channel_taker_and_reason_is_enough(self) -> None:
        whole = {
            "crime_ref": "c1", "engaged_at": "2025-01-01 10:00+00", "channel": "phone", "taken_by_ref": "i1",
            "reason": "wishes so",
        }  # fmt: skip
        for field in ("engaged_at", "channel", "taken_by_ref", "reason"):
            row = people("16", core_victim_engagements=[{**whole, field: None}])
            assert (row["engagement_count"], row["auditable_decision_count"]) == (1, 0)
        both = [{**whole, "reason": None}, whole]
        assert people("16", core_victim_engagements=both)["auditable_decision_count"] == 1
        assert people("16")["auditable_decision_count"] == 0


class TestDeath:
    @pytest.mark.parametrize(("day", "is_right"), [("2024-07-31", False), ("2024-08-01", True), (None, False)])
    def test_of_the_suspect_not_before_the_offence(self, day: str | None, is_right: bool) -> None:
        row = people("5", suspect(), core_persons=[{"person_key": "s1", "death_date": day}])
        assert row["has_suspect_died_since"] is is_right

    def test_a_person_who_was_not_delivered_is_unknown(self) -> None:
        assert people("5", suspect())["has_suspect_died_since"] is None

    def test_a_victims_death_is_not_the_suspects(self) -> None:
        persons = [{"person_key": "v1", "death_date": "2025-01-01"}, {"person_key": "s1", "death_date": None}]
        assert people("5", suspect(), victim(), core_persons=persons)["has_suspect_died_since"] is False


def evidence(code: str, crime: Row | None = None, **given: list[Row]) -> Row:
    [row] = made(
        "core.outcome_evidence_facts",
        core_outcomes=[{**OUTCOME, "outcome_code": code}],
        core_crimes=[{**CRIME, **(crime or {})}],
        **given,
    )
    return row


class TestEvidence:
    def test_early_advice_and_undecided_submissions_are_no_decision(self) -> None:
        decided = {"crime_ref": "c1", "submission_type": "charging", "decided_at": "2025-01-01 10:00+00"}
        for change, count in (({}, 1), ({"submission_type": "ea"}, 0), ({"decided_at": None}, 0)):
            assert evidence("9", core_cps_submissions=[{**decided, **change}])["prosecutor_decision_count"] == count
        assert evidence("9")["prosecutor_decision_count"] == 0

    def test_section_4a(self) -> None:
        assert [evidence("1", {"ho_code": c})["is_section_4a"] for c in ("8/65", "8/66", "195/12", None)] == [
            True, True, False, False,
        ]  # fmt: skip

    def test_an_intervention_has_a_service_and_a_start(self) -> None:
        whole = {"referral_ref": "r1", "crime_ref": "c1", "service_name": "S4", "accepted_at": "2025-01-01 10:00+00"}
        for change, count in (({}, 1), ({"service_name": None}, 0), ({"accepted_at": None}, 0)):
            row = evidence("22", core_referrals=[{**whole, **change}])
            assert (row["referral_count"], row["started_intervention_count"]) == (1, count)

    def test_digital_lines_that_are_required_and_not_done(self) -> None:
        line = {"crime_ref": "c1", "enquiry_type": "phone", "is_required": True, "done_at": None}
        for change, count in (
            ({}, 1),
            ({"enquiry_type": "CCTV"}, 1),
            ({"enquiry_type": "comms_data"}, 1),
            ({"enquiry_type": "witness"}, 0),
            ({"enquiry_type": "community_intelligence"}, 0),
            ({"enquiry_type": "relationship_history"}, 0),
            ({"enquiry_type": "ip_address"}, 1),
            ({"is_required": False}, 0),
            ({"done_at": "2025-01-01 10:00+00"}, 0),
            ({"is_required": None}, None),
        ):
            assert evidence("16", core_lines_of_enquiry=[{**line, **change}])["unresolved_line_count"] == count, change

    def test_suspects_who_were_all_eliminated(self) -> None:
        gone = suspect(eliminated_at="2025-01-01 10:00+00")
        assert evidence("18", core_parties=[gone])["eliminated_suspect_count"] == 1
        assert evidence("18", core_parties=[gone, suspect(person_key="s2")])["eliminated_suspect_count"] == 0

    def test_medical_evidence_is_never_known(self) -> None:
        assert evidence("12")["has_medical_evidence"] is None


class TestHistory:
    def sound(self, *rows: Row, **crime: Any) -> Row:
        outcomes = [{**OUTCOME, "outcome_ref": f"o{n}", **row} for n, row in enumerate(rows)]
        [found] = made("core.crime_outcome_facts", core_outcomes=outcomes, core_crimes=[{**CRIME, **crime}])
        return found

    def test_an_outcome_that_was_set_aside_may_be_the_current_one(self) -> None:
        digest = hashlib.md5(f"crime_id={CRIME['crime_ref']}".encode()).hexdigest()
        [found] = made(
            "core.crime_outcome_facts",
            core_crimes=[CRIME],
            core_quarantined_references=[{"source": "outcome", "reference_digest": digest}],
        )
        assert found["is_outcome_history_sound"] is None
        assert self.sound()["is_outcome_history_sound"] is False

    FIRST: ClassVar[Row] = {"sequence_number": 1, "outcome_at": "2025-01-01 10:00+00", "is_current": False}
    LAST: ClassVar[Row] = {"sequence_number": 2, "outcome_at": "2025-02-01 10:00+00", "is_current": True}

    @pytest.mark.parametrize(
        ("first", "last", "is_sound"),
        [
            ({}, {}, True),
            ({}, {"outcome_at": "2025-01-01 10:00+00"}, True),
            ({}, {"outcome_at": "2024-12-31 10:00+00"}, False),
            ({"is_current": True}, {}, False),
            ({}, {"is_current": False}, False),
            ({"is_current": True}, {"is_current": False}, False),
            ({}, {"sequence_number": 1}, False),
        ],
    )
    def test_one_current_row_the_last_in_order(self, first: Row, last: Row, is_sound: bool) -> None:
        row = self.sound({**self.FIRST, **first}, {**self.LAST, **last})
        assert row["is_outcome_history_sound"] is is_sound

    def test_a_crime_without_any_outcome(self) -> None:
        assert self.sound()["is_outcome_history_sound"] is False
        assert self.sound(is_cancelled=True)["is_outcome_history_sound"] is None


def test_a_unit_on_the_funnel() -> None:
    crimes = [{**CRIME, "crime_ref": f"c{n}"} for n in range(231)]
    outcomes = [
        {**OUTCOME, "outcome_ref": f"o{n}", "crime_ref": f"c{n}", "unit_name": unit, "outcome_code": code}
        for n, (unit, code) in enumerate(
            part for of, count in (("A16", 60), ("A15", 40), ("B16", 40), ("B1", 60), ("C16", 29), ("C0", 2))
            for part in [(of[0], of[1:])] * count
        )
    ]  # fmt: skip
    rows = made("core.unit_outcome_facts", core_outcomes=outcomes, core_crimes=crimes)
    share = 129 / 229
    deviation = (0.6 - share) / (share * (1 - share) / 100) ** 0.5
    [a], [b], [c] = (only(rows, unit_name=name) for name in "ABC")
    assert a["deviations_above_force"] == pytest.approx(deviation)
    assert b["deviations_above_force"] < 0
    assert (c["outcome_count"], c["deviations_above_force"]) == (29, None)


REMOVAL: Row = {
    "crime_ref": "c1", "removal_code": "C2", "removed_at": "2024-09-01 10:00+00", "authoriser_ref": "i9",
    "authoriser_role": "ddm", "verifier_ref": "i8", "receiving_force_code": "E23000033",
    "receiving_crime_ref": "X/1", "accepted_at": "2024-09-01 09:00+00", "parent_force_crime_ref": "INV/2",
    "victim_informed_at": "2024-09-02 10:00+00",
}  # fmt: skip
PARENT: Row = {**CRIME, "crime_ref": "c2", "force_crime_ref": "INV/2"}


def removal(
    text: str | None = "seen on the recording", pairs: list[Row] | None = None, crime: Row | None = None, **change: Any
) -> Row:
    row = {**REMOVAL, **change}
    [found] = made(
        "core.removal_facts",
        core_removals=[row],
        core_crimes=[{**CRIME, **(crime or {})}, PARENT],
        raw_removal=[{"delivery_ref": "d", "period": "p", "crime_id": "c1", "removal_code": row["removal_code"],
                      "avi_text": text}],
        core_current_periods=[{"source": "removal", "delivery_ref": "d", "period": "p"}],
        core_pair_crimes=pairs or [],
    )  # fmt: skip
    return found


class TestRemovalShows:
    def test_c2_information_and_verifier(self) -> None:
        assert removal()["is_removal_evidenced"] is True
        assert removal(text=None)["is_removal_evidenced"] is False
        assert removal(verifier_ref=None)["is_removal_evidenced"] is False

    def test_c1_force_reference_and_acceptance(self) -> None:
        assert removal(removal_code="C1", text=None)["is_removal_evidenced"] is True
        for field in ("receiving_force_code", "receiving_crime_ref", "accepted_at"):
            assert removal(removal_code="C1", **{field: None})["is_removal_evidenced"] is False

    def test_c3_a_parent_that_is_there_in_this_force_and_another_crime(self) -> None:
        assert removal(removal_code="C3")["is_removal_evidenced"] is True
        for parent in ("INV/9", "INV/1", None):
            assert removal(removal_code="C3", parent_force_crime_ref=parent)["is_removal_evidenced"] is False
        elsewhere = {"force_code": "E23000033"}
        assert removal(removal_code="C3", crime=elsewhere)["is_removal_evidenced"] is False


class TestRemovalAuthority:
    def test_another_person_of_a_role_that_may_and_the_victim_told(self) -> None:
        assert removal()["is_removal_authorised"] is True
        assert removal(authoriser_ref="i1")["is_removal_authorised"] is False
        assert removal(authoriser_role="oic")["is_removal_authorised"] is False
        assert removal(authoriser_role=None)["is_removal_authorised"] is False
        assert removal(victim_informed_at=None)["is_removal_authorised"] is False

    def test_an_unknown_officer_in_the_case_leaves_it_open(self) -> None:
        assert removal(crime={"investigator_ref": None})["is_removal_authorised"] is None
        assert removal(crime={"investigator_ref": None}, victim_informed_at=None)["is_removal_authorised"] is False


class TestNewCrime:
    OWN: ClassVar[Row] = {"pair_ref": "p", "crime_ref": "c1", "reported_at": "2024-08-20 12:00+00"}

    @pytest.mark.parametrize(
        ("reported", "is_followed"),
        [
            ("2024-10-01 10:00+00", True),  # exactly 30 days
            ("2024-10-01 10:00:01+00", False),
            ("2024-09-01 10:00+00", False),  # not after the removal
            ("2024-08-31 10:00+00", False),
        ],
    )
    def test_within_thirty_days_of_the_removal(self, reported: str, is_followed: bool) -> None:
        new = {"pair_ref": "p", "crime_ref": "c3", "reported_at": reported}
        assert removal(pairs=[self.OWN, new])["is_followed_by_crime"] is is_followed

    def test_of_another_pair(self) -> None:
        new = {"pair_ref": "q", "crime_ref": "c3", "reported_at": "2024-09-02 10:00+00"}
        assert removal(pairs=[self.OWN, new])["is_followed_by_crime"] is False

    def test_without_a_pair_nobody_can_say(self) -> None:
        assert removal()["is_followed_by_crime"] is None


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2025-04-17", "2025-04-22", 1),  # over Good Friday and Easter Monday
        ("2020-05-07", "2020-05-11", 1),  # VE day, a Friday
        ("2020-05-01", "2020-05-04", 1),  # the Monday it was moved from
        ("2022-06-01", "2022-06-06", 1),  # the Platinum Jubilee
        ("2022-09-16", "2022-09-20", 1),  # the State Funeral
        ("2023-05-05", "2023-05-09", 1),  # the coronation
        ("2021-12-24", "2021-12-29", 1),  # Christmas on a Saturday
        ("2025-03-01", "2025-03-03", 1),  # from a Saturday
        ("2025-03-03", "2025-03-10", 5),
        ("2025-03-03", "2025-03-03", 0),
    ],
)
def test_working_days_between_two_days(start: str, end: str, days: int) -> None:
    number = {str(row["day"]): row["working_day_number"] for row in made("core.working_days")}
    assert number[end] - number[start] == days


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2025-03-06", "2025-03-07", 1),  # Thursday to Friday
        ("2025-03-06", "2025-03-08", 2),  # Saturday is later than the one working day, Friday
        ("2025-03-07", "2025-03-08", 1),  # the first working day after Friday is Monday: Saturday is before it
        ("2025-03-01", "2025-03-08", 6),  # five working days from a Saturday end on Friday
        ("2025-04-16", "2025-04-18", 2),  # Good Friday
    ],
)
def test_a_day_off_at_the_end_belongs_to_the_working_day_after_it(start: str, end: str, days: int) -> None:
    rows = {str(row["day"]): row for row in made("core.working_days")}
    assert rows[end]["ending_working_day_number"] - rows[start]["working_day_number"] == days
