"""Whole builds by `stra build`, against the bare imports of Dagster and Great Expectations in the same run.

    python benchmarks/builds.py --crimes 40000 200000 --work FOLDER

Each build is a process of its own, with processor seconds (its threads included), seconds by the clock and peak memory:

- imports: the rival, `import dagster, great_expectations.expectations`;
- empty, unknown: a folder without a file, and one whose only file is of no known source;
- month: one month of one force from the sample of open data, into a new home;
- again: the same once more, with nothing new;
- watched: the same builds where `stra watch` runs for the home, with what it spends on them;
- N crimes: an invented force of that many crimes with all tables, rules, linkage and publication;
- N crimes redelivered: all its files once more, with a time of 0.3% of the rows of each table a minute later.

A first build of the month, which is not printed, leaves in the account's cache folder what depends on the code alone.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import polars as pl
from watched import ROOT, STRA, build, note, timed, watched

MONTH = ROOT / "sample" / "open_data" / "data-police-uk" / "2025-08"


def redeliver(data: Path) -> None:
    """Write all files of a force again, with three in a thousand rows of each table changed."""
    for file in sorted((data / "force").glob("*.csv")):
        rows = pl.read_csv(file, infer_schema=False)
        time = next((name for name in rows.columns if name.endswith("_ts")), None)
        if time is None:
            continue
        later = pl.col(time).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", strict=False).dt.offset_by("1m")
        is_changed = pl.int_range(pl.len()) % 1000 < 3
        fresh = pl.when(is_changed).then(later.dt.strftime("%Y-%m-%dT%H:%M:%SZ").fill_null(pl.col(time)))
        rows.with_columns(fresh.otherwise(pl.col(time)).alias(time)).write_csv(file)


def main() -> None:
    """Print one row a build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crimes", type=int, nargs="*", default=[40_000])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--points", type=Path, help="add what growth.py draws to this file")
    asked = parser.parse_args()
    work = asked.work / "builds"
    shutil.rmtree(work, ignore_errors=True)
    for name in ("empty", "unknown"):
        (work / name).mkdir(parents=True)
    (work / "unknown" / "notes.csv").write_text("hello,world\n", encoding="utf-8")
    shutil.copytree(MONTH, work / "month" / MONTH.name)

    def row(name: str, measured: tuple[float, float, float]) -> None:
        processor, clock, memory = measured
        print(f"| {name} | {processor:.1f} | {processor / bare[0]:.1f} | {clock:.1f} | {memory:.2f} |", flush=True)

    timed(build(work / "month", work / "first_home"))
    print("| build | processor seconds | times the imports | seconds | peak memory, GB |\n|---|--:|--:|--:|--:|")
    bare = timed([sys.executable, "-c", "import dagster, great_expectations.expectations"])
    row("imports", bare)
    for data in ("empty", "unknown", "month"):
        home = work / f"home_{data}"
        row(data, timed(build(work / data, home)))
    row("again", timed(build(work / "month", home)))
    for data in ("unknown", "month"):
        home = work / f"watched_{data}"
        with watched(work / data, home) as process:
            row(f"{data}, watched", timed(build(work / data, home), process))
            row(f"{data} again, watched", timed(build(work / data, home), process))
    for crimes in asked.crimes:
        name = f"{crimes:,} crimes"
        data = str(work / name)
        timed([*STRA, "synth", "--out", data, "--crimes", str(crimes), "--seed", "1", "--noise", "low"])
        home = work / f"home of {name}"
        measured = timed(build(work / name, home))
        row(name, measured)
        note(asked.points, "invented force, crimes", crimes, measured[0])
        redeliver(work / name)
        row(f"{name} redelivered", timed(build(work / name, home)))
        shutil.rmtree(home)
        shutil.rmtree(data)


if __name__ == "__main__":
    main()
