"""The tables and views of a force's database: what each may be, by its columns and a sample, and the query for it.

Nothing is changed in the database: every statement is one that `pipelines.fetching.database` lets through, in a
transaction that only reads.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from typing import Any

import duckdb
import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine.reflection import ObjectKind

from assets.readers.extract.columns import LINE, is_made
from assets.readers.extract.identities import TABLE as IDENTITIES
from assets.readers.source import BrokenFile, ExtractMapping
from pipelines.fetching import database
from pipelines.mapping.guess import TableGuess
from pipelines.mapping.proposal import Proposal
from pipelines.mapping.sheets import SAMPLE, Folder, Relation, Sheet, columns_of_text

MOST = 300  # tables and views that are looked at
PLACE = "[database]"
# schemas of the database itself
_OWN = re.compile(r"(information_schema|pg_.*|sys|system|db_.*|guest|mdsys|xdb|ctxsys)", re.I)


def look_at_database(mapping: ExtractMapping) -> Folder:
    """Every table and view that the account can read, with a sample of its columns; what cannot be read has its reason.

    Raises BrokenFile if the database cannot be reached, or has nothing for this account.
    """
    url = database.address(mapping)
    found, listed = Folder(), _relations(url)
    if not listed:
        raise BrokenFile(
            PLACE, "no table and no view that this account can see", "tables or views of the record system",
            "Have the account given the right to read them.",
        )  # fmt: skip
    for relation, labels in listed[:MOST]:
        try:
            found.sheets.append(_sheet(url, relation, labels))
        except BrokenFile as problem:
            found.unreadable[relation.label] = str(problem)
    if len(listed) > MOST:
        found.unreadable[f"{len(listed) - MOST:,} more tables and views"] = (
            f"only the first {MOST} are looked at; use an account that may read fewer"
        )
    return found


def _relations(url: sa.URL) -> list[tuple[Relation, list[str]]]:
    """Tables and views with their columns, in the order of their names."""
    found = []
    with database.connected(url, PLACE) as connection:
        inspector = sa.inspect(connection)
        usual = inspector.default_schema_name
        for schema in inspector.get_schema_names():
            if _OWN.fullmatch(schema):
                continue
            named = None if schema == usual else schema
            every = inspector.get_multi_columns(named, kind=ObjectKind.ANY)
            for (_, name), columns in every.items():
                found.append((Relation(named, name, url.get_backend_name()), [c["name"] for c in columns]))
    return sorted(found, key=lambda pair: pair[0].label)


def _sheet(url: sa.URL, relation: Relation, labels: Sequence[str]) -> Sheet:
    """A table or view as a sheet of at most SAMPLE rows. Raises BrokenFile."""
    if len(labels) < 2:
        raise BrokenFile(PLACE, f"{len(labels)} column(s)", "a table with a key and more", "Leave it out.")
    columns: list[Any] = [sa.column(label) for label in labels]
    asked: Any = sa.select(*columns).select_from(_table(relation)).limit(SAMPLE)
    place = f"{PLACE} {relation.label}"
    rows = database.read_rows(url, database.only_reads(_text(asked, relation), place, relation.backend), place)
    next(rows)
    cells = [[database.as_text(value) for value in row] for batch in rows for row in batch]
    names = {f"c{place}": label for place, label in enumerate(labels)}
    text = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")
    with duckdb.connect() as con:
        con.register("text", text)
        looks, no_value = columns_of_text(con, names)
    return Sheet(relation.label, relation.name, looks, no_value, None, relation, len(cells))


def size_of(sheet: Sheet) -> str:
    """A table of a database in a line: columns and rows, counted as far as the sample goes."""
    rows = f"{SAMPLE:,} rows or more" if sheet.rows >= SAMPLE else f"{sheet.rows:,} rows"
    return f"{sheet.name}: {len(sheet.columns)} columns, {rows}"


def why_no_query(found: TableGuess) -> str:
    """Why a table is not made by a query; '' if it can be."""
    if found.table == IDENTITIES:
        return "names of people come as a file only, so that no copy is written on the way"
    if any(chosen.label and is_made(chosen.label) and f"[{LINE}]" in chosen.label for chosen in found.fields.values()):
        return "it would need the number of a line, which a table of a database has not"
    return ""


def by_query(proposals: Sequence[Proposal], known: Collection[str]) -> list[Proposal]:
    """The proposals without what no query gives and without the tables that are known already."""
    for proposal in proposals:
        for table in list(proposal.tables):
            if why := "it is delivered already" if table.table in known else why_no_query(table):
                proposal.left_out[table.table] = why
                proposal.tables.remove(table)
    return [proposal for proposal in proposals if proposal.tables]


def query_of(guesses: Sequence[TableGuess]) -> str:
    """One SELECT that gives a table of the extract by our names; the groups of a wide table as a union."""
    names = [name for name in guesses[0].fields if any(found.fields[name].label for found in guesses)]
    selects = [_select(found, names) for found in guesses]
    (relation,) = {found.sheet.relation for found in guesses if found.sheet.relation is not None}
    text = _text(sa.union_all(*selects) if len(selects) > 1 else selects[0], relation)
    for name in names:  # a line for each field: people read and correct it
        text = text.replace(f" AS {name}, ", f" AS {name},\n    ")
    return "\n".join(line.rstrip() for line in text.splitlines())


def _select(found: TableGuess, names: Sequence[str]) -> sa.Select[Any]:
    """One group of columns: rows in which one of the columns `only_if` has a value."""
    assert found.sheet.relation is not None
    columns = [_value(found.fields[name].label).label(name) for name in names]
    query = sa.select(*columns).select_from(_table(found.sheet.relation))
    filled = [sa.column(label).is_not(None) for label in found.only_if]
    return query.where(sa.or_(*filled)) if filled else query


def _value(said: str | None) -> sa.ColumnElement[Any]:
    """A column, or a text made of columns and words; null where a field has none in this group."""
    if said is None:
        return sa.null()
    if not is_made(said):
        return sa.column(said)
    # columns are at the odd places, words between them
    pieces = enumerate(re.split(r"\[([^\[\]]+)\]", said.removeprefix("=")))
    parts: Iterator[sa.ColumnElement[Any]] = (
        sa.cast(sa.column(piece), sa.String(200)) if place % 2 else sa.literal(piece)
        for place, piece in pieces
        if piece
    )
    return reduce(lambda whole, part: whole.concat(part), parts)


def _table(relation: Relation) -> sa.TableClause:
    return sa.table(relation.name, schema=relation.schema)


def _text(query: sa.Select[Any] | sa.CompoundSelect[Any], relation: Relation) -> str:
    """A query as text in the database's own words; a percent sign stays one, as it is sent without parameters."""
    made: Any = sa.make_url(f"{relation.backend}://").get_dialect()
    dialect = made(paramstyle="named")  # in other styles a percent sign is written twice
    return str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
