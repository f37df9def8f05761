"""Access log: who did what with records of people, and whether the log is intact."""

from __future__ import annotations

from casework.store.database import UNUSABLE, in_words
from casework.store.refusal import Refused
from dashboards.pages.oversight import access_log_section
from dashboards.parts import forms, page


@page.whole()
def main() -> None:
    """Draw the page."""
    here = page.head(
        "Access log",
        "Collection, alteration, consultation, disclosure, combination and erasure of records of people: who, when, "
        "what and to whom (Data Protection Act 2018, section 62).",
    )
    assert here.home is not None  # nobody is admitted without one
    try:
        access_log_section.draw_log(here.home, here.marking)
    except (Refused, *UNUSABLE) as problem:
        page.answer("The log cannot be shown.")
        forms.tell(in_words(problem), "missing")
    page.note(
        "The log may be used only to check that processing was lawful, for self-monitoring, for the integrity and "
        "security of data, and for criminal proceedings (section 62(4)). Viewing it is logged too."
    )


main()
