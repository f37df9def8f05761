"""The highest risks: likely and possible themes, and how firm their order is."""

from __future__ import annotations

from dashboards.data.published import optional
from dashboards.documents.assessment.evidence import PAIRS, Evidence, Row, grade, score
from dashboards.documents.assessment.judgement import Judgement, so_what
from dashboards.text import numbers
from dashboards.text.content import Number, Runs, joined, number, text

TOP = 3
NAMED = 6  # things that one statement names
IS_NAMED, MAY_BE = 0.5, 0.1  # least probability of the first three: for a top risk; for one that may be a top risk
OPEN = {
    2: "The third rank is not known",
    1: "The other two of the three highest ranks are not known",
    0: "The three highest themes are not known",
}
STAY = "Do not move resources between them on rank alone."


def risks(evidence: Evidence) -> list[Judgement]:
    """The themes that are more likely than not among the three highest.

    If fewer than three are, also the themes that may fill the remaining ranks.
    """
    if not evidence.is_ranking_shown:
        return [_no_ranking(evidence)] if evidence.ranked else []
    named = [row for row in evidence.ranked if _probability(row) >= IS_NAMED]
    found = [_risk(evidence, row) for row in named]
    return found if len(named) >= TOP else [*found, _open_places(evidence, named)]


def _no_ranking(evidence: Evidence) -> Judgement:
    """No theme is called a highest risk where the data decide the order of hardly any."""
    said = text("Too little is known to rank the themes: no theme is called the highest risk.")
    known = score(evidence.ranked[0], "known_pair_share", "share")
    return Judgement("risk", said, text("the data decide the order of ", known, " of the pairs of themes."), text(STAY))


def _probability(row: Row) -> float:
    return row.get("probability_top_3") or 0.0


def _risk(evidence: Evidence, row: Row) -> Judgement:
    is_first = row["rank"] == 1
    first = ("the highest risk: ", score(row, "probability_first", "likelihood"), "; ")
    said = text(
        f"{row['theme_name']} ranks ",
        score(row, "rank", "whole"),
        " by risk (",
        score(row, "risk", "one_decimal"),
        " of 100); ",
        *(first if is_first else ()),
        "one of the three highest: ",
        score(row, "probability_top_3", "likelihood"),
        "; ",
        *_interval(row),
        ".",
    )
    scale = " (A best, D worst)" if row["organisation_grade"] is not None else ""
    sure = text(score(row, "confidence", "words"), ". The force's position: grade ", *grade(row), f"{scale}.")
    return Judgement("risk", said, sure, so_what(evidence, row))


def _interval(row: Row) -> Runs:
    low, high = score(row, "rank_low", "whole"), score(row, "rank_high", "whole")
    if row["rank_low"] == row["rank_high"]:
        return text("rank ", low, " in nine of ten draws")
    return text("rank ", low, " to ", high, " (90% interval)")


def _open_places(evidence: Evidence, named: list[Row]) -> Judgement:
    """The themes that may fill the remaining ranks, the likeliest first."""
    rest = [row for row in evidence.ranked if row not in named and _probability(row) >= MAY_BE]
    rest.sort(key=lambda row: (-_probability(row), row["rank"]))
    ways = _first([
        text(f"{numbers.in_sentence(r['theme_name'])} ", score(r, "probability_top_3", "likelihood")) for r in rest
    ])  # fmt: skip
    said = (
        text(f"{OPEN[len(named)]}. May be among the three highest: ", *ways, ".")
        if rest
        else text(f"{OPEN[len(named)]}.")
    )
    return Judgement("place", said, text("from the draws; none of them is more likely than not."), text(STAY))


def order(evidence: Evidence) -> list[Judgement]:
    """Whether the order of the three highest, and against those below, is known."""
    if len(evidence.ranked) < 2 or not evidence.is_ranking_shown:
        return []
    unknown = optional(undecided, evidence, TOP)
    if unknown is None:
        why = text("none can be given.")
        return [Judgement("order", text("Certainty of the themes' order is not measured."), why, text(STAY))]
    if not unknown:
        said = text("The order of the three highest is known, and each is above all themes below it.")
        basis = text("each is above the others in at least four of five draws.")
        return [Judgement("order", said, basis, text("Resources may follow this order."))]
    clear = _clear(evidence)
    said = text(
        f"{numbers.capital(numbers.listed([numbers.in_sentence(r['theme_name']) for r in clear], 4))} "
        f"{'is' if len(clear) == 1 else 'are, in this order,'} above all others. The data cannot separate the themes "
        "below (not distinguishable)."
        if clear
        else "The data cannot separate the highest themes (not distinguishable)."
    )
    ways = _first([_way(a, b) for a, others in unknown for b in others])
    return [Judgement("order", said, (*ways, "."), text(STAY))]


def _clear(evidence: Evidence) -> list[Row]:
    """The first themes that are each known to be above every one below them."""
    found: list[Row] = []
    for place, a in enumerate(evidence.ranked, start=1):
        if place == len(evidence.ranked) or not all(is_known(evidence, a, b) for b in evidence.ranked[place:]):
            break
        found.append(a)
    return found


def _way(a: Row, b: Row) -> Runs:
    """The probability that a theme is above another, in words."""
    names = (numbers.in_sentence(row["theme_name"]) for row in (a, b))
    return text(f"{' above '.join(names)}, ", _above(a, b))


def _first(ways: list[Runs]) -> Runs:
    """The first of these; the part on certainty has all."""
    rest = f"; and {len(ways) - NAMED} more: How certain is the order?" if len(ways) > NAMED else ""
    return (*joined(ways[:NAMED], "; "), *([rest] if rest else []))


def undecided(evidence: Evidence, down_to: int | None = None) -> list[tuple[Row, list[Row]]]:
    """Each theme down to a rank, with those below it whose order is not known. Raises Missing."""
    evidence.reader.table(PAIRS)
    ranked = evidence.ranked
    found = []
    for place, a in enumerate(ranked[:down_to], start=1):
        others = [b for b in ranked[place:] if not is_known(evidence, a, b)]
        if others:
            found.append((a, others))
    return found


def is_known(evidence: Evidence, a: Row, b: Row) -> bool:
    """Whether the first theme is above the second with enough probability.

    The reverse is a different question.
    """
    pair = evidence.rows(PAIRS, theme_code=a["theme_code"], other_theme_code=b["theme_code"])
    return bool(pair and pair[0].get("is_above"))


def _above(a: Row, b: Row) -> Number:
    return number(
        PAIRS, "probability_above", "likelihood", theme_code=a["theme_code"], other_theme_code=b["theme_code"]
    )
