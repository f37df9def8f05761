"""The registers for the invented force: the real starters and SQL, invented themes. Plain functions."""

import datetime as dt

import polars as pl
from worked import made


def register_entries() -> pl.DataFrame:
    """core.register_entries where nobody has kept anything yet."""
    as_of = dt.datetime(2025, 10, 31, tzinfo=dt.UTC)
    rows = made("core.register_entries", core_extract_moments=[{"as_of_at": as_of}])
    return pl.DataFrame(rows, infer_schema_length=None)


def command_tables() -> dict[str, pl.DataFrame]:
    """What the page reads beside the advice."""
    themes = {"theme_code": ["T1", "T2"], "theme_name": ["Invented theme one", "Invented theme two"], "place": [1, 2]}
    return {
        "core.register_entries": register_entries(),
        "reference.plan_words": pl.DataFrame(made("reference.plan_words")),
        "reference.themes": pl.DataFrame(themes),
    }
