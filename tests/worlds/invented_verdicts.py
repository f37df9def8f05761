"""Verdicts on watched shares, owners and unread outcomes for the invented force. Plain functions, no fixtures."""

import datetime as dt

import polars as pl
from invented_protection import ROWS
from worked import Row, made


def watched_verdicts() -> list[Row]:
    """Every measure of protection and charges of two classes; one is higher, one too rare, one has too few months."""
    named = {"referral_offered": "higher", "notice_avoided": "not_charted", "order_considered": "not_enough_points"}
    keys = [(row[0], "none", "all") for row in ROWS] + [("charged_90", "class", code) for code in ("8Q", "8L")]
    return [
        {
            "series_ref": "|".join(key), "measure_code": key[0], "breakdown": key[1], "breakdown_value": key[2],
            "period_type": "month", "first_month": dt.date(2022, 1, 1), "latest_period": dt.date(2025, 9, 1),
            "segment_first_month": dt.date(2024, 2, 1), "segment_point_count": 20,
            "verdict": named.get(key[0], "no_change"), "expected_false_signals": 0.25,
            "chance_of_signal": 0.06, "is_new": False, "is_change": False, "q_value": 1.0,
        }
        for key in keys
    ]  # fmt: skip


def attention() -> pl.DataFrame:
    """A new change of the force, three units unlike the rest, and a duty: in the order of their rank."""
    row = {
        "attention_rank": 1, "kind": "change", "measure_code": "referral_offered", "breakdown": "none",
        "breakdown_value": "all", "period_start": dt.date(2025, 7, 1), "period_end": dt.date(2025, 9, 1),
        "numerator": 120, "denominator": 200, "value": 0.6, "expected": 0.75, "lower": 0.68, "upper": 0.81,
        "q_value": 0.01, "is_new": True, "is_better": False, "weight": 32.0, "also_count": 0,
        "sentence": "Support offered: 60.0% (120 of 200) since July 2025, 75.0% expected (68.0% to 81.0%).",
        "question": "What changed in the force in July 2025, and is it meant to last?",
        "post": "Head of public protection",
    }  # fmt: skip
    units = [
        row | {
            "attention_rank": rank, "kind": "outlier", "breakdown": "unit", "breakdown_value": f"Invented Unit {name}",
            "is_new": False, "sentence": f"Support offered, Invented Unit {name}: 60.0% (120 of 200), rest 75.0%.",
            "question": f"What does Invented Unit {name} do otherwise than the rest of the force?", "q_value": 0.004,
        }
        for rank, name in ((2, "A"), (3, "B"), (4, "C"))
    ]  # fmt: skip
    duty = row | {
        "attention_rank": 5, "kind": "duty", "measure_code": "risk_assessed", "expected": None, "lower": None,
        "upper": None, "q_value": None, "is_new": False, "is_better": None, "question": "Why were these missed?",
        "sentence": "Risk assessed: 80.0% met, 40 of 200 missed, October 2024 to September 2025.",
    }  # fmt: skip
    return pl.DataFrame([row, *units, duty], infer_schema_length=None)


def unread_outcomes() -> pl.DataFrame:
    counts = {"8Q": (400, 12), "8L": (600, 3), "S&H": (1000, 15)}
    return pl.DataFrame(
        [{"offence_class": code, "crime_count": total, "unread_count": n} for code, (total, n) in counts.items()]
    )


def command_tables() -> dict[str, pl.DataFrame]:
    """What is published to command."""
    return {
        "metrics.unread_outcomes": unread_outcomes(), "metrics.attention": attention(),
        "reference.owners": pl.DataFrame(made("reference.owners")),
    }
