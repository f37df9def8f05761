"""What the nowcast of incomplete months misses, and what its intervals hold: invented forces with what came later.

    python benchmarks/nowcast.py --forces 40

A force has 72 months of 60 to 1,000 crimes, by several suspects, some of one suspect and day alike. Its outcomes are
of one of four kinds: as they were made; slower by a third in each year; a charge more or less likely from some month
on; by season. A fifth is of no method's kind and is printed apart: for three months no case is closed. On each of the
last days of 24 months, the 37th to the 60th, the product says how many crimes of each month that is not complete will
have a charge, outcome 16 or any outcome within 365 days, from what is known that day. At the end all are known.

Printed by measure and kind, of the whole force and of ten districts: nowcasts; mean distance in points from the share
that came, of the nowcast, of the curve of all earlier cases, and of a chain ladder; the share of nowcasts inside the
80% and 95% intervals. Of districts and the whole alike only those with 30 crimes, and apart those of which fewer than
three cases are to come.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assets.methods.nowcast import EVENT, FEWEST_EXPECTED, OPEN, OTHER, States, nowcasts

KINDS = ("as made", "slower", "shift", "season")
BEYOND = "no closures"
PARTS = ("force", "district")
SEED, MONTHS, LIMIT, FEWEST = 20264, 72, 365, 30
TESTED = range(36, 60)
STARTS = np.round(np.arange(MONTHS + 1) * 365.25 / 12).astype(np.int64)
DISTRICTS, NEVER = 10, 1_000_000
# Share of crimes that ever have it, median days and spread of the log of days; the rest stays open.
OUTCOMES = {"charge": (0.09, 110.0, 0.9), "outcome 16": (0.32, 45.0, 0.9), "other": (0.45, 80.0, 0.8)}
MEASURES = {"charge": ("charge",), "outcome 16": ("outcome 16",), "any outcome": tuple(OUTCOMES)}


class Force:
    """The force of that number, the same whatever other forces there are; arrays of shape (crimes,)."""

    def __init__(self, kind: str, number: int) -> None:
        draw = np.random.default_rng([SEED, number])
        level = np.exp(draw.uniform(np.log(60), np.log(1000)))
        month = np.arange(MONTHS)
        wave = 1 + (0.2 if kind == "season" else 0.05) * np.sin(2 * np.pi * (month + draw.integers(12)) / 12)
        counts = draw.poisson(level * wave * draw.gamma(100, 0.01, MONTHS))
        of = np.repeat(month, counts)
        self.kind = kind
        self.recorded = np.minimum(STARTS[of] + draw.integers(0, 31, of.size), STARTS[of + 1] - 1)
        self.district = draw.choice(DISTRICTS, of.size, p=draw.dirichlet(np.full(DISTRICTS, 5.0)))
        weights = np.array([share for share, _, _ in OUTCOMES.values()])[:, None] * np.ones((1, of.size))
        if kind == "season":
            weights[0] *= 1 + 0.25 * np.sin(2 * np.pi * of / 12)
        if kind == "shift":
            weights[0] *= np.where(of >= draw.integers(24, 60), draw.choice([0.6, 1.5]), 1.0)
        pick = draw.uniform(size=of.size)
        cause = (pick[None, :] > np.cumsum(weights, axis=0)).sum(axis=0)  # 3 stays open
        medians = np.array([median for _, median, _ in OUTCOMES.values()] + [1e6])[cause]
        spreads = np.array([spread for _, _, spread in OUTCOMES.values()] + [0.1])[cause]
        days = medians * np.exp(spreads * draw.normal(size=of.size)) * draw.uniform(0.8, 1.25)
        if kind == "slower":
            days *= 1.33 ** (of / 12 - 3)
        # one crime in eight is of the suspect of the one before, and ends with it
        first = np.arange(of.size) - (draw.uniform(size=of.size) < 1 / 8)
        first[0] = 0
        cause, ends = cause[first], self.recorded[first] + np.ceil(days[first])
        if kind == BEYOND:
            stop = STARTS[draw.integers(36, 56)]
            held = (ends >= stop) & (ends < stop + 91)
            ends[held] = stop + 91 + draw.integers(0, 60, int(held.sum()))
        self.cause, self.days = cause, np.maximum(ends - self.recorded, 0).astype(np.int64)

    def states(self, measure: str, held: np.ndarray) -> States:
        """What was known of the crimes of the force that are held, with the outcomes of a measure as its events."""
        wanted = [list(OUTCOMES).index(name) for name in MEASURES[measure]]
        recorded, cause = self.recorded[held], self.cause[held]
        closed = np.where(cause < len(OUTCOMES), recorded + self.days[held], NEVER)
        is_closed = closed < NEVER
        return States(
            recorded=np.append(recorded, recorded[is_closed]),
            begins=np.append(recorded, closed[is_closed]),
            ends=np.append(closed, np.full(is_closed.sum(), NEVER)),
            since=np.append(closed, closed[is_closed]),
            causes=np.append(np.full(recorded.size, OPEN), np.where(np.isin(cause[is_closed], wanted), EVENT, OTHER)),
            counts=np.ones(recorded.size + int(is_closed.sum()), dtype=np.int64),
        )


def ladder(states: States, found: pl.DataFrame) -> np.ndarray:
    """Share by a chain ladder of months: those with the event so far, raised as earlier months were at that age."""
    recorded, _, _ = states.at(NEVER - 1)
    totals = np.bincount(np.searchsorted(STARTS, recorded, side="right") - 1, minlength=MONTHS)
    is_event = (states.causes == EVENT) & (states.since - states.recorded <= LIMIT)
    since = states.since[is_event]
    place = np.searchsorted(STARTS, states.recorded[is_event], side="right") - 1
    shares = []
    for day, month, age, met, count in found.select("day", "place", "age", "met_count", "case_count").iter_rows():
        done = np.flatnonzero((STARTS[1:] - 1 + LIMIT <= day) & (np.arange(MONTHS) >= month - 36))
        in_done = np.isin(place, done)
        final = int(in_done.sum())
        early = int((in_done & (since <= STARTS[place + 1] - 1 + STARTS[age])).sum())
        usual = final / max(int(totals[done].sum()), 1)
        # a month without any so far would stay without: what is to come is then as usual
        raised = met / count * final / early if met and early else 0.0
        shares.append(raised or met / count + usual * (1 - early / max(final, 1)))
    return np.array(shares)


def measured(kind: str, number: int, parts: Sequence[str] = PARTS) -> Iterator[pl.DataFrame]:
    """The nowcasts of one force, of its districts or both, by measure, of those that are large enough."""
    force = Force(kind, number)
    asked = [int(STARTS[month + 1]) - 1 for month in (*range(12, TESTED.stop), MONTHS - 1)]
    places = {"force": [np.ones(force.recorded.size, dtype=bool)]}
    places["district"] = [force.district == place for place in range(DISTRICTS)]
    for part, held in [(name, held) for name in parts for held in places[name]]:
        for measure in MEASURES:
            states = force.states(measure, held)
            found = nowcasts(states, STARTS.tolist(), LIMIT, asked, FEWEST)
            found = found.filter(
                pl.col("day").is_in([int(STARTS[month + 1]) - 1 for month in TESTED]),
                pl.col("case_count") >= FEWEST,
            )
            if found.is_empty():
                continue
            yield found.with_columns(
                ladder=pl.Series(ladder(states, found)), kind=pl.lit(kind), measure=pl.lit(measure),
                part=pl.lit(part), force=pl.lit(number),
            )


def line(name: str, of: pl.DataFrame) -> str:
    """A row of the table that is printed."""
    came = of["final"]
    errors = "".join(f"{100 * (of[column] - came).abs().mean():9.2f}" for column in ("value", "pooled", "ladder"))
    inside = [100 * ((of[f"lower_{level}"] <= came) & (came <= of[f"upper_{level}"])).mean() for level in (80, 95)]
    width = 100 * (of["upper_80"] - of["lower_80"]).mean()
    return f"{name:46}{of.height:9,}{errors}{inside[0]:9.1f}{inside[1]:9.1f}{width:9.2f}"


def main() -> None:
    """Print errors and coverage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forces", type=int, default=40)
    parser.add_argument("--beyond", type=int, default=8, help="forces of the fifth kind")
    given = parser.parse_args()
    start = time.process_time()
    kinds = [KINDS[number % len(KINDS)] for number in range(given.forces)] + [BEYOND] * given.beyond
    found = pl.concat([frame for number, kind in enumerate(kinds) for frame in measured(kind, number)])
    heads = ("nowcasts", "error", "pooled", "ladder", "in 80%", "in 95%", "width 80")
    print(f"{'':46}{''.join(f'{head:>9}' for head in heads)}")
    is_test, is_shown = pl.col("expected") >= FEWEST_EXPECTED, pl.col("is_shown")
    titles = {"": is_test, ", drawn": is_test & is_shown, ", drawn, fewer to come": ~is_test & is_shown}
    for part in PARTS:
        for title, held in titles.items():
            rows = found.filter(pl.col("part") == part, held)
            for measure in MEASURES:
                own = rows.filter(pl.col("measure") == measure)
                for kind in (*KINDS, BEYOND) if not title else ():
                    if (of := own.filter(pl.col("kind") == kind)).height:
                        print(line(f"{part}, {measure}, {kind}", of))
                if (of := own.filter(pl.col("kind") != BEYOND)).height:
                    print(line(f"{part}, {measure}, the four kinds{title}", of))
    print(f"{time.process_time() - start:.1f} processor seconds")


if __name__ == "__main__":
    main()
