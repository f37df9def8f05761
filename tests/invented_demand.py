"""Invented tables of demand ahead in the shape of the published ones. Plain functions, no fixtures."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl

NAMED = ("demand_months", "forecast_states", "forecast_backtest", "demand_forecast")
HELD, AHEAD = 36, 12
SERIES = {  # ref -> code, label, source, force, level, why refused
    "extract|F|S&H": ("S&H", "Stalking and harassment", "extract", "Invented Force", 140, None),
    "extract|F|8M": ("8M", "Racially or religiously aggravated harassment", "extract", "Invented Force", 2, None),
    "mps_ward_offences|M|S&H": (
        "S&H", "Stalking and harassment", "mps_ward_offences", "Metropolitan Police Service", 6000,
        "the way of recording changed in February 2024 and 21 months have come since",
    ),
}  # fmt: skip


def month(place: int) -> dt.date:
    """From November 2022 on."""
    return dt.date(2022 + (10 + place) // 12, (10 + place) % 12 + 1, 1)


def count(level: int, place: int) -> int:
    return round(level * (1 + 0.2 * math.sin(2 * math.pi * place / 12)))


def demand_months() -> pl.DataFrame:
    rows = [
        {"series_ref": ref, "source": source, "force_code": ref.split("|")[1], "force_name": force,
         "offence_code": code, "offence_label": label, "month": month(n), "crime_count": count(level, n)}
        for ref, (code, label, source, force, level, _) in SERIES.items() for n in range(HELD)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def forecast_states() -> pl.DataFrame:
    rows = [
        {"series_ref": ref, "source": source, "force_code": ref.split("|")[1], "force_name": force,
         "offence_code": code, "offence_label": label, "point_count": HELD, "first_month": month(0),
         "latest_month": month(HELD - 1), "break_count": 2, "own_count": 20,
         "is_forecast": why is None, "refused_reason": why}
        for ref, (code, label, source, force, _, why) in SERIES.items()
    ]  # fmt: skip
    return pl.DataFrame(rows)


def forecast_backtest(coverage: float = 0.78) -> pl.DataFrame:
    models = (("count model", True, 0.81), ("same month a year before", False, 1.02))
    rows = [
        {"series_ref": ref, "model": model, "is_chosen": chosen, "origin_count": 12, "forecast_count": 78,
         "scaled_error": error, "coverage_80_share": coverage, "coverage_95_share": min(1.0, coverage + 0.15)}
        for ref, facts in SERIES.items() if facts[-1] is None for model, chosen, error in models
    ]  # fmt: skip
    return pl.DataFrame(rows)


def demand_forecast() -> pl.DataFrame:
    rows = []
    for ref, (_, _, _, _, level, why) in SERIES.items():
        for ahead in range(1, AHEAD + 1) if why is None else ():
            mean = count(level, HELD - 1 + ahead)
            limits = {f"{side}_{width}": max(0.0, mean + sign * width / 2)
                      for width in (80, 95) for side, sign in (("lower", -1), ("upper", 1))}  # fmt: skip
            rows.append({"series_ref": ref, "model": "count model", "month": month(HELD - 1 + ahead),
                         "months_ahead": ahead, "expected_count": float(mean), **limits})  # fmt: skip
    return pl.DataFrame(rows)


def command_tables() -> dict[str, pl.DataFrame]:
    return {f"metrics.{name}": globals()[name]() for name in NAMED}
