"""All that differs beyond chance, in the order of its weight: the section that several pages share."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.data.published import Copy
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.front import glance_text
from dashboards.text.front.glance_text import ATTENTION, BY_CHANCE, NOTE, NOTHING

BEGAN = {True: "yes", False: "no"}


@page.section("what differs beyond chance", heading="What differs beyond chance")
def draw_findings(copy: Copy) -> None:
    """Draw every finding with its question, leading to its chart. The fronts name the first of them."""
    held = copy.select(ATTENTION, order_by="attention_rank", may_be_empty=True)
    rows = held.filter(pl.col("kind").is_in(BY_CHANCE))
    if rows.is_empty():
        page.note(NOTHING)
        return
    shown = rows.with_columns(
        began=pl.when(pl.col("kind") == "outlier").then(pl.lit("")).otherwise(pl.col("is_new").replace_strict(BEGAN))
    )
    figure.Figure(
        key="findings",
        finding=numbers.capital(glance_text.in_short(rows)[0]),
        data=figure.Data(
            shown,
            ({"attention_rank": "Place", "sentence": "Finding", "began": "New", "question": "Question", "post": "Ask"},
             {"q_value": "Of 100 findings as clear, by chance"}),
            {"q_value": lambda q: numbers.of_100(q), "began": lambda began: began or "a difference between parts"},
            row_heading="sentence",
            links={"sentence": _to_chart},
        ),
        tables=(ATTENTION,),
        caveats=(NOTE,),
        is_table_open=True,
    ).draw(copy)  # fmt: skip


def _to_chart(row: Any) -> str | None:
    return glance_text.address(row)
