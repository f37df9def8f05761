"""What people write on the explorer: annotations of the series shown, and saved views."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from casework.assessment import notes as annotation_notes
from casework.assessment import views
from casework.assessment.notes import Series
from casework.audit.cycles import name_of
from casework.store.database import UNUSABLE, exists, in_words, open_store
from casework.store.refusal import Refused
from casework.store.words import shown_name
from dashboards.data.published import Missing
from dashboards.pages.assessment.explorer_data import Choice, Note
from dashboards.pages.assessment.explorer_data import notes as notes_of
from dashboards.parts import filters, forms, page
from dashboards.parts.table import html_table
from dashboards.text import numbers
from dashboards.text.assessment import explorer_text as text

NEW, SEEN = "new", "seen_on_explorer"
PAGE = "explore"


@page.section("annotations and saved views")
def draw(choice: Choice, series: Series, known: Sequence[Note] | None, above: DeltaGenerator) -> None:
    """Draw the annotations and the forms; the list of saved views goes `above`, where it is opened from.

    Annotations that could not be read (None) are read once more, so that the reason is shown in their place.
    """
    home = page.server().home
    assert home is not None  # page.opened read a copy in it
    notes = notes_of(home, series) if known is None else known
    seen: dict[str, int] = st.session_state.get(SEEN, {})  # the revisions on screen when a button was pressed
    page.heading("Annotations")
    name = text.series_name(choice.name, choice.breakdown, choice.part)
    _show_notes(name, notes)
    who = forms.ask_who()
    try:
        saved = views.offered(open_store(home), who) if exists(home) else []
        with above:
            _show_views(saved)
        _note_form(home, series, choice, notes, who, seen)
        page.heading("Saved views")
        _view_forms(home, saved, who, seen)
    except (Refused, *UNUSABLE) as problem:
        raise Missing("damaged", in_words(problem)) from problem
    st.session_state[SEEN] = {note.ref: note.revision for note in notes} | {v["view_ref"]: v["revision"] for v in saved}
    page.note(f"{forms.NAMES} No revision is overwritten, and every action is logged with its time.")


def _show_notes(name: str, notes: Sequence[Note]) -> None:
    if not notes:
        page.note(f"{name}: no annotation.")
        return
    rows = pl.DataFrame(
        [(str(n.number), n.day, n.words, n.author, numbers.moment(n.written_at)) for n in notes], orient="row",
        schema=["number", "day", "words", "author", "written"],
    )  # fmt: skip
    headings = {"number": "Number", "day": "Day", "words": "Annotation", "author": "Author", "written": "Written"}
    st.html(html_table(rows, headings, caption=f"Annotations of {name}", row_heading="number"))
    page.note(text.IN_DOCUMENTS)


def _note_form(
    home: Path, series: Series, choice: Choice, notes: Sequence[Note], who: str, seen: dict[str, int]
) -> None:
    """Draw the form that adds an annotation or changes one, and the button that withdraws it."""
    by_ref = {note.ref: note for note in notes}
    options = {NEW: "A new one"} | {note.ref: f"{note.number}. {note.words}" for note in notes}
    ref = NEW
    if notes:
        ref = st.selectbox("Annotation to add or change", list(options), format_func=lambda key: options.get(key, key))
    held = by_ref.get(ref)
    day = choice.start if held is None else held.day
    with st.form(f"note_{ref}_{series}_{day}_{len(notes)}"):
        typed = st.text_input(
            f"Day that it is about, as {forms.DAY_EXAMPLE}", value=numbers.day(day), max_chars=forms.LONGEST_DAY
        )
        before = "" if held is None else held.words
        words = st.text_input("Annotation", value=before, max_chars=annotation_notes.LONGEST)
        sent = st.form_submit_button("Save the annotation", disabled=not who)
    page.note(text.NAME_NOBODY + ("" if who else " Give your name above to save."))
    known = "" if held is None else held.ref
    if sent:
        forms.attempt(
            lambda: annotation_notes.save(
                open_store(home), known, series, forms.read_day("Day", typed), words, who,
                seen_revision=seen.get(known, 0),
            ),
            "The annotation was saved.",
        )  # fmt: skip
    if known and st.button("Withdraw the annotation", disabled=not who):
        forms.attempt(
            lambda: annotation_notes.withdraw(open_store(home), known, who, seen_revision=seen.get(known, 0)),
            "The annotation was withdrawn.",
        )


def _show_views(saved: Sequence[dict[str, Any]]) -> None:
    """Draw the list of saved views, folded away: each name opens its view."""
    if not saved:
        return
    rows = pl.DataFrame(
        [(v["name"], v["address"], shown_name(v["owner"]), "shared" if v["is_shared"] else "own") for v in saved],
        orient="row", schema=["name", "address", "owner", "shared"],
    )  # fmt: skip
    table = html_table(
        rows, {"name": "View", "owner": "Owner", "shared": "For"}, caption="Saved views", row_heading="name",
        links={"name": lambda row: str(row["address"])}, is_caption_visible=False,
    )  # fmt: skip
    st.html(f"<details><summary>Saved views ({len(saved)})</summary>{table}</details>")


def _view_forms(home: Path, saved: Sequence[dict[str, Any]], who: str, seen: dict[str, int]) -> None:
    """Draw the form that saves this view, and the one that withdraws one of the user's own."""
    with st.form("save_view", clear_on_submit=True):
        name = st.text_input("Name of this view", max_chars=views.LONGEST_NAME)
        is_shared = st.checkbox("Shared with all who may open this page")
        sent = st.form_submit_button("Save this view", disabled=not who)
    if sent:
        address = f"{PAGE}?{filters.query(**st.query_params.to_dict())}"
        forms.attempt(
            lambda: views.save(open_store(home), name, address, who, is_shared=is_shared), "The view was saved."
        )
    own = {v["view_ref"]: v["name"] for v in saved if who and v["owner"] == name_of(who)}
    if not own:
        return
    ref = st.selectbox("Your views", list(own), format_func=lambda key: own.get(key, key))
    if st.button("Withdraw this view"):
        forms.attempt(
            lambda: views.withdraw(open_store(home), ref, who, seen_revision=seen.get(ref, 0)),
            "The view was withdrawn.",
        )
