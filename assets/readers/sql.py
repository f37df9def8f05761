"""Values in the text of SQL: only where DuckDB takes no bound parameter (views, comments, parts of a larger query)."""

from __future__ import annotations


def literal(value: object) -> str:
    """A text, a path or whatever is written as text, as a SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(label: str) -> str:
    """The name of a column or table as a SQL identifier, whatever is in it."""
    return '"' + label.replace('"', '""') + '"'
