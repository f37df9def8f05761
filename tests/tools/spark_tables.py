"""Make tables with the engine that builds on Spark use: `python tests/tools/spark_tables.py HOME MASTER LAKE TABLE...`.

HOME is a built home, whose tables are made again in its warehouse. Says each table once it is there, and the seconds.
"""

import sys
import time
from pathlib import Path

import duckdb

from pipelines.engines.in_spark import started
from pipelines.tables.cards import all_cards


def main(arguments: list[str]) -> int:
    """Make the tables, in the order given."""
    home, master, lake, *tables = arguments
    con = duckdb.connect(str(Path(home) / "warehouse.duckdb"))
    con.execute("set timezone = 'UTC'; set memory_limit = '1GB'")
    with started(Path(home), master, Path(lake)) as start:
        engine = start(con)
        print("started", flush=True)
        for table in tables:
            began, card = time.monotonic(), all_cards()[table]
            runs = engine.runs(card) if card.by_force else []
            engine.make(card, "made-for-a-test", runs)
            rows = engine.check(card)
            print(f"made {table} {rows} rows {time.monotonic() - began:.1f} s", flush=True)
        engine.end_runs()
        print(*engine.words(), flush=True)
    con.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
