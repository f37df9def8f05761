"""Funnel plot of proportions across units, with the variation that chance does not explain.

Source: Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005);
additive overdispersion as there and in strategic-assessment 5.4. A rate per 1,000 residents is drawn the same
way: give events and residents, and multiply `value`, `target` and limits by 1,000.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import norm

FloatArray = NDArray[np.float64]

QUANTILE_95 = float(norm.ppf(0.975))
QUANTILE_998 = float(norm.ppf(0.999))

GIVEN = ("unit", "numerator", "denominator")
FUNNEL_SCHEMA = {
    "value": pl.Float64, "target": pl.Float64, "z": pl.Float64, "z_winsorised": pl.Float64, "phi": pl.Float64,
    "tau2": pl.Float64, "lower_95": pl.Float64, "upper_95": pl.Float64, "lower_998": pl.Float64,
    "upper_998": pl.Float64, "lower_95_over": pl.Float64, "upper_95_over": pl.Float64,
    "lower_998_over": pl.Float64, "upper_998_over": pl.Float64, "z_over": pl.Float64,
    "is_overdispersed": pl.Boolean, "outlier": pl.String, "unused_reason": pl.String,
}


def funnel(units: pl.DataFrame, *, winsorise_share: float = 0.1) -> pl.DataFrame:
    """One row per unit, in the order given, with its position in the funnel.

    In: `unit` (unique), `numerator`, `denominator`.

    Out: these three and
    - `value`: numerator / denominator; `target`: pooled over the units used;
    - `z`: asin(sqrt(value)) - asin(sqrt(target)) in units of s = 1 / (2 sqrt(denominator)); `z_winsorised`: z
      cut at its `winsorise_share` and 1 - `winsorise_share` quantiles (type 7);
    - `phi`: mean of z_winsorised squared; `tau2`: variance between units, max(0, (k phi - (k - 1)) /
      (sum w - sum w^2 / sum w)), w = 1 / s^2, over k units (method of DerSimonian and Laird);
    - `lower_95` to `upper_998`: limits by chance alone; the same with `_over`: with tau2 added to s^2. On the scale
      of `value`, transformed back from angles cut at 0 and pi / 2;
    - `z_over`: z with tau2 added; `is_overdispersed`: tau2 above 0 (else both kinds of limits agree);
    - `outlier`: "high_998", "low_998", "high_95", "low_95" or "", by the `_over` limits;
    - `unused_reason`: "" or why the unit is not used ("no denominator", "no numerator", "negative numerator",
      "numerator above denominator"); the figures of an unused unit are null.

    Raises ValueError for a missing column, a unit that is null or given twice, a figure that is not finite,
    or `winsorise_share` outside 0 to 0.5.
    """
    _check(units, winsorise_share)
    count, total = pl.col("numerator").cast(pl.Float64), pl.col("denominator").cast(pl.Float64)
    # Reasons are tried in order: a null comparison is no match.
    reason = (
        pl.when(total.is_null() | (total <= 0)).then(pl.lit("no denominator"))
        .when(count.is_null()).then(pl.lit("no numerator"))
        .when(count < 0).then(pl.lit("negative numerator"))
        .when(count > total).then(pl.lit("numerator above denominator"))
        .otherwise(pl.lit(""))
    )
    given = units.select(*GIVEN, reason.alias("unused_reason"))
    used = given.filter(pl.col("unused_reason") == "")
    figures = _figures(
        used["numerator"].cast(pl.Float64).to_numpy(), used["denominator"].cast(pl.Float64).to_numpy(),
        winsorise_share,
    )
    placed = pl.concat([used.select("unit"), figures], how="horizontal")
    charted = given.join(placed, on="unit", how="left", maintain_order="left")
    return charted.with_columns(pl.col("outlier").fill_null("")).select(*GIVEN, *FUNNEL_SCHEMA)


def placed(units: pl.DataFrame, *, winsorise_share: float = 0.1) -> pl.DataFrame:
    """The units with their position in the funnel as tables have it, with limits for overdispersion.

    In: `force_code`, `numerator`, `denominator`, `scale` (one for all: 1,000 for a rate per 1,000), and other columns,
    which are kept. Out: these, and `value`, `target` and limits times `scale`, `z_score`, `is_overdispersed`,
    `outlier`, `unused_reason`.
    """
    charted = funnel(
        units.select(unit="force_code", numerator="numerator", denominator="denominator"),
        winsorise_share=winsorise_share,
    )
    figures = ("value", "target")
    bounds = ("lower_95", "upper_95", "lower_998", "upper_998")
    scaled = charted.select(
        *(pl.col(name) * units["scale"][0] for name in figures),
        *((pl.col(f"{name}_over") * units["scale"][0]).alias(name) for name in bounds),
        pl.col("z_over").alias("z_score"),
        "is_overdispersed",
        "outlier",
        "unused_reason",
    )
    return pl.concat([units, scaled], how="horizontal")


def limits(
    target: float, denominators: FloatArray, quantile: float, tau2: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limit of a proportion for each denominator, to draw the funnel as curves."""
    angle = np.arcsin(np.sqrt(target))
    width = quantile * np.sqrt(1 / (4 * denominators) + tau2)
    lower = np.sin(np.clip(angle - width, 0, np.pi / 2)) ** 2
    upper = np.sin(np.clip(angle + width, 0, np.pi / 2)) ** 2
    return lower, upper


def _check(units: pl.DataFrame, winsorise_share: float) -> None:
    missing = [name for name in GIVEN if name not in units.columns]
    if missing:
        raise ValueError(f"a funnel needs the column {', '.join(missing)}")
    if units["unit"].null_count() or units["unit"].n_unique() != units.height:
        raise ValueError("each unit has a name and is given once")
    for name in ("numerator", "denominator"):
        if not units[name].cast(pl.Float64).drop_nulls().is_finite().all():
            raise ValueError(f"a {name} is not a finite number")
    if not 0 <= winsorise_share < 0.5:
        raise ValueError(f"the share winsorised at each end is from 0 to below 0.5, not {winsorise_share}")


def _figures(counts: FloatArray, totals: FloatArray, winsorise_share: float) -> pl.DataFrame:
    """The columns of FUNNEL_SCHEMA but the last, for units that are used, in their order."""
    if not len(counts):
        return pl.DataFrame(schema={k: v for k, v in FUNNEL_SCHEMA.items() if k != "unused_reason"})
    values = counts / totals
    target = float(counts.sum() / totals.sum())
    variance = 1 / (4 * totals)
    distance = np.arcsin(np.sqrt(values)) - np.arcsin(np.sqrt(target))
    z = distance / np.sqrt(variance)
    winsorised = np.clip(z, *np.quantile(z, [winsorise_share, 1 - winsorise_share], method="linear"))
    phi = float(np.mean(winsorised**2))
    tau2 = _tau2(phi, 1 / variance)
    lower_95, upper_95 = limits(target, totals, QUANTILE_95)
    lower_998, upper_998 = limits(target, totals, QUANTILE_998)
    lower_95_over, upper_95_over = limits(target, totals, QUANTILE_95, tau2)
    lower_998_over, upper_998_over = limits(target, totals, QUANTILE_998, tau2)
    outlier = np.select(
        [values > upper_998_over, values < lower_998_over, values > upper_95_over, values < lower_95_over],
        ["high_998", "low_998", "high_95", "low_95"], default="",
    )
    return pl.DataFrame({
        "value": values, "target": np.full(len(values), target), "z": z, "z_winsorised": winsorised,
        "phi": np.full(len(values), phi), "tau2": np.full(len(values), tau2),
        "lower_95": lower_95, "upper_95": upper_95, "lower_998": lower_998, "upper_998": upper_998,
        "lower_95_over": lower_95_over, "upper_95_over": upper_95_over,
        "lower_998_over": lower_998_over, "upper_998_over": upper_998_over,
        "z_over": distance / np.sqrt(variance + tau2), "is_overdispersed": np.full(len(values), tau2 > 0),
        "outlier": outlier.tolist(),
    })


def _tau2(phi: float, weights: FloatArray) -> float:
    """Variance between units on the scale of angles; 0 for a single unit, which has none to differ from."""
    units = len(weights)
    if units < 2:
        return 0.0
    spread = float(weights.sum() - (weights**2).sum() / weights.sum())
    return max(0.0, (units * phi - (units - 1)) / spread)
