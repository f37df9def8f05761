"""Audit: from a frozen frame to a signed-off report, with blind ratings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import streamlit as st

from casework.audit import cycles, results
from casework.store.database import UNUSABLE, exists, in_words, open_store, today
from casework.store.refusal import Refused
from casework.store.words import shown_name
from dashboards.data.audit import estimates
from dashboards.data.published import Missing
from dashboards.pages.audit import decision_section, final_section, plan_section, rating_section
from dashboards.parts import extract_banner, filters, forms, page
from dashboards.parts.forms import Desk
from dashboards.text import numbers

NEW = "new"
STEPS = {
    "plan": "Frame and draw",
    "rate": "Rate",
    "decide": "Disagreements between raters",
    "close": "Estimates, findings, sign-off",
}


@page.whole("the audits", "Not shown: the casework store does not answer.")
def main() -> None:
    """Draw the page."""
    copy = page.begin("Was every reported crime recorded, and recorded correctly? Raters read a sample.")
    extract_banner.sign_where_held(copy, extract_banner.ALONE)
    home = page.server().home
    assert home is not None  # there is a copy in it
    try:
        held = cycles.cycles(open_store(home)) if exists(home) else []
    except (Refused, *UNUSABLE) as problem:
        raise Missing("damaged", in_words(problem)) from problem
    page.answer(_finding(home, held))
    _remind(home, held)
    columns = st.columns(3)
    with columns[0]:
        who = forms.ask_who()
    names = {c["cycle_ref"]: f"{c['title']} ({c['cycle_ref']})" for c in held}
    chosen = filters.choose("Audit cycle", {**names, NEW: "A new cycle"}, "cycle", place=columns[1])
    forms.tell_done()
    if chosen == NEW:
        page.heading("A new cycle")
        plan_section.new_cycle(copy, home, who)
    else:
        step = filters.choose("Step", STEPS, "step", place=columns[2])
        _draw_step(Desk(open_store(home), copy, next(c for c in held if c["cycle_ref"] == chosen), who), step)
    page.note(f"{forms.NAMES} Ratings are never overwritten, and every action is logged with its time.")


def _draw_step(desk: Desk, step: str) -> None:
    page.note(f"{desk.cycle['question']} {_period(desk.cycle)}. Registrar: {shown_name(desk.cycle['registrar'])}.")
    decision_section.show_progress(desk)
    if step == "plan":
        plan_section.draw_plan(desk)
    elif step == "rate":
        rating_section.draw_rating(desk)
    elif step == "decide":
        decision_section.draw_decisions(desk)
    else:
        final_section.show_estimates(desk)
        final_section.show_findings(desk)
        final_section.show_sign_off(desk)


def _finding(home: Path, held: list[dict[str, Any]]) -> str:
    if not held:
        return "No audit has been started: recorded crime has not been compared with reports."
    closed = [c for c in held if c["signed_off_at"]]
    words = f"{numbers.plural(len(held), 'audit')}, {len(closed)} signed off"
    found = results.estimates(open_store(home), held[0]["cycle_ref"]) if held[0] in closed else []
    crimes = next((e for e in found if e["metric"] == estimates.RECORDING and e["rated"]), None)
    words += f"; the latest: {held[0]['title']}, {_period(held[0])}"
    if crimes is None:
        return f"{words}."
    return f"{words}: {crimes['passed']:g} of {crimes['rated']:g} crimes that its reports required were recorded."


def _period(cycle: dict[str, Any]) -> str:
    first, last = (dt.date.fromisoformat(cycle[k]) for k in ("period_from", "period_to"))
    return f"{numbers.month(first)} to {numbers.month(last)}"


def _remind(home: Path, held: list[dict[str, Any]]) -> None:
    day = today()
    for cycle in results.reminders(open_store(home), day) if held else ():
        due = dt.date.fromisoformat(cycle["reaudit_due"])
        page.note(f"Re-audit of “{cycle['title']}” {'was' if due < day else 'is'} due {numbers.day(due)}.")


main()
