"""Whether an action works, as far as its live figure is named as changed."""

from __future__ import annotations

from dashboards.data.published import Copy, optional
from dashboards.data.signals import MEASURES, VERDICTS

NO_FIGURE, NO_CHART = "Not known: no live figure", "Not known: no control chart of it"
WORDS = {
    "no_change": "No clear change",
    "not_enough_points": "Not known: too few months",
    "not_charted": "Not known: too rare to judge",
    "not_settled": "Not known: without a time limit more may still be met",
}
WAYS = {"higher_is_better": ("Better", "Worse"), "lower_is_better": ("Worse", "Better")}


def verdict_of(copy: Copy, code: str | None) -> str:
    """The change of a measure of the whole force: better or worse, no clear change, or not known.

    A signal of its chart alone is no change: charts of many series give signals by chance.
    """
    if not code:
        return NO_FIGURE
    where = "measure_code = $code and breakdown = 'none' and period_type = 'month'"
    held = optional(copy.select, VERDICTS, where=where, may_be_empty=True, code=code)
    if held is None or held.is_empty():
        return NO_CHART
    row = held.row(0, named=True)
    if not row.get("is_change"):
        is_judged = row.get("q_value") is not None
        return WORDS["no_change"] if is_judged else WORDS.get(str(row["verdict"]), NO_CHART)
    verdict = str(row["change_direction"])
    ways = optional(
        copy.select, MEASURES, columns="direction", where="measure_code = $code", may_be_empty=True, code=code
    )
    direction = "" if ways is None or ways.is_empty() else str(ways["direction"][0])
    if direction not in WAYS:
        return f"{verdict.capitalize()}; neither way is better"
    return WAYS[direction][verdict == 'lower']
