"""Compliance with the standards in one part of the force, or in one period, as the bar of choices asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from dashboards.data.published import Copy
from dashboards.pages.recording import compliance
from dashboards.pages.recording.compliance import Part
from dashboards.parts import chosen_section, chosen_values, filter_bar, page
from dashboards.parts.chosen_values import VALUES, Words
from dashboards.parts.filter_bar import Chosen
from dashboards.parts.outline import Section
from dashboards.text.recording import standards_text
from dashboards.text.small_numbers import SmallNumbers

RESULTS = "quality.rule_results"
WORDS = Words("standard", "standards", "Compliance", "Met", "Records assessed", "no record was assessed")
ALL_MONTHS = "Below are all months of the extract, in the same part of the force."


def of_all(copy: Copy, results: pl.DataFrame, chosen: Chosen, rule: SmallNumbers) -> pl.DataFrame:
    """The standards with what is chosen, the lowest compliance first. Raises Missing."""
    titles = results.drop_nulls("measure_code").sort("measure_code")
    rows = _read_standards(copy, titles, chosen, rule)
    rows = rows.filter(pl.col("period_start").is_not_null() | pl.col("whole_value").is_not_null())
    can_be_shown = pl.col("value").is_not_null() & ~pl.col("is_hidden")
    return rows.sort(pl.when(can_be_shown).then("value"), "measure_code", nulls_last=True)


def _read_standards(copy: Copy, titles: pl.DataFrame, chosen: Chosen, rule: SmallNumbers) -> pl.DataFrame:
    """These readers see the records: only a share of too few is hidden."""
    listed = titles.select("measure_code", measure_name="title", kind=pl.lit("share"))
    return chosen_values.read_measures(copy, chosen, listed, replace(rule, smallest_shown=1))


def section(copy: Copy, rows: pl.DataFrame, chosen: Chosen, key_of: Callable[[str], str]) -> Section:
    """The section with the standards; `key_of` gives a standard's key in an address by its code."""
    part = "" if chosen.part is None else Part(*chosen.part).key
    kept = filter_bar.in_address()

    def draw() -> None:
        chosen_section.draw(
            copy, "standards-chosen", "Standards", rows, chosen, WORDS, tables=(VALUES, RESULTS),
            link=lambda row: standards_text.address(key_of(str(row["measure_code"])), part, **kept), is_lead=True,
        )  # fmt: skip

    return Section(chosen_section.HEADING, draw)


def of_one(copy: Copy, standard: compliance.Row, part: Part, rule: SmallNumbers) -> tuple[Chosen, pl.DataFrame]:
    """Draw the choice of a period; returns what is chosen of a standard, and its figures. Raises Missing."""
    chosen = chosen_section.period(copy, None if part == compliance.WHOLE else (part.breakdown, part.name))
    titles = pl.DataFrame({"measure_code": [standard["measure_code"]], "title": [standard["title"]]})
    return chosen, _read_standards(copy, titles, chosen, rule)


def draw_one(copy: Copy, rows: pl.DataFrame, chosen: Chosen) -> None:
    """Draw a standard with what is chosen, and say what follows no period."""
    page.heading(chosen_section.HEADING)
    code = str(rows["measure_code"][0])
    chosen_section.draw(
        copy, f"standard-chosen-{code.lower()}", code, rows, chosen, WORDS, tables=(VALUES, RESULTS), is_lead=True
    )
    if chosen.period is not None:
        page.note(ALL_MONTHS)


def answer(rows: pl.DataFrame, chosen: Chosen, copy: Copy) -> str:
    """What is chosen of a standard, beside the whole force and a year before."""
    return chosen_values.first(rows, chosen, WORDS, chosen_section.compared(copy))
