"""Draft of the quality and methods note (Code of Practice for Statistics).

It follows the code's pillars: trustworthiness, quality, value.
"""

from __future__ import annotations

from dashboards.documents.drafts.evidence import RULES, Evidence, latest_delivery, listed, questions, section
from dashboards.documents.parts import part
from dashboards.text import numbers
from dashboards.text.content import Block, Heading, Table, number, paragraph, table, text

TITLE = "Quality and methods note (draft)"
STATES = (
    ("PASS", "are met"),
    ("BREACH", "are breached"),
    ("NOT_EVALUABLE", "are not measured"),
    ("ERROR", "could not be run"),
)
METHODS = (
    (
        "Change over time",
        "control charts, restarted where recording changed; false signals are counted",
        "NHS Making Data Count",
    ),
    ("Comparison of forces", "funnel with overdispersion", "Spiegelhalter 2005"),
    ("Shares", "Wilson intervals; not shown below 30", "Wilson 1927"),
    ("Outcomes over time", "cumulative incidence with competing outcomes", "Aalen and Johansen 1978"),
    ("Audits", "stratified samples with exact and Wilson intervals", "Cochran 1977"),
    ("Ranks of themes", "scored again by other reasonable schemes", "own design"),
    ("Linkage", "probabilistic, with its error estimated from decided pairs", "Fellegi and Sunter 1969"),
    (
        "Disclosure control",
        "threshold and rounding, tested by integer programs",
        "NHS Digital; Fischetti and Salazar 2001",
    ),
    ("Waits for a place", "Erlang's queue", "Erlang 1917"),
)


def blocks(evidence: Evidence) -> list[Block]:
    """The draft."""
    manifest = evidence.manifest
    columns = (
        ("Source", 0.24, lambda source: numbers.readable(str(source["source"]))),
        ("Publisher", 0.34, lambda source: str(source.get("publisher") or "not stated")),
        ("Licence", 0.24, lambda source: str(source.get("licence") or "not stated")),
        ("Latest delivery", 0.18, latest_delivery),
    )
    return [
        *section(
            1,
            "What this is",
            f"Figures on recorded stalking and harassment, of: {evidence.force}. Published "
            f"{numbers.moment(manifest.get('published_at'))}, as of "
            f"{_as_of(manifest.get('as_of'))}, by code version {manifest.get('code_version')}. Police "
            "recorded crime figures are official statistics, not accredited.",
        ),
        Heading(1, "Sources"),
        table("Sources loaded", manifest.get("sources", []), columns),
        Heading(1, "Quality of the records"),
        *_rules(evidence),
        Heading(1, "Methods"),
        Table(
            "Methods and their sources",
            ("What for", "Method", "Source"),
            tuple((text(a), text(b), text(c)) for a, b, c in METHODS),
            (0.22, 0.5, 0.28),
        ),
        *section(1, "Limits of the figures"),
        listed(
            "Recorded crime counts only what was reported and recorded: most victims are not known to police.",
            "A missing month is never shown as zero; no trend is drawn across a recording change.",
            "What cannot be assessed is not a pass, and is shown beside every share.",
        ),
        *section(1, "Assurance"),
        listed(
            "One command rebuilds everything from the delivered files; the manifest has their hashes.",
            "`stra verify` compares rows, published tables, decisions and documents with what was published.",
            "Methods are compared with reference values from R and worked examples.",
        ),
        questions("who checked this publication, who signs it off, and who had early access"),
    ]


def _as_of(moment: str | None) -> str:
    return numbers.moment(moment).split(",")[0] if moment else "the last period held"


@part()
def _rules(evidence: Evidence) -> list[Block]:
    run = evidence.manifest.get("run_ref")
    if not evidence.rows(RULES, run_ref=run):
        return [paragraph("The recording standards were not applied to these records.")]
    lines = tuple(
        (text(words), text(number(RULES, "rule_code", "whole", total="count", run_ref=run, status=state)))
        for state, words in STATES
        if evidence.rows(RULES, run_ref=run, status=state)
    )
    return [Table("Recording standards", ("Standards that", "Number"), lines, (0.7, 0.3), frozenset({1}))]
