"""A home of a small invented extract: a few rows of every table. Built once, then copied."""

from __future__ import annotations

from pathlib import Path

from invented_extract import invented, write_csv
from kept_homes import copied, kept


def _make(root: Path) -> None:
    from pipelines.build import build_home
    from pipelines.delivery.folder import read_folder

    write_csv(root / "data" / "force", invented())
    assert build_home(read_folder(root / "data"), root / "home", None, lambda line: None) == []


def copy_small_home(root: Path) -> tuple[Path, Path]:
    """Data folder and home below `root`, to be written to."""
    made = kept("small_extract", _make)
    return copied(made / "data", root / "data"), copied(made / "home", root / "home")
