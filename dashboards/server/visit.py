"""Who looks at this page now, and the trace that it leaves: consultations before records are shown, disclosures before
a file is handed out. What cannot be logged is neither.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import streamlit as st

from casework.access import access_log
from casework.access.access_log import Action, Entry, server_account
from casework.access.processing_words import PURPOSES
from casework.access.sign_ins import SignIn
from casework.store.refusal import Refused
from dashboards.data.published import Copy, NotAvailable
from dashboards.registry import pages_of
from dashboards.server import access
from dashboards.server.access import Person, Server, TurnedAway
from dashboards.server.roles import kinds_of

ROLE, PURPOSE, RECIPIENT, SEEN, PLACE = "role", "purpose", "recipient", "consulted", "place"
FILES_REMEMBERED = 2_000

# SHA-256 of a file that was handed out -> to whom: the gate gives it to nobody else
_ONE_AT_A_TIME = threading.Lock()
handed_out: OrderedDict[str, frozenset[str]] = OrderedDict()


def server() -> Server:
    """What this server was started with."""
    return access.from_environment(os.environ, st.get_option("server.address"))


def claimed(here: Server) -> SignIn | None:
    """The sign-in that this browser's session tells of."""
    if here.identity == access.OIDC:
        return access.claimed_by_provider(st.user.to_dict(), here)
    return access.claimed_by_proxy(dict(st.context.headers.to_dict()), here)


def person(here: Server | None = None, *, is_use: bool = True) -> Person | TurnedAway:
    """Whoever looks, as their account stands this moment; or why they are not let in."""
    here = here or server()
    if here.is_demonstration:
        return access.demonstrating(f"not signed in; {server_account()}", st.session_state.get(ROLE, ""))
    return access.admit(here, claimed(here), is_use=is_use)


def address() -> str:
    """Of the page that is drawn, as the server itself chose it."""
    return str(st.session_state.get(PLACE, ""))


def opens_this_page() -> bool:
    """Whether whoever looks is let in this moment, and still opens the page that is drawn."""
    who = person()
    return isinstance(who, Person) and address() in pages_of(who.roles)


def begin_run(place: str) -> None:
    """A page is drawn: what was consulted when it was drawn last is a mere redraw now, unless one came from another."""
    last_place, _, this_run = st.session_state.get(SEEN, ("", {}, {}))
    st.session_state[SEEN] = (place, this_run if last_place == place else {}, {})
    st.session_state[PLACE] = place


def open_copy(audience: str) -> Copy | NotAvailable:
    """The audience's copy as far as whoever looks may open it."""
    here = server()
    who = person(here)
    if isinstance(who, TurnedAway):
        return NotAvailable("denied", who.reason)
    publication: list[str] = []

    def opened(subject: str, count: int) -> str:
        try:
            consulted(here, who, audience, subject, count, "".join(publication))
        except Refused as words:
            return str(words)
        return ""

    copy = here.open(audience, who, opened)
    if isinstance(copy, Copy):
        publication.append(copy.folder.name)
    return copy


def consulted(here: Server, who: Person, audience: str, subject: str, count: int | None, publication: str) -> Entry:
    """Log that records are looked at, once for each drawing of a page that is no mere redraw. Raises Refused."""
    place, before, this_run = st.session_state.setdefault(SEEN, (address(), {}, {}))
    key = (who.identity, who.sign_in, publication, subject)
    entry: Entry | None = this_run.get(key) or before.get(key)
    if entry is None:
        entry = _log(here, "consultation", who, audience, place, subject, count)
    this_run[key] = entry
    return entry


def last_consultation() -> Entry | None:
    """The entry under which the records on this page stand in the log."""
    entries: list[Entry] = list(st.session_state.get(SEEN, ("", {}, {}))[2].values())
    return entries[-1] if entries else None


def consult(audience: str, subject: str, count: int | None, *, is_drawn: bool = False) -> Entry:
    """Log that a person looks at records outside the published copy. Raises Refused: then they are not shown.

    Each look is a row; with `is_drawn` the mere redraw of a page is none.
    """
    here = server()
    who = person(here)
    if isinstance(who, TurnedAway):
        raise Refused(who.reason)
    if is_drawn:
        return consulted(here, who, audience, subject, count, "")
    return _log(here, "consultation", who, audience, address(), subject, count)


def hand_out(
    label: str,
    make: Callable[[], bytes],
    name: str,
    mime: str,
    audience: str,
    *,
    count: int | None = None,
    **more: Any,
) -> None:
    """A button that hands a file out: made, logged with its recipient and only then given, as rights stand at the
    click. `more` goes to Streamlit's button."""
    here, place, recipient = server(), address(), str(st.session_state.get(RECIPIENT) or "")
    drawn_for = person(here, is_use=False)
    kinds = kinds_of(drawn_for.roles, audience) if isinstance(drawn_for, Person) else frozenset()
    claim = None if here.is_demonstration else claimed(here)
    purpose = _purpose()
    chosen = ", ".join(f"{key} {value}" for key, value in sorted(st.query_params.items()))
    subject = f"{name}: {chosen}" if chosen else name

    def made() -> bytes:
        who = drawn_for if here.is_demonstration else access.admit(here, claim, is_use=True)
        if isinstance(who, TurnedAway):
            raise Refused(who.reason)
        if place not in pages_of(who.roles) or not kinds <= kinds_of(who.roles, audience):
            raise Refused(f"{name} is not for whoever has these roles.")
        content = make()
        _log(here, "disclosure", who, audience, place, subject, count, recipient.strip() or who.identity, purpose)
        remember(content, who.identity)
        return content

    st.download_button(label, made, name, mime, on_click="ignore", **more)


def remember(content: bytes, identity: str) -> None:
    """A file may be fetched by whoever it was made for."""
    digest = hashlib.sha256(content).hexdigest()
    with _ONE_AT_A_TIME:
        handed_out[digest] = handed_out.pop(digest, frozenset()) | {identity}
        while len(handed_out) > FILES_REMEMBERED:
            handed_out.popitem(last=False)


def _purpose() -> str:
    chosen = str(st.session_state.get(PURPOSE) or "")
    return chosen if chosen in PURPOSES else ""


def _log(
    here: Server,
    kind: str,
    who: Person,
    audience: str,
    place: str,
    subject: str,
    count: int | None,
    recipient: str = "",
    purpose: str | None = None,
) -> Entry:
    if here.home is None:
        raise Refused("The access log cannot be written: the home folder is not there.")
    why = _purpose() if purpose is None else purpose
    return access_log.record_in(
        here.home, Action(kind, who.identity, who.kind, audience, place, subject, count, recipient, why)
    )
