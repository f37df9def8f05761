"""What a run of all tests may cost: what is counted, and what is more than tests/budget.toml allows."""

import subprocess
import sys
import tomllib
from pathlib import Path

import budget
import pytest


def test_more_than_the_budget_is_wrong_and_says_who_used_it() -> None:
    lines = ['["linkages", "a.py::one[1]"]', '["linkages", "a.py::one[2]"]', '["linkages", "b.py::two"]']
    record = "\n".join([*lines, '["dagster_runs", "b.py::two"]'])
    used, wrong = budget.compare(record, {"linkages": 2, "dagster_runs": 1})
    assert used == ["dagster_runs: 1 of at most 1", "linkages: 3 of at most 2"]
    assert wrong[0].startswith("linkages: 3, expected at most 2")
    assert wrong[1:] == ["  2 by a.py::one", "  1 by b.py::two"]
    assert budget.compare(record, {"linkages": 3, "dagster_runs": 1})[1] == []


@pytest.mark.parametrize("budget_of", [{}, {"browser_visits": 5, "linkages": 5}])
def test_a_kind_without_a_budget_and_one_that_nobody_counted_are_wrong(budget_of: dict[str, int]) -> None:
    [wrong, *_] = budget.compare('["linkages", "a.py::one"]', budget_of)[1]
    assert wrong.startswith("browser_visits: none was counted" if budget_of else "linkages: 1, expected at most 0")


def test_each_kind_is_counted_where_it_happens_with_its_test(tmp_path: Path) -> None:
    """In a process of its own: what counts stays for the whole of it."""
    file = tmp_path / "budget"
    code = (
        "import sys, subprocess; from pathlib import Path; import budget; budget.watch(Path(sys.argv[1]))\n"
        "from dagster import JobDefinition; from dashboard_browser import Visit; from expectations import engine\n"
        "from assets.methods.linkage import process; from pipelines.builds.session import Session\n"
        "for call in (Session.take_in, process.link, engine._validate, JobDefinition.execute_in_process, Visit.open):\n"
        "    try: call(*[None] * 3)\n"
        "    except Exception: pass\n"
        "for words in (['stra', 'build'], ['stra', 'status'], ['docker', 'build']):\n"
        "    try: subprocess.Popen(words, executable='/nowhere')\n"
        "    except OSError: pass\n"
    )
    places = {"PYTHONPATH": ":".join(sys.path), "PYTEST_CURRENT_TEST": "a.py::one (call)", "PATH": ""}
    subprocess.run([sys.executable, "-c", code, str(file)], env=places, check=True)
    allowed = tomllib.loads(budget.BUDGET.read_text(encoding="utf-8"))
    used, wrong = budget.compare(file.read_text(encoding="utf-8"), dict.fromkeys(allowed, 1))
    assert (len(used), wrong) == (6, [])
    assert set(file.read_text(encoding="utf-8").splitlines()) == {f'["{kind}", "a.py::one"]' for kind in allowed}
