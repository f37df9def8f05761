# /// card
# description = """One row is a small area in a window, with its share of repeat suspects, as counted and shrunk \
#     towards the mean of all areas. No person can be identified."""
# grain = ["window_days", "area_code"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """The shrunk share is an empirical Bayes estimate (Beta-Binomial). The fewer suspects an area has, the nearer \
#     its share is to the mean of all areas. It is for comparing areas, not for judging one.""",
#     """An area with fewer suspects than shares.minimum_denominator (30) has no rank. No area has a rank where areas \
#     do not differ beyond chance.""",
#     """A suspect with events in several areas counts in each, and repeat suspects have more events. Shares of areas \
#     are therefore higher than that of the whole force.""",
#     """Where the first crime of an event was committed, not where anyone lives. Areas are wards of 2024, LSOAs of \
#     2021 or postcode sectors, depending on the extract.""",
# ]
# [columns]
# window_days = ["bigint", "Window", "days", "Window (days)"]
# area_type = ["varchar", "ward, lsoa, postcode_sector; none where the record has no area"]
# area_code = ["varchar", "ONS code, the postcode sector, or none"]
# area_name = ["varchar", "Name, or the code"]
# suspect_count = ["bigint", "Suspects with an event there", "people", "Suspects"]
# repeat_suspect_count = ["bigint", """Of these, suspects with two or more events anywhere in the \
#     force""", "people", "Repeat suspects"]
# share = ["double", "Repeat suspects as a share of suspects, as counted", "0 to 1", "Share counted"]
# lower = ["double", "Lower 95% limit of the share (Wilson)", "0 to 1"]
# upper = ["double", "Upper 95% limit of the share (Wilson)", "0 to 1"]
# shrunk_share = ["double", """Share shrunk towards the mean of all areas; null with fewer than 3 \
#     areas""", "0 to 1", "Shrunk share"]
# shrunk_lower = ["double", "Lower 95% limit of the shrunk share", "0 to 1", "Its lower limit"]
# shrunk_upper = ["double", "Upper 95% limit of the shrunk share", "0 to 1", "Its upper limit"]
# weight = ["double", """Weight of the area's own share; 0 for all where areas do not differ beyond \
#     chance""", "0 to 1", "Weight of the share counted"]
# mean_share = ["double", "Mean of all areas, towards which shares are shrunk", "0 to 1"]
# prior_size = ["double", """Number of suspects that the mean counts as; null where areas do not differ beyond \
#     chance""", "people"]
# rank = ["bigint", "Rank by the shrunk share, from 1, the highest; null with a reason", "", "Rank"]
# unshrunk_reason = ["varchar", "Why there is no shrunk share; null where there is one"]
# unranked_reason = ["varchar", "Why the area has no rank; null where it has one", "", "Why no share or rank"]
# ///

"""Repeat suspects by small area: the share as counted, and shrunk towards the mean of all areas."""

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


def repeat_by_area(core_area_suspects: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per window and area, including the row of events without an area."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    least, z = round(settings["shares.minimum_denominator"]), settings["intervals.z"]
    ordered = core_area_suspects.sort("window_days", "area_code")
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
