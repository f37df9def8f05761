"""What every part of the audit page needs: who acts, how a refusal is told, what was done."""

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
from casework.store.database import UNUSABLE, in_words
from casework.store.refusal import Refused
from dashboards.data.published import Copy, NotAvailable
from dashboards.parts import page
from dashboards.server import visit
from dashboards.server.access import TurnedAway

DONE = "audit_done"
NAMES = "Where nobody signs in, a name here is what a person typed."


@dataclass(frozen=True)
class Desk:
    """What is open before the person: the store, the published copy, the cycle, and who they are ("" until said)."""

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
        """Signed off: to be read, no longer changed."""
        return bool(self.cycle["signed_off_at"])


def ask_who() -> str:
    """Who acts: the signed-in identity; in a demonstration the name typed, kept while the session lasts."""
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
    """Log that references kept here are looked at; where that cannot be, the page ends without them."""
    try:
        visit.consult("integrity", subject, count, is_drawn=True)
    except Refused as words:
        page.stop(NotAvailable("denied", str(words), "What cannot be logged is not shown."), "records")


def attempt(deed: Callable[[], Any], done: str) -> None:
    """Do it, say so on the page as it then stands; or say in words why it was refused."""
    try:
        if not visit.opens_this_page():
            raise Refused("Not done: whoever asks for it is no longer let in, or no longer opens this page.")
        deed()
    except Refused as words:
        tell(str(words), "missing")
        return
    except UNUSABLE as problem:
        logging.getLogger(__name__).exception("the casework store did not answer")
        tell(f"Not kept. {in_words(problem)}", "missing")
        return
    st.session_state[DONE] = done
    st.rerun()


def tell_done() -> None:
    """What was done just before, once. Read out by screen readers."""
    words = st.session_state.pop(DONE, "")
    # a place of its own, filled or not: else what folds open below it would fold shut when the message goes
    with st.container():
        if words:
            tell(words, "done")


def tell(words: str, kind: str) -> None:
    """A message in its own box: an alert when it is a refusal, else a status."""
    role = "alert" if kind == "missing" else "status"
    st.html(f'<div class="{kind}" role="{role}"><p>{html.escape(words)}</p></div>')
