"""Draft of the accessibility statement.

Source: Public Sector Bodies Accessibility Regulations 2018.
"""

from __future__ import annotations

from dashboards.documents.drafts.evidence import Evidence, listed, questions, section
from dashboards.text.content import Block

TITLE = "Accessibility statement (draft)"


def blocks(evidence: Evidence) -> list[Block]:
    """The draft."""
    return [
        *section(
            1, "What this covers", f"The dashboards and documents on stalking and harassment of: {evidence.force}."
        ),
        questions("the web address; how to ask for another format or report a barrier; who answers, and how soon"),
        *section(
            1, "How accessible it is", "It is designed to meet the Web Content Accessibility Guidelines 2.2, level AA."
        ),
        listed(
            "Every chart has a text alternative, its data as an HTML table, and a title that states the finding.",
            "Colour is never the only sign: signals differ by shape, and lines by dash.",
            "Everything can be reached and used by keyboard; tables scroll by keyboard.",
            "Documents are tagged PDF/UA-1, Word with headings and table heads, and HTML.",
        ),
        *section(1, "What is not accessible"),
        listed(
            "Charts can be read by their table and text; the drawing itself cannot be explored by a screen reader.",
            "The page library announces little to screen readers while a page is redrawn.",
            "Wide tables scroll sideways on a narrow screen.",
        ),
        questions("what else was found, and when it will be fixed"),
        *section(
            1,
            "How it was tested",
            "At each change, axe-core tests every page in a browser, at 1440 and 390 pixels. Other software reads the "
            "structure, tags and fonts of documents. People who use assistive technology have not tested it.",
        ),
        questions("tests with people who use assistive technology, with the date"),
        *section(
            1,
            "Enforcement",
            "If you are not happy with the answer, the Equality Advisory and Support Service advises on complaints. "
            "The Equality and Human Rights Commission enforces the regulations.",
        ),
    ]
