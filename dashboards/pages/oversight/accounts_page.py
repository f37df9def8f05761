"""Accounts: who has which role. For the administrator, who sees no data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from sqlalchemy import Engine

from casework.access import accounts, groups
from casework.access.accounts import LONGEST_IDENTITY, LONGEST_REASON, Account
from casework.choices.role_words import ROLES
from casework.store.database import UNUSABLE, in_words, open_store
from casework.store.refusal import Refused
from dashboards.parts import forms, page
from dashboards.parts.table import listed
from dashboards.registry import pages_of
from dashboards.server.roles import ROLES as OPENS
from dashboards.text import numbers

NEW = "A new account"
STATES = {"open": "Open", "disabled": "Disabled"}


@page.whole()
def main() -> None:
    """Draw the page."""
    here = page.head("Accounts", "Who may open which pages. A role is always given by someone else.")
    assert here.home is not None  # nobody is admitted without one
    try:
        draw_accounts(here.home)
    except (Refused, *UNUSABLE) as problem:
        page.answer("Accounts cannot be shown.")
        forms.tell(in_words(problem), "missing")
    page.note("A change applies from the user's next action; a disabled account is signed out within a minute.")


def draw_accounts(home: Path) -> None:
    """Draw the section. Raises Refused if the store cannot be read."""
    engine = open_store(home)
    held = accounts.accounts(engine)
    working = [account for account in held if account.roles and not account.is_disabled]
    page.answer(
        f"{numbers.plural(len(working), 'account')} can open pages; "
        f"{numbers.plural(len(held) - len(working), 'account')} cannot."
    )
    forms.tell_done()
    if groups.read_groups(home) is not None:
        page.note(
            f"Roles come from groups of the provider: {groups.FILE} in the home says which. An account here can only "
            "be disabled, or its sign-ins ended. Its own roles do not count."
        )
    _table(held)
    _change(engine, held, forms.ask_who())
    _opens()


def _table(held: Sequence[Account]) -> None:
    if not held:
        page.note("No account yet. Create the first administrator on the server: stra account set.")
        return
    columns = {
        "Account": lambda account: account.identity,
        "Roles": lambda account: numbers.listed([ROLES[role] for role in account.roles], 9) or "none",
        "Units of a supervisor": lambda account: numbers.listed(account.units, 99) or numbers.NO_VALUE,
        "State": lambda account: "disabled" if account.is_disabled else "open",
    }
    st.html(listed(held, columns, "Current accounts"))


def _change(engine: Engine, held: Sequence[Account], who: str) -> None:
    """Draw one account in a form with its present values.

    What is not changed in the form stays.
    """
    page.heading("Change or create an account")
    by_identity = {account.identity: account for account in held}
    chosen = st.selectbox("Account", [NEW, *by_identity], key="account_chosen")
    now = by_identity.get(chosen, Account("", (), False))
    # a form of its own for each state of an account: it starts with present values, whatever changed them
    with st.form(f"account {now.identity} {now.is_disabled} {' '.join((*now.roles, *now.units))}"):
        identity = now.identity or st.text_input("Identity, as the provider names it", max_chars=LONGEST_IDENTITY)
        roles = st.multiselect("Roles", list(ROLES), default=now.roles, format_func=lambda role: ROLES[role])
        units = st.text_area(
            "Units of a supervisor, one a line, as the extract names them (FORCE/NAME where two forces use a name)",
            "\n".join(now.units),
        )
        state = st.radio(
            "State", list(STATES), index=int(now.is_disabled), format_func=lambda name: STATES[name], horizontal=True
        )
        ends = st.checkbox("End all current sign-ins")
        reason = st.text_input("Why", max_chars=LONGEST_REASON)
        sent = st.form_submit_button("Save", disabled=not who)
    if sent:
        forms.attempt(
            lambda: accounts.change(
                engine, identity, who, reason, roles=roles, units=_lines(units),
                is_disabled=state == "disabled", ends_sign_ins=ends,
            ),
            "The account was saved.",
        )


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _opens() -> None:
    """Draw what each role opens, from the policy itself."""
    page.heading("Access by role")
    columns = {
        "Role": lambda role: ROLES[role],
        "Published copy: kinds of rows": _kinds,
        "Pages": lambda role: numbers.listed([numbers.readable(name) for name in sorted(pages_of([role]))], 99),
    }
    st.html(listed(OPENS, columns, "Roles, the data and the pages that they open"))


def _kinds(role: str) -> str:
    opened = (f"{copy}: {numbers.listed(sorted(kinds))}" for copy, kinds in OPENS[role].items())
    return "; ".join(opened) or "no data"


main()
