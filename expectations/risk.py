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
        description="Examined: 8Q, 8L and 8U as principal class, removed ones too. Met by an assessment of stage "
        "initial, complete or not.",
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
        description="Examined: stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U) with an assessment of stage "
        "initial, removed ones too. Earliest completion among these, elapsed hours after the report; exactly 24 "
        "meet the standard. Not completed is not evaluable. The extract does not name the assessor, so that is not "
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
        description="Examined: assessments of any stage in 8Q, and in 8L, 8M, 8R and 8U that are domestic abuse, "
        "removed crimes too. Domestic abuse: DASH or DARA; stalking (8Q): S-DASH, VS-DASH, SST or SASH; either "
        "where it is both; SAM and SRP always. Where it is unknown whether the crime is domestic abuse, a tool that "
        "depends on it is not evaluable. Other classes without domestic abuse are not examined.",
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
        description="Examined: events that change the risk of 8Q, 8L and 8U, removed ones too. They are arrest, "
        "release, further bail, breach of bail, an order served or breached, a decision of no further action. "
        "Events of one kind at one moment are one. Met by an assessment completed within 48 elapsed hours (exactly "
        "48 meet the rule); for orders one on any crime of the pair. An order's event is listed against the crime "
        "of the breach, else the latest crime of the pair. Less than 48 hours before the as-of moment is not "
        "evaluable.",
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
        description="Examined: crimes of any class with an assessment graded medium or high, removed ones too. Met "
        "where at least one of these has a plan with owner and review date.",
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
        description="Examined: none, because the extract has no answers, such as very frightened or weapons.",
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
        description="Examined: stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U) with an assessment of stage "
        "initial, removed ones too. Met by a review by a supervisor, manager or detective chief inspector, with "
        "name and time. Its time is not compared with the assessment's. Reviews without a name or a time are no "
        "review.",
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
        description="Examined: stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U) whose latest completed "
        "assessment is high, removed ones too. Met where the flag is set; false or empty is a breach.",
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
