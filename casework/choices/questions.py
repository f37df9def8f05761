"""Questions to a rater (recording-standards 5.3, step 4), and the words and codes of an audit.

The outcome is hidden from raters (step 3): they say which code the evidence supports, and the program compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANSWERS = ("pass", "fail", "unsure", "not_evaluable")
RESULTS = ANSWERS
ROLES = ("first", "second", "fcr")

STRATA = {
    "A": "Recorded stalking (8Q)",
    "B": "Recorded harassment (8L)",
    "C": "Other classes with a stalking signal or a repeat pair",
    "D": "Breach of an order",
    "E": "Reports closed without a crime, with stalking words or an ex-partner repeat",
    "F": "Cancelled stalking or harassment",
    "G": "Stalking reclassified as harassment",
    "H": "Reports from which stalking or harassment was recorded",
}
REPORT_STRATA = ("E", "H")  # whole reports: only these can show a crime that was not recorded
SIGNAL_STRATA = ("C", "E")  # chosen by a signal: never mixed with the others as if selected at random

CATEGORIES = (
    "not_recorded", "late", "under_classified", "over_classified", "wrong_sub_offence", "missing_included_class",
    "wrong_cancel", "wrong_outcome", "flag_missing", "relationship_wrong", "risk_missing", "risk_late",
    "victim_not_informed", "pin_used", "spo_not_considered", "no_issue",
)  # fmt: skip
SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Question:
    """One question with a fixed set of answers; `strata` are those whose units it is asked of."""

    code: str
    words: str
    strata: str


QUESTIONS = (
    Question("class_correct", "Is the class right (8Q, 8L, 8R, 8U)?", "ABCDFGH"),
    Question("sub_offence_correct", "Is the sub-offence right?", "ABCDFGH"),
    Question("within_24h", "Was it recorded within 24 hours of the report?", "ABCDFGH"),
    Question("conduct_seen", "Was a course of conduct recognised where there is one?", "ABCDEFGH"),
    Question("relationship_correct", "Is the relationship right?", "ABCDEFGH"),
    Question("flags_correct", "Are the flags right?", "ABCDEFGH"),
    Question("risk_assessed", "Was risk assessed?", "ABCDEFGH"),
    Question("victim_informed", "Was the victim informed?", "ABCDEFGH"),
    Question("included_complete", "Are all included classifications there?", "ABCDFGH"),
    Question("removal_right", "Was the cancellation right?", "F"),
)
OUTCOME_STRATA = "ABCDG"
OUTCOME_CODES = ("0", "1", "1A", "2", "2A", "3", "3A", *(str(n) for n in range(4, 23)), "unsure", "not_evaluable")


def questions_of(stratum: str) -> tuple[Question, ...]:
    """The questions asked of a unit of a stratum."""
    return tuple(q for q in QUESTIONS if stratum in q.strata)


def result_of(answers: Mapping[str, Any]) -> str:
    """The result of a whole rating: one fail is a fail, else one unsure is unsure; null is never a pass."""
    given = [answers.get(q.code) for q in QUESTIONS] + [answers.get("outcome_correct")]
    required, recorded = answers.get("crimes_required"), answers.get("crimes_recorded")
    if required is not None and recorded is not None:
        given.append("pass" if required == recorded else "fail")
    return next((a for a in ("fail", "unsure", "pass") if a in given), "not_evaluable")
