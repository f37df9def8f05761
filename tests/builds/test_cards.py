"""Cards: at the head of SQL and Python, beside a CSV; what a card cannot say is refused with its file and remedy."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, replace
from functools import cache
from pathlib import Path

import pytest
from sqlglot import exp

from pipelines.tables import cards
from pipelines.tables.cards import (
    FORCE,
    SHARED,
    Card,
    CardError,
    Column,
    all_cards,
    code_of,
    read_card,
    shared_columns,
    split,
)
from pipelines.tables.column_lineage import _lineage_nodes, _upstream

CARD = """description = "One row is a thing."
grain = ["thing_ref"]
audience = ["command"]
caveats = [
    \"\"\"It is long and \\
    goes on.\"\"\",
]

[columns]
thing_ref = ["varchar", "Thing"]
length = ["double", "Length of it", "metres"]
"""


def headed(mark: str, card: str = CARD, code: str = "select 1\n") -> str:
    lines = "".join(f"{mark} {line}".rstrip() + "\n" for line in card.splitlines())
    return f"{mark} /// card\n{lines}{mark} ///\n\n{code}"


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of tables, in place of ours."""
    monkeypatch.setattr(cards, "ROOT", tmp_path)
    monkeypatch.setattr(cards, "ASSETS", tmp_path / "assets")
    for schema in cards.SCHEMAS:
        (tmp_path / "assets" / schema / "things").mkdir(parents=True)
    (tmp_path / "assets" / "columns.toml").write_text('month = ["date", "Month of it", "", "Month of recording"]\n')
    return tmp_path / "assets"


@pytest.mark.parametrize(("suffix", "mark"), [(".sql", "--"), (".py", "#")])
def test_a_card_is_the_comment_at_the_head_of_its_file(assets: Path, suffix: str, mark: str) -> None:
    path = assets / "core" / "things" / f"things{suffix}"
    path.write_text(headed(mark), "utf-8")
    card = read_card(path)
    assert (card.table, card.maker, card.path) == ("core.things", path, path)
    assert card.caveats == ("It is long and goes on.",)
    assert [(c.name, c.type, c.meaning, c.unit) for c in card.columns] == [
        ("thing_ref", "varchar", "Thing", ""), ("length", "double", "Length of it", "metres"),
    ]  # fmt: skip
    assert code_of(path) == "select 1\n"


def test_a_card_beside_a_csv_is_toml_and_so_is_that_of_a_table_without_a_maker(assets: Path) -> None:
    path = assets / "quality" / "things" / "things.toml"
    path.write_text(CARD, "utf-8")
    assert read_card(path).maker is None
    path.with_suffix(".csv").write_text("thing_ref,length\n", "utf-8")
    assert read_card(path).maker == path.with_suffix(".csv")


def test_a_comment_that_is_no_card_stays_code() -> None:
    for text in ("-- /// script\n-- ///\n", "select 1\n" + headed("--"), "# /// card\n-- ///\n", "-- /// card\n"):
        assert split(text) == ("", text)


def test_the_module_docstring_stays_one() -> None:
    text = headed("#", code='"""What it is."""\n\nONE = 1\n')
    assert ast.get_docstring(ast.parse(text)) == "What it is."


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("", "expected a card at its head"),
        (CARD.replace("grain", "grains"), "KeyError: 'grain'"),
        (CARD.replace("]\n", "\n", 1), "TOMLDecodeError"),
        (CARD.replace('"thing_ref"]', '"thing"]'), "not a column or an audience: thing"),
        (CARD.replace('"command"', '"public"'), "not a column or an audience: public"),
        (CARD.replace("grain", "by_row = true\ngrain", 1), "by_row is for the method of a table"),
    ],
)
def test_a_card_that_cannot_be_is_refused_with_its_file(assets: Path, card: str, said: str) -> None:
    path = assets / "metrics" / "things" / "things.sql"
    path.write_text(headed("--", card) if card else "select 1\n", "utf-8")
    with pytest.raises(CardError, match=rf"assets/metrics/things/things\.sql: .*{said}"):
        read_card(path)


def test_a_file_that_makes_a_table_without_a_card_and_a_table_of_two_files_are_refused(assets: Path) -> None:
    all_cards.cache_clear()
    try:
        one = assets / "core" / "things" / "things.sql"
        one.write_text("select 1\n", "utf-8")
        with pytest.raises(CardError, match=r"things\.sql: expected a card"):
            all_cards()
        one.write_text(headed("--"), "utf-8")
        assert list(all_cards()) == ["core.things"]
        all_cards.cache_clear()
        one.with_suffix(".toml").write_text(CARD, "utf-8")
        with pytest.raises(CardError, match=r"core\.things is the table of .* too"):
            all_cards()
    finally:
        all_cards.cache_clear()


# words from elsewhere


def card_with(*lines: str) -> str:
    head = 'description = "One row is a thing."\ngrain = []\naudience = []\ncaveats = []\n[columns]\n'
    return headed("--", head + "\n".join(lines) + "\n")


def put(assets: Path, table: str, *lines: str) -> None:
    schema, name = table.split(".")
    (assets / schema / "things" / f"{name}.sql").write_text(card_with(*lines), "utf-8")


@pytest.fixture
def no_cards_kept() -> Iterator[None]:
    all_cards.cache_clear()
    yield
    all_cards.cache_clear()


@pytest.mark.usefixtures("no_cards_kept")
def test_a_column_has_the_words_of_the_table_it_comes_from_or_of_the_shared_columns(assets: Path) -> None:
    put(assets, "core.first", 'a = ["varchar", "The a", "", "An a"]', 'b = ["bigint", "The b", "days"]')
    put(assets, "core.second", '"b, a" = "core.first"', 'month = "columns"', 'c = ["date", "The c"]')
    put(assets, "metrics.third", 'a = "core.second"', 'month = ["date", "Month of another thing"]')
    found = {table: [astuple(column) for column in card.columns] for table, card in all_cards().items()}
    month = ("month", "date", "Month of it", "", "Month of recording")
    a, b = ("a", "varchar", "The a", "", "An a"), ("b", "bigint", "The b", "days", "")
    assert found["core.second"] == [b, a, month, ("c", "date", "The c", "", "")]
    # words of its own, the heading of the shared column of that name
    assert found["metrics.third"] == [a, ("month", "date", "Month of another thing", "", "Month of recording")]


@pytest.mark.usefixtures("no_cards_kept")
def test_a_table_is_made_again_when_the_words_it_has_from_elsewhere_change(assets: Path) -> None:
    put(assets, "core.second", 'month = "columns"')
    before = all_cards()["core.second"].code_hash
    (assets / "columns.toml").write_text('month = ["date", "Month of recording"]\n', "utf-8")
    all_cards.cache_clear()
    assert all_cards()["core.second"].code_hash != before


@pytest.mark.usefixtures("no_cards_kept")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('a = "core.first"', "column a: expected it in core.first"),
        ('year = "columns"', "column year: expected it in columns"),
        ('a = "core.none"', "words from core.none: no such table"),
        ('a = "core.second"', "words from core.second: in a circle"),
        ('"month, month" = "columns"', "columns listed twice: month"),
        ('a = ["varchar"]', "TypeError"),
        ("a = 1", "words from 1: no such table"),
    ],
)
def test_words_that_are_nowhere_are_refused_with_the_file(assets: Path, line: str, said: str) -> None:
    put(assets, "core.first", 'b = ["varchar", "The b"]')
    put(assets, "core.second", line)
    with pytest.raises(CardError, match=rf"assets/core/things/second\.sql: .*{said}"):
        all_cards()


# our own cards


# passed on from some rows alone: of what the origin's words say, a part is true here
NARROWER = {
    "metrics.ended_breaches.ended_as", "metrics.ended_breaches.ended_run_ref", "metrics.fix_list.severity",
    "metrics.repeat_dyads.victim_ref", "metrics.support_waits.breakdown",
}  # fmt: skip


@cache
def listed(table: str) -> dict[str, str | list[str]]:
    """Column -> what the card of a table says of it itself, names in a row taken apart."""
    card = all_cards()[table]
    found = cards._content(card.path, card.schema)["columns"]
    return {name: said for key, said in found.items() for name in (key.split(", ") if isinstance(said, str) else [key])}


def words_of(meaning: str) -> set[str]:
    """The words that say something."""
    empty = {"a", "an", "the", "of", "its", "it", "that", "this", "when", "which", "on", "in", "was", "is", "to", "by"}
    return set(re.findall(r"[a-z0-9]+", meaning.lower())) - empty


def passed_on(card: Card) -> dict[str, str]:
    """Column -> the one upstream table that passes it on: under the same name, and changed by no expression."""
    result = {}
    for name, node in _lineage_nodes(card).items():
        step = node
        while len(step.downstream) == 1 and isinstance(step.expression.unalias(), exp.Column):
            step = step.downstream[0]
        if _upstream(step) and not step.downstream and step.name.split(".")[-1].strip('"') == name:
            result[name] = _upstream(step)
    return result


@pytest.mark.parametrize("table", [t for t, c in all_cards().items() if c.maker and c.maker.suffix == ".sql"])
def test_words_come_from_where_the_column_comes_from(table: str) -> None:
    """By the lineage of the SELECT: what is said to be passed on is, and what is passed on is not worded twice."""
    card = all_cards()[table]
    passed = passed_on(card)
    for column in card.columns:
        if column.name == FORCE and card.is_force_added:
            continue  # the build says which force a row is of, not the SELECT
        said, origin = listed(table)[column.name], passed.get(column.name)
        if isinstance(said, str) and said != SHARED:
            assert said == origin, f"{table}.{column.name} is not {said}.{column.name}, passed on unchanged"
        elif isinstance(said, list) and origin is not None:
            above = {c.name: c for c in all_cards()[origin].columns}.get(column.name)  # raw views add three columns
            if above is None or (above.type, above.unit) != (column.type, column.unit):
                continue
            more = words_of(column.meaning) - words_of(above.meaning)
            assert more or f"{table}.{column.name}" in NARROWER, (
                f"{table}.{column.name}: {origin} says it already: '{above.meaning}'"
            )


@pytest.mark.parametrize("table", list(all_cards()))
def test_a_shared_column_is_worded_once(table: str) -> None:
    shared, suffix = shared_columns(), all_cards()[table].path.suffix
    if cards._layout_of(all_cards()[table].path) is not None or cards.EACH_KEY in listed(table):
        return  # a field or a setting has its words once, for both its names
    for name, said in listed(table).items():
        assert suffix == ".sql" or isinstance(said, list) or said == SHARED, f"{table}.{name}: nothing proves {said}"
        if isinstance(said, list) and name in shared:
            assert replace(Column(name, *said), heading="") != replace(shared[name], heading=""), (
                f'{table}.{name}: write {name} = "columns"'
            )


def test_every_shared_column_is_shared() -> None:
    """By its words or its heading."""
    uses = Counter(column.name for card in all_cards().values() for column in card.columns)
    assert {name for name in shared_columns() if uses[name] < 2} == set()
