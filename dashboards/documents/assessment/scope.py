"""Part 2: scope, evidence, scoring, data quality and breaks in series."""

from __future__ import annotations

import datetime as dt

from dashboards.charts.breaks import Regime, regimes_of
from dashboards.data import extract
from dashboards.data.register import Reader
from dashboards.documents.assessment.evidence import (
    MONTHS,
    SCORES,
    UNDER_REPRESENTS,
    Evidence,
    Row,
    by_place,
    score,
)
from dashboards.documents.parts import part
from dashboards.text.content import Block, Bullets, Heading, Number, Runs, Table, joined, number, paragraph, table, text

REGIMES, RULES, CRIMES = "reference.recording_regimes", "quality.rule_results", "core.extract_forces"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STATES = (
    ("PASS", "are met"),
    ("BREACH", "are breached"),
    ("NOT_EVALUABLE", "are not measured"),
    ("ERROR", "could not be checked"),
)


def blocks(evidence: Evidence) -> list[Block]:
    """The part."""
    return [
        Heading(1, "Scope, sources and method"),
        Heading(2, "Scope"),
        *_force(evidence),
        *_themes(evidence),
        Heading(2, "How themes are scored"),
        *_method(evidence),
        Heading(2, "Data quality"),
        *_quality(evidence),
        Heading(2, "Recording changes"),
        *_breaks(evidence),
    ]


@part()
def _force(evidence: Evidence) -> list[Block]:
    of = extract.find_extract(evidence.reader.copy)
    key = {"force_name": of.force_name}
    words = text(
        f"Records of {of.force_name}: ",
        number(CRIMES, "crime_count", "count", **key),
        " crimes recorded from ",
        number(CRIMES, "first_month", "month", **key),
        " to ",
        number(CRIMES, "last_month", "month", **key),
        ".",
    )
    return [paragraph(*words)]


@part()
def _themes(evidence: Evidence) -> list[Block]:
    columns = (
        ("Code", 0.08, lambda row: row["theme_code"]),
        ("Theme", 0.3, lambda row: row["theme_name"]),
        ("Band", 0.14, lambda row: row["band"]),
        ("Definition", 0.48, lambda row: row.get("definition") or "not stated"),
    )
    return [table("Themes", by_place(evidence.rows("reference.themes")), columns)]


def _method(evidence: Evidence) -> list[Block]:
    first = evidence.scores[0]
    lines: list[Runs] = [
        text(
            "Scores are MoRiLE-informed: harm, likelihood and organisational position follow its public description. "
            "Numbers, weights and cut-points are this product's own. The force may change them."
        ),
        text(
            "Each part is scored from 0 (none) to 4 (critical). Scores become points, so that one severe part "
            "outweighs many minor ones. Risk is harm times likelihood, from 0 to 100. Organisational position is a "
            "separate grade."
        ),
        text("Confidence is graded separately and never changes the risk: lack of evidence must not look like safety."),
        text("Other reasonable schemes rank the themes again (", score(first, "scheme_count", "whole"), " schemes)."),
        text(
            "Scheme version ",
            score(first, "scheme_version", "whole"),
            "; hash of its weights and cut-points ",
            score(first, "scheme_hash", "words"),
            ". Scores set by hand: ",
            number(SCORES, "override_count", "whole", total="sum"),
            ".",
        ),
        text(UNDER_REPRESENTS),
    ]
    return [Bullets(tuple(lines)), *_parts(evidence)]


@part()
def _parts(evidence: Evidence) -> list[Block]:
    """The parts of the score, with their weights."""

    def weight(row: Row) -> Number:
        key = {"dimension": row["dimension"], "part_code": row["part_code"]}
        return number("reference.theme_parts", "weight", "weight", **key)

    columns = (
        ("Dimension", 0.14, lambda row: row["dimension"]),
        ("Part", 0.24, lambda row: row["part_name"]),
        ("Weight", 0.09, weight),
        ("Basis", 0.11, lambda row: row["basis"]),
        ("Based on", 0.42, lambda row: row["indicator"] or ""),
    )
    return [table("Parts of the score", by_place(evidence.rows("reference.theme_parts")), columns, numeric={2})]


@part()
def _quality(evidence: Evidence) -> list[Block]:
    run = evidence.reader.copy.manifest.get("run_ref")
    if not evidence.rows(RULES, run_ref=run):
        return [paragraph("Not measured: the recording standards were not applied to these records.")]
    counts = [
        text(number(RULES, "rule_code", "whole", total="count", run_ref=run, status=state), f" {words}")
        for state, words in STATES
        if evidence.rows(RULES, run_ref=run, status=state)
    ]
    said = text("Of the recording standards applied to these records, ", *joined(counts, ", "), ".")
    note = (
        "A standard that could not be measured is neither met nor breached. The themes' chapters list what is not "
        "measured. The intelligence requirement lists what would change the order."
    )
    return [paragraph(*said), paragraph(note)]


def regimes(reader: Reader, codes: set[str] | None = None) -> list[Regime]:
    """The recording changes within the charted months, each with its letter. Raises Missing."""
    held, months = reader.table(REGIMES), reader.table(MONTHS, may_be_empty=True)
    days: list[dt.date] = months["month"].sort().to_list()
    moving = held.filter("moves_counts") if "moves_counts" in held.columns else held
    found = regimes_of(moving, source="crime", codes=codes)
    return [r for r in found if days and days[0] < r.valid_from <= days[-1]]


@part()
def _breaks(evidence: Evidence) -> list[Block]:
    held = regimes(evidence.reader)
    if not held:
        return [paragraph("No recording change falls within the charted months.")]
    rows = tuple(
        (text(letter), text(number(REGIMES, "valid_from", "month", regime_ref=r.ref)), text(r.title), text(r.effect))
        for letter, r in zip(LETTERS, held)
    )
    headings = ("Letter", "From", "Change", "Effect on counts")
    note = paragraph("The letters mark these changes on the charts they affect.", kind="note")
    return [Table("Recording changes in the charted months", headings, rows, (0.08, 0.14, 0.36, 0.42)), note]
