"""Mutated deliveries over all formats: no crash, no hang, no fault that no reader foresaw, every file accounted for.

Some in every run; 10,000 with `make trials`. They are taken in by a process of their own.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sound_files
from trials import count

TESTS = Path(__file__).parents[1]
TOOL = TESTS / "tools" / "mutated_intake.py"
IMPORTED = os.pathsep.join(map(str, (TESTS.parent, TESTS / "tools", TESTS / "worlds")))
BATCH = 1000  # deliveries that one process takes in
SECONDS = 10  # of processor time that one delivery may take
MEGABYTES = 4_000  # that a process may take, whatever it is given
WHOLE = 10_000
FEW = 126


def taken_in(first: int, number: int, folder: Path) -> dict[str, Any]:
    """The account of a batch. A process that ends, or goes on for ever, is blamed on what it had begun."""
    folder.mkdir()
    ran = None
    try:
        ran = subprocess.run(
            [sys.executable, str(TOOL), str(first), str(number), "1", str(folder)],
            capture_output=True, text=True, check=False, timeout=300 + SECONDS * number // 10,
            env={**os.environ, "PYTHONPATH": IMPORTED},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.fail(f"no end: {begun(folder)}")
    assert ran.returncode == 0, f"ended by {ran.returncode} in {begun(folder)}: {ran.stderr[-2000:]}"
    assert "Traceback" not in ran.stdout + ran.stderr
    account: dict[str, Any] = json.loads((folder / "account.json").read_text())
    return account


def begun(folder: Path) -> list[str]:
    """The deliveries that were begun and not done."""
    lines = [line.split("\t") for line in (folder / "log").read_text().splitlines()]
    return sorted(Counter(name for what, name in lines if what == "begun")
                   - Counter(name for what, name in lines if what == "done"))  # fmt: skip


@pytest.mark.trials
def test_every_mutated_delivery_is_loaded_set_aside_refused_or_left_alone(tmp_path: Path) -> None:
    found: Counter[tuple[str, str]] = Counter()
    whole = count(FEW, WHOLE)
    for first in range(0, whole, BATCH):
        account = taken_in(first, min(BATCH, whole - first), tmp_path / str(first))
        for form, name, outcome, trouble in account["files"].values():
            assert (outcome != "lost", trouble) == (True, ""), name
            found[form, outcome] += 1
        assert account["built"] == "", "facts could not be made from what was loaded"
        assert {name: took for name, took in account["seconds"].items() if took > SECONDS} == {}
        assert account["peak_mb"] < MEGABYTES
    print(json.dumps({f"{form}: {outcome}": number for (form, outcome), number in sorted(found.items())}, indent=1))
    assert sum(found.values()) == whole
    for form in sound_files.FORMATS:
        outcomes = {outcome for of, outcome in found if of == form}
        # a form of which all are refused was hardly mutated: it was no such file
        assert outcomes - {"refused"} or form == "geojson", form
        assert "refused" in outcomes or "partly refused" in outcomes, form


@pytest.mark.parametrize("form", ["mapping", "csv", "zip"])
def test_a_number_gives_the_same_bytes_each_time(form: str) -> None:
    from mutations import mutant

    number = sound_files.FORMATS.index(form)
    assert mutant(number) == mutant(number)
    assert mutant(number).content != mutant(number + len(sound_files.FORMATS)).content
