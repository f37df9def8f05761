"""The script behind every page: which pages this server offers, and the sidebar.

Every page belongs to one audience and its address alone says which: a link to a page of an audience that is not
served leads nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from dashboards import brand, collecting, page, signing_in, visit
from dashboards.access import Person, Server, TurnedAway
from dashboards.roles import pages_of
from dashboards.running_build import show_running_build

HERE = Path(__file__).parent
TITLES = {"command": "Command", "integrity": "Integrity", "commissioning": "Commissioning"}


@dataclass(frozen=True)
class Entry:
    """A page: its audience, the question it answers, its file (and so its address)."""

    audience: str
    question: str
    file: str

    @property
    def address(self) -> str:
        """Last part of the page's URL."""
        return Path(self.file).stem


PAGES = (
    Entry("command", "The assessment", "command/the_assessment.py"),
    Entry("command", "Theme", "command/theme.py"),
    Entry("command", "What we cannot see", "command/what_we_cannot_see.py"),
    Entry("command", "Is it changing?", "command/is_it_changing.py"),
    Entry("command", "What is coming?", "command/what_is_coming.py"),
    Entry("command", "Where do we stand?", "command/where_do_we_stand.py"),
    Entry("command", "What happened next?", "command/what_happened_next.py"),
    Entry("command", "Are victims protected?", "command/are_victims_protected.py"),
    Entry("command", "Repeat and serial suspects", "command/repeat_and_serial_suspects.py"),
    Entry("command", "Can we trust our recording?", "command/can_we_trust_our_recording.py"),
    Entry("command", "Decisions and actions", "command/decisions_and_actions.py"),
    Entry("command", "The advice, line by line", "command/the_advice.py"),
    Entry("integrity", "What was delivered?", "integrity/what_was_delivered.py"),
    Entry("integrity", "Which standards are breached?", "integrity/which_standards_are_breached.py"),
    Entry("integrity", "Fix list", "integrity/fix_list.py"),
    Entry("integrity", "Recording delay and class", "integrity/recording_delay_and_class.py"),
    Entry("integrity", "Audit", "integrity/audit.py"),
    Entry("integrity", "Review links", "integrity/review_links.py"),
    Entry("integrity", "People to look at", "integrity/people_to_look_at.py"),
    Entry("integrity", "Daily and weekly lists", "integrity/daily_meeting.py"),
    Entry("integrity", "Scrutiny panel", "integrity/scrutiny_panel.py"),
    Entry("integrity", "Scoring scheme", "integrity/scoring_scheme.py"),
    Entry("integrity", "Methods", "integrity/methods.py"),
    Entry("integrity", "Access log", "integrity/access_log.py"),
    Entry("integrity", "Accounts", "integrity/accounts.py"),
    Entry("commissioning", "Need and reach", "commissioning/need_and_reach.py"),
    Entry("commissioning", "Services and waits", "commissioning/services_and_waits.py"),
    Entry("commissioning", "Who is missing out?", "commissioning/who_is_missing_out.py"),
    Entry("commissioning", "Options and value", "commissioning/options_and_value.py"),
    Entry("commissioning", "Download the pack", "commissioning/download_the_pack.py"),
    Entry("commissioning", "Recorded demand by area", "commissioning/recorded_demand.py"),
)


def offered(audiences: tuple[str, ...], roles: tuple[str, ...]) -> tuple[Entry, ...]:
    """The pages of the audiences served that any of the roles opens, in order."""
    opened = pages_of(roles)
    return tuple(entry for entry in PAGES if entry.audience in audiences and entry.address in opened)


def audience_of(url: str | None, entries: tuple[Entry, ...]) -> str:
    """The audience whose page the address names; else the first that is offered."""
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
    st.html(page.STYLE)
    st.logo(brand.WORDMARK, size="large")
    here = visit.server()
    if here.is_demonstration:
        signing_in.choose_role()
    who = visit.person(here)
    if isinstance(who, TurnedAway):
        _turn_away(here, who)
        return
    entries = offered(here.audiences, who.roles)
    if not entries:
        _turn_away(here, TurnedAway(f"This server has no page for {who.identity} in the roles of the account."))
        return
    _offer(entries, here, who)


def _turn_away(here: Server, why: TurnedAway) -> None:
    """One page under every address: a link to a page leads to the way in, not to nowhere."""

    def away() -> None:
        signing_in.turned_away(here, why)

    addresses = ("start", *(entry.address for entry in PAGES))
    pages = [st.Page(away, title="Sign in", url_path=a, default=a == "start", visibility="hidden") for a in addresses]
    st.navigation(pages).run()


def _offer(entries: tuple[Entry, ...], here: Server, who: Person) -> None:
    """The pages that this person may open are all that there is; the rest leads nowhere."""
    audience = audience_of(st.context.url, entries)
    pages = {
        entry.address: st.Page(
            str(HERE / entry.file),
            title=entry.question,
            url_path=entry.address,
            visibility="visible" if entry.audience == audience else "hidden",
        )
        for entry in entries
    }
    first = next(entry.address for entry in entries if entry.audience == audience)

    def home() -> None:
        """The root address leads to the first page, so that every page has one lasting address."""
        st.switch_page(pages[first])

    current = st.navigation(
        [st.Page(home, title="Start", url_path="start", default=True, visibility="hidden"), *pages.values()],
        expanded=True,
    )
    with st.sidebar:
        _sidebar(audience, entries, here, pages)
        signing_in.beside(here, who, audience)
    show_running_build(here.home)
    visit.begin_run(current.url_path)
    current.run()
    collecting.spare_modules()


def _sidebar(audience: str, entries: tuple[Entry, ...], here: Server, pages: dict[str, st.Page]) -> None:
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
