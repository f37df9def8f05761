"""Rules on stalking protection orders and other protective orders (recording-standards 6.6, ORD)."""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule, Setting

_ORDER: dict[str, Any] = {"record_type": "order", "record_ref": "order_ref"}
_CRIME: dict[str, Any] = {"record_type": "crime", "record_ref": "crime_ref"}
# a breach without a crime belongs to its order: recording-standards 6.0.2
_BREACH: dict[str, Any] = {**_CRIME, "table": "core.order_breach_facts", "or_else": ("order", "order_ref")}
_BETWEEN = "ExpectColumnValuesToBeBetween"
_DATES = "strftime(granted_at, '%Y-%m-%d')"

_LIVE: dict[str, Any] = {
    "code": "ORD-06",
    "authority": "recording-standards 6.6, 6.0.11; our own check, no national source",
    "dimension": "completeness",
    "severity": "error",
}

RULES = (
    Rule(
        code="ORD-01",
        title="A stalking protection order is considered when stalking is closed without further action",
        description="Examined: stalking (8Q) on record whose current outcome is 10, 14 to 18 or 20 to 22. Met "
        "by an order row (spo_full, spo_interim) of its victim and a suspect with considered_ts or "
        "not_applied_rationale. Without a named suspect there is no respondent: not evaluable.",
        authority="recording-standards 6.6, 6.0.6, 6.0.11; College of Policing, advice for supervisors: vulnerability "
        "and risk; Stalking Protection Orders, statutory guidance, 2024",
        dimension="completeness",
        timing="open",
        table="core.order_consideration_facts",
        arguments={"column": "is_order_considered", "value_set": [True]},
        detail="'outcome ' || outcome_code || ', and no stalking protection order was considered'",
        needs=(
            "order_.considered_ts",
            "order_.not_applied_rationale",
            "outcome.code",
            "party_role.person_key",
            "order_.type",
            "outcome.is_current",
            "crime.class_code",
            "party_role.role",
            "party_role.named",
        ),
        **_CRIME,
    ),
    Rule(
        code="ORD-02",
        title="An application for a stalking protection order states its three grounds",
        description="Examined: stalking protection orders that were applied for. Acts, risk and necessity must all "
        "be true; an empty one is a breach.",
        authority="recording-standards 6.6; Stalking Protection Act 2019, s.1(1) and explanatory notes",
        dimension="completeness",
        table="core.order_facts",
        applies="is_stalking_protection and applied_at is not null",
        arguments={"column": "has_all_grounds", "value_set": [True]},
        detail="'applied for on ' || strftime(applied_at, '%Y-%m-%d') || ' without acts, risk and necessity all made "
        "out'",
        needs=(
            "order_.applied_ts",
            "order_.grounds_acts",
            "order_.grounds_risk",
            "order_.grounds_necessary",
            "order_.type",
        ),
        **_ORDER,
    ),
    Rule(
        code="ORD-03",
        title="A full stalking protection order lasts two years, an interim one has its date",
        description="Examined: stalking protection orders that were granted. Whole calendar months that begin with "
        "the day of granting and end with the last day, leap years or not; a full order without a day of expiry "
        "(until further order) is not evaluable. The return date of an interim order is its day of expiry.",
        authority="recording-standards 6.6; Stalking Protection Act 2019, s.3",
        dimension="completeness",
        severity="error",
        table="core.order_facts",
        version=2,
        applies="is_stalking_protection and granted_at is not null",
        arguments={"column": "has_lawful_term", "value_set": [True]},
        detail="case when expires_date is null then 'interim order without a date' else 'granted on ' || "
        + _DATES
        + " || ', expires on ' || strftime(expires_date, '%Y-%m-%d') || ': ' || term_months || ' months' end",
        needs=("order_.granted_ts", "order_.expires", "order_.type"),
        **_ORDER,
    ),
    Rule(
        code="ORD-04",
        title="Notification follows the service of a stalking protection order in time",
        description="Examined: stalking protection orders that were served, other than a full one in place of an "
        "interim one. Elapsed days from service to notification; exactly the limit meets the rule. Without "
        "notification the days run on to the as-of moment.",
        authority="recording-standards 6.6, 6.0.11; Stalking Protection Act 2019, s.9(1); Crown Prosecution Service, "
        "stalking protection orders",
        dimension="timeliness",
        timing="orders.notification_days",
        table="core.order_facts",
        version=2,
        applies="is_notification_due",
        expectation=_BETWEEN,
        arguments={"column": "days_to_notification", "max_value": Setting("orders.notification_days")},
        detail="round(days_to_notification, 1) || ' days after service'",
        needs=("order_.served_ts", "order_.notified_ts", "order_.type"),
        **_ORDER,
    ),
    Rule(
        code="ORD-05",
        title="The respondent of an order has the minimum age",
        description="Examined: orders of every kind. Age when it was applied for, else granted or considered, from the "
        "month of birth: not evaluable in the month of the deciding birthday, or without a month of birth.",
        authority="recording-standards 6.6; Stalking Protection Act 2019",
        dimension="completeness",
        severity="error",
        table="core.order_facts",
        arguments={"column": "is_respondent_of_age", "value_set": [True]},
        detail="'respondent aged ' || respondent_age_at_most",
        needs=("order_.respondent_key", "person.birth_ym"),
        **_ORDER,
    ),
    Rule(
        code="ORD-05",
        part="YOUTH",
        title="An application against a young person goes to the youth court",
        description="Examined: stalking protection orders applied for against a respondent of ten to seventeen. Met "
        "where the court's name says youth; without a court, or in the month of the eighteenth birthday, not "
        "evaluable.",
        authority="recording-standards 6.6; Stalking Protection Act 2019",
        dimension="completeness",
        table="core.youth_order_facts",
        arguments={"column": "is_in_youth_court", "value_set": [True]},
        detail="'respondent aged ' || respondent_age_at_most || ', court: ' || court",
        needs=("order_.type", "order_.applied_ts", "order_.respondent_key", "order_.court", "person.birth_ym"),
        **_ORDER,
    ),
    Rule(
        title="An order is granted, then served, then expires",
        description="Examined: orders that were served. Moments of granting and service; the day of service is not "
        "after the day of expiry.",
        table="core.order_facts",
        applies="served_at is not null",
        arguments={"column": "are_dates_in_order", "value_set": [True]},
        detail="'granted ' || coalesce("
        + _DATES
        + ", 'unknown') || ', served ' || strftime(served_at, '%Y-%m-%d') || ', expires '"
        " || coalesce(strftime(expires_date, '%Y-%m-%d'), 'never')",
        needs=("order_.granted_ts", "order_.served_ts"),
        **_LIVE,
        **_ORDER,
    ),
    Rule(
        part="BREACH",
        title="A breach falls within the life of its order",
        description="Examined: breaches of orders, each listed against its crime, else against the order. A breach on "
        "the day of expiry is within. Without a deciding date it is not evaluable.",
        arguments={"column": "is_in_live_period", "value_set": [True]},
        detail="'breached at ' || strftime(breached_at, '%Y-%m-%d %H:%M') || 'Z, '"
        " || case when is_after_service then 'after the order expired' else 'before the order was served' end",
        needs=("order_breach.ts", "order_.served_ts", "order_.expires"),
        **_LIVE,
        **_BREACH,
    ),
    Rule(
        code="ORD-07",
        title="The breach of an order has a response",
        description="Examined: breaches of orders, each listed against its crime, else against the order. Met by a "
        "written reason (no_crime_rationale, the only reason the extract has). A crime and an arrest within the "
        "limit in hours, the limit included, meet it too. Until then a crime without arrest meets the rule.",
        authority="recording-standards 6.6; College of Policing, advice for supervisors: investigative strategy",
        dimension="timeliness",
        timing="orders.arrest_hours",
        arguments={"column": "is_answered", "value_set": [True]},
        detail="case when not has_crime_or_reason then 'no crime and no reason' else 'no arrest within '"
        " || round(hours_to_arrest, 1) || ' hours of the breach and no reason' end",
        needs=(
            "order_breach.ts",
            "order_breach.crime_id",
            "order_breach.arrest_ts",
            "order_breach.no_crime_rationale",
        ),
        **_BREACH,
    ),
    Rule(
        code="ORD-08",
        title="The file of a charge requests an order with conditions agreed with the victim",
        description="Examined: charged stalking and harassment crimes on record (current outcome 1 or 1A). Met "
        "by the file item order_conditions, present.",
        authority="recording-standards 6.6; College of Policing, advice for supervisors: case building",
        dimension="completeness",
        timing="open",
        table="core.case_file_facts",
        applies="is_charged",
        arguments={"column": "has_order_request", "value_set": [True]},
        detail="'the file has no request for an order with conditions'",
        needs=("case_file.item", "outcome.code", "case_file.present", "outcome.is_current", "crime.class_code"),
        **_CRIME,
    ),
    Rule(
        code="ORD-09",
        title="A domestic abuse notice leads to a hearing in time",
        description="Examined: notices (dvpn, dapn). Hours run from service, else granting, to the granting, else "
        "the application, of the next order. That is a dvpo or dapo against the same person; exactly the limit "
        "meets the rule. Without an order the hours run on to the as-of moment. Sundays, Christmas Day, Good Friday "
        "and bank holidays do not count.",
        authority="recording-standards 6.6; Crime and Security Act 2010, s.27; Domestic Abuse Act 2021, s.29",
        dimension="timeliness",
        timing="orders.hearing_hours",
        version=2,
        table="core.order_hearing_facts",
        expectation=_BETWEEN,
        arguments={"column": "hours_to_hearing", "max_value": Setting("orders.hearing_hours")},
        detail="case when hearing_at is null then 'no hearing' else 'hearing' end || ' '"
        " || round(hours_to_hearing, 1) || ' hours that count after service'",
        needs=("order_.type", "order_.served_ts", "order_.granted_ts"),
        **_ORDER,
    ),
)
