"""Shares of released counts and verdicts on their change, from exact counts, and what each says of these.

Counts rounded to five make poor shares: 32 of 33 would be 30 of 35. So a share is that of the exact counts of the day,
to a whole point, and it stays while its figures are kept and the exact share is within a point. What is in the whole
and not in the part (the rest) is protected as a count is. Where it is few, there is no share, or the middle of what a
suppressed count may be. Where some share that the figures allow would leave one number alone for a small count, it is
in steps of two points, or none. The step depends on the figures alone, so it says nothing of the counts. Every share
is within a point of the exact one.

A verdict is that of assets/methods/comparison.py on exact counts. It says that the counts of two years are on one side
of a curve. The attack lets the reader know those of the other year. Then the curve is a share of this year's whole:
between the nearest shares with another verdict, all have the same. A reader who knows less is left with more. A verdict
is given where it is safe whatever the counts are that the figures allow, so that its absence says as little. Cells of
two quarters are in no sum together: the counts of one year never depend on those of the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

from assets.methods.comparison import CHANCE_ALONE, UNCLEAR, Spread, difference_of_shares, direction, ratio_of_counts
from assets.methods.disclosure.control import MOST, NO_SHARE, Cell, Rule, Share, Token, pairs_between, possible
from assets.methods.disclosure.releases import STEADY, as_fraction, share_then

Row = Mapping[str, Any]
Made = Mapping[str, tuple[Cell, int | None]]
Range = tuple[int, int]
Pair = tuple[int, int]  # a part and its whole
Box = tuple[Range, Range]  # the limits of a part and of its whole
Zone = tuple[Fraction, Fraction]  # the shares at which an earlier one is kept
Kept = tuple[Fraction, Fraction, Fraction, bool]  # a share, its limits, and whether they are of the same counts
POINT = Fraction(1, 100)
MANY = 5000  # from this number of cases a tenth of a point is coarser than a count rounded to five
REST = 2  # place of the rest among a part, its whole and the rest
MONTHS = 3  # of the quarters that are compared


def limits(cell: Cell, rule: Rule) -> tuple[int | None, int | None]:
    """Return the counts that a released number may represent. They are the same for every number, changed or not:
    different limits would reveal which count changed. A total that is not rounded is exact."""
    if cell.token is not Token.SHOWN:
        return None, None
    low, high = possible(Cell(cell.token, cell.value), rule)
    if cell.is_exact:
        return cell.value, cell.value
    return (0, 0) if cell.value == 0 else (max(0, low - STEADY), high + STEADY)


def name_of_share(ref: str) -> str:
    """What is left out of a release where a share is: a name beside those of cells."""
    return f"{ref} share"


def name_of_verdict(ref: str) -> str:
    """What is left out of a release where a verdict is."""
    return f"{ref} change"


def with_shares(
    cells: Sequence[Row], made: Made, last: Mapping[str, Row], rule: Rule, hidden: Collection[str], z: float,
    spreads: Mapping[str, Spread],
) -> dict[str, tuple[Cell, int | None]]:  # fmt: skip
    """The cells of a release with their shares and verdicts, but those whose names are `hidden`.

    `last` has each cell as it was released last, `spreads` how the monthly counts of a measure vary.
    """
    counts = {row["cell_ref"]: row["person_count"] for row in cells if made[row["cell_ref"]][1] is not None}
    parent = {row["cell_ref"]: row["parent_ref"] for row in cells if row["parent_ref"] in counts}
    shares: dict[str, Share] = {}
    for ref, whole in parent.items():
        if ref in counts and name_of_share(ref) not in hidden:
            shares[ref] = _share((ref, whole), (counts[ref], counts[whole]), made, last, rule)
    for row in sorted(cells, key=lambda row: str(row["cell_ref"])):
        ref, before = row["cell_ref"], row.get("before_ref")
        if before not in counts or ref not in counts or row["not_compared"] or name_of_verdict(ref) in hidden:
            continue
        ends = ref, str(before)
        if row["parent_ref"] is None:
            spread = spreads.get(row["measure_code"], CHANCE_ALONE)
            shares |= _counts_compared(ends, counts, made, shares, rule, z, spread)
        elif parent.keys() >= {*ends}:
            refs = (*ends, *(parent[end] for end in ends))
            is_unmoved = all(each in last and last[each]["counted"] == counts[each] for each in refs)
            again = last[ref].get("change") if is_unmoved else None
            shares |= _shares_compared(ends, parent, counts, made, shares, rule, z, again)
    return {ref: (replace(cell, share=shares.get(ref, NO_SHARE)), count) for ref, (cell, count) in made.items()}


def _share(refs: tuple[str, str], counted: Pair, made: Made, last: Mapping[str, Row], rule: Rule) -> Share:
    """The share of a part in its whole."""
    part, whole = (made[ref][0] for ref in refs)
    least, most = limits(whole, rule)
    if part.value is None or whole.value is None or least is None or most is None or least < rule.fewest_in_share:
        return NO_SHARE
    box = possible(part, rule), possible(whole, rule)
    if part.value == 0 or rest_of(counted) < 0 or rule.round_to == 1 or all(low == high for low, high in box):
        # it is that of the figures, and says no more
        return Share(part.value / whole.value) if part.value <= whole.value else NO_SHARE
    few = (0 if rule.hides_zero else 1), rule.suppress_to
    if few[0] <= rest_of(counted) <= few[1]:
        return Share(_of_few(whole.value, (least, most), few), rest=few)
    if rest_of(counted) == 0:
        return Share(1.0, rest=(0, 0))
    kept = _kept(last.get(refs[0]), last.get(refs[1]), (part, whole), counted)
    return _rounded(*counted, box, rule, kept, whole.value)


def _of_few(total: int, whole: Range, few: Range) -> float | None:
    """The share less the middle of what few may be; None where it may be more than a point from the exact one."""
    unit = POINT if total < MANY else POINT / 10
    share = min(_steps(1 - Fraction(sum(few), 2 * total), unit), int(1 / unit) - 1) * unit
    ends = [1 - Fraction(rest, of) for rest in few for of in whole]
    return float(share) if all(abs(end - share) <= POINT for end in ends) else None


def _steps(share: Fraction, unit: Fraction) -> int:
    """How many units a share is, to the nearest; half is rounded up."""
    return int((share / unit + Fraction(1, 2)) // 1)


def _kept(part: Row | None, whole: Row | None, now: tuple[Cell, Cell], counted: Pair) -> Kept | None:
    """The share released last, where its figures are those of today; with its limits, where its counts are too."""
    if part is None or whole is None or part.get("rest_least") is None or part["rest_greatest"] is not None:
        return None  # it had none, or one that rounding did not make
    figures = zip((part, whole), now, strict=True)
    if any((row["token"], row["value"]) != (cell.token.value, cell.value) for row, cell in figures):
        return None
    share = as_fraction(part["share"])
    if (part["counted"], whole["counted"]) != counted:
        return share, share - POINT, share + POINT, False
    before = share_then(part)
    return share, before.low, before.high, True


def _rounded(count: int, total: int, box: Box, rule: Rule, kept: Kept | None, shown: int) -> Share:
    """The share in the finest step that is safe, or the one before; NO_SHARE where there is none."""
    rest = (rule.suppress_to + 1, MOST)
    if kept is not None and kept[3]:
        return Share(float(kept[0]), kept[1], kept[2], rest)
    zone = None if kept is None else (kept[1], kept[2])
    unit = _step(box, rule, zone, POINT if shown < MANY else POINT / 10)
    if unit is None:
        return NO_SHARE
    share, side = _place(Fraction(count, total), unit, zone)
    if kept is not None and side == 0:
        return Share(float(kept[0]), kept[1], kept[2], rest)
    low = share - unit / 2 if share > unit else NO_SHARE.low
    high = share + unit / 2 if share < 1 - unit else NO_SHARE.high
    if zone is not None:
        low, high = (max(low, zone[1]), high) if side > 0 else (low, min(high, zone[0]))
    return Share(float(share), low, high, rest)


def _place(exact: Fraction, unit: Fraction, zone: Zone | None) -> tuple[Fraction, int]:
    """A share in steps of a unit, neither none nor all, which say so; and its side of the zone of a kept share.

    In that zone (side 0) it is no other share.
    """
    side = 1 if zone is None or exact >= zone[1] else -1 if exact < zone[0] else 0
    return (NO_SHARE.low if side == 0 else min(max(_steps(exact, unit), 1), int(1 / unit) - 1) * unit), side


@cache
def _step(box: Box, rule: Rule, zone: Zone | None, finest: Fraction) -> Fraction | None:
    """The finest step in which every share that the figures allow is safe: so the step says nothing of the counts."""
    rest = (rule.suppress_to + 1, MOST)
    pairs = _left(Share(rest=rest), box)
    for unit in (finest, 2 * POINT):
        classes = defaultdict(list)
        for pair in pairs:
            classes[_place(Fraction(*pair), unit, zone)].append(pair)
        if all(_is_safe(same, pairs, rule) for same in classes.values()):
            return unit
    return None


def _left(share: Share, box: Box) -> list[Pair]:
    """Parts and wholes that are possible by themselves: by their figures (`box`), the share and the rest."""
    pairs = pairs_between(*box, share.low, share.high)
    return [pair for pair in pairs if share.rest[0] <= rest_of(pair) <= share.rest[1]]


def _is_safe(left: Sequence[Pair], alone: Sequence[Pair], rule: Rule) -> bool:
    """Whether pairs that look alike have several numbers for each small count, or all that
    their figures leave (`alone`). Where the rest is few, it has every number that these leave."""
    for at in range(3):
        held, before = ({(*pair, rest_of(pair))[at] for pair in pairs} for pairs in (left, alone))
        is_few = at == REST and max(before) <= rule.suppress_to
        if held != before and (is_few or (len(held) == 1 and max(held) < rule.unrounded_below)):
            return False
    return True


def rest_of(pair: Pair) -> int:
    """What is in the whole and not in the part."""
    return pair[1] - pair[0]


def _narrowed(share: Share, true: Pair, pairs: Sequence[Pair], holds: Callable[[Pair], bool]) -> Share | None:
    """The share with limits between which a verdict holds for all pairs; None where it depends on more than these."""
    exact = Fraction(*true)
    others = {Fraction(*pair) for pair in pairs if not holds(pair)}
    if exact in others:
        return None
    below, above = (s for s in others if s < exact), (s for s in others if s > exact)
    last = max(below, default=None)
    low = share.low if last is None else min(s for s in (Fraction(*pair) for pair in pairs) if s > last)
    return replace(share, low=low, high=min(above, default=share.high))


@cache
def _shares_verdict(now: Pair, then: Pair, z: float) -> str:
    return direction(*difference_of_shares(*now, *then, z))


def _shares_compared(
    ends: tuple[str, str], parent: Mapping[str, str], counts: Mapping[str, int], made: Made,
    shares: Mapping[str, Share], rule: Rule, z: float, again: str | None,
) -> dict[str, Share]:  # fmt: skip
    """The shares of two years with the verdict on their change; empty where none can be given.

    `again` is the verdict that was released last of the very same counts: to repeat it says nothing.
    """
    if any(ref not in shares or shares[ref].value is None for ref in ends):
        return {}
    true = [(counts[ref], counts[parent[ref]]) for ref in ends]
    boxes = [(possible(made[ref][0], rule), possible(made[parent[ref]][0], rule)) for ref in ends]
    left = [_left(shares[ref], box) for ref, box in zip(ends, boxes, strict=True)]
    said = _shares_verdict(true[0], true[1], z)
    if said == again:
        return {ends[0]: replace(shares[ends[0]], change=said)}
    if not _are_safe(left, lambda now, then: _shares_verdict(now, then, z), rule):
        return {}
    now = _narrowed(shares[ends[0]], true[0], left[0], lambda pair: _shares_verdict(pair, true[1], z) == said)
    then = _narrowed(shares[ends[1]], true[1], left[1], lambda pair: _shares_verdict(true[0], pair, z) == said)
    return {} if now is None or then is None else {ends[0]: replace(now, change=said), ends[1]: then}


def _are_safe(left: Sequence[Sequence[Pair]], verdict: Callable[[Pair, Pair], str], rule: Rule) -> bool:
    """Whether each verdict is safe for a reader with the counts of the other year, whatever both years' counts are.

    So neither a verdict nor its absence says more.
    """
    if min(min(*pair, rest_of(pair)) for pairs in left for pair in pairs) >= rule.unrounded_below:
        return True
    for at, (own, others) in enumerate((left, left[::-1])):
        for other in others:
            classes = defaultdict(list)
            for pair in own:
                classes[verdict(*((pair, other) if at == 0 else (other, pair)))].append(pair)
            if not all(_is_safe(same, own, rule) for same in classes.values()):
                return False
    return True


def _counts_compared(
    ends: tuple[str, str], counts: Mapping[str, int], made: Made, shares: Mapping[str, Share], rule: Rule, z: float,
    spread: Spread,
) -> dict[str, Share]:  # fmt: skip
    """The counts of two years with the verdict on their change; empty where none can be given."""
    if any(made[ref][0].value is None for ref in ends):
        return {}

    @cache
    def verdict(now: int, then: int) -> str:
        return UNCLEAR if now == then else direction(*ratio_of_counts(now, then, z, spread, MONTHS), 1)

    true = [counts[ref] for ref in ends]
    boxes = [possible(made[ref][0], rule) for ref in ends]
    left = [[(count, MOST) for count in range(low, high + 1)] for low, high in boxes]
    if not _are_safe(left, lambda now, then: verdict(now[0], then[0]), rule):
        return {}
    said, found = verdict(true[0], true[1]), {}
    for at, (ref, box) in enumerate(zip(ends, boxes, strict=True)):
        held = [n for n in range(box[0], box[1] + 1) if verdict(*(n if k == at else true[k] for k in (0, 1))) == said]
        own = shares.get(ref, NO_SHARE)
        # counts of one verdict are one next to the other
        found[ref] = own if (held[0], held[-1]) == box else replace(own, count=(held[0], held[-1]))
    return found | {ends[0]: replace(found[ends[0]], change=said)}
