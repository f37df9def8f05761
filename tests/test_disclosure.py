"""Counts that may be published, and the attack that a release has to withstand (strategic-assessment 6.5)."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.methods.disclosure import (
    NHS,
    TEN_FIVE,
    TRUSTED,
    Cell,
    Rule,
    Sum,
    Token,
    bounds,
    complement,
    pinned,
    possible,
    protect,
    share,
)

SQUARE = [
    Sum("row 1", ("a", "b")), Sum("row 2", ("c", "d")), Sum("column 1", ("a", "c")), Sum("column 2", ("b", "d")),
    Sum("all", ("row 1", "row 2")), Sum("all", ("column 1", "column 2")),
]  # fmt: skip


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

    def test_nought_suppressed_and_missing_are_told_apart(self) -> None:
        assert len({protect(0).text, protect(3).text, protect(None).text}) == 3

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


class TestShares:
    def test_rest_on_rounded_counts(self) -> None:
        assert share(protect(12), protect(61)) == 10 / 60

    def test_are_blank_for_few_and_for_what_is_not_shown(self) -> None:
        assert share(protect(12), protect(26)) is None
        assert share(protect(3), protect(100)) is None
        assert share(protect(None), protect(100)) is None

    def test_are_never_more_than_all(self) -> None:
        assert share(Cell(Token.SHOWN, 35), Cell(Token.SHOWN, 30)) is None


class TestAttack:
    def test_a_single_suppressed_cell_beside_an_exact_total_is_pinned(self) -> None:
        cells = {"a": Cell(Token.SUPPRESSED), "b": Cell(Token.SHOWN, 20), "all": Cell(Token.SHOWN, 23)}
        exact = Rule(round_to=1)
        assert bounds(cells, [Sum("all", ("a", "b"))], exact) == {"a": (3, 3)}
        assert pinned(cells, [Sum("all", ("a", "b"))], exact) == ["a"]

    def test_rounded_totals_leave_room(self) -> None:
        cells = {name: protect(count) for name, count in {"a": 3, "b": 20, "all": 23}.items()}
        assert bounds(cells, [Sum("all", ("a", "b"))]) == {"a": (1, 7)}

    def test_the_last_of_many_suppressed_ones_may_be_pinned_by_a_small_total(self) -> None:
        cells = {"a": Cell(Token.SUPPRESSED), "b": Cell(Token.SUPPRESSED), "all": Cell(Token.SHOWN, 2)}
        assert pinned(cells, [Sum("all", ("a", "b"))], Rule(suppress_to=1, round_to=1)) == ["a", "b"]

    def test_an_earlier_release_narrows_it(self) -> None:
        cells = {name: protect(count) for name, count in {"a": 7, "b": 20, "all": 27}.items()}
        found = bounds(cells, [Sum("all", ("a", "b"))], known={"a": (7, MOST_OF_IT)})
        assert found == {"a": (7, 7)}

    def test_what_fits_nothing_is_said(self) -> None:
        cells = {"a": Cell(Token.SUPPRESSED), "b": Cell(Token.SHOWN, 0), "all": Cell(Token.SHOWN, 50)}
        with pytest.raises(ValueError, match="no counts fit"):
            bounds(cells, [Sum("all", ("a", "b"))])


MOST_OF_IT = 100


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


class TestExactTotals:
    MARGINS = ("row 1", "row 2", "column 1", "column 2", "all")

    def test_further_cells_are_suppressed_until_none_is_pinned(self) -> None:
        cells = complement(square(3, 20, 30, 40), SQUARE, self.MARGINS)
        assert {n for n in "abcd" if cells[n].token is Token.SUPPRESSED} == {"a", "b", "c", "d"}
        assert [cells[n].value for n in self.MARGINS] == [23, 70, 33, 60, 93]

    def test_where_nothing_is_small_nothing_is_lost(self) -> None:
        cells = complement(square(10, 20, 30, 40), SQUARE, self.MARGINS)
        assert [cells[n].value for n in "abcd"] == [10, 20, 30, 40]

    def test_what_cannot_be_hidden_is_said(self) -> None:
        with pytest.raises(ValueError, match="cannot be hidden"):
            complement({"a": 3, "b": 0, "all": 3}, [Sum("all", ("a", "b"))], ("all",))

    def test_sums_that_do_not_hold_are_refused(self) -> None:
        with pytest.raises(ValueError, match="the sum of its parts"):
            complement({"a": 3, "b": 1, "all": 5}, [Sum("all", ("a", "b"))], ("all",))
