"""The assessment's inputs: the themes as scored, and references to their figures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from casework.store.refusal import Refused
from dashboards.data.published import Missing, optional
from dashboards.data.register import Reader
from dashboards.text.content import Number, Runs, number, text

SCORES, PARTS, SCHEMES = "metrics.theme_scores", "metrics.theme_parts", "metrics.theme_schemes"
FACTS, MONTHS, VERDICTS = "metrics.theme_facts", "metrics.theme_months", "metrics.theme_verdicts"
BREAKDOWNS, OPTIONS = "metrics.theme_breakdowns", "metrics.support_options"
CONFIDENCE, GAPS, ENTRIES = "metrics.theme_confidence", "metrics.theme_gaps", "core.register_entries"
ANSWERS = "metrics.advice_answers"
CHANGES, OVERRIDES = "metrics.theme_changes", "core.score_overrides"
RANKED, CROSS_CUTTING = ("scored", "comparator"), "cross-cutting"
UNDER_REPRESENTS = (
    "Sentencing-based harm under-represents stalking: a course of conduct counts as one crime of low weight, however "
    "long it lasted."
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """The rows that decide what the document says.

    Printed figures are references to these rows.
    """

    reader: Reader
    scores: list[Row]

    @property
    def ranked(self) -> list[Row]:
        """The themes in the order of their ranks."""
        return [row for row in self.scores if row["rank"] is not None]

    @property
    def is_ranking_shown(self) -> bool:
        """Whether enough is known for an order of the themes: metrics.theme_scores decides."""
        return any(row["is_ranking_shown"] for row in self.scores)

    @property
    def apart(self) -> list[Row]:
        """Themes in a separate band, which have no rank."""
        return [row for row in self.scores if row["rank"] is None]

    def name(self, theme: str | None) -> str:
        """A theme's name; for several themes or none, the whole."""
        return next((row["theme_name"] for row in self.scores if row["theme_code"] == theme), theme or "all themes")

    def rows(self, table: str, **equal: Any) -> list[Row]:
        """Rows of a published table. Raises Missing."""
        return self.reader.rows(table, **equal)

    def entries(self, register: str) -> list[Row]:
        """The open entries of a register, overdue ones first, then by due date. Raises Missing."""
        open_ones = [row for row in self.rows(ENTRIES, register=register) if not is_closed(row)]
        return sorted(open_ones, key=lambda row: (not row["is_overdue"], str(row["due_date"] or "9"), row["entry_ref"]))


def gather(reader: Reader) -> Evidence:
    """Read the scores. Raises Refused if the copy has none."""
    try:
        scores = reader.table(SCORES)
    except Missing as why:
        raise Refused(f"There is nothing to assess: {why}") from why
    last = scores.height + 1
    rows = sorted(scores.iter_rows(named=True), key=lambda row: (row["rank"] or last, row["theme_code"]))
    return Evidence(reader, rows)


def by_place(rows: list[Row]) -> list[Row]:
    """Rows in the order that their table gives them, if any."""
    return sorted(rows, key=lambda row: row.get("place") or 0)


def score(row: Row, column: str, form: str) -> Number:
    """A figure of a theme's score."""
    return number(SCORES, column, form, theme_code=row["theme_code"])


def entry(row: Row, column: str, form: str) -> Number:
    """A field of a register's entry."""
    return number(ENTRIES, column, form, register=row["register"], entry_ref=row["entry_ref"])


def grade(row: Row) -> Runs:
    """The force's position as a grade, and the grades that parts not known leave possible."""
    if row["organisation_grade"] is None:
        return text("not known: no part is measured")
    held = text(score(row, "organisation_grade", "words"))
    if row["organisation_grade_best"] == row["organisation_grade_worst"]:
        return held
    best, worst = (score(row, f"organisation_grade_{end}", "words") for end in ("best", "worst"))
    return text(*held, " (", best, " to ", worst, " possible)")


def is_closed(row: Row) -> bool:
    """Whether an entry is closed: done, or declined."""
    return bool(row.get("is_closed")) or row["status"] in ("done", "declined")


def fields(row: Row) -> dict[str, Any]:
    """The fields of a register's entry that have no column of their own."""
    held = row.get("fields")
    made = json.loads(held) if isinstance(held, str) and held else held
    return made if isinstance(made, dict) else {}


def field(row: Row, *names: str) -> str:
    """The first of these fields that is filled in."""
    held = fields(row)
    return next((str(held[name]).strip() for name in names if str(held.get(name) or "").strip()), "")


def due(row: Row) -> Runs:
    """The due date of an entry, and whether it has passed."""
    if row["due_date"] is None:
        return text("no date set")
    return text(entry(row, "due_date", "day"), *([" (overdue)"] if row["is_overdue"] else []))


def owner(row: Row) -> str:
    """The post that owns an entry."""
    return row["owner"] or "no owner named"


def starter(row: Row) -> str:
    """A note that the force has not yet confirmed this row."""
    return " (starter, not confirmed)" if row["is_starter"] else ""


def live(evidence: Evidence, code: str | None) -> Runs:
    """The present value of the figure that shows whether an action works, with its period."""
    if not code:
        return text("no live figure")
    answers = optional(evidence.rows, ANSWERS, measure_code=code)
    if not answers:
        return text(f"{code}: not published to this audience")
    key = {"statement_code": answers[0]["statement_code"], "measure_code": code}
    value = text(f"{answers[0]['measure_name']}: ", number(ANSWERS, "value", _form(answers[0]), **key))
    if answers[0]["status"] != "measured" or answers[0]["period_end"] is None:
        return value
    last = number(ANSWERS, "period_end", "day", **key)
    if answers[0]["period_start"] is None:
        return text(*value, " (on ", last, ")")
    return text(*value, " (", number(ANSWERS, "period_start", "day", **key), " to ", last, ")")


def _form(row: Row) -> str:
    kind = str(row["value_type"])
    return "guarded_share" if kind == "share" else "count" if kind == "count" else "figure"
