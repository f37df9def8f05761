"""The register of a document's numbers: the published row and form of each.

A number is printed from its row and from nothing else. For each number the register gives its table, its file (by hash)
and its deliveries. Later checks compare the document with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import polars as pl

from casework.store.refusal import Refused
from dashboards.data.published import Copy, optional
from dashboards.data.settings import read_small_numbers
from dashboards.text.content import OR, Number, Runs, plain, printed_words
from dashboards.text.forms import printed

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Printed:
    """A number as printed in the document."""

    ref: str
    text: str
    number: Number


class Reader:
    """Rows of the published copy by key: each table is read once."""

    def __init__(self, copy: Copy) -> None:
        self.copy = copy
        self.rule = read_small_numbers(copy)
        self._frames: dict[str, pl.DataFrame] = {}
        self._whole: set[str] = set()
        self._found: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], Rows]] = {}

    def hold(self, name: str, rows: pl.DataFrame) -> None:
        """Use these rows of a table, added to those held already, instead of reading the whole of it.

        A page has read the few rows that it shows, or newer ones than the copy has. A table that was read whole has
        them already.
        """
        if name in self._whole:
            return
        before = self._frames.get(name)
        self._frames[name] = rows if before is None else pl.concat([before, rows], how="diagonal_relaxed")
        self._found = {key: found for key, found in self._found.items() if key[0] != name}

    def in_words(self, runs: Runs) -> str:
        """Words and numbers as one sentence."""
        return "".join(self.words(run) if isinstance(run, Number) else printed_words(run) for run in runs)

    def table(self, name: str, *, may_be_empty: bool = False) -> pl.DataFrame:
        """The whole table. Raises Missing, also for a table without any row unless it `may_be_empty`."""
        if name not in self._frames:
            self._frames[name] = self._read(name)
            self._whole.add(name)
        frame = self._frames[name]
        return frame if may_be_empty or frame.height else self.copy.select(name)

    def _read(self, name: str) -> pl.DataFrame:
        return self.copy.select(name, may_be_empty=True)

    def rows(self, name: str, **equal: Any) -> Rows:
        """The rows whose columns have these values, in the table's order. Raises Missing."""
        self.table(name, may_be_empty=True)
        return list(self._matching(name, tuple((column, plain(value)) for column, value in equal.items())))

    def words(self, wanted: Number) -> str:
        """The number as printed. Raises Refused where its key fits more than one row."""
        found = self._any(wanted)
        if wanted.total == "count" and self._can_count(wanted):
            return printed(wanted.form, {wanted.column: len(found)}, wanted.column, self.rule)
        if wanted.total:
            return printed(wanted.form, _sum(found, wanted.column), wanted.column, self.rule)
        if len(found) > 1:
            raise Refused(f"{wanted.table}: expected one row with {wanted.row}, saw {len(found)}: it has no one value.")
        return printed(wanted.form, found[0] if found else None, wanted.column, self.rule)

    def placed(self, wanted: Number) -> Number:
        """The number with the force that it is of in its key, so that it is found in a copy of all forces."""
        if not self.copy.is_of_force(wanted.table):
            return wanted
        return replace(wanted, key=(*wanted.key, ("force_code", self.copy.force)))

    def _any(self, wanted: Number) -> Rows:
        """The rows of a number.

        A total's key may name several values of a column, and has the rows of each.
        """
        if not wanted.total:
            return self._matching(wanted.table, wanted.key)
        ways = product(*([(column, one) for one in value.split(OR)] for column, value in wanted.key))
        return [row for key in ways for row in self._matching(wanted.table, key)]

    def _can_count(self, wanted: Number) -> bool:
        """Whether no row means a count of zero.

        It does only if the table is published with these columns.
        """
        frame = optional(self.table, wanted.table)
        return frame is not None and {name for name, _ in wanted.key} <= set(frame.columns)

    def _matching(self, name: str, key: tuple[tuple[str, str], ...]) -> Rows:
        frame = optional(self.table, name)
        columns = tuple(column for column, _ in key)
        if frame is None or not set(columns) <= set(frame.columns):
            return []
        if (name, columns) not in self._found:
            held: dict[tuple[str, ...], Rows] = {}
            for row in frame.iter_rows(named=True):
                held.setdefault(tuple(plain(row[column]) for column in columns), []).append(row)
            self._found[name, columns] = held
        return self._found[name, columns].get(tuple(value for _, value in key), [])


def _sum(rows: Rows, column: str) -> dict[str, Any]:
    """The sum of the measured values; null where nothing is measured."""
    values = [row[column] for row in rows if row.get(column) is not None]
    return {column: sum(values) if values else None}


class Register:
    """Numbers in the order they are first read, each with its reference (N0001 ...)."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._held: dict[Number, Printed] = {}

    def take(self, numbers: Iterable[Number]) -> None:
        """Enter the numbers of a document; numbers already entered keep their reference."""
        for wanted in numbers:
            self.printed(wanted)

    def printed(self, wanted: Number) -> Printed:
        """The printed form of a number, and its reference."""
        if wanted not in self._held:
            ref = f"N{len(self._held) + 1:04d}"
            self._held[wanted] = Printed(ref, self.reader.words(wanted), self.reader.placed(wanted))
        return self._held[wanted]

    def all(self) -> list[Printed]:
        """Every number, in the order of its reference."""
        return list(self._held.values())

    def tables(self) -> list[str]:
        """The tables that numbers come from, in the order they are first read."""
        return list(dict.fromkeys(held.number.table for held in self._held.values()))


def as_entry(held: Printed) -> dict[str, Any]:
    """A number as a row of the register's file."""
    wanted = held.number
    return {
        "ref": held.ref, "printed": held.text, "table": wanted.table, "row": dict(wanted.key),
        "column": wanted.column, "form": wanted.form, "total": wanted.total,
    }  # fmt: skip


def from_entry(entry: Mapping[str, Any]) -> Printed:
    """The number of an entry of a register's file."""
    key = tuple((str(name), str(value)) for name, value in dict(entry["row"]).items())
    wanted = Number(str(entry["table"]), key, str(entry["column"]), str(entry["form"]), str(entry["total"]))
    return Printed(str(entry["ref"]), str(entry["printed"]), wanted)


def as_json(register: Register) -> bytes:
    """The register's file: the same bytes for the same copy and the same content."""
    copy = register.reader.copy
    tables: dict[str, dict[str, Any]] = {}
    for name in register.tables():
        entry = copy.tables.get(name, {})
        tables[name] = {
            "file": entry.get("file"), "sha256": entry.get("sha256"), "made_by": made_by(copy, name),
            "sources": sorted(entry.get("sources", [])),
        }  # fmt: skip
    wanted = {source for entry in tables.values() for source in entry["sources"]}
    content = {
        "audience": copy.audience,
        "publication": copy.folder.name,
        "published_at": copy.manifest.get("published_at"),
        "manifest_sha256": copy.manifest_sha256(),
        "code_version": copy.manifest.get("code_version"),
        "settings_hash": copy.manifest.get("settings_hash"),
        "tables": tables,
        "sources": [source for source in copy.manifest.get("sources", []) if source.get("source") in wanted],
        "numbers": [as_entry(held) for held in register.all()],
    }
    return json.dumps(content, indent=1, ensure_ascii=False).encode()


def made_by(copy: Copy, table: str) -> str:
    """The product's file that makes the table, from the copy's provenance.

    "not stated" where the provenance does not name one.
    """
    entry = (optional(copy.provenance) or {}).get(table, {})
    return str(entry.get("file") or "not stated")
