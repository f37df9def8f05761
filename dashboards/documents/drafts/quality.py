"""Draft of the quality and methods note (Code of Practice for Statistics).

It follows the code's pillars: trustworthiness, quality, value.
"""

from __future__ import annotations

from dashboards.documents.content import Block, Heading, Paragraph, Table, number, text
from dashboards.documents.drafts.evidence import RULES, Evidence, listed, questions, section
from dashboards.text import numbers

TITLE = "Quality and methods note (draft)"
STATES = (
    ("PASS", "hold"),
    ("BREACH", "are breached"),
    ("NOT_EVALUABLE", "are not measured"),
    ("ERROR", "could not be run"),
)
METHODS = (
    (
        "Change over time",
        "control charts, begun anew where recording changed; signals of chance are counted",
        "NHS Making Data Count",
    ),
    ("Forces side by side", "funnel with overdispersion", "Spiegelhalter 2005"),
    ("Shares", "Wilson intervals; not shown below 30", "Wilson 1927"),
    ("Outcomes over time", "cumulative incidence with competing outcomes", "Aalen and Johansen 1978"),
    ("Audits", "stratified samples with exact and Wilson intervals", "Cochran 1977"),
    ("Ranks of themes", "5,000 draws over data, cut-points and weights", "Goldstein and Spiegelhalter 1996"),
    ("Linkage", "probabilistic, with its error estimated from decided pairs", "Fellegi and Sunter 1969"),
    (
        "Disclosure control",
        "threshold and rounding, attacked by integer programs",
        "NHS Digital; Fischetti and Salazar 2001",
    ),
    ("Waits for a place", "Erlang's queue", "Erlang 1917"),
)


def blocks(evidence: Evidence) -> list[Block]:
    """The draft."""
    manifest = evidence.manifest
    rows = tuple(
        (
            text(numbers.readable(str(source["source"]))),
            text(str(source.get("publisher") or "not stated")),
            text(str(source.get("licence") or "not stated")),
            text(numbers.moment(max((d["received_at"] for d in source.get("deliveries", [])), default=None))),
        )
        for source in manifest.get("sources", [])
    )
    return [
        *section(
            1,
            "What this is",
            f"Figures on recorded stalking and harassment, of: {evidence.force}. Published "
            f"{numbers.moment(manifest.get('published_at'))}, as of "
            f"{manifest.get('as_of') or 'the last period held'}, by code "
            f"version {manifest.get('code_version')}. Police recorded crime figures are official statistics, not "
            "accredited.",
        ),
        Heading(1, "Sources"),
        Table("Sources taken in", ("Source", "Publisher", "Licence", "Latest"), rows, (0.24, 0.34, 0.24, 0.18)),
        Heading(1, "Quality of the records"),
        *_rules(evidence),
        Heading(1, "Methods"),
        Table(
            "Methods, and where they are from",
            ("What for", "Method", "Source"),
            tuple((text(a), text(b), text(c)) for a, b, c in METHODS),
            (0.22, 0.5, 0.28),
        ),
        *section(1, "What the figures cannot say"),
        listed(
            "Recorded crime is what was reported and recorded: most victims are not known to police.",
            "A missing month is missing, never nought; no trend is drawn across a change of recording.",
            "What cannot be judged is no pass, and stands beside every share.",
        ),
        *section(1, "Assurance"),
        listed(
            "One command builds everything again from the delivered files; their hashes stand in the manifest.",
            "`stra verify` holds rows, published tables, decisions and documents to what was published.",
            "Methods are held against reference values from R and worked examples.",
        ),
        questions("who checked this publication, who signs it off, and who saw it before"),
    ]


def _rules(evidence: Evidence) -> list[Block]:
    run = evidence.manifest.get("run_ref")
    if not evidence.rows(RULES, run_ref=run):
        return [Paragraph(text("The recording standards were not held against these records."))]
    lines = tuple(
        (text(words), text(number(RULES, "rule_code", "whole", total="count", run_ref=run, status=state)))
        for state, words in STATES
        if evidence.rows(RULES, run_ref=run, status=state)
    )
    return [Table("Recording standards", ("Standards that", "Number"), lines, (0.7, 0.3), frozenset({1}))]
