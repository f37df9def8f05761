"""Rows of a frame as a table of a document. Pure.

The words are those of the HTML tables on pages (parts/table.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.parts.table import worded
from dashboards.text.content import Runs, Table, number, text
from dashboards.text.numbers import Format


@dataclass(frozen=True)
class Origin:
    """The published table behind columns of a frame: row key and form of each column."""

    table: str
    key: tuple[str, ...]
    forms: Mapping[str, str]  # column -> form of documents/forms.py


def of_rows(
    rows: pl.DataFrame,
    columns: Mapping[str, str],
    *,
    caption: str,
    formats: Mapping[str, Format] | None = None,
    row_heading: str = "",
    origin: Origin | None = None,
) -> Table:
    """All rows under the `columns` (name -> heading).

    A missing value is worded, never blank or zero. `row_heading` names the column whose cells head their rows; by
    default the first. Columns of `origin` are numbers by reference; `formats` or types give the words of the others.
    """
    formats, forms = formats or {}, origin.forms if origin else {}
    names = list(columns)

    def cell(row: Mapping[str, Any], name: str) -> Runs:
        if origin and name in forms:
            return (number(origin.table, name, forms[name], **{key: row[key] for key in origin.key}),)
        return text(worded(row[name], formats.get(name)))

    return Table(
        caption,
        tuple(columns.values()),
        tuple(tuple(cell(row, name) for name in names) for row in rows.iter_rows(named=True)),
        numeric=frozenset(place for place, name in enumerate(names) if rows.schema[name].is_numeric()),
        heading_column=names.index(row_heading) if row_heading else 0,
    )
