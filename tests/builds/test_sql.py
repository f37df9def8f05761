"""House rules for SQL: one SELECT, carried by sqlglot from DuckDB to Spark SQL without what is known to differ."""

from dataclasses import replace
from functools import cache

import pytest
import sqlglot
from sqlglot import exp

from pipelines.tables.cards import Card, CardError, all_cards
from pipelines.tables.named_tables import tables_of_sql

SELECTS = [card for card in all_cards().values() if card.is_select and card.schema in ("core", "metrics")]

# tried on Spark 4.3: they give another result there, or none (design, section 3)
DIFFER = ("date_sub", "datesub", "quantile_cont", "regexp_full_match", "isodow", "asof", "date_diff", "datediff")

SPARK_HAS = {"make_date"}  # Spark's own, though sqlglot has no class for it


@cache
def parse(table: str) -> exp.Query:
    """The one SELECT of a table, as sqlglot reads it."""
    (query,) = sqlglot.parse(all_cards()[table].code, read="duckdb")
    assert isinstance(query, exp.Query)
    return query


@pytest.mark.parametrize("card", SELECTS, ids=lambda card: card.name)
class TestFile:
    def test_it_is_one_select_without_templating_or_paths(self, card: Card) -> None:
        assert parse(card.table)
        text = card.code
        assert not any(word in text for word in ("{{", "{%", "read_csv", "read_parquet", "';", "create ", "insert "))

    def test_the_tables_that_it_reads_are_those_that_sqlglot_finds(self, card: Card) -> None:
        assert tables_of_sql(card) == {f"{t.db}.{t.name}" for t in parse(card.table).find_all(exp.Table) if t.db}

    def test_nothing_in_it_is_known_to_differ_on_spark(self, card: Card) -> None:
        query = parse(card.table)
        text = card.code.lower()
        assert not [word for word in DIFFER if f"{word}(" in text or f" {word} " in text]
        assert not [
            s for s in query.find_all(exp.Star)
            if (s.args.get("except_") and not isinstance(s.parent, exp.Columns)) or s.args.get("replace")
        ]  # fmt: skip

    def test_spark_sql_knows_every_function_of_its_translation(self, card: Card) -> None:
        translated = sqlglot.parse_one(parse(card.table).sql("spark"), read="spark")
        unknown = {f.name.lower() for f in translated.find_all(exp.Anonymous)}
        assert not unknown - SPARK_HAS

    def test_reserved_words_are_lower_case(self, card: Card) -> None:
        code = "\n".join(line.split("--")[0] for line in card.code.splitlines())
        words = [w for w in code.replace("(", " ").split() if w.isupper() and w.isalpha()]
        assert not [w for w in words if w in {"SELECT", "FROM", "WHERE", "JOIN", "GROUP", "ORDER", "WITH", "CASE"}]


@pytest.mark.parametrize("text", ["select 1; select 2", "create table core.t as select 1", "selec 1", "-- nothing"])
def test_a_file_with_anything_but_one_select_is_refused(text: str) -> None:
    with pytest.raises(CardError, match=r"\.sql: a table file holds one SELECT, nothing else"):
        tables_of_sql(replace(all_cards()["core.crimes"], typed=text))
