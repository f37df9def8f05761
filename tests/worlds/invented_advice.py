"""The advice line by line for the invented force: real statements and SQL, invented figures. Plain functions."""

import invented_protection as protection
import polars as pl
from worked import Row, made

# measure -> counted, of, value, lower, upper
FIGURES: dict[str, tuple[int | None, int | None, float, float | None, float | None]] = {
    "charged_in_a_year": (99, 900, 0.11, 0.091, 0.132),
    "open_after_90_days": (None, 1_200, 0.241, 0.22, 0.266),
    "repeat_victims": (150, 1_000, 0.15, 0.129, 0.174),
    "serial_suspects_managed": (3, 40, 0.075, 0.026, 0.199),
    "stalking_orders_granted": (50, 200, 0.25, 0.195, 0.314),
    "orders_binding": (352, None, 352.0, None, None),
    "standards_kept": (9_940, 10_000, 0.994, 0.992, 0.995),
    "expected_next_month": (None, None, 198.3, 147.8, 248.2),
}


def figures() -> list[Row]:
    """The rows of metrics.advice_figures: a value for some, none for the others."""
    names = ("numerator", "denominator", "value", "lower", "upper")
    listed = [row["measure_code"] for row in made("reference.advice_figures")]
    held = {code: dict(zip(names, values, strict=True)) for code, values in FIGURES.items()}
    return [{"measure_code": code} | held.get(code, dict.fromkeys(names)) for code in listed]


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
