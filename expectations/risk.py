"""Rules on risk to victims: assessment, plan, reassessment (recording-standards 6.5, RSK)."""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule, Setting

_RISK: dict[str, Any] = {"table": "core.risk_facts", "record_type": "crime", "record_ref": "crime_ref"}
_ASSESSMENT: dict[str, Any] = {**_RISK, "table": "core.risk_assessment_facts"}
_BETWEEN = "ExpectColumnValuesToBeBetween"

RULES = (
    Rule(
        code="RSK-01",
        title="Risk is assessed at the start of every stalking, harassment and coercion crime",
        description="8Q, 8L and 8U as principal class: an assessment of stage initial.",
        authority="recording-standards RSK-01; College of Policing, advice for supervisors",
        dimension="completeness",
        timing="open",
        applies="is_assessment_due",
        needs=("risk_assessment.stage", "crime.class_code"),
        expectation=_BETWEEN,
        arguments={"column": "initial_assessment_count", "min_value": 1},
        detail="'class ' || class_code || ', ' || assessment_count || ' assessments, none of stage initial'",
        **_RISK,
    ),
    Rule(
        code="RSK-02",
        title="The first risk assessment is complete within a day of the report",
        description="Earliest completion among assessments of stage initial, elapsed hours after the report; exactly "
        "24 meet the standard. Not completed is not evaluable. The extract does not name the assessor, so that is not "
        "tested.",
        authority="recording-standards RSK-02, 6.0.8, 6.0.10; College of Policing, advice for supervisors",
        dimension="timeliness",
        timing="risk.first_assessment_hours",
        applies="is_stalking_or_harassment and initial_assessment_count > 0",
        needs=("risk_assessment.completed_ts", "risk_assessment.stage", "crime.reported_ts", "crime.class_code"),
        expectation=_BETWEEN,
        arguments={"column": "hours_to_first_assessment", "max_value": Setting("risk.first_assessment_hours")},
        detail="'first assessment complete ' || round(hours_to_first_assessment, 1) || ' hours after the report'",
        **_RISK,
    ),
    Rule(
        code="RSK-03",
        title="The tool of the assessment suits the case",
        description="Domestic abuse: DASH or DARA; stalking (8Q): S-DASH, VS-DASH, SST or SASH; either where it is "
        "both; SAM and SRP always. Other classes without domestic abuse are not examined.",
        authority="recording-standards RSK-03, 7.2; NPCC, domestic abuse risk tools, 2025; Stalking Screening Tool",
        dimension="conformity",
        severity="info",
        applies="is_stalking or coalesce(is_domestic_abuse, true)",
        needs=("risk_assessment.tool", "party_role.relationship", "party_role.age_at_offence", "crime.class_code"),
        arguments={"column": "is_tool_suited", "value_set": [True]},
        detail="'tool ' || tool || ' in class ' || class_code || case when is_domestic_abuse then ', domestic abuse'"
        " when not is_domestic_abuse then ', not domestic' else '' end",
        **_ASSESSMENT,
    ),
    Rule(
        code="RSK-04",
        title="Risk is reassessed after an event that changes it",
        description="8Q, 8L and 8U: within 48 elapsed hours (exactly 48 meet the rule) of an arrest, a release, a "
        "further "
        "bail, a breach of bail, an order served or breached, a decision of no further action, an assessment is "
        "completed; for orders one on any crime of the pair. An order's event is listed against the crime of the "
        "breach, else the latest crime of the pair. Less than 48 hours before the as-of date is not evaluable.",
        authority="recording-standards RSK-04, 6.0.2; College of Policing, advice for supervisors: escalation",
        dimension="timeliness",
        timing="risk.reassessment_hours",
        needs=("risk_assessment.completed_ts", "outcome.outcome_ts", "outcome.code", "crime.class_code"),
        table="core.risk_event_facts",
        record_type="crime",
        record_ref="crime_ref",
        arguments={"column": "is_reassessed_in_time", "value_set": [True]},
        detail="event_type || ' on ' || cast(cast(event_at at time zone 'Europe/London' as date) as varchar)"
        " || coalesce(', reassessed ' || round(hours_to_reassessment, 1) || ' hours later', ', not reassessed since')",
    ),
    Rule(
        code="RSK-05",
        title="A raised risk has a plan with owner and review date",
        description="Crimes with an assessment graded medium or high: at least one of these has such a plan.",
        authority="recording-standards RSK-05, 6.0.11; HMIC and HMCPSI, Living in fear, 2017",
        dimension="completeness",
        timing="open",
        applies="raised_assessment_count > 0",
        needs=("risk_assessment.grade", "risk_plan.owner_id", "risk_plan.review_due"),
        expectation=_BETWEEN,
        arguments={"column": "planned_assessment_count", "min_value": 1},
        detail="raised_assessment_count || ' assessments of medium or high risk and no plan with owner and"
        " review date'",
        **_RISK,
    ),
    Rule(
        code="RSK-06",
        title="The grade agrees with the answers",
        description="The extract has no answers, such as very frightened or weapons.",
        authority="recording-standards RSK-06, 6.0.12; our own check, no national source",
        dimension="accuracy",
        needs=("risk_assessment.answer_keys",),
        arguments={"column": "is_grade_supported_by_answers", "value_set": [True]},
        detail="'grade ' || risk_grade || ' against answers of high risk'",
        **_ASSESSMENT,
    ),
    Rule(
        code="RSK-07",
        title="A supervisor endorsed the initial assessment",
        description="Stalking and harassment crimes with an assessment of stage initial: a review by a supervisor, "
        "manager or detective chief inspector, with name and time; its time is not compared with the assessment's. "
        "Reviews without a name or a time are no review.",
        authority="recording-standards RSK-07; College of Policing, advice for supervisors",
        dimension="completeness",
        timing="open",
        applies="is_stalking_or_harassment and initial_assessment_count > 0",
        needs=("review.level", "review.by_id", "review.ts", "risk_assessment.stage", "crime.class_code"),
        expectation=_BETWEEN,
        arguments={"column": "supervisor_review_count", "min_value": 1},
        detail="'no review by a supervisor'",
        **_RISK,
    ),
    Rule(
        code="RSK-08",
        title="A high-risk case is in the daily management meeting",
        description="Stalking and harassment crimes whose latest completed assessment is high: the flag is set; false "
        "or empty is a breach.",
        authority="recording-standards RSK-08; College of Policing, advice for supervisors",
        dimension="completeness",
        severity="info",
        timing="open",
        applies="is_stalking_or_harassment and risk_grade = 'high'",
        needs=("crime.dmm_flag", "risk_assessment.grade", "risk_assessment.completed_ts", "crime.class_code"),
        arguments={"column": "is_in_daily_meeting", "value_set": [True]},
        detail="'high risk and not in the daily management meeting'",
        **_RISK,
    ),
)
