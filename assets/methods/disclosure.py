"""Statistical disclosure control of counts, and the attack that a release has to withstand.

The default is the rule of NHS Digital for sub-national counts (strategic-assessment 6.5): 1 to 7 are suppressed, 8 and
above rounded to the nearest 5, 0 stays 0; totals are protected like any other count. Where totals stay exact, further
cells are suppressed until none can be worked out (complementary suppression; Hundepool and others 2012, chapter 4).

The attack knows the rule and every sum that the figures obey, and asks for the least and greatest whole number that
each suppressed cell could be (Fischetti and Salazar 2001: the attacker's problem as integer programs). A release in
which one cell has a single possible value is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

MOST = 1_000_000_000  # more than any count: an upper bound for what is open above


class Token(Enum):
    """What stands in a cell beside a number: each is told apart from nought and from the others."""

    SHOWN = ""
    SUPPRESSED = "*"
    MISSING = "not measured"


def _rounded(count: int, to: int) -> int:
    """The nearest multiple; half goes up."""
    return (count + to // 2) // to * to


@dataclass(frozen=True)
class Rule:
    """Counts from 1 to `suppress_to` are suppressed, others rounded to `round_to` (1: as they are).

    A nought is suppressed too where `hides_zero`. Shares rest on rounded counts and are blank below
    `fewest_in_share`. Raises ValueError for a rule that protects nothing.
    """

    suppress_to: int = 7
    round_to: int = 5
    hides_zero: bool = False
    fewest_in_share: int = 30

    def __post_init__(self) -> None:
        if self.suppress_to < 1 or self.round_to < 1:
            raise ValueError(f"expected a rule that suppresses from 1 and rounds to 1 or more; saw {self}")
        if _rounded(self.suppress_to + 1, self.round_to) == 0:
            raise ValueError(f"expected a rule under which no count is rounded to nought; saw {self}")


@dataclass(frozen=True)
class Cell:
    """A count as published: `value` is None unless it is shown.

    `is_other` marks one that is suppressed for another reason than being few: for all that the token tells it may be
    any number. `slack` is how far the count may have moved since it was rounded.
    """

    token: Token
    value: int | None = None
    is_other: bool = False
    slack: int = 0

    @property
    def text(self) -> str:
        """As it stands in every format: a number, or the token."""
        return f"{self.value:,}" if self.token is Token.SHOWN and self.value is not None else self.token.value


NHS = Rule()
TEN_FIVE = Rule(suppress_to=9)
TRUSTED = Rule(suppress_to=9, round_to=1, hides_zero=True)


def protect(count: int | None, rule: Rule = NHS) -> Cell:
    """A count as it may be published. None is a count that was not measured. Raises ValueError below 0."""
    if count is None:
        return Cell(Token.MISSING)
    if count < 0:
        raise ValueError(f"expected a count from 0 up, saw {count}")
    if count == 0:
        return Cell(Token.SUPPRESSED) if rule.hides_zero else Cell(Token.SHOWN, 0)
    if count <= rule.suppress_to:
        return Cell(Token.SUPPRESSED)
    return Cell(Token.SHOWN, _rounded(count, rule.round_to))


def share(part: Cell, whole: Cell, rule: Rule = NHS) -> float | None:
    """Share from what is published of part and whole, never from the counts; None where either is not shown, the whole
    is too small, or rounding would give more than all."""
    if part.value is None or whole.value is None or whole.value < rule.fewest_in_share or part.value > whole.value:
        return None
    return part.value / whole.value


def possible(cell: Cell, rule: Rule = NHS) -> tuple[int, int]:
    """The least and greatest count that a published cell may stand for; one that was not measured may be anything."""
    if cell.token is Token.MISSING or cell.is_other:
        return 0, MOST
    low, high = _as_rounded(cell, rule)
    return max(0, low - cell.slack), high + cell.slack


def _as_rounded(cell: Cell, rule: Rule) -> tuple[int, int]:
    if cell.token is Token.SUPPRESSED:
        return (0 if rule.hides_zero else 1), rule.suppress_to
    assert cell.value is not None
    if cell.value == 0 or rule.round_to == 1:
        return cell.value, cell.value
    low = cell.value - rule.round_to // 2
    return max(low, rule.suppress_to + 1), low + rule.round_to - 1


@dataclass(frozen=True)
class Sum:
    """A count that is the sum of others, whether published or not: `total` and `parts` name cells."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A count that is never more than another: `part` and `whole` name cells."""

    part: str
    whole: str


def bounds(
    cells: Mapping[str, Cell],
    sums: Sequence[Sum],
    rule: Rule = NHS,
    known: Mapping[str, tuple[int, int]] | None = None,
    nested: Sequence[Part] = (),
) -> dict[str, tuple[int, int]]:
    """The least and greatest that each suppressed cell can be, by the rule, the sums and what is `nested`, as whole
    numbers.

    `known` narrows cells by what the attacker knows besides, such as an earlier release or that all of a group share
    one attribute. Raises ValueError where no counts at all fit what is published.
    """
    named = {n for s in sums for n in (s.total, *s.parts)} | {n for p in nested for n in (p.part, p.whole)}
    names = sorted({*cells, *named})
    place = {name: i for i, name in enumerate(names)}
    limits = np.asarray([possible(cells.get(name, Cell(Token.MISSING)), rule) for name in names], dtype=float)
    for name, (low, high) in (known or {}).items():
        at = place[name]
        limits[at] = max(limits[at][0], low), min(limits[at][1], high)
    held = _constraints(place, sums, nested)
    hidden = [name for name in names if cells.get(name, Cell(Token.MISSING)).token is Token.SUPPRESSED]
    return {name: _reach(place[name], limits, held) for name in hidden}


def _constraints(place: Mapping[str, int], sums: Sequence[Sum], nested: Sequence[Part]) -> list[LinearConstraint]:
    """What every set of counts obeys: parts make their total, and none is more than what it is a part of."""
    equations = lil_array((len(sums) + len(nested), len(place)))
    lower = np.zeros(len(sums) + len(nested))
    for row, one in enumerate(sums):
        equations[row, place[one.total]] -= 1
        for part in one.parts:
            equations[row, place[part]] += 1
    for row, inside in enumerate(nested, start=len(sums)):
        equations[row, place[inside.part]] += 1
        equations[row, place[inside.whole]] -= 1
        lower[row] = -np.inf
    return [LinearConstraint(equations.tocsr(), lower, 0)] if len(lower) else []


def _reach(at: int, limits: np.ndarray, held: Sequence[LinearConstraint]) -> tuple[int, int]:
    """Least and greatest of one cell over all counts that fit."""
    found = []
    for sign in (1.0, -1.0):
        aim = np.zeros(len(limits))
        aim[at] = sign
        best = milp(aim, integrality=np.ones(len(limits)), bounds=Bounds(limits[:, 0], limits[:, 1]), constraints=held)
        if not best.success:
            raise ValueError(f"no counts fit what is published ({best.message.strip()})")
        found.append(round(best.x[at]))
    return found[0], found[1]


def pinned(
    cells: Mapping[str, Cell],
    sums: Sequence[Sum],
    rule: Rule = NHS,
    known: Mapping[str, tuple[int, int]] | None = None,
    nested: Sequence[Part] = (),
) -> list[str]:
    """The suppressed cells that can be only one number: a release with any is refused."""
    return [name for name, (low, high) in bounds(cells, sums, rule, known, nested).items() if low == high]


def complement(
    counts: Mapping[str, int], sums: Sequence[Sum], exact: Sequence[str], rule: Rule = NHS
) -> dict[str, Cell]:
    """Cells of a table whose `exact` totals are published as they are: protected, and further ones suppressed until
    none is pinned, the smallest first, so that as little as possible is lost.

    Further ones may be any number for all that the attacker knows of them; those of the rule are known to be small.
    Raises ValueError where a sum does not hold, or a cell cannot be hidden with its totals exact.
    """
    for one in sums:
        if counts[one.total] != sum(counts[part] for part in one.parts):
            raise ValueError(f"{one.total}: expected the sum of its parts, saw another number")
    whole = Rule(rule.suppress_to, 1, rule.hides_zero)
    cells = {n: Cell(Token.SHOWN, c) if n in exact else protect(c, whole) for n, c in counts.items()}
    small = {name for name, cell in cells.items() if cell.token is Token.SUPPRESSED}
    further: set[str] = set()
    while open_ones := _worked_out(cells, sums, whole, small, further):
        hidden = small | further
        reached = {n for s in sums if hidden & {s.total, *s.parts} for n in (s.total, *s.parts)}
        free = sorted((counts[n], n) for n in reached - hidden - set(exact) if counts[n] > 0)
        if not free:
            raise ValueError(
                f"{open_ones[0]} cannot be hidden while {', '.join(exact)} stay exact: round them or leave them out"
            )
        further.add(free[0][1])
        cells[free[0][1]] = Cell(Token.SUPPRESSED)
    return cells


def _worked_out(
    cells: Mapping[str, Cell], sums: Sequence[Sum], rule: Rule, small: set[str], further: set[str]
) -> list[str]:
    """The hidden cells that can be only one number."""
    any_number = Rule(MOST, 1, hides_zero=True)
    known = {n: possible(c, rule) for n, c in cells.items() if n in small or c.token is Token.SHOWN}
    asked = {n: Cell(Token.SUPPRESSED) if n in small | further else Cell(Token.MISSING) for n in cells}
    return sorted(n for n, (low, high) in bounds(asked, sums, any_number, known).items() if low == high)
