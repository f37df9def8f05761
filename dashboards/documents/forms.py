"""How a published value is printed. Pure: a row and a column in, words out; the same words for writing and checking.

No count from one to four is printed, nor a share or rate from which one could be worked out (strategic-assessment
6.5). What is not there is not measured: never a blank, never a zero.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from dashboards.pages.people.repeats_text import FEW, SMALLEST, is_shown, part
from dashboards.text import numbers

NOT_MEASURED = "not measured"
TOO_FEW = "too few to show"
COUNTED = ("crimes", "victims", "suspects", "people", "count", "events", "orders", "breaches")
BESIDE_THE_LAST = {
    "higher": "higher risk",
    "lower": "lower risk",
    "other scheme": "other scheme: no change is called",
    "other themes": "ranked among other themes: no change is called",
    "overridden": "overridden then or now: no change is called",
}
Row = Mapping[str, Any]


def printed(form: str, row: Row | None, column: str) -> str:
    """The value of a column as `form` says; NOT_MEASURED where there is no row or no value."""
    value = None if row is None else row.get(column)
    if row is not None and value is None and row.get("is_small"):
        return TOO_FEW  # left out of the copy because it is of one to four
    if row is None or value is None or (isinstance(value, float) and not math.isfinite(value)):
        return NOT_MEASURED
    return numbers.unbroken(FORMS[form](value, row))


def counted(value: Any) -> str:
    """A count, one to four not told apart."""
    return FEW if 0 < value < SMALLEST else numbers.number(value)


def is_too_small(row: Row) -> bool:
    """Whether the row's value would give away a count from one to four above or below its line."""
    above, below, unit = row.get("numerator"), row.get("denominator"), str(row.get("unit") or "")
    if below is not None and 0 < below < SMALLEST:
        return True
    if above is None:
        return False
    if numbers.is_share(unit):
        return below is not None and not is_shown(above, below)
    return numbers.is_rate(unit) and 0 < above < SMALLEST


def guarded_share(value: Any, row: Row) -> str:
    """A share whose counts stand beside it in its row, whatever the row says of its unit."""
    return TOO_FEW if is_too_small({**row, "unit": "share"}) else numbers.share(value)


def amount(value: Any, row: Row) -> str:
    """A value in the row's own unit, without the unit's name."""
    unit = str(row.get("unit") or "")
    if is_too_small(row):
        return TOO_FEW
    if unit in COUNTED:
        return counted(value)
    if numbers.is_share(unit) or numbers.is_rate(unit):
        return numbers.measured(value, unit)
    return numbers.number(value) if float(value).is_integer() else numbers.decimal(value, 1)


def measured(value: Any, row: Row) -> str:
    """A value with its unit: 1,234 crimes; 12.3 %; 0.45 per 1,000; 31 days."""
    unit, words = str(row.get("unit") or ""), amount(value, row)
    if words == TOO_FEW or numbers.is_share(unit) or unit in ("", "count"):
        return words
    return f"{words} {unit}"


def figure(value: Any, row: Row) -> str:
    """A value whose unit its row does not tell: whole numbers whole, small ones with two decimals."""
    if float(value).is_integer():
        return numbers.number(value)
    return numbers.decimal(value, 2 if abs(value) < 10 else 1)


def snapshot(value: Any, row: Row) -> str:
    """The figure that was kept beside an entry, as it was then: 12.0 % on 31 Oct 2025."""
    held = value if isinstance(value, dict) else json.loads(str(value))
    kept = held.get("snapshot") if isinstance(held, dict) else None
    if not isinstance(kept, dict) or kept.get("value") is None:
        return NOT_MEASURED
    words = guarded_share(kept["value"], kept) if kept.get("denominator") else numbers.decimal(kept["value"], 1)
    return f"{words} on {_day(kept['published_at'], kept)}"


def signal(value: Any, row: Row) -> str:
    """What the latest month of a chart does, by the rule that it breaks: ends a run of months above the average."""
    return numbers.signal(str(value), row["verdict"])


def not_known(value: Any, row: Row) -> str:
    """The parts of a score that are neither measured nor judged."""
    measured_count, judged_count = row.get("measured_count"), row.get("judged_count")
    if measured_count is None or judged_count is None:
        return NOT_MEASURED
    return numbers.number(value - measured_count - judged_count)


def _above(value: Any, row: Row) -> str:
    below = row.get("denominator")
    return counted(value) if below is None or not numbers.is_share(str(row.get("unit") or "")) else part(value, below)


def _day(value: Any, row: Row) -> str:
    return numbers.day(value) if isinstance(value, dt.date) else numbers.day(dt.date.fromisoformat(str(value)[:10]))


def _month(value: Any, row: Row) -> str:
    return numbers.month(value) if isinstance(value, dt.date) else numbers.month(dt.date.fromisoformat(str(value)[:10]))


FORMS: dict[str, Callable[[Any, Row], str]] = {
    "whole": lambda value, row: numbers.number(value),
    "count": lambda value, row: counted(value),
    "one_decimal": lambda value, row: numbers.decimal(value, 1),
    "two_decimals": lambda value, row: numbers.decimal(value, 2),
    "weight": lambda value, row: f"{value:g}",
    "share": lambda value, row: numbers.share(value),
    "guarded_share": guarded_share,
    "likelihood": lambda value, row: numbers.yardstick(value),
    "likelihood_word": lambda value, row: numbers.likelihood(value),
    "of_100": lambda value, row: numbers.of_100(value),
    "signal": signal,
    "beside_the_last": lambda value, row: BESIDE_THE_LAST.get(str(value), str(value)),
    "not_known": not_known,
    "digits": lambda value, row: str(value)[:12],
    "words": lambda value, row: str(value),
    "day": _day,
    "month": _month,
    "state": lambda value, row: numbers.readable(str(value)),
    "snapshot": snapshot,
    "about": lambda value, row: numbers.about(value),
    "pounds": lambda value, row: f"£{value:,.0f}",
    "figure": figure,
    "measured": measured,
    "amount": amount,
    "above": _above,
}
