"""A copy of several forces: the rows read are those of the force chosen, and never of two together unseen."""

import json
from pathlib import Path

import polars as pl
import pytest
from published_home import publish

from casework.store.refusal import Refused
from dashboards.data import extract
from dashboards.data.published import ALL, Copy, Missing, open_copy
from dashboards.data.register import Reader, Register
from dashboards.data.scope import WHOLE
from dashboards.data.support import held_to_account_data
from dashboards.documents import writer
from dashboards.text.content import Number

A, B = "E23000013", "E23000035"
MONTH = pl.date(2026, 3, 1)
MARKS = {"metrics.made": "run", "metrics.people": "run or all", "core.listed": "row", "metrics.monthly": "series",
         "metrics.released_measures": "run"}  # fmt: skip


def rows(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame(columns)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("forces")
    forces = rows(force_code=[A, B, "Action Fraud"], force_name=["Invented A", "Invented B", "Action Fraud"],
                  crime_count=[20, 30, 9]).with_columns(first_month=MONTH, last_month=MONTH)  # fmt: skip
    folder = publish(home, "command", {
        "core.extract_forces": forces,
        "core.force_scope": forces.filter(pl.col("force_code") != "Action Fraud").drop("crime_count"),
        "metrics.made": rows(force_code=[A, B], value=[11, 12]),
        "metrics.people": rows(force_code=[A, B, "all"], value=[3, 4, 6]),
        "core.listed": rows(force_code=[A, B, None], value=[1, 1, 1]),
        "metrics.monthly": rows(force_code=[A, B, B], value=[5, 6, 7],
                                series_ref=[f"extract|{A}|S&H", f"extract|{B}|S&H", f"published|{B}|S&H"]),
        "metrics.open": rows(force_code=[A, B], value=[8, 9]),
        "metrics.released_measures": rows(force_code=[A], measure_code=["recorded"]).with_columns(period_start=MONTH),
    })  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text())
    for table, mark in MARKS.items():
        manifest["tables"][table]["by_force"] = mark
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return home


@pytest.fixture
def copy(home: Path) -> Copy:
    return open_copy(home, "command", WHOLE)


def values(copy: Copy, table: str) -> list[int] | str:
    try:
        return copy.select(table, order_by="value")["value"].to_list()
    except Missing as why:
        return why.what.kind


def test_the_forces_are_those_with_figures(copy: Copy) -> None:
    assert copy.forces == {A: "Invented A", B: "Invented B"}


@pytest.mark.parametrize(
    ("table", "of_a", "of_all"),
    [
        ("metrics.made", [11], "absent"),  # made for each force: all together would be a sum of what does not add up
        ("metrics.people", [3], [6]),  # people are the same across forces: 6, not 7
        ("core.listed", [1], [1, 1, 1]),
        ("metrics.monthly", [5, 7], [5, 6, 7]),  # beside the series of open data
        ("metrics.open", [8, 9], [8, 9]),  # open data are of every force
    ],
)  # fmt: skip
def test_rows_are_of_the_force_chosen(copy: Copy, table: str, of_a: list[int], of_all: list[int] | str) -> None:
    assert values(copy.of(A), table) == of_a
    assert values(copy.of(ALL), table) == of_all
    assert copy.of(A).count(table) == len(of_a)


def test_a_hostile_code_in_the_address_is_only_ever_compared(copy: Copy) -> None:
    assert values(copy.of("' or 1=1 --"), "metrics.made") == []


def test_the_extract_is_the_force_chosen_and_never_the_largest(copy: Copy) -> None:
    def named(force: str) -> tuple[str, int | None]:
        found = extract.find_extract(copy.of(force))
        assert isinstance(found, extract.Extract)
        return found.force_name, found.crime_count

    assert named(A) == ("Invented A", 20)
    assert named(ALL) == ("All forces of the extract (Invented A, Invented B)", 50)


def test_a_force_without_a_released_figure_beside_one_with_some_says_so(copy: Copy) -> None:
    with pytest.raises(Missing, match="No figure of this force is released for any quarter"):
        held_to_account_data.read_figures(copy.of(B))
    with pytest.raises(Missing, match="These figures are made for one force at a time"):
        held_to_account_data.read_figures(copy.of(ALL))


def test_a_document_is_of_one_force(home: Path) -> None:
    assert writer.opened(home, "command", A).force == A
    for force, words in (("", "expected --force CODE"), ("E23000001", "expected a force of this home")):
        with pytest.raises(Refused, match=words) as refused:
            writer.opened(home, "command", force)
        assert f"{A} (Invented A), {B} (Invented B)" in str(refused.value)


def test_a_number_of_a_document_is_found_again_in_a_copy_of_all_forces(copy: Copy) -> None:
    number = Number("metrics.made", (), "value", "count")
    printed = Register(Reader(copy.of(B))).printed(number)
    assert (printed.text, printed.number.key) == ("12", (("force_code", B),))
    assert Reader(copy).words(printed.number) == "12"
