"""The register of people: who keeps a reference, what merges and splits; nobody untouched ever loses theirs."""

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.methods.linkage import register
from assets.methods.linkage.register import ALPHABET, Register, mint, reconcile

DAY, LATER, THIRD = dt.date(2026, 1, 1), dt.date(2026, 2, 1), dt.date(2026, 3, 1)
FEW = 30  # examples of each property: a fault in one of ten is seen in 95 runs of 100
BESIDE = duckdb.connect(config={"threads": 1})  # one for all examples: to open a database takes longer than to join


def counted() -> Callable[[int], list[str]]:
    numbers = itertools.count(1)
    return lambda count: [f"P{next(numbers)}" for _ in range(count)]


def clusters(groups: list[str]) -> pl.DataFrame:
    """`["ab", "c"]`: records a and b are one cluster, c another; a cluster is named after its first record."""
    rows = [(key, group[0]) for group in groups for key in group]
    return pl.DataFrame(rows, schema=["person_key", "cluster"], orient="row")


def whose(register: Register) -> dict[str, str]:
    return dict(register.members.select("person_key", "person_ref").iter_rows())


def test_a_reference_is_random_and_of_letters_that_nobody_misreads() -> None:
    refs = mint(500)
    assert len(set(refs)) == 500
    assert set("".join(ref.removeprefix("P-") for ref in refs)) <= set(ALPHABET)
    assert not set("01OIUL") & set(ALPHABET)


def test_the_largest_share_keeps_the_reference_and_the_rest_is_split_off() -> None:
    new = counted()
    first = reconcile(Register.empty(), clusters(["abc", "d"]), DAY, "first linkage", new)
    assert whose(first) == {"a": "P1", "b": "P1", "c": "P1", "d": "P2"}
    assert first.log.is_empty()
    second = reconcile(first, clusters(["ab", "c", "d"]), LATER, "new records", new)
    assert whose(second) == {"a": "P1", "b": "P1", "c": "P3", "d": "P2"}
    assert second.log.rows() == [(2, LATER, "P1", "split off", "P3", 1, "new records")]


def test_of_two_that_merge_the_larger_stays_and_among_equals_the_older() -> None:
    new = counted()
    first = reconcile(Register.empty(), clusters(["a", "bc"]), DAY, "first linkage", new)
    merged = reconcile(first, clusters(["abc"]), LATER, "new records", new)
    assert set(whose(merged).values()) == {"P2"}
    assert merged.log.rows() == [(2, LATER, "P1", "merged into", "P2", 1, "new records")]
    young = reconcile(first, clusters(["a", "bc", "de"]), LATER, "new records", new)
    equal = reconcile(young, clusters(["a", "bcde"]), THIRD, "full rebuild", new)
    assert whose(equal)["d"] == "P2"


def test_records_may_move_between_two_people_that_both_stay() -> None:
    new = counted()
    first = reconcile(Register.empty(), clusters(["abc", "de"]), DAY, "first linkage", new)
    moved = reconcile(first, clusters(["ab", "cde"]), LATER, "decided by readers", new)
    assert whose(moved) == {"a": "P1", "b": "P1", "c": "P2", "d": "P2", "e": "P2"}
    assert moved.log.rows() == [(2, LATER, "P1", "records moved to", "P2", 1, "decided by readers")]


def test_a_record_that_is_away_for_a_while_finds_its_reference_again() -> None:
    new = counted()
    first = reconcile(Register.empty(), clusters(["ab", "c"]), DAY, "first linkage", new)
    without = reconcile(first, clusters(["a"]), LATER, "new records", new)
    assert whose(without) == whose(first)
    back = reconcile(without, clusters(["ab", "c"]), THIRD, "new records", new)
    assert whose(back) == whose(first)
    assert back.log.is_empty()


def present_refs(log: pl.DataFrame, ref: str) -> list[str]:
    """Who an earlier reference is today: itself or what it was merged into, and what was split from it on the way."""
    steps: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for run, old, change, other in log.select("run_number", "person_ref", "change", "other_ref").iter_rows():
        steps[old].append((run, change, other))
    found: set[str] = set()
    waiting, seen = [(ref, 0)], set()
    while waiting:
        one, since = waiting.pop()
        if (one, since) in seen:
            continue
        seen.add((one, since))
        later = [step for step in steps[one] if step[0] > since]  # what left it before is of no concern
        if not any(change == "merged into" for _, change, _ in later):
            found.add(one)
        waiting += [(other, run) for run, _, other in later]
    return sorted(found)


def test_same_person_as_last_month_is_answered_from_the_log() -> None:
    new = counted()
    first = reconcile(Register.empty(), clusters(["abc", "de", "f"]), DAY, "first linkage", new)
    second = reconcile(first, clusters(["ab", "c", "def"]), LATER, "new records", new)
    third = reconcile(second, clusters(["abdef", "c"]), THIRD, "new records", new)
    assert present_refs(third.log, "P1") == ["P2", "P4"]  # merged into P2, and one record split off before
    assert present_refs(third.log, "P3") == ["P2"]
    assert present_refs(third.log, "P2") == ["P2"]


PARTITIONS = st.lists(st.integers(0, 6), min_size=8, max_size=8)


def grouped(labels: list[int]) -> list[str]:
    groups: dict[int, str] = {}
    for key, label in zip("abcdefgh", labels, strict=True):
        groups[label] = groups.get(label, "") + key
    return list(groups.values())


@settings(max_examples=FEW)
@given(before=PARTITIONS, after=PARTITIONS)
def test_who_is_untouched_keeps_the_reference_and_the_log_accounts_for_all_others(
    before: list[int], after: list[int]
) -> None:
    new = counted()
    first = reconcile(Register.empty(), clusters(grouped(before)), DAY, "first linkage", new, BESIDE)
    second = reconcile(first, clusters(grouped(after)), LATER, "full rebuild", new, BESIDE)
    old, now = whose(first), whose(second)
    for group in set(grouped(before)) & set(grouped(after)):
        assert {now[key] for key in group} == {old[key] for key in group}
    moved = sum(old[key] != now[key] for key in old)
    assert int(second.log["record_count"].sum()) == moved
    for ref in set(old.values()):
        reached = set(present_refs(second.log, ref))
        assert reached == {now[key] for key in old if old[key] == ref} | ({ref} & set(now.values()))


@settings(max_examples=FEW)
@given(before=PARTITIONS, after=PARTITIONS)
def test_of_overlaps_in_order_each_is_kept_whose_cluster_and_reference_are_free(
    before: list[int], after: list[int]
) -> None:
    """Row by row over all overlaps, which the register does for contested ones alone."""
    first = reconcile(Register.empty(), clusters(grouped(before)), DAY, "first linkage", counted(), BESIDE)
    second = reconcile(
        first, clusters(grouped(after)), LATER, "full rebuild", lambda n: [f"Q{i}" for i in range(n)], BESIDE
    )
    old, now = whose(first), whose(second)
    shared = Counter((old[key], group[0]) for group in grouped(after) for key in group)
    kept: dict[str, str] = {}
    for ref, cluster in sorted(shared, key=lambda pair: (-shared[pair], *pair)):
        if cluster not in kept and ref not in kept.values():
            kept[cluster] = ref
    minted = (f"Q{number}" for number in itertools.count())
    assert {key: now[key] for key in sorted({group[0] for group in grouped(after)})} == {
        cluster: kept.get(cluster) or next(minted) for cluster in sorted({group[0] for group in grouped(after)})
    }


def test_references_are_minted_in_pieces_and_the_joins_leave_nothing_in_the_warehouse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "MINTED_AT_ONCE", 2)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        five = clusters(["abc", "d", "e", "fg", "h"])
        first = reconcile(Register.empty(), five, DAY, "first linkage", counted(), con)
        again = reconcile(first, five.reverse(), LATER, "new records", counted(), con)
        assert con.execute("select table_name from duckdb_tables()").fetchall() == []
    assert first.people["person_ref"].to_list() == ["P1", "P2", "P3", "P4", "P5"]
    assert again.members.equals(first.members)


def test_a_run_that_mints_too_few_references_is_an_error() -> None:
    with pytest.raises(ValueError):
        reconcile(Register.empty(), clusters(["a", "b"]), DAY, "first linkage", lambda count: ["P1"])
