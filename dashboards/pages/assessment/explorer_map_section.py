"""The map of the districts in the explorer: the measure chosen, in the period chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.charts import district_map
from dashboards.data.published import Copy, optional
from dashboards.pages.assessment import explorer_data as data
from dashboards.pages.assessment.explorer_data import Choice, Shown
from dashboards.pages.assessment.explorer_figures import table
from dashboards.parts import figure, filters, page
from dashboards.text import comparisons, numbers
from dashboards.text.assessment import explorer_text as text
from dashboards.text.breakdowns import NOT_KNOWN, part_name

BOUNDARIES, STATES = "core.district_boundaries", "core.list_states"
DISTRICT = "district"


def draw(shown: Shown, choice: Choice, parts: pl.DataFrame) -> None:
    """Draw the map, or say why there is none. `parts` are the districts in every period."""
    outlines = optional(shown.copy.select, BOUNDARIES, order_by=DISTRICT, may_be_empty=True)
    if outlines is None or not outlines["is_known"].any():
        page.note(text.no_map(_why_none(shown.copy, outlines)))
        return
    held = parts.filter(pl.col("period_start") == choice.start).sort("breakdown_value")
    if held.is_empty():
        return
    mapped = _mapped(choice, outlines.filter("is_known"), held)
    when = text.period(choice.period_type, held["period_start"][0], held["period_end"][0])
    finding = f"{choice.name} by district on the map, {when}"

    def choose(point: Mapping[str, Any]) -> None:
        named: list[Any] = list(point.get("customdata") or ())
        if named:
            filters.go(part_district=str(named[0]))

    names = pl.Series([part_name(DISTRICT, part) for part in held["breakdown_value"]], dtype=pl.String)
    said = [f"{row['name']} {row['words']}" for row in mapped.iter_rows(named=True)]
    figure.Figure(
        key=f"explore-{choice.code}-on-the-map",
        finding=finding,
        chart=district_map.district_map(mapped, unit=str(choice.measure["unit"])),
        alt=f"Map of {numbers.plural(mapped.height, 'district')}, darker for higher: {numbers.listed(said, 12)}.",
        data=table(
            held.with_columns(name=names), choice, {"name": "District"},
            links={"name": lambda row: filters.address(part_district=row["breakdown_value"])},
        ),
        tables=(data.VALUES, BOUNDARIES),
        caveats=_caveats(choice, outlines, held),
        choose=choose,
    ).draw(shown.copy)  # fmt: skip


def _why_none(copy: Copy, outlines: pl.DataFrame | None) -> str:
    """Why there is no map: no file, one that was refused, or names that the extract does not have."""
    if outlines is not None and outlines.height:
        return f"no outline has the name of a district of the extract: {numbers.listed(outlines[DISTRICT].to_list())}"
    states = optional(copy.select, STATES, where="list_code = 'district_boundaries'")
    if states is None:
        return text.NO_BOUNDARIES
    return text.NO_OUTLINES if states["is_loaded"][0] else str(states["state"][0]).rstrip(".")


def _mapped(choice: Choice, outlines: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Each outline with the figure of its district in words; one without any is no figure, which is no zero."""
    rows, is_count, events = list(held.iter_rows(named=True)), choice.is_count, choice.events
    worded = held.select("breakdown_value", "value", "is_hidden").with_columns(
        words=pl.Series([comparisons.value(row, is_count=is_count, events=events) for row in rows], dtype=pl.String),
        detail=pl.Series([comparisons.detail(row, is_count=is_count, events=events) for row in rows], dtype=pl.String),
    )
    names = pl.Series([part_name(DISTRICT, part) for part in outlines[DISTRICT]], dtype=pl.String)
    return (
        outlines.select(DISTRICT, "rings_json", name=names)
        .join(worded, left_on=DISTRICT, right_on="breakdown_value", how="left", maintain_order="left")
        .with_columns(
            pl.col("is_hidden").fill_null(False),
            pl.col("words").fill_null(district_map.NONE),
            pl.col("detail").fill_null(""),
        )
    )


def _caveats(choice: Choice, outlines: pl.DataFrame, held: pl.DataFrame) -> list[str]:
    """What the map does not show: chance, districts without an outline, and outlines of no district."""
    drawn = set(outlines.filter("is_known")[DISTRICT])
    missing = [part for part in held["breakdown_value"] if part not in drawn and part != NOT_KNOWN]
    strange = outlines.filter(~pl.col("is_known"))[DISTRICT].to_list()
    unknown = held.filter(pl.col("breakdown_value") == NOT_KNOWN)
    words = [text.MAP_OF_COUNTS if choice.is_count else text.MAP_OF_SHARES]
    if missing:
        words.append(f"Not on the map, for no outline was delivered: {numbers.listed(missing, 12)}.")
    if strange:
        words.append(f"Outlines of no district of the extract: {numbers.listed(strange, 12)}. {text.NAME_DISTRICTS}")
    values = [
        comparisons.value(row, is_count=choice.is_count, events=choice.events) for row in unknown.iter_rows(named=True)
    ]
    return words + [f"Not on the map, for the district is not known: {value}." for value in values]
