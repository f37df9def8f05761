"""The second part: rating on screen or by worksheet.

Raters see neither the outcome nor each other's ratings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from casework.audit import ratings
from casework.store.database import UNUSABLE, in_words
from casework.store.refusal import Refused
from dashboards.data import extract
from dashboards.pages.audit import answer_form, worksheet
from dashboards.parts import forms, page
from dashboards.parts.downloads import file_name
from dashboards.parts.forms import Desk
from dashboards.parts.table import html_table
from dashboards.server import visit
from dashboards.text import numbers

ROLES = {"first": "First rater", "second": "Second rater"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_rating(desk: Desk) -> None:
    """Draw the person's list, the unit to rate, and the worksheet."""
    if not desk.cycle["drawn_at"]:
        page.note("Nothing has been drawn yet: see Frame and draw.")
        return
    if not desk.who:
        page.note("Give your name first: ratings are saved under a name.")
        return
    role = st.radio("I rate as", list(ROLES), format_func=lambda r: ROLES[r], horizontal=True, key="audit_role")
    key = f"audit_unit_{desk.ref}_{role}"
    _propose(desk, role, key)
    units = ratings.work_list(desk.engine, desk.ref, desk.who, role)
    forms.look(f"units to rate in {desk.ref} as {role}", len(units))
    left = [u for u in units if u["rating"] is None]
    page.heading("Rating on screen")
    page.note(
        f"{numbers.plural(len(units) - len(left), 'unit')} rated by you as {ROLES[role].lower()}, "
        f"{numbers.plural(len(left), 'unit')} open to you."
    )
    if units:
        _one(desk, role, units, key)
    _worksheet(desk, role, units)


def _propose(desk: Desk, role: str, key: str) -> None:
    """Open the next free unit on a new page, or after a rating."""
    if desk.is_closed or not (st.session_state.pop(f"{key}_next", False) or key not in st.session_state):
        return
    ref = ratings.take_next(desk.engine, desk.ref, desk.who, role)
    if ref is not None:
        st.session_state[key] = ref


def _one(desk: Desk, role: str, units: list[dict[str, Any]], key: str) -> None:
    by_ref = {u["sample_ref"]: u for u in units}
    if st.session_state.get(key) not in by_ref:
        st.session_state[key] = units[0]["sample_ref"]
    ref = st.selectbox("Unit", list(by_ref), key=key, format_func=lambda r: _label(by_ref[r]))
    unit = by_ref[ref]
    try:  # claiming a unit when it is opened stops two people from reading the same report
        if not desk.is_closed:
            ratings.assign(desk.engine, ref, desk.who, role)
    except Refused as words:
        forms.tell(str(words), "missing")
        return
    answer_form.unit_card(unit)
    held = unit["rating"] or {}
    revision = held.get("revision", 0)
    before = {**held, **ratings.draft(desk.engine, ref, desk.who, role)}
    label = "Save the change" if held else "Save this rating"

    def fill_in() -> None:
        given = answer_form.form(unit, before, f"{ref}_{role}_{revision}", label, keep_draft(desk, ref, role))
        if given is not None:
            forms.attempt(lambda: _rate(desk, ref, role, given, revision, key), f"Your rating of {ref} was saved.")

    st.fragment(fill_in)()  # an answer draws its form again, not the page


def keep_draft(desk: Desk, ref: str, role: str) -> Callable[[dict[str, Any]], None]:
    """What keeps the answers given so far, and says so if it cannot."""

    def keep(answers: dict[str, Any]) -> None:
        try:
            if visit.opens_this_page():
                ratings.keep_draft(desk.engine, ref, desk.who, role, answers)
        except (Refused, *UNUSABLE) as problem:
            forms.tell(f"A reload would lose these answers. {in_words(problem)}", "missing")

    return keep


def _rate(desk: Desk, ref: str, role: str, given: dict[str, Any], revision: int, key: str) -> None:
    ratings.rate(desk.engine, ref, desk.who, role, given, seen_revision=revision)
    st.session_state[f"{key}_next"] = True


def _label(unit: dict[str, Any]) -> str:
    state = "rated" if unit["rating"] else "open"
    return f"{unit['sample_ref']}: {unit['unit_type']} {unit['unit_ref']} ({state})"


def _worksheet(desk: Desk, role: str, units: list[dict[str, Any]]) -> None:
    page.heading("Rating in a worksheet")
    page.note("The same list as a workbook, without outcomes. Fill it in anywhere and upload it here.")
    marking = page.server().marking
    visit.hand_out(
        "Download the worksheet",
        lambda: worksheet.workbook(units, cycle_ref=desk.ref, role=role, rater=desk.who, marking=marking),
        file_name(marking, f"{desk.ref}-{role}", "xlsx"),
        XLSX,
        "integrity",
        is_invented=extract.is_invented(desk.copy),
        count=len(units),
        disabled=not units,
    )
    file = st.file_uploader("Upload a worksheet", type=list(worksheet.FORMATS), key=f"upload_{desk.ref}_{role}")
    if file is not None and st.button("Load the ratings"):
        try:
            found = worksheet.take_in(
                desk.engine, file.name, file.getvalue(), cycle_ref=desk.ref, role=role, rater=desk.who
            )
        except Refused as words:
            forms.tell(str(words), "missing")
            return
        forms.tell(
            f"{numbers.plural(found.kept, 'rating')} saved, {numbers.plural(found.left_empty, 'row')} left empty or "
            f"unchanged, {numbers.plural(len(found.problems), 'cell')} not accepted.",
            "done" if not found.problems else "missing",
        )
        if found.problems:
            _problems(found.problems)


def _problems(problems: tuple[worksheet.Problem, ...]) -> None:
    rows = pl.DataFrame([vars(p) for p in problems])
    headings = {"cell": "Cell", "sheet": "Sheet", "seen": "Seen", "expected": "Expected", "remedy": "What to do"}
    st.html(html_table(rows, headings, caption="Cells not accepted", row_heading="cell"))
