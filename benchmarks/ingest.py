"""Ingest: `stra build` of street-level files against DuckDB's bare typed load of the same files, in one run.

    python benchmarks/ingest.py --rows 1000000 3000000 10000000 --work FOLDER

Writes 300 force-month files of N rows in all (14 crime types, 30,000 places, 5,000 LSOAs, blank IDs for
anti-social behaviour), then times, each in a process of its own:

- bare: DuckDB's typed load of all 12 columns into one table, 2 threads, insertion order not kept;
- first: `stra build` of the files of 35 months;
- month: `stra build` again with the 36th month added (a 36th of the rows);
- again: `stra build` once more with nothing new.

With --watched all three are asked of `stra watch`, which has imported everything.

The rival's time for `first` is that of the same 35 months. Peak memory is that of the process (ru_maxrss).
Found when profiled (25 November 2026, two cores): reading a file to Parquet costs 1.4 CPU seconds a million rows, of
which a tenth is the row checks; hashing it 0.3; core.recorded_crimes 1.3, a quarter of it the crime ID (parsing it and
storing 16 bytes). Compression level and page format of the Parquet files make no difference to time; one connection of
one thread for each worker does. All else does not depend on the rows: importing Great Expectations 2.6 s (done
while files are read), importing Dagster and its definitions 1.5 s, Dagster's records about 0.1 s a step. Buffering a
query's result for Great Expectations once cost 200 s: give it views, never queries.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path

import duckdb
from watched import build, note, timed, watched

TYPES = (
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
)
FORCES = (
    ("kent", "Kent Police"),
    ("essex", "Essex Police"),
    ("surrey", "Surrey Police"),
    ("sussex", "Sussex Police"),
    ("norfolk", "Norfolk Constabulary"),
    ("suffolk", "Suffolk Constabulary"),
    ("cleveland", "Cleveland Police"),
    ("cumbria", "Cumbria Constabulary"),
)
MONTHS = tuple(f"{year}-{month:02d}" for year in (2022, 2023, 2024) for month in range(1, 13))
LAST = MONTHS[-1]

BARE = """
import duckdb, glob, sys
con = duckdb.connect(sys.argv[2])
con.execute("set threads = 2; set preserve_insertion_order = false")
con.execute('''create table street as select * from read_csv(?, header = true, columns = {
  'Crime ID': 'varchar', 'Month': 'varchar', 'Reported by': 'varchar', 'Falls within': 'varchar', 'Longitude': 'double',
  'Latitude': 'double', 'Location': 'varchar', 'LSOA code': 'varchar', 'LSOA name': 'varchar', 'Crime type': 'varchar',
  'Last outcome category': 'varchar', 'Context': 'varchar'})''', [sorted(glob.glob(sys.argv[1] + '/*/*.csv'))])
con.close()
"""


def write_files(folder: Path, rows: int) -> None:
    """About 300 files, `rows` rows in all, under `folder/YYYY-MM/`."""
    con = duckdb.connect()
    con.execute("set threads = 2")
    files = [(month, *force) for month in MONTHS for force in FORCES]
    per_file = rows // len(files)
    types = "[" + ", ".join(f"'{t}'" for t in TYPES) + "]"
    for number, (month, slug, name) in enumerate(files):
        (folder / month).mkdir(parents=True, exist_ok=True)
        start = number * per_file
        con.execute(f"""
            copy (
                with r as (
                    select i, cast(hash(i) % 14 as integer) as t, random() as u, sha256(cast(i as varchar)) as id,
                        cast(hash(i * 7) % 30000 as integer) as place
                    from range({start}, {start + per_file}) as x(i)
                )
                select
                    case when t = 0 then null else id end as "Crime ID",
                    '{month}' as "Month",
                    '{name}' as "Reported by",
                    '{name}' as "Falls within",
                    round(-2 + place / 30000.0, 6) as "Longitude",
                    round(51 + place / 30000.0, 6) as "Latitude",
                    'On or near ' || (['High Street', 'Church Lane', 'Park/Open Space', 'Supermarket'])[1 + place % 4]
                        || ' ' || (place % 900) as "Location",
                    'E0100' || lpad(cast(1000 + place % 5000 as varchar), 4, '0') as "LSOA code",
                    'District ' || (place % 20) || ' ' || lpad(cast(place % 50 as varchar), 3, '0') || 'A'
                        as "LSOA name",
                    {types}[1 + t] as "Crime type",
                    case when t = 0 then null when u < 0.5 then 'Investigation complete; no suspect identified'
                        when u < 0.8 then 'Unable to prosecute suspect' else 'Under investigation' end
                        as "Last outcome category",
                    null as "Context"
                from r
            ) to '{folder / month}/{month}-{slug}-street.csv' (header)""")


def measure(rows: int, work: Path, is_watched: bool) -> dict[str, float]:
    """One line of the table."""
    data, held, home = work / "data", work / "held", work / "home"
    for folder in (data, held, home):
        shutil.rmtree(folder, ignore_errors=True)
    write_files(data / "police-uk", rows)
    held.mkdir()
    shutil.move(str(data / "police-uk" / LAST), held / LAST)
    database = work / "bare.duckdb"
    database.unlink(missing_ok=True)
    _, bare, bare_memory = timed([sys.executable, "-c", BARE, str(data / "police-uk"), str(database)])
    with watched(data, home) if is_watched else nullcontext() as process:
        used, first, memory = timed(build(data, home), process)
        shutil.move(held / LAST, str(data / "police-uk" / LAST))
        _, month, _ = timed(build(data, home), process)
        _, again, _ = timed(build(data, home), process)
    return {
        "rows": rows,
        "used": used,
        "bare": bare,
        "first": first,
        "month": month,
        "again": again,
        "memory": memory,
        "bare_memory": bare_memory,
    }


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 3_000_000, 10_000_000])
    parser.add_argument(
        "--work", type=Path, required=True, help="an empty folder for files, about 4 GB at 10 million rows"
    )
    parser.add_argument("--watched", action="store_true", help="where `stra watch` runs for the home")
    parser.add_argument("--points", type=Path, help="add what growth.py draws to this file")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    print(
        "| rows | bare load, s | first build, s (ratio) | one more month, s (share of first) | nothing new, s (share) "
        "| peak memory, GB (bare) |\n|--:|--:|--:|--:|--:|--:|"
    )
    for rows in options.rows:
        r = measure(rows, options.work, options.watched)
        note(options.points, "open data, rows", rows, r["used"])
        print(
            f"| {rows:,} | {r['bare']:.1f} | {r['first']:.1f} ({r['first'] / r['bare']:.2f}) "
            f"| {r['month']:.2f} ({r['month'] / r['first']:.1%}) | {r['again']:.2f} ({r['again'] / r['first']:.1%}) "
            f"| {r['memory']:.2f} ({r['bare_memory']:.2f}) |",
            flush=True,
        )


if __name__ == "__main__":
    main()
