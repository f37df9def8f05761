"""Statistical disclosure control of counts, and the attack that a release must withstand.

The default is the rule of NHS Digital for sub-national counts (strategic-assessment 6.5): 1 to 7 are suppressed, 8 and
above are rounded to the nearest 5, 0 stays 0. Totals are protected like any other count. Where totals stay exact,
further cells are suppressed until none can be worked out (secondary suppression; Hundepool and others 2012, chapter 4).

The attack knows the rule and every sum that the figures obey. It asks for the least and greatest whole number that
each cell could be (assets/methods/disclosure/whole_numbers.py). A suppressed cell with a single possible value is
disclosed. So is a rounded cell below the rule's limit, since rounding protects it. Either further cells are suppressed
until none is disclosed, or the release is refused. Shares and verdicts are in assets/methods/disclosure/shares.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import numpy as np

from assets.methods.disclosure.whole_numbers import OPEN, Line, Numbers, around

MOST = 1_000_000_000  # more than any count: an upper bound for a cell without one
FEW_PAIRS = 400  # pairs of counts that are tried one by one
PATIENCE = 3  # rounds of further cells before it is asked whether any could help


class Token(Enum):
    """Symbol in a cell without a number; each is distinct from zero and from the others."""

    SHOWN = ""
    SUPPRESSED = "*"
    WITHHELD = "not released"  # a group of a total that is not shown: it does not even say whether it is small
    MISSING = "not measured"


PROTECTED = (Token.SUPPRESSED, Token.WITHHELD)


def _rounded(count: int, to: int) -> int:
    """The nearest multiple; half is rounded up."""
    return (count + to // 2) // to * to


@dataclass(frozen=True)
class Rule:
    """Counts from 1 to `suppress_to` are suppressed, others rounded to `round_to` (1: not rounded).

    With `hides_zero`, a zero is suppressed too. A share is blank where its whole may be less than `fewest_in_share`.
    A rounded count below `unrounded_below` is protected by the rounding: nobody may work it out. Raises ValueError for
    a rule that protects nothing.
    """

    suppress_to: int = 7
    round_to: int = 5
    hides_zero: bool = False
    fewest_in_share: int = 50
    unrounded_below: int = 30

    def __post_init__(self) -> None:
        if self.suppress_to < 1 or self.round_to < 1:
            raise ValueError(f"expected a rule that suppresses from 1 and rounds to 1 or more; saw {self}")
        if _rounded(self.suppress_to + 1, self.round_to) == 0:
            raise ValueError(f"expected a rule under which no count is rounded to zero; saw {self}")


@dataclass(frozen=True)
class Share:
    """What is published of a part's share of its whole, and what that says of the exact counts.

    `value` is the share, 0 to 1, None where none is shown; `change` is the verdict on the year before. The exact share
    is `low` or more and less than `high`, the whole less the part is within `rest`, and the part within `count`.
    """

    value: float | None = None
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(2)
    rest: tuple[int, int] = (0, MOST)
    count: tuple[int, int] = (0, MOST)
    change: str | None = None


NO_SHARE = Share()


@dataclass(frozen=True)
class Cell:
    """A count as published: `value` is None unless it is shown.

    `is_other` marks a cell that is suppressed for a reason other than its size: it may be any number. `slack` is how
    far the count may have moved since it was rounded. An `is_exact` cell is shown as counted, whatever happens to
    others.
    """

    token: Token
    value: int | None = None
    is_other: bool = False
    slack: int = 0
    is_exact: bool = False
    share: Share = NO_SHARE

    @property
    def text(self) -> str:
        """The cell's text in every format: a number, or the symbol."""
        return f"{self.value:,}" if self.token is Token.SHOWN and self.value is not None else self.token.value


NHS = Rule()


def protect(count: int | None, rule: Rule = NHS) -> Cell:
    """Apply the rule to a count. None means not measured. Raises ValueError below 0.

    >>> [protect(count, NHS).text for count in (0, 3, 12)]
    ['0', '*', '10']
    """
    if count is None:
        return Cell(Token.MISSING)
    if count < 0:
        raise ValueError(f"expected a count from 0 up, saw {count}")
    if count == 0:
        return Cell(Token.SUPPRESSED) if rule.hides_zero else Cell(Token.SHOWN, 0)
    if count <= rule.suppress_to:
        return Cell(Token.SUPPRESSED)
    return Cell(Token.SHOWN, _rounded(count, rule.round_to))


def possible(cell: Cell, rule: Rule = NHS) -> tuple[int, int]:
    """Least and greatest count behind a published cell; a count not measured may be anything."""
    if cell.token is Token.MISSING or cell.is_other:
        return 0, MOST
    low, high = _as_rounded(cell, rule)
    return max(0, low - cell.slack), high + cell.slack


def _as_rounded(cell: Cell, rule: Rule) -> tuple[int, int]:
    if cell.token is Token.SUPPRESSED:
        return (0 if rule.hides_zero else 1), rule.suppress_to
    assert cell.value is not None
    if cell.value == 0 or rule.round_to == 1 or cell.is_exact:
        return cell.value, cell.value
    low = cell.value - rule.round_to // 2
    return max(low, rule.suppress_to + 1), low + rule.round_to - 1


@dataclass(frozen=True)
class Sum:
    """A count that is the sum of others, published or not: `total` and `parts` name cells."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A count that is at most another count less `by`: `part` and `whole` name cells."""

    part: str
    whole: str
    by: int = 0


@dataclass(frozen=True)
class Band:
    """A count that is at least `low` times another, and less than `high` times: `part` and `whole` name cells."""

    part: str
    whole: str
    low: Fraction
    high: Fraction


def pairs_between(
    part: tuple[int, int], whole: tuple[int, int], low: Fraction, high: Fraction
) -> list[tuple[int, int]]:
    """The parts and wholes within their limits whose share is `low` or more and less than `high`."""
    a, b, c, d = low.numerator, low.denominator, high.numerator, high.denominator
    return [
        (one, of)
        for of in range(whole[0], whole[1] + 1)
        for one in range(part[0], min(part[1], of) + 1)
        if a * of <= b * one and d * one < c * of
    ]


class Attack:
    """What an attacker can work out from the published figures, the rule, the sums, `nested` and the shares' `bands`.

    `known` narrows cells, published or not, by other knowledge, such as an earlier release. The `true` counts, one
    solution of many, save time. Raises ValueError, here or when asked, where no counts fit what is published.
    """

    def __init__(
        self,
        cells: Mapping[str, Cell],
        sums: Sequence[Sum],
        rule: Rule = NHS,
        known: Mapping[str, tuple[int, int]] | None = None,
        nested: Sequence[Part] = (),
        bands: Sequence[Band] = (),
        true: Mapping[str, int] | None = None,
    ) -> None:
        named = {n for s in sums for n in (s.total, *s.parts)}
        named |= {n for p in nested for n in (p.part, p.whole)} | {n for b in bands for n in (b.part, b.whole)}
        self.names = sorted({*cells, *named, *(known or {})})
        self.place = {name: i for i, name in enumerate(self.names)}
        limits = np.asarray([possible(cells.get(name, Cell(Token.MISSING)), rule) for name in self.names])
        for name, (low, high) in (known or {}).items():
            at = self.place[name]
            limits[at] = max(limits[at][0], low), min(limits[at][1], high)
        self.cells, self.rule, self.limits = cells, rule, limits
        self.lines = [*map(self._sum, sums), *map(self._part, nested)]
        self.lines += [line for band in bands for line in self._band(band)]
        is_known = true is not None and true.keys() >= {*self.names}
        counts = np.array([true[name] for name in self.names]) if true is not None and is_known else None
        self.numbers = Numbers(limits, self.lines, counts)

    def _sum(self, one: Sum) -> Line:
        factors = {self.place[one.total]: -1}
        for part in one.parts:
            factors[self.place[part]] = factors.get(self.place[part], 0) + 1
        return Line(tuple(factors.items()))

    def _part(self, inside: Part) -> Line:
        return Line(((self.place[inside.part], 1), (self.place[inside.whole], -1)), -OPEN, -inside.by)

    def _band(self, band: Band) -> Iterator[Line]:
        part, whole = self.place[band.part], self.place[band.whole]
        (low, high), (least, most) = self.limits[part].tolist(), self.limits[whole].tolist()
        if (high - low + 1) * (most - least + 1) <= FEW_PAIRS:
            for a, b, c in around(pairs_between((low, high), (least, most), band.low, band.high)):
                yield Line(tuple((at, factor) for at, factor in ((part, a), (whole, b)) if factor), -OPEN, c)
            return
        if band.low > 0:
            yield Line(((part, band.low.denominator), (whole, -band.low.numerator)), 0, OPEN)
        if band.high <= 1:
            yield Line(((part, band.high.denominator), (whole, -band.high.numerator)), -OPEN, -1)

    def bounds(self, asked: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Least and greatest number that each cell can be."""
        return {self.names[at]: ends for at, ends in self.numbers.reach(self.place[name] for name in asked).items()}

    def single(self, asked: Iterable[str]) -> dict[str, int]:
        """Cells that can be one number only, with that number."""
        return {self.names[at]: count for at, count in self.numbers.single(self.place[name] for name in asked).items()}

    def leaks(self, hidden: Collection[str] = (), rounded: Collection[str] = ()) -> list[str]:
        """Protected cells that can be one number only; `hidden` and `rounded` name more, released earlier."""
        kept = {name for name, cell in self.cells.items() if cell.token in PROTECTED} | set(hidden)
        shown = {name for name, cell in self.cells.items() if is_rounded(cell, self.rule)} | set(rounded)
        found = self.single(kept | shown)
        return sorted(name for name, count in found.items() if name in kept or count < self.rule.unrounded_below)

    def bearing_on(self, names: Collection[str]) -> set[str]:
        """Everything that bears on the given cells and is not determined at once; determined cells too."""
        systems = {int(self.numbers.system_of[self.place[name]]) for name in names} | {-1}
        return {name for name, system in zip(self.names, self.numbers.system_of, strict=True) if int(system) in systems}


def is_rounded(cell: Cell, rule: Rule) -> bool:
    """Whether a shown number represents several counts."""
    return cell.token is Token.SHOWN and bool(cell.value) and rule.round_to > 1 and not cell.is_exact


def complement(
    leaks: Callable[[frozenset[str]], list[str]],
    lines: Iterable[Collection[str]],
    free: Mapping[str, tuple[int, ...]],
) -> tuple[frozenset[str], list[str]]:
    """Cells to suppress in addition to the rule's, until nothing is disclosed, and what is disclosed all the same.

    `leaks` returns what can be worked out with further cells suppressed, `lines` the names that share a sum or an
    order, and `free` the cost of each cell that may be suppressed. The cheapest of the cells nearest to a leak is
    taken, one for all leaks of its lines, before `leaks` is called again. After some rounds it is asked whether all
    cells together would help: else one after another would be suppressed for nothing.
    """
    beside = lines_of(lines)
    further: frozenset[str] = frozenset()
    rounds = 0
    while found := leaks(further):
        rounds += 1
        if rounds == PATIENCE and (hopeless := leaks(frozenset(free))):
            return further, hopeless
        served: set[str] = set()
        before = further
        for name in sorted(found):
            chosen = None if name in served else nearest(name, beside, free, further)
            if chosen is not None:
                further |= {chosen}
                served |= {chosen}.union(*beside.get(chosen, ()))
        if further == before:
            break
    return further, found


def lines_of(lines: Iterable[Collection[str]]) -> dict[str, list[Collection[str]]]:
    """Name -> the lines that it is in."""
    beside: dict[str, list[Collection[str]]] = {}
    for line in lines:
        for name in line:
            beside.setdefault(name, []).append(line)
    return beside


def nearest(
    start: str,
    beside: Mapping[str, Sequence[Collection[str]]],
    free: Mapping[str, tuple[int, ...]],
    taken: Collection[str],
) -> str | None:
    """The cheapest of the cells that are the fewest lines away; None where there is none."""
    seen, edge = {start}, {start}
    while edge:
        choice = [name for name in edge if name in free and name not in taken]
        if choice:
            return min(choice, key=lambda name: (free[name], name))
        edge = {other for name in edge for line in beside.get(name, ()) for other in line} - seen
        seen |= edge
    return None
