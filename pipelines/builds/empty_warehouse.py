"""The warehouse that a new home starts from: every table of this code as it is before anything is delivered.

Three quarters of the tables of a small build hold nothing, or reference lists, whatever the home. They depend on code
alone, so they are built once, and each new home begins with a copy. The build that follows finds what its deliveries
make stale, as in every home.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from pipelines.delivery import intake
from pipelines.fetching.folder import DataFolder
from pipelines.identities import linkage
from pipelines.standards import quality
from pipelines.system.disk import write_whole
from pipelines.tables import code_cache
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import downstream_of

NAME = "warehouse.duckdb"
MOST_KEPT = 4  # versions of the code


def provide(home: Path) -> None:
    """Give a home that has no warehouse a copy of the empty one. Called while the home is locked."""
    if (home / NAME).exists():
        return
    name = f"empty-{intake.code_version()}-{duckdb.__version__}.duckdb"
    content = code_cache.read_file(name)
    if content is None:
        content = _built(home / "scratch" / "empty")
        if content is None:
            return
        code_cache.write(name, content)
        code_cache.keep_newest("empty-*.duckdb", MOST_KEPT)
    write_whole(home / NAME, content)


def _built(home: Path) -> bytes | None:
    """A warehouse built from an empty folder; None if a table could not be built or a delivery's table has a row."""
    from pipelines.builds.session import open_session

    shutil.rmtree(home, ignore_errors=True)
    data = home / "data"
    data.mkdir(parents=True)
    after_rules = downstream_of(set(quality.TABLES))  # made from what the rules find, in every build
    with open_session(home, DataFolder(data)) as session:
        session.take_in()
        for card in session.stale_tables():
            if card.table not in after_rules:
                session.build(card)
        # says when links were looked for: each home says so itself
        session.con.execute(f"delete from {linkage.RUNS}")
        session.con.execute("delete from build.table_states where table_name = ?", [linkage.RUNS])
        raw = [table for table, card in all_cards().items() if card.schema == "raw"]
        filled = [t for t in raw if session.con.execute(f"select count(*) from {t}").fetchone() != (0,)]
        is_usable = not session.failed and not filled
    content = (home / NAME).read_bytes() if is_usable else None
    shutil.rmtree(home, ignore_errors=True)
    return content
