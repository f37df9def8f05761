"""Least and greatest value of whole numbers, given everything known of their sums and order.

Interval propagation narrows limits first, by what each row leaves to each number. Numbers that this determines take no
further part. The rest separates into independent systems. In each, integer programs find what is still open (Fischetti
and Salazar 2001: the attacker's problem). Every solution is kept: it shows possible values of all numbers at once, so
most programs are never run. Small systems share their programs: starting one takes longer than solving it. The result
equals one program for each end of each number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from highspy import Highs, HighsLp, HighsModelStatus, MatrixFormat
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

OPEN = 10**14  # no limit: beyond every sum, and exact in a double
ROUNDS = 60  # rounds of narrowing; any number of them keeps all possible values
TOGETHER = 400  # numbers of small systems that share programs
TOGETHER_OR_AGAINST = ((-1, -1), (1, 1), (1, -1), (-1, 1))  # signs of every first and second number
NEAR = 1e-5  # a solver works in fractions: this close to a whole number is one
NONE_FIT = "no counts fit what is published"


@dataclass(frozen=True)
class Line:
    """A condition on some numbers: low <= sum of factor times number <= high; `terms` are (index, factor)."""

    terms: tuple[tuple[int, int], ...]
    low: int = 0
    high: int = 0


def around(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """The sides of the smallest convex shape around pairs (x, y) of whole numbers: (a, b, c) with a x + b y <= c.

    Programs in fractions that have these sides end at whole pairs, where those with the conditions that chose the pairs
    end between them. Source: Andrew, Information Processing Letters 9 (1979) 216.

    >>> around([(0, 0), (1, 1), (2, 0), (1, 0)])
    [(0, -2, 0), (1, 1, 2), (-1, 1, 0)]
    """
    ordered = sorted(set(pairs))
    corners: list[tuple[int, int]] = []
    for run in (ordered, ordered[::-1]):
        start = len(corners)
        for x, y in run:
            while len(corners) > start + 1 and _turn(corners[-2], corners[-1], (x, y)) <= 0:
                corners.pop()
            corners.append((x, y))
        corners.pop()
    sides = [
        (y2 - y1, x1 - x2, (y2 - y1) * x1 - (x2 - x1) * y1)
        for (x1, y1), (x2, y2) in (pairwise([*corners, corners[0]]) if corners else ())
    ]
    if len(corners) <= 2:  # all on one line, which has ends
        for at, (a, b) in enumerate(((1, 0), (0, 1))):
            ends = [pair[at] for pair in ordered]
            sides += [(a, b, max(ends)), (-a, -b, -min(ends))]
    return sides


def _turn(one: tuple[int, int], two: tuple[int, int], three: tuple[int, int]) -> int:
    """More than 0 where the way from one over two to three turns left."""
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


class Numbers:
    """Whole numbers within `limits`, shape (n, 2), that obey `lines`; `true` is one solution, if one is known.

    Raises ValueError, here or when asked, where no numbers do.
    """

    def __init__(self, limits: np.ndarray, lines: Sequence[Line], true: np.ndarray | None = None) -> None:
        self.limits, self.true = np.array(limits, dtype=np.int64).reshape(-1, 2), true
        row, place, factor = _entries(lines)
        shape = (len(lines), len(self.limits))
        self.rows = csr_array(coo_array((factor, (row, place)), shape=shape, dtype=np.int64))
        self.low = np.array([max(line.low, -OPEN) for line in lines], dtype=np.int64)
        self.high = np.array([min(line.high, OPEN) for line in lines], dtype=np.int64)
        self._narrow()
        self.system_of = self._systems()
        self.program_of = self._programs()
        self._parts: dict[int, _System] = {}

    def _narrow(self) -> None:
        """Narrow each number by what each row leaves to it, until nothing changes."""
        entries = self.rows.tocoo()
        row, place, factor = entries.coords[0], entries.coords[1], entries.data
        limits, is_up = self.limits, factor > 0
        if (limits[:, 0] > limits[:, 1]).any():
            raise ValueError(NONE_FIT)
        for _ in range(ROUNDS if len(row) else 0):
            least = factor * np.where(is_up, limits[place, 0], limits[place, 1])
            most = factor * np.where(is_up, limits[place, 1], limits[place, 0])
            room = self.high[row] - (_summed(row, least, len(self.low))[row] - least)
            need = self.low[row] - (_summed(row, most, len(self.low))[row] - most)
            before = limits.copy()
            np.minimum.at(limits[:, 1], place, np.where(is_up, room // factor, need // factor))
            np.maximum.at(limits[:, 0], place, np.where(is_up, -(-need // factor), -(-room // factor)))
            if (limits[:, 0] > limits[:, 1]).any():
                raise ValueError(NONE_FIT)
            if (limits == before).all():
                break

    def _systems(self) -> np.ndarray:
        """The system of each number; -1 for a number that is determined."""
        is_open = self.limits[:, 0] < self.limits[:, 1]
        entries = self.rows.tocoo()
        row, place = (at[is_open[entries.coords[1]]] for at in entries.coords)
        size = len(self.limits) + len(self.low)
        links = coo_array((np.ones(len(row)), (place, len(self.limits) + row)), shape=(size, size))
        _, labels = connected_components(links, directed=False)
        return np.where(is_open, labels[: len(self.limits)], -1)

    def _programs(self) -> np.ndarray:
        """The program of each number: that of its system, which small systems share; -1 for a determined number."""
        is_open = self.system_of >= 0
        if not is_open.any():
            return self.system_of
        _, at, sizes = np.unique(self.system_of[is_open], return_inverse=True, return_counts=True)
        found = np.full(len(self.system_of), -1)
        found[is_open] = ((np.cumsum(sizes) - sizes) // TOGETHER)[at]
        return found

    def _system(self, label: int) -> _System:
        if label not in self._parts:
            places = np.flatnonzero(self.program_of == label)
            rows = np.unique(self.rows[:, places].tocoo().coords[0])
            inside = self.rows[rows]
            settled = inside @ np.where(self.program_of == label, 0, self.limits[:, 0])
            # numbers of other systems never occur in these rows, so all the rest is determined
            self._parts[label] = _System(
                places,
                self.system_of[places],
                self.limits[places],
                inside[:, places],
                self.low[rows] - settled,
                self.high[rows] - settled,
                None if self.true is None else self.true[places],
            )
        return self._parts[label]

    def reach(self, asked: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Index -> least and greatest number that it can be."""
        found: dict[int, tuple[int, int]] = {}
        for label, places in self._by_program(asked).items():
            if label < 0:
                found |= {at: (int(self.limits[at, 0]), int(self.limits[at, 1])) for at in places}
            else:
                found |= self._system(label).reach(places)
        return found

    def single(self, asked: Iterable[int]) -> dict[int, int]:
        """Index -> the number, of those that can be one only: far fewer programs than `reach`."""
        found: dict[int, int] = {}
        for label, places in self._by_program(asked).items():
            if label < 0:
                found |= {at: int(self.limits[at, 0]) for at in places}
            else:
                found |= self._system(label).single(places)
        return found

    def _by_program(self, asked: Iterable[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for at in sorted(set(asked)):
            found.setdefault(int(self.program_of[at]), []).append(at)
        return found


class _Solver(Highs):
    """A solver that prints nothing."""

    def enableCallbacks(self) -> None:
        """Leave them out (the name is the library's): none is used, and to enable them prints a heading."""


class _System:
    """Undetermined numbers that depend on one another, or small groups of such, with the values seen so far.

    `group` is the system of each number: no row has numbers of two.
    """

    def __init__(
        self,
        places: np.ndarray,
        group: np.ndarray,
        limits: np.ndarray,
        rows: csr_array,
        low: np.ndarray,
        high: np.ndarray,
        true: np.ndarray | None,
    ) -> None:
        self.at = {int(place): i for i, place in enumerate(places)}
        self.group = group
        self.limits, self.rows, self.low, self.high = limits, rows, low, high
        self.seen = np.stack([limits[:, 1] + 1, limits[:, 0] - 1], axis=1)  # nothing seen yet
        self.true = true if true is not None and self._fits(true) else None
        if self.true is not None:
            self.seen = np.stack([self.true, self.true], axis=1)
        self.fractions: Highs | None = None

    def reach(self, places: Sequence[int]) -> dict[int, tuple[int, int]]:
        inside = [self.at[place] for place in places]
        self._look(inside)
        for i in inside:
            for end, sign in ((0, 1), (1, -1)):
                if self.seen[i, end] != self.limits[i, end]:
                    self.seen[i, end] = self.limits[i, end] = self._best({i: sign})[i]
        return {place: (int(self.seen[i, 0]), int(self.seen[i, 1])) for place, i in zip(places, inside, strict=True)}

    def single(self, places: Sequence[int]) -> dict[int, int]:
        left, looked = [self.at[place] for place in places], -1
        while left and looked != len(left):
            looked = len(left)
            for signs in TOGETHER_OR_AGAINST:
                self._best({i: signs[n % 2] for n, i in enumerate(left)})
                left = [i for i in left if not self._is_free(i)]
                if not left:
                    break
        found: dict[int, int] = {}
        for place in places:
            i = self.at[place]
            if i in left and not self._is_free(i):
                least, most = self._best({i: 1})[i], self._best({i: -1})[i]
                found |= {place: int(least)} if least == most else {}
        return found

    def _is_free(self, i: int) -> bool:
        """Whether two values of it have been seen."""
        return bool(self.seen[i, 0] < self.seen[i, 1])

    def _look(self, inside: Sequence[int]) -> None:
        """Find all of them as small, and as great, as they can be together.

        Every second number is also moved against the others, which moves numbers whose sum cannot move.
        """
        for signs in TOGETHER_OR_AGAINST:
            self._best({i: signs[n % 2] for n, i in enumerate(inside)})

    def _best(self, signs: Mapping[int, int]) -> np.ndarray:
        """Numbers with the least signed sum (1 for the least, -1 for the greatest); they are kept as seen."""
        aim = np.zeros(len(self.limits))
        aim[list(signs)] = list(signs.values())
        best = self._solve_in_fractions(aim)
        if self.true is not None:  # what is not asked for may be as it is
            best = np.where(np.isin(self.group, self.group[list(signs)]), best, self.true)
        numbers: np.ndarray = np.rint(best).astype(np.int64)
        # fractions are quicker, and where their optimum is whole no whole one is better. The groups where it is not are
        # solved again one by one: the branches of a joint program would multiply
        again = self.group[abs(best - numbers) >= NEAR]
        for label in np.unique(again if len(again) or self._fits(numbers) else self.group):
            inside = np.flatnonzero(self.group == label)
            numbers[inside] = np.rint(self._solve(aim, inside))
        if self._fits(numbers):
            self.seen[:, 0] = np.minimum(self.seen[:, 0], numbers)
            self.seen[:, 1] = np.maximum(self.seen[:, 1], numbers)
        return numbers

    def _solve_in_fractions(self, aim: np.ndarray) -> np.ndarray:
        """Numbers, not all whole, with the least sum of aim times number. Each program begins where the last ended."""
        if self.fractions is None:
            self.fractions = self._program()
        self.fractions.changeColsCost(len(aim), np.arange(len(aim), dtype=np.int32), aim)
        self.fractions.run()
        status = self.fractions.getModelStatus()
        if status != HighsModelStatus.kOptimal:
            raise ValueError(f"{NONE_FIT} ({self.fractions.modelStatusToString(status)})")
        return np.array(self.fractions.getSolution().col_value)

    def _program(self) -> Highs:
        """Limits and rows of all numbers, handed to the solver once."""
        program = HighsLp()
        program.num_row_, program.num_col_ = self.rows.shape
        program.col_cost_ = np.zeros(len(self.limits))
        program.col_lower_, program.col_upper_ = self.limits.astype(float).T.copy()
        program.row_lower_, program.row_upper_ = _open_ended(self.low), -_open_ended(-self.high)
        program.a_matrix_.format_ = MatrixFormat.kRowwise
        program.a_matrix_.start_ = self.rows.indptr.astype(np.int32)
        program.a_matrix_.index_ = self.rows.indices.astype(np.int32)
        program.a_matrix_.value_ = self.rows.data.astype(float)
        solver = _Solver()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        # HiGHS 1.12 with presolving has called 22 the greatest where 26 fits; limits are narrow as they are
        solver.setOptionValue("presolve", "off")
        solver.passModel(program)
        return solver

    def _solve(self, aim: np.ndarray, inside: np.ndarray) -> np.ndarray:
        """Numbers of some whole groups, all whole, with the least sum of aim times number."""
        columns = self.rows[:, inside]
        rows = np.unique(columns.tocoo().coords[0])
        low, high = _open_ended(self.low[rows]), -_open_ended(-self.high[rows])
        limits = self.limits[inside].astype(float)
        best = milp(
            aim[inside],
            integrality=np.ones(len(inside)),
            bounds=Bounds(limits[:, 0], limits[:, 1]),
            constraints=[LinearConstraint(columns[rows].astype(float), low, high)]
            if len(rows)
            else [],
            options={"mip_rel_gap": 0, "presolve": False},
        )
        if not best.success:
            raise ValueError(f"{NONE_FIT} ({best.message.strip()})")
        found: np.ndarray = best.x
        return found

    def _fits(self, numbers: np.ndarray) -> bool:
        made = self.rows @ numbers
        is_inside = (self.limits[:, 0] <= numbers) & (numbers <= self.limits[:, 1])
        return bool(is_inside.all() and (self.low <= made).all() and (made <= self.high).all())


def _entries(lines: Sequence[Line]) -> tuple[list[int], list[int], list[int]]:
    found = [(row, place, factor) for row, line in enumerate(lines) for place, factor in line.terms]
    return [r for r, _, _ in found], [p for _, p, _ in found], [f for _, _, f in found]


def _open_ended(low: np.ndarray) -> np.ndarray:
    """Lower limits as the solver wants them, without end where nothing limits; upper ones with their signs turned."""
    return np.where(low <= -OPEN // 2, -np.inf, low.astype(float))


def _summed(row: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """Sum of the values of each row; exact below 2^53."""
    sums: np.ndarray = np.bincount(row, weights=values.astype(float), minlength=count).astype(np.int64)
    return sums
