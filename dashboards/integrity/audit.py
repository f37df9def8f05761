"""Audit: from a frozen frame to a signed-off report, by people who rate blind to one another."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import streamlit as st

from casework import cycles, results
from casework.refusal import Refused
from casework.store import UNUSABLE, exists, in_words, open_store
from dashboards import extract, filters, page, wording
from dashboards.audits import acting, closing, deciding, planning, rating
from dashboards.audits.acting import Desk
from dashboards.published import NotAvailable

NEW = "new"
STEPS = {
    "plan": "Frame and draw",
    "rate": "Rate",
    "decide": "Where raters differ",
    "close": "Estimates, findings, sign-off",
}


def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Audit",
        "Is what was reported recorded, and recorded as what it is? People read a sample and say so.",
        audience="integrity",
    )
    extract.sign_where_held(copy, extract.ALONE)
    home = page.server().home
    assert home is not None  # page.begin opened a copy in it
    try:
        held = cycles.cycles(open_store(home)) if exists(home) else []
    except (Refused, *UNUSABLE) as problem:
        page.answer("Not shown: the casework store does not answer.")
        page.stop(NotAvailable("damaged", in_words(problem)), "the audits")
    page.answer(_finding(held))
    _remind(home, held)
    columns = st.columns(3)
    with columns[0]:
        who = acting.ask_who()
    names = {c["cycle_ref"]: f"{c['title']} ({c['cycle_ref']})" for c in held}
    chosen = filters.choose("Audit cycle", {**names, NEW: "A new cycle"}, "cycle", place=columns[1])
    acting.tell_done()
    if chosen == NEW:
        page.heading("A new cycle")
        planning.new_cycle(copy, home, who)
    else:
        step = filters.choose("Step", STEPS, "step", place=columns[2])
        _show(Desk(open_store(home), copy, next(c for c in held if c["cycle_ref"] == chosen), who), step)
    page.note(
        f"{acting.NAMES} Ratings are never overwritten, and every deed is logged with its time."
    )
    page.end()


def _show(desk: Desk, step: str) -> None:
    page.note(f"{desk.cycle['question']} {_period(desk.cycle)}. Registrar: {desk.cycle['registrar']}.")
    deciding.show_progress(desk)
    if step == "plan":
        planning.show(desk)
    elif step == "rate":
        rating.show(desk)
    elif step == "decide":
        deciding.show(desk)
    else:
        closing.show_estimates(desk)
        closing.show_findings(desk)
        closing.show_sign_off(desk)


def _finding(held: list[dict[str, Any]]) -> str:
    if not held:
        return "No audit has been started: what was recorded has not been held against what was reported."
    closed = [c for c in held if c["signed_off_at"]]
    words = f"{wording.plural(len(held), 'audit')}, {len(closed)} signed off"
    return f"{words}; the latest: {held[0]['title']}, {_period(held[0])}."


def _period(cycle: dict[str, Any]) -> str:
    first, last = (dt.date.fromisoformat(cycle[k]) for k in ("period_from", "period_to"))
    return f"{wording.month(first)} to {wording.month(last)}"


def _remind(home: Path, held: list[dict[str, Any]]) -> None:
    today = dt.datetime.now(dt.UTC).date()
    for cycle in results.reminders(open_store(home), today) if held else ():
        due = dt.date.fromisoformat(cycle["reaudit_due"])
        page.note(f"Re-audit of “{cycle['title']}” {'was' if due < today else 'is'} due {wording.day(due)}.")


main()
