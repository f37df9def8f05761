"""Decisions and actions: the registers of the assessment, what is overdue, and what waits for a decision."""

from __future__ import annotations

import streamlit as st

from casework.refusal import Refused
from casework.register_kinds import KINDS
from casework.store import UNUSABLE, in_words, today
from dashboards import extract, filters, page
from dashboards.audits import acting
from dashboards.published import NotAvailable
from dashboards.registers import reading, saying, showing
from dashboards.registers.showing import Desk


def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Decisions and actions",
        "What was recommended, found by others or not known, who answers for it and by when, and the live figure that "
        "shows whether it works.",
        audience="command",
    )
    extract.sign_where_held(copy)
    home = page.server().home
    assert home is not None  # page.begin opened a copy in it
    try:
        entries = reading.entries(home, copy)
    except (Refused, *UNUSABLE) as problem:
        page.answer("Not shown: the casework store does not answer.")
        page.stop(NotAvailable("damaged", in_words(problem)), "the registers")
    figures, day = reading.figures(copy), today()
    page.answer(saying.answer(entries, day))
    page.facts(saying.facts(entries, day))
    showing.show_first(entries, figures, day)
    columns = st.columns(3)
    with columns[0]:
        who = acting.ask_who()
    register = filters.choose("Register", {code: k.name for code, k in KINDS.items()}, "register", place=columns[1])
    shown = filters.choose("Show", saying.SHOWN, "shown", place=columns[2])
    acting.tell_done()
    held = tuple(entry for entry in entries if entry.register == register)
    desk = Desk(home, copy, register, held, figures, reading.themes(copy), day, who)
    try:
        showing.show_register(desk, shown)
        showing.show_desk(desk)
    except UNUSABLE as problem:
        acting.tell(in_words(problem), "missing")
    page.note(
        f"{acting.NAMES} No revision is overwritten, and every deed is logged with "
        "its time."
    )
    page.end()


main()
