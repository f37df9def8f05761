"""Dates and moments as record systems write them, brought to ISO form.

ISO, 19/01/2026, 19-Jan-2026 and 20260119 are read, each with or without a time, seconds, AM or PM, or an offset. So are
a spreadsheet's day numbers, if a column has nothing else. All values of a column settle whether the day or the month
comes first. If they do not, the file is refused and the mapping asked: an order is never guessed. Years of two digits
are read, as 1970 to 2069, where the mapping says so; a month of birth never is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from assets.readers.extract.columns import LINES_A_GROUP
from assets.readers.extract.formats import DAY_NUMBER
from assets.readers.source import BrokenFile
from assets.readers.sql import literal

DAY_FIRST, MONTH_FIRST = "DD/MM/YYYY", "MM/DD/YYYY"
SHORT_YEARS = {"DD/MM/YY": DAY_FIRST, "MM/DD/YY": MONTH_FIRST}
ORDERS = (DAY_FIRST, MONTH_FIRST, *SHORT_YEARS)
KINDS = ("ts", "date", "month")
PRIVATE = "month"  # a month of birth: no example is shown
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?:(?:[ T]+|, ?)(\d{1,2}):(\d\d)(?::(\d\d))?(?:[.]\d+)? ?([AaPp][Mm])?)?( ?(?:Z|z|[+-]\d\d:?\d\d))?$"
_NUMBERS = rf"^(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}){_TIME}"
_NAMED = rf"^(\d{{1,2}})[ -]((?i){'|'.join(_MONTHS)})[a-z]*[ -](\d{{4}}){_TIME}"
_YEAR_FIRST = rf"^(\d{{4}})[/.-](\d{{1,2}})[/.-](\d{{1,2}}){_TIME}"
_TOGETHER = rf"^(\d{{4}})(\d\d)(\d\d){_TIME}"
_ISO = r"^\d{4}-\d\d(-\d\d|$)"


@dataclass(frozen=True)
class Column:
    """A column of dates: our field, its kind, and what the file calls it."""

    name: str
    kind: str
    label: str

    @property
    def given(self) -> str:
        """SQL of the delivered value."""
        return f'"given {self.name}"'


@dataclass(frozen=True)
class Iso:
    """SQL of a date in ISO form, `text`, over its `parts`, which become the column `parts NAME`."""

    parts: str
    text: str


def in_iso(con: duckdb.DuckDBPyConnection, columns: Iterable[Column], said: str) -> dict[str, Iso]:
    """Field -> its value in ISO form, for columns of the table `given` that have another form.

    A value that is no date stays as it is. `said` is the order that the mapping gives, '' if none. Raises BrokenFile if
    the order of day and month is not settled.
    """
    columns = list(columns)
    if not columns:
        return {}
    counts = ", ".join(f"count(*) filter (not regexp_matches({c.given}, '{_ISO}'))" for c in columns)
    (other,) = con.execute(f"select {counts} from given").fetchall()
    return {c.name: _form(con, c, said) for c, count in zip(columns, other, strict=True) if count}


def _form(con: duckdb.DuckDBPyConnection, column: Column, said: str) -> Iso:
    """The ISO form of a column. Raises BrokenFile."""
    value, parts = column.given, f'"parts {column.name}"'
    if _all_serials(con, column):
        seconds = f"cast(round(cast({value} as double) * 86400) as bigint)"
        return Iso("null", f"strftime(timestamp '1899-12-30' + to_seconds({seconds}), '%Y-%m-%d %H:%M:%S')")
    numbers, named = _NUMBERS, _NAMED
    if said in SHORT_YEARS and column.kind != PRIVATE:
        numbers, named = (form.replace(r"(\d{4})", r"(\d{4}|\d\d)") for form in (_NUMBERS, _NAMED))
    is_day_first = _order(con, column, SHORT_YEARS.get(said, said), numbers) == DAY_FIRST
    forms = (
        (numbers, ("day", "month", "year") if is_day_first else ("month", "day", "year")),
        (named, ("day", "month", "year")),
        (_YEAR_FIRST, ("year", "month", "day")), (_TOGETHER, ("year", "month", "day")),
    )  # fmt: skip
    cases = " ".join(f"when regexp_matches({value}, '{form}') then {_parts(value, form, *n)}" for form, n in forms)
    return Iso(
        f"case when regexp_matches({value}, '{_ISO}') then null {cases} end",
        f"case when {parts} is not null then {_iso(parts)}"
        rf" when regexp_matches({value}, '^\d{{1,2}}/\d{{4}}$') then right({value}, 4) || '-' ||"
        f" lpad(split_part({value}, '/', 1), 2, '0')"
        rf" when regexp_matches({value}, '^(19|20)\d\d(0[1-9]|1[0-2])$') then {value}[:4] || '-' || {value}[5:]"
        f" else {value} end",
    )


def _parts(value: str, form: str, *names: str) -> str:
    """SQL of the parts of a date. `names` are those of the first three groups of the form."""
    listed = ", ".join(map(literal, (*names, "hour", "minute", "second", "half", "zone")))
    return f"regexp_extract({value}, '{form}', [{listed}])"


def _iso(parts: str) -> str:
    """SQL of YYYY-MM-DD, with the time behind it if one was given."""
    names = ", ".join(map(literal, _MONTHS))
    month = f"coalesce(cast(list_position([{names}], lower({parts}.month)) as varchar), {parts}.month)"
    hour = (
        f"case when {parts}.half = '' then cast({parts}.hour as integer) else cast({parts}.hour as integer) % 12"
        f" + case when lower({parts}.half) = 'pm' then 12 else 0 end end"
    )
    century = f"case when length({parts}.year) > 2 then '' when {parts}.year < '70' then '20' else '19' end"
    date = f"{century} || {parts}.year || '-' || lpad({month}, 2, '0') || '-' || lpad({parts}.day, 2, '0')"
    time = (
        f"' ' || lpad(cast({hour} as varchar), 2, '0') || ':' || {parts}.minute || ':'"
        f" || case when {parts}.second = '' then '00' else {parts}.second end || {parts}.zone"
    )
    return f"{date} || case when {parts}.hour = '' then '' else {time} end"


def shown_order(value: str) -> str | None:
    """The order of day and month that a day above the 12th shows; '' of a day that may be either, None of no day."""
    if (found := re.match(_NUMBERS, value)) is None:
        return None
    one, two = map(int, found.groups()[:2])
    return DAY_FIRST if two <= 12 < one else MONTH_FIRST if one <= 12 < two else ""


def _all_serials(con: duckdb.DuckDBPyConnection, column: Column) -> bool:
    query = f"select count({column.given}), count(*) filter (regexp_matches({column.given}, '{DAY_NUMBER}')) from given"
    (counts,) = con.execute(query).fetchall()
    return bool(counts[0] and counts[0] == counts[1])


def _order(con: duckdb.DuckDBPyConnection, column: Column, said: str, form: str) -> str:
    """The order of day and month that all values of a column have, else the one that the mapping gives."""
    day_first, month_first = "one > 12 and two <= 12", "two > 12 and one <= 12"
    either = "one <= 12 and two <= 12 and one <> two"
    parts = _parts(column.given, form, "one", "two", "year")
    numbers = "*, try_cast(parts.one as integer) as one, try_cast(parts.two as integer) as two"
    ((days, months, unclear, *examples),) = con.execute(
        f"select count(*) filter ({day_first}), count(*) filter ({month_first}), count(*) filter ({either}),"
        + ", ".join(
            f" arg_min('line ' || (line_number % {LINES_A_GROUP}) || ': ' || {column.given}, line_number, 3)"
            f" filter ({which})"
            for which in (day_first, month_first, either)
        )
        + f" from (select {numbers} from (select *, {parts} as parts from given))"
    ).fetchall()
    shown = ["" if column.kind == PRIVATE or not found else f" ({', '.join(found)})" for found in examples]
    if days and months:
        raise BrokenFile(
            f"column {column.label!r}",
            f"the day first in {days:,} values{shown[0]} and the month first in {months:,}{shown[1]}",
            "one order of day and month", "Correct the column, or deliver its dates as YYYY-MM-DD.",
        )  # fmt: skip
    settled = DAY_FIRST if days else MONTH_FIRST if months else ""
    if settled and said and settled != said:
        raise BrokenFile(
            f"column {column.label!r}", f"dates as {settled}{shown[0] if days else shown[1]}",
            f"{said}, as mapping.toml, [extract] dates, says", "Correct the mapping, or the column.",
        )  # fmt: skip
    if not settled and not said and unclear:
        raise BrokenFile(
            f"column {column.label!r}",
            f"{unclear:,} dates of which none shows whether the day or the month comes first{shown[2]}",
            "dates of one order, known from the values or from mapping.toml",
            f'Say the order in mapping.toml, [extract]: dates = "{DAY_FIRST}" (or "{MONTH_FIRST}").',
        )  # fmt: skip
    return settled or said or DAY_FIRST


def labels_of(fields: Mapping[str, str], wanted: Mapping[str, str]) -> list[Column]:
    """The columns of dates of a table: `fields` with their kinds, `wanted` with their columns in the file."""
    kinds = {name: kind.removesuffix("?") for name, kind in fields.items()}
    return [Column(name, kind, wanted[name]) for name, kind in kinds.items() if kind in KINDS]
