"""SELECTs in Spark's SQL: every file is translated, and nothing that would mean something else passes in silence."""

import re
from contextlib import suppress

import pytest
import sqlglot
from compare_engines import tables
from representative_tables import REPRESENTATIVE, in_spark, tree_in_spark, words_of
from sqlglot import exp

from pipelines.engines.translation import NotTranslated, name_in_spark, translate, type_in_spark
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import tables_given
from pipelines.tables.named_tables import tables_of_sql
from pipelines.tables.sql import select_of

READ = {"core": {"t": {"share": "double"}}}
# what sqlglot would leave in a query, and what Spark reads otherwise than DuckDB
SILENT = r"unix_timestamp|at time zone|\bqualify\b|percentile_approx|approx_percentile|date_?diff|\bunnest\b"


@pytest.mark.parametrize(
    ("duckdb", "words"),
    [
        ("some_function_of_tomorrow(share)", "is in Spark is not known"),
        ("cast(unheard_of as integer)", "is not known"),
        ("unheard_of at time zone 'Europe/London'", "is not known"),
    ],
)
def test_what_nothing_says_is_refused_with_the_table_and_the_words(duckdb: str, words: str) -> None:
    with pytest.raises(NotTranslated, match=f"core.made: .*{words}"):
        translate("core.made", f"select {duckdb} as x from core.t", READ)


def test_every_select_of_core_and_metrics_is_translated_and_reads_the_tables_that_it_names() -> None:
    cards = tables()
    assert len(cards) > 200
    for card in cards:
        query = in_spark(card.table)
        outside = re.sub(r"'(?:[^']|'')*'", "''", re.sub(r"/\*.*?\*/", "", query, flags=re.S))
        assert not re.search(SILENT, outside, re.I), (card.table, re.findall(SILENT, outside, re.I))
        read = set(re.findall(r"\b[a-z]+__\w+", query))
        assert {name_in_spark(table) for table in tables_of_sql(card)} == read, card.table
        assert ":=" not in query and "::" not in query and ("UNPIVOT" in query) == ("unpivot" in card.code), card.table


def test_the_file_is_read_and_no_copy_of_it() -> None:
    card = next(card for card in tables() if card.table == "core.outcome_times")
    assert "core.as_of" not in in_spark(card.table)
    assert {t.db for t in sqlglot.parse_one(card.code, read="duckdb").find_all(exp.Table)} > {"core"}


@pytest.mark.parametrize(
    ("duckdb", "in_spark"),
    [
        ("varchar", "STRING"),
        ("timestamp with time zone", "TIMESTAMP"),
        ("timestamp", "TIMESTAMP_NTZ"),
        ("hugeint", "DECIMAL(38, 0)"),
        ("uuid", "STRING"),
        ("varchar[]", "ARRAY<STRING>"),
    ],
)
def test_a_type_of_a_card_has_one_in_spark(duckdb: str, in_spark: str) -> None:
    assert type_in_spark(duckdb) == in_spark


# keys of which a table has one for each crime, person or report: its rows grow with the records
RECORDS = {"crime_ref", "person_ref", "person_key", "suspect_ref", "victim_ref", "pair_ref", "record_ref", "event_ref",
           "referral_ref"}  # fmt: skip


def test_python_reads_no_table_of_records_whole() -> None:
    """A country's would not fit into one process. Count or join in SQL, which Spark spreads, and give the counts."""
    cards = all_cards()
    assert {
        (table, read)
        for table, card in cards.items() if card.schema in ("core", "metrics")
        for read in tables_given(card).values() if RECORDS & {column.name for column in cards[read].columns}
    } == set()  # fmt: skip


def test_a_list_becomes_rows_at_the_top_of_an_expression_alone() -> None:
    """Spark refuses it inside another: `trim(unnest(...))` withheld a table of a home that was built on Spark."""
    inside = {
        card.table
        for card in tables()
        for rows in tree_in_spark(card.table).find_all(exp.Explode)
        if not isinstance(rows.parent, exp.Alias | exp.Select | exp.Lateral | exp.Table)
    }
    assert inside == set()


WINDOWS_WITHOUT_KEY = {  # what they put in order has few rows at any volume: one task of Spark does it
    "core.crimes": "recording regimes",
    "core.extract_forces": "forces",
    "core.similar_forces": "versions of a list",
    "core.working_days": "days",
    "metrics.advice_figures": "forces and months",
    "metrics.attention": "months of one measure",
    "metrics.case_file_gaps": "items of a file",
    "metrics.score_after_listing": "moments",
    "metrics.theme_case_counts": "cycles of audit",
    "metrics.theme_changes": "assessments",
    "metrics.theme_confidence": "forces",
    "metrics.theme_gaps": "parts of themes",
    "metrics.theme_risks": "themes",
    "metrics.v100": "figures of harm",
}


def test_no_more_windows_without_a_key_than_these() -> None:
    """Spark gives all rows of such a window to one task. Ranks of records count the records of each figure first."""
    found = {
        card.table
        for card in tables()
        for window in sqlglot.parse_one(select_of(card), read="duckdb").find_all(exp.Window)
        if not (window.args.get("partition_by") or window.args.get("alias"))  # named: its key is where it is named
    }
    assert found == set(WINDOWS_WITHOUT_KEY)


def test_the_tables_that_stand_for_all_have_every_word_of_sql() -> None:
    """Else a word that Spark reads otherwise would be compared in `make spark-test` alone."""
    words: dict[str, set[str]] = {}
    for card in tables():
        with suppress(NotTranslated):
            words[card.table] = words_of(card)
    assert words.keys() >= REPRESENTATIVE and len(words) > 250
    had = set().union(*(words[table] for table in REPRESENTATIVE))
    missing = {word: table for table, found in words.items() for word in found - had}
    assert missing == {}, "name one of these tables in tests/tools/representative_tables.py"
