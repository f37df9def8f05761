"""Rules on service to victims of stalking and harassment (recording-standards 6.5, VIC)."""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule, Setting

_SERVICE: dict[str, Any] = {
    "table": "core.victim_service_facts",
    "record_type": "crime",
    "record_ref": "crime_ref",
}
_BETWEEN = "ExpectColumnValuesToBeBetween"

RULES = (
    Rule(
        code="VIC-01",
        title="The victim is marked for enhanced rights",
        description="Examined: stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U), removed ones too. Marked false "
        "is a breach, an empty mark is not evaluable.",
        authority="recording-standards VIC-01, 6.0.11; College of Policing, advice for supervisors; Victims' Code, "
        "enhanced rights",
        dimension="completeness",
        needs=("crime.vcop_enhanced", "crime.class_code"),
        arguments={"column": "has_enhanced_rights", "value_set": [True]},
        detail="'class ' || class_code || ', not marked for enhanced rights'",
        **_SERVICE,
    ),
    Rule(
        code="VIC-02",
        title="Needs are assessed within five working days",
        description="Examined: stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U), removed ones too. Working days "
        "of England and Wales after the London day of recording. The fifth meets the standard, and so does any day "
        "before; a weekend or holiday after it does not. A crime without the time of an assessment is not evaluable.",
        authority="recording-standards VIC-02, 6.0.11; Victims' Code, right 4",
        dimension="timeliness",
        timing="victims.needs_assessment_days",
        needs=("crime.needs_assessment_ts", "crime.recorded_ts", "crime.class_code"),
        expectation=_BETWEEN,
        arguments={"column": "needs_assessment_working_days", "max_value": Setting("victims.needs_assessment_days")},
        detail="'recorded on ' || recorded_date || ', needs assessed on ' || needs_assessed_date || ', '"
        " || needs_assessment_working_days || ' working days later'",
        **_SERVICE,
    ),
    Rule(
        code="VIC-03",
        title="The victim is informed of a decision in time",
        description="Examined: outcome rows other than code 0 of stalking and harassment crimes, current or not, of "
        "removed crimes too. Met by a contact with the victim from then on, within one working day where rights are "
        "enhanced, else five. Not informed yet and still in time is not evaluable. An empty mark of enhanced rights "
        "is judged only where both limits agree. Arrest, release and bail are not counted among the decisions. "
        "Contacts whose direction starts with in or from, other than in person, do not inform.",
        authority="recording-standards VIC-03; Victims' Code, right 6",
        dimension="timeliness",
        timing="victims.inform_days",
        needs=("outcome.outcome_ts", "victim_contact.ts", "crime.vcop_enhanced", "outcome.code", "crime.class_code"),
        arguments={"column": "is_informed_in_time", "value_set": [True]},
        detail="'outcome ' || outcome_code || ' on ' || outcome_date || case when informed_date is null"
        " then ', victim not informed after ' else ', victim informed after ' end || working_days_to_inform || ' "
        "working days'",
        **{**_SERVICE, "table": "core.victim_decision_facts"},
    ),
    Rule(
        code="VIC-04",
        title="A victim personal statement is offered where somebody is charged",
        description="Examined: stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U) whose current outcome is 1 or "
        "1A, removed ones too. Met where the offer is dated, whenever it was made.",
        authority="recording-standards VIC-04; College of Policing, advice for supervisors; Victims' Code, right 7",
        dimension="completeness",
        timing="open",
        applies="is_charged",
        needs=("crime.vps_offered_ts", "outcome.code", "outcome.is_current", "crime.class_code"),
        arguments={"column": "is_personal_statement_offered", "value_set": [True]},
        detail="'charged, and no offer of a personal statement'",
        **_SERVICE,
    ),
    Rule(
        code="VIC-05",
        title="No long gap between contacts with the victim while the crime is open",
        description="Examined: stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U) of status open or reopened, "
        "removed ones too. The longest elapsed time from recording to the first contact, between contacts, and from "
        "the last to the as-of moment. Time between an outcome and reopening does not count. Exactly 28 days meet "
        "the standard. A contact in either direction counts.",
        authority="recording-standards VIC-05, 6.0.1, 6.0.11; College of Policing, advice for supervisors",
        dimension="timeliness",
        timing="open",
        applies="is_open",
        needs=("victim_contact.ts", "crime.status", "crime.recorded_ts", "crime.class_code"),
        expectation=_BETWEEN,
        arguments={"column": "longest_contact_gap_days", "max_value": Setting("victims.contact_gap_days")},
        detail="'open, and ' || round(longest_contact_gap_days, 1) || ' days without contact'",
        **_SERVICE,
    ),
    Rule(
        code="VIC-06",
        title="Advocacy is offered to every victim of stalking",
        description="Examined: stalking (8Q), removed ones too. Met by a referral with the date of the offer and "
        "consent recorded, whether given or not. The extract does not say which services are advocacy: any counts.",
        authority="recording-standards VIC-06; College of Policing, advice for supervisors",
        dimension="completeness",
        timing="open",
        applies="class_code = '8Q'",
        needs=("referral.offered_ts", "referral.consent", "crime.class_code"),
        expectation=_BETWEEN,
        arguments={"column": "consented_referral_count", "min_value": 1},
        detail="case when referral_count = 0 then 'no referral' else referral_count || ' referrals, none with offer and"
        " consent recorded' end",
        **_SERVICE,
    ),
)
