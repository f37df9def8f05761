"""`stra combine` of the homes of many invented forces, beside one joint build of all their files.

    python benchmarks/combine_forces.py --forces 43 --crimes 50 --work FOLDER

Each force has a code of a police force of England and Wales, a seed and keys of its own. It is a part of an invented
force of 3,000 crimes, with all tables and names. Each is built alone into a home of its own. Then `stra combine` makes
one home of them all.

The rival is a joint build: one data folder with the files of every force. Names never leave a home, so nobody is looked
for in two forces. The joint build therefore has no names: it is given who is linked to whom in each home.

Each command is a process of its own, with processor seconds (its threads included), seconds by the clock and peak
memory. At the end both homes are compared value by value by `tests/tools/compare_homes.py`. What it may find: rows of
the log of deliveries, which names other files, and of the rules about files. A second run with the same folder builds
only the homes that are missing. It prints no seconds for those that it finds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from datetime import date
from pathlib import Path

import polars as pl
from watched import ROOT, STRA, build, timed

sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "worlds"), str(ROOT / "tests" / "tools")]

from compare_homes import compare
from legal_extract import COUNTRYWIDE, TABLES, Extract, part_of, rekeyed

from assets.readers.extract import identities
from assets.reference import list_path
from pipelines.builds import empty_warehouse
from pipelines.builds.combined import copy_links, read_parts
from pipelines.tables.warehouse import connect
from sample.synth import write_force

AS_OF = date(2026, 3, 31)
INVENTED = "E23000013"  # the code that the invented force has
WHOLE = 3_000  # crimes of the invented force that each is a part of


def codes() -> list[str]:
    """The 43 territorial forces of England and Wales."""
    listed = pl.read_csv(list_path("forces"), infer_schema=False)
    return listed.filter(pl.col("country_code").is_in(["E92000001", "W92000004"]))["force_code"].sort().to_list()


def extract_of(code: str, seed: int, crimes: int, work: Path) -> Extract:
    """The extract of one force: keys begin with its code, and its code is where the invented force's was."""
    folder = work / "whole"
    shutil.rmtree(folder, ignore_errors=True)
    write_force(folder, WHOLE, seed=seed)
    files = [path for path in sorted(folder.rglob("*.csv")) if "truth" not in path.parts and path.stem in TABLES]
    whole = {path.stem: pl.read_csv(path, infer_schema=False) for path in files}
    shutil.rmtree(folder)
    part = part_of(whole, whole["crime"]["crime_id"].sample(crimes, seed=seed))
    part = rekeyed(part, lambda key: pl.lit(f"{code}-") + key)
    for table, rows in part.items():
        if "force_code" in rows.columns and table not in COUNTRYWIDE:
            # exchanged, so that no force has its own code twice
            part[table] = rows.with_columns(pl.col("force_code").replace({INVENTED: code, code: INVENTED}))
    return part


def deliver(work: Path, forces: list[str], crimes: int) -> None:
    """Write the files of each force into a folder of its own, and those of all into one folder, without names."""
    joint = work / "joint"
    joint.mkdir(parents=True)
    for seed, code in enumerate(forces, 1):
        own = work / "data" / code / "force"
        own.mkdir(parents=True)
        for table, rows in extract_of(code, seed, crimes, work).items():
            rows.write_csv(own / f"{table}.csv")
            if table != identities.TABLE:
                rows.write_csv(joint / f"{table}_{seed:02}.csv")


def prepared(home: Path, homes: list[Path]) -> None:
    """A new home that knows who is linked to whom in each of the others."""
    home.mkdir(parents=True)
    empty_warehouse.provide(home.resolve())
    with connect(home) as con:
        copy_links(con, read_parts(homes))


def main() -> None:
    """Print one row for each way, and what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forces", type=int, default=43)
    parser.add_argument("--crimes", type=int, default=50, help="of each force")
    parser.add_argument("--work", type=Path, required=True)
    asked = parser.parse_args()
    work = asked.work.resolve() / "forces"
    forces = codes()[: asked.forces]
    if not work.exists():
        deliver(work, forces, asked.crimes)
    spent: list[tuple[float, float, float]] = []
    for code in forces:
        home = work / "homes" / code
        if not (home / "published").exists():
            shutil.rmtree(home, ignore_errors=True)
            spent.append(timed(build(work / "data" / code, home)))
            print(code, *(f"{figure:.2f}" for figure in spent[-1]), file=sys.stderr, flush=True)
    homes = [work / "homes" / code for code in forces]
    for name in ("region", "joint_home"):
        shutil.rmtree(work / name, ignore_errors=True)
    rows = {}
    if spent:
        processor, clock, memory = zip(*spent, strict=True)
        rows[f"{len(spent)} homes, one after the other"] = (sum(processor), sum(clock), max(memory))
    rows["combine"] = timed([*STRA, "combine", "--homes", *map(str, homes), "--home", str(work / "region")])
    prepared(work / "joint_home", homes)
    rows["joint build"] = timed(build(work / "joint", work / "joint_home"))
    print(f"{len(forces)} forces of {asked.crimes} crimes, on {os.cpu_count()} processors\n")
    print("| way | processor seconds | times the joint build | seconds | peak memory, GB |\n|---|--:|--:|--:|--:|")
    for name, (processor, clock, memory) in rows.items():
        print(f"| {name} | {processor:.1f} | {processor / rows['joint build'][0]:.2f} | {clock:.1f} | {memory:.2f} |")
    count, said = compare(work / "joint_home", work / "region")
    print("\n".join([*said, f"{count} differences"]))
    count, said = compare(work / "joint_home", work / "region", has_same_files=False)
    print(f"{count} differences where what is said of files is left out", *said, sep="\n")


if __name__ == "__main__":
    main()
