"""Every SELECT of core and metrics gives on Spark what it gives on DuckDB: in the environment of `make spark` alone.

`make long` compares the tables of tests/tools/representative_tables.py, and each function over rows of edge values.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from compare_engines import Comparison, tables
from conftest import InventedForce
from representative_tables import REPRESENTATIVE

from pipelines.tables.cards import Card

pytest.importorskip("pyspark", reason="Spark is not in this environment: make spark-test has one")
from edge_rows import Edges

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17 or 21: apt-get install openjdk"),
]


@pytest.fixture(scope="module")
def comparison(invented_force: InventedForce, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    """One session of Spark for all tables, over the home of the invented force."""
    made = Comparison(invented_force.home, tmp_path_factory.mktemp("engines"))
    yield made
    made.stop()


def or_representative(card: Card) -> object:
    """A table to compare; `make long` takes those that stand for all."""
    marks = [pytest.mark.representative] if card.table in REPRESENTATIVE else []
    return pytest.param(card, marks=marks, id=card.table)


@pytest.mark.parametrize("card", map(or_representative, tables()))
def test_a_select_gives_on_spark_what_it_gives_on_duckdb(card: Card, comparison: Comparison) -> None:
    found = list(comparison.of(card))
    assert found and [one for one in found if one[1] != "equal"] == []


@pytest.mark.representative
def test_a_function_gives_on_spark_what_it_gives_on_duckdb_of_edge_values(
    comparison: Comparison, tmp_path: Path
) -> None:
    """Each use of a function in a SELECT, by its literals and the types of its operands. None is listed here."""
    edges = Edges(comparison.engine, tmp_path)
    assert list(edges.differences()) == []
    missed = {function for function, of in edges.functions.items() if not of & set(edges.compared)}
    assert missed == set(), "no use of these could be compared: see tests/tools/edge_rows.py"
    assert len(edges.compared) > 900
