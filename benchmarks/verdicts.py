"""Whether what is said of figures holds: simulations with a known truth.

    python benchmarks/verdicts.py audits --draws 5000 --seed 1

`audits`: coverage of the 95% limits of audited shares, ratios and agreement, nominally 95%, over worlds of
benchmarks/audit_coverage.py. Printed by kind of world: mean coverage, the least of worlds with at least 30 units and of
all, and the mean width in that of Clopper and Pearson at the design's effective size.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import audit_coverage


def print_table(title: str, parts: dict[str, pl.DataFrame]) -> None:
    """Rows of audit_coverage.summary as a table of the documentation."""
    print(f"\n| {title} | worlds | mean | least, 30 units or more | least | width, mean | width, most |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for label, rows in parts.items():
        for row in rows.iter_rows(named=True):
            found = [row[name] for name in ("mean", "least_30", "least")]
            cells = ["none" if share is None else f"{share:.1%}" for share in found]
            cells += [f"{row[name]:.2f}" for name in ("width", "widest")]
            print(f"| {label}{row['part']} | {row['worlds']:,} | {' | '.join(cells)} |")


def audits(draws: int, seed: int) -> None:
    """Print the coverage of shares and ratios, then of agreement."""
    found, of = audit_coverage.shares(seed, draws), audit_coverage.summary
    columns = {"crimes of a report: ": "crimes", "strata ": "frame", "strata: ": "strata", "units: ": "units"}
    print_table("shares and ratios", {"": of(found)} | {label: of(found, name) for label, name in columns.items()})
    single = audit_coverage.shares(seed, draws, strata=(1,))
    print_table("one stratum", {"": of(single)})
    found = audit_coverage.agreements(seed, draws)
    print_table("agreement", {"": of(found), "units: ": of(found, "units"), "failing: ": of(found, "failing")})
    low = audit_coverage.agreements(seed, draws, kappas=audit_coverage.LOW_KAPPAS)
    print_table("agreement below 0.8", {"": of(low)})
    print(f"\nKappa is defined in {100 * found['defined'].mean():.1f}% of draws, in the worst world in "
          f"{100 * found['defined'].min():.1f}%.")  # fmt: skip


def main() -> None:
    """The simulation that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("simulation", choices=("audits",))
    parser.add_argument("--draws", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    {"audits": audits}[given.simulation](given.draws, given.seed)


if __name__ == "__main__":
    main()
