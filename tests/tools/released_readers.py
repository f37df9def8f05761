"""Readers who keep every publication for commissioners, and what follows from all of them together.

What they know is read from the releases alone, without the product's attack: each count that was ever released is a
number within its figure, and obeys the totals and parts of every publication. A count that has not moved is one number.
A share leaves its whole an interval, and says whether few are in the whole and not in the part.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from worked import Row

from assets.methods.disclosure.whole_numbers import OPEN, Line, Numbers

MANY = 10**6
Number = tuple[str, int]  # a cell and its exact count


@dataclass
class Readers:
    """What somebody who keeps every publication knows of the exact counts, and those that nobody may work out."""

    limits: dict[Number, tuple[int, int]] = field(default_factory=dict)
    lines: dict[tuple[tuple[Number, int], ...], tuple[int, int]] = field(default_factory=dict)
    protected: set[Number] = field(default_factory=set)
    shown: set[Number] = field(default_factory=set)
    listed: dict[tuple[str, str], list[set[str]]] = field(default_factory=lambda: defaultdict(list))

    def read(self, rows: Sequence[Row], few: int, unrounded_below: int) -> None:
        """Take in a publication: rows as raw.released_cells keeps them."""
        held = {row["cell_ref"]: row for row in rows if row["counted"] is not None}
        groups = defaultdict(list)
        for ref, row in held.items():
            number, low, high = self._number(row), *self._range(row)
            least, most = self.limits.get(number, (0, MANY))
            self.limits[number] = max(low, least), min(high, most)
            above = [held[row[name]] for name in ("parent_ref", "total_ref") if row[name] in held]
            is_few = any(0 < other["counted"] < few for other in above)
            is_rounded = bool(row["value"]) and row["round_to"] > 1 and row["counted"] < unrounded_below
            if is_rounded or (row["value"] is None and (row["counted"] or row["hides_zero"] or is_few)):
                self.protected.add(number)
            is_known = low == high or row["counted"] >= unrounded_below
            if row["value"] is not None and is_known:  # shown by the rule, then or now
                self.shown.add(number)
            if row["total_ref"] is not None:
                groups[row["total_ref"], ref.split("|")[-2]].append(row)
            if row["parent_ref"] in held and row["counted"] <= held[row["parent_ref"]]["counted"]:
                self._line({number: 1, self._number(held[row["parent_ref"]]): -1}, -MANY)
                self._share(row, held[row["parent_ref"]], unrounded_below)
            other = ref.replace("known|", "accepted|").replace("|support|accepted", "|all|all")
            if ref.startswith("known|") and ref.endswith("|support|accepted") and other in held:  # one count
                self._line({number: 1, self._number(held[other]): -1})
        for (total, breakdown), parts in groups.items():
            self.listed[total, breakdown].append({row["cell_ref"] for row in parts})
            assert sum(row["counted"] for row in parts) == held[total]["counted"], "a part of a breakdown is left out"
            self._line({self._number(row): 1 for row in parts} | {self._number(held[total]): -1})

    @staticmethod
    def _number(row: Row) -> Number:
        return row["cell_ref"], row["counted"]

    @staticmethod
    def _range(row: Row) -> tuple[int, int]:
        slack = 0 if row["counted"] == row["person_count"] else 2  # an earlier figure that is kept
        if row["value"] is None:
            return (0, MANY) if row["is_other"] else (max(0, 1 - row["hides_zero"] - slack), row["suppress_to"] + slack)
        if row["value"] == 0 or row["round_to"] == 1:
            return max(0, row["value"] - slack), row["value"] + slack
        low = row["value"] - row["round_to"] // 2
        return max(low, row["suppress_to"] + 1) - slack, low + row["round_to"] - 1 + slack

    def _share(self, row: Row, whole: Row, unrounded_below: int) -> None:
        """What a share says of a part and its whole."""
        part, of, count = self._number(row), self._number(whole), whole["counted"] - row["counted"]
        for name, sign in (("share_least", -1), ("share_greatest", 1)):
            if row[name] is not None:
                end = Fraction(row[name]).limit_denominator(10**6)
                factors = {part: sign * end.denominator, of: -sign * end.numerator}
                self._line(factors, -OPEN, 0 if sign < 0 else -1)
        if row["rest_least"] is None:
            return
        rest = f"{of} less {part}", count
        self.limits[rest] = row["rest_least"], MANY if row["rest_greatest"] is None else row["rest_greatest"]
        self._line({part: 1, rest: 1, of: -1})
        if 0 < count < unrounded_below:
            self.protected.add(rest)

    def _line(self, factors: Mapping[Number, int], low: int = 0, high: int = 0) -> None:
        self.lines[tuple(sorted(factors.items()))] = (low, high)

    def worked_out(self) -> list[Number]:
        """Protected counts that can be one number only."""
        names = sorted(self.limits)
        place = {name: at for at, name in enumerate(names)}
        lines = [
            Line(tuple((place[name], factor) for name, factor in line), low, high)
            for line, (low, high) in self.lines.items()
        ]
        numbers = Numbers(np.array([self.limits[name] for name in names]), lines)
        # a part that a publication does not list was seen to have none
        unlisted = {(ref, 0) for each in self.listed.values() for parts in each for ref in set().union(*each) - parts}
        hidden = self.protected - self.shown - unlisted
        return [names[at] for at in sorted(numbers.single(place[name] for name in hidden))]
