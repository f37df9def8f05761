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
        description="Examined: crimes of any class, removed ones too. Breached where the reference is missing or "
        "another crime of the force has it. Every crime that has the reference is listed. The same reference in "
        "another force is no breach. A crime without a force is not evaluable.",
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
        description="Examined: crimes of any class, removed ones too. Met by a code that reference.ho_codes lists "
        "as valid on the day of recording. Breached outside those days, or by another form than class and "
        "sub-class, one to three digits each. A missing or a well-formed code that is not listed is not evaluable. "
        "Add the force's own offence list to reference.ho_codes, where a class without a sub-class is allowed too.",
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
        description="Examined: crimes of any class, removed ones too. Judged by the code as keyed (ho_code_raw), "
        "without which it is not evaluable. Breached by a number above 366, a day and month, a month and year, or a "
        "date.",
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
        description="Examined: crimes of any class, removed ones too. Met where reference.ho_codes gives the code "
        "the crime's class. Stalking recorded before 1 April 2014 may be under 8L, of which it was part. Not "
        "evaluable where reference.ho_codes does not give the class of the code.",
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
        description="Examined: crimes of any class with a CJS offence code, removed ones too. Met by AAYYNNN, "
        "COMLNNN or XX00NNN, with A, B, C or I for attempts and the like.",
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
        description="Examined: outcome rows, current or not, of removed crimes too. So is a row set aside because "
        "its value looks like no code (NFA, 1B). One or two digits, with or without A, look like a code (23, 4A). Met "
        "by 0, 1, 1A, 2, 2A, 3, 3A and 4 to 22. Without a known crime the row itself is listed.",
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
        description="Examined: crimes of any class with a date, removed ones and those that only other tables name "
        "too. Breached by a past moment of the crime or its child rows after the receipt of the extract. An as-of "
        "date, when one is given, takes its place. Due, expiry and end dates may be in the future.",
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
        description="Examined: incidents. Breached by a creation, closing, attendance or decision after the receipt "
        "of the extract. An as-of date, when one is given, takes its place. An incident without any of the four is "
        "not evaluable.",
        needs=("incident.created_ts",),
        detail=_future("'the latest moment of the incident'"),
        **_INCIDENT,
        **_NOT_IN_FUTURE,
    ),
    Rule(
        part="ORDER",
        title="No date of an order is in the future",
        description="Examined: orders with a date of what happened to them. That is application, grant, service, "
        "notification, consideration, an event, or a breach without a crime. Breached by one after the receipt of "
        "the extract, or after the as-of date when one is given.",
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
        description="Examined: crimes of any class, removed ones too. Breached by an offence that ends before it "
        "begins, or after the report. Breached also by an outcome other than 0 before the recording. Without an end "
        "the beginning counts; of report and recording one takes the other's place. Without a fault, a missing "
        "beginning, report or recording is not evaluable. A recording before the report is the warning of the same "
        "code.",
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
        description="Examined: crimes of any class, removed ones too. Breached by a recording before the report; "
        "without one of the two it is not evaluable. It is the warning of STR-08: a crime that officers discover "
        "may be keyed with the two swapped.",
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
        description="Examined: crimes of any class, removed ones too. Breached where one of these is missing. Home "
        "Office code, class and its name, an outcome row, status, offence date and time, MO. Reported date, "
        "recording and supervising officer, and one location of postcode, coordinates or area. A hate flag is a row "
        "where it is set: once flags are delivered, none can be missing. Not evaluable where nothing is missing and "
        "one of them could not be read.",
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
        description="Examined: crimes of any class, removed ones too. Met by 20 to 300 characters, and not the same "
        "words in more than three crimes of the force. Case and spaces are left aside. A crime without an MO is not "
        "evaluable.",
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
        description="Examined: crimes that child rows name, removed ones too, and parent crimes that removals name. "
        "Each crime named is one test, and so is each parent of each removed crime. Child rows are those of every "
        "table with a crime_id. Breached where that crime is not in the extract; a parent is sought by its "
        "reference within the force. A crime whose own row is in quarantine is not evaluable. Rows of one missing "
        "crime are listed once, under its crime_id.",
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
        description="Examined: stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U), removed ones too. Met by "
        "exactly one victim row. The breach of an order with another number of victims is not evaluable. Whether it "
        "is victim-based depends on a marker of the code that is not established.",
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
        description="Examined: crimes of status closed whose current outcome is in OUT-02 or is missing, removed "
        "ones too. Met by a suspect or offender row, named or not. Without a current outcome it is not evaluable.",
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
        description="Examined: incidents, each once for both codes. Met by three digits in the opening code, and in "
        "the closing code where there is one. Without an opening code only a closing code of another form is a "
        "breach, else it is not evaluable. Only the format: the list of codes is not public.",
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
        description="Examined: none, because the extract before is not part of this one. It would be compared by "
        "month and class, and rows within 20% would meet the rule.",
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
        description="Examined: stalking and harassment crimes (8L, 8M, 8Q, 8R, 8U), and N100 with one of these "
        "included, removed ones too. Breached by a removal under C5, or by N100 as class or code. C5, self-defence, "
        "is for listed assaults; N100 is for rape.",
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
