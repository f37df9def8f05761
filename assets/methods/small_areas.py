"""Shares of small areas: as counted, and shrunk towards the mean of all areas."""

from __future__ import annotations

import polars as pl
from scipy.stats import chi2

from assets.methods.intervals import wilson_interval
from assets.methods.shrinkage import shrunk_shares

FEWEST_AREAS = 3  # shrinkage needs at least these
NO_AREA = "none"
SCHEMA = {
    "window_days": pl.Int64, "area_type": pl.String, "area_code": pl.String, "area_name": pl.String,
    "suspect_count": pl.Int64, "repeat_suspect_count": pl.Int64, "share": pl.Float64, "lower": pl.Float64,
    "upper": pl.Float64, "shrunk_share": pl.Float64, "shrunk_lower": pl.Float64, "shrunk_upper": pl.Float64,
    "weight": pl.Float64, "mean_share": pl.Float64, "prior_size": pl.Float64, "rank": pl.Int64,
    "unshrunk_reason": pl.String, "unranked_reason": pl.String,
}  # fmt: skip
DRAWN = {"shrunk": "shrunk_share", "lower": "shrunk_lower", "upper": "shrunk_upper", "weight": "weight",
         "mean": "mean_share", "prior_size": "prior_size"}  # fmt: skip


def compared_areas(counted: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per window and area, including the row of events without an area.

    `counted` has window_days, area_type, area_code, area_name, suspect_count and repeat_suspect_count. Shares
    are 0 to 1.
    """
    settings = dict(reference_settings.select("key", "value").iter_rows())
    least, z = round(settings["shares.minimum_denominator"]), settings["intervals.z"]
    ordered = counted.sort("window_days", "area_code")
    found = [_window(rows, least, z) for _, rows in ordered.group_by("window_days", maintain_order=True)]
    return pl.concat(found) if found else pl.DataFrame(schema=SCHEMA)


def _window(rows: pl.DataFrame, least: int, z: float) -> pl.DataFrame:
    """Compare the areas of one window."""
    limits = [wilson_interval(count, total, z)
              for count, total in rows.select("repeat_suspect_count", "suspect_count").iter_rows()]  # fmt: skip
    rows = rows.with_columns(
        share=pl.col("repeat_suspect_count") / pl.col("suspect_count"),
        lower=pl.Series([low for low, _ in limits], dtype=pl.Float64),
        upper=pl.Series([high for _, high in limits], dtype=pl.Float64),
    )
    areas = rows.filter(pl.col("area_code") != NO_AREA)
    has_areas = areas.height >= FEWEST_AREAS
    drawn = _drawn(areas) if has_areas else _undrawn(areas)
    is_alike = has_areas and not _differ(areas)
    rows = rows.join(drawn, on="area_code", how="left", maintain_order="left")
    is_none, is_few = pl.col("area_code") == NO_AREA, pl.col("suspect_count") < least
    few_areas = f"fewer than {FEWEST_AREAS} areas"
    rows = rows.with_columns(
        unshrunk_reason=pl.when(is_none).then(pl.lit("no area on the record"))
        .when(pl.lit(not has_areas)).then(pl.lit(few_areas)),
        unranked_reason=pl.when(is_none).then(pl.lit("no area on the record"))
        .when(pl.lit(not has_areas)).then(pl.lit(few_areas))
        .when(is_few).then(pl.lit(f"fewer than {least} suspects"))
        .when(pl.col("prior_size").is_null() | pl.lit(is_alike)).then(pl.lit("areas do not differ beyond chance")),
    )  # fmt: skip
    # rounded, so that equal shares share a rank
    placed = pl.when(pl.col("unranked_reason").is_null()).then(pl.col("shrunk_share").round(9))
    return rows.with_columns(rank=placed.rank("min", descending=True).cast(pl.Int64)).select(
        pl.col(name).cast(kind) for name, kind in SCHEMA.items()
    )


def _differ(areas: pl.DataFrame) -> bool:
    """Whether the shares differ beyond chance: Pearson's test of homogeneity, 5%."""
    counts, totals = areas["repeat_suspect_count"].to_numpy(), areas["suspect_count"].to_numpy()
    pooled = counts.sum() / totals.sum()
    if pooled in (0, 1):
        return False
    statistic = float(((counts - pooled * totals) ** 2 / (totals * pooled * (1 - pooled))).sum())
    return bool(chi2.sf(statistic, areas.height - 1) < 0.05)


def _drawn(areas: pl.DataFrame) -> pl.DataFrame:
    units = areas.select(unit="area_code", numerator="repeat_suspect_count", denominator="suspect_count")
    return shrunk_shares(units).select(area_code="unit", **{name: figure for figure, name in DRAWN.items()})


def _undrawn(areas: pl.DataFrame) -> pl.DataFrame:
    return areas.select("area_code", *(pl.lit(None, dtype=pl.Float64).alias(name) for name in DRAWN.values()))
