"""The words of the scrutiny panel's page and pack. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casework.choices.panel_words import OVERALL
from dashboards.text import numbers

PSEUDONYMS = (
    "Pseudonyms are made for this sample only, with a key that stays in the casework store. A reference cannot be "
    "tested against them, and the same case has a different pseudonym in another sample."
)
COARSE = (
    "The pack shows quarters, not dates; groups, not words; and no unit, place or name. A fact is left out if fewer "
    "than {smallest} cases of the frame share it with the other facts shown. So is a protection measure. Where fewer "
    "share all the measures shown for a case, the pack gives only their number, or nothing. The facts together may "
    "still remind someone of a case: the pack is confidential, for panel members only."
)
WITHHELD = "not shown: few such cases"
NOT_HELD = "not shown: drawn before measures were compared with the frame"
NOT_MEASURED = "not measured"
LIVE = "A charged crime may be before a court: ask before its case is discussed."
USE = (
    "Panel findings are for learning. They do not decide a case or measure an officer. A sample of this size gives no "
    "share for the force."
)


def answer(samples: Sequence[Mapping[str, Any]], open_actions: int) -> str:
    """The number of samples, and of findings still open."""
    if not samples:
        return "No sample has been drawn for a scrutiny panel."
    words = f"{numbers.plural(len(samples), 'sample')} drawn; the latest: {samples[0]['title']}"
    return f"{words}. {numbers.plural(open_actions, 'finding is', 'findings are')} still to be acted on."


def period(sample: Mapping[str, Any]) -> str:
    """Q4 2024/25 to Q2 2025/26."""
    first, last = (numbers.quarter(sample[name]) for name in ("period_from", "period_to"))
    return first if first == last else f"{first} to {last}"


def how_drawn(sample: Mapping[str, Any], case_count: int, frame_count: int | None = None) -> str:
    """How the sample was drawn, for the panel and for the page."""
    of = f" of {numbers.number(frame_count)}" if frame_count is not None else ""
    charged = "" if sample["settings"]["with_charged"] else ", without charged crimes"
    return (
        f"{numbers.plural(case_count, 'case')}{of}, drawn at random from stalking and harassment closed in "
        f"{period(sample)}{charged}. The sample is in proportion by class of offence and outcome, with rare ones "
        "combined. "
        f"Each has at least {sample['settings']['fewest']} cases where the size of the sample allows."
    )


def coarse(sample: Mapping[str, Any]) -> str:
    """How facts are coarsened so that they do not identify a case."""
    return COARSE.format(smallest=sample["settings"]["smallest"])


def measures(facts: Mapping[str, Any], state: str) -> str:
    """A case's measures in a state, as far as they may be shown.

    Their names, or their number, or why neither.
    """
    if "measures" not in facts:
        return NOT_HELD
    told = facts["measures"]
    if told is None:
        return WITHHELD
    if not any(told.values()):
        return NOT_MEASURED
    found = told[state]
    if not found:
        return "none on record"
    if isinstance(found, int):
        return f"{numbers.plural(found, 'measure')}; which, not shown: few such cases"
    return "; ".join(found)


def measure_notes(settings: Mapping[str, Any]) -> list[str]:
    """The limits of the protection measures, as of the draw of the sample."""
    lacking = settings.get("not_measured") or []
    gone = [f"Not measured in this extract, so shown for no case: {'; '.join(lacking)}."] if lacking else []
    return [*settings.get("caveats", []), *gone]


def findings_answer(case_count: int, answers: Mapping[str, Mapping[str, Any]]) -> str:
    """The panel's findings so far: 12 of 20 cases read: appropriate 8, ..."""
    read = f"{len(answers)} of {numbers.plural(case_count, 'case')} read"
    held = [row["overall"] for row in answers.values()]
    parts = [f"{OVERALL[code].lower()} {held.count(code)}" for code in OVERALL if code in held]
    return f"{read}: {', '.join(parts)}" if parts else read


def due(action: Mapping[str, Any], today: str) -> str:
    """The state of an action: done, open or overdue."""
    return "done" if action["done_at"] else "overdue" if action["due_date"] < today else "open"
