"""The registers on the page: a register's table, and the forms for its entries.

The forms keep and close an entry, and add evidence to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from casework.assessment import registers
from casework.choices.register_kinds import (
    CHOICE,
    CLOSED_STATES,
    DAY,
    KINDS,
    LONG,
    LONGEST,
    METRIC,
    PUBLIC,
    TEXT,
    THEME,
    WORDS,
    Field,
)
from casework.store.database import open_store
from dashboards.data.published import Copy
from dashboards.pages.assessment import registers_data, registers_text
from dashboards.pages.assessment.registers_data import Entry, Figures
from dashboards.parts import figure, filters, forms, page
from dashboards.parts.table import html_table, listed
from dashboards.text import numbers

NEW, INSPECTION = "new", "inspection"
SEEN = "seen_entry"


@dataclass(frozen=True)
class Desk:
    """The inputs of the section: home, copy, one register with its entries, user."""

    home: Path
    copy: Copy
    register: str
    entries: tuple[Entry, ...]
    figures: Figures
    themes: Mapping[str, str]
    public: Mapping[str, str]  # measures that commissioners have figures of
    today: dt.date
    who: str

    @property
    def engine(self) -> Engine:
        """The casework store, created on the first action."""
        return open_store(self.home)


def show_first(entries: list[Entry], figures: Figures, today: dt.date) -> None:
    """Draw the overdue and undecided entries of all registers."""
    page.heading("Overdue or waiting for a decision")
    rows = registers_text.first_rows(entries, figures, today)
    if rows.is_empty():
        page.note("Nothing is overdue and nothing waits for a decision.")
    else:
        table = html_table(
            rows,
            registers_text.FIRST_COLUMNS,
            caption="Entries of all registers that are overdue or wait for a decision",
            row_heading="title",
            links={"title": lambda row: str(row["address"])},
            is_caption_visible=False,
        )
        st.html(table)
    late = registers_text.late_starters(entries, today)
    if late:
        page.note(late)


def show_register(desk: Desk, shown: str) -> None:
    """Draw one register as a table that can be downloaded."""
    kind = KINDS[desk.register]
    listed = registers_text.chosen(desk.entries, shown)
    if not listed:
        page.heading(kind.name)
        page.note("No entry of this register matches this choice.")
        return
    rows = registers_text.rows(
        desk.register, listed, desk.figures, desk.today, {**desk.themes, **desk.public, **registers_text.ALONE}
    )
    columns, missing = registers_text.filled(rows, registers_text.columns(desk.register))
    figure.Figure(
        key=f"register_{desk.register}",
        finding=registers_text.heading(desk.register, listed),
        data=figure.Data(rows, columns, row_heading="title"),
        tables=(registers_data.ENTRIES, registers_data.ANSWERS),
    ).draw(desk.copy)
    if missing:
        page.note(missing)


def show_desk(desk: Desk) -> None:
    """Draw the forms for one entry, chosen or new.

    The user can keep it, close it, take a snapshot of its figure, and see its revisions.
    """
    kind = KINDS[desk.register]
    page.heading("Add or change an entry")
    page.note(f"One entry is {kind.entry}. {registers_text.POSTS}")
    by_ref = {entry.ref: entry for entry in desk.entries}
    options = {NEW: "A new entry"} | {ref: registers_text.short(entry) for ref, entry in by_ref.items()}
    # on arrival at the page, revisions seen on an earlier visit do not count
    if "filter_entry" not in st.session_state:
        st.session_state.pop(SEEN, None)
    ref = filters.choose("Entry", options, "entry")
    entry = by_ref.get(ref, Entry(desk.register, "", 0, {}, False))
    _look(entry)
    if entry.ref and entry.is_starter:
        page.note(f"{registers_text.STARTERS} Source: {entry.source}.")
    _form(desk, entry)
    if entry.revision == 0:
        return
    _snapshot(desk, entry)
    if not entry.is_closed:
        _closing(desk, entry)
    _revisions(desk, entry)


def _look(entry: Entry) -> None:
    """Record the revision on screen: another may be saved before a button is pressed."""
    held = st.session_state.get(SEEN)
    if held is None or held[:2] != (entry.register, entry.ref):
        st.session_state[SEEN] = (entry.register, entry.ref, entry.revision)


def _seen() -> int:
    """The revision on screen, returned once.

    After this action the user sees the page with its new state.
    """
    return int(st.session_state.pop(SEEN)[2])


def _form(desk: Desk, entry: Entry) -> None:
    kind = KINDS[desk.register]
    with st.form(f"entry_{desk.register}_{entry.ref}"):
        given = {field.name: _input(field, entry, desk) for field in kind.fields}
        sent = st.form_submit_button("Save the entry", disabled=not desk.who)
    if not desk.who:
        page.note("Give your name at the top of the page to save the entry.")
    if sent:
        seen = _seen()
        forms.attempt(lambda: _keep(desk, entry, given, seen), "The entry was saved.")
        _look(entry)  # the action was refused, with a message


def _keep(desk: Desk, entry: Entry, given: Mapping[str, str], seen: int) -> None:
    days = {
        field.name: forms.read_day(field.label, given[field.name])
        for field in KINDS[desk.register].fields
        if field.kind == DAY
    }
    ref = registers.save(desk.engine, desk.register, entry.ref, {**given, **days}, desk.who, seen_revision=seen)
    st.query_params["entry"] = ref


def _input(field: Field, entry: Entry, desk: Desk) -> str:
    held = str(entry.fields.get(field.name) or "")
    label = field.label + (" (required)" if field.is_needed else "")
    offered = _offered(field, desk)
    if offered is not None:
        options = ({} if field.is_needed else {"": "None"}) | offered
        if held and held not in options:  # a value that an earlier release or another audience offered stays visible
            options |= {held: held}
        index = list(options).index(held) if held in options else None if field.is_needed else 0
        chosen = st.selectbox(label, list(options), index=index, format_func=lambda code: options.get(code, code))
        return str(chosen or "")
    if field.kind in (TEXT, LONG):
        return st.text_area(label, value=held, max_chars=LONGEST[field.kind])
    if field.kind == DAY:
        shown = numbers.day(dt.date.fromisoformat(held)) if held else ""
        return st.text_input(f"{label}, as {forms.DAY_EXAMPLE}", value=shown, max_chars=forms.LONGEST_DAY)
    return st.text_input(label, value=held, max_chars=LONGEST.get(field.kind, LONGEST[WORDS]))


def _offered(field: Field, desk: Desk) -> dict[str, str] | None:
    """The options of a field, None if it is typed."""
    if field.kind == CHOICE:
        return dict(field.choices)
    if field.kind == METRIC:
        return desk.figures.names
    if field.kind == THEME:
        return {code: f"{code} {name}" for code, name in desk.themes.items()}
    if field.kind == PUBLIC:
        return (registers_text.ALONE if desk.register == INSPECTION else {}) | dict(desk.public)
    return None


def _snapshot(desk: Desk, entry: Entry) -> None:
    """Draw the live figure beside its last snapshot, and the button that keeps it."""
    code = str(entry.fields.get("metric_code") or "")
    if not code:
        return
    page.heading("Does it work?")
    then = registers_text.figure_then(entry, desk.figures)
    page.meanings([("Live figure now", registers_text.figure_now(entry, desk.figures)), ("At the snapshot", then)])
    row = desk.figures.rows.get(code)
    if row is None or row["status"] != "measured":
        page.note("The figure has no value now: there is nothing to save as evidence.")
        return
    page.note(
        "A snapshot saves the figure as it is now, with its publication. It does not prove what caused a change."
    )
    if st.button("Save a snapshot of the figure", disabled=not desk.who):
        taken, seen = registers_data.snapshot(desk.copy, row), _seen()
        forms.attempt(
            lambda: registers.take_snapshot(desk.engine, desk.register, entry.ref, taken, desk.who, seen_revision=seen),
            "The snapshot was saved.",
        )
        _look(entry)


def _closing(desk: Desk, entry: Entry) -> None:
    page.heading("Close the entry")
    with st.form(f"close_{desk.register}_{entry.ref}"):
        state = st.radio("Result", list(CLOSED_STATES), format_func=lambda s: CLOSED_STATES[s], horizontal=True)
        words = st.text_area("What was done, or why it is not taken up", max_chars=registers.LONGEST_CLOSING)
        sent = st.form_submit_button("Close the entry", disabled=not desk.who)
    if sent:
        seen = _seen()
        forms.attempt(
            lambda: registers.close(desk.engine, desk.register, entry.ref, state, words, desk.who, seen_revision=seen),
            "The entry was closed.",
        )
        _look(entry)


def _revisions(desk: Desk, entry: Entry) -> None:
    """Draw every revision with its date; the casework store holds who kept it."""

    def state(row: Mapping[str, Any]) -> str:
        kept = Entry(desk.register, entry.ref, row["revision"], row["fields"], bool(row["is_closed"]))
        return registers_text.state(kept, desk.today)

    rows = registers.history(desk.engine, desk.register, entry.ref)
    columns = {
        "Revision": lambda row: str(row["revision"]), "Saved": lambda row: numbers.moment(row["changed_at"]),
        "State": state,
    }  # fmt: skip
    table = listed(rows, columns, "Revisions of the entry")
    st.html(f"<details><summary>Revisions ({len(rows)})</summary>{table}</details>")
