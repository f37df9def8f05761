"""The Home Office's open data tables: one layout in CSV, and in workbooks with a sheet for every financial year.

Header wording differs from year to year, so columns are known by several names, compared without case, footnote
marks and punctuation. An unknown column stops the table (recording-standards 4.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.readers.csv.reader import Check, CsvSpec, header, read_csv
from assets.readers.files import not_csv
from assets.readers.source import BrokenFile, DeliveredFile, Download, Part, Reading, Source
from assets.readers.workbook.reader import is_workbook, plain_label, sheet_head, sheet_names
from assets.readers.workbook.sheet import read_sheet

LANDING_PAGE = "/government/statistical-data-sets/police-recorded-crime-and-outcomes-open-data-tables"

_FINANCIAL_YEAR_SHEET = re.compile(r"\s*20[0-9]{2}_[0-9]{2}\s*")
# Not applicable, and not supplied: text in place of a number. The second means missing, not zero.
NOT_A_NUMBER = ("na", "n/a", "n/a - offence code expired", "n/a - data not provided")


@dataclass(frozen=True)
class OpenDataTable:
    """One of the tables. `columns`: our name -> labels in plain words, the present one first.

    `foreign`: labels of neighbouring tables, which look alike and are not this one.
    """

    columns: dict[str, tuple[str, ...]]
    checks: tuple[Check, ...]
    foreign: frozenset[str]
    optional: frozenset[str] = frozenset()


def count_check(column: str) -> Check:
    """Check that a count is a whole number (`-00` and negative ones included), blank, or one of the N/A family."""
    spellings = ", ".join(f"'{text}'" for text in NOT_A_NUMBER)
    text = f"trim(coalesce({column}, ''))"
    words = f"regexp_replace(replace(lower({text}), chr(8211), '-'), '\\s+', ' ', 'g')"
    return Check(
        column, f"regexp_full_match({text}, '(-?[0-9]+|-?[0-9]{{1,3}}(,[0-9]{{3}})+)?') or {words} in ({spellings})",
        "expected a whole number, nothing, or N/A with or without a reason; ask the publisher what is meant",
    )  # fmt: skip


# Rows without these belong to no quarter, force or offence.
KEY_CHECKS = (
    Check("financial_year", "regexp_full_match(financial_year, '[0-9]{4}[/-]([0-9]{2})?[0-9]{2}\\s*')",
          "expected a financial year such as 2017/18; correct the row or ask the publisher"),
    Check("financial_quarter", "regexp_full_match(trim(financial_quarter), '[1-4]')",
          "expected a financial quarter, 1 (April to June) to 4; correct the row or ask the publisher"),
    Check("force_name", "trim(force_name) <> ''", "expected the name of a force; correct the row or ask the publisher"),
    Check("offence_code", "trim(offence_code) <> ''", "expected an offence code; correct the row or ask the publisher"),
)  # fmt: skip


def parts(file: DeliveredFile, table: OpenDataTable) -> list[Part]:
    """The CSV, or every sheet of a financial year in a workbook, when it has the columns of the table.

    Two columns may be missing: it is still this table, and the reader names them.
    """
    if not is_workbook(file):
        labels = None if not_csv(file) else header(file)
        return [Part(file)] if labels and _is_alike(labels, table) else []
    sheets = sheet_names(file)
    of_a_year = [sheet for sheet in sheets if _FINANCIAL_YEAR_SHEET.fullmatch(sheet)]
    # one sheet identifies the workbook: the others of a year then belong to it, whatever their headers
    alike = next((s for s in of_a_year or sheets if _is_alike(_labels(file, s, table), table)), None)
    return [Part(file, sheet) for sheet in sheets if sheet == alike or (alike and sheet in of_a_year)]


def read_rows(part: Part, delivery_ref: str, out: Path, table: OpenDataTable) -> Reading:
    """Read one part. Raises BrokenFile where a column is missing or not known."""
    place = "line 1" if part.sheet is None else f"sheet {part.sheet!r}"
    labels = _labels(part.file, part.sheet, table)
    known = _known(labels, table)
    unknown = [label for label in labels if label.strip() and label not in known.values()]
    if unknown and set(known) >= set(table.columns) - table.optional:
        raise BrokenFile(
            place, f"the columns {', '.join(map(repr, unknown))}, which are not known",
            f"the columns {', '.join(labels[0] for labels in table.columns.values())} and no other",
            "If the publisher added or renamed a column, the source's module has to follow: it may split the counts.",
        )  # fmt: skip
    columns = {name: (known[name],) if name in known else labels for name, labels in table.columns.items()}
    spec = CsvSpec(columns, table.optional, table.checks)
    reading = (read_csv if part.sheet is None else read_sheet)(part, delivery_ref, out, spec)
    if "outcome_type" in table.columns:
        _check_types(out, place, reading)
    return reading


def _check_types(out: Path, place: str, reading: Reading) -> None:
    """Raise BrokenFile where all outcomes are of alternate offences.

    Such a file has the table's own columns. Read as the table it would replace whole quarters by a part of them.
    """
    kinds = pl.read_parquet(out, columns=["outcome_type"])["outcome_type"].str.strip_chars().str.to_uppercase()
    if kinds.is_empty() or not kinds.str.ends_with("A").all():
        return
    out.unlink()
    raise BrokenFile(
        place, f"{reading.rows_loaded:,} rows, all of the outcome types {', '.join(sorted(set(kinds)))}",
        "outcomes of every type, 0 to 22",
        "This is the file of outcomes for alternate offences, a part of the main table (prc-outcomes-open-data-...). "
        "Take it out of the data folder and deliver the main table.",
    )  # fmt: skip


def _labels(file: DeliveredFile, sheet: str | None, table: OpenDataTable) -> list[str]:
    """Labels of the header; in a sheet the row among the first ones that has most of the columns."""
    if sheet is None:
        return header(file) or []
    rows = [[cell or "" for cell in cells] for cells in sheet_head(file, sheet)]
    return max(rows, key=lambda labels: len(_known(labels, table)), default=[])


def _known(labels: list[str], table: OpenDataTable) -> dict[str, str]:
    """Our name -> label as delivered, for the columns that are there."""
    found = {}
    words = {_words(label): label for label in reversed(labels)}
    for name, accepted in table.columns.items():
        label = next((words[known] for known in accepted if known in words), None)
        if label is not None:
            found[name] = label
    return found


def _words(label: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", plain_label(label).casefold()))


def _is_alike(labels: list[str], table: OpenDataTable) -> bool:
    if table.foreign & {_words(label) for label in labels}:
        return False
    return len(set(_known(labels, table)) - table.optional) >= len(table.columns) - len(table.optional) - 2


def source(table_name: str, table: OpenDataTable, file_name: str, link_pattern: str) -> Source:
    """The source of a table. `file_name` is the beginning of its files' names.

    `link_pattern` finds them on the Home Office's page.
    """
    is_ours = re.compile(rf"(?:^|[/!]){file_name}[^/!]*\.(?:csv|xlsx?|ods)$", re.IGNORECASE)
    return Source(
        table=table_name,
        columns=tuple(table.columns),
        parts=lambda file: parts(file, table),
        read=lambda part, delivery_ref, out: read_rows(part, delivery_ref, out, table),
        looks_like=lambda name: is_ours.search(name) is not None,
        # quarters, not years: releases during a year have the quarters so far
        period="trim(financial_year) || ' Q' || trim(financial_quarter)",
        download=Download("https://www.gov.uk", LANDING_PAGE, "home-office", link_pattern),
        why_not=lambda file: _why_not(file, table),
    )


def _why_not(file: DeliveredFile, table: OpenDataTable) -> BrokenFile | None:
    """The reason why a file whose name says it is of this table is not."""
    sheets: list[str | None] = [None]
    try:
        if is_workbook(file):
            sheets = list(sheet_names(file))
        elif (unreadable := not_csv(file)) is not None:
            return unreadable
        labels = max((_labels(file, sheet, table) for sheet in sheets), key=lambda found: len(_known(found, table)))
    except BrokenFile as problem:
        return problem
    missing = [names[0] for name, names in table.columns.items()
               if name not in {*table.optional, *_known(labels, table)}]  # fmt: skip
    foreign = [label for label in labels if _words(label) in table.foreign]
    fault = f"of another table {', '.join(foreign)}" if foreign else f"missing {', '.join(missing)}"
    remedy = "Ask for the right table; if the publisher renamed a column, the source's module has to follow."
    if foreign:
        remedy = (
            "This is a file of parts of the main table's counts, by subcode or by partnership. Take it out of the data "
            "folder and deliver the main table."
        )
    return BrokenFile(
        "header", f"{[label for label in labels if label.strip()][:20]}: {fault}",
        f"the columns {', '.join(names[0] for names in table.columns.values())}", remedy,
    )  # fmt: skip
