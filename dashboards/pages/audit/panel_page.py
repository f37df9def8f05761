"""Scrutiny panel: randomly drawn closed cases, the panel's findings, and actions.

Cases are under pseudonyms.
"""

from __future__ import annotations

import streamlit as st

from casework.audit import panels
from casework.store.database import UNUSABLE, exists, in_words, open_store
from casework.store.refusal import Refused
from dashboards.data.published import Missing
from dashboards.pages.audit import panel_sections
from dashboards.pages.audit.panel_sections import Desk
from dashboards.parts import extract_banner, filters, forms, page
from dashboards.text.audit import panel_text

NEW = "new"
STEPS = {"pack": "Pack", "findings": "Panel findings", "tracker": "Tracker"}


@page.whole("the samples", "Not shown: the casework store does not answer.")
def main() -> None:
    """Draw the page."""
    copy = page.begin("A random sample of closed stalking and harassment cases for the local scrutiny panel.")
    extract_banner.sign_where_held(copy, extract_banner.ALONE)
    home = page.server().home
    assert home is not None  # there is a copy in it
    try:
        held = panels.samples(open_store(home)) if exists(home) else []
        open_count = sum(not a["done_at"] for a in panels.actions(open_store(home))) if held else 0
    except (Refused, *UNUSABLE) as problem:
        raise Missing("damaged", in_words(problem)) from problem
    page.answer(panel_text.answer(held, open_count))
    columns = st.columns(3)
    with columns[0]:
        who = forms.ask_who()
    names = {s["panel_ref"]: f"{s['title']} ({s['panel_ref']})" for s in held}
    chosen = filters.choose("Sample", {**names, NEW: "A new sample"}, "panel", place=columns[1])
    forms.tell_done()
    if chosen == NEW:
        page.heading("A new sample")
        panel_sections.new_sample(copy, home, who)
    else:
        step = filters.choose("Step", STEPS, "panel_step", place=columns[2])
        desk = Desk(home, open_store(home), next(s for s in held if s["panel_ref"] == chosen), who)
        show = {
            "pack": panel_sections.show_pack,
            "findings": panel_sections.show_findings,
            "tracker": panel_sections.show_tracker,
        }[step]
        try:
            show(desk)
        except UNUSABLE as problem:
            forms.tell(in_words(problem), "missing")
    page.note(f"{forms.NAMES} Findings are never overwritten, and every action is logged with its time.")


main()
