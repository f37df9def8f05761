"""Key judgements: what is real enough to be a sentence, with its probability word, its confidence and what follows.

A change becomes a sentence only where the control chart tells it from chance; an order only where it is known.
"""

from __future__ import annotations

from itertools import pairwise

from dashboards import wording
from dashboards.documents.assessment.changes import changes
from dashboards.documents.assessment.evidence import (
    GAPS,
    PAIRS,
    SCORES,
    Evidence,
    Row,
    due,
    field,
    in_sentence,
    owner,
    score,
)
from dashboards.documents.assessment.judgement import Judgement, decision, so_what
from dashboards.documents.content import (
    Block,
    Heading,
    Number,
    Paragraph,
    Runs,
    joined,
    number,
    text,
)

TOP, MOST_DECISIONS = 3, 3


def judgements(evidence: Evidence) -> list[Judgement]:
    """All of them, in the order of a chief officer's questions."""
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
        "Probability words follow the yardstick of the Professional Head of Intelligence Assessment. Confidence says "
        "how good the evidence is; it never changes the risk."
    )
    return [Heading(1, "Key judgements"), *(j.block for j in judgements(evidence)), Paragraph((reading,), "note")]


def risks(evidence: Evidence) -> list[Judgement]:
    """The three highest, each with how likely it is that it belongs there."""
    return [_risk(evidence, row) for row in evidence.ranked[:TOP]]


def _risk(evidence: Evidence, row: Row) -> Judgement:
    said = text(
        f"{row['theme_name']} ranks ",
        score(row, "rank", "whole"),
        " by risk (",
        score(row, "risk", "one_decimal"),
        " of 100). That it is among the three highest is ",
        score(row, "probability_top_3", "likelihood"),
        "; ",
        *_interval(row),
        ".",
    )
    grade = text(
        score(row, "confidence", "words"),
        ". The force's position: grade ",
        score(row, "organisation_grade", "words"),
        " (A best, D worst).",
    )
    return Judgement("risk", said, grade, so_what(evidence, row))


def _interval(row: Row) -> Runs:
    low, high = score(row, "rank_low", "whole"), score(row, "rank_high", "whole")
    if row["rank_low"] == row["rank_high"]:
        return text("its rank is ", low, " in nine of ten draws")
    return text("its rank lies from ", low, " to ", high, " (90 % interval)")


def order(evidence: Evidence) -> list[Judgement]:
    """Whether the order of the highest themes is known."""
    unknown = undecided(evidence, evidence.ranked[: TOP + 1])
    if not unknown:
        return []
    names = wording.listed([f"{in_sentence(a['theme_name'])} and {in_sentence(b['theme_name'])}" for a, b in unknown])
    said = text(f"The order of these pairs is not known (not distinguishable): {names}.")
    ways = joined(
        (text(f"that {in_sentence(a['theme_name'])} stands above is ", _above(a, b)) for a, b in unknown), "; "
    )
    return [Judgement("order", said, (*ways, "."), text("Do not move resources between them because of their ranks."))]


def undecided(evidence: Evidence, rows: list[Row]) -> list[tuple[Row, Row]]:
    """Neighbours in the order that cannot be told apart."""
    found = []
    for a, b in pairwise(rows):
        pair = evidence.rows(PAIRS, theme_code=a["theme_code"], other_theme_code=b["theme_code"])
        if pair and not pair[0]["is_distinguishable"]:
            found.append((a, b))
    return found


def _above(a: Row, b: Row) -> Number:
    return number(
        PAIRS, "probability_above", "likelihood", theme_code=a["theme_code"], other_theme_code=b["theme_code"]
    )


def unseen(evidence: Evidence) -> list[Judgement]:
    """The one gap in the data that would change the order most."""
    held = sorted(evidence.rows(GAPS), key=lambda row: row["place"])
    if not held:
        return []
    row = held[0]
    said = text(
        f"{row['gap']} ({in_sentence(evidence.name(row['theme_code']))}). "
        "Of all gaps, closing this one could change the order most."
    )
    many = text(
        number(GAPS, "gap_code", "whole", total="count"),
        " gaps are listed; this is the first by the value of knowing (",
        number(GAPS, "information_value", "two_decimals", gap_code=row["gap_code"]),
        ").",
    )
    asked = [e for e in evidence.entries("intelligence_gaps") if e["theme_code"] == row["theme_code"]]
    ending = (
        text(f"{asked[0]['title']}: {owner(asked[0])}, by ", *due(asked[0]), ".")
        if asked
        else text("nobody has been asked to close it yet.")
    )
    return [Judgement("unseen", said, many, ending)]


def decisions(evidence: Evidence) -> list[Judgement]:
    """What is asked of the chief officers, at what cost, by when."""
    asked = decisions_asked(evidence)
    found = []
    for row in asked[:MOST_DECISIONS]:
        said = text(
            f"{decision(row)[:1].upper()}{decision(row)[1:]} ({in_sentence(evidence.name(row['theme_code']))})."
        )
        cost = field(row, "cost") or "no cost given"
        found.append(
            Judgement(
                "decision",
                said,
                text("the decision is yours; it rests on the judgements above."),
                text(f"{cost}; {owner(row)}, by ", *due(row), "."),
            )
        )
    if not found:
        found.append(
            Judgement(
                "decision",
                text("No decision is asked for."),
                text("none of the open recommendations asks for one."),
                text("no cost arises."),
            )
        )
    return found


def decisions_asked(evidence: Evidence) -> list[Row]:
    """The recommendations that wait for a decision; what nobody in the force has confirmed asks for none."""
    return [row for row in evidence.entries("recommendations") if decision(row) and not row["is_starter"]]


def cover_count() -> Runs:
    """How many scores were set by hand, over all themes."""
    return text(number(SCORES, "override_count", "whole", total="sum"))
