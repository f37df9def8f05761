"""What happened next? Charges within a year, other outcomes, for whom and when."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboards.data import extract, verdicts
from dashboards.data.published import Copy, Missing, NotAvailable, optional
from dashboards.data.settings import read_small_numbers
from dashboards.pages.outcomes import forces_section, outcomes_charts, outcomes_sections, outcomes_text
from dashboards.parts import chosen_section, extract_banner, figure, filter_bar, filters, page
from dashboards.parts.chosen_section import Measures
from dashboards.parts.chosen_values import Words
from dashboards.parts.filter_bar import Chosen
from dashboards.parts.outline import Section, in_sections
from dashboards.text import numbers
from dashboards.text.breakdowns import CLASSES, class_name
from dashboards.text.small_numbers import SmallNumbers

MATURED, UNREAD = "metrics.matured_outcomes", "metrics.unread_outcomes"
LEAD = ("8Q", "8L")
SECTIONS = ("the last matured year", "outcomes over time", "time to an outcome", "charges of suspects",
            "charges for another offence", "outcomes by relationship, flag and unit", "early investigative advice",
            "cancelled and transferred crimes", "in-period ratios")  # fmt: skip
NO_OUTCOMES = NotAvailable(
    "absent",
    "Only a force's own extract shows what happened to a crime and when, and none is loaded. Open data give the last "
    "known outcome of a month's crimes and do not separate stalking.",
    "Put the force's extract (crime, outcome and any other tables) into the folder force/ of the data folder and "
    "build again.",
)

BY_CHOICE = Measures(
    "outcomes-chosen",
    Words("outcome", "outcomes", "Share of crimes", "Crimes with it", "Crimes followed", "no crime followed so long"),
    ("outcomes",),
    ("charged_365", "charged_365_stalking", "charged_180", "charged_90", "arrested_30", "outcome_365", "outcome_180",
     "outcome_90"),
)  # fmt: skip
NO_EXTRACT = "Not measured. Open data do not separate stalking or give the dates of outcomes."
NOT_FOLLOWED = (
    "Not measured: without a force's extract no crime can be followed to its outcome. The Home Office's in-period "
    "ratios of all forces are at the end of this page."
)


@page.whole()
def main() -> None:
    """Draw the page."""
    copy = page.begin("What share of recorded stalking and harassment is charged, and what happens to the rest.")
    of = optional(extract.find_extract, copy)
    if of is None:
        page.answer(NOT_FOLLOWED if forces_section.is_held(copy) else NO_EXTRACT)
        for subject in SECTIONS:
            with page.section(subject):
                extract.find_extract(copy, instead=NO_OUTCOMES)
        page.heading(forces_section.HEADING)
        forces_section.published(copy)
        return
    extract_banner.sign(of, extract_banner.BESIDE_PUBLIC_DATA if forces_section.is_held(copy) else extract_banner.ALONE)
    rule = read_small_numbers(copy)
    chosen = chosen_section.bar(copy)
    first = chosen_section.lead(copy, chosen, rule, BY_CHOICE)
    held = _answer(copy, rule) if chosen == Chosen() else optional(_matured_rows, copy)
    usual = filter_bar.kept_part("class")
    code = filters.choose(
        "Class, for the sections below", CLASSES, "class",
        default=usual if usual in CLASSES else "8Q", place=st.columns(2)[0],
    )  # fmt: skip
    in_sections(
        *first,
        *([] if held is None else [Section("The last matured year", lambda: _matured(copy, held, rule))]),
        Section("Is it changing?", lambda: outcomes_sections.over_time(copy, code, rule)),
        Section("How long does an outcome take?", lambda: outcomes_sections.waiting(copy, code, rule)),
        Section("Is the suspect charged with any offence?", lambda: outcomes_sections.suspects(copy, rule)),
        Section("Are suspects charged as recorded?", lambda: outcomes_sections.alternates(copy, code, rule)),
        Section("Charges by relationship, flag and unit", lambda: outcomes_sections.by_part(copy, code, rule)),
        Section("Early investigative advice", lambda: outcomes_sections.advice(copy, code, rule)),
        Section("Cancelled and transferred", lambda: outcomes_sections.removed(copy, code, rule)),
        Section("In-period ratios of this force", lambda: outcomes_sections.ratios(copy, code, rule)),
        Section(forces_section.HEADING, lambda: forces_section.published(copy, code)),
    )


@page.section(
    SECTIONS[0], "Not measured. No whole year of recorded stalking or harassment has been followed for a year."
)
def _answer(copy: Copy, rule: SmallNumbers) -> pl.DataFrame | None:
    """Draw the answer; returns the outcomes of the last matured year, None if there is none."""
    held = _matured_rows(copy)
    page.answer(outcomes_text.answer(_by_class(held, rule), held["last_date"][0], rule))
    return held


def _matured_rows(copy: Copy) -> pl.DataFrame:
    """The outcomes of the last matured year. Raises Missing."""
    held = copy.select(MATURED, may_be_empty=True).filter(pl.col("offence_class").is_in(LEAD))
    if held.is_empty():
        raise Missing(
            "empty", "The extract has no outcomes, or no whole year of crimes that could be followed for another year."
        )
    return held


def _by_class(held: pl.DataFrame, rule: SmallNumbers) -> dict[str, pl.DataFrame]:
    """Class -> its outcomes in short groups, stalking first."""
    codes = [code for code in LEAD if code in held["offence_class"].to_list()]
    return {code: outcomes_text.merged(held.filter(pl.col("offence_class") == code), rule) for code in codes}


@page.section(SECTIONS[0])
def _matured(copy: Copy, held: pl.DataFrame, rule: SmallNumbers) -> None:
    """Draw the last matured year: every crime of it was followed for a year."""
    years = _by_class(held, rule)
    first, last = held["first_date"][0], held["last_date"][0]
    watch, peers = verdicts.watch(copy), forces_section.verdicts(copy)
    page.tiles(outcomes_text.tiles(years, _unread(copy), watch, peers, rule))
    shown = pl.concat(
        part.with_columns(
            label=pl.lit(f"{class_name(code)}\n") + pl.format("within {} days", "day"),
            named=pl.lit(class_name(code)),
        )
        for code, part in years.items()
    )
    table = outcomes_text.protected(shown, rule)
    figure.Figure(
        key="what-happened-next",
        finding=outcomes_text.others(years, rule),
        chart=outcomes_charts.stack(table.sort(pl.col("named"), "day", descending=[True, False])),
        alt="Stacked bars of the share of crimes by outcome 90, 180 and 365 days after recording: "
        + "; ".join(outcomes_text.in_words(code, part, rule) for code, part in years.items()) + ".",
        data=figure.Data(
            table.with_columns(
                outcome_count=pl.when("is_hidden").then(pl.lit("suppressed"))
                .otherwise(pl.col("outcome_count").map_elements(numbers.number, return_dtype=pl.String))
            ),
            ({"named": "Class"}, "day", {"part": "Outcome"}, "outcome_count", {"crime_count": "Of"}, "share",
             "lower", "upper"),
            dict.fromkeys(("share", "lower", "upper"), numbers.share),
        ),
        tables=(MATURED,),
        period=f"recorded {numbers.day(first)} to {numbers.day(last)}",
        is_lead=True,
        caveats=(f"Outcomes with {rule.few} crimes are counted under other outcomes.", outcomes_text.NOT_EVERY),
    ).draw(copy)  # fmt: skip
    page.note(outcomes_text.DEFINITIONS)


def _unread(copy: Copy) -> dict[str, dict[str, Any]]:
    """Class -> its crimes with an unreadable outcome; empty if not published."""
    rows = optional(copy.select, UNREAD, may_be_empty=True)
    return {} if rows is None else {r["offence_class"]: r for r in rows.iter_rows(named=True)}


main()
