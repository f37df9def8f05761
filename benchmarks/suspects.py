"""Suspects: every table of repeat and serial suspects on millions of crimes, and how the time grows.

    python benchmarks/suspects.py --crimes 500000 1000000 5000000 --work FOLDER

Each size is a process of its own: it writes core tables of invented people and crimes with SQL (a tenth of the suspects
are repeat suspects, nine years of reports), then builds the tables by the product's own SQL and Python, with the memory
that a build allows DuckDB. Only the build is timed. The rival is the simplest query of the same crimes: one GROUP BY of
suspect, window and crime count in DuckDB, in the same process.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipelines.builds.tables import build_table
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import build_order, reads
from pipelines.tables.warehouse import STATE

WANTED = (
    "metrics.repeat_suspects", "metrics.repeat_dyads", "metrics.repeat_victims", "metrics.repeat_summary",
    "metrics.repeat_management", "metrics.management_overlap", "metrics.management_funnel", "metrics.ranking_backtest",
    "metrics.ranking_by_group", "metrics.score_after_listing", "metrics.next_event_incidence",
    "metrics.next_event_weeks", "metrics.dyad_escalation", "metrics.escalation_summary", "metrics.lens_agreement",
    "metrics.v100",
)  # fmt: skip
# made here; other tables that are read stay empty
GIVEN = {
    "core.extract_moments": """select timestamptz '2026-04-01 00:00:00+00' as as_of_at,
        timestamptz '2026-04-01 00:00:00+00' as events_limit_at,
        timestamptz '2017-04-01 00:00:00+00' as first_recorded_at""",
    "core.crimes": """select 'C' || n as crime_ref,
        ['8L', '8Q', '8R', '8L', '8N'][(1 + hash(n, 1) % 5)::int] as class_code,
        moment as reported_at, moment + interval 5 hour as recorded_at
        from (select range as n, timestamptz '2017-04-01 00:00:00+00'
            + to_seconds((hash(range, 2) % 283996800)::bigint) as moment from range({n}))""",
    # a tenth of the suspects have half of the crimes
    "core.parties": """select 'C' || range as crime_ref, 'suspect' as party_role, hash(range, 3) % 10 < 7 as is_named,
        case when hash(range, 4) % 2 = 0 then 'S' || hash(range, 5) % ({n} // 20)
            else 'T' || hash(range, 6) % ({n} // 2) end as person_key from range({n})
        union all
        select 'C' || range, 'victim', true, case when hash(range, 4) % 2 = 0
            then 'V' || (hash(range, 5) % ({n} // 20) * 3 + hash(range, 7) % 3)
            else 'W' || hash(range, 6) % ({n} // 2) end
        from range({n})""",
    "core.crime_harm": """select 'C' || range as crime_ref, 10 + hash(range, 8) % 50 as severity_weight,
        false as is_severity_assumed from range({n})""",
    "core.crime_behaviours": """select 'C' || range as crime_ref, hash(range, 9) % 8 as behaviour_points,
        2 as persistence_points from range({n})""",
}
PLAIN = """create or replace temp table plain as
    select p.person_key, w.window_days, count(*) as crime_count
    from core.parties as p
    inner join core.crimes as c on p.crime_ref = c.crime_ref and c.class_code <> '8N'
    inner join reference.repeat_windows as w
        on epoch(c.reported_at) > epoch(timestamptz '2026-04-01 00:00:00+00') - w.window_days * 86400
    where p.party_role = 'suspect' and p.is_named
    group by all"""


SUSPECTS = (
    "core.as_of_moments", "core.stalking_harassment_spans", "core.suspect_reports", "core.reports_as_of",
    "core.suspect_events", "core.suspect_windows", "core.ranking_features", "core.ranking_weights",
    "core.ranked_suspects", "core.later_events", "metrics.ranking_choice",
    "core.suspect_risk_times", "core.victim_reports", "core.person_management", "core.v100_suspects",
)  # fmt: skip
SETTINGS = {"reference.settings", "core.settings"}


def chain() -> list[str]:
    """The tables to build, in order, with the code lists that they read."""
    ours = {*SUSPECTS, *WANTED}
    lists = {name for table in ours for name in reads(all_cards()[table]) if name.startswith("reference.")}
    return [card.table for card in build_order() if card.table in ours | lists | SETTINGS]


def prepare(con: duckdb.DuckDBPyConnection, crimes: int) -> None:
    """Core tables as a build would have left them, empty except those that GIVEN makes."""
    con.execute(STATE)
    for schema in ("raw", "reference", "core", "quality", "metrics"):
        con.execute(f"create schema if not exists {schema}")
    tables = {upstream for table in chain() for upstream in reads(all_cards()[table])} - set(chain())
    for table in sorted(tables):
        columns = ", ".join(f'"{c.name}" {c.type}' for c in all_cards()[table].columns)
        con.execute(f"create table {table} ({columns})")
        if table in GIVEN:
            con.execute(f"insert into {table} by name {GIVEN[table].format(n=crimes)}")
    linked = "select distinct person_key, person_key as person_ref, true as is_linked from core.parties"
    con.execute(f"insert into core.people by name {linked}")


def run(crimes: int, folder: Path) -> None:
    """One size: a line of figures for the caller."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    con = duckdb.connect(str(folder / "warehouse.duckdb"))
    con.execute(f"set temp_directory = '{folder / 'spill'}'; set memory_limit = '1800MB'; set timezone = 'UTC'")
    con.execute("set preserve_insertion_order = false")
    prepare(con, crimes)
    started, slowest = time.monotonic(), []
    for table in chain():
        before = time.monotonic()
        build_table(con, all_cards()[table])
        slowest.append((time.monotonic() - before, table))
        if table == "reference.repeat_windows":
            plain = time.monotonic()
            con.execute(PLAIN)
            plain = time.monotonic() - plain
            started += plain
    seconds = time.monotonic() - started
    events, people = con.execute(
        "select count(*), count(distinct suspect_ref) from core.suspect_events where is_current"
    ).fetchall()[0]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    named = ", ".join(f"{table} {spent:.1f}" for spent, table in sorted(slowest, reverse=True)[:4])
    print(f"| {crimes:,} | {events:,} | {people:,} | {plain:.2f} | {seconds:.1f} ({seconds / plain:.0f}) |"
          f" {1e6 * seconds / crimes:.1f} | {memory:.2f} | {named} |", flush=True)  # fmt: skip
    con.close()
    shutil.rmtree(folder)


def main() -> None:
    """Each size in a process of its own, so that memory is its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crimes", type=int, nargs="+", default=[500_000, 1_000_000])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        run(given.crimes[0], given.work / str(given.crimes[0]))
        return
    print("| crimes | events | suspects | plain count, s | all tables, s (times) | s a million crimes |"
          " peak memory, GB | slowest, s |\n|--:|--:|--:|--:|--:|--:|--:|:--|")  # fmt: skip
    for crimes in given.crimes:
        command = [sys.executable, __file__, "--one", "--crimes", str(crimes), "--work", str(given.work)]
        subprocess.run(command, check=True, env=os.environ)


if __name__ == "__main__":
    main()
