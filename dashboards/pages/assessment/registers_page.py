"""Decisions and actions: the assessment's registers, overdue and open entries."""

from __future__ import annotations

import streamlit as st

from casework.choices.register_kinds import KINDS
from casework.store.database import UNUSABLE, in_words, today
from casework.store.refusal import Refused
from dashboards.data.published import Missing
from dashboards.pages.assessment import plan_section, registers_data, registers_sections, registers_text
from dashboards.pages.assessment.registers_sections import Desk
from dashboards.parts import extract_banner, filters, forms, page


@page.whole("the registers", "Not shown: the casework store does not answer.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Recommendations, findings of others and gaps: who owns each, when it is due, and the live figure that shows "
        "whether it works.",
        by_force=False,
    )
    extract_banner.sign_where_held(copy)
    home = page.server().home
    assert home is not None  # page.opened read a copy in it
    try:
        entries = registers_data.entries(home, copy)
    except (Refused, *UNUSABLE) as problem:
        raise Missing("damaged", in_words(problem)) from problem
    figures, day = registers_data.figures(copy), today()
    page.answer(registers_text.answer(entries, day))
    page.facts(registers_text.facts(entries, day))
    registers_sections.show_first(entries, figures, day)
    columns = st.columns(3)
    with columns[0]:
        who = forms.ask_who()
    register = filters.choose("Register", {code: k.name for code, k in KINDS.items()}, "register", place=columns[1])
    shown = filters.choose("Show", registers_text.SHOWN, "shown", place=columns[2])
    forms.tell_done()
    held = tuple(entry for entry in entries if entry.register == register)
    themes, public = registers_data.themes(copy), registers_data.public(copy)
    desk = Desk(home, copy, register, held, figures, themes, public, day, who)
    try:
        registers_sections.show_register(desk, shown)
        registers_sections.show_desk(desk)
        plan_section.show_plan(desk)
    except UNUSABLE as problem:
        forms.tell(in_words(problem), "missing")
    page.note(f"{forms.NAMES} No revision is overwritten, and every action is logged with its time.")


main()
