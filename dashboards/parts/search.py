"""The search in the sidebar: pages that the user may open, findings, measures, recording standards and terms."""

from __future__ import annotations

import ast
import html
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import streamlit as st

from dashboards.data.published import Copy, optional
from dashboards.parts import filters
from dashboards.registry import Page
from dashboards.server import visit
from dashboards.text.breakdowns import BREAKDOWNS, CLASSES, class_name
from dashboards.text.front.glance_text import ATTENTION, BY_CHANCE, EVERY, address
from dashboards.text.search import MOST, Entry, find, missing, standards, terms

LONGEST = 80  # characters of what is searched for
DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs"
MEASURES, RESULTS, STANDARDS_PAGE = "reference.measures", "quality.rule_results", "which_standards_are_breached"
# the page that shows a measure, and the table of the measures that it can show
EXPLORE, VALUES = "explore", "metrics.measure_values"
SHOWN_ON = ((EXPLORE, VALUES), ("held_to_account", "reference.public_measures"))
FOUND_ON = (EVERY, "held_to_account")  # the pages of each audience with its findings
TIMES = {"weekday": "day of the week", "hour": "time of day"}  # what else they are called
HEADS = {"opened": 1, "begin": 2, "head": 2}  # functions of page.py -> words given to one that gives a purpose
OF_TIMES = "Of the offence: harassment, stalking, or both"


def draw_search(pages: Sequence[Page]) -> None:
    """Draw the search, and what it finds; it leads to the `pages` and the documentation alone."""
    asked = st.text_input("Search", key="search", max_chars=LONGEST, placeholder="page, measure, standard or term")
    if asked.strip():
        found = find(entries(pages, lambda audience: optional(visit.open_copy, audience)), asked)
        st.html(results(found, asked))


def entries(pages: Sequence[Page], copy_of: Callable[[str], Copy | None]) -> list[Entry]:
    """All that can be found. Measures and results of standards are those in the copies of the pages they lead to."""
    held = {page.address: page for page in pages}
    found = [Entry("Page", page.question, _purpose(page.path), page.address) for page in pages]
    for shown_on, table in SHOWN_ON:
        if shown_on in held:
            found += _measures(copy_of(held[shown_on].audience), held[shown_on], table)
    if EXPLORE in held:
        found += _classes(copy_of(held[EXPLORE].audience), held[EXPLORE])
        found += _times(copy_of(held[EXPLORE].audience), held[EXPLORE])
    for found_on in FOUND_ON:
        if found_on in held:
            found += _findings(copy_of(held[found_on].audience), found_on)
    copy = copy_of(held[STANDARDS_PAGE].audience) if STANDARDS_PAGE in held else None
    return [*found, *_standards(copy), *_terms()]


def _measures(copy: Copy | None, page: Page, table: str) -> list[Entry]:
    """The measures that a page can show; none without its copy."""
    held = None if copy is None else optional(copy.select, table, columns="distinct measure_code")
    if copy is None or held is None:
        return []
    shown = set(held["measure_code"])
    rows = optional(copy.select, MEASURES, columns="measure_code, measure_name, definition", order_by="measure_name")
    return [
        Entry(f"Measure, on “{page.question}”", name, words, f"{page.address}?{filters.query(measure=code)}")
        for code, name, words in (() if rows is None else rows.iter_rows())
        if code in shown
    ]


def _findings(copy: Copy | None, page: str) -> list[Entry]:
    """What differs beyond chance: to its chart, or to the page of a copy without charts; none without the copy."""
    rows = None if copy is None else optional(copy.select, ATTENTION, order_by="attention_rank", may_be_empty=True)
    return [
        Entry("Finding", row["sentence"], row["question"], address(row) if page == EVERY else page)
        for row in (() if rows is None else rows.iter_rows(named=True)) if row["kind"] in BY_CHANCE
    ]  # fmt: skip


def _classes(copy: Copy | None, page: Page) -> list[Entry]:
    """Crimes recorded of each class, which have no measure of their own; none without the copy."""
    held = None if copy is None else optional(
        copy.select, VALUES, columns="distinct breakdown_value", order_by="breakdown_value",
        where="measure_code = 'recorded' and breakdown = 'class' and period_type = 'to_date'",
    )  # fmt: skip
    codes = [] if held is None else [code for (code,) in held.iter_rows() if code in CLASSES]
    return [
        Entry(f"Offence class, on “{page.question}”", f"{class_name(code)} recorded", "",
              f"{page.address}?{filters.query(measure='recorded', by='class', part_class=code)}")
        for code in codes
    ]  # fmt: skip


def _times(copy: Copy | None, page: Page) -> list[Entry]:
    """Weekday and hour of the offence, which only counts of recorded crimes have; none without the copy."""
    held = None if copy is None else optional(
        copy.select, VALUES, columns="distinct breakdown", order_by="breakdown", may_be_empty=True,
        where="measure_code = 'recorded_harassment' and breakdown in ('weekday', 'hour') and period_type = 'quarter'",
    )  # fmt: skip
    return [
        Entry(f"Breakdown, on “{page.question}”", f"{BREAKDOWNS[by]} ({TIMES[by]})", OF_TIMES,
              f"{page.address}?{filters.query(measure='recorded_harassment', by=by)}")
        for (by,) in (() if held is None else held.iter_rows())
    ]  # fmt: skip


def _standards(copy: Copy | None) -> list[Entry]:
    """Every standard: to its results where the user may open them, else to the documentation."""
    rows = None if copy is None else optional(copy.select, RESULTS, columns="distinct rule_code, table_name")
    keys = {} if rows is None else {code: f"{code}@{table}" for code, table in rows.sort("table_name").iter_rows()}
    listed = _listed_standards()
    codes = [entry.name.partition(" ")[0] for entry in listed]
    return [
        replace(entry, address=f"{STANDARDS_PAGE}?{filters.query(rule=keys[code])}") if code in keys else entry
        for code, entry in zip(codes, listed, strict=True)
    ]


@cache
def _listed_standards() -> tuple[Entry, ...]:
    return tuple(standards((DOCUMENTATION / "standards.md").read_text(encoding="utf-8")))


@cache
def _terms() -> tuple[Entry, ...]:
    return tuple(terms((DOCUMENTATION / "glossary.md").read_text(encoding="utf-8")))


@cache
def _purpose(page: Path) -> str:
    """What a page says that it is for, from its code: the last words it gives to what draws its head."""
    for node in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in HEADS:
            words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            return str(words[-1]) if len(words) >= HEADS[node.func.attr] else ""
    return ""


def results(found: Sequence[Entry], asked: str) -> str:
    """What was found, as HTML: each with its kind and first words. Says where nothing has every word."""
    shown = found[:MOST]
    few = "Nothing has all of these words. With most of them: " if found and missing(found[0], asked) else ""
    more = f": the first {len(shown)} are shown" if len(found) > len(shown) else ""
    items = "".join(_item(entry) for entry in shown)
    return f'<p class="side-note" role="status">{few}{len(found)} found{more}.</p><ul class="found">{items}</ul>'


def _item(entry: Entry) -> str:
    beside = ' target="_blank"' if entry.is_documentation else ""
    words = f"{entry.kind}. {entry.words}" if entry.words else entry.kind
    return (
        f'<li><a href="{html.escape(entry.address, quote=True)}"{beside}>{html.escape(entry.name)}</a>'
        f"<span>{html.escape(words[:160])}{'…' if len(words) > 160 else ''}</span></li>"
    )
