"""Rows of the extract as text in standard form: loaded rows, quarantined rows, and notices.

No message may disclose anything about a person. Quarantine, notices and logs show a value only where it can hardly be
personal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assets.readers.extract import keys
from assets.readers.extract.columns import LINES_A_GROUP
from assets.readers.extract.dates import Column, in_iso
from assets.readers.extract.values import Value, settle_commas, trimmed
from assets.readers.source import QuarantinedRow, Reading
from assets.readers.sql import literal

PRIVATE_KINDS = ("free", "month")  # free text, and a month of birth
_SHORT = 40  # characters; a longer value is a text
_LABEL_KINDS = ("outcome", "class")  # of which labels may be delivered, which have to be seen
_LABEL = 100  # the same for labels
_WORD = re.compile(r"[^\W\d_]{4}")  # not in codes, dates and numbers, but in names
_RARE = 5  # a value in fewer rows may be about one person
FIRST_LINE = "{first line}"  # in the words for a repeated key: the line that has it already
_LISTED = 20  # values of one field that are named
# signs without a shape, of no width or that turn the direction of writing; and alphabets with letters like A, C or O
_ODD = r"[\p{Cf}\p{Cyrillic}\p{Greek}\p{Armenian}\p{Cherokee}\x{FF01}-\x{FF5E}]"
_PARQUET = "format parquet, compression zstd, compression_level 1, parquet_version v2"


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be used: the field, its kind, the condition in SQL and the words."""

    name: str
    kind: str
    condition: str
    reason: str


def write(
    con: duckdb.DuckDBPyConnection,
    values: Mapping[str, Value],
    out: Path,
    reading: Reading,
    columns: Iterable[Column] = (),
    order: str = "",
    needed: Sequence[Sequence[str]] = (),
    identity: Sequence[str] | None = None,
    is_continental: bool = False,
) -> None:
    """Write the usable rows of the table `text` to `out`; the others go to quarantine with the first reason.

    `columns` are those of dates, and `order` is that of day and month, if the mapping gives one. A row needs a value in
    one field of each group of `needed`. Raises BrokenFile if a column of dates is of no one order.

    With `identity`, the rows are parts of wider rows: those that agree in these fields are one row, which has the
    values of all of them. A row that contradicts an earlier one is set aside. Without a value in one of these fields,
    or if there are none, only equal rows are one. `is_continental`: see `settle_commas`.
    """
    cells = ", ".join(f'{trimmed(name)} as "{name}"' for name in values)
    words = ", ".join(f'{value.is_word} as "word {name}"' for name, value in values.items())
    given = ", ".join(f'{value.text} as "given {name}", "word {name}"' for name, value in values.items())
    con.execute(
        f"create temp table given as select delivery_ref, line_number, {given}"
        f" from (select *, {words} from (select delivery_ref, line_number, {cells} from text))"
    )
    con.execute("drop table text")  # a large table is in memory no longer than it is needed
    nothing = _words_for_nothing(con, list(values))
    if dates := in_iso(con, columns, order):
        parts = ", ".join(f'{form.parts} as "parts {name}"' for name, form in dates.items())
        texts = ", ".join(f'{form.text} as "given {name}"' for name, form in dates.items())
        names = ", ".join(f'"parts {name}"' for name in dates)
        con.execute(
            f"create or replace temp table given as select * exclude ({names}) replace ({texts})"
            f" from (select *, {parts} from given)"
        )
    commas = settle_commas(con, values.values(), "given", is_continental)
    values = {name: value.prepare(con, "given") for name, value in values.items()}
    faulty = [value for value in values.values() if value.is_unusable and not value.is_optional]
    found = [Fault(value.name, value.kind, value.is_unusable, value.reason) for value in faulty]
    # of a row with several faults the first is kept: that of the outcome, because STR-06 lists every such value
    found.sort(key=lambda fault: fault.kind != "outcome")
    found += [_lacking(group, values) for group in needed] if identity is None else []
    _form(con, values, found)
    key = next((name for name, value in values.items() if value.kind == "key"), None)
    if key is not None and identity is None:
        found.append(_set_repeats_apart(con, key, len(found)))
    is_faulty = con.execute("select count(fault) from formed").fetchone() != (0,)
    aside = _set_aside(con, list(values.values()), found) if is_faulty else []
    reading.unread = _unread(con, values)
    con.execute("drop table given")
    if identity is None:
        con.execute(
            "copy (select * exclude (fault, first_line, is_unread) from formed where fault is null"
            f" order by line_number) to {literal(out)} ({_PARQUET})"
        )
    else:
        _write_merged(con, values, identity, needed, out, reading)
    reading.quarantined += aside
    reading.quarantined.sort(key=lambda row: (row.line_number, row.group_number))
    reading.rows_loaded = reading.rows_read - len(reading.quarantined)
    reading.notices += [*nothing, *commas, *_unread_counts(reading.unread)]
    reading.notices += [*_unknown_codes(con, values, out), *_odd_references(con, values, out)]


def _form(con: duckdb.DuckDBPyConnection, values: Mapping[str, Value], faults: Sequence[Fault]) -> None:
    """Make the table `formed`: each row in standard form, with the number of its first fault."""
    parsed = "".join(f', {value.parsed} as "parsed {name}"' for name, value in values.items() if value.parsed)
    forms = ", ".join(f'{value.form} as "{name}"' for name, value in values.items())
    cases = " ".join(f"when {fault.condition} then {number}" for number, fault in enumerate(faults))
    fault = f"case {cases} end" if cases else "null"
    optional = {v.name: v.is_unusable for v in values.values() if v.is_optional and v.is_unusable}
    names = ", ".join(
        f'case when {optional[name]} then null else "{name}" end as "{name}"' if name in optional else f'"{name}"'
        for name in values
    )
    is_unread = " or ".join(f"coalesce({condition}, false)" for condition in optional.values()) or "false"
    con.execute(
        f"create temp table formed as select delivery_ref, line_number, {names}, cast({fault} as integer) as fault,"
        f" null::bigint as first_line, {is_unread} as is_unread"
        f" from (select *, {forms} from (select *{parsed} from given))"
    )


def _set_repeats_apart(con: duckdb.DuckDBPyConnection, key: str, number: int) -> Fault:
    """Mark the usable rows whose key an earlier one has, which is the fault of that number."""
    con.execute(
        f'create temp table firsts as select "{key}", min(line_number) as first_line from formed'
        f' where fault is null group by "{key}" having count(*) > 1'
    )
    con.execute(
        f"update formed set fault = {number}, first_line = firsts.first_line from firsts"
        f' where formed."{key}" = firsts."{key}" and fault is null and line_number <> firsts.first_line'
    )
    reason = f"expected every {key} once; line {FIRST_LINE} has it already: correct the row or take one out"
    return Fault(key, "key", "", reason)


def _write_merged(
    con: duckdb.DuckDBPyConnection,
    values: Mapping[str, Value],
    identity: Sequence[str],
    needed: Sequence[Sequence[str]],
    out: Path,
    reading: Reading,
) -> None:
    """Write each identity once; what repeats it is counted, and what contradicts it is set aside.

    An identity of which no row has a needed value is set aside by its first row.
    """
    every = ", ".join(f"""coalesce("{name}", '')""" for name in values)
    missing = " or ".join(f'"{name}" is null' for name in identity) or "true"
    named = ", ".join(f'"{name}"' for name in identity) or "null"
    con.execute(
        "create temp table sound as select * exclude (fault, first_line, is_unread),"
        f" md5(concat_ws(chr(31), {named}, case when {missing} then concat_ws(chr(31), {every}) end)) as identity_mark"
        " from formed where fault is null"
    )
    others = [name for name in values if name not in identity]
    merged = "".join(f', arg_min("{name}", line_number) as "{name}"' for name in values)
    grouped = f"select identity_mark, min(line_number) as first_line{merged} from {{}} group by identity_mark"
    con.execute(f"create temp table firsts as {grouped.format('sound')}")
    differs = " ".join(f'when s."{name}" <> f."{name}" then {number}' for number, name in enumerate(others))
    other = f"case {differs} end" if differs else "null"
    con.execute(
        f"create temp table compared as select s.*, f.first_line, {other} as other"
        " from sound as s inner join firsts as f using (identity_mark)"
    )
    con.execute(
        "create temp table merged as select any_value(delivery_ref) as delivery_ref,"
        f" min(line_number) as line_number{merged} from compared where other is null group by identity_mark"
    )
    lacking = [" and ".join(f'"{name}" is null' for name in group) for group in needed]
    cases = " ".join(f"when {condition} then {number}" for number, condition in enumerate(lacking))
    fault = f"case {cases} end" if cases else "null::integer"
    ((written,),) = con.execute(
        f"copy (select * from merged where {fault} is null order by line_number) to {literal(out)} ({_PARQUET})"
    ).fetchall()
    unusable = con.execute(
        f"select line_number, {fault}, {_references(values.values())} from merged where {fault} is not null"
        " order by all"
    ).fetchall()
    for line, number, row_refs in unusable:
        missing_value = _lacking(needed[number], values)
        reading.quarantined.append(_aside(line, missing_value.name, "", missing_value.reason, row_refs))
    kept = written + len(unusable)
    pairs = ", ".join(f'c."{name}", f."{name}"' for name in others)
    contradicting = con.execute(
        f"select c.line_number, c.first_line, c.other, c.row_refs{', ' + pairs if pairs else ''} from"
        f" (select *, {_references(values.values())} as row_refs from compared where other is not null) as c"
        " inner join firsts as f using (identity_mark) order by c.line_number"
    ).fetchall()
    what = " and ".join(identity)
    examples: dict[str, list[str]] = {}
    for line, first, number, row_refs, *given in contradicting:
        name = others[number]
        here, there = (_shown_code(values[name], text or "") for text in given[2 * number : 2 * number + 2])
        why = f"expected {there!r} as on line {_line(first)}, which has the same {what}: correct one of the two"
        reading.quarantined.append(_aside(line, name, here, why, row_refs))
        examples.setdefault(name, []).append(f"line {_line(line)} ({here!r}; line {_line(first)} has {there!r})")
    for name, lines in examples.items():
        reading.notices.append(f"{name} differs between rows with the same {what}: {', '.join(lines[:3])}")
    ((sound,),) = con.execute("select count(*) from sound").fetchall()
    if repeated := sound - len(contradicting) - kept:
        reading.rows_read -= repeated
        reading.notices.append(f"rows of the file that repeat a row of this table and count once: {repeated:,}")


def _shown_code(value: Value, text: str) -> str:
    """The value if it is a code or can hardly be personal, else its length."""
    return text if text in value.codes else shown(value.kind, text)


def _line(number: int) -> int:
    """The line in the file."""
    return number % LINES_A_GROUP


def _aside(number: int, column: str, value: str, reason: str, row_refs: str) -> QuarantinedRow:
    """A row set aside, with its line in the file and its group of columns."""
    return QuarantinedRow(_line(number), column, value, reason, row_refs, number // LINES_A_GROUP)


def _lacking(group: Sequence[str], values: Mapping[str, Value]) -> Fault:
    """A row without a value in any of these fields."""
    condition = " and ".join(f'"given {name}" is null' for name in group)
    fields = group[0] if len(group) == 1 else f"one of {', '.join(group)}"
    reason = f"expected a value in {fields}; without it the row counts nowhere"
    return Fault(group[0], values[group[0]].kind, condition, reason)


def _set_aside(con: duckdb.DuckDBPyConnection, values: list[Value], faults: list[Fault]) -> list[QuarantinedRow]:
    found = []
    places = {value.name: place for place, value in enumerate(values)}
    columns = ", ".join(f'"given {value.name}"' for value in values)
    for line, number, first_line, row_refs, *given in con.execute(
        f"select line_number, fault, first_line, {_references(values)}, {columns} from formed"
        " inner join given using (line_number) where fault is not null order by line_number"
    ).fetchall():
        fault = faults[number]
        text = given[places[fault.name]] or ""
        value = shown(fault.kind, text)
        # the line is named for a row that repeats a key alone; other reasons may hold braces of their own
        reason = fault.reason.replace(FIRST_LINE, str(first_line))
        if first_line is None and fault.condition == values[places[fault.name]].is_unusable:
            reason = values[places[fault.name]].why(text)
        found.append(_aside(line, fault.name, value, reason, row_refs))
    return found


def _unread(con: duckdb.DuckDBPyConnection, values: Mapping[str, Value]) -> list[QuarantinedRow]:
    """The unusable values of optional fields in rows that are used all the same."""
    if con.execute("select count(*) filter (is_unread and fault is null) from formed").fetchone() == (0,):
        return []
    found = []
    for value in values.values():
        if value.is_optional and value.is_unusable:
            rows = con.execute(
                f'select line_number, "given {value.name}" from formed inner join given using (line_number)'
                f' where is_unread and fault is null and formed."{value.name}" is null'
                f' and "given {value.name}" is not null order by line_number'
            ).fetchall()
            is_key = keys.is_key(value.name, value.kind)  # a placeholder says nothing of anybody
            found += [
                _aside(line, value.name, text if is_key else shown(value.kind, text), value.why(text), "")
                for line, text in rows
            ]
    return found


def _unread_counts(unread: Iterable[QuarantinedRow]) -> list[str]:
    """Notices of values that could not be read: column, number, first line and value, and why."""
    found: dict[tuple[str, str], list[QuarantinedRow]] = {}
    for row in unread:
        found.setdefault((row.column_name, row.reason), []).append(row)
    return [
        f"line {rows[0].line_number}, {name}: {len(rows):,} value(s), first {rows[0].value!r}, are read as none, and"
        f" their rows are kept (each is in raw.unread_values): {reason}"
        for (name, reason), rows in found.items()
    ]


def _references(values: Iterable[Value]) -> str:
    """SQL of the digests of a row's references."""
    named = [value.name for value in values if value.kind in ("key", "ref") or value.name.endswith(("_id", "_ref"))]
    refs = ", ".join(f"md5('{name}=' || \"{name}\")" for name in named) or "''"
    return f"concat_ws(' ', {refs})"


def shown(kind: str, text: str) -> str:
    """The value where it can hardly be personal, else its length."""
    limit = _LABEL if kind in _LABEL_KINDS else _SHORT
    may_be_text = len(text) > limit or (kind not in _LABEL_KINDS and _WORD.search(text) is not None)
    return f"({len(text):,} characters, not kept)" if text and (kind in PRIVATE_KINDS or may_be_text) else text


def _words_for_nothing(con: duckdb.DuckDBPyConnection, names: list[str]) -> list[str]:
    """Notice that words such as NULL were delivered and read as no value."""
    counts = ", ".join(f'count(*) filter ("word {name}")' for name in names)
    (found,) = con.execute(f"select {counts} from given").fetchall()
    columns = [name for name, count in zip(names, found, strict=True) if count]
    if not columns:
        return []
    return [f"{', '.join(columns)}: a word for no value in {sum(found):,} cells was read as empty"]


def _unknown_codes(con: duckdb.DuckDBPyConnection, values: Mapping[str, Value], out: Path) -> list[str]:
    """Values in no code set, with first line, number of rows and where to give their meaning."""
    coded = {name: value for name, value in values.items() if value.codes}
    if not coded:
        return []
    found = []
    listed = {name: f"({', '.join(map(literal, value.codes))})" for name, value in coded.items()}
    is_any = ", ".join(f'count(*) filter ("{name}" not in {codes})' for name, codes in listed.items())
    (counts,) = con.execute(f"select {is_any} from read_parquet({literal(out)})").fetchall()
    for (name, value), any_unknown in zip(coded.items(), counts, strict=True):
        if not any_unknown:
            continue
        unknown = con.execute(
            f'select "{name}", count(*), min(line_number) from read_parquet({literal(out)})'
            f' where "{name}" not in {listed[name]} group by all order by all'
        ).fetchall()
        do = f"is not one of {', '.join(value.codes)}: say what it means in mapping.toml, under values.{name}"
        often = [row for row in unknown if row[1] >= _RARE and len(row[0]) <= _SHORT][:_LISTED]
        rest = [row for row in unknown if row not in often]
        found += [f"line {line}, {name}: {code!r} ({count:,} rows) {do}" for code, count, line in often]
        if rest:
            rows, line = sum(row[1] for row in rest), min(row[2] for row in rest)
            what = f"{len(rest):,} value(s) in {rows:,} row(s), not shown as they may be about one person,"
            found.append(f"line {line}, {name}: {what} each {do}")
    return found


def _odd_references(con: duckdb.DuckDBPyConnection, values: Mapping[str, Value], out: Path) -> list[str]:
    """References with signs that nobody sees, or with letters of another alphabet that look like ours.

    They are kept as they are: two that look the same may be two. Unicode Technical Standard 39, sections 3 and 5.
    """
    names = [name for name, value in values.items() if value.kind in ("key", "ref")]
    if not names:
        return []
    odd = {
        # the first part, which most references end with, is quick
        name: f"""strlen("{name}") <> length("{name}") and regexp_matches("{name}", '{_ODD}')"""
        for name in names
    }
    counts = ", ".join(f"count(*) filter ({is_odd}), min(line_number) filter ({is_odd})" for is_odd in odd.values())
    (found,) = con.execute(f"select {counts} from read_parquet({literal(out)})").fetchall()
    return [
        f"line {_line(line)}, {name}: {count:,} reference(s) hold signs that nobody sees, or letters of another "
        "alphabet; kept as they are, so they may match no other: correct them in the record system"
        for name, count, line in zip(names, found[::2], found[1::2], strict=True)
        if count
    ]
