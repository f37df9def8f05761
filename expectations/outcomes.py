"""Rules on outcomes (recording-standards 6.4, plain readings 6.0.3 and 6.0.11).

A current outcome is judged. OUT-01 and OUT-06 also bind earlier outcomes, because no later change can correct them.
"""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule, Setting

_CRIME: dict[str, Any] = {"record_type": "crime", "record_ref": "crime_ref"}
_FACTS: dict[str, Any] = {"table": "core.outcome_facts", **_CRIME}
_PEOPLE: dict[str, Any] = {"table": "core.outcome_people_facts", **_CRIME}
_EVIDENCE: dict[str, Any] = {"table": "core.outcome_evidence_facts", **_CRIME}
_REMOVALS: dict[str, Any] = {"table": "core.removal_facts", **_CRIME}
_NAMED = ("outcome.code", "outcome.is_current", "party_role.role", "party_role.named")


def _holds(column: str, value: object = True) -> dict[str, Any]:
    """The fact has this value."""
    return {"arguments": {"column": column, "value_set": [value]}}


def _at_least_one(column: str) -> dict[str, Any]:
    return {"expectation": "ExpectColumnValuesToBeBetween", "arguments": {"column": column, "min_value": 1}}


RULES = (
    Rule(
        code="OUT-01",
        title="The outcome code was in use on the day",
        description="Examined: outcome rows other than code 0, current or not, of removed crimes too. Breached by "
        "code 20 before April 2015, 21 before January 2016 and 22 before April 2019. The London day of the outcome "
        "counts, and reference.outcome_validity lists the codes. An unknown code is not evaluable here and breaks "
        "STR-06.",
        authority="recording-standards OUT-01, 3.1; Home Office outcomes framework",
        dimension="accuracy",
        severity="error",
        applies="outcome_code <> '0'",
        needs=("outcome.code", "outcome.outcome_ts"),
        detail="'outcome ' || outcome_code || ' on ' || outcome_date || ', in use from ' || code_valid_from",
        **_holds("is_code_valid_at_date"),
        **_FACTS,
    ),
    Rule(
        code="OUT-02",
        title="An outcome that identifies a suspect has one",
        description="Examined: current outcomes that identify a suspect, of removed crimes too. Codes 1 to 3, 1A to "
        "3A, 4, 5, 8 to 13, 15 to 17, 21 and 22 do. Met by a named suspect or offender; one eliminated later still "
        "counts as named. With nobody named, somebody of whom that is not known is not evaluable.",
        authority="recording-standards OUT-02, 3.1; Home Office outcomes framework",
        dimension="integrity",
        severity="error",
        applies="suspect_standard = 'needed'",
        needs=_NAMED,
        detail="'outcome ' || outcome_code || ' and no named suspect'",
        **_at_least_one("named_suspect_count"),
        **_PEOPLE,
    ),
    Rule(
        code="OUT-03",
        title="Outcomes 14 and 18 have no named suspect",
        description="Examined: current outcomes 14 and 18, of removed crimes too. Breached by a named suspect or "
        "offender. With code 18, an eliminated suspect does not count here; see the rule on eliminated suspects. "
        "With nobody named, somebody of whom that is not known is not evaluable.",
        authority="recording-standards OUT-03, 3.1; Home Office outcomes framework",
        dimension="integrity",
        severity="error",
        applies="suspect_standard = 'forbidden'",
        needs=_NAMED,
        detail="'outcome ' || outcome_code || ' and ' || contradicting_suspect_count || ' named suspects'",
        **_holds("contradicting_suspect_count", 0),
        **_PEOPLE,
    ),
    Rule(
        code="OUT-03",
        part="ELIMINATED",
        title="Outcome 18 has no suspects who were named and eliminated",
        description="Examined: current outcomes 18, of removed crimes too. Breached where every named suspect or "
        "offender, of at least one, was eliminated: for the registrar to review.",
        authority="recording-standards OUT-03, 3.1; Home Office outcomes framework",
        dimension="integrity",
        applies="outcome_code = '18'",
        needs=(*_NAMED, "party_role.eliminated_ts"),
        detail="'outcome 18 and ' || eliminated_suspect_count || ' named suspects, all eliminated'",
        **_holds("eliminated_suspect_count", 0),
        **_EVIDENCE,
    ),
    Rule(
        code="OUT-04",
        title="Outcomes 14 and 18 are not given where the victim knows the suspect",
        description="Examined: current outcomes 14 and 18, of removed crimes too. Breached by ex_partner, spouse, "
        "family, neighbour or colleague, on the victim's or the suspect's row. Other relationships are not in the "
        "rule; without any it is not evaluable.",
        authority="recording-standards OUT-04, 3.1; Home Office outcomes framework",
        dimension="accuracy",
        applies="suspect_standard = 'forbidden'",
        needs=("outcome.code", "outcome.is_current", "party_role.relationship"),
        detail="'outcome ' || outcome_code || ' and relationship ' || replace(relationships, '|', ', ')",
        **_holds("is_suspect_known", False),
        **_PEOPLE,
    ),
    Rule(
        code="OUT-05",
        title="The suspect has the age that the outcome requires",
        description="Examined: current outcomes 2, 2A, 3, 3A and 11, of removed crimes too. Code 11 needs a suspect "
        "below 10 at the offence, 2 and 2A one of 10 to 17. Codes 3 and 3A need one of 18 or over at the disposal. "
        "One suspect of that age is enough; where none is and an age is unknown, not evaluable. Nor is an outcome "
        "without a suspect.",
        authority="recording-standards OUT-05, 3.1, 6.0.11; Children and Young Persons Act 1933, s.50; Home Office "
        "outcomes framework",
        dimension="accuracy",
        severity="error",
        applies="outcome_code in ('11', '2', '2A', '3', '3A')",
        needs=("outcome.code", "outcome.is_current", "party_role.age_at_offence", "party_role.age_at_disposal"),
        detail="'outcome ' || outcome_code || case when outcome_code in ('3', '3A') then ', oldest suspect '"
        " || oldest_age_at_disposal || ' at disposal' else ', youngest suspect ' || youngest_age_at_offence"
        " || ' at the offence' end",
        **_holds("is_suspect_age_right"),
        **_PEOPLE,
    ),
    Rule(
        code="OUT-06",
        title="Outcomes 6, 7 and 19 are not given to stalking or harassment",
        description="Examined: outcome rows other than code 0 of stalking and harassment crimes, current or not, of "
        "removed crimes too. Breached by 6, 7 and 19: penalty notices, cannabis warnings and referrals for fraud. "
        "An unknown code is not evaluable.",
        authority="recording-standards OUT-06, 3.1; Criminal Justice and Police Act 2001, s.1",
        dimension="accuracy",
        severity="error",
        applies="is_stalking_or_harassment and outcome_code <> '0'",
        needs=("outcome.code", "crime.class_code"),
        detail="'outcome ' || outcome_code || ' on class ' || class_code",
        **_holds("is_for_stalking_or_harassment"),
        **_FACTS,
    ),
    Rule(
        code="OUT-07",
        title="Outcome 17, time limit expired, is given to summary offences only",
        description="Examined: current outcomes 17, of removed crimes too. Met where reference.ho_codes says that "
        "the crime is summary only. A code in no list is not evaluable (6.0.9).",
        authority="recording-standards OUT-07, 1.6; Magistrates' Courts Act 1980, s.127",
        dimension="accuracy",
        severity="error",
        applies="is_current and outcome_code = '17'",
        needs=("outcome.code", "outcome.is_current", "crime.ho_code"),
        detail="'outcome 17 on ' || ho_code || ', which has no time limit'",
        **_holds("is_summary_only"),
        **_FACTS,
    ),
    Rule(
        code="OUT-08",
        title="The six months of a summary offence are kept",
        description="Examined: current outcomes 17, and current charges (1, 1A) of summary offences, of removed "
        "crimes too. Breached by code 17 before six months from the last act, or a charge after them. A 1A meets "
        "the standard if the offence charged is not summary only. London days; the last day meets both. The first "
        "act where no last one is given; without either it is not evaluable.",
        authority="recording-standards OUT-08, 1.6, 6.0.11; Magistrates' Courts Act 1980, s.127",
        dimension="accuracy",
        applies="is_current and (outcome_code = '17' or outcome_code in ('1', '1A') and is_summary_only)",
        needs=(
            "outcome.code",
            "outcome.outcome_ts",
            "crime.offence_from_ts",
            "crime.ho_code",
            "outcome.is_current",
            "crime.offence_to_ts",
        ),
        detail="'outcome ' || outcome_code || ' on ' || outcome_date || ', six months from the last act end on '"
        " || time_limit_date",
        **_holds("is_time_limit_kept"),
        **_FACTS,
    ),
    Rule(
        code="OUT-09",
        title="Outcomes 14 and 16 have an auditable decision of the victim",
        description="Examined: current outcomes 14 and 16, of removed crimes too. Met by at least one row of victim "
        "engagement with date, channel, officer and reason.",
        authority="recording-standards OUT-09, 6.0.11; Home Office counting rules, section H",
        dimension="completeness",
        applies="outcome_code in ('14', '16')",
        needs=(
            "outcome.code",
            "outcome.is_current",
            "victim_engagement.ts",
            "victim_engagement.channel",
            "victim_engagement.by_id",
            "victim_engagement.reason",
        ),
        detail="'outcome ' || outcome_code || ', ' || engagement_count || ' engagements with the victim, none with"
        " date, channel, officer and reason'",
        **_at_least_one("auditable_decision_count"),
        **_PEOPLE,
    ),
    Rule(
        code="OUT-10",
        title="Outcomes 15 and 16 match the victim's view",
        description="Examined: current outcomes 15 and 16, of removed crimes too. Breached by 15 where the victim's "
        "support is no, and by 16 where it is yes. Withdrawn, undecided and not asked are not contradictions. Of "
        "several victims, one whose view fits is enough. Without a recorded support it is not evaluable.",
        authority="recording-standards OUT-10, 3.1; Home Office outcomes framework",
        dimension="accuracy",
        severity="error",
        applies="outcome_code in ('15', '16')",
        needs=("outcome.code", "outcome.is_current", "party_role.victim_support"),
        detail="'outcome ' || outcome_code || ' and victim support ' || victim_support",
        **_holds("is_victim_support_consistent"),
        **_PEOPLE,
    ),
    Rule(
        code="OUT-11",
        title="Outcome 5 has a suspect who died, not before the offence",
        description="Examined: current outcomes 5, of removed crimes too. Met by the death of a suspect or "
        "offender, on the first day of the offence or later. A person without a date of death has not died. Without "
        "a suspect, or without the person's row where nobody died, it is not evaluable.",
        authority="recording-standards OUT-11, 3.1; Home Office outcomes framework",
        dimension="accuracy",
        applies="outcome_code = '5'",
        needs=("outcome.code", "outcome.is_current", "person.dod"),
        detail="'outcome 5 and ' || coalesce('death on ' || suspect_death_date || ', before the offence',"
        " 'no suspect with a date of death')",
        **_holds("has_suspect_died_since"),
        **_PEOPLE,
    ),
    Rule(
        code="OUT-11",
        part="EVIDENCE",
        title="Outcomes 12 and 13 have evidence of illness or death",
        description="Examined: none, because the extract has no reference to such evidence. It would be current "
        "outcomes 12 and 13.",
        authority="recording-standards OUT-11, 6.0.12; Home Office outcomes framework",
        dimension="accuracy",
        applies="outcome_code in ('12', '13')",
        needs=("outcome.evidence_ref",),
        detail="'outcome ' || outcome_code || ' without evidence of illness or death'",
        **_holds("has_medical_evidence"),
        **_EVIDENCE,
    ),
    Rule(
        code="OUT-12",
        title="Outcome 9 and a charge of section 4A stalking have a prosecutor's decision",
        description="Examined: current outcomes 9, and current outcomes 1 on 8/65 and 8/66, of removed crimes too. "
        "Met by a submission, early advice aside, with a decision date. An authority of the police to charge has no "
        "field of its own.",
        authority="recording-standards OUT-12, 3.1; Director's Guidance on Charging, 2020; Home Office outcomes "
        "framework, code 9",
        dimension="integrity",
        applies="outcome_code = '9' or (outcome_code = '1' and is_section_4a)",
        needs=(
            "outcome.code",
            "outcome.is_current",
            "cps_submission.type",
            "cps_submission.decision_ts",
            "crime.ho_code",
        ),
        detail="'outcome ' || outcome_code || ' and no decision of a prosecutor'",
        **_at_least_one("prosecutor_decision_count"),
        **_EVIDENCE,
    ),
    Rule(
        code="OUT-13",
        title="Outcome 20 names the other body and when the victim was informed",
        description="Examined: current outcomes 20, of removed crimes too. Met where both the other body and the "
        "date of informing the victim are present.",
        authority="recording-standards OUT-13, 3.1; Home Office outcomes framework, code 20",
        dimension="completeness",
        applies="is_current and outcome_code = '20'",
        needs=("outcome.code", "outcome.other_body", "outcome.victim_informed_ts", "outcome.is_current"),
        detail="'outcome 20: ' || case when other_body is null then 'no other body named'"
        " else 'no date on which the victim was informed' end",
        **_holds("has_body_and_victim_informed"),
        **_FACTS,
    ),
    Rule(
        code="OUT-14",
        title="Outcomes 8, 10, 21 and 22 on stalking or domestic abuse have a supervisor's rationale",
        description="Examined: current outcomes 8, 10, 21 and 22 of 8Q or domestic abuse of any class, of removed "
        "crimes too. Met where rationale and rank of the authoriser are present. Examined, but not evaluable, where "
        "it is unknown whether the crime is domestic abuse.",
        authority="recording-standards OUT-14, 6.0.11; College of Policing, advice for supervisors",
        dimension="completeness",
        applies="is_current and outcome_code in ('8', '10', '21', '22') and coalesce(is_stalking_or_domestic, true)",
        needs=(
            "outcome.code",
            "outcome.rationale",
            "outcome.authoriser_rank",
            "outcome.is_current",
            "crime.class_code",
        ),
        detail="'outcome ' || outcome_code || case when has_rationale then ': rank of the authoriser missing'"
        " else ': rationale missing' end",
        **_holds("has_supervisor_rationale"),
        **_FACTS,
    ),
    Rule(
        code="OUT-15",
        title="Outcome 22 has an intervention with provider and start",
        description="Examined: current outcomes 22, of removed crimes too. Met by a referral with a start "
        "(accepted, else sent) and a service, which says type and provider. Referrals of victim and suspect are in "
        "one table and cannot be distinguished.",
        authority="recording-standards OUT-15, 3.1; Home Office outcomes framework, code 22",
        dimension="completeness",
        applies="outcome_code = '22'",
        needs=("outcome.code", "outcome.is_current", "referral.service", "referral.accepted_ts"),
        detail="'outcome 22 and ' || referral_count || ' referrals, none with service and start'",
        **_at_least_one("started_intervention_count"),
        **_EVIDENCE,
    ),
    Rule(
        code="OUT-16",
        title="Outcomes 1A, 2A and 3A name an offence other than the one recorded",
        description="Examined: current outcomes 1A, 2A and 3A, of removed crimes too. Met where the alternate code "
        "is present and differs; compared in standard form (08/65 is 8/65). One without an alternate code is a "
        "breach.",
        authority="recording-standards OUT-16, 3.1; Home Office outcomes framework, codes 1A, 2A and 3A",
        dimension="integrity",
        severity="error",
        applies="is_current and outcome_code in ('1A', '2A', '3A')",
        needs=("outcome.code", "outcome.alt_ho_code", "crime.ho_code", "outcome.is_current"),
        detail="'outcome ' || outcome_code || coalesce(', alternate ' || alternate_ho_code || ' is the one recorded',"
        " ' without an alternate code')",
        **_holds("is_alternate_different"),
        **_FACTS,
    ),
    Rule(
        code="OUT-17",
        title="A crime has one current outcome, the last of its ordered history",
        description="Examined: crimes of any class, removed ones too. Met by exactly one current row, none numbered "
        "after it, no number twice, times in the order of the numbers. A crime without any row is a breach, since "
        "an open one has a row of code 0. A removed crime without any row is not evaluable. Nor is a crime with a "
        "row in quarantine, whose value looks like no code (STR-06).",
        authority="recording-standards OUT-17, 6.0.3; our own check, no national source",
        dimension="integrity",
        severity="error",
        needs=("outcome.seq", "outcome.outcome_ts", "outcome.is_current"),
        table="core.crime_outcome_facts",
        detail="current_outcome_count || ' current of ' || outcome_count || ' outcomes, ' || misplaced_outcome_count"
        " || ' out of order'",
        **_holds("is_outcome_history_sound"),
        **_CRIME,
    ),
    Rule(
        code="OUT-18",
        title="No further action is not taken while digital lines of enquiry are open",
        description="Examined: current outcomes of codes 10, 14 to 18 and 20 to 22, of removed crimes too. A crime "
        "with two counts twice. Breached by a required line (phone, CCTV, communications data and the like, by its "
        "type) that is not completed. Without one, a line not completed that may be required is not evaluable.",
        authority="recording-standards OUT-18; College of Policing, advice for supervisors: digital evidence",
        dimension="completeness",
        applies="is_no_further_action",
        needs=(
            "outcome.code",
            "outcome.is_current",
            "line_of_enquiry.type",
            "line_of_enquiry.required",
            "line_of_enquiry.done_ts",
        ),
        detail="'outcome ' || outcome_code || ' and not done: ' || unresolved_line_types",
        **_holds("unresolved_line_count", 0),
        **_EVIDENCE,
    ),
    Rule(
        code="OUT-19",
        title="No unit's share of outcome 16 is unusually high",
        description="Examined: units, by their stalking and harassment crimes on record with a current outcome "
        "other than 0. Breached by a share of outcome 16 over two standard deviations above the force's, on a "
        "funnel. Units with few outcomes are not evaluable.",
        authority="recording-standards OUT-19; HMIC, PEEL 2016, recommendation 8689",
        dimension="accuracy",
        severity="info",
        needs=("outcome.code", "outcome.is_current", "investigator.unit"),
        table="core.unit_outcome_facts",
        record_type="series",
        record_ref="series_ref",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "deviations_above_force", "max_value": Setting("outcomes.unit_deviations")},
        detail="'outcome 16 in ' || not_supported_count || ' of ' || outcome_count || ', ' || round(100 *"
        " not_supported_share, 1) || '% compared with ' || round(100 * force_share, 1) || '% in the force, '"
        " || round(deviations_above_force, 1) || ' standard deviations above'",
    ),
    Rule(
        code="OUT-20",
        title="A removal has the evidence that its code requires",
        description="Examined: removals under C1, C2 and C3, of crimes of any class. Met if evidenced. C1: "
        "receiving force, its reference and acceptance. C2: verifiable information and who verified it. C3: the "
        "parent crime is in the extract, and another one.",
        authority="recording-standards OUT-20, 1.3, 6.0.11; Home Office counting rules, section C; HMIC, Crime "
        "recording, 2014",
        dimension="integrity",
        severity="error",
        applies="removal_code in ('C1', 'C2', 'C3')",
        needs=(
            "removal.removal_code",
            "removal.avi_text",
            "removal.verifier",
            "removal.receiving_force",
            "removal.receiving_ref",
            "removal.accepted_ts",
            "removal.parent_crime_ref",
        ),
        detail="removal_code || case removal_code when 'C1' then ' without force, reference or acceptance of the"
        " receiver' when 'C2' then ' without verifiable information or verifier'"
        " else ' without a parent in the extract' end",
        **_holds("is_removal_evidenced"),
        **_REMOVALS,
    ),
    Rule(
        code="OUT-21",
        title="A cancellation of stalking or harassment is authorised by another officer, and the victim informed",
        description="Examined: removals of stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U) under C2 to C5. Met "
        "where the role is registrar, deputy, designated decision maker or supervisor. The authoriser is not the "
        "officer in the case, and the date of informing the victim is present. Where all else is met and one of the "
        "two officers is missing, it is not evaluable.",
        authority="recording-standards OUT-21, 1.3; Home Office counting rules, section C; West Yorkshire Police, "
        "crime recording policy",
        dimension="integrity",
        applies="is_cancelled and is_stalking_or_harassment",
        needs=(
            "removal.authoriser_id",
            "removal.authoriser_role",
            "removal.victim_informed_ts",
            "removal.removal_code",
            "crime.class_code",
            "crime.oic_id",
        ),
        detail="removal_code || case when not is_role_allowed then ' by the role ' || coalesce(authoriser_role,"
        " 'unknown') when is_authorised_by_investigator then ' by the officer in the case'"
        " else ', victim not informed' end",
        **_holds("is_removal_authorised"),
        **_REMOVALS,
    ),
    Rule(
        code="OUT-22",
        title="A cancelled stalking or harassment is not followed by a new crime of the pair",
        description="Examined: removals of 8L and 8Q under C2 to C5. Breached by a crime of the same victim and "
        "suspect reported within the days of the settings (the limit included). It is listed against the cancelled "
        "crime. Not evaluable without a pair.",
        authority="recording-standards OUT-22; our own check, no national source",
        dimension="accuracy",
        timing="removals.new_crime_days",
        applies="is_cancelled and class_code in ('8L', '8Q')",
        needs=(
            "removal.removal_ts",
            "party_role.person_key",
            "crime.reported_ts",
            "removal.removal_code",
            "crime.class_code",
        ),
        detail="removal_code || ', and a new crime of the pair ' || round(days_to_next_crime, 1) || ' days later'",
        **_holds("is_followed_by_crime", False),
        **_REMOVALS,
    ),
)
