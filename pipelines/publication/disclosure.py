"""What was released to those who commission services, and whether it may be.

What was once released stays known: every count that is published is written down, and the attack on the next release
knows it (assets/methods/disclosure/cells.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import polars as pl

from assets.raw import tables_of_people
from pipelines.tables.cards import FORCE, all_cards
from pipelines.tables.lineage import downstream_of, named_by
from pipelines.tables.sql import scalar
from pipelines.tables.warehouse import state_of, transaction

CELLS, BEFORE, ATTACK, LOG = (
    "core.disclosure_cells", "core.released_before", "metrics.disclosure_attack", "raw.released_cells"
)  # fmt: skip
RELEASED, AUDIENCE = "metrics.released_figures", "commissioning"
# a release is another where one of these is
_SAME = (
    "row(person_count, counted, token, value, is_other, suppress_to, round_to, hides_zero, total_ref, parent_ref,"
    " share, change, share_least, share_greatest, rest_least, rest_greatest, least, greatest)"
)
SPREADS = "metrics.measure_verdicts"


# tables for those who commission services that rest on records of people by another way than the released counts
VETTED = {
    "core.force_scope": "name and months of the force",
    "core.extract_moments": "the moments that the extract is judged by",
    "core.support_periods": "the days of the years covered",
    "reference.measures": "what each measure counts, without a figure",
    "metrics.support_waits": "means where the count behind them is released",
    "metrics.support_queue": "a fitted delay and number of places of a service, rounded; none of fewer than 30 victims",
}


@cache
def not_controlled() -> tuple[str, ...]:
    """Tables for commissioners that disclosure control has not seen.

    None of them is published.
    """
    ours = (card.table for card in all_cards().values() if AUDIENCE in card.audience)
    return tuple(table for table in ours if table not in VETTED and _people_under(table))


def _people_under(table: str) -> frozenset[str]:
    """Record-level tables that a table rests on, but by the released counts."""
    if table == RELEASED or table in VETTED:
        return frozenset()
    card = all_cards()[table]
    if card.schema == "raw" and card.maker is not None:
        return frozenset({card.name}) & tables_of_people()
    return frozenset().union(*(_people_under(upstream) for upstream in named_by(card)))


def refused(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Tables that are not published for commissioners, and why.

    Either disclosure control has not seen them, or it can be undone.
    """
    unseen = dict.fromkeys(
        not_controlled(), "Not published: it is based on records of people and has had no disclosure control"
    )
    if not is_built(con, RELEASED):
        return unseen
    pinned = scalar(con, f"select count(*) from {ATTACK} where is_pinned")
    if not pinned:
        return unseen
    words = (
        f"Not published: {pinned} protected counts could be worked out from the others. {ATTACK} names them to those"
        " who keep the records; a coarser grouping or a stricter rule in the settings helps (disclosure.*). With"
        " disclosure.complement 0, nothing further is hidden to prevent this"
    )
    return unseen | dict.fromkeys((RELEASED, *downstream_of({RELEASED})), words)


def is_built(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the warehouse holds the table."""
    return state_of(con, table) is not None


def record(con: duckdb.DuckDBPyConnection, run_ref: str, published_at: datetime) -> None:
    """Record every count released now that differs from its last release.

    Counts that are released no more are recorded too.
    """
    # with a solver that takes its time to import
    from assets.methods.disclosure.cells import controlled, spreads_of, written

    settings = dict(con.execute("select key, value from reference.settings").fetchall())
    latest = scalar(con, f"select max(published_at) from {LOG}")
    if latest is not None:  # a clock that was set back does not make this an earlier release
        published_at = max(published_at, latest + timedelta(microseconds=1))
    for (force,) in con.execute(f"select distinct {FORCE} from {CELLS} order by {FORCE}").fetchall():
        cells = _rows(con, CELLS, force, "cell_ref")
        earlier = _rows(con, BEFORE, force, "published_at, cell_ref")
        spreads = spreads_of(con.sql(f"select * from {SPREADS} where {FORCE} = ?", params=[force]).pl())
        made = written(cells, controlled(cells, earlier, settings, spreads), settings)
        if made:
            _record(con, {"published_at": published_at, "run_ref": run_ref, FORCE: force}, made)


def _rows(con: duckdb.DuckDBPyConnection, table: str, force: str, order: str) -> list[dict[str, Any]]:
    """The rows of one force, without its code."""
    query = f"select * exclude ({FORCE}) from {table} where {FORCE} = ? order by {order}"
    rows: list[dict[str, Any]] = con.sql(query, params=[force]).pl().to_dicts()
    return rows


def _record(con: duckdb.DuckDBPyConnection, run: dict[str, Any], made: list[dict[str, Any]]) -> None:
    """Record what is released now of one force."""
    from assets.methods.disclosure.cells import GONE

    frame = pl.DataFrame([run | row for row in made], infer_schema_length=None)
    # a release of an earlier version names no force: the extract had one
    log = f"(select * from {LOG} where coalesce({FORCE}, $force) = $force)"
    with transaction(con):
        con.register("released_now", frame.to_arrow())
        con.execute(
            f"insert into {LOG} by name select n.* from released_now as n left join ("
            f" select cell_ref, arg_max({_SAME}, published_at) as last from {log} group by cell_ref"
            f") as b on n.cell_ref = b.cell_ref where b.last is null or b.last is distinct from {_SAME}",
            {"force": run[FORCE]},
        )
        con.execute(
            f"insert into {LOG} by name select $at as published_at, $run as run_ref, $force as {FORCE}, cell_ref,"
            f" $gone as token from {log} where cell_ref not in (select cell_ref from released_now)"
            " group by cell_ref having arg_max(token, published_at) <> $gone",
            {"at": run["published_at"], "run": run["run_ref"], "force": run[FORCE], "gone": GONE},
        )
        con.unregister("released_now")
