"""Homes of a few rows of every table, and of an invented force of five hundred crimes. Built once, then copied."""

from pathlib import Path

from invented_extract import invented, write_csv
from kept_homes import copied, kept


def _make(root: Path) -> None:
    from pipelines.dagster_records.build import build_home
    from pipelines.fetching.folder import read_folder

    write_csv(root / "data" / "force", invented())
    assert build_home(read_folder(root / "data"), root / "home", None, lambda line: None) == []


def copy_small_home(root: Path) -> tuple[Path, Path]:
    """Data folder and home below `root`, to be written to."""
    made = kept("small_extract", _make)
    return copied(made / "data", root / "data"), copied(made / "home", root / "home")


def small_force() -> Path:
    """Data folder and home of an invented force of 500 crimes, without Dagster's records; to be read only."""

    def make(root: Path) -> None:
        from built_home import build_home

        from pipelines.fetching.folder import read_folder
        from sample.synth import write_force

        write_force(root / "data", 500, seed=7, noise="low")
        assert build_home(read_folder(root / "data"), root / "home") == []

    return kept("small_force", make)
