"""The annex of every document: the sources of its numbers.

It goes down to delivered files.
"""

from __future__ import annotations

from itertools import groupby

from dashboards.data.register import Printed, Register, made_by
from dashboards.text import numbers as number_words
from dashboards.text.content import Block, Heading, Paragraph, Runs, Table, text

LONGEST = 200  # rows of a longer table are not listed one by one; the register's file has each
SHOWN = 16  # digits of a hash that are printed; the register's file has all of them


def blocks(register: Register, level: int = 2) -> list[Block]:
    """Tables with hashes and deliveries, and each number with its row and columns."""
    copy = register.reader.copy
    said = (
        "Every figure in this document comes from one row of the published copy, or is a count or sum of several. "
        "Text that people in the force wrote is unchanged. The register of numbers (numbers.json, attached to the PDF "
        "and written beside the documents) has each number with its table, row and column. stra verify compares the "
        "documents with it."
    )
    of = f"Publication {copy.folder.name}; hash of its manifest {copy.manifest_sha256()}."
    return [
        Heading(level, "Where the numbers come from"),
        Paragraph((said,)),
        Paragraph((of,), "note"),
        _tables(register),
        _deliveries(register),
        *_numbers(register),
    ]


def _tables(register: Register) -> Table:
    held = register.reader.copy.tables
    rows: list[tuple[Runs, ...]] = []
    for name in register.tables():
        entry = held.get(name)
        digits = "not published" if entry is None else str(entry.get("sha256"))[:SHOWN]
        sources = "" if entry is None else number_words.listed(sorted(entry.get("sources", [])), 8)
        rows.append((text(name), text(made_by(register.reader.copy, name)), text(digits), text(sources or "none")))
    headings = ("Table", "Made by", f"sha256 of its file (first {SHOWN} digits)", "Delivered sources behind it")
    return Table("Tables that numbers come from", headings, tuple(rows), (0.25, 0.27, 0.2, 0.28))


def _deliveries(register: Register) -> Table:
    copy = register.reader.copy
    wanted = {source for name in register.tables() for source in copy.tables.get(name, {}).get("sources", [])}
    rows: list[tuple[Runs, ...]] = []
    for source in copy.manifest.get("sources", []):
        if source.get("source") not in wanted:
            continue
        files = source.get("deliveries", [])
        last = max((d["received_at"] for d in files if d.get("received_at")), default=None)
        rows.append(
            (
                text(number_words.readable(str(source["source"]))),
                text(str(source.get("publisher") or "not stated")),
                text(number_words.plural(len(files), "file")),
                text(number_words.moment(last)),
                text(str(files[-1]["sha256"])[:SHOWN] if files and files[-1].get("sha256") else "not known"),
            )
        )
    headings = ("Source", "Publisher", "Files", "Latest delivery", "sha256 of the last file")
    return Table("Deliveries behind those tables", headings, tuple(rows), (0.2, 0.3, 0.1, 0.2, 0.2))


def _numbers(register: Register) -> list[Block]:
    found: list[Block] = []
    everything = sorted(register.all(), key=lambda held: held.number.table)
    for name, numbers in groupby(everything, key=lambda held: held.number.table):
        rows: dict[str, list[Printed]] = {}
        for held in numbers:
            rows.setdefault(held.number.row, []).append(held)
        if len(rows) > LONGEST:
            words = f"{name}: {number_words.number(len(rows))} rows; the register's file has each number with its row."
            found.append(Paragraph((words,)))
            continue
        cells = tuple((text(row), text(_columns(of_row))) for row, of_row in rows.items())
        found.append(Table(f"Numbers from {name}", ("Row", "Column: number as printed"), cells, (0.4, 0.6)))
    return found


def _columns(numbers: list[Printed]) -> str:
    return "; ".join(f"{held.number.column}: {held.text}" for held in numbers)
