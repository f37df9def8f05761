"""Access log: what was done with records of people, by whom, and whether the log is as it was written."""

from __future__ import annotations

from casework.refusal import Refused
from casework.store import UNUSABLE, in_words
from dashboards import page
from dashboards.audits import acting
from dashboards.oversight import logging_of_processing


def main() -> None:
    """Draw the page."""
    here = page.head(
        "Access log",
        "Collection, alteration, consultation, disclosure, combination and erasure of records of people: who, when, "
        "what and to whom (Data Protection Act 2018, section 62).",
    )
    assert here.home is not None  # nobody is let in without one
    try:
        logging_of_processing.show(here.home, here.marking)
    except (Refused, *UNUSABLE) as problem:
        page.answer("The log cannot be shown.")
        acting.tell(in_words(problem), "missing")
    page.note(
        "For checking that processing was lawful, for self-monitoring, for integrity and security of the data and for "
        "criminal proceedings, and for nothing else (section 62(4)). Looking at it is logged as well."
    )
    page.end()


main()
