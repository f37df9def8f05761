"""What cannot be measured for want of a delivered table or field, from the SQL of the tables: no build is needed.

A field that is not delivered is null, and a table that is not delivered has no rows. Both are followed through each
SELECT: what is null stays null through most expressions, and rows that need a missing row are missing too. Of a table
that a Python function makes, the rows are those of its first parameter, and the function misses what its other inputs
lack. So a loss in a table of a function may be said of the whole table where only part of it is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from sqlglot import exp, parse_one
from sqlglot.optimizer.scope import Scope, traverse_scope

from assets.raw import sources
from pipelines.tables.cards import Card, all_cards
from pipelines.tables.lineage import build_order, named_by, tables_given

Causes = frozenset[str]  # what is not delivered: tables (`outcome`) and fields (`crime.mo_text`); empty for no loss
NOTHING: Causes = frozenset()
# functions of DuckDB that leave nulls out: lost only where all of their arguments are
_LEAVE_OUT_NULLS = (exp.Coalesce, exp.Greatest, exp.Least, exp.ConcatWs, exp.Or)
_NEVER_LOST = (exp.Exists, exp.Literal, exp.Null, exp.Boolean)


@dataclass
class Loss:
    """What one table loses: all of its rows (`rows`), or some of its columns."""

    rows: Causes = NOTHING
    columns: dict[str, Causes] = field(default_factory=dict)

    def of(self, column: str) -> Causes:
        """Why a column is lost; empty if it is not."""
        return self.rows or self.columns.get(column, NOTHING)


def losses(delivered: Mapping[str, Iterable[str]]) -> dict[str, Loss]:
    """Table -> what it loses, for every table that loses something.

    `delivered` is each delivered table of `raw`, without the schema, and its fields that are absent.
    """
    absent = {table: set(fields) for table, fields in delivered.items()}
    found: dict[str, Loss] = {}
    for card in build_order():
        loss = _of_raw(card, absent) if card.schema == "raw" else _of_table(card, found)
        if loss.rows or loss.columns:
            found[card.table] = loss
    return found


def _of_raw(card: Card, absent: Mapping[str, set[str]]) -> Loss:
    if card.name not in sources():
        return Loss()  # the product's own record
    if card.name not in absent:
        return Loss(frozenset({card.name}))
    return Loss(columns={name: frozenset({f"{card.name}.{name}"}) for name in absent[card.name]})


def _of_table(card: Card, found: Mapping[str, Loss]) -> Loss:
    if card.maker is None or card.schema == "reference" or not set(named_by(card)) & found.keys():
        return Loss()
    if card.is_select:
        loss = _of_select(card, found)
        # a method passes the rows of its SELECT on; what it adds is lost with all of them
        return Loss(loss.rows, {c.name: loss.columns[c.name] for c in card.columns if c.name in loss.columns})
    given = list(tables_given(card).values())
    rows = found.get(given[0], Loss()).rows if given else NOTHING
    others = [found[table].rows for table in given[1:] if table in found]
    missing = NOTHING.union(*others) if others else NOTHING
    own = found.get(given[0], Loss()).columns if given else {}
    columns = {c.name: own.get(c.name, missing) for c in card.columns if own.get(c.name, missing)}
    return Loss(rows, columns)


def _of_select(card: Card, found: Mapping[str, Loss]) -> Loss:
    """The losses of a SELECT, scope by scope: a CTE or subquery before what reads it."""
    query, scopes = _scopes(card.code)
    done: dict[int, _Columns] = {}
    for scope in scopes:
        done[id(scope.expression)] = _Query(scope, done, found).result()
    return done[id(query)].loss


@cache  # most of the time of a check; a session that checks several folders pays once
def _scopes(code: str) -> tuple[exp.Expr, tuple[Scope, ...]]:
    """The SELECT of a table and its scopes. Nobody changes them."""
    query = parse_one(code, read="duckdb")
    return query, tuple(traverse_scope(query))


@dataclass(frozen=True)
class _Columns:
    """The columns of a table or query, in order, and what it loses. `places` has the losses in that order.

    Columns of the further parts of a union need no names, so that only their places say which is which.
    """

    names: tuple[str, ...] = ()
    loss: Loss = field(default_factory=Loss)
    places: tuple[Causes, ...] = ()


def _named(columns: list[tuple[str, Causes]], rows: Causes) -> _Columns:
    lost = {name: causes for name, causes in columns if causes}
    return _Columns(tuple(name for name, _ in columns), Loss(rows, lost), tuple(causes for _, causes in columns))


class _Query:
    """The losses of one SELECT or union within a query. `done` has those of the queries that it reads."""

    def __init__(self, scope: Scope, done: Mapping[int, _Columns], found: Mapping[str, Loss]) -> None:
        self.query, self.done, self.found = scope.expression, done, found
        self.aliases: dict[str, exp.Expr] = {}
        self.sources = {name: self._source(source, found) for name, source in scope.sources.items()}
        self.own = tuple(scope.selected_sources)  # the others are of the query around it

    def _source(self, source: exp.Table | Scope, found: Mapping[str, Loss]) -> _Columns:
        if isinstance(source, Scope):
            return self.done.get(id(source.expression), _Columns())
        card = all_cards().get(f"{source.db}.{source.name}")
        return _Columns(tuple(c.name for c in card.columns), found.get(card.table, Loss())) if card else _Columns()

    def result(self) -> _Columns:
        query = self.query
        if isinstance(query, exp.SetOperation):
            return self._union(query)
        if not isinstance(query, exp.Select):
            return _Columns()
        rows = self._missing_rows(query)
        self.aliases = {each.alias: each.this for each in query.expressions if isinstance(each, exp.Alias)}
        columns = [(name, rows or causes) for each in query.expressions for name, causes in self._selected(each)]
        is_one_row = query.args.get("group") is None and any(
            each.find(exp.AggFunc) and not each.find(exp.Window) for each in query.expressions
        )
        return _named(columns, NOTHING if is_one_row else rows)

    def _selected(self, each: exp.Expr) -> Iterator[tuple[str, Causes]]:
        """The columns of one item of the list after SELECT; a star has many."""
        if not each.is_star:
            yield each.alias_or_name, self.why(each)
            return
        table = each.table if isinstance(each, exp.Column) else ""
        star = each.this if isinstance(each, exp.Column) else each
        left_out = {name.name for name in star.args.get("except_") or star.args.get("except") or ()}
        for name in self.own:
            source = self.sources[name]
            if table in ("", name):
                yield from ((column, source.loss.of(column)) for column in source.names if column not in left_out)

    def _side(self, query: exp.Expr) -> _Columns:
        """One side of a union, which may be a union itself."""
        return self._union(query) if isinstance(query, exp.SetOperation) else self.done.get(id(query), _Columns())

    def _union(self, query: exp.SetOperation) -> _Columns:
        left, right = self._side(query.left.unnest()), self._side(query.right.unnest())
        if isinstance(query, exp.Except):
            return left
        rows = _all([left.loss.rows, right.loss.rows])
        both = map(_all, zip(left.places, right.places, strict=False))
        return _named(list(zip(left.names, both, strict=False)), rows)

    def _missing_rows(self, query: exp.Select) -> Causes:
        """Why the SELECT has no row: a table that it starts from, or a condition that can never be met."""
        start = query.args.get("from_")
        if start is None:
            return NOTHING
        rows = self.sources.get(start.this.alias_or_name, _Columns()).loss.rows
        for join in query.args.get("joins") or ():
            name = join.this.alias_or_name
            source = self.sources.get(name, _Columns())
            never = source.loss.rows or self._unmet(join.args.get("on"))
            if join.side == "FULL":
                rows = _all([rows, source.loss.rows])
            elif join.side == "LEFT" or join.kind == "ANTI":
                self.sources[name] = _Columns(source.names, Loss(never)) if never else source
            else:
                rows = rows | never
        where = query.args.get("where")
        return rows or (self._unmet(where.this) if where is not None else NOTHING)

    def _unmet(self, condition: exp.Expr | None) -> Causes:
        """Why a condition is never true: one of its parts is always null."""
        if condition is None:
            return NOTHING
        parts = condition.flatten() if isinstance(condition, exp.And) else [condition]
        return next(filter(None, map(self._never_true, parts)), NOTHING)

    def _never_true(self, part: exp.Expr) -> Causes:
        if isinstance(part, exp.EQ) and part.this.name == "source" and part.expression.is_string:
            # of core.current_periods, which says what is delivered
            return self.found.get(f"raw.{part.expression.name}", Loss()).rows
        if isinstance(part, exp.Not) and isinstance(part.this, exp.Is):
            return self.why(part.this.this)  # x is not null
        return NOTHING if part.find(exp.Is, exp.Coalesce) else self.why(part)

    def why(self, node: exp.Expr) -> Causes:
        """Why an expression is null for want of a delivery; empty if it need not be."""
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, _NEVER_LOST) or (isinstance(node, exp.In) and node.args.get("query")):
            return NOTHING
        if isinstance(node, exp.Subquery | exp.Select):
            inner = self.done.get(id(node.unnest()), _Columns()).loss
            return inner.rows or next(iter(inner.columns.values()), NOTHING)
        if isinstance(node, exp.Case):
            return self._case(node)
        if isinstance(node, exp.Window):
            return self.why(node.this)
        children = [child for child in node.iter_expressions() if not isinstance(child, exp.Literal)]
        if isinstance(node, _LEAVE_OUT_NULLS):
            return _all(self.why(child) for child in children)
        return NOTHING.union(*map(self.why, children))

    def _column(self, node: exp.Column) -> Causes:
        if node.table:
            return self.sources.get(node.table, _Columns()).loss.of(node.name)
        for source in (self.sources[name] for name in self.own):
            if node.name in source.names:
                return source.loss.of(node.name)
        meant = self.aliases.pop(node.name, None)  # DuckDB lets a SELECT use its own columns
        return self.why(meant) if meant is not None else NOTHING

    def _case(self, node: exp.Case) -> Causes:
        """A CASE of which every value that it can give is null."""
        subject, default = node.this, node.args.get("default")
        possible, unmet = [] if default is None else [default], NOTHING
        for branch in node.args["ifs"]:
            causes = self._unmet(subject if subject is not None else branch.this)
            unmet |= causes
            possible += [] if causes else [branch.args["true"]]
        known = [value for value in possible if not isinstance(value, exp.Null)]
        return _all(map(self.why, known)) if known else unmet


def _all(causes: Iterable[Causes]) -> Causes:
    """The union, if each of them is a loss."""
    found = list(causes)
    return NOTHING.union(*found) if found and all(found) else NOTHING


def fields_lacking(needs: Iterable[str], delivered: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Those of the fields that a rule needs that are not delivered, alone or with their table."""
    for need in needs:
        table, _, name = need.partition(".")
        if table not in delivered or name in set(delivered[table]):
            yield need
