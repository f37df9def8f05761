"""Parts 3 and 7 to 9: horizon scan, priorities, intelligence, control strategy."""

from __future__ import annotations

from dashboards.documents.assessment.evidence import (
    ENTRIES,
    GAPS,
    OPTIONS,
    Evidence,
    Row,
    by_place,
    due,
    entry,
    field,
    fields,
    grade,
    is_worth,
    live,
    owner,
    score,
    starter,
)
from dashboards.documents.assessment.judgement import decision, so_what
from dashboards.documents.assessment.judgements import decisions_asked
from dashboards.documents.parts import part
from dashboards.text import numbers
from dashboards.text.content import Block, Heading, Runs, Table, number, paragraph, text
from dashboards.text.support.support_text import option_name

FACTORS = ("political", "economic", "social", "technological", "environmental", "legal", "organisational")
WAYS = ("prevent", "pursue", "protect", "prepare")
HEADINGS_4P = ("Action", "4P", "Theme", "Owner", "Due", "Status", "Live measure, now", "Snapshot")
Lines = tuple[tuple[Runs, ...], ...]


@part("Horizon scan")
def horizon(evidence: Evidence) -> list[Block]:
    """Part 3: PESTELO. A factor without a row is reported as empty."""
    rows = evidence.entries("pestelo")
    if not rows:
        return [paragraph("No factor is recorded in the horizon scan (PESTELO).")]
    order = {name: place for place, name in enumerate(FACTORS)}
    rows = sorted(rows, key=lambda row: (order.get(field(row, "factor").lower(), len(order)), row["entry_ref"]))
    held = {field(row, "factor").lower() for row in rows}
    missing = [name for name in FACTORS if name not in held]
    lines = tuple(
        (
            text(field(row, "factor").capitalize() or "not stated"),
            text(row["title"] + starter(row)),
            text(field(row, "relevance") or "not scored"),
            text(field(row, "horizon") or "not stated"),
            text(field(row, "source") or "not stated"),
            text(owner(row)),
        )
        for row in rows
    )
    found: list[Block] = [
        Table(
            "PESTELO: outside factors that affect the force",
            ("Factor", "Statement", "Relevance, 0 to 4", "Horizon", "Source", "Owner"),
            lines,
            (0.13, 0.35, 0.1, 0.1, 0.22, 0.1),
        ),
    ]
    return [*found, paragraph(f"No row: {', '.join(missing)}.", kind="note")] if missing else found


def priorities(evidence: Evidence) -> list[Block]:
    """Part 7: each ranked theme with its actions, and resources asked for with costs."""
    rows = tuple(
        (
            text(f"{row['theme_code']} {row['theme_name']}"),
            text(score(row, "rank", "whole")),
            grade(row),
            so_what(evidence, row),
        )
        for row in evidence.ranked
        if row["band"] == "scored"
    )
    order = "In order of risk" if evidence.is_ranking_shown else "Too little is known to rank the themes"
    return [
        Heading(1, "Priorities and resources"),
        paragraph(
            f"{order}. Where the data cannot separate two themes, do not move resources between them on rank alone.",
        ),
        Table(
            "Recommended priorities",
            ("Theme", "Rank", "Position", "Action"),
            rows,
            (0.3, 0.07, 0.2, 0.43),
            frozenset({1}),
        ),
        *_decisions(evidence),
        *_options(evidence),
    ]


@part()
def _options(evidence: Evidence) -> list[Block]:
    """Options for support services: what they cost, and the wait that the model expects."""
    rows = [row for row in evidence.rows(OPTIONS) if row["assumption"] == "as stated"]
    if not rows:
        return [paragraph("No option for support services can be calculated: staff or referrals are missing.")]

    def cell(row: Row, column: str, form: str) -> Runs:
        return text(number(OPTIONS, column, form, service_name=row["service_name"], place=row["place"]))

    lines = tuple(
        (
            text(row["service_name"]),
            text(option_name(row)),
            cell(row, "added_cost", "pounds"),
            text("the queue keeps growing") if row["status"] == "grows" else cell(row, "mean_wait_days", "one_decimal"),
            cell(row, "share_within_14_days", "share"),
        )
        for row in sorted(rows, key=lambda row: (row["option_code"] == "pooled", row["service_name"], row["place"]))
    )
    headings = ("Service", "Option", "Extra cost a year", "Modelled wait for a place (days)", "Within 14 days")
    note = "Expected effects of these options are modelled, not measured: see the commissioning pages."
    widths, right = (0.3, 0.24, 0.15, 0.17, 0.14), frozenset({2, 3, 4})
    return [Table("Options for support services", headings, lines, widths, right), paragraph(note, kind="note")]


@part()
def _decisions(evidence: Evidence) -> list[Block]:
    lines = tuple(
        (
            text(decision(row)),
            text(numbers.in_sentence(evidence.name(row["theme_code"]))),
            text(field(row, "cost") or "no cost given"),
            text(owner(row)),
            due(row),
        )
        for row in decisions_asked(evidence)
    )
    if not lines:
        return [paragraph("The register of recommendations asks for no decision.")]
    headings = ("Decision", "Theme", "Cost", "Owner", "By")
    return [Table("Decisions asked for", headings, lines, (0.34, 0.22, 0.16, 0.16, 0.12))]


def requirement(evidence: Evidence) -> list[Block]:
    """Part 8: gaps by the value of closing them, and who has been asked to do so."""
    return [Heading(1, "Intelligence requirement"), *_gaps(evidence), *_asked_for(evidence)]


@part()
def _gaps(evidence: Evidence) -> list[Block]:
    gaps = [row for row in by_place(evidence.rows(GAPS)) if row["information_value"] is None or is_worth(row)]
    if not gaps:
        return [paragraph("No gap is listed.")]
    lines = tuple(
        (
            text(str(row["gap"]).split(". ")[0].removesuffix(".")),
            text(numbers.in_sentence(evidence.name(row["theme_code"]))),
            text(row["kind"]),
            text(number(GAPS, "information_value", "two_decimals", gap_code=row["gap_code"])),
        )
        for row in gaps
    )
    note = (
        "Value of knowing: the expected gain in the risk of the top themes if the gap were closed. It is not measured "
        "for a whole theme. The themes' chapters list gaps that would not change the top."
    )
    return [
        Table(
            "Intelligence gaps, by value of knowing",
            ("Gap", "Theme", "Kind", "Value of knowing"),
            lines,
            (0.5, 0.24, 0.14, 0.12),
            frozenset({3}),
        ),
        paragraph(note, kind="note"),
    ]


@part()
def _asked_for(evidence: Evidence) -> list[Block]:
    asked = evidence.entries("intelligence_gaps")
    if not asked:
        return [paragraph("No one has been asked to close a gap.")]
    rows = tuple(
        (
            text(row["title"] + starter(row)),
            text(numbers.in_sentence(evidence.name(row["theme_code"]))),
            text(field(row, "why") or "not stated"),
            text(field(row, "plan") or "not stated"),
            text(owner(row)),
            due(row),
        )
        for row in asked
    )
    return [
        Table(
            "Gaps to be closed",
            ("Gap", "Theme", "Why it matters", "Collection plan", "Owner", "By"),
            rows,
            (0.24, 0.16, 0.18, 0.18, 0.12, 0.12),
        ),
    ]


@part("Control strategy")
def control_strategy(evidence: Evidence) -> list[Block]:
    """Part 9: actions by 4P.

    Each has its owner, its due date and the live figure that shows whether it works.
    """
    rows = evidence.entries("recommendations")
    if not rows:
        return [paragraph("No action is recorded in the control strategy.")]
    order = {name: place for place, name in enumerate(WAYS)}
    rows = sorted(rows, key=lambda row: (order.get(_way(row), len(order)), row["entry_ref"]))
    open_count = number(ENTRIES, "entry_ref", "whole", total="count", register="recommendations", is_overdue=True)
    return [
        paragraph("Overdue: ", open_count, ". A snapshot is the figure on the day the action was recorded."),
        actions_table(evidence, rows),
    ]


def actions_table(evidence: Evidence, rows: list[Row]) -> Table:
    """Actions with their owner, due date and live figure."""
    lines = tuple(
        (
            text(row["title"] + starter(row)),
            text(_way(row) or "not stated"),
            text(numbers.in_sentence(evidence.name(row["theme_code"]))),
            text(owner(row)),
            due(row),
            text(entry(row, "status", "state")),
            live(evidence, row["metric_code"]),
            text(entry(row, "fields", "snapshot")) if fields(row).get("snapshot") else text("none taken"),
        )
        for row in rows
    )
    widths = (0.21, 0.08, 0.13, 0.12, 0.1, 0.08, 0.17, 0.11)
    return Table("Actions of the control strategy", HEADINGS_4P, lines, widths)


def _way(row: Row) -> str:
    return field(row, "heading").lower()
