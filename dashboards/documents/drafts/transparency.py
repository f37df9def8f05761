"""Draft algorithmic transparency record: tier 1 for the public, tier 2 in detail."""

from __future__ import annotations

from casework.choices.scheme_words import SECOND_PERSON_FROM
from dashboards.documents.drafts.evidence import Evidence, listed, questions, section
from dashboards.text.content import Block, Heading, Table, text

TITLE = "Algorithmic transparency record (draft)"
TOOLS = (
    (
        "Linking records of one person",
        (
            "Splink (Fellegi and Sunter 1969): agreement of names, birth date, address and numbers, "
            "weighted by how rare each value is"
        ),
        "people counted once; two people review uncertain pairs",
    ),
    (
        "Ranking suspects",
        "a weighted sum of recency, frequency, gravity and victims; it uses no protected characteristic",
        "an ordered list for people who decide",
    ),
    (
        "Scoring themes",
        (
            "harm, likelihood and position from counted facts, cut-points and weights; other reasonable schemes "
            "show how far ranks depend on these choices"
        ),
        "ranks in the assessment, each with the schemes that keep it",
    ),
    (
        "Control charts",
        "XmR and related charts with the four rules of NHS Making Data Count",
        "changes beyond chance",
    ),
    (
        "Forecast of demand",
        "a count model, compared with the same month last year; refused where months are too few",
        "expected crimes, with intervals",
    ),
    (
        "Behaviour read from free text",
        "a list of words and phrases; nothing is learned from the force's text",
        "a prompt for a reader, and a measure of harm where chosen",
    ),
    ("Waits for support", "Erlang's queue, checked against a simulation", "the wait that each option would deliver"),
)


def blocks(evidence: Evidence) -> list[Block]:
    """The draft."""
    rows = tuple((text(name), text(how), text(output)) for name, how, output in TOOLS)
    return [
        *section(
            1,
            "Tier 1: in short",
            "This software turns records of stalking and harassment into figures for chief officers, auditors and "
            "commissioners of support. Parts of it use statistics. None of them decides about a person: a person "
            "reviews each list, each uncertain link and each score.",
            text(
                "Code version ",
                str(evidence.manifest.get("code_version", "not known")),
                "; its settings are published beside the figures.",
            ),
        ),
        questions("who in the force owns it, and how to ask about it", "why it is used, and what was done before"),
        Heading(1, "Tier 2: statistical methods"),
        Table("Methods", ("Purpose", "Method", "Output"), rows, (0.22, 0.5, 0.28)),
        *section(1, "Human oversight"),
        listed(
            "Uncertain links: two people review each, neither seeing the other's verdict; the build follows them.",
            f"Scores of themes: a change of {SECOND_PERSON_FROM} or more needs a second person; every change "
            "has a reason and an end date.",
            "The list of suspects triggers no action or alert; its back-test is shown beside it.",
        ),
        *section(
            1,
            "Data",
            "The force's records, loaded unchanged. No data are bought, and no model is trained outside the force.",
        ),
        *section(
            1,
            "Risks and mitigation",
            "See the draft data protection impact assessment, the model card with ALGO-CARE, and the equality impact "
            "assessment.",
        ),
        questions("scrutiny so far (ethics panel, independent advice), with dates"),
    ]
