"""From a standard's compliance to its records, for those who may open them."""

from __future__ import annotations

import html
import re

import streamlit as st

from dashboards.pages.assessment import explorer_text as text
from dashboards.pages.assessment.explorer_data import Choice
from dashboards.parts import filters
from dashboards.registry import offered
from dashboards.server import visit
from dashboards.server.access import Person

STANDARD = re.compile(r"[A-Z]{3}-\d{2}")  # the measure of a recording standard has its rule's code
RECORDS, STANDARDS = "fix_list", "which_standards_are_breached"


def draw(choice: Choice, every: str) -> None:
    """Draw links to the standards of the group and to their records, of the unit chosen; nothing for other measures."""
    links = addresses(choice, every, _opened())
    items = " ".join(f'<a href="{html.escape(to, quote=True)}">{html.escape(words)}</a>' for words, to in links)
    if links:
        st.html(f'<p class="note">{items}</p>')


def addresses(choice: Choice, every: str, opened: frozenset[str]) -> list[tuple[str, str]]:
    """(words, address) of the pages of `opened` that lead from this measure to its records."""
    if not STANDARD.fullmatch(choice.code):
        return []
    group, found = choice.code.partition("-")[0], []
    if STANDARDS in opened:
        found.append((f"Standards of the group {group}", f"{STANDARDS}?{filters.query(group=group)}"))
    if RECORDS in opened:
        is_unit = choice.part != every and choice.breakdown == "unit"
        unit = {"unit": choice.part} if is_unit else {}
        of = text.part_name("unit", choice.part) if is_unit else "all units"
        found.append((f"Records to correct by {group}, {of}", f"{RECORDS}?{filters.query(group=group, **unit)}"))
    return found


def _opened() -> frozenset[str]:
    who = visit.person(is_use=False)
    if not isinstance(who, Person):
        return frozenset()
    return frozenset(page.address for page in offered(visit.server().audiences, who.roles))
