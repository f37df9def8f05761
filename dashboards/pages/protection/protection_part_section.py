"""The duties of one part of the force, or of one period, as the bar of choices asks for them."""

from __future__ import annotations

import polars as pl

from dashboards.data.published import Copy
from dashboards.parts import chosen_section, chosen_values
from dashboards.parts.chosen_values import VALUES, Words
from dashboards.parts.filter_bar import Chosen
from dashboards.text.small_numbers import SmallNumbers

DUTIES = "metrics.protection_measures"
WHOLE_ONLY = "Stages of orders, missing items of files and later events are of the whole force and all periods."
WORDS = Words(
    "duty", "duties", "Compliance", "Compliant, count", "Records assessed", "nothing was due, or not measured"
)


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
