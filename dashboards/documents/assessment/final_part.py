"""Part 10: glossary, guidance, marking and version."""

from __future__ import annotations

from collections.abc import Mapping

from casework.store.words import shown_name
from dashboards.documents.assessment import themes
from dashboards.documents.assessment.evidence import Evidence, Row, due, field, owner, score, starter
from dashboards.documents.parts import part
from dashboards.text import numbers
from dashboards.text.assessment.explorer_text import series_name
from dashboards.text.content import Block, Heading, Table, number, paragraph, table, text

ANNOTATIONS, MEASURES = "core.annotations", "reference.measures"

GLOSSARY = (
    ("Confidence", "Quality of the evidence for a theme: High, Moderate or Low. It does not change the risk."),
    ("Control strategy", "The force's actions against its priorities: prevent, pursue, protect, prepare (4P)."),
    ("Cross-cutting", "A theme whose crimes are also in other themes. It has its own band and no rank."),
    ("Interval", "The range that holds the true figure in 95 of 100 cases on this evidence."),
    ("MoRiLE-informed", "Follows the public description of Management of Risk in Law Enforcement; not its product."),
    ("Not measured", "The records needed were not delivered or are empty. It is never zero, and never a pass."),
    ("Other schemes", "Reasonable ways to score that change one choice each. How many agree is no probability."),
    (
        "Override",
        "A score set by hand, with reason, evidence, author, approver and end date. The automatic score stays visible.",
    ),
    ("PESTELO", "Political, economic, social, technological, environmental, legal, organisational factors."),
    ("Position", "Organisational position: the force's capacity, capability and reputation, from A (best) to D."),
    ("Risk", "Harm times likelihood, from 0 to 100."),
)


def blocks(evidence: Evidence, marking: str) -> list[Block]:
    """The part, without the table of numbers, which is made last of all."""
    terms = tuple((text(term), text(meaning)) for term, meaning in GLOSSARY)
    manifest, first = evidence.reader.copy.manifest, evidence.scores[0]
    return [
        Heading(1, "Glossary, guidance, marking and version"),
        Table("Glossary", ("Term", "Meaning"), terms, (0.22, 0.78)),
        *themes.meanings(evidence),
        *_annotations(evidence),
        Heading(2, "Guidance"),
        *_guidance(evidence),
        Heading(2, "Marking and version"),
        paragraph(f"Marking: {marking}. It is on every page, and at the start of every file name."),
        paragraph(
            "As of ",
            score(first, "as_of_date", "day"),
            f"; published {numbers.moment(manifest.get('published_at'))}; code ",
            f"{manifest.get('code_version', 'not known')}; settings {manifest.get('settings_hash', 'not known')}; "
            "scheme version ",
            score(first, "scheme_version", "whole"),
            ", hash ",
            score(first, "scheme_hash", "words"),
            ".",
        ),
    ]


@part()
def _guidance(evidence: Evidence) -> list[Block]:
    rows = [*evidence.entries("guidance"), *evidence.entries("policies")]
    if not rows:
        return [paragraph("No guidance or policy is recorded in the registers.")]
    lines = tuple(
        (text(row["title"] + starter(row)), text(field(row, "version") or "not stated"), text(owner(row)), due(row))
        for row in rows
    )
    headings = ("Document", "Version", "Owner", "Next review")
    return [Table("Guidance and policies", headings, lines, (0.46, 0.14, 0.22, 0.18))]


@part("Annotations", 2)
def _annotations(evidence: Evidence) -> list[Block]:
    """What people of the force wrote beside a measure; of this force, in the order of measures and days."""
    copy = evidence.reader.copy
    forces = {copy.force} if copy.force else set(copy.forces)
    rows = [row for row in evidence.rows(ANNOTATIONS) if not forces or row["force_code"] in forces]
    if not rows:
        return [paragraph("No measure has an annotation.")]
    names = copy.names(MEASURES, "measure_code, measure_name")
    columns = (
        ("Measure", 0.27, lambda row: _series(row, names)),
        ("Day", 0.12, lambda row: number(ANNOTATIONS, "about_date", "day", annotation_ref=row["annotation_ref"])),
        ("Annotation", 0.35, lambda row: row["words"]),
        ("Author", 0.14, lambda row: shown_name(row["changed_by"])),
        ("Written", 0.12, lambda row: number(ANNOTATIONS, "changed_at", "day", annotation_ref=row["annotation_ref"])),
    )
    said = "An annotation says what happened, in the words of its author. It proves no cause."
    return [paragraph(said), table("Annotations of measures", sorted(rows, key=_by_series), columns)]


def _series(row: Row, names: Mapping[str, str]) -> str:
    name = names.get(row["measure_code"], row["measure_code"])
    return series_name(name, row["breakdown"], row["breakdown_value"])


def _by_series(row: Row) -> tuple[str, ...]:
    names = ("measure_code", "breakdown", "breakdown_value", "about_date", "annotation_ref")
    return tuple(str(row[name]) for name in names)
