"""The small-number rule in a table of two breakdowns, whose rows and columns have known totals.

A figure that is hidden must follow neither from its row, nor from its column, nor from several of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from dashboards.text.small_numbers import SmallNumbers

Cell = tuple[str, str]  # row and column
ROWS, COLUMNS = "row", "column"
OTHERS = ""  # all columns but one, together
_Place = tuple[str, str]  # a row or a column, by name; the total of either has an empty name


@dataclass(frozen=True)
class SmallTable:
    """What a table counts, and of a share what it does not: `counts` and `rests`, by cell.

    `hidden_rows` and `hidden_columns` are those whose total is hidden.
    """

    counts: Mapping[Cell, int]
    rests: Mapping[Cell, int]  # empty where the table has no shares
    hidden_rows: frozenset[str]
    hidden_columns: frozenset[str]
    rule: SmallNumbers

    def hidden(self, also: Iterable[Cell] = ()) -> set[Cell]:
        """The cells that may not be shown; `also` are some that are hidden for another reason."""
        found = {cell for cell in self.counts if self._is_hidden(cell)} | set(also)
        before: set[Cell] = set()
        while found != before:  # hiding one may reveal another
            before = set(found)
            for line in self._lines:
                found |= self._others(line, found)
            found |= set(self._across(found))
        return found

    def turned(self) -> SmallTable:
        """The same table with its rows as columns."""
        counts, rests = ({cell[::-1]: count for cell, count in of.items()} for of in (self.counts, self.rests))
        return SmallTable(counts, rests, self.hidden_columns, self.hidden_rows, self.rule)

    def _is_hidden(self, cell: Cell) -> bool:
        """Whether it is small, its share may not be shown, or a total that it is part of is hidden."""
        count, rest = self.counts[cell], self.rests.get(cell)
        if cell[0] in self.hidden_rows or cell[1] in self.hidden_columns or self.rule.is_small(count):
            return True
        return rest is not None and count + rest > 0 and not self.rule.may_show_share(count, count + rest)

    def _is_small(self, cell: Cell) -> bool:
        return any(self.rule.is_small(of[cell]) for of in (self.counts, self.rests) if cell in of)

    @cached_property
    def _lines(self) -> list[list[Cell]]:
        """The cells of each row and column whose total is shown."""
        found: list[list[Cell]] = []
        for side, without in ((0, self.hidden_rows), (1, self.hidden_columns)):
            lines: dict[str, list[Cell]] = {}
            for cell in sorted(self.counts):
                lines.setdefault(cell[side], []).append(cell)
            found += [lines[name] for name in sorted(lines.keys() - without)]
        return found

    def _others(self, line: list[Cell], hidden: set[Cell]) -> set[Cell]:
        """The cells of a row or column to hide, so that none follows from its total."""
        out = [cell in hidden for cell in line]
        for of in (self.counts, self.rests):
            if of and len(line) > 1:
                out = self.rule.suppress_others([of[cell] for cell in line], out)
        return {cell for cell, is_out in zip(line, out, strict=True) if is_out}

    def _across(self, hidden: set[Cell]) -> list[Cell]:
        """A further cell to hide, where a small one follows from several rows and columns together; else none.

        A hidden cell joins its row to its column. It follows from the totals where nothing else that is hidden joins
        the two: then all on one side of it add up to it.
        """
        joined: dict[_Place, set[_Place]] = {}
        totals = [(row, "") for row in self.hidden_rows] + [("", column) for column in self.hidden_columns]
        for row, column in (*hidden, *totals):
            joined.setdefault((ROWS, row), set()).add((COLUMNS, column))
            joined.setdefault((COLUMNS, column), set()).add((ROWS, row))
        alone = _bridges(joined)
        for cell in sorted(filter(self._is_small, hidden)):
            start, end = (ROWS, cell[0]), (COLUMNS, cell[1])
            if (start, end) not in alone:
                continue
            side, other = _reached(joined, start, without=(start, end)), _reached(joined, end, without=(end, start))
            if more := self._joining(side, other, hidden):
                return more[:1]
        return []

    def _joining(self, side: set[_Place], other: set[_Place], hidden: set[Cell]) -> list[Cell]:
        """The cells that are shown and would join a side to more: to the other side, not zero and small ones first."""
        found = []
        for cell, count in self.counts.items():
            ends = {(ROWS, cell[0]), (COLUMNS, cell[1])}
            size = count + self.rests.get(cell, 0)
            if cell not in hidden and len(ends & side) == 1:
                found.append((not size, not ends & other, size, cell))
        return [cell for *_, cell in sorted(found)]


def hidden_beside(table: SmallTable, shared: str) -> set[Cell]:
    """The cells that may not be shown, where one column is the same figures in other tables of the same rows.

    Such a figure is shown in all these tables or in none: it rests on this column and on all others together, which are
    the same in each. Those hidden could be read from another table, so each hides one other column in all their rows:
    then whatever they are, every table could have it.
    """
    counts: dict[Cell, int] = {}
    rests: dict[Cell, int] = {}
    for of, to in ((table.counts, counts), (table.rests, rests)):
        for row, column in of:
            cell = (row, shared if column == shared else OTHERS)
            to[cell] = to.get(cell, 0) + of[row, column]
    # the total of all others is that of the whole without this column's
    totals = frozenset({shared, OTHERS} if shared in table.hidden_columns else ())
    rows = {row for row, _ in SmallTable(counts, rests, table.hidden_rows, totals, table.rule).hidden()}
    # one that is shown is a known part of its row and of its column
    kept = [cell for cell in table.counts if cell[1] != shared or cell[0] in rows]
    left = replace(
        table,
        counts={cell: table.counts[cell] for cell in kept},
        rests={cell: table.rests[cell] for cell in kept if cell in table.rests},
    )
    joint = _smallest_column(left, rows, shared) if len(rows) > 1 else shared
    return left.hidden({cell for cell in kept if cell[0] in rows and cell[1] in (shared, joint)})


def _smallest_column(table: SmallTable, rows: set[str], shared: str) -> str:
    """The other column with least in these rows, of those with the fewest zeros."""
    sizes: dict[str, list[int]] = {}
    for (row, column), count in table.counts.items():
        if row in rows and column != shared:
            sizes.setdefault(column, []).append(count + table.rests.get((row, column), 0))
    return min(sizes, key=lambda column: (sizes[column].count(0), sum(sizes[column]), column), default=shared)


def _bridges(joined: Mapping[_Place, set[_Place]]) -> set[tuple[_Place, _Place]]:
    """The steps, from either end, without which their two places are not joined (Tarjan 1974, bridges of a graph).

    Each place gets a number in the order in which it is found, and the lowest number that it reaches without the step
    by which it was found. A step is a bridge if the place behind it reaches no lower number than its own.
    """
    number: dict[_Place, int] = {}
    lowest: dict[_Place, int] = {}
    found: set[tuple[_Place, _Place]] = set()
    for first in joined:
        if first in number:
            continue
        number[first] = lowest[first] = len(number)
        path = [(first, first, iter(joined[first]))]
        while path:
            place, before, steps = path[-1]
            beside = next(steps, None)
            if beside is None:
                path.pop()
                lowest[before] = min(lowest[before], lowest[place])
                if lowest[place] == number[place] and place != before:
                    found |= {(before, place), (place, before)}
            elif beside not in number:
                number[beside] = lowest[beside] = len(number)
                path.append((beside, place, iter(joined[beside])))
            elif beside != before:
                lowest[place] = min(lowest[place], number[beside])
    return found


def _reached(joined: Mapping[_Place, set[_Place]], start: _Place, without: tuple[_Place, _Place]) -> set[_Place]:
    """The places that are joined to one, if the step `without` is left out."""
    seen, ahead = {start}, [start]
    while ahead:
        place = ahead.pop()
        for beside in joined[place] - seen:
            if (place, beside) != without:
                seen.add(beside)
                ahead.append(beside)
    return seen
