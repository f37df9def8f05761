"""A frame as an HTML table: caption, headings with scope, escaped cells. Pure."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import polars as pl

from dashboards.text import numbers
from dashboards.text.numbers import Format

T = TypeVar("T")
Link = Callable[[Mapping[str, Any]], str | None]  # row -> address that its cell links to
SHORT, LONG = 24, 60  # characters that stay on one line; characters that need a wide column
WIDE = 11  # columns that need paper across


def html_table(
    frame: pl.DataFrame,
    columns: Mapping[str, str],
    *,
    caption: str,
    formats: Mapping[str, Format] | None = None,
    links: Mapping[str, Link] | None = None,
    row_heading: str | None = None,
    most: int = 500,
    is_caption_visible: bool = True,
    is_whole: bool = False,
) -> str:
    """The `columns` (name -> heading) of a frame as HTML, up to `most` rows.

    The table is in a region that scrolls by keyboard; one that `is_whole` is as high as its rows. A missing value is
    worded, never blank or zero. `row_heading` names the column whose cells head their rows. `links` turn the cells of a
    column into links within the dashboards.

    The caption is visible if it says more than the heading above it, or that rows are left out. Otherwise it is for
    screen readers only.
    """
    formats, links = formats or {}, links or {}
    shown = frame.head(most)
    texts = {name: [worded(value, formats.get(name)) for value in shown[name]] for name in columns}
    kinds = {name: _kind(frame.schema[name], texts[name]) for name in columns}
    head = "".join(f'<th scope="col"{kinds[name]}>{html.escape(text)}</th>' for name, text in columns.items())
    body = []
    for row, record in zip(zip(*texts.values()), shown.iter_rows(named=True)):
        inner = [_linked(html.escape(text), links.get(name), record) for name, text in zip(columns, row)]
        cells = [
            f'<th scope="row"{kinds[name]}>{text}</th>' if name == row_heading else f"<td{kinds[name]}>{text}</td>"
            for name, text in zip(columns, inner)
        ]
        body.append(f"<tr>{''.join(cells)}</tr>")
    is_cut = frame.height > most
    if is_cut:
        caption += f" (the first {most:,} of {frame.height:,} rows; the downloads hold all)"
    hidden = "" if is_caption_visible or is_cut else ' class="visually-hidden"'
    label = html.escape(caption, quote=True)
    kind = "table-scroll" + (" wide" if len(columns) >= WIDE else "") + (" whole" if is_whole else "")
    return (
        f'<div class="{kind}" tabindex="0" role="region" aria-label="{label}"><table>'
        f"<caption{hidden}>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def listed(items: Iterable[T], columns: Mapping[str, Callable[[T], Any]], caption: str) -> str:
    """A line for each item as HTML.

    `columns` are heading -> what is said of an item. The first heads the rows.
    """
    rows = pl.DataFrame([{heading: said(item) for heading, said in columns.items()} for item in items])
    return html_table(rows, dict(zip(columns, columns)), caption=caption, row_heading=next(iter(columns)))


def _linked(escaped: str, link: Link | None, record: Mapping[str, Any]) -> str:
    address = link(record) if link is not None else None
    return escaped if address is None else f'<a href="{html.escape(address, quote=True)}">{escaped}</a>'


def worded(value: Any, form: Format | None = None) -> str:
    """A cell's value in words: by `form` if there is one, else by its type.

    A missing value says so.
    """
    if form is not None:
        return form(value)
    if value is None:
        return numbers.NO_VALUE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return numbers.moment(value.isoformat())
    if isinstance(value, dt.date):
        return numbers.day(value)
    if isinstance(value, float):
        return numbers.decimal(value)
    return numbers.number(value) if isinstance(value, int) else str(value)


def _kind(dtype: pl.DataType, texts: list[str]) -> str:
    """The cell's class: numbers are aligned right, short texts do not wrap."""
    if dtype.is_numeric():
        return ' class="number"'
    longest = max(map(len, texts), default=0)
    return f' class="{"short" if longest <= SHORT else "text" if longest <= LONG else "long"}"'
