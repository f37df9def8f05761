"""Invented tables of forces beside each other: published outcomes and groups of similar forces. Plain functions."""

import datetime as dt
import math
from collections.abc import Sequence

import polars as pl
from invented_figures import Force

from assets.methods.intervals import wilson_interval

YEARS = (dt.date(2023, 4, 1), dt.date(2024, 4, 1))
CHARGED, OPEN = "Charged/Summonsed", "Not yet assigned an outcome"
SHARES = {CHARGED: 0.08, "Evidential difficulties (victim does not support action)": 0.55,
          "Responsibility for further investigation transferred to another body": 0.02}  # fmt: skip
OFF = (0.004, -0.003, 0.001, 0.002, -0.002, 0.0, 0.05, -0.004)  # one force far above


def force_outcome_funnel(forces: Sequence[Force], absent: str = "E23000035") -> pl.DataFrame:
    """Two years of two classes; one force did not give a part of its outcomes."""
    rows = []
    for start in YEARS:
        for code, size in (("8Q", 1 / 1000), ("8L", 1 / 700)):
            for group, share in SHARES.items():
                for n, (force, name, _, people) in enumerate(forces):
                    total = max(60, round(people * size))
                    count = max(0, round(total * (share + OFF[n % len(OFF)])))
                    error = math.hypot(0.006, math.sqrt(share * (1 - share) / total))
                    z = (count / total - share) / error
                    side, level = "high" if z > 0 else "low", "998" if abs(z) > 3.09 else "95"
                    outlier = "" if abs(z) < 1.96 else f"{side}_{level}"
                    row = {
                        "numerator": count, "denominator": total, "value": count / total, "target": share,
                        "value_lower": wilson_interval(count, total)[0],
                        "value_upper": wilson_interval(count, total)[1],
                        "lower_95": max(0.0, share - 1.96 * error), "upper_95": share + 1.96 * error,
                        "lower_998": max(0.0, share - 3.09 * error), "upper_998": share + 3.09 * error, "z_score": z,
                        "is_overdispersed": True,
                    }  # fmt: skip
                    is_absent = force == absent
                    rows.append({
                        "period_start": start, "period_end": start.replace(year=start.year + 1) - dt.timedelta(days=1),
                        "offence_class": code, "outcome_group": group, "title": "In-period ratio",
                        "force_code": force, "force_name": name,
                        **(dict.fromkeys(row) if is_absent else row), "outlier": "" if is_absent else outlier,
                        "unused_reason": "at least one quarter is missing" if is_absent else "",
                    })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def force_outcomes(forces: Sequence[Force]) -> pl.DataFrame:
    """What was open of each force's crimes when the table was made."""
    rows = [{
        "force_code": force, "force_name": name, "period_start": start,
        "period_end": start.replace(year=start.year + 1) - dt.timedelta(days=1), "offence_class": code,
        "basis": "recorded", "title": "So far", "outcome_group": OPEN, "outcome_count": round(people / 8000),
        "denominator_count": round(people / 900), "outcome_ratio": round(people / 8000) / round(people / 900),
        "missing_reason": "",
    } for force, name, _, people in forces for start in YEARS for code in ("8Q", "8L")]  # fmt: skip
    return pl.DataFrame(rows)


def similar_forces() -> pl.DataFrame:
    """Cleveland is in Kent's group; Kent is not in Cleveland's."""
    pairs = [("E23000032", other) for other in ("E23000013", "E23000035", "W15000003")]
    pairs += [("E23000013", other) for other in ("W15000003", "E23000010")]
    names = ["force_code", "similar_force_code"]
    return pl.DataFrame(pairs, schema=names, orient="row").with_columns(
        list_version=pl.lit("invented 1"), valid_from=pl.lit(dt.date(2017, 1, 1)),
        valid_until=pl.lit(None, dtype=pl.Date), list_source=pl.lit("invented"),
    )  # fmt: skip


def similar_forces_states(state: str = "loaded") -> pl.DataFrame:
    """One row, always."""
    return pl.DataFrame({"list_code": ["similar_forces"], "is_loaded": [state == "loaded"], "state": [state],
                         "file_name": ["similar.csv"], "received_at": [dt.datetime(2025, 1, 1, tzinfo=dt.UTC)],
                         "entry_count": [1]})  # fmt: skip
