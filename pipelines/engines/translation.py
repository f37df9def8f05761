"""The SELECTs of tables in Spark's SQL, from the same files.

sqlglot changes the words of a query and not what they mean: it reports none of the places where both dialects read the
same words otherwise. These need the types of what is read, which the cards give. Types are worked out on a copy of the
query. What is sent to Spark is the query as written, with those places put in words that mean in Spark what DuckDB
means by the original.

Times with a zone are Spark's TIMESTAMP, times without one TIMESTAMP_NTZ. The zone of the session is UTC, as in DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.expressions.datatypes import DType
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from pipelines.cards import Card
from pipelines.publication.column_lineage import types_read
from pipelines.sql import select_of

NUMBER = "number of the node"  # in a node's notes: the same in the query and in its copy
WHOLE = exp.DataType.INTEGER_TYPES
DOUBLE = DType.DOUBLE
DATE = DType.DATE
ZONED = DType.TIMESTAMPTZ
LOCAL = {DType.TIMESTAMP, DType.TIMESTAMPNTZ, DType.DATETIME}
UNKNOWN = DType.UNKNOWN
NOT_IN_FILES = {"hugeint": "decimal(38, 0)", "uuid": "varchar"}  # types that Spark lacks -> what holds their values
KEPT = "is_kept_by_window"
TEXTS = (exp.Replace, exp.RegexpExtract, exp.RegexpReplace)  # sqlglot gives these no type

# Functions of the SELECTs, as written or by a rule below; make spark-test compares every table that uses them. Another
# one is refused: sqlglot would translate it, and would not say if it means something else.
COMPARED = (
    exp.Abs, exp.And, exp.AnyValue, exp.ArgMax, exp.ArgMin, exp.Array, exp.Avg, exp.Case, exp.Cast, exp.Ceil,
    exp.Coalesce, exp.Concat, exp.ConcatWs, exp.Contains, exp.Count, exp.DateFromParts, exp.DateTrunc, exp.Day,
    exp.Exists, exp.Exp, exp.Explode, exp.Floor, exp.GenerateSeries, exp.Greatest, exp.GroupConcat, exp.Grouping,
    exp.If, exp.JSONExtractScalar, exp.Lag, exp.LastDay, exp.Lead, exp.Least, exp.Left, exp.Length, exp.Ln,
    exp.LogicalAnd, exp.LogicalOr, exp.Lower, exp.MD5, exp.Max, exp.Median, exp.Min, exp.Month, exp.Nullif, exp.Or,
    exp.Pow, exp.Quarter, exp.Rank, exp.RegexpExtract, exp.RegexpLike, exp.RegexpReplace, exp.Replace, exp.Round,
    exp.RowNumber, exp.Split, exp.SplitPart, exp.Sqrt, exp.StartsWith, exp.StrToTime, exp.Struct, exp.Substring,
    exp.Sum, exp.TimeToStr, exp.TimeToUnix, exp.TimestampTrunc, exp.Trim, exp.TryCast, exp.Unnest, exp.Upper, exp.Year,
)  # fmt: skip


class NotTranslated(Exception):
    """A SELECT that means something else in Spark, or may: the message names the table and the words."""


@dataclass(frozen=True)
class Typed:
    """A query and the types of its parts."""

    table: str
    types: Mapping[int, exp.DataType]

    def of(self, node: exp.Expr) -> DType:
        """The type of a part of the query; UNKNOWN if nothing says it."""
        if isinstance(node, exp.Paren | exp.Nullif):
            return self.of(node.this)
        if isinstance(node, TEXTS):
            return DType.VARCHAR
        found = self.types.get(node.meta.get(NUMBER, -1))
        return found.this if found is not None else UNKNOWN

    def must_be_known(self, node: exp.Expr) -> DType:
        """The type of a part whose translation rests on it. Raises NotTranslated if nothing says it."""
        found = self.of(node)
        if found == UNKNOWN and not isinstance(node, exp.Null):
            raise NotTranslated(f"{self.table}: the type of {node.sql('duckdb')} is not known. Cast it in the SELECT.")
        return found


def name_in_spark(table: str) -> str:
    """The view of a table in Spark's session: `core__crimes`."""
    return table.replace(".", "__", 1)


def with_all_rows(table: str) -> str:
    """The view of a table with the rows of every force."""
    return f"whole__{name_in_spark(table)}"


def translated(card: Card) -> str:
    """The SELECT of a table in Spark's SQL. Raises NotTranslated if it cannot be the same."""
    return translate(card.table, select_of(card), types_read(card))


def translate(table: str, query: str, read: Mapping[str, Mapping[str, Mapping[str, str]]]) -> str:
    """A query of DuckDB in Spark's SQL, where schema -> table -> column -> type is `read`."""
    tree = sqlglot.parse_one(query, read="duckdb")
    for function in tree.find_all(exp.Func):
        if type(function) not in COMPARED:
            words = function.sql("duckdb")
            raise NotTranslated(f"{table}: {words} was never compared in Spark. Say it by functions that were.")
    typed = Typed(table, _types(tree, read))
    for node in list(tree.walk(bfs=False))[::-1]:  # parts before the whole
        rule = RULES.get(type(node))
        made = rule(node, typed) if rule is not None else None
        if made is not None and made is not node:
            made.meta.setdefault(NUMBER, node.meta.get(NUMBER, -1))
            if node is tree:
                tree = made
            else:
                node.replace(made)
    return tree.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE, normalize_functions=False)


def casts_in_spark(columns: Mapping[str, str]) -> str:
    """Columns, each cast to its type of DuckDB, as a list for SELECT in Spark."""
    return ", ".join(f"cast(`{name}` as {type_in_spark(kind)}) as `{name}`" for name, kind in columns.items())


def for_spark(columns: Mapping[str, str]) -> str:
    """Columns with their types, as a list for SELECT in DuckDB: what Spark has no type for in one that it has."""
    return ", ".join(
        f'cast("{name}" as {NOT_IN_FILES[kind.lower()]}) as "{name}"' if kind.lower() in NOT_IN_FILES else f'"{name}"'
        for name, kind in columns.items()
    )


def type_in_spark(kind: str) -> str:
    """A type of DuckDB in Spark's words."""
    if kind.lower() in NOT_IN_FILES:
        kind = NOT_IN_FILES[kind.lower()]
    return exp.DataType.build(kind, dialect="duckdb").sql("spark")


def of_run(select: str, home: str, run: str) -> str:
    """The rows of a table that a run for one force may see, in Spark's SQL, from the SELECT of its view in DuckDB."""
    tree = sqlglot.parse_one(select, read="duckdb")
    for table in list(tree.find_all(exp.Table)):
        if table.catalog == home:
            name = with_all_rows(f"{table.db}.{table.name}")
            shown = exp.to_table(name, alias=table.alias or table.name)
            shown.set("joins", table.args.get("joins"))
            table.replace(shown)
    for asked in list(tree.find_all(exp.Anonymous)):
        if asked.name.lower() == "getvariable":
            asked.replace(exp.Literal.string(run))
    return tree.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)


def _types(tree: exp.Expr, read: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[int, exp.DataType]:
    """Number of a node -> its type. The nodes of the query are numbered; types are worked out on a copy."""
    for number, node in enumerate(tree.walk()):
        node.meta[NUMBER] = number
    known = qualify(tree.copy(), schema=dict(read), dialect="duckdb", validate_qualify_columns=False)
    known = annotate_types(known, schema=dict(read), dialect="duckdb")
    found: dict[int, exp.DataType] = {}
    for node in known.walk():
        if NUMBER in node.meta and node.type is not None and node.type.this != UNKNOWN:
            found.setdefault(node.meta[NUMBER], node.type)
    return found


def _sql(text: str, **parts: exp.Expr) -> exp.Expr:
    """An expression of Spark's, with parts put in where their names are."""
    made = sqlglot.parse_one(text, read="spark")
    for column in list(made.find_all(exp.Column)):
        if column.name in parts:
            put = parts[column.name].copy()
            column.replace(put if isinstance(put, exp.Column | exp.Literal | exp.Func) else exp.Paren(this=put))
    return made


def _double(node: exp.Expr, typed: Typed) -> exp.Expr:
    if typed.of(node) == DOUBLE:
        return node.copy()
    return exp.cast(node.copy(), DOUBLE)


def _is_never_zero(node: exp.Expr) -> bool:
    node = node.unnest()
    if isinstance(node, exp.Literal):
        return float(node.name) != 0
    return isinstance(node, exp.Nullif)


def _division(node: exp.Expr, typed: Typed) -> exp.Expr:
    """DuckDB divides as doubles, decimals too, and by zero it gives infinity. Spark fails at zero."""
    above, below = _double(node.this, typed), _double(node.expression, typed)
    if isinstance(node.expression.unnest(), exp.Literal):
        below = exp.Literal.number(f"{float(node.expression.unnest().name)!r}e0")
    # a plain division of doubles is marked typed, or sqlglot would cast and guard it once more
    plain = exp.Div(this=exp.Paren(this=above), expression=exp.Paren(this=below), typed=True, safe=False)
    if _is_never_zero(node.expression):
        return exp.Paren(this=plain)
    guarded = _sql("if(b = 0, a * double('Infinity'), c)", a=above, b=below)
    guarded.set("false", plain)
    return guarded


# 1e-06 is 1.0E-6 in Spark. What both write in other digits fails: no text may differ in silence
DOUBLE_AS_TEXT = """
case
    when a is null then null
    when a = 0 or (abs(a) >= 0.001 and abs(a) < 10000000) then cast(a as string)
    when abs(a) < 0.0001
        then regexp_replace(replace(replace(cast(a as string), '.0E', 'E'), 'E', 'e'), 'e-([0-9])$', 'e-0$1')
    else raise_error('a number that DuckDB and Spark write as different text')
end
"""


def _cast(node: exp.Expr, typed: Typed) -> exp.Expr | None:
    """A cast to a whole number rounds in DuckDB, doubles to the even and decimals away from zero. Spark cuts off."""
    if isinstance(node.this, exp.Explode):  # Spark makes rows at the top of an expression alone
        array = exp.DataType(this=DType.ARRAY, expressions=[node.args["to"].copy()], nested=True)
        return exp.Explode(this=exp.Cast(this=node.this.this.copy(), to=array))
    seen, wanted = typed.of(node.this), node.args["to"].this
    if wanted in WHOLE:
        seen = typed.must_be_known(node.this)
        if seen in (DOUBLE, DType.FLOAT):
            node.set("this", exp.Anonymous(this="rint", expressions=[node.this.copy()]))
        elif seen == DType.DECIMAL:
            node.set("this", exp.Anonymous(this="round", expressions=[node.this.copy()]))
    elif wanted in exp.DataType.TEXT_TYPES and seen == ZONED:
        return _sql("concat(cast(a as string), '+00')", a=node.this)
    elif wanted in exp.DataType.TEXT_TYPES and seen == DOUBLE:
        return _sql(DOUBLE_AS_TEXT, a=node.this)
    return None


def _epoch(node: exp.Expr, typed: Typed) -> exp.Expr:
    """Seconds since 1970 with their fraction, which Spark's function of that kind cuts off."""
    if typed.must_be_known(node.this) == DATE:
        # not parsed: sqlglot would write it as a DATEDIFF
        days = exp.Anonymous(this="unix_date", expressions=[node.this.copy()])
        return _sql("cast(d * 86400L as double)", d=days)
    return _sql("cast(unix_micros(cast(a as timestamp_ltz)) as double) / 1e6", a=node.this)


def _difference(node: exp.Expr, typed: Typed) -> exp.Expr | None:
    """One day less another is a number of days in DuckDB, and an interval in Spark."""
    if not (typed.of(node.this) == typed.of(node.expression) == DATE):
        return None
    days = {
        name: exp.Anonymous(this="unix_date", expressions=[part.copy()])
        for name, part in (("a", node.this), ("b", node.expression))
    }
    return exp.Paren(this=_sql("cast(a as bigint) - b", **days))


def _qualify(node: exp.Expr, typed: Typed) -> exp.Expr | None:
    """A condition on windows that sqlglot cannot put into a subquery by names: it becomes a column there."""
    assert isinstance(node, exp.Select)
    condition = node.args.get("qualify")
    is_named = all(isinstance(part, exp.Alias | exp.Column | exp.Star) for part in node.selects)
    if condition is None or (is_named and not _has_plain_column(condition)):
        return None
    inner = node.copy()
    inner.set("qualify", None)
    inner.append("expressions", exp.alias_(condition.this.copy(), KEPT))
    outer = exp.select(exp.Star(except_=[exp.to_identifier(KEPT)])).from_(
        exp.Subquery(this=inner, alias=KEPT + "_rows")
    )
    outer.where(exp.column(KEPT), copy=False)
    if inner.args.get("with_"):
        outer.set("with_", inner.args["with_"].pop())
    return outer


def _has_plain_column(condition: exp.Expr) -> bool:
    return any(column.table and column.find_ancestor(exp.Window) is None for column in condition.find_all(exp.Column))


def _zone(node: exp.Expr, typed: Typed) -> exp.Expr:
    """A moment as the clock at a zone shows it, or the moment of such a time, by the type of what is given."""
    seen = typed.must_be_known(node.this)
    zone = node.args["zone"]
    if seen == ZONED:
        return _sql("cast(from_utc_timestamp(a, z) as timestamp_ntz)", a=node.this, z=zone)
    return _sql("to_utc_timestamp(cast(a as timestamp_ltz), z)", a=node.this, z=zone)


def _extreme(function: str) -> Callable[[exp.Expr, Typed], exp.Expr]:
    """`arg_max` leaves out rows whose value is null; Spark's `max_by` gives null for them."""

    def rule(node: exp.Expr, typed: Typed) -> exp.Expr:
        value, by = node.this, node.expression
        return _sql(f"{function}(v, if(v is null, null, b))", v=value, b=by)

    return rule


def _mean(node: exp.Expr, typed: Typed) -> None:
    """The mean of decimals is a double in DuckDB."""
    node.set("this", _double(node.this, typed))


def _table(node: exp.Expr, typed: Typed) -> exp.Expr | None:
    if not isinstance(node, exp.Table) or not node.db:
        return None
    alias = node.alias or node.name
    made = exp.to_table(name_in_spark(f"{node.db}.{node.name}"))
    made.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    if node.args.get("joins"):
        made.set("joins", node.args["joins"])
    return made


RULES: dict[type[exp.Expr], Callable[[exp.Expr, Typed], exp.Expr | None]] = {
    exp.Table: _table,
    exp.Select: _qualify,
    exp.Div: _division,
    exp.Sub: _difference,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.TimeToUnix: _epoch,
    exp.AtTimeZone: _zone,
    exp.ArgMax: _extreme("max_by"),
    exp.ArgMin: _extreme("min_by"),
    exp.Avg: _mean,
    exp.Median: _mean,
}
