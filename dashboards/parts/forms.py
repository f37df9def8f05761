"""Shared parts of the audit page's forms: who acts, refusals and confirmations."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from casework.access.access_log import SIGNED_IN
from casework.audit.cycles import name_of
from casework.store import event_log
from casework.store.database import UNUSABLE, in_words
from casework.store.refusal import Refused
from dashboards.data.published import Copy, NotAvailable
from dashboards.parts import page
from dashboards.server import visit
from dashboards.server.access import TurnedAway
from dashboards.text import numbers

DONE = "audit_done"
DAY_EXAMPLE = "31/03/2026"  # in the label of a field for a day
LONGEST_DAY = 20  # characters of a typed day: 30 September 2026
NAMES = "Without sign-in, a name here is as typed."


@dataclass(frozen=True)
class Desk:
    """The open store, published copy and cycle, and the user's name ("" until given)."""

    engine: Engine
    copy: Copy
    cycle: dict[str, Any]
    who: str

    @property
    def ref(self) -> str:
        """The cycle's reference."""
        return str(self.cycle["cycle_ref"])

    @property
    def is_closed(self) -> bool:
        """Whether the cycle is signed off: it can be read but no longer changed."""
        return bool(self.cycle["signed_off_at"])


def ask_who() -> str:
    """The person who acts: the signed-in identity.

    In a demonstration it is the typed name, kept for the session.
    """
    who = visit.person(is_use=False)
    if isinstance(who, TurnedAway):
        page.stop(NotAvailable("denied", who.reason), "this part")
    if who.kind == SIGNED_IN:
        st.html(f'<p class="fixed"><span>You act as</span>{html.escape(who.identity)}</p>')
        return who.identity
    typed = st.text_input("Your name", key="audit_who", max_chars=80)
    try:
        return name_of(typed or "")
    except Refused:
        return ""


def look(subject: str, count: int) -> None:
    """Log that references kept here are viewed; if that fails, end the page."""
    try:
        visit.consult("integrity", subject, count, is_drawn=True)
    except Refused as words:
        page.stop(NotAvailable("denied", str(words), "What cannot be logged is not shown."), "records")


def read_day(label: str, typed: str) -> str:
    """A typed day as it is stored, 2026-03-31; "" where nothing is typed.

    Accepts 31/03/2026, 31 Mar 2026 and 2026-03-31. Raises Refused with the field's label.
    """
    if not typed.strip():
        return ""
    try:
        return numbers.parse_day(typed).isoformat()
    except ValueError as problem:
        raise Refused(f"{label}: {problem}.") from problem


def attempt(deed: Callable[[], Any], done: str) -> None:
    """Run the action and redraw the page with a confirmation; or show the refusal."""
    try:
        if not visit.opens_this_page():
            raise Refused("Not done: you are signed out, or may no longer open this page.")
        deed()
    except Refused as words:
        tell(str(words), "missing")
        return
    except UNUSABLE as problem:
        kind, place = event_log.place_of(problem)  # its words quote what was to be saved
        logging.getLogger(__name__).error("the casework store did not answer: %s at %s", kind, place)
        event_log.write(page.server().home, "page failed", error=kind, place=place)
        tell(f"Not saved. {in_words(problem)}", "missing")
        return
    st.session_state[DONE] = done
    st.rerun()


def tell_done() -> None:
    """Show the confirmation of the last action once; screen readers read it out."""
    words = st.session_state.pop(DONE, "")
    # the message has a place of its own, filled or not: else sections opened below would close when it disappears
    with st.container():
        if words:
            tell(words, "done")


def tell(words: str, kind: str) -> None:
    """Show a message in its own box: an alert for a refusal, otherwise a status."""
    role = "alert" if kind == "missing" else "status"
    st.html(f'<div class="{kind}" role="{role}"><p>{html.escape(words)}</p></div>')
