"""Counts that may be published, and the attack that a release has to withstand (strategic-assessment 6.5).

No build: every small table is tried. Of drawn sums and orders 50 in every run, 150 with `make trials`: a fault in one
of seventeen is seen in 95 runs of 100.
"""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from trials import count
from worked import Row

from assets.methods.comparison import difference_of_shares, direction
from assets.methods.disclosure import control
from assets.methods.disclosure.control import (
    NHS,
    NO_SHARE,
    Attack,
    Band,
    Cell,
    Part,
    Rule,
    Sum,
    Token,
    complement,
    possible,
    protect,
)
from assets.methods.disclosure.shares import with_shares
from assets.methods.disclosure.whole_numbers import Line, Numbers

TEN_FIVE, TRUSTED = Rule(suppress_to=9), Rule(suppress_to=9, round_to=1, hides_zero=True)
SQUARE = [
    Sum("row 1", ("a", "b")), Sum("row 2", ("c", "d")), Sum("column 1", ("a", "c")), Sum("column 2", ("b", "d")),
    Sum("all", ("row 1", "row 2")), Sum("all", ("column 1", "column 2")),
]  # fmt: skip


def bounds(cells: dict[str, Cell], sums: list[Sum], rule: Rule = NHS) -> dict[str, tuple[int, int]]:
    return Attack(cells, sums, rule).bounds(n for n, cell in cells.items() if cell.token is Token.SUPPRESSED)


def pinned(cells: dict[str, Cell], sums: list[Sum], rule: Rule = NHS) -> list[str]:
    return Attack(cells, sums, rule).leaks()


def square(a: int, b: int, c: int, d: int) -> dict[str, int]:
    return {"a": a, "b": b, "c": c, "d": d, "row 1": a + b, "row 2": c + d, "column 1": a + c, "column 2": b + d,
            "all": a + b + c + d}  # fmt: skip


class TestProtection:
    @pytest.mark.parametrize(
        ("count", "text"),
        [(0, "0"), (1, "*"), (7, "*"), (8, "10"), (12, "10"), (13, "15"), (1234, "1,235"), (None, "not measured")],
    )
    def test_one_to_seven_are_suppressed_and_the_rest_rounded_to_five(self, count: int | None, text: str) -> None:
        assert protect(count).text == text

    def test_other_rules_by_choice(self) -> None:
        assert [protect(n, TEN_FIVE).text for n in (9, 10)] == ["*", "10"]
        assert [protect(n, TRUSTED).text for n in (0, 9, 11)] == ["*", "*", "11"]

    def test_what_is_no_count_and_what_is_no_rule(self) -> None:
        with pytest.raises(ValueError, match="from 0 up"):
            protect(-1)
        with pytest.raises(ValueError, match="a rule that suppresses"):
            Rule(suppress_to=0)

    @given(st.integers(0, 10_000), st.sampled_from([NHS, TEN_FIVE, TRUSTED]))
    def test_a_count_lies_in_what_its_cell_may_stand_for(self, count: int, rule: Rule) -> None:
        low, high = possible(protect(count, rule), rule)
        assert low <= count <= high
        assert low == high == 0 or rule.round_to == 1 or high - low >= 2


def released(*counts: tuple[int, int], was: list[Row] | None = None, hidden: tuple[str, ...] = ()) -> list[Cell]:
    """The cells of a part of one quarter (part, whole), or of that and of the quarter a year before."""
    rows: list[Row] = []
    for year, (part, whole) in zip((2026, 2025), counts):
        refs = [f"{name}|quarter {year}-01-01|all|all" for name in ("met", "due")]
        ends = [refs[0].replace("2026", "2025") if year == 2026 and len(counts) > 1 else None, None]
        rows += [
            {"cell_ref": ref, "measure_code": ref[:3], "person_count": count, "parent_ref": of, "before_ref": before,
             "not_compared": None}
            for ref, count, of, before in zip(refs, (part, whole), (refs[1], None), ends)
        ]  # fmt: skip
    last = {row["cell_ref"]: row for row in was or []}
    made = {
        row["cell_ref"]: (protect(row["person_count"]), row["person_count"]) if row["cell_ref"] not in last
        else (replace(protect(last[row["cell_ref"]]["person_count"]), slack=2), last[row["cell_ref"]]["person_count"])
        for row in rows
    }  # fmt: skip
    found = with_shares(rows, made, last, NHS, hidden, 1.96, {})
    return [found[row["cell_ref"]][0] for row in rows if row["cell_ref"].startswith("met")]


def first_released(part: int, whole: int) -> list[Row]:
    """The rows that are kept of a release of one share."""
    [cell] = released((part, whole))
    share = cell.share
    low, high = (None if end in (0, 2) else float(end) for end in (share.low, share.high))
    figures = ((name, count, protect(count)) for name, count in (("met", part), ("due", whole)))
    return [
        {"cell_ref": f"{name}|quarter 2026-01-01|all|all", "person_count": count, "counted": count, "token": "",
         "value": cell.value, "share": share.value, "share_least": low, "share_greatest": high,
         "rest_least": share.rest[0], "rest_greatest": None}
        for name, count, cell in figures
    ]  # fmt: skip


def said(cells: list[Cell]) -> tuple[object, ...]:
    """What readers see of some parts."""
    return tuple((cell.text, cell.share.value, cell.share.change, cell.share.rest) for cell in cells)


class TestShares:
    @pytest.mark.parametrize(
        ("part", "whole", "share"),
        [(32, 33, None), (40, 52, None), (47, 60, None), (85, 110, 0.78), (60, 60, 1.0), (0, 60, 0.0),
         (3, 100, None), (95, 100, None),
         (205, 210, None), (395, 400, 0.99), (1234, 1300, 0.95), (4999, 5008, 0.998), (5000, 5002, 0.999)],
    )  # fmt: skip
    def test_are_of_exact_counts_or_none(self, part: int, whole: int, share: float | None) -> None:
        assert released((part, whole))[0].share.value == share

    @given(st.integers(8, 9000), st.integers(0, 9000))
    def test_differ_from_the_exact_ones_by_a_point_at_most(self, part: int, rest: int) -> None:
        share = released((part, part + rest))[0].share.value
        assert share is None or (part + rest >= 50 and abs(share - part / (part + rest)) <= 0.01001)
        assert share not in (0, 1) or rest == 0, "all means all"

    @pytest.mark.parametrize("whole", [(55, 60), (100,), (150,), (300,)])
    def test_leave_each_small_count_several_numbers_whatever_the_counts_are(self, whole: tuple[int, ...]) -> None:
        worlds: dict[object, list[tuple[int, int]]] = defaultdict(list)
        for total in (to + n for to in whole for n in range(-2, 3)):
            for part in range(8, total + 1):
                figures = protect(part).value, protect(total).value
                worlds[figures, said(released((part, total)))].append((part, total))
        for (figures, _), same in worlds.items():
            rests = {total - part for part, total in same}
            left = {t - n for (f, _), other in worlds.items() if f == figures for n, t in other}
            if min(rests) in range(1, 8):
                assert rests == left & set(range(1, 8)), "few are any number of few"
            for numbers, limit in (({part for part, _ in same}, 30), (rests - {0}, 30)):
                assert len(numbers) != 1 or min(numbers) >= limit or left == rests, (figures, same)

    def test_stay_while_their_figures_do_and_the_exact_share_is_within_a_point(self) -> None:
        was = first_released(240, 300)
        assert was[0]["share"] == 0.8
        assert [released(now, was=was)[0].share.value for now in ((240, 300), (242, 301), (238, 301))] == [0.8] * 3
        moved = released((242, 298), was=was)[0].share
        assert (moved.value, moved.low) == (0.81, Fraction(81, 100)), "else it would have stayed"
        assert released((242, 301), was=was)[0].share.high == Fraction(81, 100)

    def test_a_verdict_is_that_of_exact_counts_and_leaves_each_small_count_several_numbers(self) -> None:
        """Of two quarters, each with all counts that its figures allow; readers know the other quarter's counts."""
        given = set()
        for before in ((part, 61) for part in range(36, 44)):
            worlds: dict[object, set[tuple[int, int]]] = defaultdict(set)
            for total in range(103, 108):
                for part in range(78, 93):
                    cells = released((part, total), before)
                    change = cells[0].share.change
                    exact = direction(*difference_of_shares(part, total, *before))
                    assert change in (None, exact)
                    given.add(change)
                    worlds[protect(total).value, said(cells)].add((part, total))
            for same in worlds.values():
                rests = {total - part for part, total in same}
                assert len(rests) > 1 or min(rests) >= 30, (before, same)
        assert given >= {"higher", "no clear change"}

    def test_what_is_left_out_says_nothing(self) -> None:
        name = "met|quarter 2026-01-01|all|all"
        assert released((395, 400), hidden=(f"{name} share",))[0].share == NO_SHARE
        cells = released((300, 400), (200, 400), hidden=(f"{name} change",))
        assert (cells[0].share.value, cells[0].share.change) == (0.75, None)
        assert released((300, 400), (200, 400))[0].share.change == "higher"


@pytest.mark.parametrize("tried", [400, 0])
def test_bounds_of_shares_are_those_of_every_pair_that_could_have_been(
    tried: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the sides around all pairs, and by the limits of the share."""
    monkeypatch.setattr(control, "FEW_PAIRS", tried)
    band = Band("a", "b", Fraction(75, 100), Fraction(77, 100))
    rest, few = Sum("b", ("a", "rest")), Part("a", "b", 8)
    cells = {"a": Cell(Token.SHOWN, 45), "b": Cell(Token.SHOWN, 60)}
    attack = Attack(cells, [rest], nested=[few], bands=[band])
    fits = [(a, b) for a in range(43, 48) for b in range(58, 63) if 0.75 <= a / b < 0.77 and b - a >= 8]
    ends = {"a": [a for a, _ in fits], "b": [b for _, b in fits], "rest": [b - a for a, b in fits]}
    assert attack.bounds(ends) == {name: (min(found), max(found)) for name, found in ends.items()}


class TestAttack:
    def test_what_fits_nothing_is_said(self) -> None:
        cells = {"a": Cell(Token.SUPPRESSED), "b": Cell(Token.SHOWN, 0), "all": Cell(Token.SHOWN, 50)}
        with pytest.raises(ValueError, match="no counts fit"):
            bounds(cells, [Sum("all", ("a", "b"))])


def brute(cells: dict[str, Cell], rule: Rule) -> dict[str, tuple[int, int]]:
    """Every 2 x 2 table that fits what is published, one after another: the truth that the programs are held to."""
    reach = [range(possible(cells[n], rule)[0], possible(cells[n], rule)[1] + 1) for n in "abcd"]
    fits = []
    for values in product(*reach):
        table = square(*values)
        if all(possible(cells[n], rule)[0] <= table[n] <= possible(cells[n], rule)[1] for n in table):
            fits.append(table)
    hidden = [n for n in cells if cells[n].token is Token.SUPPRESSED]
    return {n: (min(t[n] for t in fits), max(t[n] for t in fits)) for n in hidden}


class TestEverySmallTable:
    """No false pass: for each 2 x 2 table of small counts the bounds are those found by trying every table."""

    RULE = Rule(suppress_to=2, round_to=3)

    @pytest.mark.parametrize("a", range(5))
    def test_bounds_are_the_truth(self, a: int) -> None:
        for b, c, d in product(range(0, 5, 2), range(5), range(0, 5, 2)):
            cells = {name: protect(count, self.RULE) for name, count in square(a, b, c, d).items()}
            assert bounds(cells, SQUARE, self.RULE) == brute(cells, self.RULE), (a, b, c, d)


class TestComplement:
    """Suppressing further cells where the totals stay exact."""

    MARGINS = ("row 1", "row 2", "column 1", "column 2", "all")
    EXACT = Rule(round_to=1)

    def cells(self, counts: dict[str, int], further: frozenset[str]) -> dict[str, Cell]:
        hidden = Cell(Token.SUPPRESSED, is_other=True)
        exact = {n: Cell(Token.SHOWN, counts[n], is_exact=True) for n in counts if n in (*self.MARGINS, "total")}
        return {n: hidden if n in further else exact.get(n, protect(c, self.EXACT)) for n, c in counts.items()}

    def further(self, counts: dict[str, int], sums: list[Sum]) -> frozenset[str]:
        shown = self.cells(counts, frozenset())
        free = {n: (c,) for n, c in counts.items() if shown[n].token is Token.SHOWN and not shown[n].is_exact}
        lines = [(one.total, *one.parts) for one in sums]
        return complement(lambda more: pinned(self.cells(counts, more), sums, self.EXACT), lines, free)[0]

    def test_further_cells_are_suppressed_until_none_is_pinned(self) -> None:
        assert self.further(square(3, 20, 30, 40), SQUARE) == {"b", "c", "d"}

    def test_where_nothing_is_small_nothing_is_lost(self) -> None:
        assert self.further(square(10, 20, 30, 40), SQUARE) == frozenset()

    def test_the_smallest_that_helps_is_taken(self) -> None:
        sums = [Sum("total", ("a", "b", "c"))]
        assert self.further({"a": 3, "b": 50, "c": 20, "total": 73}, sums) == {"c"}

    def test_what_cannot_be_hidden_is_left_to_the_attack(self) -> None:
        counts, sums = {"a": 3, "total": 3}, [Sum("total", ("a",))]
        assert pinned(self.cells(counts, self.further(counts, sums)), sums, self.EXACT) == ["a"]

    @pytest.mark.parametrize("a", range(6))
    def test_no_table_leaks_afterwards(self, a: int) -> None:
        """Every small 2 x 2 table: what is left hidden could be two numbers at least, by trying all tables."""
        for b, c, d in product((0, 2, 9), (1, 8), (0, 3, 10)):
            counts = square(a, b, c, d)
            further = self.further(counts, SQUARE)
            cells = self.cells(counts, further)
            tables = [square(n, a + b - n, a + c - n, d - a + n) for n in range(a + b + 1)]  # margins leave one choice
            spans = {n: possible(cells[n], self.EXACT) for n in "abcd"}
            fits = [t for t in tables if all(spans[n][0] <= t[n] <= spans[n][1] for n in "abcd")]
            hidden = [n for n in "abcd" if cells[n].token is Token.SUPPRESSED]
            pins = [n for n in hidden if len({t[n] for t in fits}) == 1]
            assert pins == [n for n in pinned(cells, SQUARE, self.EXACT) if n in hidden], (a, b, c, d)
            # what is left can only be had by hiding a nought or a total
            assert not pins or {n for n in "abcd" if counts[n] > 7} <= further, (a, b, c, d)


class TestRoundedNumbers:
    """A rounded number of few that the others tell exactly is a leak."""

    def test_of_many_it_is_none(self) -> None:
        counts = dict.fromkeys("abcd", 33) | {"all": 132}
        cells, sums = {n: protect(c) for n, c in counts.items()}, [Sum("all", tuple("abcd"))]
        assert Attack(cells, sums).single(cells) == counts, "told as exactly"
        assert pinned(cells, sums) == []
        assert pinned(cells, sums, Rule(unrounded_below=34)) == list("abcd")

    def test_where_nothing_is_rounded_nothing_is_undone(self) -> None:
        cells = {n: Cell(Token.SHOWN, c) for n, c in {"a": 13, "b": 14, "all": 27}.items()}
        assert pinned(cells, [Sum("all", ("a", "b"))], Rule(round_to=1)) == []

    @pytest.mark.parametrize("total", range(9, 30))
    def test_every_table_of_a_total_and_three_parts(self, total: int) -> None:
        """Small enough to try all: each number shown, and each hidden, is a leak just where one way is left."""
        rule, sums = Rule(suppress_to=2, round_to=3), [Sum("all", ("a", "b", "c"))]
        for a, b in product(range(0, total + 1, 3), range(0, total + 1, 2)):
            if a + b > total:
                continue
            cells = {n: protect(c, rule) for n, c in {"a": a, "b": b, "c": total - a - b, "all": total}.items()}
            reach = [range(possible(cells[n], rule)[0], possible(cells[n], rule)[1] + 1) for n in "abc"]
            low, high = possible(cells["all"], rule)
            fits = [(*v, sum(v)) for v in product(*reach) if low <= sum(v) <= high]
            ways = {n: {f[i] for f in fits} for i, n in enumerate(("a", "b", "c", "all"))}
            leaks = [n for n in sorted(cells) if len(ways[n]) == 1 and (cells[n].value or not cells[n].text.isdigit())]
            assert pinned(cells, sums, rule) == leaks, cells


def lattice(draw: st.DrawFn) -> tuple[np.ndarray, list[Line]]:
    """Some numbers from 0 to 5, sums and orders among them that at least one choice of numbers obeys."""
    numbers = draw(st.integers(2, 5))
    truth = [draw(st.integers(0, 5)) for _ in range(numbers)]
    limits = np.array([(draw(st.integers(0, n)), draw(st.integers(n, 5))) for n in truth])
    lines = []
    for _ in range(draw(st.integers(0, 4))):
        factors = [draw(st.sampled_from([-1, 0, 1, 1, 2])) for _ in range(numbers)]
        made = sum(f * n for f, n in zip(factors, truth, strict=True))
        slack = draw(st.integers(0, 2))
        lines.append(Line(tuple((i, f) for i, f in enumerate(factors) if f), made - slack, made + slack // 2))
    return limits, lines


@pytest.mark.trials
@given(st.composite(lattice)())
@budget(max_examples=count(50, 150), suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whole_numbers_reach_what_trying_all_finds(held: tuple[np.ndarray, list[Line]]) -> None:
    limits, lines = held
    fits = [
        numbers for numbers in product(*(range(low, high + 1) for low, high in limits))
        if all(line.low <= sum(f * numbers[i] for i, f in line.terms) <= line.high for line in lines)
    ]  # fmt: skip
    ends = {i: (min(f[i] for f in fits), max(f[i] for f in fits)) for i in range(len(limits))}
    assert Numbers(limits, lines).reach(ends) == ends
    assert Numbers(limits, lines).single(ends) == {i: low for i, (low, high) in ends.items() if low == high}


def test_numbers_that_nothing_fits_are_refused() -> None:
    odd = [Line(((0, 2), (1, 2), (2, -2)), 1, 1)]  # even is never odd, which no limit shows
    with pytest.raises(ValueError, match="no counts fit"):
        Numbers(np.array([(0, 3)] * 3), odd).reach([0])
    with pytest.raises(ValueError, match="no counts fit"):
        Numbers(np.array([(3, 2)]), [])
