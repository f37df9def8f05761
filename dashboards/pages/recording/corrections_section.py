"""What is done about the records to correct: a table by unit, and the form that changes their state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from casework.choices.correction_states import STATES
from casework.recording import corrections
from casework.recording.corrections import LONGEST, MOST, Entry
from casework.store.database import UNUSABLE, exists, in_words, open_store, today
from casework.store.refusal import Refused
from dashboards.data.published import Copy, Missing, NotAvailable
from dashboards.parts import figure, forms, page
from dashboards.server import visit
from dashboards.server.access import Person
from dashboards.text import numbers
from dashboards.text.recording import corrections_text

LIST = "metrics.fix_list"
REGISTRAR = "auditor"  # the role that accepts a disputed record
NO_FIGURE = (
    "What people decide here changes no figure. A record leaves the list when a build no longer finds the breach."
)
NAMELESS = "Write no name of a victim, witness or suspect."

UNREAD = NotAvailable(
    "damaged", "The casework store does not answer, so every entry is shown as open.", "Reload the page."
)


def read_corrections() -> list[dict[str, Any]]:
    """What people decided of records to correct. Raises Missing if the store cannot be read."""
    home = page.server().home
    try:
        return corrections.latest(open_store(home)) if home is not None and exists(home) else []
    except (Refused, *UNUSABLE) as problem:
        raise Missing("damaged", in_words(problem)) from problem


@page.section("what is done about these records")
def draw_corrections(copy: Copy, rows: pl.DataFrame, where: str) -> None:
    """Draw the section for the entries shown, which have their states."""
    forms.tell_done()
    states = {code: words for code, words in corrections_text.STATES.items() if code in set(rows["state"])}
    figure.Figure(
        key="records-to-correct-states",
        tables=(LIST,),
        finding=corrections_text.finding(rows, where),
        data=figure.Data(
            corrections_text.by_unit(rows),
            ("unit_name", states, {"next_due": "Next due date"}),
            {"next_due": lambda day: numbers.day(day) if day else "none"},
        ),
        caveats=(NO_FIGURE,),
    ).draw(copy)
    with st.expander("Assign, dispute, report as corrected, or accept"):
        page.meanings(corrections_text.MEANINGS)
        _change(rows)


def _change(rows: pl.DataFrame) -> None:
    """Draw the form: entries, their new state, owner, due date and reason."""
    home, who = page.server().home, forms.ask_who()
    if rows.height > MOST:
        page.note(f"{numbers.number(rows.height)} entries are shown: choose a unit, a group or a month first, so that "
                  f"at most {MOST} are.")  # fmt: skip
        return
    if home is None or not who:
        page.note("Enter your name first: each change is recorded under a name.")
        return
    by_entry = {Entry(*key): row for key, row in zip(rows.select(Entry._fields).iter_rows(), rows.to_dicts())}
    with st.form("records to correct", border=False):
        picked = st.multiselect("Records", list(by_entry), format_func=lambda entry: _label(entry, by_entry[entry]))
        is_all = st.checkbox(f"All {numbers.plural(rows.height, 'entry', 'entries')} shown")
        status = st.selectbox("New state", _offered(), format_func=lambda code: STATES[code])
        owner = st.text_input("Person or team who corrects it", max_chars=LONGEST)
        due = st.text_input(f"Due date, such as {forms.DAY_EXAMPLE}", max_chars=forms.LONGEST_DAY)
        words = st.text_input(f"Reason. {NAMELESS}", max_chars=LONGEST)
        sent = st.form_submit_button("Save")
    if sent:
        seen = {entry: int(by_entry[entry]["revision"]) for entry in (by_entry if is_all else picked)}
        forms.attempt(
            lambda: _save(seen, status, who, {"owner": owner, "due_date": due, "words": words}),
            f"Saved: {numbers.plural(len(seen), 'entry is', 'entries are')} now {STATES[status].lower()}.",
        )


def _save(seen: Mapping[Entry, int], status: str, who: str, given: Mapping[str, str]) -> None:
    home = page.server().home
    if home is None or status not in _offered():
        raise Refused("Your roles do not allow this state: the registrar accepts a disputed record.")
    due = forms.read_day("Due date", given["due_date"])
    corrections.change(
        open_store(home), seen, status, who, today(), owner=given["owner"], due_date=due, words=given["words"]
    )


def _offered() -> list[str]:
    """The states that the user may give, by the roles of this moment."""
    who = visit.person(is_use=False)
    if not isinstance(who, Person):
        page.stop(NotAvailable("denied", who.reason), "this part")
    return [code for code in STATES if code != "accepted" or REGISTRAR in who.roles]


def _label(entry: Entry, row: Mapping[str, Any]) -> str:
    return f"{entry.record_ref}, {entry.rule_code} ({corrections_text.STATES[row['state']].lower()})"
