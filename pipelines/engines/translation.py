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

from pipelines.tables.cards import Card
from pipelines.tables.column_lineage import types_read, with_columns_named
from pipelines.tables.sql import select_of

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
    tree = with_columns_named(sqlglot.parse_one(query, read="duckdb"), read)
    for function in tree.find_all(exp.Anonymous):
        words = function.sql("duckdb")
        raise NotTranslated(f"{table}: what {words} is in Spark is not known. Say it by functions that sqlglot knows.")
    typed = typed_of(table, tree, read)
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


def typed_of(table: str, tree: exp.Expr, read: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Typed:
    """The types of the parts of a query. Its nodes are numbered; types are worked out on a copy."""
    for number, node in enumerate(tree.walk()):
        node.meta[NUMBER] = number
    known = qualify(tree.copy(), schema=dict(read), dialect="duckdb", validate_qualify_columns=False)
    known = annotate_types(known, schema=dict(read), dialect="duckdb")
    found: dict[int, exp.DataType] = {}
    for node in known.walk():
        if NUMBER in node.meta and node.type is not None and node.type.this != UNKNOWN:
            found.setdefault(node.meta[NUMBER], node.type)
    return Typed(table, found)


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
    infinity = "double(if(cast(b as string) = '-0.0', '-Infinity', 'Infinity'))"
    guarded = _sql(f"if(b = 0, a * {infinity}, c)", a=above, b=below)
    guarded.set("false", plain)
    return guarded


# Spark writes 1.0E-6 and 1.0E7: large and small numbers go through decimals, those with an exponent are put together
DOUBLE_AS_TEXT = """
element_at(transform(array(a), x -> case
    when isnan(x) then 'nan'
    when abs(x) = double('Infinity') then if(x < 0, '-inf', 'inf')
    when x is null or x = 0 or (abs(x) >= 0.001 and abs(x) < 10000000) then cast(x as string)
    when abs(x) >= 0.0001 and abs(x) < 1e16
        then regexp_replace(regexp_replace(cast(cast(x as decimal(38, 21)) as string), '0+$', ''), '[.]$', '.0')
    else regexp_replace(
        regexp_replace(replace(replace(cast(x as string), '.0E', 'E'), 'E', 'e'), 'e([0-9])', 'e+$1'),
        'e([+]|-)([0-9])$', 'e$10$2'
    )
end), 1)
"""
# without what DuckDB does not read, and Spark would, and with what Spark would not read
TEXT_AS_DOUBLE = "regexp_replace(regexp_replace(a, '(?<=[0-9])_(?=[0-9])', ''), '(?<=[0-9.])[dDfF]', '?')"
TEXT_AS_WHOLE = "coalesce(try_cast(a as bigint), round(cast(b as decimal(38, 18))))"
SPACES = "".join(map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))


def _as_text(node: exp.Expr, typed: Typed) -> exp.Expr | None:
    """A double as text, as DuckDB writes it; also where it is only put beside a text."""
    for part in list(node.iter_expressions()):
        if typed.of(part) == DOUBLE:
            part.replace(_sql(DOUBLE_AS_TEXT, a=part))
    return None


def _cast(node: exp.Expr, typed: Typed) -> exp.Expr | None:
    """A cast to a whole number rounds in DuckDB, doubles to the even, decimals and texts away from zero. Spark cuts off
    or fails."""
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
        elif seen in exp.DataType.TEXT_TYPES:
            words = TEXT_AS_WHOLE if type(node) is exp.Cast else TEXT_AS_WHOLE.replace("(cast(", "(try_cast(")
            node.set("this", _sql(words, a=node.this, b=_sql(TEXT_AS_DOUBLE, a=node.this)))
    elif wanted == DOUBLE and seen in exp.DataType.TEXT_TYPES:
        node.set("this", _sql(TEXT_AS_DOUBLE, a=node.this))
    elif wanted in (DATE, ZONED, *LOCAL) and seen in exp.DataType.TEXT_TYPES:
        node.set("this", _sql("regexp_replace(a, '^( *[0-9]+)/([0-9]+)/', '$1-$2-')", a=node.this))
    elif wanted in exp.DataType.TEXT_TYPES and seen == ZONED:
        return _sql("concat(cast(a as string), '+00')", a=node.this)
    elif wanted in exp.DataType.TEXT_TYPES:
        return _as_text(node, typed)
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
    # of an hour that comes twice, DuckDB means the second
    moment = _sql("to_utc_timestamp(cast(a as timestamp_ltz), z)", a=node.this, z=zone)
    later = "u + interval 1 hour"
    again = f"if(from_utc_timestamp({later}, z) = cast(a as timestamp_ltz), {later}, u)"
    return _sql(again, a=node.this, z=zone, u=moment)


def _put(words: str, kind: DType | None = None) -> Callable[[exp.Expr, Typed], exp.Expr | None]:
    """A rule: these words of Spark's, with the operands as a and b and digits as d, where the first has this type."""

    def rule(node: exp.Expr, typed: Typed) -> exp.Expr | None:
        if kind is not None and typed.of(node.this) != kind:
            return None
        parts = {"a": node.this, "b": node.args.get("expression"), "d": node.args.get("decimals")}
        return _sql(words, **{name: part for name, part in parts.items() if part is not None})

    return rule


def _extreme(function: str) -> Callable[[exp.Expr, Typed], exp.Expr]:
    """Rows whose value is null are left out. A null beside other values that decide is the largest, in Spark the
    smallest."""

    def rule(node: exp.Expr, typed: Typed) -> exp.Expr:
        by = node.expression.unnest()
        if isinstance(by, exp.Struct | exp.Tuple):
            parts = [part.expression if isinstance(part, exp.PropertyEQ) else part for part in by.expressions]
            by = exp.Anonymous(
                this="struct", expressions=[each for p in parts for each in (p.is_(exp.null()), p.copy())]
            )
        return _sql(f"{function}(a, if(a is null, null, b))", a=node.this, b=by)

    return rule


def _series(node: exp.Expr, typed: Typed) -> exp.Expr:
    """A series whose end is before its start is empty in DuckDB. Spark would count down, or fail."""
    return _sql("if(a > b, array(), s)", a=node.args["start"], b=node.args["end"], s=node)


# rounded by the number that the double is, not by its shortest digits: 0.15 is below the half. What a product with a
# power of ten loses is worked out as Dekker does (1971)
ROUNDED = """
element_at(transform(transform(array(a), x -> struct(
    x as x, abs(x) * power(10, d) as p, abs(x) * 134217729 - (abs(x) * 134217729 - abs(x)) as h
)), r -> if(
    r.p < 1e15, sign(r.x) * (floor(r.p) + if(
        r.p - floor(r.p) > 0.5
        or (r.p - floor(r.p) = 0.5 and (r.h * power(10, d) - r.p) + (abs(r.x) - r.h) * power(10, d) >= 0), 1, 0
    )) / power(10, d), r.x
)), 1)
"""


def _like(node: exp.Expr, typed: Typed) -> None:
    """A backslash means itself in a pattern of DuckDB's."""
    node.set("expression", _sql(r"replace(b, '\\', '\\\\')", b=node.expression))


def _substring(node: exp.Expr, typed: Typed) -> None:
    """Spark takes no place or length beyond its integers."""
    for key in ("start", "length"):
        part = node.args.get(key)
        if part is not None and not isinstance(part.unnest(), exp.Literal):
            node.set(key, _sql("if(a is null, null, int(least(greatest(a, -2147483648), 2147483647)))", a=part))


def _table(node: exp.Expr, typed: Typed) -> exp.Expr | None:
    if not isinstance(node, exp.Table) or not node.db:
        return None
    alias = node.alias or node.name
    made = exp.to_table(name_in_spark(f"{node.db}.{node.name}"))
    made.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    for part in ("joins", "pivots"):
        if node.args.get(part):
            made.set(part, node.args[part])
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
    exp.GenerateSeries: _series,
    exp.DPipe: _as_text,
    exp.Concat: _as_text,
    exp.ConcatWs: _as_text,
    exp.Substring: _substring,
    exp.Round: lambda node, typed: _put(ROUNDED, DOUBLE)(node, typed) if node.args.get("decimals") else None,
    exp.Like: _like,
    exp.Trim: _put(f"trim(both '{SPACES}' from a)"),  # every kind of space
    # the floor of a double is a double, also of one that no whole number of Spark's can hold
    exp.Ceil: _put("if(abs(a) < 1e15, cast(ceil(a) as double), a)", DOUBLE),
    exp.Floor: _put("if(abs(a) < 1e15, cast(floor(a) as double), a)", DOUBLE),
    # one letter stays one letter
    exp.Lower: _put("lower(replace(a, 'İ', 'i'))"),
    exp.Upper: _put("upper(replace(a, 'ß', 'ẞ'))"),
    exp.ArgMax: _extreme("max_by"),
    exp.ArgMin: _extreme("min_by"),
    # the mean of decimals is a double
    exp.Avg: _put("avg(cast(a as double))"),
    exp.Median: _put("median(cast(a as double))"),
}
