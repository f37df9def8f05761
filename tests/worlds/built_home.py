"""Build a home by the command, and ask its warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from commands import stra


def build(data: Path, home: Path, code: int = 0) -> str:
    """`stra build`, and all that it said. It must end with this exit code."""
    return stra("build", "--data", data, "--home", home, code=code)


def select(home: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()
