"""Clusters of records: the step from pairs of records to people.

Plain chaining (A like B, B like C) merges twins, and fathers with sons, through a sparse record between them. Here two
groups of records are joined only when their records agree on average, and no record of one contradicts one of the
other. Contradictions are: another forename, a birth date a generation apart, another PNC identity number, or a decision
by two reviewers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from assets.methods.linkage.levels import BIRTH, EMAIL, FORENAME, PNCID, SEX, Comparison

Ints = NDArray[np.int64]
HIGHEST = 20.0  # bits: one overwhelming link does not outweigh three that disagree
LOWEST = -10.0


@dataclass(frozen=True)
class Limits:
    """Bits of match weight: `link` that a pair needs, `average` that two groups need."""

    link: float
    average: float


def contradiction() -> pl.Expr:
    """Reason why the two records of a pair cannot be one person, in words; null where they may be."""

    def at(comparison: Comparison, *words: str) -> pl.Expr:
        return pl.col(f"level_{comparison.name}").is_in([comparison.number(w) for w in words])

    one_number = at(PNCID, "same")
    one_address = at(EMAIL, "same")
    other_forename = at(FORENAME, "different")
    weak_forename = at(FORENAME, "one name begins or ends the other", "short or other form of one name", "alike",
        "one letter differs or sounds alike", "the other's middle name or alias")  # fmt: skip
    other_number = at(PNCID, "different, both with a right check letter")
    born_alike = at(BIRTH, "same", "same, a 1 January") | (pl.col(f"level_{BIRTH.name}") < 0)
    all_else_same = at(FORENAME, "same, and the surname", "forename and surname swapped") & born_alike
    return (
        pl.when(other_number & ~all_else_same).then(pl.lit("another PNC identity number"))
        .when(one_number).then(None)
        .when(at(BIRTH, "a generation apart")).then(pl.lit("birth dates a generation apart"))
        .when(other_forename & ~one_address).then(pl.lit("another forename"))
        .when(other_forename & at(BIRTH, "different")).then(pl.lit("another forename and birth date"))
        .when(weak_forename & at(SEX, "different")).then(pl.lit("another sex, and the forename only alike"))
    )  # fmt: skip


def components(size: int, left: Ints, right: Ints) -> Ints:
    """Number of the connected component of each of `size` records, by the edges given."""
    graph = coo_matrix((np.ones(left.size, dtype=np.int8), (left, right)), shape=(size, size))
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def refine(size: int, left: Ints, right: Ints, weight: NDArray[np.float64], verdict: Ints, limits: Limits) -> Ints:
    """Number of each record's person, of shape (records,).

    `verdict` of a pair: 0 the weight decides, 1 must be one person, -1 must not. All pairs within a component of linked
    records must be given.
    """
    linked = (verdict == 1) | ((verdict == 0) & (weight >= limits.link))
    component = components(size, left[linked], right[linked])
    inside = component[left] == component[right]
    left, right, weight, verdict, linked = (a[inside] for a in (left, right, weight, verdict, linked))
    people = component.copy()
    sizes = np.bincount(component, minlength=int(np.max(component)) + 1 if size else 0)
    doubtful = np.zeros(sizes.size, dtype=bool)
    doubtful[component[left[~linked]]] = True
    doubtful &= sizes > 2
    order = np.lexsort((right, left, -weight, -verdict, component[left]))
    order = order[doubtful[component[left[order]]]]
    next_person = int(sizes.size)
    bounds = np.flatnonzero(np.diff(component[left[order]], prepend=-1, append=-1))
    for start, end in pairwise(bounds.tolist()):
        rows = order[start:end]
        groups = _agglomerate(
            left[rows].tolist(), right[rows].tolist(), weight[rows].tolist(), verdict[rows].tolist(), limits
        )
        for members in groups[1:]:
            people[members] = next_person
            next_person += 1
    return people


def _agglomerate(
    left: list[int], right: list[int], weight: list[float], verdict: list[int], limits: Limits
) -> list[list[int]]:
    """Groups of one component, pairs given from the surest to the least sure."""
    sums: dict[int, dict[int, float]] = defaultdict(dict)
    pairs: dict[int, dict[int, int]] = defaultdict(dict)
    barred: dict[int, set[int]] = defaultdict(set)
    for one, two, bits, said in zip(left, right, weight, verdict):
        held = min(max(bits, LOWEST), HIGHEST)
        sums[one][two] = sums[two][one] = held
        pairs[one][two] = pairs[two][one] = 1
        if said == -1:
            barred[one].add(two)
            barred[two].add(one)
    members = {record: [record] for record in sorted(set(left) | set(right))}
    group = {record: record for record in members}
    changed = True
    while changed:
        changed = False
        for one, two, bits, said in zip(left, right, weight, verdict):
            a, b = group[one], group[two]
            if a == b or said == -1 or (said == 0 and bits < limits.link):
                continue
            if said == 0 and (b in barred[a] or sums[a][b] / pairs[a][b] < limits.average):
                continue
            _join(a, b, members, group, sums, pairs, barred)
            changed = True
    return [sorted(records) for records in members.values()]


def _join(
    a: int,
    b: int,
    members: dict[int, list[int]],
    group: dict[int, int],
    sums: dict[int, dict[int, float]],
    pairs: dict[int, dict[int, int]],
    barred: dict[int, set[int]],
) -> None:
    """Make group b part of group a."""
    for record in members[b]:
        group[record] = a
    members[a] += members.pop(b)
    for other in members:
        if other == a:
            continue
        if other in sums[b]:
            sums[a][other] = sums[other][a] = sums[a].get(other, 0.0) + sums[b][other]
            pairs[a][other] = pairs[other][a] = pairs[a].get(other, 0) + pairs[b][other]
        if other in barred[b]:
            barred[a].add(other)
            barred[other].add(a)
