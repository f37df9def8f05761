"""Import of a published action plan on the page with the registers: what it would change, then the change itself."""

import polars as pl
import streamlit as st

from casework.assessment.plans.files import FORMATS
from casework.assessment.plans.take import BODY, Held, Outcome, take_plan
from casework.assessment.plans.words import Words
from casework.store.refusal import Refused
from dashboards.data.published import optional
from dashboards.pages.assessment.registers_sections import INSPECTION, Desk
from dashboards.parts import forms, page
from dashboards.parts.table import html_table
from dashboards.text import numbers

WORDS = "reference.plan_words"
PROBLEMS = {"place": "Where", "seen": "Seen", "expected": "Expected", "remedy": "What to do"}


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
