"""The extract read from the force's database, one query per table.

The rows of a query become a text file and go the way of a csv file, through mapping, quarantine and ledger. They are
sorted first: the same rows are the same delivery in whatever order they came.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
import sqlglot
from sqlglot import exp

from assets.readers import files
from assets.readers.csv import reader
from assets.readers.source import BrokenFile, DeliveredFile, ExtractMapping

BATCH = 5_000  # rows fetched at a time
PATIENCE = "30"  # seconds until a server that does not answer is given up
DIALECTS = {"postgresql": "postgres", "mssql": "tsql"}  # what sqlglot calls them, where the name differs
# said before the query; SQL Server knows no such thing: there the account's rights have to do
READ_ONLY = {
    "postgresql": ("set default_transaction_read_only = on", "set transaction read only"),
    "oracle": ("set transaction read only",),
    "sqlite": ("pragma query_only = on",),
}
EXTRAS = {"mssql": "sqlserver", "oracle": "oracle"}
_CHANGES = (exp.DML, exp.DDL, exp.Drop, exp.Alter, exp.Command, exp.Into, exp.Lock)
_SECRET = re.compile(r"(?i)\b(password|passwd|pwd|secret|token)(\s*[=:]\s*)[^;&\s]+")


def pull(mapping: ExtractMapping, name: str, scratch: Path) -> Iterator[DeliveredFile | tuple[str, BrokenFile]]:
    """The table of each query as a file, or what is wrong with it.

    `name` is that of the mapping below the data folder. A table is in `scratch` only until the next is asked for.
    """
    for table, query in mapping.queries.items():
        delivered = f"{name}!{table}.parquet"
        path = scratch / f"{table}.parquet"
        scratch.mkdir(parents=True, exist_ok=True)
        try:
            _write(address(mapping), table, query, path)
            # the query says where the rows come from: the name of a file is not asked for
            renamed = tuple(replace(block, file=None) for block in mapping.blocks(table))
            ours = replace(mapping, tables={**mapping.tables, table: renamed})
            yield replace(files.inspect(path, delivered), mapping=ours)
        except BrokenFile as problem:
            yield delivered, problem
        finally:
            path.unlink(missing_ok=True)


def address(mapping: ExtractMapping) -> sa.URL:
    """The address of the force's database, from the environment. Raises BrokenFile."""
    variable = str(mapping.database_url).removeprefix("env:")
    expected = f"the address of the database in the environment variable {variable}"
    example = "an address is written postgresql://user:password@host/database"
    given = os.environ.get(variable, "").strip()
    if not given:
        raise BrokenFile("[database] url", "no such variable", expected, f"Set it, then build again; {example}.")
    try:
        url = sa.make_url(given)
    except (sa.exc.ArgumentError, ValueError):
        seen = "text that is not an address (not shown, as it may include a password)"
        raise BrokenFile("[database] url", seen, expected, f"Correct it, then build again; {example}.") from None
    if url.get_backend_name() == "postgresql" and "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": PATIENCE})
    return url


def _write(url: sa.URL, table: str, query: str, path: Path) -> None:
    """The rows of the query as text, in order. Raises BrokenFile."""
    place = f"[database.queries] {table}"
    statement = only_reads(query, place, url.get_backend_name())
    unordered = path.with_suffix(".unordered")
    rows = read_rows(url, statement, place)
    try:
        labels = [str(label) for label in next(rows)]
        _each_named_once(labels, place)
        schema = pa.schema([(label, pa.string()) for label in labels])
        with pq.ParquetWriter(unordered, schema, compression="zstd") as writer:
            for batch in rows:
                columns = [pa.array(map(as_text, column), pa.string()) for column in zip(*batch, strict=True)]
                writer.write_table(pa.table(columns, schema=schema))
        with duckdb.connect(config={"threads": 1}) as con:
            con.execute(
                "copy (select * from read_parquet(?) order by all) to ?"
                " (format parquet, compression zstd, compression_level 1)",
                [str(unordered), str(path)],
            )
    finally:
        rows.close()
        unordered.unlink(missing_ok=True)


def read_rows(url: sa.URL, query: str, place: str) -> Generator[Any, None, None]:
    """The names of the columns first, then the rows in batches.

    Uses a cursor of the server. `query` has passed `only_reads`. Raises BrokenFile.
    """
    with connected(url, place) as connection:
        # without parameters the driver leaves a percent sign and a colon in the query alone
        asked = connection.execution_options(stream_results=True, max_row_buffer=BATCH, no_parameters=True)
        result = asked.exec_driver_sql(query)
        yield list(result.keys())
        yield from result.partitions(BATCH)


@contextmanager
def connected(url: sa.URL, place: str) -> Iterator[sa.Connection]:
    """A connection in a transaction that only reads. Raises BrokenFile for what fails while it is open."""
    engine = None
    try:
        engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
        with engine.connect() as connection:
            for statement in READ_ONLY.get(engine.dialect.name, ()):
                connection.exec_driver_sql(statement)
            yield connection
    except ModuleNotFoundError as problem:
        extra = EXTRAS.get(url.get_backend_name())
        do = f"Install the extra, in this product's folder: pip install -e '.[{extra}]'." if extra else "Install it."
        raise BrokenFile(place, f"that {problem.name} is not installed", "the driver of the database", do) from None
    except (sa.exc.SQLAlchemyError, ValueError, OverflowError) as problem:
        raise BrokenFile(
            place, _without_secrets(problem, url), "rows from the database",
            "Try the query and the address by hand. The other queries' tables are still loaded.",
        ) from None  # fmt: skip
    finally:
        if engine is not None:
            engine.dispose()


def selected_names(query: str, backend: str = "") -> tuple[str, ...] | None:
    """The names of the columns that a query gives; None if that cannot be known from its text, as with a star."""
    try:
        found = sqlglot.parse_one(query, dialect=DIALECTS.get(backend, backend) or None)
    except (sqlglot.errors.SqlglotError, ValueError):
        return None
    names = tuple(found.named_selects) if isinstance(found, exp.Query) else ()
    return names if names and "*" not in names and not found.is_star else None


def only_reads(query: str, place: str, backend: str) -> str:
    """The query without a closing semicolon.

    Raises BrokenFile unless it is one SELECT or WITH that changes nothing.
    """
    dialect = sqlglot.Dialect.get(DIALECTS.get(backend, backend))
    try:
        found = [s for s in sqlglot.parse(query, dialect=dialect) if s is not None]
        seen = "nothing" if not found else f"{len(found)} statements" if len(found) > 1 else ""
        if not seen and not isinstance(found[0], exp.Query):
            seen = found[0].key.upper() if isinstance(found[0], _CHANGES) else "something else"
        if not seen and (change := found[0].find(*_CHANGES)):
            seen = f"{change.key.upper()} inside it"
    except (sqlglot.errors.SqlglotError, ValueError) as problem:
        seen = f"a query that cannot be understood ({str(problem).splitlines()[0][:120]})"
    if not seen:
        return query.strip().rstrip(";")
    raise BrokenFile(
        place, seen, "a single SELECT or WITH that only reads",
        "Nothing was sent to the database. Write one SELECT, or make a view there and select from it.",
    )  # fmt: skip


def _each_named_once(labels: list[str], place: str) -> None:
    seen: set[str] = set()
    for label in labels:
        if not label.strip() or reader.plain(label) in seen:
            what = f"two columns named {label!r}" if label.strip() else "a column without a name"
            raise BrokenFile(place, what, "every column once, with its name", "Name it in the query, with AS.")
        seen.add(reader.plain(label))
    if not labels:
        raise BrokenFile(place, "no column", "the columns of the table", "Name them in the query.")


def _without_secrets(problem: Exception, url: sa.URL) -> str:
    """The first line of the driver's message, without secrets.

    A driver may quote the address it was given.
    """
    words = str(getattr(problem, "orig", None) or problem).strip()
    line = words.splitlines()[0] if words else type(problem).__name__
    secret = str(url.password or "")
    for part in (url.render_as_string(hide_password=False), *_written(secret)):
        line = line.replace(part, "***")
    return _SECRET.sub(r"\1\2***", line)[:300]


def _written(secret: str) -> tuple[str, ...]:
    return tuple({secret, quote(secret, safe=""), quote_plus(secret)}) if secret else ()


def as_text(value: Any) -> str | None:
    """A value of the database as text of a csv file.

    Times have their offset if the database gives one.
    """
    if value is None or isinstance(value, str):
        return value
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    return str(value)


def _moment(value: datetime) -> str:
    # in UTC: the same moment is the same text whatever the time zone of the session
    return (value.astimezone(UTC) if value.tzinfo is not None else value).isoformat()


_FORMS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: "true" if value else "false"),
    (int, str),
    (Decimal, lambda value: format(value, "f")),
    (datetime, _moment),
    (date, date.isoformat),
    ((bytes, bytearray, memoryview), lambda value: bytes(value).hex()),
    ((dict, list, tuple), lambda value: json.dumps(value, default=as_text, sort_keys=True, ensure_ascii=False)),
)
