"""Copies of a publication are numbered: no clock decides which of them is in use or removed."""

from __future__ import annotations

from pathlib import Path

from pipelines.publication.publish import UNFINISHED, put_in_use


def published(home: Path, moment: str, keep: int = 2) -> list[str]:
    """The copies that are left after one more is published at this moment of the clock."""
    copies = home / "published" / "copies" / "command"
    unfinished = copies / f"{UNFINISHED}{moment}"
    unfinished.mkdir(parents=True)
    (unfinished / "manifest.json").write_text(moment)
    target = put_in_use(home, "command", unfinished, keep)
    link = home / "published" / "command"
    assert link.resolve() == target and (link / "manifest.json").read_text() == moment
    return sorted(path.name for path in copies.iterdir())


def test_a_clock_that_is_set_back_removes_nothing_that_is_in_use(tmp_path: Path) -> None:
    """The copy of the earlier moment sorted first, so it was removed although the link pointed to it."""
    for moment in ("20260331T120000Z", "20260401T120000Z", "20250101T000000Z"):
        left = published(tmp_path, moment)
    assert left == ["000002-20260401T120000Z", "000003-20250101T000000Z"]


def test_copies_from_before_they_were_numbered_count_as_the_oldest(tmp_path: Path) -> None:
    copies = tmp_path / "published" / "copies" / "command"
    for name in ("20261124T011000000000Z", "20261125T011000000000Z"):
        (copies / name).mkdir(parents=True)
    assert published(tmp_path, "20260101T000000Z") == ["000001-20260101T000000Z", "20261125T011000000000Z"]


def test_the_copy_in_use_stays_even_if_none_is_to_be_kept_beside_it(tmp_path: Path) -> None:
    assert published(tmp_path, "20260101T000000Z", keep=1) == ["000001-20260101T000000Z"]
    assert published(tmp_path, "20250101T000000Z", keep=1) == ["000002-20250101T000000Z"]
