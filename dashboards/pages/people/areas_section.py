"""Repeat suspects by small area, in sentences and on the page.

Small counts are suppressed, as in every count of people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.charts import intervals
from dashboards.data.published import Copy, Missing, optional
from dashboards.pages.people import repeats_charts
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

AREAS, SUMMARY = "metrics.repeat_by_area", "metrics.repeat_summary"
ALIKE = "areas do not differ beyond chance"  # the table's own words
HEADING, SUBJECT = "Where are repeat suspects?", "repeat suspects by area"
NO_AREA = "none"
MOST = 20  # areas drawn
LEVELS = {"ward": "wards of 2024", "lsoa": "LSOAs of 2021", "postcode_sector": "postcode sectors"}
DRAWN = ("shrunk_share", "shrunk_lower", "shrunk_upper", "weight")
OVERLAPPING = "Where intervals overlap, do not rely on the order of areas."
Row = Mapping[str, Any]


@page.section(SUBJECT)
def draw_areas(copy: Copy, days: int, rule: SmallNumbers) -> None:
    """Draw the section for a window.

    Areas with too few suspects for a share are not drawn.
    """
    rows = copy.select(AREAS, where="window_days = $days", order_by="area_name", may_be_empty=True, days=days)
    areas = rows.filter(pl.col("area_code") != NO_AREA)
    if areas.is_empty():
        raise Missing(
            "absent",
            "No event in this window has an area: the extract's crimes have neither lsoa21 nor postcode_sector, or "
            "both are empty.",
            "Deliver lsoa21 or postcode_sector of crime and build again.",
        )
    unplaced = rows.filter(pl.col("area_code") == NO_AREA)
    page.note(_levels(areas) + _unplaced(copy, unplaced, days, rule))
    known = drawn_areas(areas, rule)
    shown = known.head(MOST)
    mean = areas["mean_share"][0]
    figure.Figure(
        key="repeat-areas",
        finding=finding(areas, known, rule),
        chart=None if shown.is_empty() else repeats_charts.areas(shown, mean),
        alt="" if shown.is_empty() else alt(shown, mean),
        data=figure.Data(
            table_rows(pl.concat([areas.sort("rank", "area_name", nulls_last=True), unplaced]), rule),
            ("area_name", "suspect_count", "repeat_suspect_count", "share", "lower", "upper",
             "shrunk_share", "shrunk_lower", "shrunk_upper", "weight", "rank", "unranked_reason"),
            dict.fromkeys(("share", "lower", "upper", *DRAWN), numbers.share)
            | {"rank": lambda v: "no rank" if v is None else f"{v}", "unranked_reason": lambda v: v or "ranked"},
        ),
        tables=(AREAS,),
        caveats=_caveats(known, shown, rule),
    ).draw(copy)


def _levels(areas: pl.DataFrame) -> str:
    level = LEVELS.get(areas["area_type"][0], numbers.readable(areas["area_type"][0]))
    return (
        f"Areas are {level}, by where the first crime of an event was committed. Suspects have events in "
        f"{numbers.number(areas.height)} of them."
    )


def _unplaced(copy: Copy, unplaced: pl.DataFrame, days: int, rule: SmallNumbers) -> str:
    """The number of suspects with an event that is in no area."""
    summary = optional(copy.select, SUMMARY, columns="suspect_count", where="window_days = $days", days=days)
    if unplaced.is_empty():
        return " Every event has an area."
    if summary is None or summary.is_empty():
        return " Some events have no area on the record."
    count, total = int(unplaced["suspect_count"][0]), int(summary["suspect_count"][0])
    return (
        f" {numbers.capital(rule.suppress_part(count, total))} of {rule.suppress_count(total)} suspects have an "
        f"event without an area ({rule.suppress_share(count, total)}): they have a row of their own."
    )


def drawn_areas(areas: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """Areas with enough suspects and no small count, the highest share first."""
    again, total = pl.col("repeat_suspect_count"), pl.col("suspect_count")
    order = pl.coalesce("shrunk_share", "share").round(9)
    known = areas.filter(rule.find_shown(again, total))
    known = known.sort(order, "share", "area_name", descending=[True, True, False])
    return known.with_columns(
        label=pl.struct(pl.all()).map_elements(
            lambda r: f"{r['area_name']}: {numbers.number(r['repeat_suspect_count'])} of "
            f"{numbers.plural(r['suspect_count'], 'suspect')}",
            return_dtype=pl.String,
        )
    )


def finding(areas: pl.DataFrame, known: pl.DataFrame, rule: SmallNumbers) -> str:
    """Whether areas differ beyond chance, and how many differ from the mean.

    An area differs where its whole interval excludes the mean.
    """
    if areas["shrunk_share"].null_count() == areas.height:
        held = numbers.plural(areas.height, "area")
        return f"Areas are not compared: {held} with suspects, too few for an overall mean"
    mean = areas["mean_share"][0]
    if not rule.is_enough(int(areas["suspect_count"].sum())):
        return f"Areas cannot be compared: {rule.suppress_count(int(areas['suspect_count'].sum()))} suspects in all"
    if (areas["unranked_reason"] == ALIKE).any() or areas["prior_size"].null_count() == areas.height:
        return (
            f"Areas do not differ beyond chance: {numbers.share(mean)} of suspects are repeat suspects across all "
            f"{numbers.number(areas.height)}"
        )
    if known.is_empty():
        return f"Areas cannot be compared: none has {rule.fewest_in_share} suspects and counts that may be shown"
    above, below = (int(flag.sum()) for flag in (known["shrunk_lower"] > mean, known["shrunk_upper"] < mean))
    top = known.row(0, named=True)
    limits = numbers.interval(top["shrunk_lower"], top["shrunk_upper"])
    return (
        f"Highest: {top['area_name']}, {numbers.share(top['shrunk_share'])} ({limits}). Of "
        f"{numbers.plural(known.height, 'area')} with {rule.fewest_in_share} suspects or more, {above or 'none'} "
        f"{'is' if above <= 1 else 'are'} above the mean of all areas ({numbers.share(mean)}) and {below or 'none'} "
        "below it by the whole interval"
    )


def alt(shown: pl.DataFrame, mean: float | None) -> str:
    """The chart in words: each area with both marks, and the mean."""
    line = "" if mean is None else f" A dashed line shows the mean of all areas, {numbers.share(mean)}."
    return (
        "Share of suspects who are repeat suspects, by area: hollow mark as counted, full mark shrunk towards the "
        f"mean with 95% interval. {'; '.join(_marks(r) for r in shown.iter_rows(named=True))}.{line}"
    )


def _marks(row: Row) -> str:
    counted = f"{row['label']}, counted {numbers.share(row['share'])}"
    if row["shrunk_share"] is None:
        return f"{counted}, not shrunk"
    limits = numbers.interval(row["shrunk_lower"], row["shrunk_upper"])
    return f"{counted}, shrunk {numbers.share(row['shrunk_share'])}, {limits}"


def table_rows(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows for table and download.

    They hold no figure from which a small count could be worked out.
    """
    again, total = pl.col("repeat_suspect_count"), pl.col("suspect_count")
    few = rule.find_revealing(again, total)
    shown = rule.find_shown(again, total)
    rows = rows.with_columns(
        *(pl.when(shown).then(pl.col(name)).alias(name) for name in ("share", "lower", "upper")),
        *(pl.when(~few).then(pl.col(name)).alias(name) for name in (*DRAWN, "rank")),
        unranked_reason=pl.when(few).then(pl.lit("counts too small to show")).otherwise("unranked_reason"),
    )
    parts = rule.suppress_part_column(rows, "repeat_suspect_count", "suspect_count")
    return rule.suppress_columns(parts, ("suspect_count",))


def _caveats(known: pl.DataFrame, shown: pl.DataFrame, rule: SmallNumbers) -> list[str]:
    found = [
        f"Suppressed: shares of fewer than {rule.fewest_in_share} suspects, and counts of {rule.small_counts} people.",
        OVERLAPPING,
        intervals.CHANCE,
    ]
    if known.height > shown.height:
        found.append(f"The chart shows the first {shown.height} of {known.height} areas; the table shows all.")
    return found
