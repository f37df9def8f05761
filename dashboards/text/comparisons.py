"""A measure's value in words, and whether it changed on a year before by more than chance alone. Pure.

`compare` finds a change. One alone is said by `Change.alone`, several that are shown at once by `among`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.methods.comparison import (
    CHANCE_ALONE,
    HIGHER,
    LOWER,
    UNCLEAR,
    Spread,
    clear_among,
    difference_by_limits,
    difference_of_shares,
    direction,
    ratio_of_counts,
    reached_by,
)
from dashboards.charts.breaks import Regime
from dashboards.text import numbers

HIDDEN = "hidden to protect few people"
NO_LAST_YEAR = "no figure of a year before"
NOT_WHOLE = "not compared: the extract does not cover both periods whole"
CLEARLY = "clearly "
NOT_COMPARED = (NO_LAST_YEAR, NOT_WHOLE, HIDDEN)
BY_CHANCE = (
    "A change is called clear where its 95% interval leaves out no change: counts with the spread of the measure's own "
    "months, shares and medians as of independent cases. One in twenty such intervals does so by chance alone. So of "
    "several that are compared at once only those are called clear of which at most one in ten is by chance "
    "(attention.false_findings)."
)


@dataclass(frozen=True)
class Change:
    """What a comparison found: its figures in words, the verdict of its own interval, and how often chance gives that.

    Where nothing is judged the verdict is "" and the chance None.
    """

    figures: str
    verdict: str = ""
    chance: float | None = None

    @property
    def is_clear(self) -> bool:
        """Whether its own interval leaves out no change."""
        return self.verdict.startswith(CLEARLY)

    @property
    def alone(self) -> str:
        """In words, where nothing else is compared."""
        return f"{self.figures}: {self.verdict}" if self.verdict else self.figures


def among(found: Sequence[Change], rate: float) -> list[str]:
    """Several changes that are shown at once, in words. Of those called clear at most `rate` may be by chance."""
    clear = clear_among([one.chance for one in found], rate)
    compared = sum(one.chance is not None for one in found)
    unclear = f"{UNCLEAR} among {compared} compared"
    return [
        f"{one.figures}: {unclear}" if one.is_clear and not is_clear else one.alone
        for one, is_clear in zip(found, clear, strict=True)
    ]


def value(row: Mapping[str, Any], *, is_count: bool, events: str = "") -> str:
    """812; 9.5%; median 12 days; hidden to protect few people; of the whole force, all but fewer than 5 of 294.

    `events` are what a median is of, "" for a count or share: here and in the functions below.
    """
    if row["is_hidden"]:
        return row.get("hidden_words") or HIDDEN
    if row["value"] is None:
        return "not known for most"
    if events:
        return f"median {days(row['value'])}"
    return numbers.number(row["value"]) if is_count else numbers.share(row["value"])


def days(of: float) -> str:
    """12 days; 1 day; 12.5 days."""
    return f"{numbers.shortest(of)} {'day' if of == 1 else 'days'}"


def detail(row: Mapping[str, Any], *, is_count: bool, events: str = "") -> str:
    """The interval and what it is of: 95% interval 7.1% to 12.7% (47 of 494); 95% interval 10 to 15, of 240 charges."""
    if is_count or row["is_hidden"] or row["value"] is None:
        return ""
    if events:
        limits = " to ".join(numbers.shortest(row[name]) for name in ("lower", "upper"))
        return f"95% interval {limits}, of {numbers.number(row['numerator'])} {events}"
    counted = f"{numbers.number(row['numerator'])} of {numbers.number(row['denominator'])}"
    return f"{numbers.interval(row['lower'], row['upper'])} ({counted})"


def compare(
    row: Mapping[str, Any], z: float, *, is_count: bool, breaks: Iterable[Regime] = (), events: str = "",
    spread: Spread = CHANCE_ALONE,
) -> Change:
    """What has changed against the same period a year before, with its interval.

    `breaks` are the recording changes between the two: then they are not compared. `spread` is that of a count.
    """  # fmt: skip
    if row["is_hidden"] or row["is_hidden_before"]:  # first: why else there is none would say what is hidden
        return Change(HIDDEN)
    if row["value_before"] is None or row["value"] is None:
        return Change(NO_LAST_YEAR)
    if not row["is_whole"] or not row["is_whole_before"]:
        return Change(NOT_WHOLE)
    crossed = next(iter(breaks), None)
    if crossed is not None:
        return Change(f"not comparable: {crossed.title} ({crossed.date_text})")
    if events:
        return _medians(row, z)
    return _counts(row, z, spread) if is_count else _shares(row, z)


def _counts(row: Mapping[str, Any], z: float, spread: Spread) -> Change:
    now, before = row["numerator"], row["numerator_before"]
    if now == before:
        return Change("the same", chance=1.0)
    if not before:
        return Change(f"{numbers.number(now)} more, from none")
    first, last = row["period_start"], row["period_end"]
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    low, high = ratio_of_counts(now, before, z, spread, months)
    limits = f"95% interval {low:.2f} to {'no limit' if math.isinf(high) else f'{high:.2f}'}"
    verdict = _verdict(direction(low, high, 1), "more", "fewer")
    chance = reached_by(lambda at: ratio_of_counts(now, before, at, spread, months), 1)
    return Change(f"{now / before:.2f} times as many, {limits}", verdict, chance)


def _shares(row: Mapping[str, Any], z: float) -> Change:
    return _difference(row, row["numerator_before"], row["denominator_before"], z, UNCLEAR)


def beside(row: Mapping[str, Any], count: int, total: int, z: float, otherwise: str = "no clear difference") -> str:
    """How the share of a row differs from another, count of total: difference 2.4 points, 95% interval 0.3 to 4.5:
    clearly higher."""
    return _difference(row, count, total, z, otherwise).alone


def _difference(row: Mapping[str, Any], count: int, total: int, z: float, otherwise: str) -> Change:
    def limits(at: float) -> tuple[float, float]:
        return difference_of_shares(row["numerator"], row["denominator"], count, total, at)

    low, high = limits(z)
    difference = (row["value"] - count / total) * 100
    said = f"difference {difference:.1f} points, 95% interval {low * 100:.1f} to {high * 100:.1f}"
    return Change(said, _verdict(direction(low, high), "higher", "lower", otherwise), reached_by(limits))


def _medians(row: Mapping[str, Any], z: float) -> Change:
    low, high = difference_by_limits(*(
        (row[f"value{of}"], row[f"lower{of}"], row[f"upper{of}"]) for of in ("", "_before")
    ))  # fmt: skip
    difference = row["value"] - row["value_before"]
    if difference == low == high == 0:
        return Change("the same", chance=1.0)
    verdict = _verdict(direction(low, high), "longer", "shorter")
    said = f"difference {numbers.shortest(difference)} days, 95% interval {low:.1f} to {high:.1f}"
    return Change(said, verdict, reached_by(_widened(difference, low, high, z)))


def _widened(middle: float, low: float, high: float, z: float) -> Callable[[float], tuple[float, float]]:
    """The interval for another z, where only that for `z` is known: both arms as many times as long."""
    return lambda at: (middle - (middle - low) * at / z, middle + (high - middle) * at / z)


def _verdict(found: str, up: str, down: str, otherwise: str = UNCLEAR) -> str:
    return {HIGHER: f"{CLEARLY}{up}", LOWER: f"{CLEARLY}{down}"}.get(found, otherwise)
