"""Lists that a force may edit: a fault in one names its file, line, column, what was expected and what was seen."""

from __future__ import annotations

import csv
import difflib

import duckdb

from expectations import RULES
from pipelines.tables.cards import ROOT, Card, all_cards
from pipelines.tables.sql import casts_of
from pipelines.tables.warehouse import TableDiffers

SETTINGS, TYPED = "reference.settings", "core.settings"
TARGETS, OWN, DUTIES, FORCES = (
    "reference.measure_targets", "reference.own_measures", "reference.protection_measures", "reference.forces",
)  # fmt: skip
CHECKED = (SETTINGS, TARGETS, OWN, DUTIES, FORCES)  # what `check` reads
REMEDY = "Correct the line, or remove it."
ONCE = "Remove the wrong line of the two."


def create_list(con: duckdb.DuckDBPyConnection, card: Card) -> None:
    """Make a table from its CSV. Raises TableDiffers if a line of the file cannot be of this list."""
    assert card.maker is not None
    place, names = str(card.maker.relative_to(ROOT)), [column.name for column in card.columns]
    with open(card.maker, encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        header = next(rows, [])
        if header != names:
            raise TableDiffers(f"{place}, line 1: expected the columns {', '.join(names)}; saw {', '.join(header)}")
        seen: dict[tuple[str, ...], int] = {}  # grain -> line
        for row in rows:
            if row and len(row) != len(names):
                raise TableDiffers(
                    f"{place}, line {rows.line_num}: expected {len(names)} values, {', '.join(names)}; saw {len(row)}"
                )
            key = tuple(value for name, value in zip(names, row, strict=False) if name in card.grain)
            if key and (first := seen.setdefault(key, rows.line_num)) != rows.line_num:
                raise TableDiffers(
                    f"{place}, line {rows.line_num}, {', '.join(card.grain)}: expected each once; saw "
                    f"{', '.join(map(repr, key))} again, which line {first} has already. {ONCE}"
                )
    kinds = "{" + ", ".join(f"'{name}': 'varchar'" for name in names) + "}"
    read = f"read_csv(?, header = true, delim = ',', quote = '\"', columns = {kinds})"
    try:
        con.execute(f"create or replace table {card.table} as select {casts_of(card)} from {read}", [str(card.maker)])
    except duckdb.ConversionException as fault:
        raise TableDiffers(_bad_cell(con, card, read, place) or f"{place}: {fault}") from None


def _bad_cell(con: duckdb.DuckDBPyConnection, card: Card, read: str, place: str) -> str:
    """The first value that is not of its column's type; '' if each is."""
    for column in card.columns:
        found = con.execute(
            f'select line, "{column.name}" from (select *, row_number() over () + 1 as line from {read})'
            f' where "{column.name}" is not null and try_cast("{column.name}" as {column.type}) is null limit 1',
            [str(card.maker)],
        ).fetchone()
        if found:
            return f"{place}, line {found[0]}, {column.name}: expected a {column.type}; saw {found[1]!r}. Correct it."
    return ""


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Raise TableDiffers unless the settings and the targets can be used."""
    check_settings(con)
    check_targets(con)


def check_settings(con: duckdb.DuckDBPyConnection) -> None:
    """Raise TableDiffers unless each setting is there once: a build without one would use no number for it."""
    keys = {key for (key,) in con.execute(f"select key from {SETTINGS}").fetchall()}
    wanted = {column.name.replace("_", ".", 1) for column in all_cards()[TYPED].columns}
    missing, unknown = sorted(wanted - keys), sorted(keys - wanted)
    found = [("no row for", missing), ("keys that nothing uses:", unknown)]
    seen = "; ".join(f"{words} {_some(names)}" for words, names in found if names)
    if seen:
        place = all_cards()[SETTINGS].path.with_suffix(".csv").name
        raise TableDiffers(f"{place}: expected each of {len(wanted)} keys once; saw {seen}. Correct it.")


def check_targets(con: duckdb.DuckDBPyConnection) -> None:
    """Raise TableDiffers unless each target is of a measure, of a force, and a value that the measure can have."""
    units = dict(con.execute(f"select measure_code, unit from {OWN}").fetchall())
    units |= dict.fromkeys((code for (code,) in con.execute(f"select measure_code from {DUTIES}").fetchall()), "share")
    units |= dict.fromkeys((rule.code for rule in RULES), "share")
    forces = {code for (code,) in con.execute(f"select force_code from {FORCES}").fetchall()}
    named = "measure_code, force_code, target, unit, set_by"
    rows = con.execute(f"select {named} from {TARGETS} order by rowid").fetchall()
    place = all_cards()[TARGETS].path.with_suffix(".csv").name
    for line, (code, force, target, unit, set_by) in enumerate(rows, start=2):
        if fault := _target_fault(code, target, unit, units) or _setter_fault(force, set_by, forces):
            raise TableDiffers(f"{place}, line {line}, {fault}. {REMEDY}")


def _target_fault(code: str | None, target: float | None, unit: str | None, units: dict[str, str]) -> str:
    """Column, what was expected and what was seen; '' if the measure can have such a target."""
    if code not in units:
        near = difflib.get_close_matches(code or "", units, 1)
        meant = f", such as {near[0]}" if near else ""
        return f"measure_code: expected a code of reference.measures{meant}; saw {code!r}"
    if unit != units[code]:
        return f"unit: expected {units[code]}, the unit of {code}; saw {unit!r}"
    most = 1.0 if unit == "share" else float("inf")
    if target is None or not 0 <= target <= most:
        counted = "a number of days, 0 or more" if unit == "median days" else "a count of 0 or more"
        expected = "a share from 0 to 1 (0.95 is 95%)" if unit == "share" else counted
        return f"target: expected {expected}; saw {target}"
    return ""


def _setter_fault(force: str | None, set_by: str | None, forces: set[str]) -> str:
    """The same for who set it."""
    if force is not None and force not in forces:
        return f"force_code: expected a code of reference.forces, or nothing for every force; saw {force!r}"
    return "" if set_by else "set_by: expected who set the target; saw nothing"


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" and more" if names[5:] else "")
