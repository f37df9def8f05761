"""Escalation of the invented force: what was planted is found, and how much else is called."""

from __future__ import annotations

import pytest
from conftest import InventedForce

pytestmark = pytest.mark.slow

# people are those that the build's own linkage found
FOUND = """
    with keys as (
        select t.true_person, p.person_ref
        from read_csv(?, all_varchar = true) as t
        inner join core.people as p using (person_key)
    ),
    planted as (
        select distinct md5(s.person_ref || '|' || v.person_ref) as dyad_ref
        from read_csv(?, all_varchar = true) as t
        inner join keys as s on t.true_person = s.true_person
        inner join keys as v on t.victim_true_person = v.true_person
    )
    select e.measure, p.dyad_ref is not null as is_planted, count(*), count(*) filter (where e.smallest_p <= 0.05),
        count(*) filter (where e.is_called and e.direction = 'rising'),
        count(*) filter (where e.is_called and e.direction = 'falling')
    from metrics.dyad_escalation as e
    left join planted as p using (dyad_ref)
    group by all
    order by all"""
SUMMARY = "select measure, tested_count, able_count, rising_count, falling_count from metrics.escalation_summary"


def test_planted_escalation_is_found_and_few_other_pairs_are_called(invented_force: InventedForce) -> None:
    files = [str(invented_force.truth / f"{name}.csv") for name in ("people", "escalating_pairs")]
    with invented_force.connect() as con:
        rows = con.execute(FOUND, files).fetchall()
        summary = {measure: tuple(counts) for measure, *counts in con.execute(SUMMARY).fetchall()}
    print("\nmeasure, planted: tested, could differ, rising, falling")
    for measure, is_planted, *counts in rows:
        print(f"{measure}, {is_planted}:", *counts)
    found = {(measure, is_planted): counts for measure, is_planted, *counts in rows}
    for measure in ("frequency", "severity"):
        planted, others = found[measure, True], found[measure, False]
        assert summary[measure] == tuple(map(sum, zip(planted, others, strict=True)))
        tested, _, rising, falling = planted
        assert tested == 8 and rising >= 6 and falling == 0
        tested, _, rising, falling = others
        assert tested > 50 and rising + falling <= 1
