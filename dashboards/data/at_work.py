"""Whether an action works, as far as the control chart of its live figure shows it."""

from __future__ import annotations

from dashboards.data.published import Copy, optional
from dashboards.data.signals import MEASURES, VERDICTS

NO_FIGURE, NO_CHART = "Not known: no live figure", "Not known: no control chart of it"
WORDS = {
    "no_change": "No change beyond chance",
    "not_enough_points": "Not known: too few months",
    "not_charted": "Not known: too rare to chart",
    "not_settled": "Not known: without a time limit more may still be met",
}
WAYS = {"higher_is_better": ("Better", "Worse"), "lower_is_better": ("Worse", "Better")}


def verdict_of(copy: Copy, code: str | None) -> str:
    """The verdict on a measure of the whole force: better or worse beyond chance, no change, or not known."""
    if not code:
        return NO_FIGURE
    where = "measure_code = $code and breakdown = 'none' and period_type = 'month'"
    held = optional(copy.select, VERDICTS, where=where, may_be_empty=True, code=code)
    if held is None or held.is_empty():
        return NO_CHART
    verdict = str(held["verdict"][0])
    if verdict not in ("higher", "lower"):
        return WORDS.get(verdict, NO_CHART)
    ways = optional(
        copy.select, MEASURES, columns="direction", where="measure_code = $code", may_be_empty=True, code=code
    )
    direction = "" if ways is None or ways.is_empty() else str(ways["direction"][0])
    if direction not in WAYS:
        return f"{verdict.capitalize()}, beyond chance; neither way is better"
    return f"{WAYS[direction][verdict == 'lower']}, beyond chance"
