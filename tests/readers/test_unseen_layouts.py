"""`stra map` on layouts of record systems that nobody of its guesser had seen: `tests/tools/score_layouts.py`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from score_layouts import HEAD, compare_builds, run, score
from trials import count
from vendor_layouts import layouts, read_extract, write


def test_columns_are_placed_asked_or_left_out(tmp_path: Path) -> None:
    """Of all layouts: 80% of columns placed unasked, 95% right or asked, none wrong, at most 12 questions in any."""
    tables = read_extract(tmp_path / "synth", 60)
    scores = {}
    for name, files in layouts().items():
        write(files, tables, tmp_path / name / "vendor", tmp_path / name / "plain")
        said = run("map", "--data", tmp_path / name / "vendor", "--json", given="{}")[1]
        scores[name] = score(files, json.loads(said))
    table = "\n".join([HEAD, *(found.line(name) for name, found in scores.items())])
    assert not [line for found in scores.values() for line in found.wrong], table
    carrying = sum(found.shares()[0] for found in scores.values())
    right, asked = (sum(getattr(found, kind) for found in scores.values()) for kind in ("right", "asked"))
    assert right >= 0.8 * carrying and right + asked >= 0.95 * carrying, table
    assert max(found.questions for found in scores.values()) <= 12, table
    assert len(scores) >= 12


@pytest.mark.trials
@pytest.mark.skipif(not count(0, 1), reason="takes minutes: make trials runs it")
@pytest.mark.parametrize("name", layouts())
def test_every_figure_that_an_export_could_give_is_given(name: str, tmp_path: Path) -> None:
    """Built from the mapping and the true answers, five measures are those of the same rows as `stra` wants them."""
    write(layouts()[name], read_extract(tmp_path / "synth", 500), tmp_path / "vendor", tmp_path / "plain")
    equal, possible, codes = compare_builds(layouts()[name], tmp_path)
    assert (equal, codes) == (possible, [0, 0])
