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
        description="Examined: crimes of any class, removed ones too. Met by 24 elapsed hours from the first "
        "report, both clock changes included. Exactly 24 hours meet the standard, and so does a recording before "
        "the report. The limit is 72 hours for crimes recorded before 1 April 2015. Without one of the two times it "
        "is not evaluable.",
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
        description="Examined: crimes of any class, removed ones too. Beyond 72 elapsed hours from report to "
        "recording the crime is escalated. Without one of the two times it is not evaluable.",
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
        description="Examined: crimes of any class that name an incident as their own, removed ones too. Breached "
        "where the incident was created more than 15 minutes before the report of the crime. Without one of the two "
        "times it is not evaluable. Crimes without an incident are not examined.",
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
        description="Examined: months, each twice, by its recordings and by its reports, of removed crimes too. Met "
        "where at most 2% of them are at 00:00:00 London time. Reports count in the month of the report. With fewer "
        "than ten of them it is not evaluable.",
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
        description="Examined: crime-related incidents created more than 24 hours before the as-of moment, open or "
        "closed. Where either is not known, the incident is examined too. Met by a crime that names it as its "
        "incident, or by a rationale. Without these it is not evaluable where either is not known, or where its "
        "crime is in quarantine.",
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
        description="Examined: stalking (8Q) with an outcome other than 0, 1 and 1A at or after its recording, "
        "removed ones too. Breached where the first of these is less than 60 minutes after the recording. An "
        "outcome before the recording is a matter of STR-08.",
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
        description="Examined: stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U) of status open or reopened, "
        "removed ones too. Elapsed days from the last review, or else the recording, to the as-of moment. Met by at "
        "most 28, at high risk (latest complete assessment) 7.",
        authority="recording-standards 6.2; College of Policing, advice for supervisors: clear review periods",
        timing="open",
        applies="is_open_stalking_or_harassment",
        arguments={"column": "days_over_review_limit", "max_value": 0},
        needs=("review.ts", "review.crime_id", "crime.recorded_ts", "crime.status", "crime.class_code"),
        detail="case when is_never_reviewed then 'no review in the ' || round(days_without_review, 1)"
        " || ' days since it was recorded; the limit is ' else 'last reviewed ' || round(days_without_review, 1)"
        " || ' days ago; the limit is ' end || cast(round(review_limit_days) as integer)",
        **_TIME,
    ),
)
