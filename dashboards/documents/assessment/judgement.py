"""A key judgement: a sentence with its confidence and its consequence."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.data.published import optional
from dashboards.documents.assessment.evidence import Evidence, Row, due, field, owner
from dashboards.text import numbers
from dashboards.text.content import Callout, Runs, Strong, text

LABELS = {
    "change": "Change.",
    "risk": "Top risk.",
    "order": "Order.",
    "unseen": "Not seen.",
    "decision": "Decide.",
}


@dataclass(frozen=True)
class Judgement:
    """One sentence for a chief officer; `kind` is one of LABELS."""

    kind: str
    statement: Runs
    confidence: Runs
    so_what: Runs

    @property
    def block(self) -> Callout:
        """The judgement as a block of a document."""
        return Callout(
            LABELS[self.kind],
            self.statement,
            (text(Strong("Confidence: "), *self.confidence), text(Strong("So what: "), *self.so_what)),
        )


def so_what(evidence: Evidence, theme: Row) -> Runs:
    """The theme's first open action, or a note that it has none."""
    entries = optional(evidence.entries, "recommendations")
    if entries is None:
        return text("actions are not known: the registers are not published to this audience.")
    held = [row for row in entries if row["theme_code"] == theme["theme_code"]]
    if not held:
        return text(
            f"no action is recorded on {numbers.in_sentence(theme['theme_name'])}: name one and its owner, or say why "
            "none is needed."
        )
    row = held[0]
    return text(f"{row['title']}; {owner(row)}, by ", *due(row), ".")


def decision(row: Row) -> str:
    """The decision that a recommendation asks for; "" if it asks for none."""
    return field(row, "decision_asked") or (row["title"] if row["status"] == "needs_decision" else "")
