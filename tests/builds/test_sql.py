"""House rules for SQL: one SELECT, carried by sqlglot from DuckDB to Spark SQL without what is known to differ."""

from functools import cache
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from pipelines.tables.cards import ASSETS, CardError, code_of
from pipelines.tables.named_tables import tables_of_sql

FILES = sorted([*(ASSETS / "core").rglob("*.sql"), *(ASSETS / "metrics").rglob("*.sql")])

# tried on Spark 4.3: they give another result there, or none (design, section 3)
DIFFER = ("date_sub", "datesub", "quantile_cont", "regexp_full_match", "isodow", "asof", "date_diff", "datediff")

SPARK_HAS = {"make_date"}  # Spark's own, though sqlglot has no class for it


@cache
def parse(path: Path) -> exp.Query:
    """The one SELECT of a file, as sqlglot reads it."""
    (query,) = sqlglot.parse(code_of(path), read="duckdb")
    assert isinstance(query, exp.Query)
    return query


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
class TestFile:
    def test_it_is_one_select_without_templating_or_paths(self, path: Path) -> None:
        assert parse(path)
        text = code_of(path)
        assert not any(word in text for word in ("{{", "{%", "read_csv", "read_parquet", "';", "create ", "insert "))

    def test_the_tables_that_it_reads_are_those_that_sqlglot_finds(self, path: Path) -> None:
        assert tables_of_sql(path) == {f"{t.db}.{t.name}" for t in parse(path).find_all(exp.Table) if t.db}

    def test_nothing_in_it_is_known_to_differ_on_spark(self, path: Path) -> None:
        query = parse(path)
        text = code_of(path).lower()
        assert not [word for word in DIFFER if f"{word}(" in text or f" {word} " in text]
        assert not [s for s in query.find_all(exp.Star) if s.args.get("except_") or s.args.get("replace")]

    def test_spark_sql_knows_every_function_of_its_translation(self, path: Path) -> None:
        translated = sqlglot.parse_one(parse(path).sql("spark"), read="spark")
        unknown = {f.name.lower() for f in translated.find_all(exp.Anonymous)}
        assert not unknown - SPARK_HAS

    def test_reserved_words_are_lower_case(self, path: Path) -> None:
        code = "\n".join(line.split("--")[0] for line in code_of(path).splitlines())
        words = [w for w in code.replace("(", " ").split() if w.isupper() and w.isalpha()]
        assert not [w for w in words if w in {"SELECT", "FROM", "WHERE", "JOIN", "GROUP", "ORDER", "WITH", "CASE"}]


@pytest.mark.parametrize("text", ["select 1; select 2", "create table core.t as select 1", "selec 1", "-- nothing"])
def test_a_file_with_anything_but_one_select_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "things.sql").write_text(text)
    with pytest.raises(CardError, match=r"things\.sql: a table file holds one SELECT, nothing else"):
        tables_of_sql(tmp_path / "things.sql")
