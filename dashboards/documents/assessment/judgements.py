"""Key judgements: sentences with what they rest on, confidence and consequence.

A change becomes a sentence only if it is beyond chance. A theme's rank has the number of other schemes that keep it.
"""

from __future__ import annotations

from dashboards.data.published import optional
from dashboards.documents.assessment.changes import by_chance, changes
from dashboards.documents.assessment.evidence import GAPS, SCORES, Evidence, Row, due, field, owner
from dashboards.documents.assessment.highest import order, risks
from dashboards.documents.assessment.judgement import Judgement, decision
from dashboards.text import numbers
from dashboards.text.content import Block, Heading, Number, Paragraph, Runs, number, text

MOST_DECISIONS = 3


def judgements(evidence: Evidence) -> list[Judgement]:
    """All judgements, in the order of a chief officer's questions."""
    return [
        *changes(evidence),
        *risks(evidence),
        *order(evidence),
        *unseen(evidence),
        *decisions(evidence),
    ]


def blocks(evidence: Evidence) -> list[Block]:
    """The one page."""
    reading = (
        "How many schemes agree is no probability. Confidence is the quality of the evidence; it never changes the "
        "risk. "
    )
    note = Paragraph((reading, *by_chance(evidence)), "note")
    return [Heading(1, "Key judgements"), *(j.block for j in judgements(evidence)), note]


def unseen(evidence: Evidence) -> list[Judgement]:
    """The first gap in the data that decides which themes are the first three.

    Says so if no gap does.
    """
    held = sorted(optional(evidence.rows, GAPS) or [], key=lambda row: row["place"])
    if not held:
        return []
    count = number(GAPS, "gap_code", "whole", total="count")
    row = held[0]
    if not row["is_decisive"] or not evidence.is_ranking_shown:
        return [_none_alone(count)]
    said = text(
        f"{row['gap']} ({numbers.in_sentence(evidence.name(row['theme_code']))}). "
        "Whether this theme is among the first three depends on it."
    )
    many = text(
        count,
        " gaps are listed; this one leaves places ",
        number(GAPS, "rank_low", "whole", gap_code=row["gap_code"]),
        " to ",
        number(GAPS, "rank_high", "whole", gap_code=row["gap_code"]),
        " open.",
    )
    return [Judgement("unseen", said, many, _who_closes(evidence, row["theme_code"]))]


def _who_closes(evidence: Evidence, theme_code: str) -> Runs:
    entries = optional(evidence.entries, "intelligence_gaps")
    if entries is None:
        return text("who has been asked to close it is not known: the registers are not published to this audience.")
    asked = [entry for entry in entries if entry["theme_code"] == theme_code]
    if not asked:
        return text("no one has been asked to close it yet.")
    return text(f"{asked[0]['title']}: {owner(asked[0])}, by ", *due(asked[0]), ".")


def _none_alone(count: Number) -> Judgement:
    """A note on gaps that do not decide which themes are the first three."""
    return Judgement(
        "unseen",
        text("Of the ", count, " gaps listed, none alone decides which themes are the first three."),
        text("by the force's own scheme; a whole theme of low confidence is not tried."),
        text("several together may affect it; the themes' chapters list them."),
    )


def decisions(evidence: Evidence) -> list[Judgement]:
    """The decisions asked of chief officers, with costs and dates."""
    asked = optional(decisions_asked, evidence)
    if asked is None:
        said = text("Whether a decision is asked for is not known: the registers are not published to this audience.")
        return [Judgement("decision", said, text("none can be given."), text("no cost can be given."))]
    found = []
    for place, row in enumerate(asked[:MOST_DECISIONS]):
        said = text(
            f"{decision(row)[:1].upper()}{decision(row)[1:]} ({numbers.in_sentence(evidence.name(row['theme_code']))})."
        )
        cost = field(row, "cost") or "no cost given"
        found.append(
            Judgement(
                "decision",
                said,
                text("as above." if place else "the decision is yours, based on the judgements above."),
                text(f"{cost}; {owner(row)}, by ", *due(row), "."),
            )
        )
    if not found:
        found.append(
            Judgement(
                "decision",
                text("No decision is asked for."),
                text("no open recommendation asks for one."),
                text("no cost arises."),
            )
        )
    return found


def decisions_asked(evidence: Evidence) -> list[Row]:
    """The recommendations that wait for a decision. Raises Missing.

    Entries that the force has not confirmed ask for none.
    """
    return [row for row in evidence.entries("recommendations") if decision(row) and not row["is_starter"]]


def cover_count() -> Runs:
    """The number of scores set by hand, over all themes."""
    return text(number(SCORES, "override_count", "whole", total="sum"))
