"""Where a number comes from, as facts and as HTML: columns, SQL, tables, files.

Everything from a file is escaped; SQL, names and hashes are set in `code`. A
table missing from the record is reported as missing, never left out.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.data.published import Copy, Missing
from dashboards.text import numbers

DIGITS = 12  # of a hash, shown
MOST_FILES = 12  # of one source, shown; a source of open data has hundreds
NO_ROWS, OF_UNITS = "number of rows not shown here", "the rows of your units alone"
SUMMARY = "Where does this number come from?"
MAKERS = {
    "sql": "SQL",
    "function": "Python function",
    "reader": "reader of delivered files",
    "reference": "reference file",
    "rules": "the recording standards, applied to the tables below",
    "product": "the product's own record of the build and of decisions",
    "changed": "file that was changed while the build ran",
}
Tables = Mapping[str, Any]  # from Copy.provenance


@dataclass(frozen=True)
class Delivery:
    """A delivered file."""

    source: str
    file_name: str
    sha256: str
    received_at: str
    rows: str  # a count, or that it is a small count


def lineage_of(tables: Tables, table: str, column: str) -> list[tuple[str, str]]:
    """The columns that a column is made from; none if its table is not made by SQL."""
    return [(str(t), str(c)) for t, c in tables.get(table, {}).get("lineage", {}).get(column, [])]


def upstream_of(tables: Tables, names: Iterable[str]) -> list[str]:
    """Every table that these rest on, ordered by name."""
    found: set[str] = set()
    waiting = [above for name in names for above in tables.get(name, {}).get("reads", [])]
    while waiting:
        name = str(waiting.pop())
        if name not in found:
            found.add(name)
            waiting += tables.get(name, {}).get("reads", [])
    return sorted(found)


def deliveries_of(copy: Copy, tables: Tables, names: Sequence[str], sources: Sequence[str] = ()) -> list[Delivery]:
    """The delivered files at the end of the chain; only those of `sources` if given."""
    raw = {name.partition(".")[2] for name in (*names, *upstream_of(tables, names)) if name.startswith("raw.")}
    wanted = raw & set(sources) if sources else raw
    return [
        Delivery(
            str(source["source"]),
            str(file.get("file_name", "")),
            str(file.get("sha256", "")),
            str(file.get("received_at", "")),
            NO_ROWS if copy.scope.units is not None else _rows(file),
        )
        for source in copy.manifest.get("sources", [])
        if source.get("source") in wanted
        for file in source.get("deliveries", [])
    ]


def _rows(file: Mapping[str, Any]) -> str:
    if "rows_below" in file:
        return f"fewer than {file['rows_below']} rows"
    return numbers.plural(int(file["rows"]), "row") if file.get("rows") is not None else NO_ROWS


def block(copy: Copy, names: Sequence[str], columns: Mapping[str, str], sources: Sequence[str] = ()) -> str:
    """The folded details below a figure.

    The figure rests on the tables `names` and shows `columns` (name -> heading).
    """
    try:
        tables, manifest = copy.provenance(), copy.manifest_sha256()
    except Missing as why:
        return _folded(SUMMARY, f"<p>{_text(str(why))}</p>", "provenance")
    known = {column for name in names for column in copy.tables.get(name, {}).get("columns", {})}
    computed = [heading for column, heading in columns.items() if column not in known]
    parts = [_table(copy, tables, name, columns, bool(computed)) for name in names]
    if computed:
        parts.append(f"<p>Calculated on this page from columns of the above: {_text(', '.join(computed))}.</p>")
    upstream = upstream_of(tables, names)
    if upstream:
        parts.append(
            _folded(f"All tables behind it, down to the files ({len(upstream)})", _by_maker(tables, upstream))
        )
    parts.append(_deliveries(deliveries_of(copy, tables, names, sources)))
    parts.append(f"<p>Manifest of this publication: sha256 {_code(manifest)}.</p>")
    return _folded(SUMMARY, "".join(parts), "provenance")


def _table(copy: Copy, tables: Tables, name: str, columns: Mapping[str, str], has_computed: bool) -> str:
    """One table: its grain, code, columns shown here, inputs and published file.

    What the page works out may rest on any column. The table's other columns are then listed too, folded.
    """
    entry, published = tables.get(name), copy.tables.get(name)
    head = f"<p><strong>{_code(name)}</strong></p>"
    if published is None:
        return f"{head}<p>Not in this copy: it was not published, or was withheld.</p>"
    said = [f"<li>{_text(published.get('description', ''))}</li>"]
    if entry is None:
        said.append("<li>Missing: this copy does not record how the table is made. Build again.</li>")
    else:
        said.append(f"<li>Made by {_made_by(entry)}{_text_of(name, entry)}</li>")
        held = published.get("columns", {})
        said += _lineage(tables, name, [column for column in columns if column in held])
        others = [column for column in held if column not in columns and lineage_of(tables, name, column)]
        if has_computed and others:
            lines = "".join(_lineage(tables, name, others))
            said.append(f"<li>{_folded(f'Other columns of {name} ({len(others)})', f'<ul>{lines}</ul>')}</li>")
        reads = ", ".join(_code(above) for above in entry.get("reads", []))
        said.append(f"<li>Reads {reads}</li>" if reads else "")
    file = _code(str(published.get("file", "")))
    # who reads the rows of some units may not learn how many the others have
    is_of_units = copy.scope.is_of_units(name)
    rows = OF_UNITS if is_of_units else numbers.plural(int(published.get("rows") or 0), "row")
    said.append(f"<li>Published as {file}, {rows}, sha256 {_code(str(published.get('sha256', '')))}</li>")
    return f"{head}<ul>{''.join(said)}</ul>"


def _by_maker(tables: Tables, names: Sequence[str]) -> str:
    """Tables by kind of maker, one line each: a figure may rest on two hundred."""
    by_kind: dict[str, list[str]] = {}
    for name in names:
        by_kind.setdefault(_kind(tables.get(name)), []).append(name)
    lines = (f"<li>{_text(kind)} ({len(held)}): {_code(', '.join(held))}</li>" for kind, held in by_kind.items())
    return f"<ul>{''.join(lines)}</ul>"


def _kind(entry: Mapping[str, Any] | None) -> str:
    if entry is None:
        return "missing from the record of this copy"
    return MAKERS.get(str(entry.get("kind")), "of a kind that this page does not know")


def _made_by(entry: Mapping[str, Any]) -> str:
    kind = _kind(entry)
    methods = ", ".join(_code(str(path)) for path in entry.get("methods", []))
    file = f" {_code(str(entry['file']))}" if entry.get("file") else ""
    return f"{_text(kind)}{file}" + (f" with {methods}" if methods else "")


def _text_of(name: str, entry: Mapping[str, Any]) -> str:
    text = str(entry.get("text", ""))
    if not text:
        return ""
    if entry.get("kind") != "sql":
        return f": {_text(' '.join(text.split()))}"
    return _folded(f"The SQL of {name} as it ran", f"<pre>{_code(text)}</pre>")


def _lineage(tables: Tables, name: str, columns: Sequence[str]) -> list[str]:
    """A line for each column shown, with the columns it is made from.

    Columns without any share one line.
    """
    made = {column: lineage_of(tables, name, column) for column in columns}
    lines = [
        f"<li>{_code(column)} from {', '.join(_code(f'{table}.{above}') for table, above in origins)}</li>"
        for column, origins in made.items()
        if origins
    ]
    others = ", ".join(_code(column) for column, origins in made.items() if not origins)
    if others and tables[name].get("kind") == "sql":
        lines.append(f"<li>Counted from rows, or set in the SQL: {others}</li>")
    elif others:
        lines.append(f"<li>Columns shown here: {others}</li>")
    return lines


def _deliveries(found: Sequence[Delivery]) -> str:
    """The delivered files by source; if there are many, the latest and a count."""
    if not found:
        return "<p>It is based on no delivered file.</p>"
    by_source: dict[str, list[Delivery]] = {}
    for one in found:
        by_source.setdefault(one.source, []).append(one)
    items = []
    for source, files in by_source.items():
        latest = sorted(files, key=lambda one: (one.received_at, one.file_name), reverse=True)
        items += [
            f"<li>{_code(source)}: {_code(one.file_name)}, sha256 {_code(one.sha256[:DIGITS])}, received "
            f"{_text(numbers.moment(one.received_at))}, {_text(one.rows)}</li>"
            for one in latest[:MOST_FILES]
        ]
        if len(files) > MOST_FILES:
            more = len(files) - MOST_FILES
            items.append(f"<li>{_code(source)}: {more:,} earlier files; the manifest has them with their hashes</li>")
    return _folded(f"Delivered files behind it ({len(found):,})", f"<ul>{''.join(items)}</ul>")


def _folded(summary: str, content: str, kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f"<details{attribute}><summary>{_text(summary)}</summary>{content}</details>"


def _text(text: str) -> str:
    return html.escape(numbers.unbroken(text))


def _code(text: str) -> str:
    return f"<code>{html.escape(text)}</code>"
