"""Draft algorithmic transparency record: tier 1 for the public, tier 2 in detail."""

from __future__ import annotations

from casework.assessment.scheme_words import SECOND_PERSON_FROM
from dashboards.documents.content import Block, Heading, Table, text
from dashboards.documents.drafts.evidence import Evidence, listed, questions, section

TITLE = "Algorithmic transparency record (draft)"
TOOLS = (
    (
        "Linking records of one person",
        (
            "Splink (Fellegi and Sunter 1969): agreement of names, birth date, address and numbers, "
            "weighed by how rare each value is"
        ),
        "people counted once; uncertain pairs go to two readers",
    ),
    (
        "Ranking suspects",
        "a weighted sum of recency, frequency, gravity and victims; no characteristic of a person goes into it",
        "an order of a list for people who decide",
    ),
    (
        "Scoring themes",
        (
            "harm, likelihood and position from counted facts, cut-points and weights; 5,000 draws tell how firm "
            "ranks are"
        ),
        "ranks with intervals in the assessment",
    ),
    (
        "Control charts",
        "XmR and related charts with the four rules of NHS Making Data Count",
        "which change is beyond chance",
    ),
    (
        "Forecast of demand",
        "a count model held against the month of last year; refused where too few months are held",
        "crimes to expect, with intervals",
    ),
    (
        "Behaviour read from words",
        "a list of words and phrases; nothing is learned from the force's texts",
        "a sign for a reader, and a lens of harm where chosen",
    ),
    ("Waits for support", "Erlang's queue, checked against a simulation", "what wait an option leads one to expect"),
)


def blocks(evidence: Evidence) -> list[Block]:
    """The draft."""
    rows = tuple((text(name), text(how), text(output)) for name, how, output in TOOLS)
    return [
        *section(
            1,
            "Tier 1: in short",
            "This software turns records of stalking and harassment into figures for chief officers, auditors "
            "and those who "
            "commission support. Parts of it work by statistics. None of them decides about a person: a person "
            "looks at each "
            "list, each uncertain link and each score.",
            text(
                "Code version ",
                str(evidence.manifest.get("code_version", "not known")),
                "; the settings that it ran with are published beside the figures.",
            ),
        ),
        questions("who in the force owns it, and how to ask about it", "why it is used, and what was done before"),
        Heading(1, "Tier 2: what works by statistics"),
        Table("Methods", ("What", "How", "What comes of it"), rows, (0.22, 0.5, 0.28)),
        *section(1, "Human oversight"),
        listed(
            "Uncertain links: two readers, of whom neither sees the other's verdict; a build obeys them.",
            f"Scores of themes: a change of {SECOND_PERSON_FROM} or more needs another person; every change has "
            "a reason and an end.",
            "The list of suspects adopts nobody and alerts nobody; its back-test stands beside it.",
        ),
        *section(
            1,
            "Data",
            "Records of the force, taken in as they are; no data are bought, and no model is trained outside the "
            "force.",
        ),
        *section(
            1,
            "Risks and what is done about them",
            "See the draft of the data protection impact assessment, the model card with ALGO-CARE, and the "
            "equality impact.",
        ),
        questions("scrutiny that took place (ethics panel, independent advice), with the day"),
    ]
