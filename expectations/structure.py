"""Rules on the structure of the force extract (recording-standards 6.1): form, references, presence, order of dates."""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule

_CODES: dict[str, Any] = {"table": "core.crime_code_facts", "record_type": "crime", "record_ref": "crime_ref"}
_CRIME: dict[str, Any] = {"table": "core.crime_structure_facts", "record_type": "crime", "record_ref": "crime_ref"}
_INCIDENT: dict[str, Any] = {"table": "core.incident_facts", "record_type": "incident", "record_ref": "incident_ref"}
_NOT_IN_FUTURE: dict[str, Any] = {
    "code": "STR-07",
    "authority": "recording-standards 6.1; NPCC POLE dictionary E_001; settled points, as-of",
    "dimension": "conformity",
    "severity": "error",
    "expectation": "ExpectColumnValuesToBeBetween",
    "arguments": {"column": "hours_after_limit", "max_value": 0},
}
_IS_CANONICAL: dict[str, Any] = {
    "code": "STR-16",
    "title": "The force is in the canonical list",
    "description": "The ONS code of a police force area of England (E23) or Wales (W15); no name and no pseudo-force.",
    "authority": "recording-standards 6.1, 6.0.11, 4.3; ONS geographic codes",
    "dimension": "conformity",
    "severity": "error",
    "detail": "'force ' || force_code || ' is not the ONS code of a police force area'",
    "has_measure": False,
}
OUTCOME_CODES = ("0", "1", "1A", "2", "2A", "3", "3A", *(str(number) for number in range(4, 23)))


def _is_true(column: str) -> dict[str, object]:
    return {"column": column, "value_set": [True]}


def _future(words: str) -> str:
    """Words of a breach of STR-07 by `latest_at`, or of its replacement."""
    return (
        f"{words} || ' is ' || round(hours_after_limit, 1) || ' hours after the latest moment that can have happened'"
    )


_LATEST = "latest_table || ': ' || strftime(latest_at at time zone 'Europe/London', '%Y-%m-%d %H:%M')"

RULES = (
    Rule(
        code="STR-01",
        title="The crime reference is present and unique in the force",
        description="Every crime that has the reference is listed. The same reference in another force is no breach.",
        authority="recording-standards 6.1, 6.0.3; NPCC POLE dictionary",
        dimension="duplication",
        severity="error",
        arguments=_is_true("is_reference_unique"),
        needs=("crime.force_code", "crime.crime_ref"),
        detail="case when force_crime_ref is null then 'the crime reference is missing' else"
        " reference_use_count || ' crimes of the force have the reference ' || force_crime_ref end",
        **_CODES,
    ),
    Rule(
        code="STR-02",
        title="The Home Office code is well-formed and valid on the day of recording",
        description="Class and sub-class, one to three digits each, listed in reference.ho_codes as valid on the "
        "day of recording. A well-formed code that is not listed is not evaluable; add the force's own "
        "offence list to reference.ho_codes, where a class without a sub-class is allowed too.",
        authority="recording-standards 6.1, 6.0.9, 6.0.12; NPCC POLE dictionary DS_074",
        dimension="conformity",
        severity="error",
        arguments=_is_true("is_ho_code_valid"),
        needs=("crime.ho_code", "crime.recorded_ts"),
        detail="case when class_code_of_ho_code is not null then 'code ' || ho_code || ' was not valid on '"
        " || cast(recorded_date as varchar) else 'code ' || ho_code || ' is not class and sub-class, as in 8/65' end",
        **_CODES,
    ),
    Rule(
        code="STR-03",
        title="No spreadsheet has turned the Home Office code into a date",
        description="Judged by the code as keyed: a number above 366, a day and month, a month and year, a date.",
        authority="recording-standards 6.1, 2.3; our own check, no national source",
        dimension="conformity",
        severity="error",
        arguments=_is_true("is_ho_code_unmangled"),
        needs=("crime.ho_code_raw",),
        detail="'the code is keyed as ' || ho_code_keyed || ', read as ' || coalesce(ho_code, 'nothing')",
        **_CODES,
    ),
    Rule(
        code="STR-04",
        title="Class and Home Office code agree",
        description="Stalking recorded before 1 April 2014 may be under 8L, of which it was part. Not evaluable "
        "where reference.ho_codes does not give the class of the code.",
        authority="recording-standards 6.1, 2.1, 6.0.12; Home Office counting rules, classes",
        dimension="conformity",
        severity="error",
        arguments=_is_true("is_class_of_ho_code"),
        needs=("crime.class_code", "crime.ho_code", "crime.recorded_ts"),
        detail="'class ' || class_code || ', but code ' || ho_code || ' belongs to ' || class_code_of_ho_code",
        **_CODES,
    ),
    Rule(
        code="STR-05",
        title="The CJS offence code, where present, is well-formed",
        description="AAYYNNN, COMLNNN or XX00NNN, with A, B, C or I for attempts and the like.",
        authority="recording-standards 6.1, 2.3; NPCC POLE dictionary DS_080",
        dimension="conformity",
        applies="cjs_code is not null",
        arguments=_is_true("is_cjs_code_well_formed"),
        needs=("crime.cjs_code",),
        detail="'CJS code ' || cjs_code",
        **_CODES,
    ),
    Rule(
        code="STR-06",
        title="The outcome is one of the framework",
        description="0, 1, 1A, 2, 2A, 3, 3A and 4 to 22. Every outcome row is examined, not the current one alone, and "
        "so is a row set aside because its value looks like no code. Without a known crime the row itself is listed.",
        authority="recording-standards 6.1, 3.1; Home Office outcomes framework",
        dimension="conformity",
        severity="error",
        version=2,
        table="core.outcome_code_facts",
        record_type="crime",
        record_ref="coalesce(crime_ref, outcome_ref)",
        arguments={"column": "outcome_value", "value_set": OUTCOME_CODES},
        needs=("outcome.code", "outcome.crime_id"),
        detail="'outcome ' || outcome_value || ' is not one of the framework'"
        " || case when is_quarantined then '; its row is in quarantine' else '' end",
    ),
    Rule(
        title="No date of a crime is in the future",
        description="Past moments of the crime and its child rows, against the receipt of the extract, or the as-of "
        "date when one is given. Due, expiry and end dates may be in the future.",
        table="core.crime_moment_facts",
        record_type="crime",
        record_ref="crime_ref",
        needs=("crime.recorded_ts",),
        detail=_future(_LATEST),
        **_NOT_IN_FUTURE,
    ),
    Rule(
        part="INCIDENT",
        title="No date of an incident is in the future",
        description="Creation, closing, attendance and decision of the incident, against the receipt of the extract, "
        "or the as-of date when one is given.",
        needs=("incident.created_ts",),
        detail=_future("'the latest moment of the incident'"),
        **_INCIDENT,
        **_NOT_IN_FUTURE,
    ),
    Rule(
        part="ORDER",
        title="No date of an order is in the future",
        description="Application, grant, service, notification and consideration of the order, and breaches without "
        "a crime, against the receipt of the extract, or the as-of date when one is given.",
        table="core.order_moment_facts",
        record_type="order",
        record_ref="order_ref",
        needs=("order_.order_id",),
        detail=_future(_LATEST),
        **_NOT_IN_FUTURE,
    ),
    Rule(
        code="STR-08",
        title="Offence, report, recording and outcome are in order",
        description="Each moment against the next one that is given; outcomes other than 0. A recording before the "
        "report is the warning of the same code.",
        authority="recording-standards 6.1; our own check, no national source",
        dimension="integrity",
        severity="error",
        arguments=_is_true("are_dates_in_order"),
        needs=(
            "crime.offence_from_ts",
            "crime.reported_ts",
            "crime.recorded_ts",
            "outcome.crime_id",
            "outcome.outcome_ts",
        ),
        detail="date_faults",
        **_CRIME,
    ),
    Rule(
        code="STR-08",
        part="REPORT",
        title="No crime is recorded before it is reported",
        description="The warning of STR-08: a crime that officers discover may be keyed with the two swapped.",
        authority="recording-standards 6.1; our own check, no national source",
        dimension="integrity",
        table="core.recording_time_facts",
        record_type="crime",
        record_ref="crime_ref",
        arguments=_is_true("is_recorded_after_report"),
        needs=("crime.reported_ts", "crime.recorded_ts"),
        detail="'recorded ' || round(-hours_to_record, 1) || ' hours before it was reported'",
    ),
    Rule(
        code="STR-09",
        title="The mandatory fields of a crime are present",
        description="Home Office code, crime type (class and its name), outcome, status, offence date and time, MO, "
        "reported date, recording and supervising officer, and one location of postcode, coordinates or area. A hate "
        "flag is a row where it is set, so that none can be missing once the flags are delivered.",
        authority="recording-standards 6.1; NPCC POLE dictionary E_001",
        dimension="completeness",
        arguments=_is_true("has_mandatory_parts"),
        needs=(
            "crime.ho_code",
            "crime.class_code",
            "crime.class_label",
            "crime.status",
            "crime.offence_from_ts",
            "crime.mo_text",
            "crime.reported_ts",
            "crime.recording_collar",
            "crime.supervising_collar",
            "outcome.code",
            "outcome.crime_id",
            "crime_flag.flag",
        ),
        detail="'missing: ' || missing_parts",
        **_CRIME,
    ),
    Rule(
        code="STR-10",
        title="The MO is informative",
        description="20 to 300 characters, and not the same words in more than three crimes (case and spaces aside).",
        authority="recording-standards 6.1, 2.3, 6.0.8; NPCC POLE dictionary DS_088",
        dimension="conformity",
        arguments=_is_true("is_mo_informative"),
        needs=("crime.mo_text",),
        detail="'the MO has ' || mo_length || ' characters and is in ' || mo_use_count || ' crimes'",
        **_CRIME,
    ),
    Rule(
        code="STR-11",
        title="Every row belongs to an existing crime",
        description="The crime of every child row, and the parent crime that a removal names, by its reference within "
        "the force. Rows of one missing crime are listed once, under its crime_id.",
        authority="recording-standards 6.1; our own check, no national source",
        dimension="integrity",
        severity="error",
        table="core.child_reference_facts",
        record_type="crime",
        record_ref="crime_ref",
        arguments=_is_true("is_found"),
        needs=("crime.crime_id", "crime.crime_ref", "crime.force_code"),
        detail="row_count || ' rows of ' || child_tables || ' point to the ' || reference_type || ' ' || target_ref"
        " || ', which the extract does not have'",
    ),
    Rule(
        code="STR-12",
        title="Stalking or harassment has exactly one victim",
        description="Victim rows of the crime. The breach of an order with another number of victims is not evaluable: "
        "whether it is victim-based depends on a marker of the code that is not established.",
        authority="recording-standards 6.1, 6.0.11, 1.1.4; Home Office counting rules, section D",
        dimension="integrity",
        applies="is_stalking_or_harassment",
        arguments=_is_true("has_one_victim"),
        needs=("party_role.role", "crime.class_code", "crime.ho_code"),
        detail="victim_count || ' victims'",
        **_CRIME,
    ),
    Rule(
        code="STR-13",
        title="A closed crime whose outcome identifies an offender has a suspect",
        description="Outcomes as in OUT-02; a suspect or offender row, named or not.",
        authority="recording-standards 6.1, 3.1, 6.0.11; Home Office outcomes framework",
        dimension="integrity",
        severity="error",
        applies="is_offender_to_be_known",
        arguments=_is_true("has_suspect_row"),
        needs=("party_role.role", "outcome.code", "outcome.crime_id", "outcome.is_current", "crime.status"),
        detail="'outcome ' || outcome_code || ' without a suspect'",
        **_CRIME,
    ),
    Rule(
        code="STR-14",
        title="The PNC ID has its right check character",
        description="Run it at source, before the number is hashed: the extract does not have the number.",
        authority="recording-standards 6.1, 2.3; NPCC POLE dictionary DS_072",
        dimension="conformity",
        table="core.persons",
        record_type="person",
        record_ref="person_key",
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "person_key"},
        needs=("person.pncid",),
        detail="'PNC ID'",
    ),
    Rule(
        code="STR-15",
        title="NSIR opening and closing codes have three digits",
        description="Only the format: the list of codes is not public.",
        authority="recording-standards 6.1, 2.3; NPCC POLE dictionary DS_091, DS_092",
        dimension="conformity",
        arguments=_is_true("are_nsir_codes_well_formed"),
        needs=("incident.nsir_open",),
        detail="'opened as ' || coalesce(nsir_opening_code, 'blank') || ', closed as '"
        " || coalesce(nsir_closing_code, 'blank')",
        **_INCIDENT,
    ),
    Rule(arguments=_is_true("is_force_canonical"), needs=("crime.force_code",), **_IS_CANONICAL, **_CODES),
    Rule(arguments=_is_true("is_force_canonical"), needs=("incident.force_code",), **_IS_CANONICAL, **_INCIDENT),
    Rule(
        code="STR-17",
        title="As many rows as in the extract before, no month missing",
        description="Within 20% by month and class of the extract before, which is not part of this one.",
        authority="recording-standards 6.1, 6.0.12; our own check, no national source",
        dimension="completeness",
        table="core.crimes",
        record_type="series",
        record_ref="recorded_month",
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "recorded_month"},
        needs=("prior_extract",),
        detail="'rows of the month'",
    ),
    Rule(
        code="STR-18",
        title="No C5 and no N100 on stalking or harassment",
        description="C5, self-defence, is for listed assaults; N100 is for rape.",
        authority="recording-standards 6.1, 1.3; HMICFRS, classification N100; Home Office counting rules, section C",
        dimension="conformity",
        severity="error",
        applies="is_stalking_or_harassment",
        arguments=_is_true("is_free_of_barred_codes"),
        needs=("removal.removal_code", "crime.class_code"),
        detail="case when is_removed_for_self_defence then 'removed under C5, self-defence' else 'recorded as N100'"
        " end",
        **_CODES,
    ),
)
