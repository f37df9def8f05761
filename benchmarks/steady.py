"""False alarms: series that signal in the latest month of an invented force in which nothing changed.

    python benchmarks/steady.py --seeds 1 2 3 --crimes 20000 --work FOLDER

Each seed is a steady force (`stra synth --steady`) and a build of it. What is counted is metrics.measure_verdicts: a
series is judged if it has limits. Its points and verdicts stay in the folder, and a seed that is there is not built
again. Delete the folder when the rules change.

The last table says how many signals begin in the latest month of their series, and in each month before it. If a
measure is not complete at the end of an extract, more begin in the latest.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import duckdb
import polars as pl
from watched import ROOT, STRA, build, timed

sys.path.insert(0, str(ROOT))

from assets.methods.spc.series import series_verdicts

KEPT = ("metrics.measure_verdicts", "metrics.measure_points", "reference.settings")
BACK = 12  # months before the latest
JUDGED = pl.col("verdict").is_in(("higher", "lower", "no_change"))
SIGNAL = pl.col("verdict").is_in(("higher", "lower"))
OF_FORCE = pl.col("breakdown") == "none"
IS_STANDARD = pl.col("measure_code").str.contains(r"^[A-Z]{3}-\d\d")


def keep(seed: int, crimes: int, work: Path) -> None:
    """Write and build the steady force of a seed, keep its tables of points and verdicts, delete the rest."""
    data, home, kept = work / "data", work / "home", work / f"seed_{seed}"
    for folder in (data, home, kept):
        shutil.rmtree(folder, ignore_errors=True)
    size = ["--crimes", str(crimes), "--seed", str(seed)]
    timed([*STRA, "synth", "--out", str(data / "invented_force"), "--steady", "--noise", "low", *size])
    timed(build(data, home))
    part = work / "part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        for table in KEPT:
            warehouse.table(table).pl().write_parquet(part / f"{table}.parquet")
    part.rename(kept)
    shutil.rmtree(data)
    shutil.rmtree(home)


def read(work: Path, seed: int, table: str) -> pl.DataFrame:
    return pl.read_parquet(work / f"seed_{seed}" / f"{table}.parquet")


def counts(verdicts: pl.DataFrame) -> dict[str, int]:
    """Series judged, those with a signal, and those whose signal began with the latest month."""
    judged = verdicts.filter(JUDGED)
    found = judged.filter(SIGNAL)
    measures, standards = (found.filter(OF_FORCE, which) for which in (~IS_STANDARD, IS_STANDARD))
    return {
        "series": verdicts.height, "judged": judged.height, "signal": found.height,
        "new": found.filter("is_new").height,
        "of the force: judged": judged.filter(OF_FORCE).height,
        "measures": measures.height, "new measures": measures.filter("is_new").height,
        "standards": standards.height, "new standards": standards.filter("is_new").height,
    }  # fmt: skip


def begun(points: pl.DataFrame, settings: pl.DataFrame) -> list[int]:
    """Signals that began in the latest month of each series, in the month before, and so on: BACK + 1 numbers."""
    points = points.filter(pl.col("value").is_not_null(), pl.col("limits_status") == "drawn").with_columns(
        back=pl.col("month").rank("ordinal", descending=True).over("series_ref") - 1, counted=pl.lit("")
    )
    found = []
    for back in range(BACK + 1):
        verdicts = series_verdicts(points.filter(pl.col("back") >= back), settings)
        found.append(verdicts.filter("is_new").height)
    return found


def table(rows: list[dict[str, object]]) -> None:
    """Print rows as a table of the documentation."""
    names = list(rows[0])
    print(f"| {' | '.join(names)} |\n|{'--:|' * len(names)}")
    for row in rows:
        print(f"| {' | '.join(str(row[name]) for name in names)} |")


def main() -> None:
    """Print a row a seed, the measures that signal most, and when signals began."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(1, 21)))
    parser.add_argument("--crimes", type=int, default=20_000)
    parser.add_argument("--work", type=Path, required=True)
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    for seed in asked.seeds:
        if not (asked.work / f"seed_{seed}").is_dir():
            keep(seed, asked.crimes, asked.work)
            print(seed, counts(read(asked.work, seed, "metrics.measure_verdicts")), file=sys.stderr, flush=True)
    every = [read(asked.work, seed, "metrics.measure_verdicts").with_columns(seed=pl.lit(seed)) for seed in asked.seeds]
    table([{"seed": seed, **counts(rows)} for seed, rows in zip(asked.seeds, every, strict=True)])
    judged = pl.concat(every, how="vertical_relaxed").filter(JUDGED)
    by_measure = judged.group_by("measure_code").agg(
        judged=pl.len(), signal=SIGNAL.sum(), new=(SIGNAL & pl.col("is_new")).sum()
    )
    print()
    table(by_measure.sort("signal", "measure_code", descending=[True, False]).head(15).to_dicts())
    began = [
        begun(*(read(asked.work, seed, name) for name in ("metrics.measure_points", "reference.settings")))
        for seed in asked.seeds
    ]
    print()
    table([{"months before the latest": n, "signals begun": sum(row[n] for row in began)} for n in range(BACK + 1)])


if __name__ == "__main__":
    main()
