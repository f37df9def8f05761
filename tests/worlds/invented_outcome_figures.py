"""Invented tables of what became of crimes, in the shape of the published ones. Plain functions, no fixtures."""

import datetime as dt
from typing import Any

import polars as pl

FIGURES = {  # address -> the figures that its page shows of these rows
    "what_happened_next": [
        "what-happened-next", "outcomes-over-time", "time-to-outcome", "suspects-charged", "charged-by-part",
    ],
}  # fmt: skip

DAYS = (90, 180, 365)
FIRST, LAST = dt.date(2023, 11, 2), dt.date(2024, 10, 31)
NAMED = ("matured_outcomes", "outcome_incidence", "time_to_outcome", "suspect_charges", "alternate_charges",
         "outcome_incidence_by", "early_advice", "removed_crimes", "in_period_ratios")  # fmt: skip
GROUPS = {  # share by 90, 180 and 365 days
    "Charged/Summonsed": (0.05, 0.07, 0.09),
    "Out-of-court (formal)": (0.01, 0.012, 0.015),
    "Out-of-court (informal)": (0.01, 0.012, 0.015),
    "Evidential difficulties (suspect identified; victim supports action)": (0.2, 0.26, 0.29),
    "Evidential difficulties (victim does not support action)": (0.4, 0.45, 0.47),
    "Investigation complete – no suspect identified": (0.04, 0.05, 0.05),
    "Taken into consideration": (0.0, 0.0, 0.0),
    "Responsibility for further investigation transferred to another body": (0.01, 0.01, 0.01),
}
OPEN = "Not yet assigned an outcome"
CODES = {"Charged/Summonsed": 0.09, "14": 0.07, "15": 0.29, "16": 0.4}
SIZES = {"8Q": 1000, "8L": 1400, "8R": 900, "8M": 40, "8U": 300, "S&H": 3640}


def matured_outcomes(charged: float = 1.0) -> pl.DataFrame:
    """A year of each class; `charged` makes charges more or fewer."""
    rows: list[dict[str, Any]] = []
    for code, total in SIZES.items():
        for n, day in enumerate(DAYS):
            left = total
            for group, shares in GROUPS.items():
                share = shares[n] * (charged if group.startswith("Charged") else 1)
                count = round(share * total)
                left -= count
                rows.append(_matured(code, group, day, count, total, is_code=False))
            rows.append(_matured(code, OPEN, day, left, total, is_code=False))
            rows.append(_matured(code, "1", day, round(0.09 * total), total, is_code=True))
    return pl.DataFrame(rows, infer_schema_length=None)


def _matured(code: str, group: str, day: int, count: int, total: int, *, is_code: bool) -> dict[str, Any]:
    share = count / total
    bound = 0.015 if count else None
    return {"offence_class": code, "outcome_group": group, "is_code": is_code, "day": day, "share": share,
            "lower": max(0.0, share - 0.015) if bound else None, "upper": share + 0.015 if bound else None,
            "design_effect": 1.0,
            "outcome_count": count, "crime_count": total, "first_date": FIRST, "last_date": LAST}  # fmt: skip


def _estimate(share: float | None, total: int) -> dict[str, Any]:
    return {"incidence": share, "lower": None if share is None else max(0.0, share - 0.02),
            "upper": None if share is None else min(1.0, share + 0.02),
            "design_effect": None if share is None else 1.0, "at_risk_count": total,
            "followed_count": 0 if share is None else total}  # fmt: skip


def outcome_incidence() -> pl.DataFrame:
    """Ten quarters either side of a recording change, the last two too young."""
    rows: list[dict[str, Any]] = []
    for code, total in SIZES.items():
        for n in range(12):
            cohort = f"{2022 + (n + 2) // 4}-Q{(n + 2) % 4 + 1}"
            for outcome, share in CODES.items():
                value = None if n > 9 else share - 0.003 * n
                rows.append(
                    {
                        "cohort": cohort,
                        "offence_class": code,
                        "outcome_group": outcome,
                        "is_code": "/" not in outcome,
                        "day": 365,
                        **_estimate(value, total // 4),
                    }
                )
    return pl.DataFrame(rows, infer_schema_length=None)


def outcome_incidence_by() -> pl.DataFrame:
    """Parts that differ; one unit holds too few crimes to be told."""
    parts = {"relationship": {"former partner": (0.1, 500), "stranger": (0.04, 200), "not recorded": (0.0, 60)},
             "domestic_flag": {"flagged": (0.1, 600), "not flagged": (0.07, 800)},
             "unit": {"Unit A": (0.12, 700), "Unit B": (0.08, 690), "Unit C": (0.5, 6)},
             "regime": {"R20": (0.08, 4000), "R24": (0.09, 1400)}}  # fmt: skip
    rows = [{"breakdown": breakdown, "stratum": stratum, "offence_class": code, "outcome_group": "Charged/Summonsed",
             "day": 365, **_estimate(share, total)}
            for breakdown, strata in parts.items() for stratum, (share, total) in strata.items() for code in SIZES
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def time_to_outcome() -> pl.DataFrame:
    """Half have an outcome within four weeks; of the smallest class fewer than half ever."""
    rows = [{"offence_class": code, "day": day, **_estimate(share, 2 * total),
             "median_days": None if code == "8M" else 28.0}
            for code, total in SIZES.items() for day, share in zip(DAYS, (0.27, 0.14, 0.06), strict=True)]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None).rename({"incidence": "open_share"})


def suspect_charges() -> pl.DataFrame:
    """More suspects are charged with something than crimes are."""
    rows = [{"unit_type": kind, "day": day, **_estimate(share * part, total)}
            for kind, share, total in (("crime", 0.1, 2600), ("suspect", 0.13, 1900), ("course of conduct", 0.12, 2000))
            for day, part in zip(DAYS, (0.6, 0.8, 1.0), strict=True)]  # fmt: skip
    return pl.DataFrame(rows)


def alternate_charges() -> pl.DataFrame:
    """One in ten charges of stalking for another offence."""
    rows = [("8Q", 180, 18, 0, 12, 0), ("8L", 250, 3, 2, 0, 1), ("S&H", 430, 21, 2, 12, 1)]
    names = ["offence_class", "charge_count", "alternate_count", "same_class_count", "as_harassment_count",
             "alternate_unknown_count"]  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row")


def early_advice() -> pl.DataFrame:
    """Three times as many charged where advice was asked for: graver cases."""
    rows = [{"early_advice": answer, "offence_class": code, "outcome_group": "Charged/Summonsed", "day": 365,
             **_estimate(share, total)}
            for code in SIZES for answer, share, total in (("asked for", 0.24, 150), ("not asked for", 0.08, 1250))
    ]  # fmt: skip
    return pl.DataFrame(rows)


def removed_crimes() -> pl.DataFrame:
    """Few transferred."""
    rows = [("8Q", 2040, 37, 3, 0), ("8L", 2850, 50, 6, 9), ("S&H", 7400, 120, 12, 9)]
    names = ["offence_class", "recorded_count", "cancelled_count", "transferred_count", "unread_count"]
    return pl.DataFrame(rows, schema=names, orient="row")


def in_period_ratios() -> pl.DataFrame:
    """Both ratios of two classes."""
    rows = [(code, f"In-period ratio: charges in the year per {what} in it", 88, total, 88 / total)
            for code in ("8Q", "8L") for what, total in (("crime recorded", 1040), ("outcome assigned", 980))
    ]  # fmt: skip
    names = ["offence_class", "title", "charge_count", "denominator_count", "in_period_ratio"]
    return pl.DataFrame(rows, schema=names, orient="row")


def command_tables() -> dict[str, pl.DataFrame]:
    """What the command audience gets of outcomes."""
    made = (matured_outcomes(), outcome_incidence(), time_to_outcome(), suspect_charges(), alternate_charges(),
            outcome_incidence_by(), early_advice(), removed_crimes(), in_period_ratios())  # fmt: skip
    return dict(zip((f"metrics.{name}" for name in NAMED), made, strict=True))
