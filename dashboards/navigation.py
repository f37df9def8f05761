"""The script behind every page: the pages this server offers, and the sidebar.

A page belongs to one audience, and its address alone identifies that audience. Addresses of an audience that is not
served lead nowhere.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import streamlit as st

from dashboards.parts import outline, page, search, sign_in
from dashboards.registry import Page, offered
from dashboards.server import brand, garbage, visit
from dashboards.server.access import Person, Server, TurnedAway
from dashboards.server.running_build import show_running_build

TITLES = {"command": "Command", "integrity": "Integrity", "commissioning": "Commissioning"}


def audience_of(url: str | None, entries: tuple[Page, ...]) -> str:
    """The audience of the page at this address; the first one offered if none."""
    address = urlsplit(url or "").path.rstrip("/").rpartition("/")[2]
    return next((e.audience for e in entries if e.address == address), entries[0].audience)


def main() -> None:
    """Draw the page that the browser asks for."""
    st.set_page_config(
        page_icon=brand.ICON,
        layout="wide",
        initial_sidebar_state="auto",
        menu_items={"Get help": None, "Report a bug": None, "About": None},
    )
    outline.begin()  # whatever the last page left is not for the person who is here now
    for style in page.STYLES:
        st.html(style)
    st.logo(brand.WORDMARK, size="large")
    here = visit.server()
    place = st.sidebar.container()  # of the search, above the role that decides what it finds
    if here.is_demonstration:
        sign_in.choose_role()
    who = visit.person(here)
    if isinstance(who, TurnedAway):
        _turn_away(here, who)
        return
    entries = offered(here.audiences, who.roles)
    if not entries:
        _turn_away(here, TurnedAway(f"This server has no page for {who.identity} in the roles of the account."))
        return
    with place:
        search.draw_search(entries)
    _offer(entries, here, who)


def _turn_away(here: Server, why: TurnedAway) -> None:
    """Show the sign-in page under the address that was asked for, so that no link leads nowhere.

    No other address is named: a visitor who is not signed in learns nothing of the pages.
    """

    def away() -> None:
        sign_in.turned_away(here, why)

    asked = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    addresses = ["start", *([asked] if re.fullmatch(r"[a-z0-9_]{1,80}", asked) and asked != "start" else [])]
    pages = [st.Page(away, title="Sign in", url_path=a, default=a == "start", visibility="hidden") for a in addresses]
    st.navigation(pages).run()


def _offer(entries: tuple[Page, ...], here: Server, who: Person) -> None:
    """Offer only the pages that this person may open."""
    audience = audience_of(st.context.url, entries)
    pages = {
        entry.address: st.Page(
            str(entry.path),
            title=entry.question,
            url_path=entry.address,
            visibility="visible" if entry.audience == audience else "hidden",
        )
        for entry in entries
    }
    first = next(entry.address for entry in entries if entry.audience == audience)

    def home() -> None:
        """Send the root address to the first page: a page has one lasting address."""
        st.switch_page(pages[first])

    current = st.navigation(
        [st.Page(home, title="Start", url_path="start", default=True, visibility="hidden"), *pages.values()],
        expanded=True,
    )
    with st.sidebar:
        _sidebar(audience, entries, here, pages)
        sign_in.beside(here, who, audience)
    show_running_build(here.home)
    visit.begin_run(current.url_path)
    current.run()
    garbage.spare_modules()


def _sidebar(audience: str, entries: tuple[Page, ...], here: Server, pages: dict[str, st.Page]) -> None:
    audiences = list(dict.fromkeys(entry.audience for entry in entries))
    if len(audiences) > 1:
        st.selectbox(
            "Audience",
            audiences,
            index=audiences.index(audience),
            key=f"audience_{audience}",
            format_func=lambda name: TITLES[name],
        )
        chosen = st.session_state[f"audience_{audience}"]
        if chosen != audience:
            st.switch_page(pages[next(e.address for e in entries if e.audience == chosen)])
    else:
        st.html(f'<p class="side-note">Audience: <strong>{TITLES[audience]}</strong></p>')
    st.html(
        '<p class="side-note">Police recorded crime figures are official statistics, not accredited. '
        "They count what was reported and recorded, not all that happened.</p>"
    )
    st.html(page.DOCUMENTATION)


main()
