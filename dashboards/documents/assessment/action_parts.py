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
    live,
    owner,
    score,
    starter,
)
from dashboards.documents.assessment.judgement import decision, so_what
from dashboards.documents.assessment.judgements import decisions_asked
from dashboards.documents.parts import part
from dashboards.text import numbers
from dashboards.text.content import Block, Heading, Number, Run, Table, number, paragraph, table
from dashboards.text.support.support_text import option_name

FACTORS = ("political", "economic", "social", "technological", "environmental", "legal", "organisational")
WAYS = ("prevent", "pursue", "protect", "prepare")


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
    columns = (
        ("Factor", 0.13, lambda row: field(row, "factor").capitalize() or "not stated"),
        ("Statement", 0.35, lambda row: row["title"] + starter(row)),
        ("Relevance, 0 to 4", 0.1, lambda row: field(row, "relevance") or "not scored"),
        ("Horizon", 0.1, lambda row: field(row, "horizon") or "not stated"),
        ("Source", 0.22, lambda row: field(row, "source") or "not stated"),
        ("Owner", 0.1, owner),
    )
    found: list[Block] = [table("PESTELO: outside factors that affect the force", rows, columns)]
    return [*found, paragraph(f"No row: {', '.join(missing)}.", kind="note")] if missing else found


def priorities(evidence: Evidence) -> list[Block]:
    """Part 7: each ranked theme with its actions, and resources asked for with costs."""
    rows = [row for row in evidence.ranked if row["band"] == "scored"]
    columns = (
        ("Theme", 0.3, lambda row: f"{row['theme_code']} {row['theme_name']}"),
        ("Rank", 0.07, lambda row: score(row, "rank", "whole")),
        ("Position", 0.2, grade),
        ("Action", 0.43, lambda row: so_what(evidence, row)),
    )
    order = "In order of risk" if evidence.is_ranking_shown else "Too little is known to rank the themes"
    return [
        Heading(1, "Priorities and resources"),
        paragraph(
            f"{order}. Where other schemes turn two themes round, do not move resources between them on rank alone.",
        ),
        table("Recommended priorities", rows, columns, numeric={1}),
        *_decisions(evidence),
        *_options(evidence),
    ]


@part()
def _options(evidence: Evidence) -> list[Block]:
    """Options for support services: what they cost, and the wait that the model expects."""
    rows = [row for row in evidence.rows(OPTIONS) if row["assumption"] == "as stated"]
    if not rows:
        return [paragraph("No option for support services can be calculated: staff or referrals are missing.")]

    def cell(row: Row, column: str, form: str) -> Number:
        return number(OPTIONS, column, form, service_name=row["service_name"], place=row["place"])

    def wait(row: Row) -> Run:
        return "the queue keeps growing" if row["status"] == "grows" else cell(row, "mean_wait_days", "one_decimal")

    rows = sorted(rows, key=lambda row: (row["option_code"] == "pooled", row["service_name"], row["place"]))
    columns = (
        ("Service", 0.3, lambda row: row["service_name"]),
        ("Option", 0.24, option_name),
        ("Extra cost a year", 0.15, lambda row: cell(row, "added_cost", "pounds")),
        ("Modelled wait for a place (days)", 0.17, wait),
        ("Within 14 days", 0.14, lambda row: cell(row, "share_within_14_days", "share")),
    )
    note = "Expected effects of these options are modelled, not measured: see the commissioning pages."
    return [table("Options for support services", rows, columns, numeric={2, 3, 4}), paragraph(note, kind="note")]


@part()
def _decisions(evidence: Evidence) -> list[Block]:
    rows = decisions_asked(evidence)
    if not rows:
        return [paragraph("The register of recommendations asks for no decision.")]
    columns = (
        ("Decision", 0.34, decision),
        ("Theme", 0.22, lambda row: _theme(evidence, row)),
        ("Cost", 0.16, lambda row: field(row, "cost") or "no cost given"),
        ("Owner", 0.16, owner),
        ("By", 0.12, due),
    )
    return [table("Decisions asked for", rows, columns)]


def _theme(evidence: Evidence, row: Row) -> str:
    return numbers.in_sentence(evidence.name(row["theme_code"]))


def requirement(evidence: Evidence) -> list[Block]:
    """Part 8: gaps that move a theme, what decides the first three first, and who has been asked to close them."""
    return [Heading(1, "Intelligence requirement"), *_gaps(evidence), *_asked_for(evidence)]


@part()
def _gaps(evidence: Evidence) -> list[Block]:
    gaps = [row for row in by_place(evidence.rows(GAPS)) if row["rank_low"] != row["rank_high"] or not row["part_code"]]
    if not gaps:
        return [paragraph("No gap is listed.")]

    def cell(row: Row, column: str) -> Number:
        return number(GAPS, column, "whole", gap_code=row["gap_code"])

    columns = (
        ("Gap", 0.44, lambda row: str(row["gap"]).split(". ")[0].removesuffix(".")),
        ("Theme", 0.24, lambda row: _theme(evidence, row)),
        ("Kind", 0.14, lambda row: row["kind"]),
        ("Place from", 0.09, lambda row: cell(row, "rank_low")),
        ("Place to", 0.09, lambda row: cell(row, "rank_high")),
    )
    note = (
        "From and to: the theme's places by the force's own scheme, at both ends of what the part may be. They are not "
        "measured for a whole theme. The themes' chapters list gaps that move no rank."
    )
    return [table("Intelligence gaps that move a theme", gaps, columns, numeric={3, 4}), paragraph(note, kind="note")]


@part()
def _asked_for(evidence: Evidence) -> list[Block]:
    asked = evidence.entries("intelligence_gaps")
    if not asked:
        return [paragraph("No one has been asked to close a gap.")]
    columns = (
        ("Gap", 0.24, lambda row: row["title"] + starter(row)),
        ("Theme", 0.16, lambda row: _theme(evidence, row)),
        ("Why it matters", 0.18, lambda row: field(row, "why") or "not stated"),
        ("Collection plan", 0.18, lambda row: field(row, "plan") or "not stated"),
        ("Owner", 0.12, owner),
        ("By", 0.12, due),
    )
    return [table("Gaps to be closed", asked, columns)]


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
    columns = (
        ("Action", 0.21, lambda row: row["title"] + starter(row)),
        ("4P", 0.08, lambda row: _way(row) or "not stated"),
        ("Theme", 0.13, lambda row: _theme(evidence, row)),
        ("Owner", 0.12, owner),
        ("Due", 0.1, due),
        ("Status", 0.08, lambda row: entry(row, "status", "state")),
        ("Live measure, now", 0.17, lambda row: live(evidence, row["metric_code"])),
        ("Snapshot", 0.11, lambda r: entry(r, "fields", "snapshot") if fields(r).get("snapshot") else "none taken"),
    )
    return table("Actions of the control strategy", rows, columns)


def _way(row: Row) -> str:
    return field(row, "heading").lower()
