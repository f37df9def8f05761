"""Signing in and out, a demonstration's role, and the purpose for the log.

The sidebar of every page shows them.
"""

from __future__ import annotations

import html

import streamlit as st

from casework.access import accounts, sign_ins
from casework.choices.processing_words import PURPOSES
from casework.choices.role_words import ROLES, SUPERVISOR
from casework.store.database import UNUSABLE, in_words, open_store
from casework.store.refusal import Refused
from dashboards.data.published import Missing, NotAvailable, open_copy
from dashboards.data.scope import WHOLE
from dashboards.parts import page
from dashboards.server import access, visit
from dashboards.server.access import Person, Server, TurnedAway
from dashboards.server.roles import RECORDED, words_of

LOOK_AGAIN = "15s"  # how soon a page notices that its user may no longer open it
ALL, LIST = "all", "metrics.fix_list"


def choose_role() -> None:
    """Choose a demonstration's role: first from the address, then in the sidebar."""
    options = {ALL: "All roles"} | ROLES
    if visit.ROLE not in st.session_state:
        asked = st.query_params.get(visit.ROLE, ALL)
        st.session_state[visit.ROLE] = asked if asked in options else ALL
    st.sidebar.selectbox("Role", list(options), format_func=lambda role: options[role], key=visit.ROLE)
    if st.session_state[visit.ROLE] == SUPERVISOR:
        st.sidebar.selectbox("Unit of the supervisor", _units(), key=visit.UNIT)
    st.sidebar.html(
        '<p class="side-note">Demonstration: any user of this machine can take any role. A server for others requires '
        "sign-in.</p>"
    )


def _units() -> list[str]:
    """The units with records to correct, for a demonstration's supervisor."""
    try:
        rows = open_copy(visit.server().home, "integrity", WHOLE).select(LIST, columns="distinct unit_name")
    except Missing:
        return []
    return rows["unit_name"].sort().to_list()


def beside(here: Server, who: Person, audience: str) -> None:
    """Show below the pages who is signed in, their roles and how to sign out.

    Also the optional purpose and recipient for the log.
    """
    if audience in RECORDED:
        st.selectbox("Purpose, for the log", list(PURPOSES), format_func=lambda code: PURPOSES[code], key=visit.PURPOSE)
        st.text_input("Recipient of files, for the log", key=visit.RECIPIENT, max_chars=80, placeholder="yourself")
    if here.is_demonstration:
        return
    st.html(
        f'<p class="side-note">Signed in as <strong>{html.escape(who.identity)}</strong>, '
        f"{html.escape(words_of(who.roles))}.</p>"
    )
    if st.button("Sign out"):
        _sign_out(here, who, is_everywhere=False)
    if st.button("Sign out everywhere"):
        _sign_out(here, who, is_everywhere=True)
    st.fragment(_watch, run_every=LOOK_AGAIN)()


def _watch() -> None:
    """Redraw the page when its user loses access or changes roles.

    Checking does not count as an action.
    """
    found = visit.person(is_use=False)
    roles = found.roles if isinstance(found, Person) else None
    held = st.session_state.setdefault("roles_drawn", roles)
    if roles is None or roles != held:
        st.session_state["roles_drawn"] = roles
        st.rerun(scope="app")


def _sign_out(here: Server, who: Person, *, is_everywhere: bool) -> None:
    assert here.home is not None and who.sign_in is not None  # otherwise nobody would be signed in
    try:
        engine = open_store(here.home)
        sign_ins.end(engine, who.sign_in.ref)
        if is_everywhere:
            accounts.change(engine, who.identity, who.identity, "signed out everywhere", ends_sign_ins=True)
    except (Refused, *UNUSABLE) as problem:
        st.html(f'<div class="missing" role="alert"><p>Not signed out. {html.escape(in_words(problem))}</p></div>')
        return
    if here.identity == access.OIDC:
        st.logout()
        st.stop()  # another run would lose the redirect to the provider
    st.rerun()


def turned_away(here: Server, why: TurnedAway) -> None:
    """The page that replaces all others: the reason, and how to sign in if possible."""
    st.html(f'<p class="marking">{html.escape(here.marking)}</p>')
    st.title("Sign in" if why.may_sign_in else "No access", anchor=False)
    page.missing(NotAvailable("denied", why.reason), "these pages")
    if why.may_sign_in and here.identity == access.OIDC and st.button("Sign in", type="primary"):
        st.login()
    if why.may_sign_in and here.identity == access.HEADER:
        page.note("Sign in again through your force's sign-in page: this server relies on it.")
    st.html(page.DOCUMENTATION)
    page.end()
