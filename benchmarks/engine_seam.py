"""What it costs that a build asks an engine: every SELECT of core and metrics by DuckDB as the engine, beside DuckDB.

    python benchmarks/engine_seam.py --home HOME --work FOLDER [--times 3]

HOME is a built home; its warehouse is copied to FOLDER. Each table that is one SELECT, whole and without a method, is
made again from its true inputs: by the engine as a build does, and by `create or replace table ... as` with the same
SELECT by hand. A table by force runs for the one force of the home in both. Nothing is kept. Turns alternate, the least
of the turns of a table counts, and processor seconds of the process are compared. Target: at most 1.02 times.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import duckdb

from assets.readers.sql import literal
from pipelines.cards import FORCE, Card, all_cards
from pipelines.engines.in_duckdb import InDuckDB
from pipelines.publication import forces
from pipelines.sql import select_of
from pipelines.warehouse import connect

TARGET = 1.02


def tables() -> list[Card]:
    """The tables that are one SELECT and are made whole."""
    made = [card for card in all_cards().values() if card.maker is not None and card.maker.suffix == ".sql"]
    return [c for c in made if c.schema in ("core", "metrics") and not c.method and c.incremental_source is None]


def by_hand(con: duckdb.DuckDBPyConnection, card: Card, runs: list[str]) -> None:
    """The same SELECT without an engine."""
    [run] = runs or [""]
    with forces.only(con, run) if run else nullcontext("") as home:
        name = f"{home}.{card.table}" if home else card.table
        added = f"{literal(run)} as {FORCE}, " if run and card.is_force_added else ""
        con.execute(f"create or replace table {name} as select {added}* from ({select_of(card)})")


def seconds(con: duckdb.DuckDBPyConnection, work: Callable[[], None]) -> float:
    """Processor seconds of the process. What was made is rolled back: other tables read the one before."""
    con.execute("begin")
    before = time.process_time()
    work()
    spent = time.process_time() - before
    con.execute("rollback")
    return spent


def main() -> None:
    """Print the seconds of both, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    asked.work.mkdir(parents=True)
    shutil.copy2(asked.home / "warehouse.duckdb", asked.work)
    con = connect(asked.work)
    engine = InDuckDB(con)
    totals, count = [0.0, 0.0], 0
    for card in tables():
        runs = engine.runs(card) if card.by_force else []
        if len(runs) > 1:
            continue
        turns: tuple[list[float], list[float]] = ([], [])
        for _ in range(asked.times):
            turns[0].append(seconds(con, lambda card=card, runs=runs: engine.make(card, "", runs)))
            turns[1].append(seconds(con, lambda card=card, runs=runs: by_hand(con, card, runs)))
        totals = [total + min(turn) for total, turn in zip(totals, turns, strict=True)]
        count += 1
    con.close()
    made, hand = totals
    ratio = made / hand
    print(f"{count} tables, {asked.times} turns: engine {made:.1f} s, by hand {hand:.1f} s, {ratio:.3f} times")
    print(f"target {TARGET}: {'met' if ratio <= TARGET else 'missed'}")


if __name__ == "__main__":
    main()
