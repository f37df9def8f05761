"""Whether what is said of figures holds: simulations with a known truth.

    python benchmarks/verdicts.py audits --draws 5000 --seed 1
    python benchmarks/verdicts.py changes --series FOLDER FOLDER --most 40
    python benchmarks/verdicts.py counts --draws 4000 --boroughs FOLDER/mps/MPSCrime.csv
    python benchmarks/verdicts.py release --home HOME

`audits`: coverage of the 95% limits of audited shares, ratios and agreement, nominally 95%, over worlds of
benchmarks/audit_coverage.py. Printed by kind of world: mean coverage, the least of worlds with at least 30 units and of
all, and the mean width in that of Clopper and Pearson at the design's effective size.

`changes`: what is named as changed, in forces of `stra synth --steady --series` (benchmarks/named_changes.py): all
of them steady and mixed, and the first of them with one thing planted.

`counts`: how often a count is clearly more or fewer while nothing changes (benchmarks/changed_counts.py).

`release`: shares and verdicts of a home as commissioners read them, beside the exact ones and those of chief officers,
and what all of it together gives away (benchmarks/released_shares.py).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import audit_coverage, changed_counts, named_changes, released_shares


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


def counts(draws: int, seed: int, boroughs: Path) -> None:
    """Print the share of false changes of real months near to each other, and of invented months."""
    with pl.Config(tbl_rows=-1, tbl_formatting="ASCII_MARKDOWN", tbl_hide_dataframe_shape=True, float_precision=3):
        print(changed_counts.of_real_months(changed_counts.read_boroughs(boroughs)))
        print(changed_counts.of_steady_months(draws, seed))


def release(home: Path) -> None:
    """Print errors of shares, verdicts of the chief by those of the copy, and what the attack leaves."""
    with (
        duckdb.connect(home / "warehouse.duckdb", read_only=True) as con,
        pl.Config(tbl_rows=-1, tbl_formatting="ASCII_MARKDOWN", tbl_hide_dataframe_shape=True, float_precision=2,
                  tbl_hide_column_data_types=True, tbl_width_chars=140),
    ):  # fmt: skip
        print(released_shares.shares(con))
        print(released_shares.conflicts(con, home))
        print(released_shares.attack(con))


def main() -> None:
    """The simulation that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("simulation", choices=("audits", "changes", "counts", "release"))
    parser.add_argument("--draws", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--boroughs", type=Path, help="MPSCrime.csv of the open data, for counts")
    parser.add_argument("--series", type=Path, nargs="+", default=[], help="folders with series.parquet, for changes")
    parser.add_argument("--most", type=int, default=40, help="forces in which something is planted, for changes")
    parser.add_argument("--home", type=Path, help="a home that was built, for release")
    given = parser.parse_args()
    if given.simulation == "audits":
        audits(given.draws, given.seed)
    elif given.simulation == "changes":
        named_changes.steady(given.series)
        print()
        named_changes.mixed(given.series)
        named_changes.power(given.series, given.most)
    elif given.simulation == "release" and given.home is not None:
        release(given.home)
    elif given.simulation == "release":
        parser.error("release: expected --home HOME, a home that was built; saw none")
    elif given.boroughs is None:
        parser.error("counts: expected --boroughs FILE, the wards of London by month; saw none")
    else:
        counts(given.draws, given.seed, given.boroughs)


if __name__ == "__main__":
    main()
