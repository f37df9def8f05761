"""The Home Office's outcomes of every force: an in-period ratio in a funnel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboards.charts import across
from dashboards.charts.breaks import regimes_of
from dashboards.data import extract, peers, regimes
from dashboards.data.published import Copy, NotAvailable, optional
from dashboards.parts import figure, filters, page
from dashboards.text import findings, numbers
from dashboards.text.breakdowns import CLASSES, class_name

OUTCOMES, FUNNEL = "metrics.force_outcomes", "metrics.force_outcome_funnel"
FORCES = "reference.forces"
NOT_DELIVERED = NotAvailable(
    "absent",
    "The Home Office's outcomes table is not delivered.",
    "Put the open data tables of crime outcomes (prc-outcomes-...) into the data folder, or fetch them with stra fetch "
    "home_office_outcomes, and build again.",
)
TOO_FEW = NotAvailable("empty", "Fewer than ten forces have a whole financial year in the Home Office's table.")
OPEN = "Not yet assigned an outcome"
MEASURE = "outcome_share"  # a share of the outcomes assigned, as per cent
LEAD = "Charged/Summonsed"
NAMES = {  # published group -> words for a choice
    LEAD: "Charged or summonsed",
    "Evidential difficulties (suspect identified; victim supports action)": "Evidence lacking, victim supports action",
    "Evidential difficulties (victim does not support action)": "Victim does not support action",
    "Investigation complete – no suspect identified": "No suspect identified",
    "Out-of-court (formal)": "Out of court, formal",
    "Out-of-court (informal)": "Out of court, informal",
    "Prosecution prevented or not in the public interest": "Prosecution prevented or not in the public interest",
    "Responsibility for further investigation transferred to another body": "Transferred to another body",
    "Taken into consideration": "Taken into consideration",
}
WHAT_IT_IS = (
    "This is an in-period ratio, not a share of crimes charged: outcomes that a force assigned in the year, to crimes "
    "of any age, over all outcomes that it assigned in the year. It moves when a force closes old cases in bulk, even "
    "if nothing else changes. Do not compare it with shares from a force's own extract."
)
CAVEATS = (
    "Forces differ in how they record, when they close and what they transfer: outside the limits, ask why.",
    "Cancelled crimes have no outcome. British Transport Police has no area of its own and is not in the funnel.",
)


HEADING = "Home Office in-period ratios of all forces"


def is_held(copy: Copy) -> bool:
    """Whether the copy holds published outcomes of forces."""
    return copy.count(FUNNEL) > 0


def verdicts(copy: Copy) -> dict[str, str]:
    """Class -> position of the extract's own force in the latest ratio of charges.

    Empty for an invented force: its code is a real force's, whose figures are not its own.
    """
    rows, held_of = optional(copy.select, FUNNEL), optional(extract.find_extract, copy)
    if rows is None or held_of is None or held_of.is_invented:
        return {}
    own = copy.select(extract.FORCES, where="crime_count > 0", order_by="crime_count desc, force_code", limit=1)
    held = rows.filter(pl.col("outcome_group") == LEAD)
    latest = held.filter(pl.col("period_end") == pl.col("period_end").max().over("offence_class"))
    counts = dict(findings.in_funnel(latest).group_by("offence_class").len().iter_rows())
    return {
        row["offence_class"]: f"by the Home Office's in-period ratio, {_year(row['period_end'])}: "
        + findings.peer_verdict(row, counts.get(row["offence_class"], 0))
        for row in latest.filter(pl.col("force_code") == own["force_code"][0]).iter_rows(named=True)
    }


@page.section("published outcomes by force")
def published(copy: Copy, code: str | None = None) -> None:
    """Draw the section.

    `code` is the class that the page shows; None if it shows none.
    """
    has_few = FUNNEL in copy.tables and copy.count(OUTCOMES) > 0
    rows = copy.select(FUNNEL, instead=TOO_FEW if has_few else NOT_DELIVERED)
    page.note(WHAT_IT_IS)
    chosen = _chosen(copy, rows, code)
    if chosen is None:
        page.note(f"{class_name(code or '')}: no year in the Home Office's table has enough forces.")
        return
    force, held = chosen
    names = copy.names(FORCES, "force_code, short_name")
    held = held.with_columns(short_name=pl.col("force_code").replace_strict(names, default=pl.col("force_name")))
    _draw_forces(copy, held, held.filter(pl.col("force_code") == force).row(0, named=True))


def _chosen(copy: Copy, rows: pl.DataFrame, code: str | None) -> tuple[str, pl.DataFrame] | None:
    """The force and the rows of one class, outcome and year, by the filters."""
    places = st.columns(4)
    if code is None:
        classes = {key: name for key, name in CLASSES.items() if key in rows["offence_class"].to_list()}
        code = filters.choose("Class", classes, "class", default="8Q", place=places[3])
    rows = rows.filter(pl.col("offence_class") == code)
    if rows.is_empty():
        return None
    groups = [*NAMES, *sorted(set(rows["outcome_group"]) - set(NAMES))]
    held = {group: NAMES.get(group, group.rstrip(".")) for group in groups if group in rows["outcome_group"].to_list()}
    outcome = filters.choose("Outcome", held, "published_outcome", place=places[0])
    rows = rows.filter(pl.col("outcome_group") == outcome)
    years = rows["period_end"].unique().sort(descending=True).to_list()
    year = filters.choose("Year", {f"{y}": _year(y) for y in years}, "published_year", place=places[1])
    rows = rows.filter(pl.col("period_end") == dt.date.fromisoformat(year)).sort("force_name")
    forces = dict(rows.select("force_code", "force_name").iter_rows())
    return page.choose_force(copy, forces, places[2]), rows


def _year(end: dt.date) -> str:
    return f"year ending {numbers.month(end)}"


def position(own: Mapping[str, Any], forces: int) -> str:
    """Kent, charged or summonsed: 8.1% of outcomes assigned in the year ending ..."""
    verdict = findings.peer_verdict(own, forces)
    name = NAMES.get(own["outcome_group"], own["outcome_group"].rstrip(".")).lower()
    if own["value"] is None:
        return f"{own['short_name']} is {verdict}."
    counts = f"{numbers.number(own['numerator'])} of {numbers.number(own['denominator'])}"
    if own["value_lower"] is not None:
        counts += f"; 95% interval {numbers.share(own['value_lower'])} to {numbers.share(own['value_upper'])}"
    return (
        f"{own['short_name']}, {name}: {numbers.share(own['value'])} of outcomes assigned in the "
        f"{_year(own['period_end'])} ({counts}), {verdict}."
    )


def _draw_forces(copy: Copy, rows: pl.DataFrame, own: dict[str, Any]) -> None:
    placed = findings.in_funnel(rows)
    when, name = _year(own["period_end"]), NAMES.get(own["outcome_group"], own["outcome_group"].rstrip("."))
    similar = peers.find_group(copy, own["force_code"], own["period_end"])
    page.note(position(own, placed.height))
    if isinstance(similar, str):
        page.note(f"Most similar forces: {similar}. It is compared with all forces here.")
    else:
        page.note(peers.standing(own, rows, similar, MEASURE))
    page.facts(_facts(copy, own))
    rows = peers.marked(rows, own["force_code"], similar)
    outside = placed.filter(pl.col("outlier").str.ends_with("998"))["short_name"].to_list()
    figure.Figure(
        key="published-outcomes",
        finding=findings.funnel_finding(
            rows,
            f"In-period ratio, {class_name(own['offence_class'])}, {when}: {name.lower()} per outcome assigned",
        ),
        chart=across.funnel(
            placed, measure=MEASURE, unit="Share of outcomes assigned in the year", highlight=own["force_code"],
            denominator_name="Outcomes assigned in the year (logarithmic scale)",
            peers=() if isinstance(similar, str) else similar.members,
            peers_name="" if isinstance(similar, str) else similar.name,
        ),
        alt=f"Funnel plot of {numbers.plural(placed.height, 'force')}, {when}: {name.lower()} as a share of "
        f"outcomes assigned, with 95% and 99.8% limits around {numbers.share(own['target'])}. Outside the 99.8% "
        f"limits: {numbers.listed(outside, 12)}. {position(own, placed.height)}",
        data=_data(rows),
        tables=(FUNNEL,), period=when,
        caveats=(*CAVEATS, *_not_placed(rows), *_changes(copy, own),
                 *(() if isinstance(similar, str) else (peers.NOT_SYMMETRIC,))),
    ).draw(copy)  # fmt: skip


def _facts(copy: Copy, own: dict[str, Any]) -> list[tuple[str, str, str]]:
    limits = [numbers.share(own[name]) for name in ("lower_95", "upper_95", "lower_998", "upper_998")]
    small = "of the outcomes assigned in the year, all forces together"
    facts = [("All forces", numbers.share(own["target"]), small)]
    if own["upper_998"] is not None:
        facts.append(("Expected range for a force of this size", f"{limits[0]} to {limits[1]}",
                      f"95% limits; 99.8%: {limits[2]} to {limits[3]}"))  # fmt: skip
    still = optional(
        copy.select, OUTCOMES,
        where="force_code = $force and period_start = $start and offence_class = $code and basis = 'recorded' and "
        "outcome_group = $open and outcome_ratio is not null",
        force=own["force_code"], start=own["period_start"], code=own["offence_class"], open=OPEN,
    )  # fmt: skip
    if still is not None and not still.is_empty():
        row = still.row(0, named=True)
        small = f"of {numbers.number(row['denominator_count'])} crimes recorded in the year, when the table was made"
        facts.append((f"{own['short_name']}: no outcome yet", numbers.share(row["outcome_ratio"]), small))
    return facts


def _not_placed(rows: pl.DataFrame) -> list[str]:
    left = rows.filter(pl.col("value").is_null() | pl.col("upper_998").is_null())
    told = [f"{r['short_name']} ({r['unused_reason']})" for r in left.sort("short_name").iter_rows(named=True)]
    return [f"Not in the funnel: {numbers.listed(told, 12)}."] if told else []


def _changes(copy: Copy, own: dict[str, Any]) -> list[str]:
    """Recording changes within the year, as sentences.

    PUB-07, for charts without a time axis.
    """
    rows = optional(regimes.read_regimes, copy)
    if rows is None:
        return ["The list of recording changes is missing: the year may contain one."]
    bearing = regimes_of(rows, source="home_office_outcomes", codes={own["offence_class"]})
    inside = [r for r in bearing if own["period_start"] < r.valid_from <= own["period_end"]]
    return [f"The year contains a recording change, {r.date_text}: {r.title}." for r in inside]


def _data(rows: pl.DataFrame) -> figure.Data:
    columns = {"force_name": "Force", "value": "In-period ratio", "outlier": "Position"}
    columns |= {"in_group": "Most similar forces"} if "in_group" in rows.columns else {}
    columns |= {"value_lower": "Its 95% interval from", "value_upper": "Its 95% interval to"}
    columns |= {"numerator": "Outcomes of this kind", "denominator": "Outcomes assigned", "lower_95": "Lower 95%"}
    columns |= {"upper_95": "Upper 95%", "lower_998": "Lower 99.8%", "upper_998": "Upper 99.8%"}
    shares = ("value", "value_lower", "value_upper", "lower_95", "upper_95", "lower_998", "upper_998")
    return figure.Data(
        rows.with_columns(outlier=pl.when(pl.col("value").is_not_null()).then(pl.col("outlier").fill_null(""))),
        columns,
        {**dict.fromkeys(shares, numbers.share), "outlier": _placed_words, "numerator": numbers.number,
         "denominator": numbers.number},
    )  # fmt: skip


def _placed_words(outlier: str | None) -> str:
    return "not placed" if outlier is None else numbers.OUTLIERS.get(outlier, outlier)
