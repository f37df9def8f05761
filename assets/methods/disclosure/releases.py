"""What earlier releases disclose, those of discontinued breakdowns included.

An attacker who keeps every release can know the following, and so the attack knows it:

- Within a release, the groups of a breakdown add up to their total. No count exceeds the count of which it is a part.
  The supported are those whom a service accepted. Groups are those of that day, whatever they are today.
- A crime with an outcome within 90 days has one within 180; a crime that was charged has an outcome. A victim whom a
  service accepted had consented (`INSIDE`).
- Every figure represents the counts that the rule of its day lets it represent.
- A count that has not moved between two releases is one count. The attacker sees that it was not released again, or
  knows it from elsewhere; the attack assumes that he always does. So two divisions into areas, whose other areas and
  total have not moved, give him "the old areas that are gone = the new ones". No map is needed.
- A number that changed under the same rule moved by three or more: else it would have been kept. One that was kept
  moved by two at most.
- A share and a verdict leave an interval of the exact share, and a share says whether few are not in it. What was said
  of a whole less its part is said of a count of its own (`rest`), protected like any other.

Two things are left out, because nobody can know them for certain. Which area was divided into which, where others have
moved too. And what a count was between two releases, where both have moved.

A count of today has the name of its cell. An earlier count that has moved since has a name of its own and is protected
like any other: a release that discloses what an earlier one suppressed is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any

from assets.methods.disclosure.control import MOST, NO_SHARE, Band, Cell, Part, Rule, Share, Sum, Token, possible

Row = Mapping[str, Any]
STEADY = 2  # a count that moves by this or less keeps its released figure
ALL = "all"
LONGEST = 10**6  # the largest denominator of a share that a stored number keeps apart from others
INSIDE = {  # measure -> those that count all of its crimes too, besides the count that it is a share of
    "accepted": ("consented",),
    "outcome_90": ("outcome_180",),
    "outcome_180": ("outcome_365",),
    "charged_90": ("charged_180", "outcome_90"),
    "charged_180": ("charged_365", "outcome_180"),
    "charged_365": ("outcome_365",),
    "victim_not_supporting_365": ("outcome_365",),
}


@dataclass
class Knowledge:
    """Knowledge from earlier releases: limits of counts, and the sums and orders that these obey.

    `moved` names counts that are not those of today, with the row of their latest release. `rests` names what is in a
    whole and not in its part, where a share says something of it, with its exact count.
    """

    limits: dict[str, tuple[int, int]] = field(default_factory=dict)
    sums: set[Sum] = field(default_factory=set)
    nested: set[Part] = field(default_factory=set)
    moved: dict[str, Row] = field(default_factory=dict)
    bands: set[Band] = field(default_factory=set)
    rests: dict[str, int] = field(default_factory=dict)

    def narrow(self, name: str, low: int, high: int) -> None:
        """Restrict a count to the range between the two."""
        least, most = self.limits.get(name, (0, MOST))
        self.limits[name] = max(least, low), min(most, high)


    def read_share(
        self, part: tuple[str, int], whole: tuple[str, int], share: Share, cells: tuple[Cell, Cell], rule: Rule
    ) -> None:
        """Add what a share says. `part` and `whole` are the names and exact counts of its `cells`."""
        (name, count), (of, total) = part, whole
        (_, most), (fewest, _) = (possible(cell, rule) for cell in cells)
        if share.low > NO_SHARE.low or share.high < NO_SHARE.high:
            self.bands.add(Band(name, of, share.low, share.high))
        if share.rest == NO_SHARE.rest or share.rest[0] > total - count or total - count > share.rest[1]:
            return
        if 0 < total - count < rule.unrounded_below:
            rest = f"{of} less {name}"
            self.rests[rest] = total - count
            self.sums.add(Sum(of, (name, rest)))
            self.narrow(rest, *share.rest)
        elif share.rest[1] == 0:
            self.sums.add(Sum(of, (name,)))
        elif fewest - most < share.rest[0]:
            self.nested.add(Part(name, of, share.rest[0]))


def breakdown_of(cell_ref: str) -> str:
    """The cell's breakdown: measure|year|breakdown|group, or measure|month|first day."""
    parts = cell_ref.split("|", 3)
    return parts[2] if len(parts) == 4 else parts[1]


def same_as(cell_ref: str) -> str:
    """The other name of a count that has two: supported among known victims are those whom a service accepted."""
    parts = cell_ref.split("|")
    is_supported = len(parts) == 4 and (parts[0], *parts[2:]) == ("known", "support", "accepted")
    return f"accepted|{parts[1]}|{ALL}|{ALL}" if is_supported else ""


def wholes_of(row: Row) -> tuple[str, ...]:
    """The cells whose counts include that of a cell: the one that it is a part of, and those of other measures."""
    measure, _, rest = row["cell_ref"].partition("|")
    others = tuple(f"{other}|{rest}" for other in INSIDE.get(measure, ()))
    return (row["parent_ref"], *others) if row["parent_ref"] is not None else others


def cell_of(row: Row) -> Cell:
    """A count as it was released; it may have moved a little since its figure was made."""
    slack = STEADY if row["counted"] != row["person_count"] else 0
    return Cell(Token(row["token"]), row["value"], is_other=row["is_other"], slack=slack)


def share_then(row: Row) -> Share:
    """What a release said of a count's share of its whole; nothing where it is of an earlier version."""
    ends = row.get("share_least"), row.get("share_greatest")
    low, high = (None if end is None else as_fraction(end) for end in ends)
    rest = row.get("rest_least"), row.get("rest_greatest")
    return Share(
        row.get("share"),
        NO_SHARE.low if low is None else low,
        NO_SHARE.high if high is None else high,
        (NO_SHARE.rest[0] if rest[0] is None else rest[0], NO_SHARE.rest[1] if rest[1] is None else rest[1]),
    )


def as_fraction(number: float) -> Fraction:
    """A share that was stored as a number: exact, for its denominator is no longer than counts are."""
    return Fraction(number).limit_denominator(LONGEST)


def rule_then(row: Row) -> Rule:
    """The rule by which a released count was made."""
    return Rule(row["suppress_to"], row["round_to"], row["hides_zero"])


def is_by(row: Row, rule: Rule) -> bool:
    """Whether a released count was made by a given rule."""
    same = Rule(row["suppress_to"], row["round_to"], row["hides_zero"], rule.fewest_in_share, rule.unrounded_below)
    return same == rule


def read_earlier_releases(cells: Sequence[Row], earlier: Sequence[Row], class_minimum: int) -> Knowledge:
    """Everything that earlier releases disclose of today's counts and of their own.

    `earlier` are the rows of core.released_before, the earliest first. A line that the counts do not obey is left out,
    because nobody can know it; so it is where a release was recorded in part.
    """
    knowledge, names = Knowledge(), Names(cells)
    last: dict[str, Row] = {}
    for held, changed, gone in _releases(earlier):
        for row in changed:
            name, (low, high) = names.name_of(row), possible(cell_of(row), rule_then(row))
            if low <= row["counted"] <= high:
                knowledge.narrow(name, low, high)
            is_public = is_public_zero(row, held, "counted", class_minimum, row["hides_zero"])
            if name != row["cell_ref"] and not is_public:
                knowledge.moved[name] = row
            if row.get("least") is not None:
                knowledge.narrow(name, row["least"], row["greatest"])
            if row["cell_ref"] in last:
                knowledge.nested.update(step(names, last[row["cell_ref"]], row))
            last[row["cell_ref"]] = row
        _structure(knowledge, names, held, {row["cell_ref"]: row for row in (*changed, *gone)}, class_minimum)
    return knowledge


class Names:
    """Name of each count: that of its cell where it is the count of today."""

    def __init__(self, cells: Sequence[Row]) -> None:
        self.today = {row["cell_ref"]: row["person_count"] for row in cells}

    def name_of(self, row: Row) -> str:
        """The name of the count behind a released row."""
        return self.counted(row["cell_ref"], row["counted"])

    def counted(self, ref: str, count: int) -> str:
        """The name of a count of a cell."""
        return ref if self.today.get(ref) == count else f"{ref} = {count}"


def step(names: Names, then: Row, now: Row) -> list[Part]:
    """Record that a number which changed under one rule moved by three or more, and a kept one by two at most."""
    if then["person_count"] == now["person_count"] != now["counted"]:
        one, other = (names.counted(now["cell_ref"], count) for count in (now["person_count"], now["counted"]))
        return [Part(one, other, -STEADY), Part(other, one, -STEADY)]
    is_changed = (then["token"], then["value"]) != (now["token"], now["value"])
    is_ruled = is_by(then, rule_then(now)) and not then["is_other"] and not now["is_other"] and then["value"] != 0
    if not (is_changed and is_ruled and abs(now["counted"] - then["person_count"]) > STEADY):
        return []
    ends = [(then["person_count"], Cell(Token(then["token"]), then["value"])), (now["counted"], cell_of(now))]
    (less, low), (more, high) = sorted(ends, key=lambda end: end[0])
    if possible(low, rule_then(then))[1] + STEADY < possible(high, rule_then(then))[0]:
        return []  # the numbers imply it
    return [Part(names.counted(now["cell_ref"], less), names.counted(now["cell_ref"], more), STEADY + 1)]


def _releases(earlier: Sequence[Row]) -> Iterator[tuple[dict[str, Row], list[Row], list[Row]]]:
    """Each release as it was, those of its rows that had changed, and those no longer released."""
    held: dict[str, Row] = {}
    for _, rows in groupby(earlier, key=lambda row: row["published_at"]):
        changed, gone = [], []
        for row in rows:
            before = held.pop(row["cell_ref"], None)
            if row["counted"] is None:  # not measured, or no longer released
                gone += [before] if before is not None else []
            else:
                held[row["cell_ref"]] = row
                changed.append(row)
        yield held, changed, gone


def _structure(
    knowledge: Knowledge, names: Names, held: Mapping[str, Row], touched: Mapping[str, Row], class_minimum: int
) -> None:
    """The sums and parts of one release in which something had changed."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for ref, row in held.items():
        if row["total_ref"] in held:
            groups[row["total_ref"], breakdown_of(ref)].append(row)
        whole, twin = held.get(row["parent_ref"] or ""), held.get(same_as(ref))
        if whole is not None and (ref in touched or whole["cell_ref"] in touched):
            part, of = ((names.name_of(each), each["counted"]) for each in (row, whole))
            knowledge.read_share(part, of, share_then(row), (cell_of(row), cell_of(whole)), rule_then(row))
        for other in (held[name] for name in wholes_of(row) if name in held):
            if (ref in touched or other["cell_ref"] in touched) and row["counted"] <= other["counted"]:
                knowledge.nested.add(Part(names.name_of(row), names.name_of(other)))
        if (
            whole is not None
            and (ref in touched or whole["cell_ref"] in touched)
            and is_implied_by_zero(row, whole, held.get(row["total_ref"] or ""))
            and whole["counted"] >= class_minimum
        ):
            knowledge.narrow(names.name_of(whole), class_minimum, MOST)
        if twin is not None and twin["counted"] == row["counted"]:
            knowledge.sums.add(Sum(names.name_of(twin), (names.name_of(row),)))
    changed = {(row["total_ref"], breakdown_of(ref)) for ref, row in touched.items()}
    for (total, breakdown), rows in groups.items():
        is_changed = (total, breakdown) in changed or total in touched
        if is_changed and sum(row["counted"] for row in rows) == held[total]["counted"]:
            knowledge.sums.add(Sum(names.name_of(held[total]), tuple(sorted(names.name_of(row) for row in rows))))


def is_implied_by_zero(row: Row, whole: Row, total: Row | None) -> bool:
    """Whether a zero is shown under a number, which implies a large group: else it would be suppressed.

    Where nobody at all got so far, it implies nothing.
    """
    return row["value"] == 0 and bool(whole["value"]) and (total is None or total["value"] != 0)


def is_public_zero(row: Row, release: Mapping[str, Row], count: str, class_minimum: int, hides_zero: bool) -> bool:
    """Whether a count is a zero that need not be protected: it does not say of a few people that none is in a group.

    `count` names the column of the exact counts in the rows of `release`.
    """
    above = [release[row[name]][count] for name in ("parent_ref", "total_ref") if row[name] in release]
    is_of_few = any(number is None or 0 < number < class_minimum for number in above)
    return row[count] == 0 and not hides_zero and not is_of_few
