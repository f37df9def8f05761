"""Small-number suppression: one rule for pages, downloads and documents, its limits from the settings of the force."""

import csv
import re
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import published_home
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worked import counts, made

from assets.reference import list_path
from dashboards.data.published import Copy, open_copy
from dashboards.data.register import Reader
from dashboards.data.scope import WHOLE
from dashboards.data.settings import (
    SETTINGS,
    SHIPPED,
    SMALLEST_CELL,
    SMALLEST_OF_INVESTIGATORS,
    read_settings,
    read_small_numbers,
)
from dashboards.pages.assessment import advice_text
from dashboards.text.content import number
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

RULE = SmallNumbers(5, 30)
rules = st.builds(SmallNumbers, st.integers(2, 12), st.integers(1, 40))
whole = st.integers(0, 60)


def settings(**changed: float) -> list[dict[str, Any]]:
    """The settings that ship, with values by key in place of theirs."""
    with list_path("settings").open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    assert not set(changed) - {row["key"] for row in rows}
    return [row | {"value": float(changed.get(row["key"], row["value"]))} for row in rows]


def printed(words: str, rule: SmallNumbers) -> list[int]:
    """The counts that words print: not the threshold, nor a share or the limits of its interval."""
    left = re.sub(r"[\d.]+%|[\d.]+ to [\d.]+%", "", words.replace(rule.few, "").replace("95% interval", ""))
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", left)]


# worked examples


def test_a_count_of_one_to_four_is_words_and_zero_is_shown() -> None:
    assert [RULE.suppress_count(n) for n in (0, 1, 4, 5, 1200, None)] == [
        "0", "fewer than 5", "fewer than 5", "5", "1,200", "no figure",
    ]  # fmt: skip
    assert [RULE.suppress_count_or_none(n) for n in (0, 2, 9)] == ["none", "fewer than 5", "9"]


def test_a_part_reveals_neither_itself_nor_the_rest() -> None:
    assert [RULE.suppress_part(*pair) for pair in ((7, 8), (8, 8), (3, 8), (60, 120), (0, 3))] == [
        "all but fewer than 5", "8", "fewer than 5", "60", "0",
    ]  # fmt: skip
    assert RULE.suppress_share(118, 120) == RULE.suppress_share(2, 120) == TOO_FEW
    assert RULE.suppress_share(60, 120) == "50.0%, 95% interval 41.2% to 58.8%"
    assert not RULE.may_show_share(0, 0)


def test_small_counts_are_words_in_what_is_downloaded_too_and_other_columns_stay_numbers() -> None:
    frame = RULE.suppress_columns(pl.DataFrame({"a": [3, 7, None], "b": [0, 5, 9]}), ("a", "b"))
    assert frame["a"].to_list() == ["fewer than 5", "7", "no figure"]
    assert frame["b"].dtype == pl.Int64
    parts = pl.DataFrame({"part": [7, 4, None], "total": [8, 20, 20]})
    assert RULE.suppress_part_column(parts, "part", "total")["part"].to_list() == [
        "all but fewer than 5", "fewer than 5", "no figure",
    ]  # fmt: skip
    large = pl.DataFrame({"part": [10, None], "total": [20, 20]})
    assert RULE.suppress_part_column(large, "part", "total")["part"].to_list() == [10, None]


@pytest.mark.parametrize(
    ("parts", "also"),
    [
        ([3, 40, 12, 5], [5]),  # 3 is 60 less the others
        ([1, 5, 9, 40], [5, 9]),  # what joins is 5 or more: 6 could only be 1 and 5
        ([4, 5, 5, 40], [5, 5]),  # what joins is not above the next, 5: 9 could only be 4 and 5
        ([2, 3, 50], []),  # two that are 5 together: either may be 1 to 4
        ([1, 1, 50], [50]),  # two that are 2 together are 1 and 1
        ([4, 4, 50], [50]),  # two that are 8 together are 4 and 4
        ([3, 0, 0], []),  # nothing else to suppress: the total itself is small
        ([10, 20, 30], []),
    ],
)
def test_what_could_be_worked_out_from_the_others_is_suppressed_with_them(parts: list[int], also: list[int]) -> None:
    small = [RULE.is_small(count) for count in parts]
    found = RULE.suppress_others(parts, small)
    assert [count for count, was, now in zip(parts, small, found, strict=True) if now and not was] == also


# properties


@given(rules, whole, whole)
def test_no_words_print_a_small_count_nor_one_whose_rest_is_small(rule: SmallNumbers, count: int, more: int) -> None:
    total = count + more
    assert not any(map(rule.is_small, printed(rule.suppress_count(count), rule)))
    assert not any(map(rule.is_small, printed(rule.suppress_count_or_none(count), rule)))
    for n in printed(rule.suppress_part(count, total), rule):
        # a total that is small itself is not known, so that nothing can be taken from it
        assert not rule.is_small(n) and (not rule.is_small(total - n) or rule.is_small(total))
    assert (rule.suppress_share(count, total) == TOO_FEW) is not rule.may_show_share(count, total)
    if rule.may_show_share(count, total):
        assert total >= rule.fewest_in_share and not rule.reveals_small(count, total)


@given(rules, st.lists(st.tuples(whole, whole), min_size=1, max_size=6))
def test_no_column_holds_one_either(rule: SmallNumbers, pairs: list[tuple[int, int]]) -> None:
    frame = pl.DataFrame({"part": [a for a, _ in pairs], "total": [a + b for a, b in pairs]})
    shown = rule.suppress_columns(rule.suppress_part_column(frame, "part", "total"), ("total",))
    for part, total, (count, more) in zip(shown["part"], shown["total"], pairs, strict=True):
        held = printed(str(part), rule)
        assert not any(map(rule.is_small, [*held, *printed(str(total), rule)]))
        if held and not rule.is_small(count + more):
            assert held == [count] and not rule.is_small(more)
    revealing = frame.select(rule.find_revealing(pl.col("part"), pl.col("total"))).to_series().to_list()
    assert revealing == [rule.reveals_small(a, a + b) for a, b in pairs]
    shown = frame.select(rule.find_shown(pl.col("part"), pl.col("total"))).to_series().to_list()
    assert shown == [rule.may_show_share(a, a + b) for a, b in pairs]


@given(st.integers(2, 6), st.lists(st.integers(0, 12), min_size=1, max_size=5))
def test_no_part_can_be_worked_out_as_the_total_less_the_others(smallest: int, parts: list[int]) -> None:
    """The attacker knows the total, every part shown, which parts are small, and how the others were chosen."""
    rule = SmallNumbers(smallest, 30)
    small = [rule.is_small(count) for count in parts]
    found = rule.suppress_others(parts, small)
    assert all(now or not was for was, now in zip(small, found, strict=True))
    shown = [count for count, is_out in zip(parts, found, strict=True) if not is_out]
    held = [(count, was) for count, was, is_out in zip(parts, small, found, strict=True) if is_out]
    if not held or not any(shown):
        return  # nothing is suppressed, or all is that has a count
    left = sum(parts) - sum(shown)
    assert not rule.is_small(left)
    ranges = [range(1, smallest) if was else range(smallest, min(filter(None, shown)) + 1) for _, was in held]
    possible = [guess for guess in product(*ranges) if sum(guess) == left]
    assert tuple(count for count, _ in held) in possible
    for place, (_, was) in enumerate(held):
        assert not was or len({guess[place] for guess in possible}) > 1 or smallest == 2


# the settings


@pytest.fixture
def ten(tmp_path: Path) -> Copy:
    """A copy of a force that shows no count below ten and no share of fewer than forty."""
    things = pl.DataFrame({"code": ["A", "B"], "n": [7, 12]})
    held = settings(**{"suppression.smallest_shown": 10, "shares.minimum_denominator": 40, "audit.smallest_cell": 6})
    published_home.publish(tmp_path, "command", {SETTINGS: pl.DataFrame(held), "metrics.things": things})
    return open_copy(tmp_path, "command", WHOLE)


def test_the_rule_of_a_copy_is_made_from_its_settings(ten: Copy) -> None:
    assert read_small_numbers(ten) == SmallNumbers(10, 40)
    assert read_small_numbers(ten, SMALLEST_CELL) == SmallNumbers(6, 40)
    assert read_small_numbers(ten, SMALLEST_OF_INVESTIGATORS) == SmallNumbers(5, 40)
    assert read_small_numbers(ten).few == "fewer than 10" and read_small_numbers(ten).small_counts == "1 to 9"


def test_documents_and_pages_print_the_threshold_of_the_copy(ten: Copy) -> None:
    reader = Reader(ten)
    assert reader.words(number("metrics.things", "n", "count", code="A")) == "fewer than 10"
    assert reader.words(number("metrics.things", "n", "count", code="B")) == "12"
    row = {"status": "measured", "reason": None, "value_type": "share", "numerator": 7, "denominator": 100,
           "value": 0.07, "lower": 0.03, "upper": 0.14}  # fmt: skip
    assert advice_text.figure_words(row, reader.rule) == "fewer than 10 of 100; share suppressed"
    assert advice_text.figure_words(row, RULE).startswith("7.0%, 7 of 100")


def test_without_a_setting_the_rule_is_the_one_that_ships(tmp_path: Path) -> None:
    assert {row["key"]: row["value"] for row in settings() if row["key"] in SHIPPED} == SHIPPED
    published_home.publish(tmp_path, "command", {"metrics.things": pl.DataFrame({"n": [1]})})
    bare = open_copy(tmp_path, "command", WHOLE)
    assert read_settings(bare) == SHIPPED and read_small_numbers(bare) == RULE
    assert read_small_numbers(None) == RULE


@pytest.mark.parametrize(("smallest", "is_small"), [(5, False), (10, True)])
def test_tables_that_leave_small_counts_out_go_by_the_same_setting(smallest: int, is_small: bool) -> None:
    limits = made("core.settings", reference_settings=settings(**{"suppression.smallest_shown": smallest}))
    rows = made("metrics.theme_facts", metrics_theme_counts=counts("T1", crimes_year=7), core_settings=limits)
    [row] = [row for row in rows if row["fact_code"] == "crimes_year"]
    assert row["is_small"] is is_small and row["value"] == (None if is_small else 7)
