"""From a figure to what is behind or beside it, for those who may open it: a standard's records, other forces."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import streamlit as st

from dashboards.data.published import optional
from dashboards.pages.assessment.explorer_data import Choice
from dashboards.parts import filters
from dashboards.server import visit
from dashboards.text.breakdowns import part_name

STANDARD = re.compile(r"[A-Z]{3}-\d{2}")  # the measure of a recording standard has its rule's code
# counted by other forces too, as open data has them; of no other measure do they publish a value
OF_PEERS = re.compile(r"recorded(_stalking|_harassment)?|(outcome|charged)_\d+(_stalking)?")
PEERS = "where_do_we_stand"
RECORDS, STANDARDS, RESULTS = "fix_list", "which_standards_are_breached", "quality.rule_results"


def draw(choice: Choice, every: str) -> None:
    """Draw links to the standard and to its records, of the unit chosen, or to other forces; else nothing."""
    links = addresses(choice, every, visit.opened_pages(), _table)
    items = " ".join(f'<a href="{html.escape(to, quote=True)}">{html.escape(words)}</a>' for words, to in links)
    if links:
        st.html(f'<p class="note">{items}</p>')


def addresses(
    choice: Choice, every: str, opened: frozenset[str], table_of: Callable[[str], str]
) -> list[tuple[str, str]]:
    """(words, address) of the pages of `opened` that lead from a standard's measure to its records, or to other forces.

    `table_of` gives the table that a standard applies to, "" where no result of it is published.
    """
    code, found = choice.code, list[tuple[str, str]]()
    if OF_PEERS.fullmatch(code) and PEERS in opened:
        found.append(("Other forces, by the definitions of open data", PEERS))
    if not STANDARD.fullmatch(code):
        return found
    table = table_of(code) if STANDARDS in opened else ""
    if table:
        found.append((f"Standard {code}", f"{STANDARDS}?{filters.query(rule=f'{code}@{table}')}"))
    if RECORDS in opened:
        is_unit = choice.part != every and choice.breakdown == "unit"
        unit = {"unit": choice.part} if is_unit else {}
        of = part_name("unit", choice.part) if is_unit else "all units"
        found.append((f"Records to correct by {code}, {of}", f"{RECORDS}?{filters.query(group=code, **unit)}"))
    return found


def _table(code: str) -> str:
    """The table that a standard applies to, by its results; "" without any."""
    copy = optional(visit.open_copy, "integrity")
    held = None if copy is None else optional(
        copy.select, RESULTS, columns="min(table_name) as table_name", where="rule_code = $code", code=code
    )
    return "" if held is None else str(held["table_name"][0] or "")
