"""What earlier releases tell, those of groupings that are no more included.

What somebody who keeps every release can know, and the attack therefore knows:

- within a release the groups of a breakdown add up to their total, no count is more than the one it is a part of, and
  the supported are those whom a service accepted: of the groups as they were drawn then, whatever they are today;
- every figure stands for what the rule of its day lets it stand for;
- a count that has not moved between two releases is one count. He sees that it was not released anew, or knows it from
  elsewhere; the attack supposes that he always does. So two drawings of the areas whose other areas and total have not
  moved give him "the old areas that are gone = the new ones", and no map is needed;
- a number that changed under the same rule moved by three or more, since else it would have stood.

What nobody can know for certain it leaves out: which area was cut into which where others have moved too, and what lies
between two counts of which both have moved.

A count of today has the name of its cell; one that it has moved from has a name of its own, and is protected like any
other: a release that tells what an earlier one hid is a leak.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from assets.methods.disclosure.control import MOST, Cell, Part, Rule, Sum, Token, possible

Row = Mapping[str, Any]
STEADY = 2  # a change of the count by so many moves no figure that was released
ALL = "all"


@dataclass
class Told:
    """What earlier releases tell: limits of counts, and what these obey. `moved` names counts that are not those of
    today, with the row of their latest release."""

    limits: dict[str, tuple[int, int]] = field(default_factory=dict)
    sums: set[Sum] = field(default_factory=set)
    nested: set[Part] = field(default_factory=set)
    moved: dict[str, Row] = field(default_factory=dict)

    def narrow(self, name: str, low: int, high: int) -> None:
        """A count lies between the two."""
        least, most = self.limits.get(name, (0, MOST))
        self.limits[name] = max(least, low), min(most, high)


def breakdown_of(cell_ref: str) -> str:
    """measure|year|breakdown|group, or measure|month|first day."""
    parts = cell_ref.split("|", 3)
    return parts[2] if len(parts) == 4 else parts[1]


def same_as(cell_ref: str) -> str:
    """The other name of a count that has two: the supported among those known are those whom a service accepted."""
    parts = cell_ref.split("|")
    is_supported = len(parts) == 4 and (parts[0], *parts[2:]) == ("known", "support", "accepted")
    return f"accepted|{parts[1]}|{ALL}|{ALL}" if is_supported else ""


def cell_of(row: Row) -> Cell:
    """A count as it was released; it may have moved a little since its figure was made."""
    slack = STEADY if row["counted"] != row["person_count"] else 0
    return Cell(Token(row["token"]), row["value"], is_other=row["is_other"], slack=slack)


def rule_then(row: Row) -> Rule:
    """The rule that a released count was made with."""
    return Rule(row["suppress_to"], row["round_to"], row["hides_zero"])


def is_by(row: Row, rule: Rule) -> bool:
    """Whether a released count was made by a rule."""
    same = Rule(row["suppress_to"], row["round_to"], row["hides_zero"], rule.fewest_in_share, rule.unrounded_below)
    return same == rule


def told_before(cells: Sequence[Row], earlier: Sequence[Row], class_minimum: int) -> Told:
    """What all earlier releases tell of the counts of today and of their own.

    `earlier` are the rows of core.released_before, the earliest first. What a count does not obey nobody can know of
    it: such lines are left out, as where a release was written down in part.
    """
    told, names = Told(), Names(cells)
    last: dict[str, Row] = {}
    for held, changed, gone in _releases(earlier):
        for row in changed:
            name, (low, high) = names.of(row), possible(cell_of(row), rule_then(row))
            if low <= row["counted"] <= high:
                told.narrow(name, low, high)
            if name != row["cell_ref"]:
                told.moved[name] = row
            if row["cell_ref"] in last:
                told.nested.update(step(names, last[row["cell_ref"]], row))
            last[row["cell_ref"]] = row
        _structure(told, names, held, {row["cell_ref"]: row for row in (*changed, *gone)}, class_minimum)
    return told


class Names:
    """What each count is called: by its cell where it is that of today."""

    def __init__(self, cells: Sequence[Row]) -> None:
        self.today = {row["cell_ref"]: row["person_count"] for row in cells}

    def of(self, row: Row) -> str:
        """The name of the count that a row was released of."""
        return self.counted(row["cell_ref"], row["counted"])

    def counted(self, ref: str, count: int) -> str:
        """The name of a count of a cell."""
        return ref if self.today.get(ref) == count else f"{ref} = {count}"


def step(names: Names, then: Row, now: Row) -> list[Part]:
    """A number that changed under one rule moved by more than a figure stands: what that adds to the numbers."""
    is_changed = (then["token"], then["value"]) != (now["token"], now["value"])
    is_ruled = is_by(then, rule_then(now)) and not then["is_other"] and not now["is_other"] and then["value"] != 0
    if not (is_changed and is_ruled and abs(now["counted"] - then["person_count"]) > STEADY):
        return []
    ends = [(then["person_count"], Cell(Token(then["token"]), then["value"])), (now["counted"], cell_of(now))]
    (less, low), (more, high) = sorted(ends, key=lambda end: end[0])
    if possible(low, rule_then(then))[1] + STEADY < possible(high, rule_then(then))[0]:
        return []  # the numbers say as much
    return [Part(names.counted(now["cell_ref"], less), names.counted(now["cell_ref"], more), STEADY + 1)]


def _releases(earlier: Sequence[Row]) -> Iterator[tuple[dict[str, Row], list[Row], list[Row]]]:
    """Each release as it stood, those of its rows that had changed, and those that were released no more."""
    held: dict[str, Row] = {}
    for _, rows in groupby(earlier, key=lambda row: row["published_at"]):
        changed, gone = [], []
        for row in rows:
            before = held.pop(row["cell_ref"], None)
            if row["counted"] is None:  # not measured, or released no more
                gone += [before] if before is not None else []
            else:
                held[row["cell_ref"]] = row
                changed.append(row)
        yield held, changed, gone


def _structure(
    told: Told, names: Names, held: Mapping[str, Row], touched: Mapping[str, Row], class_minimum: int
) -> None:
    """The sums and parts of one release in which something had changed."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for ref, row in held.items():
        if row["total_ref"] in held:
            groups[row["total_ref"], breakdown_of(ref)].append(row)
        whole, twin = held.get(row["parent_ref"] or ""), held.get(same_as(ref))
        if whole is not None and (ref in touched or whole["cell_ref"] in touched):
            if row["counted"] <= whole["counted"]:
                told.nested.add(Part(names.of(row), names.of(whole)))
            if is_told_by_nought(row, whole, held.get(row["total_ref"] or "")) and whole["counted"] >= class_minimum:
                told.narrow(names.of(whole), class_minimum, MOST)
        if twin is not None and twin["counted"] == row["counted"]:
            told.sums.add(Sum(names.of(twin), (names.of(row),)))
    changed = {(row["total_ref"], breakdown_of(ref)) for ref, row in touched.items()}
    for (total, breakdown), rows in groups.items():
        is_changed = (total, breakdown) in changed or total in touched
        if is_changed and sum(row["counted"] for row in rows) == held[total]["counted"]:
            told.sums.add(Sum(names.of(held[total]), tuple(sorted(names.of(row) for row in rows))))


def is_told_by_nought(row: Row, whole: Row, total: Row | None) -> bool:
    """Whether a nought is shown under a number: it tells that this is of a large group, else it would be hidden. Where
    nobody at all got so far it tells nothing."""
    return row["value"] == 0 and bool(whole["value"]) and (total is None or total["value"] != 0)
