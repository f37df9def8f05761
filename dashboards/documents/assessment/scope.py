"""Part 2: scope, evidence, scoring, data quality and breaks in series."""

from __future__ import annotations

import datetime as dt

from dashboards.charts.breaks import Regime, regimes_of
from dashboards.data import extract
from dashboards.data.published import NotAvailable
from dashboards.documents.assessment.evidence import (
    MONTHS,
    SCORES,
    SETTINGS,
    UNDER_REPRESENTS,
    Evidence,
    by_place,
    score,
)
from dashboards.documents.content import Block, Bullets, Heading, Paragraph, Runs, Table, joined, number, text
from dashboards.documents.register import Reader

REGIMES, RULES, CRIMES = "core.recording_regimes", "quality.rule_results", "core.extract_forces"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STATES = (
    ("PASS", "hold"),
    ("BREACH", "are breached"),
    ("NOT_EVALUABLE", "are not measured"),
    ("ERROR", "could not be checked"),
)


def blocks(evidence: Evidence) -> list[Block]:
    """The part."""
    return [
        Heading(1, "Scope, sources and method"),
        Heading(2, "What is in scope"),
        *_scope(evidence),
        Heading(2, "How themes are scored"),
        *_method(evidence),
        Heading(2, "How good the data are"),
        *_quality(evidence),
        Heading(2, "Where series break"),
        *_breaks(evidence),
    ]


def _scope(evidence: Evidence) -> list[Block]:
    copy = evidence.reader.copy
    of = extract.of(copy)
    if isinstance(of, NotAvailable):
        words: Runs = text(f"Whose records these are is not published: {of.reason}")
    else:
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
    themes = by_place(evidence.rows("reference.themes"))
    rows = tuple(
        (
            text(row["theme_code"]),
            text(row["theme_name"]),
            text(row["band"]),
            text(row.get("definition") or "not stated"),
        )
        for row in themes
    )
    if not rows:
        return [Paragraph(words), Paragraph(text(evidence.why_not("reference.themes")))]
    table = Table("Themes", ("Code", "Theme", "Band", "What it holds"), rows, (0.08, 0.3, 0.14, 0.48))
    return [Paragraph(words), table]


def _method(evidence: Evidence) -> list[Block]:
    first = evidence.scores[0]
    lines: list[Runs] = [
        text(
            "Scores are MoRiLE-informed: harm, likelihood and organisational position follow its public description. "
            "Numbers, weights and cut-points are this product's own and may be changed by the force."
        ),
        text(
            "Each part is scored from 0 (none) to 4 (critical), and turned into points so that a severe part outweighs "
            "many minor ones. Risk is harm times likelihood, from 0 to 100; organisational position is a grade beside "
            "it."
        ),
        text("Confidence is graded apart and never multiplied into risk: not knowing must not look like safety."),
        text(
            "Ranks are drawn anew over data, cut-points and weights (draws: ",
            number(SETTINGS, "value", "whole", key="scoring.draws"),
            "); what that leaves open is said.",
        ),
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
    parts = by_place(evidence.rows("reference.theme_parts"))
    rows = tuple(
        (
            text(row["dimension"]),
            text(row["part_name"]),
            text(
                number(
                    "reference.theme_parts", "weight", "weight", dimension=row["dimension"], part_code=row["part_code"]
                )
            ),
            text(row["basis"]),
            text(row["indicator"] or ""),
        )
        for row in parts
    )
    headings = ("Dimension", "Part", "Weight", "Basis", "What it rests on")
    table = Table("Parts of the score", headings, rows, (0.14, 0.24, 0.09, 0.11, 0.42), frozenset({2}))
    return [Bullets(tuple(lines)), table] if rows else [Bullets(tuple(lines))]


def _quality(evidence: Evidence) -> list[Block]:
    run = evidence.reader.copy.manifest.get("run_ref")
    if not evidence.rows(RULES, run_ref=run):
        return [Paragraph(text("Not measured: the recording standards were not held against these records."))]
    counts = [
        text(number(RULES, "rule_code", "whole", total="count", run_ref=run, status=state), f" {words}")
        for state, words in STATES
        if evidence.rows(RULES, run_ref=run, status=state)
    ]
    said = text("Of the recording standards held against the records, ", *joined(counts, ", "), ".")
    note = (
        "A standard that could not be measured is neither kept nor breached. The chapters of the themes name what is "
        "not measured, and the part on the intelligence requirement what would change the order."
    )
    return [Paragraph(said), Paragraph(text(note))]


def regimes(reader: Reader, codes: set[str] | None = None) -> list[Regime]:
    """The recording changes within the charted months, each with its letter."""
    held, months = reader.table(REGIMES), reader.table(MONTHS)
    if isinstance(held, NotAvailable) or isinstance(months, NotAvailable):
        return []
    days: list[dt.date] = months["month"].sort().to_list()
    moving = held.filter("moves_counts") if "moves_counts" in held.columns else held
    found = regimes_of(moving, source="crime", codes=codes)
    return [r for r in found if days and days[0] < r.valid_from <= days[-1]]


def _breaks(evidence: Evidence) -> list[Block]:
    held = regimes(evidence.reader)
    if not held:
        return [Paragraph(text("No change of recording falls into the months that are charted."))]
    rows = tuple(
        (text(letter), text(number(REGIMES, "valid_from", "month", regime_ref=r.ref)), text(r.title), text(r.effect))
        for letter, r in zip(LETTERS, held)
    )
    headings = ("Letter", "From", "Change", "What it does to counts")
    note = Paragraph(text("The letters mark these changes on the charts that they bear on."), "note")
    return [Table("Changes of recording in the months charted", headings, rows, (0.08, 0.14, 0.36, 0.42)), note]
