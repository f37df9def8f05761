"""The command line: what it says, and with which exit code."""

import errno
import io
import json
import os
import socket
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from kept_homes import copied
from typer.testing import CliRunner

from pipelines.commands import cli
from pipelines.fetching.folder import read_folder
from pipelines.system import stops
from pipelines.tables.cards import AUDIENCES, ROOT, all_cards

RUN = CliRunner()
STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
    f"{1:064x},2025-01,Kent Police,Kent Police,0.5,51.2,On or near High Street,E01000001,Kent 001A,Burglary,,\n"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """Built by a command that names both folders from where one stands, as `make run` does: every figure was once
    withheld because one library wanted a whole path."""
    root = tmp_path_factory.mktemp("cli")
    data, home = root / "data", root / "home"
    data.mkdir()
    (data / "2025-01-kent-street.csv").write_text(STREET)
    (data / "2025-02-kent-street.csv").write_text("<html>busy</html>")
    (data / "shopping.txt").write_text("milk")
    said, fault = io.StringIO(), io.StringIO()
    mask = os.umask(0)
    try:
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(fault):
            patch.chdir(root)
            patch.setattr(sys, "argv", ["stra", "build", "--data", "data", "--home", "home"])
            patch.setattr(stops, "hear", lambda: None)  # signals are for the tests
            with pytest.raises(SystemExit) as ended:
                cli.main()
    finally:
        os.umask(mask)
    assert ended.value.code == 3, fault.getvalue()
    assert "NOT LOADED 2025-02-kent-street.csv: first bytes: expected" in fault.getvalue()
    return data, home, said.getvalue()


def test_a_build_says_what_it_took_in_refused_and_left_alone(built: tuple[Path, Path, str]) -> None:
    _, _, said = built
    assert "deliveries loaded: 1 (1 rows loaded, 0 in quarantine)" in said
    assert "REFUSED 2025-02-kent-street.csv: first bytes: expected" in said and "download the file again" in said
    assert "1 files are from no known source and were ignored: shopping.txt" in said
    assert "Published to command, integrity, commissioning" in said and "WITHHELD" not in said


def test_a_refused_file_is_a_trouble_until_it_is_corrected_or_taken_away(
    built: tuple[Path, Path, str], tmp_path: Path
) -> None:
    data, home = (copied(each, tmp_path / each.name) for each in built[:2])
    status = RUN.invoke(cli.app, ["status", "--home", str(home)])
    assert status.exit_code == 3 and "  not loaded 2025-02-kent-street.csv: first bytes: " in status.output
    assert "not loaded: 2025-02-kent-street.csv" in (home / "last_build.json").read_text()
    (data / "2025-02-kent-street.csv").unlink()
    assert RUN.invoke(cli.app, ["build", "--data", str(data), "--home", str(home)]).exit_code == 0
    status = RUN.invoke(cli.app, ["status", "--home", str(home)])
    assert status.exit_code == 0 and "State: whole." in status.output


def test_no_other_account_may_read_a_home(built: tuple[Path, Path, str]) -> None:
    _, home, _ = built
    open_to_others = [path for path in [home, *home.rglob("*")] if not path.is_symlink() and path.stat().st_mode & 0o77]
    assert open_to_others == []


def test_a_home_that_others_could_read_is_closed_and_that_is_said(built: tuple[Path, Path, str]) -> None:
    data, home, _ = built
    manifest = home / "published" / "command" / "manifest.json"
    for path in (home, manifest):
        path.chmod(0o755)
    again = RUN.invoke(cli.app, ["build", "--data", str(data), "--home", str(home)])
    assert f"{home} could be read by other accounts of this machine. It no longer can." in again.output
    assert home.stat().st_mode & 0o777 == 0o700 and not manifest.stat().st_mode & 0o77


@pytest.mark.parametrize(
    ("code", "seen", "remedy"),
    [
        (errno.EROFS, "could not write ([Errno 30] Read-only file system", "Let this account write there"),
        (errno.ENOENT, "expected a file or folder, saw that it is not there", "Put it back if it was removed"),
    ],
)
def test_a_home_that_cannot_be_written_to_ends_in_one_sentence(
    built: tuple[Path, Path, str], monkeypatch: pytest.MonkeyPatch, code: int, seen: str, remedy: str
) -> None:
    """With a store of decisions in it, it ended in a traceback; a file that is not there was told as a full disk."""
    data, home, _ = built

    def refuse(*given: object, **named: object) -> None:
        raise OSError(code, os.strerror(code), str(home))

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    ended = RUN.invoke(cli.app, ["build", "--data", str(data), "--home", str(home)])
    assert ended.exit_code == 1
    assert seen in ended.output and remedy in ended.output and "Free some space" not in ended.output


def test_a_build_that_withholds_a_table_publishes_the_others_and_exits_with_3(
    built: tuple[Path, Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing is new: who asks again must not take the copy for whole."""
    data, home, _ = built
    manifest = home / "published" / "command" / "manifest.json"
    whole = manifest.read_text(encoding="utf-8")
    reason = "Not published: it could not be built (2 rows for one month; the card says one)"
    manifest.write_text(json.dumps(json.loads(whole) | {"withheld": {"core.coverage": reason}}), encoding="utf-8")
    again = RUN.invoke(cli.app, ["build", "--data", str(data), "--home", str(home)])
    manifest.write_text(whole, encoding="utf-8")
    assert again.exit_code == 3
    assert f"WITHHELD core.coverage: {reason}" in again.output
    assert "1 table is withheld; everything else is published" in again.output


@pytest.mark.parametrize(("files", "seen"), [
    ({}, "saw an empty folder"),
    ({"shopping.txt": "milk", "crime.csv": ""}, "saw 2 files, none of them usable (crime.csv, shopping.txt)"),
])  # fmt: skip
def test_a_folder_without_anything_known_publishes_nothing(tmp_path: Path, files: dict[str, str], seen: str) -> None:
    """It was built for 79 seconds, and published without a word."""
    data, home = tmp_path / "data", tmp_path / "home"
    data.mkdir()
    for name, text in files.items():
        (data / name).write_text(text)
    ended = RUN.invoke(cli.app, ["build", "--data", str(data), "--home", str(home)])
    assert ended.exit_code == 1
    assert seen in ended.output and "Nothing is published" in ended.output
    assert not (home / "published" / "command").exists()


def test_a_build_with_nothing_new_says_so(built: tuple[Path, Path, str]) -> None:
    data, home, _ = built
    again = RUN.invoke(cli.app, ["build", "--data", str(data), "--home", str(home)])
    assert again.exit_code == 3 and "Nothing new" in again.output and "NOT LOADED" in again.output


def test_nothing_new_needs_the_published_copy_and_the_same_day(built: tuple[Path, Path, str], tmp_path: Path) -> None:
    from datetime import date

    from pipelines.builds.signature import nothing_new

    data, home, _ = built
    assert nothing_new(read_folder(data), home, None)
    assert not nothing_new(read_folder(data), home, date(2025, 1, 31)), "another day is another set of figures"
    assert not nothing_new(read_folder(data), tmp_path, None)


def test_status_tells_what_was_built_from_what(built: tuple[Path, Path, str]) -> None:
    said = RUN.invoke(cli.app, ["status", "--home", str(built[1])])
    assert said.exit_code == 3, "a delivered file was refused"
    for audience in AUDIENCES:
        assert f"{audience}: " in said.output
    assert "as of 2025-01-31, from 1 deliveries of 1 sources" in said.output


def test_verify_finds_a_changed_row_and_an_extra_file(built: tuple[Path, Path, str]) -> None:
    folder = built[1] / "published" / "command"
    assert RUN.invoke(cli.app, ["verify", "--home", str(built[1])]).exit_code == 0
    victim = folder / "core.coverage.parquet"
    original = victim.read_bytes()
    victim.write_bytes(original[:-1] + b"x")
    (folder / "extra.parquet").write_bytes(b"")
    try:
        found = RUN.invoke(cli.app, ["verify", "--home", str(built[1])])
    finally:
        victim.write_bytes(original)
        (folder / "extra.parquet").unlink()
    assert found.exit_code == 1
    assert "core.coverage.parquet: expected sha256" in found.output and "extra.parquet: no entry" in found.output


def test_verify_finds_a_changed_input(built: tuple[Path, Path, str]) -> None:
    """The rows that were taken in, and, where the folder is named, the delivered file itself."""
    data, home, _ = built
    verify = ["verify", "--home", str(home), "--data", str(data)]
    assert RUN.invoke(cli.app, verify).exit_code == 0
    [kept], delivered = list((home / "raw").rglob("*.parquet")), data / "2025-01-kent-street.csv"
    for victim, said in ((kept, "these rows were changed after they were loaded"), (delivered, "it was changed")):
        original = victim.read_bytes()
        victim.write_bytes(original.replace(b"1", b"2"))
        try:
            found = RUN.invoke(cli.app, verify)
        finally:
            victim.write_bytes(original)
        assert found.exit_code == 1 and f"CHANGED {victim}: " in found.output and said in found.output
        assert "1 inputs are not those used for the published figures" in found.output
    assert RUN.invoke(cli.app, verify).exit_code == 0


def test_verify_misses_rows_that_were_taken_away_and_not_a_folder_that_was_emptied(
    built: tuple[Path, Path, str], tmp_path: Path
) -> None:
    _, home, _ = built
    emptied = RUN.invoke(cli.app, ["verify", "--home", str(home), "--data", str(tmp_path)])
    assert emptied.exit_code == 0 and "no longer there; its rows are compared with their own hash" in emptied.output
    [kept] = (home / "raw").rglob("*.parquet")
    aside = kept.rename(tmp_path / "aside")
    found = RUN.invoke(cli.app, ["verify", "--home", str(home)])
    aside.rename(kept)
    assert found.exit_code == 1 and "expected the rows of a delivery, the file is not there" in found.output


def test_the_third_audience_is_told_nothing_of_the_home(built: tuple[Path, Path, str]) -> None:
    for audience in AUDIENCES:
        manifest = json.loads((built[1] / "published" / audience / "manifest.json").read_text())
        assert ("kept" in manifest, "logs" in manifest) == ((audience != "commissioning",) * 2), audience


def test_the_home_holds_what_the_contract_names(built: tuple[Path, Path, str]) -> None:
    home = built[1]
    assert (home / "warehouse.duckdb").is_file() and (home / "quarantine").is_dir()
    assert (home / "docs" / "data_docs" / "index.html").is_file()
    dictionary = (home / "docs" / "data_dictionary.html").read_text(encoding="utf-8")
    assert all(f'id="{table}"' in dictionary for table in all_cards())
    assert "://" not in dictionary.replace("https://data.police.uk", "")
    manifest = json.loads((home / "published" / "integrity" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["withheld"] == {} and "core.coverage" in manifest["tables"]
    assert {"tables", "sources", "code_version", "settings_hash", "as_of", "run_ref"} <= set(manifest)
    assert manifest["limits"] == {"publish.late_hours": 30, "publish.stale_days": 35, "keep.backup_hours": 30}
    assert sum(manifest["rules"].values()) == manifest["tables"]["quality.rule_results"]["rows"] > 0
    commissioning = (home / "published" / "commissioning" / "manifest.json").read_text(encoding="utf-8")
    assert "rules" not in json.loads(commissioning), "it does not see their results"
    assert {"rows", "sha256"} <= set(manifest["tables"]["raw.deliveries"])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["build", "--home", "h"], 2, "--data"),
        (["build", "--data", "nowhere", "--home", "h"], 1, "expected a folder with delivered files"),
        (["build", "--data", ".", "--home", "h", "--as-of", "yesterday"], 2, "expected a day like 2026-03-31"),
        (["build", "--data", ".", "--home", "h", "--engine", "abacus"], 2, "expected duckdb or spark"),
        (["serve", "--home", "h", "--audience", "press"], 2, "expected one of command, integrity, commissioning"),
        (["serve", "--home", "h", "--port", "70000"], 2, "65535"),
        (["status", "--home", "nowhere"], 1, "State: unbuilt."),
        (["verify", "--home", "nowhere"], 1, "the manifest cannot be read"),
        (["fetch", "tea_leaves", "--data", "d"], 2, "expected one of"),
        (["fetch", "police_uk_street", "--data", "d"], 2, "--from YYYY-MM"),
        (["fetch", "police_uk_street", "--data", "d", "--from", "2025-13"], 1, "2025-13"),
    ],
)
def test_wrong_use_is_2_and_failure_is_1_each_with_what_to_do(
    arguments: list[str], code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = RUN.invoke(cli.app, arguments)
    assert (said.exit_code, words in said.output.replace("\n", " ")) == (code, True), said.output


def test_help_imports_none_of_the_heavy_libraries() -> None:
    heavy = ("dagster", "duckdb", "polars", "great_expectations", "sqlalchemy", "docx", "typst", "dashboards")
    code = f"import sys; from pipelines.commands import cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_doctor_finds_this_machine_ready() -> None:
    said = RUN.invoke(cli.app, ["doctor"])
    assert said.exit_code == 0 and "tables, each with its card" in said.output


def test_a_port_in_use_is_said_before_an_address_is_promised(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = RUN.invoke(cli.app, ["serve", "--home", str(tmp_path), "--port", str(port)])
    assert said.exit_code == 1 and f"port {port} is in use" in said.output and "--port" in said.output
    assert "Dashboards:" not in said.output
