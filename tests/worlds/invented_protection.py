"""Invented tables of the protection of victims in the shape of the published ones. Plain functions, no fixtures."""

import datetime as dt
from typing import Any

import polars as pl

from assets.methods.intervals import wilson_interval

FIGURES = {  # address -> the figures that its page shows of these rows
    "are_victims_protected": [
        "protection-first", "protection-risk", "order-funnel", "case-file-gaps", "protection-followed",
    ],
}  # fmt: skip

NAMED = ("protection_measures", "order_funnel", "case_file_gaps", "victim_rights", "order_terms", "order_conditions",
         "course_coverage")  # fmt: skip
# code, section, kind, first on the page, words, advice, met, late, missed, not known, not due yet
ROWS: tuple[tuple[Any, ...], ...] = (
    ("risk_assessed", "risk", "duty", True, "Risk assessed within 24 hours of the report", "V1 L2", 900, 60, 40, 12, 3),
    ("risk_plan_high", "risk", "duty", True, "High risk: plan with owner and review date", "V1", 90, 0, 10, 0, 0),
    ("reassessed_arrest", "risk", "duty", False, "Reassessed within 48 hours of an arrest", "V3", 98, 2, 6,
     0, 1),
    ("risk_victim_consulted", "risk", "duty", False, "Victim consulted on the plan", "V4", *[None] * 5),
    ("order_considered", "orders", "duty", True, "Stalking, no further action: order considered",
     "V8", 120, 0, 80, 30, 0),
    ("order_hearing", "orders", "duty", False, "Domestic notice: hearing within 48 hours", "M5", 3, 1, 2, 0, 0),
    ("breach_arrest_first", "breaches", "duty", True, "Breach of an order: arrest within 24 hours", "V17", 70, 20,
     10, 0, 4),
    ("breach_answered", "breaches", "duty", False, "Breach of an order: crime or written reason", "V17", 101, 0,
     3, 0, 0),
    ("victim_told_enhanced", "victims", "duty", True,
     "Enhanced rights: told within 1 working day", "V13", 700, 50, 50, 8, 2),
    ("referral_offered", "victims", "duty", True, "Stalking: support offered, consent recorded", "V7", 480,
     0, 20, 0, 0),
    ("notice_avoided", "investigation", "duty", True, "No notice and no words of advice used", "V5", 1190, 0, 10, 40,
     0),
    ("file_complete", "file", "duty", True,
     "Charged: MG3, MG5 with timeline, MG6 all there", "V21", 150, 0, 50, 0, 0),
    ("breach_charge", "breaches", "follow-up", False, "Breach of an order: charge within 90 days", "V17", 40, 10,
     30, 0, 20),
    ("second_report_soon", "investigation", "follow-up", False,
     "Second report of the same pair within 30 days", "V6", 100, 60, 740, 0, 50),
)  # fmt: skip
YEAR = {"period_start": dt.date(2024, 11, 1), "period_end": dt.date(2025, 10, 1)}
NAMES = ("measure_code", "section", "kind", "is_lead", "measure_name", "advice_rows", "met_count", "late_count",
         "missed_count", "not_known_count", "not_yet_due_count")  # fmt: skip


def protection_measures(*without: str) -> pl.DataFrame:
    """Every measure; those of sections `without` are not measured."""
    rows = []
    for place, values in enumerate(ROWS, start=1):
        row = dict(zip(NAMES, values, strict=True))
        is_measured = row["met_count"] is not None and row["section"] not in without
        if not is_measured:
            row |= dict.fromkeys(NAMES[6:])
        due = row["met_count"] + row["late_count"] + row["missed_count"] if is_measured else None
        lower, upper = wilson_interval(row["met_count"], due) if due else (None, None)
        reason = "field risk_plan.victim_consulted not supplied" if values[6] is None else "table invented not supplied"
        rows.append(row | {
            "place": place, "due_count": due,
            "status": "measured" if is_measured else "not measured", "reason": None if is_measured else reason,
            "met_share": row["met_count"] / due if due else None, "share_lower": lower, "share_upper": upper,
            "median_hours": 5.5 if is_measured else None, **YEAR,
        })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def order_funnel(*, has_orders: bool = True, has_breaches: bool = True) -> pl.DataFrame:
    """Three kinds; few of the second."""
    rows = [("stalking protection order", 1, 200, 80, 50, 45, 12, 8, 10, 0, 12, 9, 40, 7, 20),
            ("restraining order", 2, 33, 33, 30, 28, 2, 0, 1, 0, 3, 2, 25, 2, 25),
            ("other order", 7, *[0] * 13)]
    names = ["order_kind", "place", "considered_count", "applied_count", "granted_count", "served_count",
             "refused_count", "withdrawn_count", "waiting_count", "unread_count",
             "breached_count", "enforced_count", "live_count", "ending_count", "live_after_closing_count"]  # fmt: skip
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.Series("not_authorised_count", [9, 0, 0]), pl.Series("varied_count", [6, 7, 0]),
        pl.Series("renewed_count", [3, 0, 0]), pl.Series("discharged_count", [8, 0, 0]),
        is_measured=pl.lit(value=has_orders), are_breaches_measured=pl.lit(value=has_breaches))
    hidden = names[2:] if not has_orders else names[10:12] if not has_breaches else []
    return frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in hidden)


def case_file_gaps(*counts: int) -> pl.DataFrame:
    """The timeline is missing most often."""
    missing = counts or (30, 14, 6)
    names = ("Timeline of the behaviour in MG5", "MG2, special measures", "MG3, report to the prosecutor")
    total = sum(missing) or 1
    return pl.DataFrame({
        "item": ["mg5_timeline", "mg2", "mg3"], "item_name": names, "rule_code": ["FIL-01", "FIL-02", "FIL-01"],
        "file_count": [200] * 3, "missing_count": missing, "missing_share": [n / 200 for n in missing],
        "place": [1, 2, 3], "running_share": [sum(missing[: i + 1]) / total for i in range(3)]})  # fmt: skip


def victim_rights() -> pl.DataFrame:
    """One right that is measured, one with few, one without a field and one without its table."""
    rows = [(4, "support", "Referred to a support service", "measured", None, 240, 300, None),
            (6, "news", "Informed of the outcome", "measured", None, 27, 29, None),
            (12, "complaint", "A complaint is answered", "no field", None, None, None, "complaint received"),
            (7, "statement", "Offered", "not measured", "table invented not supplied", None, None, None)]  # fmt: skip
    made = []
    for place, (number, name, duty, status, reason, met, due, missing) in enumerate(rows, 1):
        lower, upper = wilson_interval(met, due) if due else (None, None)
        made.append({
            "place": place, "right_number": number, "right_name": name, "duty": duty, "time_words": "two working days",
            "measure_code": None, "rule_code": None, "missing_field": missing, "authority": "Invented",
            "status": status, "reason": reason, "met_count": met, "due_count": due,
            "met_share": met / due if due else None, "share_lower": lower, "share_upper": upper, **YEAR,
        })  # fmt: skip
    return pl.DataFrame(made, infer_schema_length=None)


def order_terms() -> pl.DataFrame:
    """Fifty full orders, and few interim ones."""
    names = ["order_type", "granted_count", "condition_median", "condition_highest", "positive_count",
             "under_two_years_count", "two_years_count", "longer_count", "endless_count",
             "days_to_service_median"]  # fmt: skip
    rows = [("spo_full", 50, 4.5, 9, 20, 0, 20, 30, 0, 2.0), ("spo_interim", 6, 3.0, 4, 2, 6, 0, 0, 0, 1.0)]
    return pl.DataFrame(rows, schema=names, orient="row")


def order_conditions() -> pl.DataFrame:
    """Three conditions of stalking protection orders, one of them with few breaches; another order's without any."""
    names = ["order_kind", "condition_kind", "order_count", "breach_count", "answered_count", "arrest_count",
             "charge_count"]  # fmt: skip
    spo = "stalking protection order"
    rows = [(spo, "no_contact", 50, 30, 29, 25, 6), (spo, "exclusion_zone", 40, 12, 12, 12, 5),
            (spo, "programme", 10, 2, 2, 1, 0), ("restraining order", "no_contact", 30, 0, 0, 0, 0)]  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row")


def course_coverage() -> pl.DataFrame:
    """A course that most have, one that few have, and a role."""
    names = ["course", "staff_count", "holder_count", "unit_count", "covered_unit_count"]
    rows = [("champion", 100, 6, 8, 5), ("clinic", 100, 3, 8, 3), ("stalking", 100, 62, 8, 8)]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        holder_share=pl.col("holder_count") / pl.col("staff_count")
    )


def command_tables() -> dict[str, pl.DataFrame]:
    """What the command audience gets."""
    made = (protection_measures(), order_funnel(), case_file_gaps(), victim_rights(), order_terms(),
            order_conditions(), course_coverage())  # fmt: skip
    return dict(zip((f"metrics.{name}" for name in NAMED), made, strict=True))
