"""Published measures in Python: `import stra`, for notebooks.

    figures = stra.open("/srv/stra/home", role="analyst")
    figures.measures()
    charged = figures.measure("charged_365", by="district", period="quarter", where={"breakdown_value": "District 2"})
    charged.caveats, charged.definition, charged.provenance

It reads the published copy of one audience and nothing else. So it has what the pages show, without a row of a person.
Every value has its denominator, its interval and its caveats beside it. Small numbers are hidden as on pages, but from
an analyst who owns the home. File rights alone protect a home or copy: who may read the files may read every figure.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl
from polars import selectors

from dashboards.data import measure_rows
from dashboards.data.extract import INVENTED_FORCE
from dashboards.data.home_state import in_use_again
from dashboards.data.published import AUDIENCES, Copy, Missing, open_copy, open_folder
from dashboards.data.scope import FIGURES, Scope
from dashboards.data.settings import read_small_numbers
from dashboards.parts.provenance import Delivery, deliveries_of, upstream_of
from dashboards.server.roles import ROLES, is_of_units
from dashboards.text import breakdowns

__all__ = ["BREAKDOWNS", "PERIODS", "Figures", "Frame", "Missing", "Provenance", "open"]

BREAKDOWNS = tuple(breakdowns.BREAKDOWNS)
PERIODS = ("month", "quarter", "financial_year", "rolling_12", "to_date")
FEWER_PERIODS = dict.fromkeys(breakdowns.FINE, ("quarter", "financial_year", "to_date")) | dict.fromkeys(
    breakdowns.BY_TIME, PERIODS[1:]
)
MEASURES, VALUES, VERDICTS = "reference.measures", "metrics.measure_values", "metrics.measure_verdicts"
RELEASED = "metrics.released_measures"  # in place of the values, for commissioners: after disclosure control

Value: TypeAlias = Any  # of a column: a text, a number, a date or a truth value
Where: TypeAlias = Mapping[str, Value | Sequence[Value]] | pl.Expr | None


@dataclass(frozen=True)
class Provenance:
    """Where the figures of a frame come from.

    `table` was made by `made_by`, a file of the product whose content had the hash `code_hash`. It rests on the tables
    `upstream` and, at the end of the chain, on the delivered files `deliveries`. `manifest_sha256` fixes every table of
    this publication.
    """

    table: str
    made_by: str
    code_hash: str
    sql: str
    upstream: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    run_ref: str
    published_at: str
    as_of: str
    manifest_sha256: str


class Frame(pl.DataFrame):
    """A polars frame with what belongs to its figures.

    What is worked out of it, by a filter for example, is a plain frame.
    """

    definition: str = ""
    caveats: tuple[str, ...] = ()
    provenance: Provenance | None = None


def open(  # noqa: A001  the name of the contract
    home_or_copy: str | Path, role: str = "analyst"
) -> Figures:
    """The published figures of a home, or of one published copy, as a role may see them.

    `role` is that of an account (analyst, senior_leader, commissioner and others), or an audience. A copy is a folder
    with a manifest.json. Small numbers are hidden as on the pages, unless the folder's owner opens it as analyst.
    Raises Missing where nothing is published, or the role may open no figure of it. Raises ValueError for a role that
    does not exist.
    """
    folder = Path(home_or_copy)
    may_open = _audiences_of(role)
    is_exact = role == "analyst" and folder.exists() and folder.stat().st_uid == os.getuid()
    if (folder / "manifest.json").is_file():
        copy = open_folder(folder, Scope(frozenset({FIGURES}), asked_as=role))
        if copy.audience not in may_open:
            raise Missing("denied", f"This copy is for {copy.audience}: the role {role} may open {_listed(may_open)}.")
        return Figures(copy, is_exact)
    return Figures(open_copy(folder, may_open[0], Scope(frozenset({FIGURES}), asked_as=role)), is_exact)


def _audiences_of(role: str) -> tuple[str, ...]:
    """The audiences whose figures a role may open, the first of which is its own."""
    if role in AUDIENCES:
        return (role,)
    if role not in ROLES:
        raise ValueError(f"role: expected {_listed([*ROLES, *AUDIENCES])}; saw {role!r}{_nearest(role, ROLES)}")
    # a supervisor reads the records to correct of some units, on a page that knows the account's units
    found = tuple(audience for audience, kinds in ROLES[role].items() if FIGURES in kinds and not is_of_units([role]))
    if not found:
        raise Missing("denied", f"The role {role} may open no figure.")
    return found


@dataclass(frozen=True)
class Figures:
    """The published figures of one audience; `is_exact` where small numbers are not hidden."""

    copy: Copy
    is_exact: bool = False

    @property
    def audience(self) -> str:
        """The audience whose copy is read."""
        return self.copy.audience

    @property
    def forces(self) -> dict[str, str]:
        """Force code -> name, of each force of the extract with figures of its own."""
        return dict(self.copy.forces)

    @property
    def is_invented(self) -> bool:
        """Whether a force of the extract is invented: then no figure is of a real force."""
        return any("invented" in name.lower() for name in self.forces.values())

    def measures(self) -> Frame:
        """One row a measure: code, name, definition, unit, direction, subject, owner, authority. Raises Missing."""
        rows = self.copy.select(MEASURES, order_by="subject, measure_code")
        is_ours = pl.col("audiences").str.contains(self.audience, literal=True)
        return self._framed(MEASURES, rows.filter(is_ours), "")

    def measure(self, code: str, by: str | None = None, period: str = "month", where: Where = None) -> Frame:
        """The values of one measure: a row for each force, period and part of the breakdown.

        `by` is one of BREAKDOWNS, and None is the whole force. `period` is one of PERIODS. `where` keeps rows: column
        -> value or values, or a polars expression. Columns are those of metrics.measure_values: among them numerator,
        denominator, value, lower and upper (95%), and is_whole, which is False where the extract does not cover the
        whole period. A count has no denominator. Wards have no months, no years to each month and no medians. Weekday
        and hour of the offence are of counts of recorded crimes, and have no months. Else an empty frame means that
        nothing was due, or that no part has enough cases for a share in any period. Raises ValueError for a name that
        does not exist, and Missing where the measure cannot be shown.

        Where the small-number rule hides a figure, `is_hidden` is true and its numbers are null. `hidden_words` is what
        may be said of the whole force: fewer than 5.

        Commissioners have quarters, of the whole force, by district and by domestic abuse, as released: rounded, and
        null where a count is suppressed. Columns are those of metrics.released_measures.
        """
        definition = self._definition(code)
        _check("by", by or "none", BREAKDOWNS)
        _check("period", period, FEWER_PERIODS.get(by or "none", PERIODS))
        table = RELEASED if self.audience == "commissioning" else VALUES
        found = self.copy.select(
            table,
            where="measure_code = $code and period_type = $period and breakdown = $by",
            order_by="force_code, period_start, breakdown_value",
            code=code, period=period, by=by or "none",
        )  # fmt: skip
        if table == VALUES and not self.is_exact:
            found = _without_hidden(self._marked(found))
        return self._framed(table, found.filter(_condition(where, found.schema)), definition)

    def verdicts(self, code: str) -> Frame:
        """Whether the latest point of a measure is a signal, and what was expected. Raises as `measure` does."""
        definition = self._definition(code)
        order = "force_code, breakdown, breakdown_value, period_type"
        found = self.copy.select(VERDICTS, where="measure_code = $code", order_by=order, code=code)
        return self._framed(VERDICTS, found if self.is_exact else self._shown_verdicts(found, code), definition)

    def _shown_verdicts(self, verdicts: pl.DataFrame, code: str) -> pl.DataFrame:
        """The verdicts, without numbers where the value of the month, or of a year before, is hidden or unknown."""
        months = self.copy.select(
            VALUES, where="measure_code = $code and period_type = 'month'", may_be_empty=True, code=code
        )
        part = ["force_code", "breakdown", "breakdown_value"]
        marked = self._marked(months).select(*part, "is_hidden", month="period_start")
        found = verdicts.with_columns(before=pl.col("latest_period").dt.offset_by("-1y"))
        found = found.join(marked, left_on=[*part, "latest_period"], right_on=[*part, "month"], how="left")
        found = found.join(marked, left_on=[*part, "before"], right_on=[*part, "month"], how="left", suffix="_before")
        is_hidden = pl.col("is_hidden").fill_null(value=True) | pl.col("is_hidden_before").fill_null(value=False)
        return _without_hidden(found.select(*verdicts.columns, is_hidden=is_hidden).sort(verdicts.columns[:4]))

    def _marked(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of measure values, every part of them, with `is_hidden` and `hidden_words` as the pages have them."""
        rule = read_small_numbers(self.copy)
        forces = rows.partition_by("force_code", maintain_order=True) or [rows]
        of_force = pl.col("force_code").fill_null(strategy="backward").fill_null(strategy="forward")
        return pl.concat(measure_rows.marked(of_one, rule).with_columns(of_force) for of_one in forces)

    def _definition(self, code: str) -> str:
        known = dict(self.measures().select("measure_code", "definition").iter_rows())
        _check("code", code, known)
        return str(known[code])

    def _framed(self, table: str, rows: pl.DataFrame, definition: str) -> Frame:
        framed = Frame(rows)
        invented = (INVENTED_FORCE,) if self.is_invented else ()
        again = in_use_again(self.copy.manifest)
        framed.caveats = (*([again] if again else []), *invented, *self.copy.caveats(table))
        framed.definition = definition
        framed.provenance = self._provenance(table)
        return framed

    def _provenance(self, table: str) -> Provenance:
        tables, manifest = self.copy.provenance(), self.copy.manifest
        entry = tables.get(table, {})
        return Provenance(
            table=table,
            made_by=str(entry.get("file", "")),
            code_hash=str(entry.get("code_hash", "")),
            sql=str(entry.get("text", "")) if entry.get("kind") == "sql" else "",
            upstream=tuple(upstream_of(tables, [table])),
            deliveries=tuple(deliveries_of(self.copy, tables, [table])),
            run_ref=str(manifest.get("run_ref", "")),
            published_at=str(manifest.get("published_at", "")),
            as_of=str(manifest.get("as_of") or ""),
            manifest_sha256=self.copy.manifest_sha256(),
        )


def _without_hidden(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, without the numbers of those that are hidden."""
    return rows.with_columns(pl.when(~pl.col("is_hidden")).then(selectors.numeric()).name.keep())


def _condition(where: Where, schema: pl.Schema) -> pl.Expr:
    """The rows to keep, as one expression. A day may be written as text: 2025-10-01."""
    if isinstance(where, pl.Expr):
        return where
    kept = pl.lit(True)
    for column, wanted in (where or {}).items():
        _check("where", column, schema)
        values = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)
        try:
            given = pl.Series(values)
            is_day = given.dtype == pl.String and schema[column] == pl.Date
            of_column = given.str.to_date() if is_day else given
            kept = kept & pl.col(column).is_in(of_column.cast(schema[column]).implode())
        except pl.exceptions.PolarsError as error:
            raise ValueError(f"where: {column} holds {schema[column]}; saw {wanted!r}") from error
    return kept


def _check(name: str, seen: str, expected: Iterable[str]) -> None:
    """Raise ValueError unless the name is one of those expected."""
    names = list(expected)
    if seen not in names:
        listed = _listed(names) if len(names) <= 20 else f"one of the {len(names)} that measures() lists"
        raise ValueError(f"{name}: expected {listed}; saw {seen!r}{_nearest(seen, names)}")


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _nearest(seen: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(seen, list(names), n=1)
    return f". Did you mean {near[0]!r}?" if near else ""
