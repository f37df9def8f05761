"""Records that belong to people known under another key: a serial suspect, and warnings that were missed.

The steady twin has none. They break no rule; truth/missed_warnings lists the warnings, and what only looks like one.
"""

from __future__ import annotations

import numpy as np

from sample.synth.clock import DAY, EXTRACT, HOUR, Ints, instant
from sample.synth.codes import HO
from sample.synth.story import NAMES_DISTRICTS, NAMES_SINCE, start
from sample.synth.world import Plan, World

STREAM = 35  # of these plantings' own generator
EARLIEST = instant("2024-02-01T00:00")  # of the second: since June 2023 one record may include a class (CLS-14)
GAPS = (20, 200)  # days between a warning and the serious report: from, and up to but not with
KINDS = {  # where the warning is held -> its offence, what is included in it, and how it is removed
    "another key": ("195/12", -1, 0),
    "included class": ("8/1", HO["195/12"], 0),
    "cancelled crime": ("195/12", -1, 2),
    "another class": ("8/72", -1, 0),
    "plain record": ("195/12", -1, 0),  # never missed: it is a decoy in each order
}


def two_names(w: World) -> Plan:
    """One man follows a woman in one district, and under another name another woman in another district."""
    if w.has_story:
        rng = w.stream(STREAM)
        crimes = w.cast(4, rel="stranger", out="15").reshape(2, 2)
        w.join(crimes[:, 0], crimes[:, 1])
        f = w.facts
        f["suspect"][crimes] = f["suspect"][crimes[0, 0]]
        f["unit"][crimes] = np.array(NAMES_DISTRICTS)[:, None]
        begin = np.sort(rng.integers(start(NAMES_SINCE), EXTRACT - 120 * DAY, 2)) // DAY * DAY + 10 * HOUR + 7
        w.report_at(crimes, begin[:, None] + np.array([0, 21 * DAY]))
        w.apart["suspect"] |= set(f["pair"][crimes[:, 0]].tolist())
        w.renamed = crimes[1]
    yield


def missed_warnings(w: World) -> Plan:
    """Earlier reports of the people of a serious one that nobody saw: `w.warnings` has kind, earlier, later, is_decoy.

    Decoys came after the serious report, or are plain records of the same two people. `w.elsewhere` has what the
    neighbouring force holds.
    """
    if w.has_story:
        rng = w.stream(STREAM + 1)
        n = max(2, w.crimes // 5000)
        for kind, (offence, included, removal) in KINDS.items():
            for swapped in (False, True):
                hidden = w.cast(n, offence, "acquaintance", included=included, removal=removal)
                grave = w.cast(n, "8/66", rel="acquaintance", grade="high", days=GAPS[1])
                _same_people(w, grave, hidden, apart=kind == "another key")
                _apart_in_time(w, rng, *((grave, hidden) if swapped else (hidden, grave)))
                is_decoy = swapped or kind == "plain record"
                w.warnings += [(kind, int(a), int(b), is_decoy) for a, b in zip(hidden, grave, strict=True)]
        for is_decoy in (False, True):
            grave = w.cast(n, "8/66", rel="acquaintance", grade="high", days=GAPS[1])
            days = rng.integers(*GAPS, n) * (1 if is_decoy else -1)
            noon = w.facts["reported"][grave] // DAY * DAY + 12 * HOUR
            w.elsewhere += [(int(a), int(at), is_decoy) for a, at in zip(grave, noon + days * DAY, strict=True)]
    yield


def of_another_force(w: World) -> Plan:
    """Plain stalking of people of another force, whom this one knows by keys of its own."""
    if w.known:
        f = w.facts
        rows = w.held = w.cast(len(w.known), "195/12", "acquaintance")
        w.report_at(rows, np.array([one.reported for one in w.known]))
        for part in ("victim", "suspect"):
            traits = np.array([one.traits[part] for one in w.known])
            for of, values in zip((w.birth, w.sex, w.ethnicity), traits.T, strict=True):
                of[f[part][rows]] = values
    yield


def _same_people(w: World, grave: Ints, hidden: Ints, *, apart: bool) -> None:
    """Give the hidden record the people of the grave one: as a pair that the force knows, or under other keys."""
    if not apart:
        w.join(grave, hidden)
        return
    for part in ("victim", "suspect"):
        w.facts[part][hidden] = w.facts[part][grave]
        w.apart[part] |= set(w.facts["pair"][np.r_[grave, hidden]].tolist())


def _apart_in_time(w: World, rng: np.random.Generator, first: Ints, second: Ints) -> None:
    days = rng.integers(*GAPS, first.size)
    reported = w.facts["reported"]
    w.report_at(second, np.maximum(reported[second], EARLIEST + reported[second] % DAY))
    w.report_at(first, (reported[second] // DAY - days) * DAY + reported[first] % DAY)
