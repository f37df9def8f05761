"""Metrics of outcomes, demand and protection on millions of crimes with their outcomes, against plain reads of them.

    python benchmarks/metrics.py --crimes 1000000 3000000 10000000 --work FOLDER

Each size is a process of its own: it writes core tables of an invented force with SQL (nine years, an outcome on nine
of ten crimes, relationships, flags), then builds the tables by the product's own SQL and Python, with the memory that a
build allows DuckDB. Two rivals run in the same process on the same tables:

- the scan: count and sum over the columns of core.crimes and core.outcomes that the metrics read;
- the group-by: crimes by class, quarter, outcome group and day, over core.outcome_times. Cumulative incidence (counts
  per day, then the estimates of metrics.outcome_incidence) should take at most five times as long.
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

INCIDENCE = ("core.outcome_day_counts", "metrics.outcome_incidence")
BUILT = (
    "core.stalking_harassment_spans", "core.outcome_times", *INCIDENCE, "metrics.outcome_incidence_by",
    "metrics.matured_outcomes", "metrics.time_to_outcome", "metrics.early_advice", "metrics.in_period_ratios",
    "metrics.alternate_charges", "metrics.removed_crimes", "metrics.unread_outcomes", "core.demand_days",
    "metrics.demand_months",
    "metrics.forecast_runs", "metrics.forecast_backtest", "metrics.forecast_states", "metrics.demand_forecast",
    "core.supply_gaps", "core.protection_duties", "metrics.protection_measures",
)  # fmt: skip
AS_OF = "timestamptz '2026-04-01 00:00:00+00'"
CODES = "['1', '16', '15', '14', '18', '16', '16', '15', '5', '0']"
CRIMES = """select n, 'C' || n as crime_ref, 'ZZ' as force_code,
    ['8L', '8Q', '8R', '8L', '8N'][(1 + hash(n, 1) % 5)::int] as class_code,
    timestamptz '2017-04-01 00:00:00+00' + to_seconds((hash(n, 2) % 283996800)::bigint) as recorded_at
    from (select range as n from range({n}))"""
# made here; other tables that are read stay empty
GIVEN = {
    "core.extract_moments": f"""select {AS_OF} as as_of_at, {AS_OF} as events_limit_at,
        {AS_OF} as last_recorded_at, timestamptz '2017-04-01 00:00:00+00' as first_recorded_at""",
    "core.force_deliveries": """select 'ZZ' as force_code, 'd' as delivery_ref,
        unnest(['crime', 'outcome', 'party_role', 'crime_flag', 'cps_submission', 'removal']) as source""",
    "core.extract_forces": "select 'ZZ' as force_code, 'Invented Force' as force_name, {n} as crime_count",
    "core.crimes": f"""select crime_ref, force_code, class_code, recorded_at,
        cast(recorded_at as date) as recorded_date, cast(date_trunc('month', recorded_at) as date) as recorded_month,
        false as is_cancelled, false as is_transferred, 'R20' as regime_code,
        class_code <> '8N' as is_stalking_or_harassment, false as is_included_stalking_or_harassment,
        'Unit ' || hash(n, 3) % 12 as unit_name from ({CRIMES})""",
    "core.outcomes": f"""select 'O' || n as outcome_ref, crime_ref, 1 as sequence_number, outcome_code, outcome_at,
        cast(outcome_at as date) as outcome_date, true as is_current,
        case outcome_code when '1' then 'Charged/Summonsed' when '14' then 'Evidential difficulties (14)'
            when '15' then 'Evidential difficulties (15)' when '16' then 'Evidential difficulties (16)'
            when '18' then 'No suspect' else 'Other' end as outcome_group
        from (select *, {CODES}[(1 + hash(n, 4) % 10)::int] as outcome_code,
            recorded_at + to_seconds((86400 * ln(1.0 / ((1 + hash(n, 5) % 999) / 1000.0)) * 60)::bigint) as outcome_at
            from ({CRIMES}))
        where outcome_code <> '0'""",
    "core.parties": """select 'C' || range as crime_ref, 'victim' as party_role, true as is_named,
        'V' || hash(range, 6) % ({n} // 2) as person_key,
        ['ex_partner', 'stranger', 'acquaintance', 'family'][(1 + hash(range, 7) % 4)::int] as relationship
        from range({n})""",
    "core.crime_flags": """select 'C' || range as crime_ref, 'da' as flag,
        cast(null as timestamptz) as set_at from range({n}) where hash(range, 8) % 2 = 0""",
}
SCAN = """select count(*), max(crime_ref), max(class_code), max(recorded_at), max(recorded_date), max(recorded_month),
        max(unit_name), max(regime_code) from core.crimes
    union all
    select count(*), max(crime_ref), max(outcome_code), max(outcome_at), max(outcome_date), max(outcome_date),
        max(outcome_group), max(outcome_ref) from core.outcomes"""
GROUP_BY = """create or replace temp table plain as
    select offence_class, recorded_quarter, outcome_group, end_day, count(*) as crime_count
    from core.outcome_times group by all"""
SETTINGS = {"reference.settings", "core.settings"}


def chain() -> list[str]:
    """The tables to build, in order, with the code lists that they read."""
    lists = {name for table in BUILT for name in reads(all_cards()[table]) if name.startswith("reference.")}
    return [card.table for card in build_order() if card.table in {*BUILT} | lists | SETTINGS]


def prepare(con: duckdb.DuckDBPyConnection, crimes: int) -> None:
    """Tables as a build would have left them, empty except those that GIVEN makes."""
    con.execute(STATE)
    for schema in ("raw", "reference", "core", "quality", "metrics"):
        con.execute(f"create schema if not exists {schema}")
    tables = {upstream for table in chain() for upstream in reads(all_cards()[table])} - set(chain())
    for table in sorted(tables | set(GIVEN)):
        columns = ", ".join(f'"{c.name}" {c.type}' for c in all_cards()[table].columns)
        con.execute(f"create table {table} ({columns})")
        if table in GIVEN:
            con.execute(f"insert into {table} by name select * from ({GIVEN[table].format(n=crimes)})")


def timed(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    """The quickest of three, in seconds."""
    spent = []
    for _ in range(3):
        before = time.monotonic()
        con.execute(sql).fetchall()
        spent.append(time.monotonic() - before)
    return min(spent)


def run(crimes: int, folder: Path) -> None:
    """One size: a line of figures for the caller."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    con = duckdb.connect(str(folder / "warehouse.duckdb"))
    con.execute(f"set temp_directory = '{folder / 'spill'}'; set memory_limit = '1800MB'; set timezone = 'UTC'")
    con.execute("set preserve_insertion_order = false; set threads = 2")
    prepare(con, crimes)
    scan = timed(con, SCAN)
    spent = {}
    for table in chain():
        before = time.monotonic()
        build_table(con, all_cards()[table])
        spent[table] = time.monotonic() - before
    plain = timed(con, GROUP_BY)
    seconds, incidence = sum(spent.values()), sum(spent[table] for table in INCIDENCE)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    slowest = ", ".join(f"{t} {s:.1f}" for t, s in sorted(spent.items(), key=lambda item: -item[1])[:4])
    print(f"| {crimes:,} | {scan:.2f} | {seconds:.1f} ({seconds / scan:.0f}) | {1e6 * seconds / crimes:.1f} |"
          f" {plain:.2f} | {incidence:.2f} ({incidence / plain:.1f}) | {memory:.2f} | {slowest} |",
          flush=True)  # fmt: skip
    con.close()
    shutil.rmtree(folder)


def main() -> None:
    """Each size in a process of its own, so that memory is its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crimes", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        run(given.crimes[0], given.work / str(given.crimes[0]))
        return
    print("| crimes | scan, s | all tables, s (times) | s a million crimes | group-by, s | incidence, s (times) |"
          " peak memory, GB | slowest, s |\n|--:|--:|--:|--:|--:|--:|--:|:--|")  # fmt: skip
    for crimes in given.crimes:
        command = [sys.executable, __file__, "--one", "--crimes", str(crimes), "--work", str(given.work)]
        subprocess.run(command, check=True, env=os.environ)


if __name__ == "__main__":
    main()
