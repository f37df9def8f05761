"""Cancelled, transferred and reclassified crimes: every case, so no interval."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.charts import across
from dashboards.charts.style import DARK, PAPER, PLUM, QUIET, RULE, TURQUOISE
from dashboards.data.published import Copy
from dashboards.pages.recording import delay_text
from dashboards.pages.recording.compliance import Part
from dashboards.pages.recording.delay_figures import span
from dashboards.parts import figure, filters, page
from dashboards.text import numbers

REMOVED, CHANGED = "metrics.removal_census", "metrics.reclassification_census"
ALL, SH = "all", "stalking and harassment"


@page.section("cancelled and transferred crimes")
def show_removals(copy: Copy, labels: Mapping[str, str]) -> None:
    """Draw cancelled and transferred crimes by criterion.

    Also whether they show what the criterion asks for.
    """
    census = copy.select(REMOVED, order_by="month, removal_code, class_code", may_be_empty=True)
    if census.is_empty():
        page.note(
            "No removal was delivered: nothing was cancelled, or the extract has no table of removals."
        )
        return
    places = st.columns(2)
    census = _of_year(_of_class(census, "class_code", labels, "removed", places[0]), places[1])
    codes = delay_text.removals_by_code(census)
    parts = [
        across.Part("evidenced_count", "shows what the criterion asks for", TURQUOISE, DARK),
        across.Part("not_shown_count", "does not show it", PLUM, PAPER),
        across.Part("evidence_unknown_count", "cannot be assessed", RULE, QUIET, "/"),
    ]
    page.note(f"{delay_text.told_sentence(codes)} {delay_text.verified_sentence(codes)}")
    figure.Figure(
        key="removals",
        tables=(REMOVED,),
        finding=delay_text.removals_finding(codes),
        chart=across.stacked(codes, label="criterion", parts=parts),
        alt="Stacked bars of removals by criterion: "
        + "; ".join(
            f"{r['criterion']}: " + ", ".join(f"{r[p.column]} {p.name}" for p in parts if r[p.column])
            for r in codes.iter_rows(named=True)
        )
        + ".",
        data=figure.Data(
            delay_text.with_total(codes),
            ("criterion", "removal_count", "evidenced_count", {"not_shown_count": "Do not show it"},
             "evidence_unknown_count", "verified_count", "victim_informed_count",
             {"not_told_count": "No date of notice"}),
        ),
        period=span(census),
        caveats=("By month of the removal. All removals are counted, so there is no interval.",),
    ).draw(copy)
    figure.Figure(
        key="removals-by-month",
        tables=(REMOVED,),
        finding=delay_text.lately_finding(census),
        data=figure.Data(
            census.sort("month", descending=True),
            ("month", "removal_code", "class_code", "removal_count", "evidenced_count", "evidence_unknown_count",
             "verified_count", "victim_informed_count"),
            {"month": numbers.month},
        ),
        period=span(census),
    ).draw(copy)


def _of_year(census: pl.DataFrame, place: DeltaGenerator) -> pl.DataFrame:
    """The census of one financial year, by its first April, or of all."""
    years = pl.col("month").dt.offset_by("-3mo").dt.year()
    held = census.select(years.drop_nulls().unique().sort(descending=True)).to_series().to_list()
    names = {ALL: "All years"} | {str(year): f"{year}/{(year + 1) % 100:02d}" for year in held}
    chosen = filters.choose("Removed in", names, "removed_in", place=place)
    return census if chosen == ALL else census.filter(years == int(chosen))


def _of_class(
    census: pl.DataFrame, column: str, labels: Mapping[str, str], key: str, place: DeltaGenerator
) -> pl.DataFrame:
    """The census of one class, of stalking and harassment, or of all classes."""
    held = census[column].unique().sort().to_list()
    names = {SH: "Stalking and harassment"} if set(held) & set(labels) else {}
    names |= {ALL: "All classes"} | {code: Part("class", code).words(labels) for code in held}
    chosen = filters.choose("Class of the crime", names, key, place=place)
    if chosen == ALL:
        return census
    return census.filter(pl.col(column).is_in(list(labels) if chosen == SH else [chosen]))


@page.section("reclassified crimes")
def show_changes(copy: Copy) -> None:
    """Draw changes of class or code by direction, and their second checks."""
    census = copy.select(CHANGED, order_by="month desc, direction", may_be_empty=True)
    if census.is_empty():
        page.note(
            "No change of class was delivered: none was made, or the extract has no history of classes."
        )
        return
    directions = delay_text.changes_by_direction(census)
    parts = [
        across.Part("second_checked_count", "checked by a second person", TURQUOISE, DARK),
        across.Part("unchecked_count", "needs a second check and has none", PLUM, PAPER),
        across.Part("unneeded_count", "needs no second check", RULE, QUIET, "/"),
    ]
    drawn = directions.with_columns(
        label=pl.when("is_downgrade")
        .then(pl.format("{}\n(a downgrade)", "direction"))
        .otherwise("direction")
    )
    figure.Figure(
        key="reclassifications",
        tables=(CHANGED,),
        finding=delay_text.changes_finding(directions),
        chart=across.stacked(drawn, label="label", parts=parts),
        alt="Stacked bars of changes of class by direction: "
        + "; ".join(
            f"{r['direction']}{', a downgrade' if r['is_downgrade'] else ''}: {r['change_count']}, of which "
            f"{r['second_checked_count']} checked a second time"
            for r in directions.iter_rows(named=True)
        )
        + ".",
        data=figure.Data(
            census,
            ("month", "direction", "is_downgrade", "from_class_code", "to_class_code", "change_count",
             "second_checked_count"),
            {"month": numbers.month},
        ),
        period=span(census),
        caveats=(
            "All changes are counted, so there is no interval. Only downgrades need a second check.",
        ),
    ).draw(copy)
