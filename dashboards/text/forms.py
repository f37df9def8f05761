"""How a published value is printed. Pure: a row and a column in, words out.

Writing and checking use the same words. No small count is printed, nor a share or rate from which one could be worked
out. `rule` defines small counts (dashboards/text/small_numbers.py). A missing value is "not measured", never blank or
zero.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

NOT_MEASURED = "not measured"
TOO_FEW = "too few to show"
COUNTED = ("crimes", "victims", "suspects", "people", "count", "events", "orders", "breaches")
BESIDE_THE_LAST = {
    "higher": "higher risk",
    "lower": "lower risk",
    "other scheme": "not compared: other scheme",
    "other themes": "not compared: ranked among other themes",
    "overridden": "not compared: overridden then or now",
}
Row = Mapping[str, Any]


def printed(form: str, row: Row | None, column: str, rule: SmallNumbers) -> str:
    """The value of a column as `form` defines; NOT_MEASURED without a row or value."""
    value = None if row is None else row.get(column)
    if row is not None and value is None and row.get("is_small"):
        return TOO_FEW  # left out of the copy as a small count
    if row is None or value is None or (isinstance(value, float) and not math.isfinite(value)):
        return NOT_MEASURED
    return numbers.unbroken(FORMS[form](value, row, rule))


def is_too_small(row: Row, rule: SmallNumbers) -> bool:
    """Whether the row's value would reveal a small numerator or denominator."""
    above, below, unit = row.get("numerator"), row.get("denominator"), str(row.get("unit") or "")
    if below is not None and rule.is_small(below):
        return True
    if above is None:
        return False
    if numbers.is_share(unit):
        return below is not None and not rule.may_show_share(above, below)
    return numbers.is_rate(unit) and rule.is_small(above)


def guarded_share(value: Any, row: Row, rule: SmallNumbers) -> str:
    """A share whose counts are beside it in its row, whatever the row's unit."""
    return TOO_FEW if is_too_small({**row, "unit": "share"}, rule) else numbers.share(value)


def amount(value: Any, row: Row, rule: SmallNumbers) -> str:
    """A value in the row's own unit, without the unit's name."""
    unit = str(row.get("unit") or "")
    if is_too_small(row, rule):
        return TOO_FEW
    if unit in COUNTED:
        return rule.suppress_count(value)
    if numbers.is_share(unit) or numbers.is_rate(unit):
        return numbers.measured(value, unit)
    return numbers.number(value) if float(value).is_integer() else numbers.decimal(value, 1)


def measured(value: Any, row: Row, rule: SmallNumbers) -> str:
    """A value with its unit: 1,234 crimes; 12.3%; 0.45 per 1,000; 31 days."""
    unit, words = str(row.get("unit") or ""), amount(value, row, rule)
    if words == TOO_FEW or numbers.is_share(unit) or unit in ("", "count"):
        return words
    return f"{words} {unit}"


def figure(value: Any, row: Row, rule: SmallNumbers) -> str:
    """A value without a unit in its row: whole numbers, or two decimals if small."""
    if float(value).is_integer():
        return numbers.number(value)
    return numbers.decimal(value, 2 if abs(value) < 10 else 1)


def snapshot(value: Any, row: Row, rule: SmallNumbers) -> str:
    """The figure kept beside an entry, with its date: 12.0% on 31 Oct 2025."""
    held = value if isinstance(value, dict) else json.loads(str(value))
    kept = held.get("snapshot") if isinstance(held, dict) else None
    if not isinstance(kept, dict) or kept.get("value") is None:
        return NOT_MEASURED
    has_share = bool(kept.get("denominator"))
    words = guarded_share(kept["value"], kept, rule) if has_share else numbers.decimal(kept["value"], 1)
    return f"{words} on {_day(kept['published_at'], kept, rule)}"


def signal(value: Any, row: Row, rule: SmallNumbers) -> str:
    """The signal of a chart's latest month: ends a run of months above the average."""
    return numbers.signal(str(value), row["verdict"])


def not_known(value: Any, row: Row, rule: SmallNumbers) -> str:
    """The parts of a score that are neither measured nor judged."""
    measured_count, judged_count = row.get("measured_count"), row.get("judged_count")
    if measured_count is None or judged_count is None:
        return NOT_MEASURED
    return numbers.number(value - measured_count - judged_count)


def _above(value: Any, row: Row, rule: SmallNumbers) -> str:
    below = row.get("denominator")
    if below is None or not numbers.is_share(str(row.get("unit") or "")):
        return rule.suppress_count(value)
    return rule.suppress_part(value, below)


def _day(value: Any, row: Row, rule: SmallNumbers) -> str:
    return numbers.day(value) if isinstance(value, dt.date) else numbers.day(dt.date.fromisoformat(str(value)[:10]))


def _month(value: Any, row: Row, rule: SmallNumbers) -> str:
    return numbers.month(value) if isinstance(value, dt.date) else numbers.month(dt.date.fromisoformat(str(value)[:10]))


FORMS: dict[str, Callable[[Any, Row, SmallNumbers], str]] = {
    "whole": lambda value, row, rule: numbers.number(value),
    "count": lambda value, row, rule: rule.suppress_count(value),
    "change": lambda value, row, rule: f"{value:+,.0f}".replace("-", "\N{MINUS SIGN}") if value else "0",
    "one_decimal": lambda value, row, rule: numbers.decimal(value, 1),
    "two_decimals": lambda value, row, rule: numbers.decimal(value, 2),
    "shortest": lambda value, row, rule: numbers.shortest(value),
    "weight": lambda value, row, rule: f"{value:g}",
    "share": lambda value, row, rule: numbers.share(value),
    "whole_share": lambda value, row, rule: numbers.share(value, 0),
    "guarded_share": guarded_share,
    "of_100": lambda value, row, rule: numbers.of_100(value),
    "signal": signal,
    "beside_the_last": lambda value, row, rule: BESIDE_THE_LAST.get(str(value), str(value)),
    "not_known": not_known,
    "digits": lambda value, row, rule: str(value)[:12],
    "words": lambda value, row, rule: str(value),
    "day": _day,
    "month": _month,
    "state": lambda value, row, rule: numbers.readable(str(value)),
    "snapshot": snapshot,
    "about": lambda value, row, rule: numbers.about(value),
    "pounds": lambda value, row, rule: f"£{value:,.0f}",
    "figure": figure,
    "measured": measured,
    "amount": amount,
    "above": _above,
}
