"""The lines of the advice: each statement with its figures, links and gaps."""

from __future__ import annotations

import html
from functools import partial

import polars as pl
import streamlit as st

from dashboards.data.published import Copy
from dashboards.pages.assessment import advice_text
from dashboards.parts import figure
from dashboards.parts.outline import Section
from dashboards.text.small_numbers import SmallNumbers

ANSWERS = "metrics.advice_answers"


def parts(rows: pl.DataFrame, rule: SmallNumbers) -> list[Section]:
    """A section for each part of the advice that has one of these lines."""
    held = set(rows["part"])
    return [
        Section(heading, partial(_statements, rows.filter(pl.col("part") == name), rule))
        for name, heading in advice_text.PARTS.items()
        if name in held
    ]


def _statements(rows: pl.DataFrame, rule: SmallNumbers) -> None:
    lines = "".join(_line(lines, rule) for _, lines in rows.group_by("statement_code", maintain_order=True))
    st.html(f'<dl class="advice">{lines}</dl>')


def _line(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    first = rows.row(0, named=True)
    is_part = ' class="part"' if first["parent_code"] else ""
    code, words = html.escape(first["statement_code"]), html.escape(first["statement"])
    state = html.escape(advice_text.STATES[first["state"]])
    gap = advice_text.gap_words(first)
    figures = "".join(_figure(row, rule) for row in rows.iter_rows(named=True) if row["measure_code"])
    return (
        f"<div{is_part}><dt><b>{code}</b> {words}<span>{state}</span></dt><dd>"
        + (f"<ul>{figures}</ul>" if figures else "")
        + (f"<p>{html.escape(gap)}</p>" if gap else "")
        + "</dd></div>"
    )


def _figure(row: advice_text.Row, rule: SmallNumbers) -> str:
    words = html.escape(advice_text.figure_words(row, rule))
    address = html.escape(row["page"], quote=True)
    return f'<li><a href="{address}">{html.escape(row["measure_name"])}</a><strong>{words}</strong></li>'


def table(copy: Copy, rows: pl.DataFrame, rule: SmallNumbers) -> None:
    """Draw all lines as one table that can be downloaded."""
    figure.Figure(
        key="advice",
        finding="Every line of the advice, with its figures or the reason why there is none",
        data=figure.Data(advice_text.listed(rows, rule), advice_text.COLUMNS),
        tables=(ANSWERS,),
    ).draw(copy)
