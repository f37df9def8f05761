"""Rules on time limits: from report to record, from record to review (recording-standards 1.2 and 6.2)."""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule, Setting

_TIME: dict[str, Any] = {
    "table": "core.recording_time_facts",
    "record_type": "crime",
    "record_ref": "crime_ref",
    "dimension": "timeliness",
    "expectation": "ExpectColumnValuesToBeBetween",
}

RULES = (
    Rule(
        code="TIM-01",
        title="Each crime, of any class, is recorded within the time limit of the standard",
        description="24 elapsed hours from the first report, both clock changes included; exactly 24 hours meet the "
        "standard. 72 hours for crimes recorded before 1 April 2015.",
        authority="recording-standards 6.2, 1.2, 6.0.8; Home Office counting rules, limit since April 2015; HMICFRS, "
        "crime recording process",
        arguments={"column": "hours_over_limit", "max_value": 0},
        needs=("crime.reported_ts", "crime.recorded_ts"),
        detail="'recorded ' || round(hours_to_record, 1) || ' hours after the first report; the limit is '"
        " || cast(round(limit_hours) as integer)",
        **_TIME,
    ),
    Rule(
        code="TIM-02",
        title="Recorded within 72 hours, else referred to a supervisor at once",
        description="Beyond 72 elapsed hours the crime is escalated.",
        authority="recording-standards 6.2; our own check, no national source",
        escalate=True,
        arguments={"column": "hours_to_record", "max_value": Setting("timeliness.escalate_hours")},
        needs=("crime.reported_ts", "crime.recorded_ts"),
        detail="'recorded ' || round(hours_to_record, 1) || ' hours after the first report'",
        **_TIME,
    ),
    Rule(
        code="TIM-03",
        title="The clock starts with the incident",
        description="The crime's own incident may not be more than 15 minutes earlier than the report of the crime. "
        "Crimes without an incident are not examined.",
        authority="recording-standards 6.2, 6.0.11, 1.2; HMICFRS, crime recording process",
        applies="has_incident",
        arguments={"column": "minutes_after_incident", "max_value": Setting("timeliness.incident_gap_minutes")},
        needs=("crime.incident_id", "crime.reported_ts", "incident.created_ts"),
        detail="'reported ' || round(minutes_after_incident, 1) || ' minutes after its incident was created'",
        **_TIME,
    ),
    Rule(
        code="TIM-04",
        title="Times are actual times, not midnight",
        description="Recordings and reports of a month at 00:00:00 London time, each at most 2%: two tests a month. "
        "A month with fewer than ten crimes is not evaluable.",
        authority="recording-standards 6.2, 6.0.11, 1.2; our own check, no national source",
        dimension="timeliness",
        severity="info",
        table="core.recording_series_facts",
        applies="measure in ('recorded at midnight', 'reported at midnight')",
        record_type="series",
        record_ref="series_ref",
        arguments={"column": "is_within_limits", "value_set": [True]},
        needs=("crime.reported_ts", "crime.recorded_ts"),
        detail="counted || ' of ' || crime_count || ' crimes are ' || measure",
    ),
    Rule(
        code="TIM-05",
        title="A crime-related incident ends as a crime or with a reason",
        description="Crime-related, no crime that names it as its incident, no rationale, created more than 24 hours "
        "before the as-of date; open or closed.",
        authority="recording-standards 6.2, 6.0.11, 1.1.5; National Crime Recording Standard",
        dimension="timeliness",
        table="core.incident_facts",
        applies="is_to_be_settled",
        record_type="incident",
        record_ref="incident_ref",
        arguments={"column": "is_settled", "value_set": [True]},
        needs=("incident.crime_related", "incident.no_crime_rationale", "incident.created_ts", "crime.incident_id"),
        detail="'crime-related, without a crime or a reason ' || round(age_hours, 1) || ' hours after it was created'",
    ),
    Rule(
        code="TIM-06",
        title="Stalking is not closed within the hour",
        description="The first outcome other than 0, 1 and 1A, less than 60 minutes after the recording. An outcome "
        "before the recording is a matter of STR-08.",
        authority="recording-standards 6.2, 6.0.11; our own check, no national source",
        applies="is_closed_stalking",
        arguments={"column": "minutes_to_close", "min_value": Setting("timeliness.early_close_minutes")},
        needs=("crime.recorded_ts", "crime.class_code", "outcome.crime_id", "outcome.code", "outcome.outcome_ts"),
        detail="'closed ' || round(minutes_to_close, 1) || ' minutes after it was recorded'",
        **_TIME,
    ),
    Rule(
        code="TIM-07",
        title="Open stalking and harassment is reviewed every 28 days",
        description="Elapsed days from the last review, or else the recording, to the as-of date: at most 28, at high "
        "risk (latest complete assessment) 7.",
        authority="recording-standards 6.2; College of Policing, advice for supervisors: clear review periods",
        timing="timeliness.review_days",
        applies="is_open_stalking_or_harassment",
        arguments={"column": "days_over_review_limit", "max_value": 0},
        needs=("review.ts", "review.crime_id", "crime.recorded_ts", "crime.status", "crime.class_code"),
        detail="case when is_never_reviewed then 'no review in the ' || round(days_without_review, 1)"
        " || ' days since it was recorded; the limit is ' else 'last reviewed ' || round(days_without_review, 1)"
        " || ' days ago; the limit is ' end || cast(round(review_limit_days) as integer)",
        **_TIME,
    ),
)
