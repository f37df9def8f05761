"""Decisions and actions: the assessment's registers, overdue and open entries."""

from __future__ import annotations

import polars as pl
import streamlit as st

from casework.assessment.plans.files import FORMATS
from casework.assessment.plans.take import BODY, Held, Outcome, take_plan
from casework.assessment.plans.words import Words
from casework.choices.register_kinds import KINDS
from casework.store.database import UNUSABLE, in_words, today
from casework.store.refusal import Refused
from dashboards.data.published import Missing, optional
from dashboards.pages.assessment import registers_data, registers_sections, registers_text
from dashboards.pages.assessment.registers_sections import INSPECTION, Desk
from dashboards.parts import extract_banner, filters, forms, page
from dashboards.parts.table import html_table
from dashboards.text import numbers

WORDS = "reference.plan_words"
PROBLEMS = {"place": "Where", "seen": "Seen", "expected": "Expected", "remedy": "What to do"}


@page.whole("the registers", "Not shown: the casework store does not answer.")
def main() -> None:
    """Draw the page."""
    copy = page.opened(
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
        show_plan(desk)
    except UNUSABLE as problem:
        forms.tell(in_words(problem), "missing")
    page.note(f"{forms.NAMES} No revision is overwritten, and every action is logged with its time.")


def show_plan(desk: Desk) -> None:
    """Draw the form for a plan's file; nothing is saved before the user has seen what would change."""
    if desk.register != INSPECTION:
        return
    page.heading("Import a published plan")
    page.note(
        "A CSV file, a Word document or a saved web page with a table: a row for each recommendation. An entry is "
        "found by its number. The import shows nothing to the public: choose that in the entry's form."
    )
    rows = optional(desk.copy.select, WORDS)
    if rows is None:
        page.note("The words that a plan may use are not published: run a build first.")
        return
    body = st.text_input("Whose recommendations they are", value=BODY, max_chars=200, key="plan_body")
    file = st.file_uploader("The plan's file", type=list(FORMATS), key="plan_file")
    if file is None:
        return
    known = Words.of(rows.to_dicts())
    starters = [Held(entry.ref, 0, entry.fields) for entry in desk.entries if entry.is_starter]

    def take(is_trial: bool) -> Outcome:
        return take_plan(
            desk.home, file.name, file.getvalue(), known, starters, desk.who, body=body or BODY, is_trial=is_trial
        )

    try:
        found = take(True)
    except Refused as words:
        forms.tell(str(words), "missing")
        return
    _tell(found)
    if found.is_a_change and st.button("Import the plan", disabled=not desk.who):
        forms.attempt(lambda: take(False), "The plan was imported.")


def summary(found: Outcome) -> str:
    """What an import would change, in a sentence."""
    parts = [
        f"{numbers.plural(len(found.added), 'entry', 'entries')} to add",
        f"{len(found.changed)} to change",
        f"{len(found.same)} the same",
        f"{numbers.plural(len(found.problems), 'cell or row', 'cells or rows')} not understood",
    ]
    return f"The plan has {numbers.listed(parts)}."


def _tell(found: Outcome) -> None:
    """Draw what the import would do, and what it leaves out."""
    page.note(summary(found))
    named = (("To add", found.added), ("To change", found.changed), ("The same", found.same))
    page.meanings([(label, ", ".join(refs)) for label, refs in named if refs])
    for notice in found.notices:
        page.note(notice)
    if found.problems:
        table = html_table(
            pl.DataFrame([vars(problem) for problem in found.problems]), PROBLEMS, caption="Not imported",
            row_heading="place",
        )  # fmt: skip
        st.html(table)


main()
