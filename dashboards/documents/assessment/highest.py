"""The highest risks, and whether other reasonable schemes keep them."""

from __future__ import annotations

from dashboards.documents.assessment.evidence import Evidence, Row, grade, score
from dashboards.documents.assessment.judgement import Judgement, so_what
from dashboards.text import numbers
from dashboards.text.content import Runs, joined, text

TOP = 3
STAY = "Do not move resources between them on rank alone."


def risks(evidence: Evidence) -> list[Judgement]:
    """The three themes of highest risk; one statement where too little is known for an order."""
    if not evidence.is_ranking_shown:
        return [_no_ranking(evidence)] if evidence.ranked else []
    return [_risk(evidence, row) for row in evidence.ranked[:TOP]]


def _no_ranking(evidence: Evidence) -> Judgement:
    """No theme is called a highest risk where hardly any has enough crimes."""
    said = text("Too little is known to rank the themes: no theme is called the highest risk.")
    known = score(evidence.ranked[0], "known_theme_share", "share")
    return Judgement("risk", said, text(known, " of the themes have enough crimes."), text(STAY))


def _risk(evidence: Evidence, row: Row) -> Judgement:
    said = text(
        f"{row['theme_name']} ranks ",
        score(row, "rank", "whole"),
        " by risk (",
        score(row, "risk", "one_decimal"),
        " of 100). Among the first three in ",
        *among_first(row),
        "; rank ",
        *over_schemes(row),
        ".",
    )
    scale = " (A best, D worst)" if row["organisation_grade"] is not None else ""
    sure = text(score(row, "confidence", "words"), ". The force's position: grade ", *grade(row), f"{scale}.")
    return Judgement("risk", said, sure, so_what(evidence, row))


def among_first(row: Row) -> Runs:
    """9 of 17 other schemes."""
    return text(score(row, "top_scheme_count", "whole"), " of ", score(row, "scheme_count", "whole"), " other schemes")


def over_schemes(row: Row) -> Runs:
    """1 to 4 over all schemes."""
    return text(score(row, "rank_low", "whole"), " to ", score(row, "rank_high", "whole"), " over all schemes")


def order(evidence: Evidence) -> list[Judgement]:
    """How many other schemes have the same first three, and what else they put there."""
    if len(evidence.ranked) < 2 or not evidence.is_ranking_shown:
        return []
    first = evidence.ranked[0]
    if not first["scheme_count"]:
        return []
    is_kept = first["kept_scheme_count"] == first["scheme_count"]
    others = [
        text(f"{numbers.in_sentence(row['theme_name'])} in ", score(row, "top_scheme_count", "whole"))
        for row in evidence.ranked[TOP:]
        if row["top_scheme_count"]
    ]
    basis = text("others put there: ", *joined(others, ", "), ".") if others else text("no scheme puts another there.")
    stay = "Resources may follow this order." if is_kept else STAY
    return [Judgement("order", kept(first), basis, text(stay))]


def kept(row: Row) -> Runs:
    """The same three themes come first in 7 of 17 other schemes."""
    return text(
        "The same three themes come first in ",
        score(row, "kept_scheme_count", "whole"),
        " of ",
        score(row, "scheme_count", "whole"),
        " other schemes.",
    )
