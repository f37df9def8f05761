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
            "chance_of_signal": 0.06, "is_new": key[0] in named,
        }
        for key in keys
    ]  # fmt: skip


def unread_outcomes() -> pl.DataFrame:
    counts = {"8Q": (400, 12), "8L": (600, 3), "S&H": (1000, 15)}
    return pl.DataFrame(
        [{"offence_class": code, "crime_count": total, "unread_count": n} for code, (total, n) in counts.items()]
    )


def command_tables() -> dict[str, pl.DataFrame]:
    """What is published to command."""
    return {
        "metrics.unread_outcomes": unread_outcomes(),
        "reference.owners": pl.DataFrame(made("reference.owners")),
    }
