"""Rules on the investigation of stalking and harassment (recording-standards 6.6, INV)."""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule, Setting

_CRIME: dict[str, Any] = {"record_type": "crime", "record_ref": "crime_ref"}
_BETWEEN = "ExpectColumnValuesToBeBetween"


def _advice(section: str) -> str:
    return f"recording-standards 6.6; College of Policing, advice for supervisors: {section}"


RULES = (
    Rule(
        code="INV-01",
        title="Serious and high-risk stalking is allocated to a detective",
        description="Examined: stalking (8Q) on record under section 4A (8/65, 8/66), or whose latest complete risk "
        "assessment is high. Met where the officer last allocated, else the officer in the case, has the required "
        "PIP level. A consultation of the single point of contact meets it too. Not evaluable where no officer's "
        "level is known.",
        authority=_advice("resourcing"),
        dimension="completeness",
        timing="open",
        table="core.allocation_facts",
        applies="needs_detective",
        arguments={"column": "is_allocated_by_risk", "value_set": [True]},
        detail="'PIP level ' || pip_level || ', HO code ' || coalesce(ho_code, 'unknown') || ', risk '"
        " || coalesce(risk_grade, 'not graded') || ', single point of contact not consulted'",
        needs=(
            "allocation.investigator_id",
            "allocation.spoc_consult_ts",
            "investigator.pip_level",
            "crime.class_code",
            "crime.ho_code",
        ),
        **_CRIME,
    ),
    Rule(
        code="INV-02",
        title="The first supervisor's review confirms behaviours and offences",
        description="Examined: stalking and harassment crimes on record, by their first review of level supervisor. "
        "Without such a review it is a breach too.",
        authority=_advice("initial review"),
        dimension="completeness",
        timing="open",
        table="core.allocation_facts",
        arguments={"column": "is_offence_checked", "value_set": [True]},
        detail="case when initial_review_at is null then 'no review by a supervisor' else 'the review of '"
        " || strftime(initial_review_at, '%Y-%m-%d') || ' does not confirm the offence' end",
        needs=("review.offence_check", "review.level", "review.ts", "crime.class_code"),
        **_CRIME,
    ),
    Rule(
        code="INV-03",
        title="Earlier reports of the same victim and suspect are linked",
        description="Examined: crimes of stalking or harassment whose pair has earlier reports. A crime and the "
        "incident it was recorded from are one report; a link from either end counts, and one to an earlier crime "
        "brings its incidents with it. Reports of the same report group are not earlier; removed crimes are left out.",
        authority=_advice("initial review"),
        dimension="completeness",
        timing="open",
        table="core.prior_report_facts",
        arguments={"column": "unlinked_report_count", "value_set": [0]},
        detail="unlinked_report_count || ' of ' || prior_report_count || ' earlier reports not linked: '"
        " || unlinked_reports",
        needs=("crime_link.other_id", "party_role.person_key", "crime.class_code"),
        **_CRIME,
    ),
    Rule(
        code="INV-04",
        title="A long absence of the officer in the case is covered",
        description="Examined: crimes of stalking or harassment whose officer was absent while the crime was open and "
        "theirs. Breached by more days than the limit without a deputy and without contact with the "
        "victim. Days before the allocation, after closing or after the as-of moment do not count.",
        authority=_advice("initial review"),
        dimension="timeliness",
        timing="open",
        table="core.absence_facts",
        expectation=_BETWEEN,
        arguments={"column": "uncovered_days", "max_value": Setting("investigation.absence_days")},
        detail="'officer absent for ' || round(uncovered_days, 1) || ' days, no deputy and no contact with the victim'",
        needs=(
            "investigator_absence.from_ts",
            "investigator_absence.deputy_id",
            "victim_contact.ts",
            "investigator_absence.to_ts",
            "crime.class_code",
        ),
        **_CRIME,
    ),
    Rule(
        code="INV-05",
        title="Digital enquiries are set early",
        description="Examined: stalking and harassment crimes on record. Met by a digital line of enquiry raised "
        "within the limit in days after recording. Digital are phones, devices, communications, social media, CCTV "
        "and other such material. Until then a crime without one meets the rule.",
        authority=_advice("investigative strategy"),
        dimension="timeliness",
        timing="investigation.digital_days",
        table="core.enquiry_facts",
        applies="is_stalking_or_harassment",
        expectation=_BETWEEN,
        arguments={"column": "days_without_digital_enquiry", "max_value": Setting("investigation.digital_days")},
        detail="case when digital_enquiry_at is null then 'no digital line of enquiry'"
        " else 'first digital line of enquiry after ' || round(days_without_digital_enquiry, 1) || ' days' end",
        needs=("line_of_enquiry.type", "line_of_enquiry.raised_ts", "crime.recorded_ts", "crime.class_code"),
        **_CRIME,
    ),
    Rule(
        code="INV-06",
        title="Search powers are considered in stalking and breaches of orders",
        description="Examined: stalking (8Q) and breaches of orders, on record. Breaches are 8/29, 8/31, 8/74, "
        "66/38, 66/39, 68/19, and any crime recorded for the breach of an order. Met by a search record in the case "
        "file or a line of enquiry on search. Not evaluable where the crime has neither case file nor lines of "
        "enquiry.",
        authority=_advice("investigative strategy; Protection from Harassment Act 1997, s.2B"),
        dimension="completeness",
        severity="info",
        timing="open",
        version=2,
        table="core.enquiry_facts",
        applies="is_stalking or is_order_breach",
        arguments={"column": "is_search_considered", "value_set": [True]},
        detail="'no search record and no line of enquiry on search'",
        needs=("line_of_enquiry.type", "case_file.item", "case_file.present", "crime.class_code", "crime.ho_code"),
        **_CRIME,
    ),
    Rule(
        code="INV-07",
        title="A named suspect is arrested or interviewed, or a reason is recorded",
        description="Examined: stalking and harassment crimes on record with a named suspect, from the naming "
        "(first_added_ts) to the first arrest or interview; elimination, closing and the as-of moment end the wait. A "
        "reason is the result of a line of enquiry on the suspect's arrest or interview, dated within that wait. The "
        "rationale of an outcome that closes the crime explains no wait before it.",
        authority="recording-standards 6.6; our own check, no national source",
        dimension="timeliness",
        timing="investigation.action_days",
        version=2,
        table="core.suspect_action_facts",
        expectation=_BETWEEN,
        arguments={"column": "days_unexplained", "max_value": Setting("investigation.action_days")},
        detail="'suspect named for ' || round(days_without_action, 1) || ' days without arrest, interview or reason'",
        needs=(
            "party_role.first_added_ts",
            "custody.arrest_ts",
            "custody.interview_ts",
            "line_of_enquiry.type",
            "line_of_enquiry.result",
            "party_role.eliminated_ts",
            "party_role.named",
            "crime.class_code",
        ),
        **_CRIME,
    ),
    Rule(
        code="INV-08",
        title="Release under investigation has a rationale",
        description="Examined: releases under investigation in stalking (8Q), or in domestic abuse of any class, on "
        "record. They have no conditions, so the reason for not using conditional bail must be recorded.",
        authority="recording-standards 6.6; College of Policing, advice for managers: resourcing (conditional bail)",
        dimension="completeness",
        table="core.release_facts",
        arguments={"column": "is_explained", "value_set": [True]},
        detail="unexplained_count || ' of ' || release_count || ' releases under investigation without a rationale'",
        needs=("bail.type", "bail.rationale", "custody.crime_id", "crime.class_code"),
        **_CRIME,
    ),
)
