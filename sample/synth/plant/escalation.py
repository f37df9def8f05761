"""Escalation: reports of former partners that come faster and become graver. It breaks no rule; the truth has a list.

Crimes of pairs with one crime become crimes of one pair, and their accounts go from calls to following, threats and
assault. Each keeps its offence, outcome and delays, and is moved in time by days. All draws are of a generator of its
own. So the rest of the force changes hardly at all.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.clock import DAY, EXTRACT, START, Bools, Ints
from sample.synth.codes import FORMER, is_in, related
from sample.synth.text import ending
from sample.synth.world import Plan, TooFewCrimes, World

STREAM = 34  # of this planting's own generator
EVENTS = (8, 13)  # reports of a pair: from, and up to but not with
GAPS = (70, 10, 8.5)  # days: the first, the last, and the least, since reports within seven days are one event
UNEVEN = 0.25  # of the logarithm of each gap
ADULT = 21 * 365.25 * DAY  # days that a crime is moved make nobody a youth, or of age
STAGES = (
    ("Suspect rang the victim at work and came with flowers", "Suspect rang the victim late at night",
        "Suspect rang the victim and then the victim's sister"),
    ("Suspect is fixated and followed the victim home from work",
        "Suspect followed the victim to the gym and is obsessed with where the victim goes"),
    ("Suspect followed the victim to the car and said that he would kill the victim",
        "Suspect followed the victim home and threatened to hurt the victim"),
    ("Suspect is obsessed, followed the victim, punched the victim and said that he would kill the victim",
        "Suspect is fixated, followed the victim, slapped the victim and threatened to hurt the victim"),
)  # fmt: skip
SHARES = (0.3, 0.35, 0.2)  # of the reports in each of the first stages
GRAVE = 2  # stages from here on are stalking with fear of violence
OTHER = 0.15  # share of accounts that are of the other stage of the same offence


def escalating(w: World) -> Plan:
    """Make a handful of pairs whose reports escalate; `w.escalating` has the crimes of each."""
    rng = w.stream(STREAM)
    can = _movable(w)
    rows: list[int] = []
    stages: list[int] = []
    for _ in range(max(2, w.crimes // 1500)):
        at = _times(rng)
        stage = np.searchsorted(np.cumsum(SHARES), (np.arange(at.size) + 0.5) / at.size)
        chosen = np.array([_nearest(w, can, when, grave) for when, grave in zip(at, stage >= GRAVE, strict=True)])
        w.join(chosen[:1].repeat(at.size - 1), chosen[1:])
        w.facts["alone"][chosen] = False
        w.report_at(chosen, at // DAY * DAY + w.facts["reported"][chosen] % DAY)
        w.escalating.append(chosen)
        rows += chosen.tolist()
        stages += np.where(rng.random(at.size) < OTHER, stage ^ 1, stage).tolist()
    yield
    for table, column in (("crime", "mo_text"), ("incident", "log_text")):
        tails = ending(rng, len(rows)).to_list()
        acts = [STAGES[stage][rng.integers(len(STAGES[stage]))] for stage in stages]
        texts = [f"{act}; {tail}" for act, tail in zip(acts, tails, strict=True)]
        given = pl.col(table).replace_strict(rows, texts, default=None, return_dtype=pl.String)
        w.tables[table] = w.tables[table].with_columns(pl.coalesce(given, column).alias(column))


def _movable(w: World) -> Bools:
    """Stalking by a former partner, each the only crime of its pair, of adults, and without another part to play."""
    f = w.facts
    can: Bools = w.free & f["alone"] & f["named"] & (f["removal"] == 0) & related(FORMER, f["rel"])
    can &= is_in(("195/12", "8/65", "8/66"), f["ho"]) & (f["pair"] < f["pair"].max())
    for person in ("suspect", "victim"):
        can &= f["reported"] - w.birth[f[person]] > ADULT
    return can


def _times(rng: np.random.Generator) -> Ints:
    """Moments of one pair's reports: each wait is shorter than the one before, but for chance."""
    first, last, least = GAPS
    gaps = np.geomspace(first, last, int(rng.integers(*EVENTS)) - 1)
    gaps = np.maximum(gaps * rng.lognormal(0, UNEVEN, gaps.size), least)
    span = int(gaps.sum() * DAY)
    begin = rng.integers(START + 30 * DAY, EXTRACT - 60 * DAY - span)
    moments: Ints = begin + (np.r_[0, gaps.cumsum()] * DAY).astype(np.int64)
    return moments


def _nearest(w: World, can: Bools, when: int, grave: bool) -> int:
    """The crime of the right offence that was reported nearest to a moment; it can be chosen once."""
    right = np.flatnonzero(can & (is_in(("195/12",), w.facts["ho"]) != grave))
    if not right.size:
        raise TooFewCrimes
    chosen = int(right[np.abs(w.facts["reported"][right] - when).argmin()])
    can[chosen] = False
    return chosen
