"""What commissioners are given of the invented force is attacked with nothing but that copy and the stated rule.

Measures by district, quarter and domestic abuse, orders and steps of support, of every period. The product's own
attack has no part in it: every shown number is a range, and ranges are narrowed through totals and parts.
"""

from collections import defaultdict
from collections.abc import Mapping
from math import ceil, floor

import polars as pl
import pytest
from conftest import InventedForce

STEP, MANY = 5, 10**9  # what is shown is rounded to 5: docs/small-numbers.md
FAR = 0.0101  # shares are within a point of the exact ones
Range = tuple[int, int]
Sums = Mapping[str, list[str]]  # a total -> the groups that add up to it


def first_ranges(rows: pl.DataFrame) -> dict[str, Range]:
    """What each cell may be, by itself. Few are hidden, and so are others beside them: the copy does not say which."""
    return {
        ref: (0, MANY) if value is None else (max(value - STEP // 2, 0), value + STEP // 2)
        for ref, value in rows.select("cell_ref", "value").iter_rows()
    }


def narrowed(
    ranges: Mapping[str, Range], sums: Sums, wholes: Mapping[str, str], shares: Mapping[str, float] | None = None
) -> dict[str, Range]:
    """The ranges that are left once no sum, no part and no share narrows any further."""
    held, is_moving = dict(ranges), True

    def at_most(ref: str, low: int, high: int) -> bool:
        before = held[ref]
        held[ref] = (max(before[0], low), min(before[1], high))
        assert held[ref][0] <= held[ref][1], f"{ref}: nothing fits"
        return held[ref] != before

    while is_moving:
        is_moving = False
        for total, groups in sums.items():
            low, high = sum(held[g][0] for g in groups), sum(held[g][1] for g in groups)
            is_moving |= at_most(total, low, high)
            for group in groups:
                mine = held[group]
                others_low, others_high = low - mine[0], high - mine[1]
                is_moving |= at_most(group, held[total][0] - others_high, held[total][1] - others_low)
                low, high = others_low + held[group][0], others_high + held[group][1]
        for part, whole in wholes.items():
            is_moving |= at_most(part, 0, held[whole][1])
            is_moving |= at_most(whole, held[part][0], MANY)
        for part, share in (shares or {}).items():
            low, high = share - FAR, share + FAR
            is_moving |= at_most(part, ceil(low * held[wholes[part]][0]), floor(high * held[wholes[part]][1]))
            most = MANY if low <= 0 else floor(held[part][1] / low)
            is_moving |= at_most(wholes[part], ceil(held[part][0] / high), most)
    return held


def test_no_hidden_count_is_worked_out_and_none_is_outside_what_is_left(invented_force: InventedForce) -> None:
    rows = pl.read_parquet(invented_force.home / "published" / "commissioning" / "metrics.released_figures.parquet")
    sums, refs = defaultdict(list), set(rows["cell_ref"])
    for ref, kind, total in rows.select("cell_ref", "breakdown", "total_ref").iter_rows():
        if total in refs:
            sums[total, kind].append(ref)
    pairs = rows.filter(pl.col("parent_ref").is_in(list(refs))).select("cell_ref", "parent_ref").iter_rows()
    held, wholes = first_ranges(rows), dict(pairs)
    shares = dict(rows.drop_nulls("share").select("cell_ref", "share").iter_rows())
    for _ in range(4):
        for kind in {kind for _, kind in sums}:  # of each breakdown by itself, then all together
            held = narrowed(held, {total: groups for (total, of), groups in sums.items() if of == kind}, wholes, shares)
    with invented_force.connect() as con:
        truth = dict(con.execute("select cell_ref, person_count from core.disclosure_cells").fetchall())
    hidden = rows.filter(pl.col("text") == "*")["cell_ref"].to_list()
    assert len(hidden) > 500 and len(sums) > 100 and len(shares) > 100
    assert [ref for ref in refs if not held[ref][0] <= truth[ref] <= held[ref][1]] == []
    assert [(ref, held[ref], truth[ref]) for ref in hidden if held[ref][0] == held[ref][1]] == []
    near = [ref for ref in hidden if held[ref][1] - held[ref][0] == 1]
    print(f"{len(hidden)} hidden, {len(near)} of them left with two neighbouring values")
    assert len(near) < len(hidden) / 20


@pytest.mark.parametrize(
    ("others", "total", "expected"),
    [((40, 30), (77, 77), (3, 7)), ((40, 30), (74, 74), (0, 7)), ((40,), (49, 49), (7, 7)), ((), (3, 3), (3, 3))],
)
def test_the_attack_narrows_what_a_total_tells(others: tuple[int, ...], total: Range, expected: Range) -> None:
    """An exact total beside rounded groups."""
    ranges = {f"g{n}": (v - 2, v + 2) for n, v in enumerate(others)} | {"hidden": (0, 7), "all": total}
    groups = [name for name in ranges if name != "all"]
    assert narrowed(ranges, {"all": groups}, {})["hidden"] == expected
    if total == (3, 3):
        assert narrowed(ranges | {"part": (0, 7)}, {"all": groups}, {"part": "hidden"})["part"] == (0, 3)
