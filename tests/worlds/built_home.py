"""Build a home by the command, or as the command does without Dagster, and ask its warehouse.

Without Dagster's runs and records where they are not the subject: they are a third of a small build.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from commands import stra

from pipelines.builds import empty_warehouse
from pipelines.builds.session import Session, open_session
from pipelines.builds.signature import RECORD, signature
from pipelines.fetching.folder import DataFolder
from pipelines.tables.warehouse import PERIODS


def build(data: Path, home: Path, code: int = 0) -> str:
    """`stra build`, and all that it said. It must end with this exit code."""
    return stra("build", "--data", data, "--home", home, code=code)


def select(home: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def run(session: Session) -> None:
    """Load, build what is stale, judge, build what rests on that, publish."""
    session.take_in()
    for of_rules in (False, True):
        for card in session.stale_tables():
            if card.table != PERIODS:
                session.build(card)
        if not of_rules:
            session.run_rules()
    session.publish()


def build_home(
    folder: DataFolder, home: Path, as_of: date | None = None, tell: Callable[[str], None] = lambda line: None
) -> list[str]:
    """In place of pipelines.dagster_records.build.build_home; the tables that could not be built."""
    home.mkdir(parents=True, exist_ok=True)
    made_from = signature(folder, home.resolve(), as_of)
    with open_session(home.resolve(), folder, as_of, tell, prepare=empty_warehouse.provide) as session:
        run(session)
        failed = [f"{table}: {why}" for table, why in session.failed.items()]
    (home / RECORD).write_text(json.dumps(made_from), encoding="utf-8")
    return failed
