"""Cards: at the head of SQL and Python, beside a CSV; what a card cannot say is refused with its file and remedy."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pipelines import cards
from pipelines.cards import CardError, all_cards, code_of, read_card, split

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
