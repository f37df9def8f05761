"""Draft of the accessibility statement.

Source: Public Sector Bodies Accessibility Regulations 2018.
"""

from __future__ import annotations

from dashboards.documents.content import Block
from dashboards.documents.drafts.evidence import Evidence, listed, questions, section

TITLE = "Accessibility statement (draft)"


def blocks(evidence: Evidence) -> list[Block]:
    """The draft."""
    return [
        *section(
            1, "What this covers", f"The dashboards and documents on stalking and harassment of: {evidence.force}."
        ),
        questions("the address, and how to ask for another format or report a barrier; who answers, and how soon"),
        *section(1, "How accessible it is", "It aims at the Web Content Accessibility Guidelines 2.2, level AA."),
        listed(
            "Every chart has a text alternative, its data as an HTML table, and a title that states what is found.",
            "Colour never stands alone: signals differ by shape, and lines by dash.",
            "Everything can be reached and used by keyboard; tables scroll by keyboard.",
            "Documents are tagged PDF/UA-1, Word with headings and table heads, and HTML.",
        ),
        *section(1, "What is not accessible"),
        listed(
            "Charts can be read by their table and text; the drawing itself cannot be explored by a screen reader.",
            "Pages are drawn by a library whose announcements to screen readers while a page is redrawn are few.",
            "Wide tables scroll sideways on a narrow screen.",
        ),
        questions("what else was found, and by when it is mended"),
        *section(
            1,
            "How it was tested",
            "Each change: every page by axe-core in a browser, at 1440 and 390 pixels; structure, tags and fonts "
            "of documents by "
            "other readers. Not by people who use assistive technology.",
        ),
        questions("tests with people who use assistive technology, with the day"),
        *section(
            1,
            "If you are not content with the answer",
            "The Equality Advisory and Support Service advises on how to complain; the Equality and Human Rights "
            "Commission "
            "enforces the regulations.",
        ),
    ]
