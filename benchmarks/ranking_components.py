"""Ranking: frequency and gravity capped at the 99th percentile, beside those of the product, back-tested on one home.

    python benchmarks/ranking_components.py --home HOME [HOME ...] --lens 2

The tables of suspects are built again in memory from a built home, which is only read. Severity weights are those of
the sample. The product's own tables rank and back-test both scores (core.ranked_suspects, metrics.ranking_backtest).
Printed: how many of the first hundred have 1.00 in a component as shown, and how many different values there are;
stability as overlap of the first hundred and as rank correlation from month to month; and the share of the next year's
events and harm by the first hundred and the first tenth, with a 95% interval of the difference. That interval draws
people, not origins: years of consecutive origins overlap.
"""

from __future__ import annotations

import argparse
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipelines.cards import SCHEMAS, all_cards
from pipelines.lineage import reads
from pipelines.tables import build_table
from pipelines.warehouse import STATE

MADE = ("core.settings", "core.class_harm", "core.crime_harm", "core.suspect_reports", "core.reports_as_of",
        "core.suspect_events", "core.suspect_windows", "core.later_events")  # fmt: skip
RANKED = ("core.ranked_suspects", "metrics.ranking_backtest")
LISTS = {"reference.settings"}  # read from this code, so that its settings apply
WEIGHTS = ROOT / "sample" / "open_data" / "reference" / "severity_codes.csv"
HARM = {1: "harm_cchi", 2: "harm_css", 3: "harm_behaviour"}
CAPPED = """
    create or replace table core.suspect_windows as
    with figures as (select *, {harm} as harm from core.suspect_windows),
    caps as (
        select as_of_at, window_days, quantile_cont(event_count, 0.99) as events, quantile_cont(harm, 0.99) as harm
        from figures group by all
    ),
    capped as (
        select f.* exclude (harm) replace (
            least(ln(1 + f.event_count) / ln(1 + c.events), 1) as frequency,
            case when f.harm is not null then least(f.harm / nullif(c.harm, 0), 1) end as gravity
        )
        from figures as f inner join caps as c using (as_of_at, window_days)
    )
    select * replace (25 * (recency + frequency + gravity + victims) as rfgv_score) from capped"""
FOLLOWED = """
    select r.as_of_at, r.suspect_ref, r.rank, r.is_listed, r.rank <= r.ranked_count / 10 as is_tenth,
        coalesce(e.high, 0) as high, coalesce(e.events, 0) as events, coalesce(e.points, 0) as points
    from core.ranked_suspects as r
    left join (
        select as_of_at, suspect_ref, count(*) filter (where is_high_harm) as high, count(*) as events,
            sum(behaviour_points) as points
        from core.later_events group by all
    ) as e using (as_of_at, suspect_ref)
    where r.method = 'score' and not r.is_current order by all"""
TOP = """
    select {columns}
    from core.suspect_windows as w
    inner join core.ranked_suspects as r using (as_of_at, suspect_ref)
    where w.is_current and w.window_days = 730 and r.method = 'score' and r.is_listed"""
OUTCOMES = {"high": "high-harm events", "events": "events", "points": "points of behaviour"}
DRAWS = 1000


def copied(home: Path, lens: int) -> duckdb.DuckDBPyConnection:
    """The tables of suspects, built in memory from a home."""
    con = duckdb.connect(config={"threads": 1})
    con.execute("set timezone = 'UTC'")
    con.execute(STATE)
    con.execute(f"attach '{home / 'warehouse.duckdb'}' as built (read_only)")
    for schema in SCHEMAS:
        con.execute(f"create schema {schema}")
    for table in sorted({name for made in (*MADE, *RANKED) for name in reads(all_cards()[made])} - {*MADE, *RANKED}):
        if table in LISTS:
            build_table(con, all_cards()[table])
        else:
            con.execute(f"create table {table} as select * from built.{table}")
    con.execute("delete from raw.severity_weights; delete from core.current_periods where source = 'severity_weights'")
    con.execute("insert into raw.severity_weights by name select 'sample' as delivery_ref, code_original as"
                f" offence_code, weight as severity_weight from read_csv('{WEIGHTS}', all_varchar = true)")  # fmt: skip
    con.execute("insert into core.current_periods by name"
                " select 'severity_weights' as source, 'all' as period, 'sample' as delivery_ref")  # fmt: skip
    for table in MADE:
        build_table(con, all_cards()[table])
        if table == "core.settings":
            con.execute("update core.settings set rfgv_lens = ?", [lens])
    return con


def rank(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Rank and back-test by the product's own tables."""
    for table in RANKED:
        con.execute("delete from build.table_states")
        build_table(con, all_cards()[table])
    parts = ("frequency", "gravity", "recency", "victims")
    columns = ", ".join(
        f"count(*) filter (where round({part}, 2) = 1), count(distinct round({part}, 2))" for part in parts
    )
    (top,) = con.execute(TOP.format(columns=columns)).fetchall()
    (tested,) = con.execute(
        "select avg(captured_share), avg(captured_at_random / high_harm_event_count),"
        " avg(stability) from metrics.ranking_backtest where method = 'score'"
    ).fetchall()
    return {
        "top": dict(zip(parts, zip(top[::2], top[1::2], strict=True), strict=True)),
        "tested": tested,
        "followed": con.execute(FOLLOWED).fetchnumpy(),
    }


def correlation(followed: dict[str, Any]) -> float:
    """Mean Spearman correlation between one month's ranks and the next, of people ranked in both."""
    months = np.unique(followed["as_of_at"])
    ranks = [dict(zip(followed["suspect_ref"][at], followed["rank"][at], strict=True))
             for at in (followed["as_of_at"] == month for month in months)]  # fmt: skip
    found = []
    for before, after in pairwise(ranks):
        both = sorted(before.keys() & after.keys())
        places = [np.argsort(np.argsort([held[ref] for ref in both])) for held in (before, after)]
        found.append(np.corrcoef(places[0], places[1])[0, 1])
    return float(np.mean(found))


def captures(con: duckdb.DuckDBPyConnection, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Rows of the table of captures: a share of all later events, of people never ranked too, as the product has it."""
    totals = con.execute("select as_of_at, suspect_ref, count(*) filter (where is_high_harm) as high, count(*) as"
                         " events, coalesce(sum(behaviour_points), 0) as points from core.later_events group by all"
                         ).fetchnumpy()  # fmt: skip
    people, place = np.unique(
        np.concatenate([old["suspect_ref"], new["suspect_ref"], totals["suspect_ref"]]), return_inverse=True
    )
    months = np.unique(old["as_of_at"])
    ends = np.cumsum([len(old["suspect_ref"]), len(new["suspect_ref"])])
    places = np.split(place, ends)
    draws = np.random.default_rng(20).multinomial(len(people), np.full(len(people), 1 / len(people)), size=DRAWS)
    weights = np.vstack([np.ones(len(people)), draws]).astype(np.float32)  # the first is the home as it is
    rows = []
    for outcome, name in OUTCOMES.items():
        for column, words in (("is_listed", "first hundred"), ("is_tenth", "first tenth")):
            sums = []
            for held, where in zip((old, new, totals), places, strict=True):
                values = np.asarray(held[outcome], dtype=np.float32) * held.get(column, 1)
                by_month = [np.bincount(where[at], values[at], len(people))
                            for at in (held["as_of_at"] == month for month in months)]  # fmt: skip
                sums.append(weights @ np.asarray(by_month, dtype=np.float32).T)
            shares = [(found / sums[2]).mean(axis=1) for found in sums[:2]]
            differences = shares[1] - shares[0]
            low, high = np.quantile(differences[1:], (0.025, 0.975))
            rows.append(f"| {name}, {words} | {shares[0][0]:.4f} | {shares[1][0]:.4f} | {differences[0]:+.4f} |"
                        f" {low:+.4f} to {high:+.4f} |")  # fmt: skip
    return rows


def run(home: Path, lens: int) -> None:
    """One home: both ways side by side."""
    con = copied(home, lens)
    new = rank(con)
    con.execute(CAPPED.format(harm=HARM[lens]))
    old = rank(con)
    (crimes,) = con.execute("select count(*) from core.crimes").fetchone() or (0,)
    print(f"\n{home}, {crimes:,} crimes, lens {lens}\n")
    print("| of the first hundred | capped, before | as now |\n|:--|--:|--:|")
    for part in ("frequency", "gravity", "recency", "victims"):
        cells = [f"{ones} at 1.00, {values} values" for ones, values in (old["top"][part], new["top"][part])]
        print(f"| {part} | {' | '.join(cells)} |")
    print(f"| overlap from month to month | {old['tested'][2]:.3f} | {new['tested'][2]:.3f} |")
    print(f"| rank correlation from month to month | {correlation(old['followed']):.4f} |"
          f" {correlation(new['followed']):.4f} |")  # fmt: skip
    print("\n| share of the next year's | capped, before | as now | difference | 95% interval |\n|:--|--:|--:|--:|:--|")
    print("\n".join(captures(con, old["followed"], new["followed"])))
    by_chance = [way["tested"][1] for way in (old, new)]
    print(f"| high-harm events, a hundred at random | {by_chance[0]:.4f} | {by_chance[1]:.4f} | | |", flush=True)
    con.close()


def main() -> None:
    """Each home in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, nargs="+", required=True)
    parser.add_argument("--lens", type=int, default=2, choices=HARM)
    given = parser.parse_args()
    for home in given.home:
        run(home, given.lens)


if __name__ == "__main__":
    main()
