"""Rules on public data (recording-standards 6.7).

PUB-05 and PUB-07 are tests of the readers and the charts, not rules.
"""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule

_STREET: dict[str, Any] = {
    "table": "core.recorded_crimes",
    "record_type": "row",
    "record_ref": "delivery_ref || ':' || line_number",
}
_OUTCOME: dict[str, Any] = {
    "table": "core.crime_outcomes",
    "record_type": "row",
    "record_ref": "delivery_ref || ':' || line_number",
}


def _is_true(column: str) -> dict[str, object]:
    return {"column": column, "value_set": [True]}


RULES = (
    Rule(
        code="PUB-01",
        title="Crime type and outcome are in the published lists",
        description="The header must be that of the publisher (else the file is refused); the crime type is one of 14, "
        "the outcome one of the published list or blank.",
        authority="recording-standards 6.7, 4.1; data.police.uk",
        dimension="conformity",
        severity="error",
        arguments=_is_true("is_in_published_lists"),
        detail="'crime type ' || crime_type || ', outcome ' || coalesce(outcome_type, 'blank')",
        **_STREET,
    ),
    Rule(
        code="PUB-01",
        title="Outcome is in the published list",
        description="The outcome type of the outcomes files is one of the published list.",
        authority="recording-standards 6.7, 4.1; data.police.uk",
        dimension="conformity",
        severity="error",
        arguments=_is_true("is_in_published_lists"),
        detail="'outcome ' || coalesce(outcome_type, 'blank')",
        **_OUTCOME,
    ),
    Rule(
        code="PUB-02",
        title="Crime ID is blank only for anti-social behaviour",
        description="Otherwise it is 64 hexadecimal characters. British Transport Police publishes none: counted.",
        authority="recording-standards 6.7, 4.1; data.police.uk",
        dimension="completeness",
        arguments=_is_true("is_crime_id_as_expected"),
        detail="case when crime_ref is null then 'Crime ID blank or malformed for ' || crime_type"
        " else 'Crime ID is not 64 hexadecimal characters' end",
        **_STREET,
    ),
    Rule(
        code="PUB-03",
        title="Every expected force has supplied the month",
        description="Territorial forces of England and Wales and British Transport Police, for each month "
        "from the first to the last available; known absences (Greater Manchester since 2019; no outcomes from "
        "British Transport Police or Northern Ireland) are not breaches.",
        authority="recording-standards 6.7, 4.1; data.police.uk",
        dimension="completeness",
        table="core.coverage",
        applies="is_expected",
        record_type="series",
        record_ref="source || ' ' || force_code || ' ' || strftime(month, '%Y-%m')",
        arguments=_is_true("is_supplied"),
        detail="'no file for this force and month'",
    ),
    Rule(
        code="PUB-04",
        title="Coordinates are in the United Kingdom",
        description="Blank coordinates are allowed and not examined.",
        authority="recording-standards 6.7, 4.1; data.police.uk",
        dimension="accuracy",
        applies="longitude is not null or latitude is not null",
        arguments=_is_true("is_location_plausible"),
        detail="'longitude ' || coalesce(cast(longitude as varchar), 'blank') || ', latitude '"
        " || coalesce(cast(latitude as varchar), 'blank')",
        **_STREET,
    ),
    Rule(
        code="PUB-04-LSOA",
        title="LSOA code exists in the census list of its time",
        description="2011 codes to June 2023, 2021 codes after. Not evaluable until the LSOA lookup is delivered.",
        authority="recording-standards 6.7 (PUB-04), 4.1; data.police.uk",
        dimension="accuracy",
        applies="lsoa_code is not null",
        arguments=_is_true("is_lsoa_of_vintage"),
        detail="'LSOA ' || lsoa_code || ' in ' || strftime(month, '%Y-%m')",
        **_STREET,
    ),
    Rule(
        code="STR-16",
        title="The force is known",
        description="A name that is in no list of force names is reported and never guessed.",
        authority="recording-standards 6.1 (STR-16); ONS geographic codes",
        dimension="conformity",
        severity="error",
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "force_code"},
        detail="'reported by ' || reported_by",
        **_STREET,
    ),
    Rule(
        code="PUB-06",
        title="Detailed tables add up to the printed totals",
        description="Within 0.01%. Evaluated where both the detailed table and the printed total are available.",
        authority="recording-standards 6.7; Home Office open data tables",
        dimension="accuracy",
        severity="error",
        table="metrics.reconciliations",
        applies="is_published_total",
        record_type="series",
        record_ref="check_ref",
        arguments=_is_true("agrees"),
        detail="title || ': ' || value_a || ' against ' || value_b",
    ),
    Rule(
        code="PUB-06-CROSS",
        title="Sources agree with one another",
        description="The same count in two tables: a difference is a revision or a mistake, and is shown.",
        authority="recording-standards PUB-06-CROSS; our own check, no national source",
        dimension="accuracy",
        severity="info",
        table="metrics.reconciliations",
        applies="not is_published_total",
        record_type="series",
        record_ref="check_ref",
        arguments=_is_true("agrees"),
        detail="title || ', ' || area_name || ': ' || value_a || ' against ' || value_b",
    ),
)
