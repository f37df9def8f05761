"""CLS by the fields (recording-standards 6.3); by the text see `classification_text`."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from sample.synth.clock import DAY, HOUR, Ints, instant
from sample.synth.codes import HO
from sample.synth.world import Plan, World, plants


def course(w: World, n: int, codes: tuple[str, ...], rel: str, days: tuple[int, ...], **facts: Any) -> list[Ints]:
    """n pairs, each with a crime of each code, a number of days after the first."""
    crimes = [w.cast(n, code, rel=rel, days=max(days) + 40, **facts) for code in codes]
    w.join(crimes[0], *crimes[1:])
    first = w.facts["reported"][crimes[0]]
    for rows, day in zip(crimes, days, strict=True):
        w.report_at(rows, first + day * DAY)
    return crimes


@plants("CLS-02")
def hidden_course(w: World) -> Plan:
    """The third event of a former partner in a year, recorded as 8R, 9A, 3B or damage.

    The third after more than a year, the second, and that of a neighbour meet the rule. The pairs begin with coercion,
    so that CLS-03 is met.
    """
    bad: list[Ints] = []
    quarter = max(1, w.breaches // 4)
    for code in ("8/72", "125/9", "3/1", "58/3"):
        crimes = course(w, quarter, ("8/67", "8/67", code), "ex_partner", (0, 60, 120))
        bad.append(crimes[2])
    m = max(1, w.near_misses // 3)
    apart = course(w, m, ("8/67", "8/67", "8/72"), "ex_partner", (0, 60, 440))[2]
    second = course(w, m, ("8/67", "8/72"), "ex_partner", (0, 50))[1]
    neighbour = course(w, m, ("195/94", "195/94", "125/9"), "neighbour", (0, 50, 90))[2]
    yield
    w.breach("CLS-02", np.concatenate(bad))
    w.decoy("CLS-02", np.r_[apart, second, neighbour])


@plants("CLS-03")
def single_acts(w: World) -> Plan:
    """Two single acts of one pair within a year and no conduct crime: each is listed."""
    n, m = max(1, w.breaches // 2), max(1, w.near_misses // 4)
    bad = course(w, n - n // 2, ("8/72", "125/9"), "acquaintance", (0, 100)) + course(
        w, max(1, n // 2), ("105/1", "58/3"), "neighbour", (0, 300)
    )
    apart = course(w, m, ("8/72", "125/9"), "acquaintance", (0, 400))
    conduct = course(w, m, ("125/9", "105/1", "195/94"), "neighbour", (0, 60, 90))[:2]
    others = [w.cast(m, "125/9", rel="acquaintance"), w.cast(m, "125/9", rel="acquaintance")]
    w.facts["victim"][others[1]] = w.facts["victim"][others[0]]
    yield
    w.breach("CLS-03", np.concatenate(bad))
    w.decoy("CLS-03", np.concatenate(apart + conduct + others))


@plants("CLS-07")
def downgraded(w: World) -> Plan:
    bad, checked, up = (
        w.cast(w.breaches, "195/12", history=2),
        w.cast(w.near_misses, "195/12", history=2),
        w.cast(w.near_misses, "8/65", history=1),
    )
    from_stalking = bad[: bad.size // 3]
    w.facts["ho"][from_stalking] = HO["195/94"]
    w.facts["rel"][from_stalking] = w.facts["rel"][w.cast(1, "195/94", rel="neighbour")][0]
    yield
    w.set_values("classification_history", bad, second_check_by=-1)
    w.breach("CLS-07", bad)
    w.decoy("CLS-07", np.r_[checked, up])


@plants("CLS-09")
def one_occasion(w: World) -> Plan:
    """One occasion and nothing before; an earlier crime of the pair, or two victims (s.1(1A)), meets the rule."""
    n, m = w.breaches, w.near_misses
    bad = np.r_[w.cast(n - n // 2, "195/94"), w.cast(n // 2, "195/12")]
    two, later = w.cast(m, "195/94"), course(w, m, ("195/94", "195/94"), "neighbour", (0, 45))[1]
    yield
    w.set_values("crime", np.r_[bad, two, later], coc_count=1, s1_1a=False)
    w.set_values("crime", two, s1_1a=True)
    w.breach("CLS-09", bad)
    w.decoy("CLS-09", np.r_[two, later])


@plants("CLS-10")
def before_the_act(w: World) -> Plan:
    """Conduct that ended on 24 November 2012, a day before stalking was an offence; a day later it was one."""
    bad, near = w.cast(w.breaches, "195/12"), w.cast(w.near_misses, "195/12")
    for rows, end in ((bad, "2012-11-24T22:00:10"), (near, "2012-11-25T02:00:10")):
        w.facts["gap"][rows] = w.facts["reported"][rows] - instant(end)
        w.facts["span"][rows] = 20 * DAY
        w.age(w.facts["suspect"][rows], instant(end), 30)
        w.age(w.facts["victim"][rows], instant(end), 30)
    yield
    w.breach("CLS-10", bad)
    w.decoy("CLS-10", near)


@plants("CLS-11")
def before_the_class(w: World) -> Plan:
    """8Q recorded before 1 April 2014; half an hour into that day by the London clock, or as 8L, is sound."""
    bad, old, edge = (
        w.cast(w.breaches, "195/12"),
        w.cast(w.near_misses, "195/94"),
        w.cast(w.near_misses, "195/12", lag=5 * HOUR),
    )
    w.report_at(bad, instant("2013-09-02T10:00:10") + np.arange(bad.size) % 180 * DAY)
    w.report_at(old, instant("2013-09-02T10:00:10") + np.arange(old.size) % 180 * DAY)
    w.report_at(edge, instant("2014-04-01T00:30:10") - 5 * HOUR)
    for rows in (bad, old, edge):
        w.facts["gap"][rows], w.facts["span"][rows] = 2 * DAY, 20 * DAY
        w.age(w.facts["suspect"][rows], w.offence_from(rows), 30)
        w.age(w.facts["victim"][rows], w.offence_from(rows), 30)
    yield
    w.breach("CLS-11", bad)
    w.decoy("CLS-11", np.r_[old, edge])


@plants("CLS-12")
def breach_alone(w: World) -> Plan:
    """A breach of an order with no stalking or harassment of the pair within 90 days either side; 89 days is within."""
    n, m = w.breaches, w.near_misses
    alone = w.cast(n - n // 2, "66/39", rel="ex_partner", gap=5 * HOUR, span=HOUR)
    far = course(w, max(1, n // 2), ("195/94", "66/38"), "neighbour", (0, 110), gap=5 * HOUR)[1]
    near = course(w, m, ("195/94", "66/38"), "neighbour", (0, 85), gap=5 * HOUR)[1]
    after = course(w, m, ("66/38", "195/94"), "neighbour", (0, 85), gap=5 * HOUR)[0]
    yield
    w.breach("CLS-12", np.r_[alone, far])
    w.decoy("CLS-12", np.r_[near, after])


@plants("CLS-14")
def one_record(w: World) -> Plan:
    """From April 2018 to April 2023 conduct and another crime of one report were two records; from June 2023 one is
    right.
    """
    n, m = w.breaches, max(1, w.near_misses // 3)
    conduct = w.cast(n - n // 2, "195/94", included=HO["105/1"])
    other = w.cast(n // 2, "105/1", included=HO["195/94"], rel="neighbour")
    first, second = w.cast(m, "195/94", included=HO["105/1"]), w.cast(m, "105/1", rel="neighbour")
    w.join(first, second)
    later, early = w.cast(m, "195/94", included=HO["105/1"]), w.cast(m, "195/94", included=HO["105/1"])
    for rows in (conduct, other, first):
        w.report_at(rows, instant("2021-02-01T09:00:10") + np.arange(rows.size) % 200 * DAY)
    w.report_at(second, w.facts["reported"][first] + 60)
    w.report_at(later, instant("2023-07-01T09:00:10") + np.arange(m) % 200 * DAY)
    w.report_at(early, instant("2018-01-01T09:00:10") + np.arange(m) % 80 * DAY)
    yield
    every = np.r_[conduct, other, first, second, later, early]
    for rows in (every, second):
        w.set_column("crime", rows, "report_group_id", rows)
    w.set_column("crime", second, "report_group_id", first)
    w.breach("CLS-14", np.r_[conduct, other])
    w.decoy("CLS-14", np.r_[first, second, later, early])


@plants("CLS-18")
def no_da_flag(w: World) -> Plan:
    """A casual date is not intimate; under 16 it is not domestic abuse; a flag set late is still a flag."""
    m = max(1, w.near_misses // 2)
    bad = np.r_[
        w.cast(w.breaches - w.breaches // 2, "105/1", rel="partner", flag_da=False),
        w.cast(w.breaches // 2, "105/1", rel="family", flag_da=False),
    ]
    date, young = w.cast(m, "105/1", rel="date_casual", flag_da=False), w.cast(m, "105/1", rel="family")
    w.age(w.facts["victim"][young], w.offence_from(young), 14)
    yield
    w.breach("CLS-18", bad)
    w.decoy("CLS-18", np.r_[date, young])


@plants("CLS-19")
def no_repeat_flag(w: World) -> Plan:
    """An earlier domestic crime of the same victim within 12 months; 13 months before, or of another victim, does not
    count.
    """
    bad = course(w, w.breaches, ("8/67", "8/67"), "partner", (0, 200))[1]
    apart = course(w, max(1, w.near_misses // 2), ("8/67", "8/67"), "partner", (0, 400))[1]
    other = course(w, max(1, w.near_misses // 2), ("8/67", "8/67"), "partner", (0, 200))
    # The suspect stays, the victim differs.
    fresh = w.cast(other[1].size, "58/1")  # not a single act of CLS-03: linked crimes would count as one
    w.facts["victim"][other[1]], w.facts["pair"][other[1]] = w.facts["victim"][fresh], w.facts["pair"][fresh]
    own = w.cast(fresh.size, "58/1")
    w.facts["victim"][fresh], w.facts["pair"][fresh] = w.facts["victim"][own], w.facts["pair"][own]
    w.age(w.facts["victim"][other[1]], w.offence_from(other[1]), 30)
    yield
    w.drop("crime_flag", np.r_[bad, apart, other[1]], pl.col("flag") == "repeat_da")
    w.breach("CLS-19", bad)
    w.decoy("CLS-19", np.r_[apart, other[1]])


@plants("CLS-23")
def charged_otherwise(w: World) -> Plan:
    """Stalking charged as harassment or public order; charged as another stalking offence it stays stalking."""
    bad, near = w.cast(w.breaches, "8/66", out="1A"), w.cast(w.near_misses, "8/66", out="1A")
    yield
    w.set_values("outcome", bad[::2], pl.col("is_current"), alt_ho_code="195/94")
    w.set_values("outcome", bad[1::2], pl.col("is_current"), alt_ho_code="125/9")
    w.set_values("outcome", near, pl.col("is_current"), alt_ho_code="195/12")
    w.breach("CLS-23", bad)
    w.decoy("CLS-23", near)
