"""Theme: one theme of the assessment, from scale and trend to response and gaps."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboards.data import extract
from dashboards.data import verdicts as data_verdicts
from dashboards.data.published import Copy, optional
from dashboards.data.settings import read_small_numbers
from dashboards.pages.assessment import assessment_data, theme_decision_sections, theme_sections
from dashboards.parts import extract_banner, filters, page
from dashboards.parts.outline import Section, in_sections
from dashboards.text import numbers
from dashboards.text.assessment import assessment_text
from dashboards.text.small_numbers import SmallNumbers
from dashboards.text.tile import Tile

TILES = (("crimes_year", "Crimes in twelve months"), ("suspect_named", "With a named suspect"),
         ("high_risk", "High risk or section 4A"), ("charged", "Charged within 365 days"))  # fmt: skip


@page.whole("the theme", "Not measured. Themes are scored from a force's own extract.")
def main() -> None:
    """Draw the page."""
    copy = page.begin("One theme of the assessment: what is known, how it is scored, what is not known.")
    scores = assessment_data.scores(copy)
    extract_banner.sign(extract.find_extract(copy, instead=assessment_data.NO_THEMES))
    rule = read_small_numbers(copy)
    names = {
        r["theme_code"]: f"{r['theme_code']} {r['theme_name']}" for r in scores.sort("place").iter_rows(named=True)
    }
    code = filters.choose("Theme", names, "theme", default=str(scores["theme_code"][0]), place=st.columns(2)[0])
    row = scores.filter(pl.col("theme_code") == code).row(0, named=True)
    facts = optional(theme_sections.facts_of, copy, code)
    where = "theme_code = $code"
    verdicts = optional(copy.select, assessment_data.VERDICTS, where=where, may_be_empty=True, code=code)
    verdict = None if verdicts is None or verdicts.is_empty() else verdicts.row(0, named=True)
    by_code = {} if facts is None else {r["fact_code"]: r for r in facts.iter_rows(named=True)}
    page.answer(assessment_text.theme_answer(row, verdict, by_code.get("crimes_year")))
    page.tiles([_tile(by_code[fact], by_code, label, verdict, copy, rule) for fact, label in TILES if fact in by_code])
    in_sections(
        Section("Is it changing?", lambda: theme_sections.months(copy, row, rule)),
        Section("Who, where, what changed?", lambda: theme_decision_sections.who_and_where(copy, row, rule)),
        Section("What is known?", lambda: theme_sections.facts(copy, row, rule)),
        Section("How is it scored?", lambda: theme_sections.parts(copy, row, rule)),
        Section("What is not known?", lambda: theme_sections.gaps(copy, code, scores)),
        Section("What is asked of whom?", lambda: theme_decision_sections.asked(copy, row)),
    )


def _missing(fact: dict[str, Any], facts: dict[str, Any], rule: SmallNumbers) -> str:
    """The number of crimes in the fact's period without data for it."""
    if fact["value"] is None:
        return "the figure itself"
    if fact["denominator"] is None:
        return "what was not recorded"
    whole = facts.get("crimes_year_before" if fact["section"] == "outcomes" else "crimes_year", {}).get("value")
    return data_verdicts.missing_words(
        None if whole is None else int(whole) - fact["denominator"], whole and int(whole), rule
    )


def _tile(
    fact: dict[str, Any],
    facts: dict[str, Any],
    label: str,
    verdict: dict[str, Any] | None,
    copy: Copy,
    rule: SmallNumbers,
) -> Tile:
    """A fact with the lines under it; only the count of crimes has a chart."""
    said = assessment_text.value(fact, rule)
    value, _, interval = said.partition(" (")
    numerator, denominator = fact["numerator"], fact["denominator"]
    small = f"95% interval {interval.rstrip(')')}" if interval else str(fact["period"])
    if denominator is not None:
        small = f"{numbers.number(numerator)} of {numbers.number(denominator)}; {small}"
    is_charted = fact["fact_code"] == "crimes_year" and verdict is not None
    return Tile(
        label=label,
        value=value,
        small=f"{small}. {numbers.capital(str(fact['period']))}",
        over_time=data_verdicts.chart_words(verdict)
        if is_charted and verdict is not None
        else data_verdicts.NOT_WATCHED,
        peers=data_verdicts.NO_PEERS,
        missing=_missing(fact, facts, rule),
        owner=data_verdicts.watch(copy).owner("outcomes" if fact["fact_code"] == "charged" else "demand"),
    )


main()
