"""Accounts: who has which role. For the administrator, who sees no data."""

from __future__ import annotations

from casework.store.database import UNUSABLE, in_words
from casework.store.refusal import Refused
from dashboards.pages.oversight import accounts_section
from dashboards.parts import forms, page


@page.whole()
def main() -> None:
    """Draw the page."""
    here = page.head("Accounts", "Who may open which pages. A role is always given by someone else.")
    assert here.home is not None  # nobody is admitted without one
    try:
        accounts_section.draw_accounts(here.home)
    except (Refused, *UNUSABLE) as problem:
        page.answer("Accounts cannot be shown.")
        forms.tell(in_words(problem), "missing")
    page.note("A change applies from the user's next action; a disabled account is signed out within a minute.")


main()
