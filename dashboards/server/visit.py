"""The visitor of this page, and the audit trail that the visit leaves.

A consultation is logged before records are shown, a disclosure before a file is handed out. If the log cannot be
written, neither happens.
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
from casework.access.sign_ins import SignIn
from casework.choices.processing_words import PURPOSES
from casework.store.refusal import Refused
from dashboards.data.published import Copy, Missing
from dashboards.parts.downloads import invented_name
from dashboards.registry import offered, pages_of
from dashboards.server import access
from dashboards.server.access import Person, Server, TurnedAway
from dashboards.server.roles import kinds_of

ROLE, UNIT, PURPOSE, RECIPIENT, SEEN, PLACE = "role", "unit_of", "purpose", "recipient", "consulted", "place"
FILES_REMEMBERED = 2_000

# SHA-256 of a file that was handed out -> its recipients: the gate gives it to nobody else
_ONE_AT_A_TIME = threading.Lock()
handed_out: OrderedDict[str, frozenset[str]] = OrderedDict()


def server() -> Server:
    """The settings that this server was started with."""
    return access.from_environment(os.environ, st.get_option("server.address"))


def claimed(here: Server) -> SignIn | None:
    """The sign-in of this browser's session; None without one."""
    if here.identity == access.OIDC:
        return access.claimed_by_provider(st.user.to_dict(), here)
    return access.claimed_by_proxy(dict(st.context.headers.to_dict()), here)


def person(here: Server | None = None, *, is_use: bool = True) -> Person | TurnedAway:
    """The user with the rights their account has now, or the reason for refusal."""
    here = here or server()
    if here.is_demonstration:
        role, unit = st.session_state.get(ROLE, ""), st.session_state.get(UNIT, "")
        return access.demonstrating(f"not signed in; {server_account()}", role, unit)
    return access.admit(here, claimed(here), is_use=is_use)


def address() -> str:
    """The address of the page drawn, as the server itself chose it."""
    return str(st.session_state.get(PLACE, ""))


def opens_this_page() -> bool:
    """Whether the user is admitted at this moment and may still open this page."""
    who = person()
    return isinstance(who, Person) and address() in pages_of(who.roles)


def opened_pages() -> frozenset[str]:
    """Addresses of the pages that this server offers and the user may open: links lead to no other."""
    here = server()
    who = person(here, is_use=False)
    if not isinstance(who, Person):
        return frozenset()
    return frozenset(page.address for page in offered(here.audiences, who.roles))


def begin_run(place: str) -> None:
    """Start a drawing of a page.

    Consultations of its previous drawing are not logged again, unless the user came from another page.
    """
    last_place, _, this_run = st.session_state.get(SEEN, ("", {}, {}))
    st.session_state[SEEN] = (place, this_run if last_place == place else {}, {})
    st.session_state[PLACE] = place


def open_copy(audience: str) -> Copy:
    """The audience's copy, as far as the user may open it. Raises Missing."""
    here = server()
    who = person(here)
    if isinstance(who, TurnedAway):
        raise Missing("denied", who.reason)
    publication: list[str] = []

    def opened(subject: str, count: int) -> str:
        try:
            consulted(here, who, audience, subject, count, "".join(publication))
        except Refused as words:
            return str(words)
        return ""

    copy = here.open(audience, who, opened)
    publication.append(copy.folder.name)
    return copy


def consulted(here: Server, who: Person, audience: str, subject: str, count: int | None, publication: str) -> Entry:
    """Log that records are viewed, once per drawing of a page. Raises Refused.

    A mere redraw of the same page is not logged again.
    """
    place, before, this_run = st.session_state.setdefault(SEEN, (address(), {}, {}))
    key = (who.identity, who.sign_in, publication, subject)
    entry: Entry | None = this_run.get(key) or before.get(key)
    if entry is None:
        entry = _log(here, "consultation", who, audience, place, subject, count)
    this_run[key] = entry
    return entry


def last_consultation() -> Entry | None:
    """The latest log entry for the records on this page; None without one."""
    entries: list[Entry] = list(st.session_state.get(SEEN, ("", {}, {}))[2].values())
    return entries[-1] if entries else None


def consult(audience: str, subject: str, count: int | None, *, is_drawn: bool = False) -> Entry:
    """Log that a person views records outside the published copy.

    Each view is a row; with `is_drawn` a mere redraw of the page is not logged again. Raises Refused: the records are
    then not shown.
    """
    here = server()
    who = person(here)
    if isinstance(who, TurnedAway):
        raise Refused(who.reason)
    if is_drawn:
        return consulted(here, who, audience, subject, count, "")
    return _log(here, "consultation", who, audience, address(), subject, count)


def act(kind: str, audience: str, subject: str) -> Entry:
    """Log that the user of this page does something, such as an `alteration`. Raises Refused: then do nothing."""
    here = server()
    who = person(here)
    if isinstance(who, TurnedAway):
        raise Refused(who.reason)
    return _log(here, kind, who, audience, address(), subject, None)


def hand_out(
    label: str,
    make: Callable[[], bytes],
    name: str,
    mime: str,
    audience: str,
    *,
    is_invented: bool,
    count: int | None = None,
    **more: Any,
) -> None:
    """Draw a button that hands a file out; its name says so if the content is of an invented force.

    On a click the file is made, logged with its recipient, and only then given. Rights at the time of the click decide.
    `more` goes to Streamlit's button.
    """
    name = invented_name(name) if is_invented else name
    here, place, recipient = server(), address(), str(st.session_state.get(RECIPIENT) or "")
    drawn_for = person(here, is_use=False)
    kinds = kinds_of(drawn_for.roles, audience) if isinstance(drawn_for, Person) else frozenset()
    claim = None if here.is_demonstration else claimed(here)
    purpose = _purpose()
    chosen = ", ".join(f"{key} {value}" for key, value in sorted(st.query_params.items()) if key != "section")
    subject = f"{name}: {chosen}" if chosen else name

    def made() -> bytes:
        who = drawn_for if here.is_demonstration else access.admit(here, claim, is_use=True)
        if isinstance(who, TurnedAway):
            raise Refused(who.reason)
        if place not in pages_of(who.roles) or not kinds <= kinds_of(who.roles, audience):
            raise Refused(f"Your roles do not allow {name}.")
        content = make()
        _log(here, "disclosure", who, audience, place, subject, count, recipient.strip() or who.identity, purpose)
        remember(content, who.identity)
        return content

    st.download_button(label, made, name, mime, on_click="ignore", **more)


def remember(content: bytes, identity: str) -> None:
    """Allow the person for whom a file was made to fetch it."""
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
