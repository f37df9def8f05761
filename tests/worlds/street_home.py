"""A home of one street file of Kent: little data, yet every table, rule and publication. Built once, then copied."""

from pathlib import Path

from kept_homes import copied, kept

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)
FIRST_MONTH, FIRST_ROWS = "2023-12", 50


def write_month(data: Path, month: str, rows: int) -> None:
    """A street file of Kent with a number of burglaries."""
    folder = data / "police-uk" / month
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"{i:064x},{month},Kent Police,Kent Police,0.5,51.2,On or near High Street,E01000001,Kent 001A,Burglary,"
        "Under investigation,\n"
        for i in range(rows)
    ]
    (folder / f"{month}-kent-street.csv").write_text(STREET + "".join(lines), encoding="utf-8")


def _make(root: Path) -> None:
    from pipelines.dagster_records.build import build_home
    from pipelines.fetching.folder import read_folder

    write_month(root / "data", FIRST_MONTH, FIRST_ROWS)
    assert build_home(read_folder(root / "data"), root / "home", None, lambda line: None) == []


def copy_street_home(root: Path) -> tuple[Path, Path]:
    """Data folder and home below `root`, to be written to."""
    made = kept("street", _make)
    return copied(made / "data", root / "data"), copied(made / "home", root / "home")
