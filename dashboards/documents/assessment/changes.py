"""What differs beyond chance, from metrics.attention, and ranks since the last assessment."""

from __future__ import annotations

import polars as pl

from dashboards.data.published import optional
from dashboards.data.signals import VERDICTS as MEASURED
from dashboards.documents.assessment.evidence import CHANGES, VERDICTS, Evidence, Row, score
from dashboards.documents.assessment.judgement import Judgement, so_what
from dashboards.text import numbers
from dashboards.text.content import Block, Heading, Number, Runs, Table, number, text
from dashboards.text.front import glance_text
from dashboards.text.front.glance_text import ATTENTION, BY_CHANCE

SIGNALS = ("higher", "lower")
MOST = 3  # statements on findings; the last one counts the others
BEGAN = {True: "new", False: "not new"}


def changes(evidence: Evidence) -> list[Judgement]:
    """The weightiest findings, then themes whose rank moved; the others are counted. Says so if there is none."""
    rows = findings(evidence)
    moved = [_rank_change(evidence, row) for row in rank_changes(evidence)]
    if not rows and not moved:
        return [_nothing(evidence)]
    named = rows if len(rows) <= MOST else glance_text.leading(as_frame(rows), MOST - 1).to_dicts()
    rest = [row for row in rows if row["attention_rank"] not in {one["attention_rank"] for one in named}]
    return [*map(_finding, named), *moved, *([_the_rest(rest)] if rest else [])]


def findings(evidence: Evidence) -> list[Row]:
    """The findings that are judged against chance, in the order of their rank."""
    held = optional(evidence.rows, ATTENTION) or []
    return sorted((row for row in held if row["kind"] in BY_CHANCE), key=lambda row: row["attention_rank"])


def as_frame(rows: list[Row]) -> pl.DataFrame:
    """Rows of metrics.attention as a frame."""
    return pl.DataFrame(rows, infer_schema_length=None)


def _nothing(evidence: Evidence) -> Judgement:
    held = is_measured(evidence)
    words = "Nothing differs beyond chance." if held else "Change is not measured."
    why = "from every series of the force, its districts and units; a small change could be missed."
    return Judgement(
        "change", text(words), text(why if held else "none can be given."),
        text("no resource needs to move because of a change."),
    )  # fmt: skip


def is_measured(evidence: Evidence) -> bool:
    """Whether the findings are published."""
    return optional(evidence.reader.table, ATTENTION, may_be_empty=True) is not None


def is_any(evidence: Evidence) -> bool:
    """Whether there is any finding, or a rank that moved."""
    return bool(findings(evidence) or rank_changes(evidence))


def _finding(row: Row) -> Judgement:
    key = {"attention_rank": row["attention_rank"]}
    certain = text("at this clearness ", number(ATTENTION, "q_value", "of_100", **key), " findings would be by chance.")
    asks = text(f"ask the {numbers.in_sentence(row['post'])}: ", number(ATTENTION, "question", "words", **key))
    return Judgement("change", text(number(ATTENTION, "sentence", "words", **key)), certain, asks)


def _the_rest(rows: list[Row]) -> Judgement:
    said = text("Found too: ", *glance_text.counted(as_frame(rows)), ": annex A.")
    return Judgement("change", said, text("in annex A, each with its own."), text("ask the same of each of them."))


def annex(evidence: Evidence) -> list[Block]:
    """Every finding, in the order of its weight."""
    rows = tuple(
        (
            text(number(ATTENTION, "sentence", "words", attention_rank=row["attention_rank"])),
            text(BEGAN[row["is_new"]]),
            text(number(ATTENTION, "q_value", "of_100", attention_rank=row["attention_rank"])),
        )
        for row in findings(evidence)
    )
    made = Table("Findings beyond chance", ("Finding", "New", "By chance, if named"), rows, (0.7, 0.12, 0.18))
    return [Heading(1, "Annex A: findings beyond chance"), made] if rows else []


def by_chance(evidence: Evidence) -> Runs:
    """How many series were judged, and how many of what is named is by chance."""
    judged = [row for row in optional(evidence.rows, MEASURED) or [] if row.get("q_value") is not None]
    if not judged:
        return ()
    drawn = tuple(row["series_ref"] for row in judged)
    count = number(MEASURED, "q_value", "whole", total="count", series_ref=drawn)
    return text("Change was judged in ", count, " series together. Of those named at most one in ten is by chance.")


def rank_changes(evidence: Evidence) -> list[Row]:
    """The themes whose rank differs from the last assessment, beyond the ranges over the schemes."""
    held = {row["theme_code"]: row for row in optional(evidence.rows, CHANGES) or [] if row["change"] in SIGNALS}
    return [held[row["theme_code"]] for row in evidence.ranked if row["theme_code"] in held]


def _rank_change(evidence: Evidence, row: Row) -> Judgement:
    theme = next(s for s in evidence.scores if s["theme_code"] == row["theme_code"])

    def then(column: str, form: str) -> Number:
        return number(CHANGES, column, form, theme_code=row["theme_code"])

    said = text(
        f"{theme['theme_name']}: rank ",
        score(theme, "rank", "whole"),
        ", in the assessment as of ",
        then("last_as_of_date", "day"),
        " rank ",
        then("last_rank", "whole"),
        "; their ranges over the schemes do not overlap.",
    )
    return Judgement("change", said, text(score(theme, "confidence", "words"), "."), so_what(evidence, theme))


def signal_words(row: Row) -> Runs:
    """Oct 2025 ends a run of months above the average, with limits and chance: of a theme's chart."""
    key = {"theme_code": row["theme_code"]}
    month = number(VERDICTS, "latest_month", "month", **key)
    said = (
        text(month, " ", number(VERDICTS, "signal", "signal", **key))
        if row.get("signal")
        else text(month, " gives a signal: ", number(VERDICTS, "verdict", "words", **key))
    )
    return text(
        *said,
        " (limits since ",
        number(VERDICTS, "segment_first_month", "month", **key),
        "); chance alone would give a signal on ",
        number(VERDICTS, "chance_of_signal", "of_100", **key),
        " such charts.",
    )
