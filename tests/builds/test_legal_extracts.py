"""Any legal extract is published whole, each of its rows is accounted for, and every page of it opens.

Builds of `make test`: one odd extract with its pages, and one of 60 crimes in two forms that give the same figures.
`make long` makes more: LEGAL=24 draws as many and opens the pages of all. LEGAL_LOG=FILE keeps what came of
each, so that a run that was stopped goes on behind the last one.
"""

import asyncio
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import time
import traceback
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from compare_homes import compare, compare_table, is_volatile, published
from dashboard_browser import serving
from dashboard_session import Session
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from kept_homes import copied
from legal_builds import build, fresh_home
from legal_extract import ALTERATIONS, FORCES, Case, cases, of_forces
from legal_forms import FORMS
from released_readers import Readers
from trials import count

from dashboards.registry import PAGES
from pipelines.tables.cards import AUDIENCES

pytestmark = pytest.mark.slow
COUNT = int(os.environ.get("LEGAL", "0"))  # cases that are drawn
LOG = os.environ.get("LEGAL_LOG", "")
SIZES = st.sampled_from((200, 200, 200, 300, 600, 2_000))  # with many the series are long enough to be forecast
CRIMES = 200 if COUNT else 60  # few cost little
ODD = ("future", "long_names", "nulls", "odd_numbers", "unknown_codes")
AS_OF = date(2026, 3, 31)
_numbers = itertools.count()


@given(case=cases(SIZES), form=st.sampled_from(sorted(FORMS)), as_of=st.sampled_from((None, AS_OF)))
@example(case=Case(11, 120, ODD), form="all_at_once", as_of=None)
@settings(
    max_examples=max(1, COUNT), phases=[Phase.generate if COUNT else Phase.explicit], database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_a_legal_extract_is_published_whole_and_shown(
    tmp_path: Path, case: Case, form: str, as_of: date | None
) -> None:
    if f"{case} {form} {as_of}" in _logged():
        return
    root, extract, began = tmp_path / "case", case.make(), time.process_time()
    shutil.rmtree(root, ignore_errors=True)
    FORMS[form](extract, root / "data", random.Random(case.seed))
    try:
        wrong = build(root / "data", fresh_home(root / "home"), extract, as_of)
        with serving(root / "home") as address:
            wrong += asyncio.run(_opened(address))
    except Exception:
        wrong = [traceback.format_exc()]
    _log(f"{case} {form} {as_of}", time.process_time() - began, wrong)
    assert wrong == []


async def _opened(address: str) -> list[str]:
    """What is wrong with the pages of each audience."""
    faults = []
    for audience in AUDIENCES:
        async with Session(address) as session:
            for page in PAGES:
                if page.audience == audience:
                    drawn = await session.open(page.address)
                    faults += [f"page {page.address}: {fault}" for fault in drawn.faults]
                    faults += [f"page {page.address}: nothing drawn"] if len(drawn.elements) < 5 else []
    return faults


def _logged() -> set[str]:
    """The cases that went well; one that went wrong is tried again, and the run stops there until it is mended."""
    if not LOG or not Path(LOG).exists():
        return set()
    lines = map(json.loads, Path(LOG).read_text(encoding="utf-8").splitlines())
    return {line["case"] for line in lines if not line["wrong"]}


def _log(case: str, seconds: float, wrong: list[str]) -> None:
    if LOG:
        with open(LOG, "a", encoding="utf-8") as stream:
            stream.write(json.dumps({"case": case, "processor_seconds": round(seconds, 1), "wrong": wrong}) + "\n")


# what a figure does not rest on


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Path]:
    """A home of a part of an invented force, delivered as plain CSV."""
    root, case = tmp_path_factory.mktemp("plain"), Case(7, CRIMES)
    extract = case.make()
    FORMS["csv"](extract, root / "data", random.Random(0))
    assert build(root / "data", fresh_home(root / "home"), extract, AS_OF) == []
    return case, root / "home"


@pytest.mark.parametrize("form", sorted(FORMS.keys() - {"csv"}) if COUNT else ["all_at_once"])
def test_no_figure_rests_on_the_form_the_order_or_other_columns(
    plain: tuple[Case, Path], tmp_path: Path, form: str
) -> None:
    case, before = plain
    extract = case.make()
    FORMS[form](extract, tmp_path / "data", random.Random(1))
    assert build(tmp_path / "data", fresh_home(tmp_path / "home"), extract, AS_OF) == []
    assert compare(before, tmp_path / "home", has_same_files=False) == (0, [])


OTHER_MACHINE = """
import sys
from datetime import date
from pathlib import Path
import legal_builds
from legal_extract import Case
data, home, seed, crimes = sys.argv[1:]
wrong = legal_builds.build(Path(data), legal_builds.fresh_home(Path(home)), Case(int(seed), int(crimes)).make(),
                           date(2026, 3, 31))
assert wrong == [], wrong
"""
RENAMED = ["unshare", "--map-root-user", "--uts", "sh", "-c", 'hostname another-machine; exec "$@"', "sh"]


@pytest.mark.long
def test_another_machine_publishes_the_same_bytes(plain: tuple[Case, Path], tmp_path: Path) -> None:
    """Two threads for one, another seed of hashes, time zone, language and name. Files differ where they say when."""
    (case, before), home = plain, tmp_path / "home"
    FORMS["csv"](case.make(), tmp_path / "data", random.Random(0))
    other = {"PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo", "LANG": "C", "LC_ALL": "C", "STRA_THREADS": "2",
             "PYTHONPATH": os.pathsep.join(sys.path)}  # fmt: skip
    may_rename = subprocess.run([*RENAMED, "true"], capture_output=True, check=False).returncode == 0
    subprocess.run(
        [*(RENAMED if may_rename else []), sys.executable, "-c", OTHER_MACHINE, tmp_path / "data", home,
         str(case.seed), str(case.crimes)],
        env=os.environ | other, check=True, capture_output=True,
    )  # fmt: skip
    theirs, same = published(home), 0
    for audience, tables in published(before).items():
        for name, table in tables.items():
            other = theirs[audience][name]
            if any(is_volatile(name, column) for column in table.types):
                assert compare_table(name, name, table, other, 0) == (0, [])
            else:
                assert table.file.read_bytes() == other.file.read_bytes(), name
                same += 1
    assert same > 300


@pytest.mark.long
def test_no_figure_of_a_force_moves_when_another_force_is_added(plain: tuple[Case, Path], tmp_path: Path) -> None:
    """The two share no person: who is reported in several forces is counted by itself. Nor services and residents: an
    area that is in no list of areas belongs to the only force, and to none of two. So do released counts of areas and
    the attack on them."""
    case, alone = plain
    both = of_forces(case.make(), FORCES[1:2])
    FORMS["csv"](both, tmp_path / "data", random.Random(0))
    assert build(tmp_path / "data", fresh_home(tmp_path / "home"), both, AS_OF) == []
    lines = compare(alone, tmp_path / "home", has_same_files=False, force_code=FORCES[0])[1]
    lines = _without_figure(lines, OF_AREAS)
    of_areas = ("support_", "released", "disclosure_attack")
    assert [line for line in lines if line[:4].strip() and not any(name in line for name in of_areas)] == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(count(2, 20)))
def test_no_correction_withholds_a_table_or_gives_a_protected_count(
    plain: tuple[Case, Path], tmp_path: Path, seed: int
) -> None:
    """Crimes removed and restored, whose other records stay, and birth months changed and put back."""
    (case, full), chance = plain, random.Random(seed)
    home, whole, born = copied(full, tmp_path / "home"), case.make(), pl.col("birth_ym")
    for _ in range(chance.randint(1, 4)):
        crimes, people = whole["crime"], whole["person"]
        changed = {key: f"19{chance.randint(50, 99)}-05" for key in people["person_key"].sample(30, seed=seed)}
        corrected = whole | {
            "crime": crimes.sample(crimes.height - chance.choice((0, 5, 20)), seed=chance.randrange(10**6)),
            "person": people.with_columns(birth_ym=pl.col("person_key").replace_strict(changed, default=born)),
        }
        shutil.rmtree(tmp_path / "data", ignore_errors=True)
        FORMS["csv"](corrected, tmp_path / "data", random.Random(0))
        assert [line for line in build(tmp_path / "data", home, corrected, AS_OF) if "withheld" in line] == []
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        log = con.sql("select * from raw.released_cells order by published_at, cell_ref").pl().to_dicts()
    held, readers = dict[str, dict[str, object]](), Readers()
    for _, rows in itertools.groupby(log, key=lambda row: row["published_at"]):
        held |= {row["cell_ref"]: row for row in rows}
        readers.read(list(held.values()), few=10, unrounded_below=30)
    assert len(readers.protected) > 500 and readers.worked_out() == []


# tables that remember earlier builds, and what may follow from an earlier release
REMEMBERING = ("quality.runs", "metrics.ended_breaches")
RELEASED = ("metrics.support_", "metrics.released", "metrics.disclosure_attack")
IS_NEW = ("metrics.breach_records", "metrics.fix_list")  # whether the build before had the breach
# figures of the advice: one remembers builds, one counts areas
CORRECTED, OF_AREAS = "'breaches_corrected'", "'areas_with_advocate'"
# so few rows that each is shown; a figure has one in the first table, and in the second one a statement it answers
ADVICE = tuple(f"metrics.advice_{of}: {rows} rows changed" for of in ("figures", "answers") for rows in (1, 2))


def _deliveries() -> st.SearchStrategy[list[tuple[tuple[str, ...], str]]]:
    """What is delivered between a delivery and the same once more: alterations of it, and the form of its files.

    A table that is no longer delivered keeps its last delivery, so every delivery has all tables.
    """
    base = Case(7, CRIMES).make().keys()
    names = [name for name in sorted(ALTERATIONS) if Case(7, CRIMES, (name,)).make().keys() == base]
    altered = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True).map(tuple)
    return st.lists(st.tuples(altered, st.sampled_from(("csv", "shuffled"))), min_size=1, max_size=3)


@pytest.mark.long
@given(between=st.deferred(_deliveries))
@example(between=[(("clock_changes",), "csv")])  # changes what is set aside
@settings(
    max_examples=count(8, 30), phases=[Phase.explicit, Phase.generate], database=None,
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_deliveries_one_after_another_give_the_figures_of_the_last_alone(
    plain: tuple[Case, Path], tmp_path: Path, between: list[tuple[tuple[str, ...], str]]
) -> None:
    """New, changed, withdrawn, reordered, redelivered crimes, people and outcomes; the last is that of a full build."""
    if f"one after another {between}" in _logged():
        return
    (case, full), began = plain, time.process_time()
    home = copied(full, tmp_path / f"home_{next(_numbers)}")
    altered = [(Case(case.seed, case.crimes, names), form) for names, form in between]
    for one, form in (*altered, (case, "csv")):
        shutil.rmtree(tmp_path / "data", ignore_errors=True)
        extract = one.make()
        FORMS[form](extract, tmp_path / "data", random.Random(0))
        build(tmp_path / "data", home, extract, AS_OF)
    columns: dict[str, set[str]] = {}  # table -> its columns that differ; none where rows were added or removed
    for line in _without_figure(compare(full, home, has_same_files=False)[1], CORRECTED):
        name = line.split(":")[0].split(" ")[-1]
        if not line.startswith(" "):
            differing = columns.setdefault(name, set())
        elif not line.startswith("    {"):
            differing.add(name)
    wrong = [
        f"{table}: {sorted(names)}" for table, names in columns.items()
        if not table.startswith((*REMEMBERING, *RELEASED)) and not (table in IS_NEW and names == {"is_new"})
    ]  # fmt: skip
    _log(f"one after another {between}", time.process_time() - began, wrong)
    assert wrong == []
    shutil.rmtree(home)


def _without_figure(lines: list[str], figure: str) -> list[str]:
    """The lines without the tables of the advice, if this figure alone differs in them."""
    kept = _without(lines, ADVICE)
    differing = [line for line in set(lines) - set(kept) if line.startswith("    {")]
    return kept if all(figure in line for line in differing) else lines


def _without(lines: list[str], headings: tuple[str, ...]) -> list[str]:
    """The lines without these headings and what stands below them."""
    kept, is_below = [], False
    for line in lines:
        if not line.startswith(" "):
            is_below = line.endswith(headings)
        if not is_below:
            kept.append(line)
    return kept


def test_every_alteration_changes_an_extract_and_keeps_it_in_the_layout() -> None:
    """A generator that altered nothing would find nothing."""
    plain = Case(3, 200).make()
    for name in ALTERATIONS:
        altered = Case(3, 200, (name,)).make()
        assert any(table not in altered or not rows.equals(altered[table]) for table, rows in plain.items()) or (
            altered.keys() - plain.keys()
        ), name
