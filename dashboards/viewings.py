"""Looking at references is logged: who, when, which list, how many. What cannot be logged is not shown."""

from __future__ import annotations

import getpass
from pathlib import Path

import streamlit as st

from casework import access_log
from casework.access_log import NOT_SIGNED_IN, SIGNED_IN, Entry, Viewing

LAST = "last_viewing"


def viewer() -> tuple[str, str]:
    """The signed-in identity and “signed in”; without one the account that the server runs under, said as such."""
    held = st.user.to_dict()
    named = next((str(held[key]) for key in ("email", "preferred_username", "sub") if held.get(key)), "")
    if held.get("is_logged_in") and named:
        return named, SIGNED_IN
    return f"not signed in; {server_account()}", NOT_SIGNED_IN


def server_account() -> str:
    """The account under which this program runs: not who looks, but all that is known."""
    try:
        return f"server account {getpass.getuser()}"
    except (KeyError, OSError):
        return "server account without a name"


def log(home: Path, page: str, subject: str, record_count: int) -> Entry:
    """Log a viewing of the integrity audience. Raises Refused where it cannot be logged."""
    who, kind = viewer()
    return access_log.record_in(home, Viewing(who, kind, "integrity", page, subject, record_count))


def log_once(home: Path, page: str, version: str, subject: str, record_count: int, *, is_return: bool) -> Entry:
    """Log a viewing unless it is the mere redraw of the one before in this session; the entry that stands for it.

    Coming back to the page (`is_return`), another choice or another publication is a viewing of its own.
    """
    key = (page, version, subject)
    held = st.session_state.get(LAST)
    if held is not None and held[0] == key and not is_return:
        entry: Entry = held[1]
        return entry
    entry = log(home, page, subject, record_count)
    st.session_state[LAST] = (key, entry)
    return entry
