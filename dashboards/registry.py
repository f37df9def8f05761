"""The registry of pages: each page's audience, question, address and roles. Pure.

A page is one file below `dashboards/pages/<subject>/`. To add one, write the file and add its line here. A page without
a line is not offered. A role that its line does not name cannot open it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "pages"

LEADERS = ("analyst", "senior_leader")
REGISTRARS = ("analyst", "auditor")
ANALYSTS = ("analyst",)
COMMISSIONERS = ("commissioner",)
BAR = ("period", "district", "unit", "class", "relationship")


@dataclass(frozen=True)
class Page:
    """One page: its audience, question, address, roles and file."""

    audience: str
    question: str
    address: str
    roles: tuple[str, ...]
    file: str  # below FOLDER
    follows: tuple[str, ...] = ()  # choices of dashboards/parts/filter_bar.py; the page's head names those it does not

    @property
    def path(self) -> Path:
        """The page's file."""
        return FOLDER / self.file


PAGES = (
    Page("command", "At a glance", "at_a_glance", LEADERS, "front/glance_page.py"),
    Page("command", "The assessment", "the_assessment", LEADERS, "assessment/assessment_page.py"),
    Page("command", "Theme", "theme", LEADERS, "assessment/theme_page.py"),
    Page("command", "What we cannot see", "what_we_cannot_see", LEADERS, "assessment/gaps_page.py"),
    Page("command", "Explore", "explore", LEADERS, "assessment/explorer_page.py"),
    Page("command", "Is it changing?", "is_it_changing", LEADERS, "open_data/trend_page.py"),
    Page("command", "What is coming?", "what_is_coming", LEADERS, "demand/demand_page.py", BAR),
    Page("command", "How do we compare?", "where_do_we_stand", LEADERS, "open_data/comparison_page.py"),
    Page("command", "What happened next?", "what_happened_next", LEADERS, "outcomes/outcomes_page.py", BAR),
    Page("command", "Are victims protected?", "are_victims_protected", LEADERS, "protection/protection_page.py", BAR),
    Page(
        "command",
        "Repeat and serial suspects",
        "repeat_and_serial_suspects",
        LEADERS,
        "people/repeats_page.py",
        BAR,
    ),
    Page(
        "command",
        "Can we trust our recording?",
        "can_we_trust_our_recording",
        (*REGISTRARS, "senior_leader"),
        "recording/trust_page.py",
    ),
    Page("command", "Decisions and actions", "decisions_and_actions", LEADERS, "assessment/registers_page.py"),
    Page("command", "The advice, line by line", "the_advice", LEADERS, "assessment/advice_page.py"),
    Page("integrity", "What needs doing?", "what_needs_doing", REGISTRARS, "front/work_page.py"),
    Page("integrity", "Data received", "what_was_delivered", REGISTRARS, "open_data/deliveries_page.py"),
    Page("integrity", "Map an extract", "map_an_extract", REGISTRARS, "recording/mapping_page.py"),
    Page(
        "integrity",
        "Which standards are breached?",
        "which_standards_are_breached",
        REGISTRARS,
        "recording/standards_page.py",
        ("period", "unit", "class"),
    ),
    Page(
        "integrity",
        "Records to correct",
        "fix_list",
        (*REGISTRARS, "supervisor"),
        "recording/fix_list_page.py",
        ("unit",),
    ),
    Page("integrity", "Recording delay and class", "recording_delay_and_class", REGISTRARS, "recording/delay_page.py"),
    Page("integrity", "Audit", "audit", ("auditor",), "audit/audit_page.py"),
    Page("integrity", "Review links", "review_links", ("reviewer",), "people/links_page.py"),
    Page("integrity", "Priority suspects", "people_to_look_at", ANALYSTS, "people/suspects_page.py"),
    Page("integrity", "Daily and weekly lists", "daily_meeting", ANALYSTS, "protection/meeting_page.py"),
    Page("integrity", "Scrutiny panel", "scrutiny_panel", REGISTRARS, "audit/panel_page.py"),
    Page("integrity", "Scoring scheme", "scoring_scheme", ANALYSTS, "assessment/scheme_page.py"),
    Page(
        "integrity",
        "Methods",
        "methods",
        (*REGISTRARS, "reviewer", "data_protection_officer"),
        "recording/methods_page.py",
    ),
    Page("integrity", "Access log", "access_log", ("data_protection_officer",), "oversight/access_log_page.py"),
    Page("integrity", "Accounts", "accounts", ("administrator",), "oversight/accounts_page.py"),
    Page("commissioning", "In brief", "in_brief", COMMISSIONERS, "front/brief_page.py"),
    Page("commissioning", "Need and reach", "need_and_reach", COMMISSIONERS, "support/need_page.py"),
    Page("commissioning", "Services and waits", "services_and_waits", COMMISSIONERS, "support/services_page.py"),
    Page("commissioning", "Who is missing out?", "who_is_missing_out", COMMISSIONERS, "support/equity_page.py"),
    Page("commissioning", "Options and value", "options_and_value", COMMISSIONERS, "support/options_page.py"),
    Page("commissioning", "Held to account", "held_to_account", COMMISSIONERS, "support/held_to_account_page.py"),
    Page("commissioning", "Download the pack", "download_the_pack", COMMISSIONERS, "support/pack_page.py"),
    Page("commissioning", "Recorded demand by area", "recorded_demand", COMMISSIONERS, "open_data/areas_page.py"),
)


def follows(address: str) -> tuple[str, ...]:
    """The choices of the bar that the page at this address follows."""
    return next((page.follows for page in PAGES if page.address == address), ())


def page_at(address: str) -> Page:
    """The page at this address. Raises StopIteration where none has it."""
    return next(page for page in PAGES if page.address == address)


def pages_of(roles: Iterable[str]) -> frozenset[str]:
    """Addresses of the pages that any of the roles may open."""
    held = set(roles)
    return frozenset(page.address for page in PAGES if held & set(page.roles))


def offered(audiences: Iterable[str], roles: Iterable[str]) -> tuple[Page, ...]:
    """The pages of these audiences that any of the roles may open, in sidebar order."""
    opened, served = pages_of(roles), set(audiences)
    return tuple(page for page in PAGES if page.audience in served and page.address in opened)
