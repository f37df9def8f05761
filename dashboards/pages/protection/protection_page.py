"""Are victims protected? Compliance with duties, from risk to the case file.

Risk, orders, breaches, the Victims' Code, support and the file.
"""

from __future__ import annotations

from functools import partial

import polars as pl

from dashboards.data import extract, verdicts
from dashboards.data.published import Copy, NotAvailable, optional
from dashboards.data.settings import read_settings, read_small_numbers
from dashboards.pages.protection import (
    courses_section,
    order_life_section,
    order_terms_section,
    protection_sections,
    rights_section,
)
from dashboards.parts import chosen_section, chosen_values, extract_banner, page
from dashboards.parts.chosen_values import VALUES, Words
from dashboards.parts.filter_bar import Chosen
from dashboards.parts.outline import Section, in_sections
from dashboards.text.protection import protection_text
from dashboards.text.small_numbers import SmallNumbers

FOLLOWED = "Later events"
NO_RECORDS = NotAvailable(
    "absent",
    "Risk, orders, contact with victims and case files are only in a force's own extract, and none is loaded. Open "
    "data do not cover them.",
    "Put the force's extract (crime, risk_assessment, order_, victim_contact and any other tables) into the folder "
    "force/ of the data folder and build again.",
)
DUTIES = "metrics.protection_measures"
WHOLE_ONLY = (
    "Stages of orders, missing items of files and later events are of the whole force, and have their own periods."
)
WORDS = Words(
    "duty", "duties", "Compliance", "Compliant, count", "Records assessed", "nothing was due, or not measured"
)


@page.whole("the protection of victims", "Not measured. The measures of protection have not been published.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "What should be done for victims of stalking and harassment, and whether the record shows that it was done.",
    )
    of = optional(extract.find_extract, copy)
    if of is None:
        page.answer("Not measured. Open data do not show what was done to keep a victim safe.")
        for heading in (*protection_text.SECTIONS.values(), FOLLOWED):
            page.heading(heading)
            with page.section(heading):
                extract.find_extract(copy, instead=NO_RECORDS)
        return
    extract_banner.sign(of)
    rows = copy.select(protection_sections.MEASURES, order_by="place")
    rule = read_small_numbers(copy)
    chosen = chosen_section.bar(copy)
    if chosen != Chosen():
        _chosen(copy, chosen, rows.filter(pl.col("kind") == "duty"), rule)
        return
    page.answer(protection_text.answer(rows, rule))
    in_sections(
        Section("The most important duties", lambda: _first(copy, rows, rule)),
        *(
            Section(heading, partial(_duties, copy, name, rows, rule))
            for name, heading in protection_text.SECTIONS.items()
        ),
        Section(FOLLOWED, lambda: _followed(copy, rows, rule)),
    )


def _chosen(copy: Copy, chosen: Chosen, duties: pl.DataFrame, rule: SmallNumbers) -> None:
    """Draw the duties of a part of the force, or of a period."""
    rows = read_duties(copy, chosen, duties, rule)
    page.answer(answer(rows, chosen))
    page.note(WHOLE_ONLY)
    in_sections(
        *(
            Section(heading, partial(draw, copy, name, held, chosen, heading))
            for name, heading in protection_text.SECTIONS.items()
            if (held := rows.filter(pl.col("section") == name)).height
        )
    )


def _first(copy: Copy, rows: pl.DataFrame, rule: SmallNumbers) -> None:
    """Draw the most important duties side by side."""
    leading = protection_text.least_kept_first(rows.filter("is_lead"), rule)
    watch = verdicts.watch(copy)
    page.tiles([protection_text.tile(row, watch, rule) for row in leading.iter_rows(named=True)])
    page.note(protection_text.READING)
    protection_sections.measures(
        copy, "protection-first", leading, rule, protection_text.first_finding(leading), is_lead=True
    )


def _duties(copy: Copy, name: str, rows: pl.DataFrame, rule: SmallNumbers) -> None:
    """Draw the duties of a section, with the tables that belong to it."""
    protection_sections.section(copy, name, rows, rule)
    if name == "orders":
        days = read_settings(copy).get("protection.expiry_days")
        protection_sections.orders(copy, None if days is None else round(days), rule)
        order_terms_section.draw(copy, rule)
    if name == "breaches":
        order_life_section.conditions(copy, rule)
    if name == "victims":
        rights_section.draw(copy, rule)
    if name == "investigation":
        courses_section.draw(copy, rule)
    if name == "file":
        protection_sections.gaps(copy, rule)


def _followed(copy: Copy, rows: pl.DataFrame, rule: SmallNumbers) -> None:
    page.note(protection_text.FOLLOW_UP)
    protection_sections.followed(copy, rows.filter(pl.col("kind") == "follow-up"), rule)


def read_duties(copy: Copy, chosen: Chosen, duties: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The duties of what is chosen, in the page's order. Raises Missing."""
    listed = duties.sort("place").select("measure_code", "measure_name", "section", kind=pl.lit("share"))
    return chosen_values.read_measures(copy, chosen, listed, rule)


def answer(rows: pl.DataFrame, chosen: Chosen) -> str:
    """The duty that is met least in what is chosen, in one sentence."""
    return chosen_values.least(rows, chosen, WORDS)


def draw(copy: Copy, key: str, rows: pl.DataFrame, chosen: Chosen, heading: str) -> None:
    """Draw the duties of a section."""
    chosen_section.draw(copy, f"protection-{key}-chosen", heading, rows, chosen, WORDS, tables=(VALUES, DUTIES))


main()
