"""Every function and operator of the SELECTs over rows of edge values, in DuckDB and, translated, in Spark.

A use is a function with its literals, whose operands are columns of their types: `substring(text_0, 2)`. The uses are
read from the SELECTs, so a new function is compared without a word here. What DuckDB itself fails at is not compared.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import sqlglot
from compare_engines import is_equal, tables
from representative_tables import OF_QUERIES
from sqlglot import exp

from pipelines.engines.spark import SparkFailed
from pipelines.engines.translation import NUMBER, NotTranslated, Typed, translate, typed_of
from pipelines.tables.column_lineage import types_read
from pipelines.tables.sql import select_of

if TYPE_CHECKING:
    from pipelines.engines.spark import Spark

ROWS = 260
VALUES: dict[str, list[object]] = tomllib.loads(
    (Path(__file__).parents[1] / "spark" / "edge_values.toml").read_text(encoding="utf-8")
)
VALUES["TIMESTAMPTZ"] = [f"{hour}+00" for hour in VALUES["TIMESTAMP"]]
# sums of the largest are too large for both, and the median between both infinities is a number in DuckDB alone
SMALL = {kind: [*range(-3, 13), 366] for kind in ("INT", "BIGINT")} | {"DOUBLE": VALUES["DOUBLE"][:-1]}
# days near each other: a series of all days of the calendar would take long, and say no more. From a 31st on, months
# are counted otherwise in Spark: every series of ours begins on a first
NEAR = {
    kind: [v for v in VALUES[kind] if "2023" <= str(v)[:4] < "2026" and str(v)[8:10] < "29"]
    for kind in ("DATE", "TIMESTAMP")
}
# what stands between a function and its operands
THROUGH = (
    exp.Array, exp.Boolean, exp.DataType, exp.Distinct, exp.Identifier, exp.If, exp.Interval, exp.Literal,
    exp.Null, exp.Order, exp.Ordered, exp.PropertyEQ, exp.Star, exp.Struct, exp.Tuple, exp.Var, exp.Where,
    exp.WindowSpec,
)  # fmt: skip
OWNERS = (exp.Window, exp.Filter, exp.IgnoreNulls)  # what they apply to is part of the use
BY_PLACE = (exp.RowNumber, exp.Lag, exp.Lead)
# any text or number will do beside these
LIKE_OTHERS = (
    exp.And, exp.Between, exp.Case, exp.Coalesce, exp.EQ, exp.GT, exp.GTE, exp.In, exp.LT, exp.LTE, exp.NEQ,
    exp.NullSafeEQ, exp.NullSafeNEQ, exp.Or,
)  # fmt: skip
USES = (exp.Func, exp.Binary, exp.Not, exp.Neg, exp.Between, exp.In, exp.AtTimeZone, *OWNERS)
ORDERS = 16  # in which DuckDB reads groups once more: what that decides is not compared
# rows that a use wants -> their key in what it gives
KEYS = {"rows": ["k"], "groups": ["g"], "windows": ["k", "g"], "lists": ["k"]}


def uses() -> tuple[dict[str, dict[str, str]], dict[str, set[str]]]:
    """Kind of rows -> use -> a table that has it; and function -> the uses that have it."""
    found: dict[str, dict[str, str]] = {rows: {} for rows in KEYS}
    functions: dict[str, set[str]] = {}
    for card in tables():
        tree = sqlglot.parse_one(select_of(card), read="duckdb")
        typed = typed_of(card.table, tree, types_read(card))
        for node in tree.find_all(*USES):
            if isinstance(node, (*OF_QUERIES, exp.PropertyEQ)) or (
                isinstance(node, exp.If) and isinstance(node.parent, exp.Case)
            ):
                continue
            functions.setdefault(type(node).__name__, set())
            use = _Use(node, typed).made(node)
            # what belongs to a window or a filter is a use with it
            if use is not None and not (isinstance(node.parent, OWNERS) and node.arg_key == "this"):
                text = use.sql("duckdb", comments=False)
                found[_rows_for(use)].setdefault(text, card.table)
                for part in use.walk():
                    functions.setdefault(type(part).__name__, set()).add(text)
    return found, functions


def _rows_for(use: exp.Expr) -> str:
    if isinstance(use, exp.Window):
        return "windows"
    if use.find(exp.AggFunc):
        return "groups"
    return "lists" if use.find(exp.Explode, exp.GenerateSeries) else "rows"


class _Use:
    """A function over columns of the edge rows."""

    def __init__(self, node: exp.Expr, typed: Typed) -> None:
        self.node, self.typed = node, typed
        self.columns: dict[str, tuple[str, int]] = {}

    def column(self, operand: str, kind: str) -> exp.Expr:
        """The same operand is the same column."""
        number = sum(kind == other for other, _ in self.columns.values())
        name, number = self.columns.setdefault(operand, (kind, number))
        return exp.column(f"{name.lower()}_{number}")

    def made(self, part: exp.Expr) -> exp.Expr | None:
        """The part in such columns; None if it reads a query, or a column of which nothing says the type."""
        if isinstance(part, exp.Query | exp.Exists | exp.Grouping) or (
            isinstance(part, exp.Window) and (isinstance(part.this, exp.Identifier) or part.alias)
        ):
            return None
        if part is not self.node and not part.find(exp.Column, exp.AggFunc, exp.Query, exp.Window):
            is_any = isinstance(self.node, LIKE_OTHERS) and isinstance(part, exp.Literal) and part.parent is self.node
            if not is_any:
                return part.copy()
            return self.column(part.name, "TEXT") if part.is_string else exp.Literal.number(1 if part.is_int else 0.5)
        is_owned = isinstance(part.parent, OWNERS) and part.arg_key == "this"
        if part is not self.node and not is_owned and not isinstance(part, THROUGH):
            kind = self.typed.types.get(part.meta.get(NUMBER, -1))
            if kind is not None and kind.sql("duckdb") in VALUES:
                return self.column(part.sql("duckdb", comments=False), kind.sql("duckdb"))
            if isinstance(part, exp.Column) and isinstance(self.node, exp.AggFunc):  # any type will do
                return self.column(part.sql("duckdb", comments=False), "TEXT")
            if isinstance(part, exp.Column | exp.AggFunc | exp.Filter | exp.Window):
                return None
        copy = part.copy()
        for key, value in part.args.items():
            old = value if isinstance(value, list) else [value]
            new = [self.made(one) if isinstance(one, exp.Expr) else one for one in old if key != "partition_by"]
            if any(one is None and other is not None for one, other in zip(new, old, strict=False)):
                return None
            if key != "partition_by":
                copy.set(key, new if isinstance(value, list) else new[0])
        if isinstance(part, exp.Window):
            copy.set("partition_by", [exp.column("g")])
            if copy.args.get("order") and (copy.args.get("spec") or isinstance(part.this, BY_PLACE)):
                copy.args["order"].append("expressions", exp.column("k"))  # no row has the place of another
        return copy


class Edges:
    """Tables of edge rows in DuckDB and in Spark."""

    def __init__(self, engine: Spark, work: Path) -> None:
        self.engine, self.work, self.con = engine, work, duckdb.connect()
        self.found, self.functions = uses()
        self.compared = list[str]()
        self.con.execute("set timezone = 'UTC'; set threads = 1; create schema core")
        names = sorted(set(re.findall(r"\b[a-z]+_[0-9]+\b", " ".join(use for of in self.found.values() for use in of))))
        self.kinds = {name: kind for name in names if (kind := name.rpartition("_")[0].upper()) in VALUES}
        self._make("rows", VALUES)
        self._make("lists", VALUES | SMALL | NEAR)
        self._make("groups", VALUES | SMALL)
        nothing = ", ".join(["null"] * len(self.kinds))
        # groups of nulls, of one row, of one row with nulls, and of many rows
        self.con.execute(
            f"alter table core.groups add column g int; update core.groups set g = 3 + k % {ROWS // 12};"
            f"insert into core.groups select {ROWS} + k, {nothing}, k % 2 * 2 from range(5) as r(k);"
            f"insert into core.groups select * replace (k % 2 + 1 as g) from core.groups where g > 2 and k in (8, 9);"
            "create table core.windows as from core.groups"
        )

    def _make(self, rows: str, values: Mapping[str, list[Any]]) -> None:
        """A table: the first column of a type has each of its values, the others are drawn."""
        columns: list[list[Any]] = [list(range(ROWS))]
        for name, kind in self.kinds.items():
            chance = random.Random(f"{rows} {name}")
            known = [None if value is None else str(value) for value in (*values[kind], None, None)]
            drawn = known if name.endswith("_0") else chance.choices(known, k=ROWS)
            columns.append([drawn[number % len(drawn)] for number in range(ROWS)])
            chance.shuffle(columns[-1])
        self.con.execute(f"create table core.{rows} (k bigint, {', '.join(map(' '.join, self.kinds.items()))})")
        marks = ", ".join("?" * len(columns))
        self.con.executemany(f"insert into core.{rows} values ({marks})", list(zip(*columns, strict=True)))

    def differences(self) -> Iterator[str]:
        """The uses that differ or fail in Spark, each with the first row of it and a table that has it."""
        for rows, of in self.found.items():
            # an interval is a part of other uses; no type: sqlglot took an operand for something else
            kinds = {use: kind for use in of if (kind := self._type(rows, use)) not in ("", "INTERVAL")}
            if rows == "groups":  # of rows by themselves it is only the row that is left out
                kinds = {use: kind for use, kind in kinds.items() if not self._fails(use)}
            self.compared += kinds
            asked = self._asked(kinds) if rows == "rows" else list(kinds)
            for n in range(ORDERS):
                self.con.execute(f"create or replace table core.turned_{n} as from core.{rows} order by hash(k + {n})")
            file = self.work / f"{rows}.parquet"
            self.con.execute(f"copy (from core.{rows}) to '{file}' (format parquet)")
            self.engine.read(f"core.{rows}", [file])
            # a list becomes rows: one in a SELECT
            for numbers in [[number] for number in range(len(asked))] if rows == "lists" else [list(range(len(asked)))]:
                for number, words in self._compared(rows, asked, list(kinds.values()), numbers):
                    yield f"{list(kinds)[number]}: {words} ({of[list(kinds)[number]]})"

    def _type(self, rows: str, use: str) -> str:
        with suppress(duckdb.BinderException):
            return str(self.con.execute(f"describe select {use} from core.{rows}").fetchall()[0][1])
        return ""

    def _fails(self, use: str) -> bool:
        """Whether DuckDB itself fails at a group."""
        with suppress(duckdb.ConversionException, duckdb.OutOfRangeException):
            return not self.con.execute(f"select {use} from core.groups group by g").fetchall()
        return True

    def _asked(self, kinds: Mapping[str, str]) -> list[str]:
        """The uses without the rows at which DuckDB itself fails, or gives a day without an end, which Spark lacks."""
        tried = ", ".join(f"try({{'x': {use}}}) as u{n}" for n, use in enumerate(kinds))
        ends = [f" or isinf(u{n}.x)" * kind.startswith(("DATE", "TIME")) for n, kind in enumerate(kinds.values())]
        failed = " || ".join(f"if(u{n} is null{end}, '1', '0')" for n, end in enumerate(ends))
        self.con.execute(
            f"create temp table tried as select k, {failed} as failed from (select k, {tried} from core.rows);"
            "create or replace table core.rows as select r.*, failed from core.rows as r join tried using (k)"
        )
        return [f"case when substring(failed, {n + 1}, 1) = '0' then {use} end" for n, use in enumerate(kinds)]

    def _compared(self, rows: str, asked: list[str], kinds: list[str], numbers: list[int]) -> Iterator[tuple[int, str]]:
        """(number of a use, how it differs)."""
        keys = KEYS[rows]
        query = f"select {', '.join([*keys, *(f'{asked[number]} as u{number}' for number in numbers)])} from {{}}"
        if rows == "groups":
            query += " group by g union all " + query.replace("select g", "select -1 as g") + " where false"
        read = {name: kind for name, kind, *_ in self.con.execute(f"describe core.{rows}").fetchall()}
        columns = dict.fromkeys(keys, "BIGINT") | {f"u{number}": kinds[number] for number in numbers}
        try:
            in_spark = translate("edges", query.replace("{}", f"core.{rows}"), {"core": {rows: read}})
            self.con.register("fetched", self.engine.fetch(self.engine.run(in_spark, columns)))
        except (NotTranslated, SparkFailed) as problem:
            if len(numbers) == 1:
                yield numbers[0], str(problem)
            else:
                for part in (numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]):
                    yield from self._compared(rows, asked, kinds, part)
            return
        casts = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in columns.items())
        theirs = self._values(f"select {casts} from fetched", len(keys))
        ours = self._values(query.replace("{}", f"core.{rows}"), len(keys))
        orders = range(ORDERS if rows in ("groups", "windows") else 0)
        turned = [self._values(query.replace("{}", f"core.turned_{n}"), len(keys)) for n in orders]
        for place, number in enumerate(numbers):
            differing = [
                (key, *pair)
                for key in {**ours, **theirs}
                if not _are_equal(*(pair := [[v[place] for v in found.get(key, [])] for found in (ours, theirs)]))
                and all(_are_equal(pair[0], [values[place] for values in of.get(key, [])]) for of in turned)
            ]
            for key, mine, other in differing[:1]:
                used = ", ".join(sorted({name for name in self.kinds if re.search(rf"\b{name}\b", asked[number])}))
                of = self.con.execute(f"select {used or 1} from core.{rows} where k = {key[0]}").fetchall()[:1]
                yield number, f"{len(differing)} rows; of {of} {mine} became {other}"

    def _values(self, query: str, keys: int) -> dict[tuple[Any, ...], list[tuple[Any, ...]]]:
        found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
        for row in self.con.execute(query).fetchall():
            found.setdefault(row[:keys], []).append(row[keys:])
        return {key: sorted(values, key=repr) for key, values in found.items()}


def _are_equal(some: list[Any], others: list[Any]) -> bool:
    return len(some) == len(others) and all(
        is_equal(a, b)
        if isinstance(a, float) and isinstance(b, float)
        else a == b or repr(a) == repr(b) or _is_near(a, b)
        for a, b in zip(some, others, strict=True)
    )


def _is_near(a: object, b: object) -> bool:
    """Whether decimals differ beyond the sixteen digits that a double has: what one gives of a double is its own."""
    return isinstance(a, Decimal) and isinstance(b, Decimal) and abs(a - b) <= abs(b) * Decimal("1e-15")
