"""Invented tables of demand ahead in the shape of the published ones. Plain functions, no fixtures."""

import datetime as dt
import math

import polars as pl

FIGURES = {  # address -> the figures that its page shows of these rows
    "what_is_coming": ["demand-ahead"],
}  # fmt: skip

NAMED = ("demand_months", "forecast_states", "forecast_backtest", "demand_forecast", "open_caseload",
         "investigator_demand", "district_forecasts")  # fmt: skip
HELD, AHEAD = 36, 12
SERIES = {  # ref -> code, label, source, force, level, why refused
    "extract|F|S&H": ("S&H", "Stalking and harassment", "extract", "Invented Force", 140, None),
    "extract|F|8M": ("8M", "Racially or religiously aggravated harassment", "extract", "Invented Force", 2, None),
    "mps_ward_offences|M|S&H": (
        "S&H", "Stalking and harassment", "mps_ward_offences", "Metropolitan Police Service", 6000,
        "the way of recording changed in February 2024 and 21 months have passed since",
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
         "stepped_month": month(4), "stepped_count": 32, "step_count": 1,
         "is_forecast": why is None, "refused_reason": why}
        for ref, (code, label, source, force, _, why) in SERIES.items()
    ]  # fmt: skip
    return pl.DataFrame(rows)


def forecast_backtest(coverage: float = 0.78) -> pl.DataFrame:
    models = (("count model", True, 0.81), ("same month a year before", False, 1.02))
    rows = [
        {"series_ref": ref, "force_code": ref.split("|")[1], "model": model, "is_chosen": chosen,
         "origin_count": 12, "forecast_count": 78,
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
                         "months_ahead": ahead, "expected_count": float(mean), "is_reconciled": False,
                         **limits})  # fmt: skip
    return pl.DataFrame(rows)


def district_forecasts() -> pl.DataFrame:
    """Two districts and crimes of no known district, each with two parts."""
    places = {"Invented East": (60, 160), "Invented West": (75, 190), "not known": (9, 22)}
    rows = [
        {"force_code": "F", "district": district, "part": part, "month_count": AHEAD, "first_month": month(HELD),
         "recorded_count": count, "expected_count": 1.1 * count, "lower_80": 0.9 * count // 1,
         "upper_80": 1.3 * count // 1, "lower_95": 0.8 * count // 1, "upper_95": 1.4 * count // 1,
         "test_count": 12, "held_80_count": 9, "held_95_count": 12}
        for district, counts in places.items()
        for part, count in zip(("stalking (8Q)", "other classes"), counts, strict=True)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def open_caseload() -> pl.DataFrame:
    """Month ends with one that cannot be counted, and the as-of moment by unit, level and risk."""
    rows = [_caseload(n, "force", "whole force", 300 + 5 * n, 90 + n) for n in range(14, HELD) if n != 20]
    parts = {
        "unit": {"Unit A": (145, 40), "Unit B": (295, 80), "units with few investigators, together": (25, 6)},
        "level": {"level 1": (145, 40), "level 2": (320, 86)},
        "risk": {"high": (60, 22), "medium": (200, 70), "grades with few crimes, together": (205, 80)},
    }  # fmt: skip
    rows.append(_caseload(HELD, "force", "whole force", 480, 126, is_as_of=True))
    rows += [_caseload(HELD, breakdown, name, count, people, is_as_of=True)
             for breakdown, strata in parts.items() for name, (count, people) in strata.items()]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _caseload(
    place: int, breakdown: str, stratum: str, count: int, people: int, *, is_as_of: bool = False
) -> dict[str, object]:
    is_force = breakdown == "force"
    end = dt.datetime.combine(month(place + 1), dt.time(), dt.UTC)
    return {
        "force_code": "F", "month": month(place), "is_as_of": is_as_of, "breakdown": breakdown, "stratum": stratum,
        "measured_at": end - dt.timedelta(days=11) if is_as_of else end, "open_count": count,
        "unallocated_count": 3 if is_force else None, "unknown_holder_count": 12 if is_force else None,
        "away_open_count": 17 if is_force else 0, "unclear_count": 6 if is_force else None,
        "investigator_count": people, "crimes_per_investigator": (count - 15 * is_force) / people if people else None,
        "median_count": 3.5 if people else None, "percentile_90_count": 7 if is_force else None,
        "highest_count": 13 if is_force else None,
    }  # fmt: skip


def investigator_demand(*, has_consultations: bool = True) -> pl.DataFrame:
    """New crimes of the months held but one, for sixty investigators; few consultations."""
    rows = [{"force_code": "F", "month": month(n), "new_crime_count": count(140, n), "investigator_count": 60,
             "unknown_holder_count": 0, "new_crimes_per_investigator": count(140, n) / 60,
             "consulted_count": (2 if n % 2 else 9) if has_consultations else None,
             "consulted_year_count": 57 if has_consultations and n == HELD - 1 else None}
            for n in range(HELD) if n != 30]
    return pl.DataFrame(rows, infer_schema_length=None)  # fmt: skip


def command_tables() -> dict[str, pl.DataFrame]:
    return {f"metrics.{name}": globals()[name]() for name in NAMED}
