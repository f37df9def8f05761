"""`stra map` on layouts of record systems that nobody of its guesser had seen: `tests/tools/score_layouts.py`."""

from __future__ import annotations

from pathlib import Path

import pytest
from score_layouts import HEAD, compare_builds, score_all
from trials import count
from vendor_layouts import layouts


def test_columns_are_placed_asked_or_left_out(tmp_path: Path) -> None:
    """Of twelve layouts: 80% of columns placed unasked, 95% right or asked, none wrong, 12 questions each at most."""
    scores = {name: found for name, _, found in score_all(tmp_path, 60)}
    table = "\n".join([HEAD, *(found.line(name) for name, found in scores.items())])
    assert not [line for found in scores.values() for line in found.wrong], table
    carrying, right, asked = (
        sum(found.carrying() for found in scores.values()),
        sum(found.right for found in scores.values()),
        sum(found.asked for found in scores.values()),
    )
    assert right >= 0.8 * carrying and right + asked >= 0.95 * carrying, table
    assert max(found.questions for found in scores.values()) <= 12 and len(scores) >= 12, table


@pytest.mark.trials
@pytest.mark.skipif(not count(0, 1), reason="takes minutes: make trials runs it")
@pytest.mark.parametrize("name", layouts())
def test_every_figure_that_an_export_could_give_is_given(name: str, tmp_path: Path) -> None:
    """Built from the mapping and true answers, five measures are those of the same rows in our own form."""
    ((_, files, _),) = score_all(tmp_path, 500, [name])
    equal, possible, codes = compare_builds(files, tmp_path / name)
    assert (equal, codes) == (possible, [0, 0])
