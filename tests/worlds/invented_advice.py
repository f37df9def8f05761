"""The advice line by line for the invented force: real statements and SQL, invented figures. Plain functions."""

import datetime as dt

import invented_protection as protection
import polars as pl
from worked import Row, made

# figure -> counted, of, value, lower, upper
FIGURES: dict[str, tuple[int | None, int | None, float, float | None, float | None]] = {
    "charged_in_a_year": (99, 900, 0.11, 0.091, 0.132),
    "outcome_90": (911, 1_200, 0.759, 0.734, 0.78),
    "repeat_victims": (150, 1_000, 0.15, 0.129, 0.174),
    "serial_suspects_managed": (3, 40, 0.075, 0.026, 0.199),
    "stalking_orders_granted": (50, 200, 0.25, 0.195, 0.314),
    "standards_kept": (9_940, 10_000, 0.994, 0.992, 0.995),
    "orders_binding": (352, None, 352.0, None, None),
    "expected_next_month": (None, None, 198.3, 147.8, 248.2),
}
DAY = dt.date(2025, 10, 31)


def figures() -> list[Row]:
    """The rows of metrics.advice_figures: protection as it is measured, a value for some of the others."""
    names = ("numerator", "denominator", "value", "lower", "upper")
    duties = {
        row["measure_code"]: (row["met_count"], row["due_count"], row["met_share"], row["share_lower"],
                              row["share_upper"])
        for row in protection.protection_measures().to_dicts() if row["status"] == "measured"
    }  # fmt: skip
    reasons = {row["measure_code"]: row["absent_reason"] for row in made("reference.advice_figures")}
    reasons |= {row["measure_code"]: row["reason"] for row in protection.protection_measures().to_dicts()}
    held = {code: dict(zip(names, values, strict=True)) for code, values in (FIGURES | duties).items()}
    year = {"period_start": dt.date(2024, 11, 1), "period_end": DAY, "is_so_far": False}
    return [
        {"measure_code": code, "status": "measured" if code in held else "not measured",
         "reason": None if code in held else reason} | year | held.get(code, dict.fromkeys(names))
        for code, reason in reasons.items()
    ]  # fmt: skip


def answers() -> list[Row]:
    """The rows of metrics.advice_answers."""
    measures = protection.protection_measures()
    return made(
        "metrics.advice_answers",
        metrics_protection_measures=measures.to_dicts(),
        metrics_advice_figures=figures(),
    )


def command_tables() -> dict[str, pl.DataFrame]:
    """What is published to command."""
    return {"metrics.advice_answers": pl.DataFrame(answers(), infer_schema_length=None)}
