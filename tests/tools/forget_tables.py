"""Let the next build of a home make every SELECT of an engine again: `python tests/tools/forget_tables.py HOME`.

Two copies of one home, each built again by an engine, then have the same people, decisions and earlier builds: those
are drawn by chance or by the clock, and would else differ.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from compare_engines import tables

from pipelines.delivery.signature import RECORD


def forget(home: Path) -> int:
    """Forget that the tables of an engine were made; how many there were."""
    names = [card.table for card in tables()]
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        gone = con.execute("delete from build.table_states where list_contains(?, table_name)", [names])
        ((count,),) = gone.fetchall()
    (home / RECORD).unlink(missing_ok=True)  # else a build takes the home for finished
    return int(count)


def main(arguments: list[str]) -> int:
    """Say how many tables will be made again; the exit code."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    print(f"{forget(Path(arguments[0]))} tables will be made again")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
