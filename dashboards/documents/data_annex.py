"""The released tables as data: a CSV for each, and one ODS workbook.

The workbook has notes, units and the key to the tokens.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import polars as pl
from odfdo import Document, Element

from casework.store.words import neutralised
from dashboards.data.home_state import in_use_again
from dashboards.data.office import clean, settled
from dashboards.data.published import Copy, optional
from dashboards.data.support import support_data
from dashboards.parts.downloads import csv_bytes
from dashboards.text import numbers

TABLES = (
    support_data.FIGURES,
    support_data.NEED,
    support_data.GAPS,
    support_data.AREA_STEPS,
    support_data.CAPACITY,
    support_data.WAITS,
    support_data.WAIT_POINTS,
    support_data.EQUITY,
    support_data.QUEUE,
    support_data.OPTIONS,
    "metrics.released_measures",
    "reference.public_measures",
    "core.public_actions",
    support_data.MEASURES,
    support_data.PERIODS,
)
# cells of measures are in metrics.released_measures, a row each with its parts
WITHOUT = {support_data.FIGURES: "period_code not like 'quarter %'"}
LONGEST_NAME = 31  # of a sheet


def files(copy: Copy, marking: str) -> dict[str, bytes]:
    """Table -> its CSV; the workbook names tables that are not published."""
    held = {
        table: frame
        for table in TABLES
        if (frame := optional(copy.select, table, where=WITHOUT.get(table, "true"))) is not None
    }
    made = {f"{table}.csv": csv_bytes(frame, {name: name for name in frame.columns}) for table, frame in held.items()}
    return made | {"commissioning-data.ods": workbook(copy, held, marking)}


def workbook(copy: Copy, held: dict[str, pl.DataFrame], marking: str) -> bytes:
    """All tables in one file, the notes first: the same bytes for the same copy."""
    document = Document("spreadsheet")
    document.body.clear()
    document.body.append(_sheet("Notes", notes(copy, held, marking)))
    document.body.append(_sheet("Columns", _columns(copy, held)))
    for table, frame in held.items():
        name = table.split(".")[1][:LONGEST_NAME]
        document.body.append(_sheet(name, [frame.columns, *(list(row) for row in frame.iter_rows())]))
    moment = dt.datetime.fromisoformat(str(copy.manifest["published_at"])).replace(tzinfo=None)
    document.meta.creation_date = document.meta.date = moment
    document.meta.title, document.meta.generator, document.meta.language = (
        "Commissioning evidence: data",
        "stra",
        "en-GB",
    )
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue())


def notes(copy: Copy, held: dict[str, pl.DataFrame], marking: str) -> list[list[str]]:
    """Marking, purpose, the key, and each table with its caveats and sources."""
    lines = [
        [marking],
        ["Commissioning evidence: stalking and harassment"],
        [f"Published {numbers.moment(copy.manifest['published_at'])}"],
        *([again] for again in [in_use_again(copy.manifest)] if again),
        ["Key"],
        [support_data.key(copy)],
        ["An empty cell is not measured or suppressed; the column token says which."],
        ["Tables"],
    ]
    for table in TABLES:
        if table not in held:
            lines.append([table, "not published"])
            continue
        entry = copy.tables[table]
        lines.append([table, str(entry.get("description", ""))])
        lines += [["", f"{caveat}"] for caveat in entry.get("caveats", [])]
    for source in copy.manifest.get("sources", []):
        if source.get("attribution"):
            lines.append([str(source["source"]), str(source["attribution"])])
    return lines


def _columns(copy: Copy, held: dict[str, pl.DataFrame]) -> list[list[str]]:
    lines = [["table", "column", "kind", "meaning", "unit"]]
    for table in held:
        for name, (kind, meaning, unit) in copy.tables[table].get("columns", {}).items():
            lines.append([table, name, kind, meaning, unit])
    return lines


def _sheet(name: str, lines: Sequence[Sequence[Any]]) -> Element:
    """A sheet, parsed from one text: made cell by cell, thousands of rows take most of a minute."""
    rows = "".join(f"<table:table-row>{''.join(map(_cell, line))}</table:table-row>" for line in lines)
    columns = f'<table:table-column table:number-columns-repeated="{max(map(len, lines))}"/>'
    return Element.from_tag(f"<table:table table:name={quoteattr(name)}>{columns}{rows}</table:table>")


def _cell(value: Any) -> str:
    """A cell as odfdo writes it."""
    if value is None:
        return "<table:table-cell/>"
    kind, attribute, text = _typed(_value(value))
    shown = {"office:value-type": kind, "calcext:value-type": kind, attribute: text}
    if kind == "float":
        shown["calcext:value"] = text
    named = " ".join(f"{key}={quoteattr(word)}" for key, word in shown.items())
    return f"<table:table-cell {named}><text:p>{escape(text)}</text:p></table:table-cell>"


def _typed(value: Any) -> tuple[str, str, str]:
    """Kind, attribute and text of a value."""
    if isinstance(value, bool):
        return "boolean", "office:boolean-value", "true" if value else "false"
    if isinstance(value, int | float):
        return "float", "office:value", str(value)
    if isinstance(value, dt.date):  # a moment is a day too
        return "date", "office:date-value", value.isoformat().replace("+00:00", "Z")
    return "string", "office:string-value", str(value)


def _value(value: Any) -> Any:
    return clean(str(neutralised(value))) if isinstance(value, str) else value
