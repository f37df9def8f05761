"""Verdicts on watched shares, owners and unread outcomes for the invented force. Plain functions, no fixtures."""

import datetime as dt

import polars as pl
from invented_protection import ROWS
from worked import made


def watched_verdicts() -> pl.DataFrame:
    """Every measure of protection and two classes; one is higher, one too rare, one has too few months."""
    named = {"referral_offered": "higher", "notice_avoided": "not_charted", "order_considered": "not_enough_points"}
    keys = [("protection", row[0]) for row in ROWS] + [("charged", "8Q"), ("charged", "8L")]
    return pl.DataFrame(
        [
            {
                "series_ref": f"{subject}|{code}", "subject": subject, "code": code,
                "first_month": dt.date(2022, 1, 1), "latest_month": dt.date(2025, 9, 1),
                "segment_first_month": dt.date(2024, 2, 1), "segment_point_count": 20,
                "verdict": named.get(code, "no_change"), "expected_false_signals": 0.25,
                "chance_of_signal": 0.06, "is_new": code in named,
            }
            for subject, code in keys
        ]
    )  # fmt: skip


def unread_outcomes() -> pl.DataFrame:
    counts = {"8Q": (400, 12), "8L": (600, 3), "S&H": (1000, 15)}
    return pl.DataFrame(
        [{"offence_class": code, "crime_count": total, "unread_count": n} for code, (total, n) in counts.items()]
    )


def command_tables() -> dict[str, pl.DataFrame]:
    """What is published to command."""
    return {
        "metrics.watched_verdicts": watched_verdicts(),
        "metrics.unread_outcomes": unread_outcomes(),
        "reference.owners": pl.DataFrame(made("reference.owners")),
    }
