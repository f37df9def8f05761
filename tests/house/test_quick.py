"""`make quick` finds near tests, `make mutants` makes small faults, and `make slowest` names the costliest tests."""

import json
from pathlib import Path

import mutants
import processor_time
import pytest
import quick

from pipelines.tables.cards import ROOT


@pytest.mark.parametrize(
    ("folder", "file", "name"),
    [
        ("pipelines/mapping", "words.py", "test_mapping_guess"),  # imported
        ("assets/metrics/demand", "open_caseload.sql", "test_caseload"),  # the table is named
        ("assets/metrics/demand", "open_caseload.toml", "test_caseload"),
        ("assets/methods", "forecast.py", "test_forecast"),
        ("casework/assessment/plans", "take.py", "test_plan_import"),  # imported by a command that is imported
        ("assets/methods/survival", "stretches.py", "test_next_events"),  # the method of a table that is named
        ("tests/house", "test_quick.py", "test_quick"),
        ("tests/worlds", "invented_demand.py", "test_caseload"),
    ],
)
def test_a_test_is_near_to_what_it_imports_and_to_the_tables_it_names(folder: str, file: str, name: str) -> None:
    change = Path(folder) / file
    found = [file.stem for file in quick.ordered(quick.near(change), [change])]
    assert name in found[:15] and "test_gate" not in found


def test_every_file_of_the_product_has_a_near_test() -> None:
    """One with a test that `make quick` runs."""
    files = [file for room in quick.PRODUCT if room != "benchmarks" for file in (ROOT / room).rglob("*.*")]
    code = {file: file.read_text(encoding="utf-8").strip() for file in files if file.suffix in (".py", ".sql")}
    held = [file for file, text in code.items() if text and not text.endswith('"""')]
    assert len(held) > 800
    assert [file for file in held if not any(map(quick.is_run, quick.near(file.relative_to(ROOT))))] == []


def test_what_would_take_too_long_is_left_out_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = tmp_path / "costs"
    record.write_text(json.dumps(["tests/demand/test_forecast.py::test_one", 1000]) + "\n", encoding="utf-8")
    monkeypatch.setattr(quick, "LAST_RUN", record)
    run, left = quick.chosen([Path("assets/methods/forecast.py")])
    assert "test_forecast.py" in [file.name for file in left]
    assert "test_forecast.py" not in [file.name for file in run]


def test_the_cost_of_a_test_is_that_of_all_its_phases_and_the_costliest_comes_first(tmp_path: Path) -> None:
    record = tmp_path / "costs"
    lines = [["a.py::one", 1.5], ["a.py::two", 2.0], ["a.py::one", 1.0], ["b.py::three", 0.2]]
    record.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    head, *rest = processor_time.report(record, 2)
    assert head == "3 tests, 0.1 processor minutes"
    assert [line.split()[-1] for line in rest] == ["a.py::one", "a.py::two", "file", "a.py"]


def test_a_process_that_a_test_started_counts(tmp_path: Path) -> None:
    import subprocess
    import sys

    before = processor_time.used()
    subprocess.run([sys.executable, "-c", "sum(range(5_000_000))"], check=True)
    assert processor_time.used() - before > 0.02


def test_mutants_are_small_faults_and_meet_few_files_of_tests_first() -> None:
    select = "select count(*) as n from t inner join u on t.x = u.x and t.y is not null where 2 < 5\n"
    changes = [("inner", "left"), ("=", "<>"), ("and", "or"), ("not", ""), ("2", "3"), ("<", "<="), ("5", "6")]
    assert [place[1:] for place in mutants.in_sql(select)] == changes
    call = 'def f(*a, b):\n    """not"""\n    return zip(a, b, strict=True) if a is not b and b is a else 3 * 2\n'
    found = [mutants.Mutant("part", "a.py", call, *place) for place in mutants.in_python(call)]
    assert [(mutant.was, mutant.put) for mutant in found] == [
        ("not", ""), ("and", "or"), ("is", "is not"), ("3", "4"), ("*", "/"), ("2", "3")
    ]  # fmt: skip
    assert found[0].name.startswith("a.py:3: return zip(a, b, strict=True) if a is b and b is a else 3 * 2  (")
    first, *_ = mutants.tiers(Path("casework/upkeep/checks.py"))
    assert "tests/oversight/test_log_attacks.py" in first and len(first) <= mutants.FIRST
