"""Cost of the attack on a release as cells and earlier releases grow, beside a rival.

    python benchmarks/disclosure.py --groups 4 8 16 32 --releases 0 8

Invented counts of one year: four measures, each a part of the one before, in six breakdowns of the given number of
groups, many of them small. Between two releases a share of the victims (`--moved`) changes groups. The rival is the
attack without narrowing, without separate systems and without stored solutions: an integer program for each end of each
cell. Both answer the same two questions (which cells can be one number only; the least and greatest of each suppressed
one), and the benchmark fails where an answer differs. Printed: cells, numbers and lines of the system, seconds and
programs of both; then the time to build the whole table.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assets.methods.disclosure import whole_numbers
from assets.methods.disclosure.cells import Release, controlled, rule_of, written
from assets.methods.disclosure.control import Attack, Token, is_rounded
from assets.methods.disclosure.releases import read_earlier_releases
from assets.methods.disclosure.whole_numbers import OPEN

Row = dict[str, Any]
EXACT = {"mip_rel_gap": 0, "presolve": False}  # with presolving HiGHS 1.12 has missed the greatest
MEASURES, BREAKDOWNS, YEAR = ("known", "offered", "accepted", "engaged"), 6, "2025-09-30"
FIRST = dt.datetime(2025, 10, 1, tzinfo=dt.UTC)
SETTINGS = {
    "disclosure.suppress_to": 7, "disclosure.hides_zero": 0, "disclosure.share_minimum": 30,
    "disclosure.class_minimum": 10, "disclosure.unrounded_below": 30, "disclosure.exact_totals": 0,
    "disclosure.complement": 1,
}  # fmt: skip


def people(random: np.random.Generator, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """The group of each victim in each breakdown, and how many of the measures each reached."""
    count = 40 * groups
    weights = random.dirichlet(np.full(groups, 0.7), size=BREAKDOWNS)
    belongs = np.stack([random.choice(groups, size=count, p=weight) for weight in weights])
    return belongs, random.choice(len(MEASURES), size=count, p=[0.3, 0.3, 0.2, 0.2])


def cells_of(belongs: np.ndarray, reached: np.ndarray, groups: int) -> list[Row]:
    """core.disclosure_cells of the victims."""
    rows = []
    for level, measure in enumerate(MEASURES):
        is_in = reached >= level
        counts = [("all", "all", int(is_in.sum()))]
        counts += [
            (f"b{b}", f"g{g}", int((is_in & (belongs[b] == g)).sum())) for b in range(BREAKDOWNS) for g in range(groups)
        ]
        above = MEASURES[level - 1] if level else None
        rows += [
            {
                "cell_ref": f"{measure}|{YEAR}|{b}|{g}", "measure_code": measure, "period_code": YEAR, "breakdown": b,
                "group_code": g, "person_count": n, "is_of_few_people": False,
                "total_ref": None if b == "all" else f"{measure}|{YEAR}|all|all",
                "parent_ref": None if above is None else f"{above}|{YEAR}|{b}|{g}",
            }
            for b, g, n in counts
        ]  # fmt: skip
    return sorted(rows, key=lambda row: row["cell_ref"])


def plain(attack: Attack, asked: list[str]) -> tuple[dict[str, tuple[int, int]], int]:
    """The rival: least and greatest of each, and its number of programs."""
    rows = lil_array((len(attack.lines), len(attack.names)))
    for at, line in enumerate(attack.lines):
        for place, factor in line.terms:
            rows[at, place] = factor
    low = np.array([-np.inf if line.low <= -OPEN else line.low for line in attack.lines])
    held = LinearConstraint(rows.tocsr(), low, [line.high for line in attack.lines])
    box = Bounds(attack.limits[:, 0].astype(float), attack.limits[:, 1].astype(float))
    found = {}
    for name in asked:
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(attack.names))
            aim[attack.place[name]] = sign
            best = milp(aim, integrality=np.ones(len(aim)), bounds=box, constraints=held, options=EXACT)
            ends.append(round(best.x[attack.place[name]]))
        found[name] = (ends[0], ends[1])
    return found, 2 * len(asked)


class Counted:
    """Counter of the programs that the attack runs."""

    def __init__(self) -> None:
        self.count, ask = 0, whole_numbers.milp

        def counting(*given: Any, **named: Any) -> Any:
            self.count += 1
            return ask(*given, **named)

        whole_numbers.milp = counting


def measured(groups: int, releases: int, round_to: int, share: float, seed: int, counted: Counted) -> str:
    """One line of the table. Raises SystemExit where the two disagree."""
    random = np.random.default_rng(seed)
    chosen = SETTINGS | {"disclosure.round_to": round_to}
    belongs, reached = people(random, groups)
    log: list[Row] = []
    for n in range(releases):
        cells = cells_of(belongs, reached, groups)
        made = controlled(cells, log, chosen)
        log += [{"published_at": FIRST + dt.timedelta(days=n), **row} for row in written(cells, made, chosen)]
        moved = np.flatnonzero(random.random(len(reached)) < share)
        reached[moved] = random.permutation(reached[moved])
    cells = cells_of(belongs, reached, groups)
    start = time.perf_counter()
    made = controlled(cells, log, chosen)
    build = time.perf_counter() - start
    release = Release(cells, log, made, chosen, read_earlier_releases(cells, log, 10))
    hidden = [ref for ref, (cell, _) in made.items() if cell.token is Token.SUPPRESSED]
    asked = hidden + [ref for ref, (cell, _) in made.items() if is_rounded(cell, rule_of(chosen))]
    counted.count, start = 0, time.perf_counter()
    ours = Attack(release.attack.cells, (), rule_of(chosen))
    ours.names, ours.place = release.attack.names, release.attack.place
    ours.numbers = whole_numbers.Numbers(release.attack.limits, release.attack.lines)  # narrowing is a part of the cost
    single, ends = ours.single(asked), ours.bounds(hidden)
    own, programs = time.perf_counter() - start, counted.count
    start = time.perf_counter()
    rival, rival_programs = plain(release.attack, asked)
    other = time.perf_counter() - start
    if ends != {name: rival[name] for name in hidden} or single != {n: a for n, (a, b) in rival.items() if a == b}:
        raise SystemExit(f"expected the rival's answers with {groups} groups and {releases} releases; saw others")
    return (
        f"{round_to:>8} {releases:>8} {len(cells):>6} {len(hidden):>6} {len(release.attack.names):>7} "
        f"{len(release.attack.lines):>6} {own:>8.2f} {programs:>8} {other:>9.2f} {rival_programs:>8} "
        f"{other / own:>6.1f} {build:>9.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, nargs="+", default=[4, 8, 16, 32])
    parser.add_argument("--releases", type=int, nargs="+", default=[0, 8])
    parser.add_argument("--moved", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    counted = Counted()
    print("round to releases  cells hidden numbers  lines  seconds programs   rival s programs  times   build s")
    for round_to in (5, 1):
        for releases in asked.releases:
            for groups in asked.groups:
                print(measured(groups, releases, round_to, asked.moved, asked.seed, counted), flush=True)


if __name__ == "__main__":
    main()
