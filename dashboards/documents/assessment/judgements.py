"""Key judgements: what is real enough to be a sentence, with its probability word, its confidence and what follows.

A change becomes a sentence only where the control chart tells it from chance; an order only where it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from dashboards import wording
from dashboards.documents.assessment.evidence import (
    GAPS,
    PAIRS,
    SCORES,
    VERDICTS,
    Evidence,
    Row,
    due,
    field,
    in_sentence,
    owner,
    score,
)
from dashboards.documents.content import (
    Block,
    Callout,
    Heading,
    Number,
    Paragraph,
    Runs,
    Strong,
    joined,
    number,
    text,
)
from dashboards.watching import VERDICTS as WATCHED

SIGNALS = ("higher", "lower")
LABELS = {"change": "Changed.", "risk": "Top risk.", "order": "Order.", "unseen": "Not seen.", "decision": "Decide."}
TOP, MOST_SIGNALS, MOST_DECISIONS = 3, 3, 3
MEASURES = "metrics.protection_measures"


@dataclass(frozen=True)
class Judgement:
    """One sentence for a chief officer: `kind` is risk, order, change, unseen or decision."""

    kind: str
    statement: Runs
    confidence: Runs
    so_what: Runs

    @property
    def block(self) -> Callout:
        """As it stands in a document."""
        return Callout(
            LABELS[self.kind],
            self.statement,
            (text(Strong("Confidence: "), *self.confidence), text(Strong("So what: "), *self.so_what)),
        )


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


def changes(evidence: Evidence) -> list[Judgement]:
    """What changed that is not noise; where nothing did, that."""
    found = [_theme_change(evidence, row) for row in theme_signals(evidence)]
    found += [_measure_change(evidence, row) for row in watched_signals(evidence)]
    if found:
        return found[:MOST_SIGNALS] + ([_more(len(found) - MOST_SIGNALS)] if len(found) > MOST_SIGNALS else [])
    held = evidence.is_published(VERDICTS)
    words = "No theme's recorded crimes can be told from what chance would give." if held else "Change is not measured."
    why = "from the control charts of each theme; a small change could pass unseen" if held else "none can be given"
    return [Judgement("change", text(words), text(why), text("No resource need move because of a change."))]


def theme_signals(evidence: Evidence) -> list[Row]:
    """The themes whose latest month is told from chance, by rank."""
    held = {row["theme_code"]: row for row in evidence.rows(VERDICTS)}
    rows = [held[row["theme_code"]] for row in evidence.scores if row["theme_code"] in held]
    return [row for row in rows if row["verdict"] in SIGNALS]


def watched_signals(evidence: Evidence) -> list[Row]:
    """The watched shares (charges, protection) told from chance, the least likely by chance first."""
    rows = [row for row in evidence.rows(WATCHED) if row["verdict"] in SIGNALS]
    return sorted(rows, key=lambda row: (row["chance_of_signal"], row["subject"], row["code"]))


def chance_words(table: str, **key: str) -> Runs:
    """With nothing changed since Feb 2024, such a signal has a remote chance (2 %)."""
    since = number(table, "segment_first_month", "month", **key)
    chance = number(table, "chance_of_signal", "likelihood", **key)
    return text("with nothing changed since ", since, ", such a signal would be ", chance)


def _theme_change(evidence: Evidence, row: Row) -> Judgement:
    key = {"theme_code": row["theme_code"]}
    month = number(VERDICTS, "latest_month", "month", **key)
    said = text(
        f"{evidence.name(row['theme_code'])}: recorded crimes in ",
        month,
        " were ",
        number(VERDICTS, "verdict", "words", **key),
        " than chance would give; ",
        *chance_words(VERDICTS, **key),
        ".",
    )
    theme = next(s for s in evidence.scores if s["theme_code"] == row["theme_code"])
    return Judgement("change", said, text(score(theme, "confidence", "words"), "."), so_what(evidence, theme))


def _measure_change(evidence: Evidence, row: Row) -> Judgement:
    key = {"subject": row["subject"], "code": row["code"]}
    said = text(
        f"{measure_name(evidence, row)}: the share in ",
        number(WATCHED, "latest_month", "month", **key),
        " was ",
        number(WATCHED, "verdict", "words", **key),
        " than chance would give; ",
        *chance_words(WATCHED, **key),
        ".",
    )
    reach = text(
        "not graded: one measure of its own, ",
        number(WATCHED, "segment_point_count", "whole", **key),
        " months since the last change of recording.",
    )
    return Judgement("change", said, reach, text("Find out what changed in the work before anything is concluded."))


def measure_name(evidence: Evidence, row: Row) -> str:
    """What a watched share is called."""
    named = evidence.rows(MEASURES, measure_code=row["code"]) if row["subject"] == "protection" else []
    if named and named[0].get("measure_name"):
        return str(named[0]["measure_name"])
    what = {"charged": "Charged or summonsed", "protection": "Protection"}.get(row["subject"], row["subject"])
    return f"{what}, {wording.readable(str(row['code']))}"


def _more(count: int) -> Judgement:
    words = f"{wording.plural(count, 'further change')} can be told from chance"
    return Judgement(
        "change",
        text(f"{words}: see the chapters of the themes."),
        text("as said there."),
        text("Read them before resources are moved."),
    )


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


def so_what(evidence: Evidence, theme: Row) -> Runs:
    """The first open action of the theme; without one, that nobody has been given any."""
    held = [row for row in evidence.entries("recommendations") if row["theme_code"] == theme["theme_code"]]
    if not held:
        return text("no action is recorded for it. Name one and its owner, or say why none is needed.")
    row = held[0]
    return text(f"{row['title']}; {owner(row)}, by ", *due(row), ".")


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
    held = sorted(evidence.rows(GAPS), key=lambda row: (-(row["information_value"] or 0.0), row["place"]))
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
    asked = [row for row in evidence.entries("recommendations") if decision(row)]
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


def decision(row: Row) -> str:
    """The decision that a recommendation asks for."""
    return field(row, "decision_asked")


def cover_count() -> Runs:
    """How many scores were set by hand, over all themes."""
    return text(number(SCORES, "override_count", "whole", total="sum"))
