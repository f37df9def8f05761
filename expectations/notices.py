"""Rules on notices in stalking and harassment (recording-standards 6.6, NOT)."""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule

_NOTICE: dict[str, Any] = {
    "authority": "recording-standards 6.6; College of Policing, advice for supervisors: vulnerability and risk",
    "table": "core.notice_facts",
    "record_type": "crime",
    "record_ref": "crime_ref",
}

RULES = (
    Rule(
        code="NOT-01",
        title="No notice and no words of advice are used in stalking or harassment",
        description="Examined: stalking and harassment crimes on record. Breached by a notice of any kind. Breached "
        "also where the crime's text or its incident's mentions words of advice, a PIN or a harassment warning. "
        "Without a notice and without text it is not evaluable.",
        dimension="completeness",
        timing="open",
        arguments={"column": "has_notice", "value_set": [False]},
        detail="case when notice_count > 0 then notice_count || ' notice(s): ' || notice_types"
        " else 'the text mentions a notice or words of advice' end",
        needs=("notice.type", "crime.mo_text", "crime.class_code"),
        **_NOTICE,
    ),
    Rule(
        code="NOT-02",
        title="A notice does not replace an investigation",
        description="Examined: stalking and harassment crimes on record in which a notice was given. Breached by "
        "outcome "
        "10, 16, 21 or 22 within the limit in days after the notice, the limit included. An outcome "
        "later replaced counts too.",
        dimension="timeliness",
        timing="notices.closing_days",
        applies="notice_count > 0",
        arguments={"column": "is_closed_soon_after_notice", "value_set": [False]},
        detail="'outcome ' || no_action_code || ' ' || round(days_to_no_action, 1) || ' days after the notice'",
        needs=("notice.issued_ts", "outcome.outcome_ts", "outcome.code", "crime.class_code"),
        escalate=True,
        **_NOTICE,
    ),
)
