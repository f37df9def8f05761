"""Paths and names in settings: one that leads elsewhere, is of another system or is too long is refused in words, or is
a name and nothing more. Each variable of the environment that holds one is in the table, and nothing is written."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from next_build import take_in
from typer.testing import CliRunner

from assets.readers.extract.mapping import read_mapping
from assets.readers.source import BrokenFile
from casework.access import groups
from casework.store import address
from casework.store.refusal import Refused
from dashboards.documents.digest import subscriptions
from dashboards.documents.docx_template import opened
from dashboards.documents.writer import own_marking, own_template
from dashboards.parts.downloads import file_name, invented_name
from dashboards.server.access import from_environment
from pipelines.builds.session import open_session
from pipelines.commands import cli
from pipelines.fetching.folder import mapped_tables, read_folder
from pipelines.system.machine import MachineSettingWrong, spill_folder

ROOT = Path(__file__).resolve().parents[2]
LONG = "x" * 5_000
ELSEWHERE = (
    "../..", "../../etc/passwd", "/etc/../etc/passwd", "\\\\?\\C:\\x", "\\\\.\\C:\\x", "\\\\server\\share", "C:\\x",
    "C:x", "CON", "NUL", "aux.txt", "COM1", "x:stream", "trailing. . .", "a\nb", "~root/x", "file:///etc/passwd",
    "%2e%2e%2f", "$HOME/x", "|id", LONG,
)  # fmt: skip
SAFE = re.compile(r"[A-Z-]*_[a-z0-9_-]*\.[a-z]+")
MAPPING = '[tables.crime]\nfile = {said}\n[tables.crime.fields]\ncrime_id = "OccurrenceId"\n'


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace("\n", "\\n").replace("\0", "\\u0000") + '"'


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


# variable -> what reads it, and what it says of such a value; None where the value is no path and does nothing


def _template(value: str, home: Path) -> None:
    own = own_template()
    assert own is not None
    opened(own, "OFFICIAL", "Title")


def _marking(value: str, home: Path) -> None:
    for name in (file_name(own_marking(), value, "csv"), invented_name(file_name(own_marking(), value, "csv"))):
        assert SAFE.fullmatch(name) and len(name) < 200, name


READ: dict[str, tuple[Callable[[str, Path], object], type[Exception] | None]] = {
    "STRA_TEMPLATE": (_template, Refused),
    "STRA_SPILL": (lambda value, home: spill_folder(home, {"STRA_SPILL": value}), MachineSettingWrong),
    "STRA_CASEWORK_URL": (lambda value, home: address.of_home(home), Refused),
    "STRA_MARKING": (_marking, None),
}


@pytest.mark.parametrize("value", ELSEWHERE, ids=lambda value: value[:20])
@pytest.mark.parametrize("variable", READ)
def test_a_variable_that_leads_elsewhere_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, value)
    read, fault = READ[variable]
    if fault is None:
        read(value, tmp_path)
    else:
        with pytest.raises(fault, match=r"expected"):
            read(value, tmp_path)
    assert files_below(tmp_path) == set()


@pytest.mark.parametrize("value", ELSEWHERE, ids=lambda value: value[:20])
def test_a_server_of_a_home_that_cannot_be_serves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for given in ({"STRA_HOME": value}, {"STRA_HOME": str(tmp_path), "STRA_DATA": value}):
        server = from_environment(given, "127.0.0.1")
        if value == LONG:
            assert not server.audiences and "of 5,000 characters" in server.refusal
    assert files_below(tmp_path) == set()


@pytest.mark.parametrize("value", [*ELSEWHERE, "a\0b"], ids=lambda value: value[:20].replace("\0", "NUL"))
class TestFiles:
    """Files of settings: what they name is compared or refused, and never opened as a path."""

    def test_of_digests(self, tmp_path: Path, value: str) -> None:
        for text in (f"[a]\nrole = \"auditor\"\nfolder = {quoted(value)}\n", f"[{quoted(value)}]\nrole = \"auditor\"\n",
                     f"[a]\nrole = \"auditor\"\nto = {quoted(value)}\n"):  # fmt: skip
            if quoted(value) in text.split("\n")[0] and re.fullmatch(r"\w+", value) and value != LONG:
                continue  # a digest may be called CON: its file is digest-CON-2026-11-30.txt
            (tmp_path / subscriptions.FILE).write_text(text, encoding="utf-8")
            with pytest.raises(Refused, match=r"(?s)digests.toml.* expected "):
                subscriptions.read_subscriptions(tmp_path)

    def test_of_groups(self, tmp_path: Path, value: str) -> None:
        """A group and a unit are names: they are compared."""
        (tmp_path / groups.FILE).write_text(
            f"[[group]]\nid = {quoted(value)}\nrole = \"supervisor\"\nunits = [{quoted(value)}]\n", encoding="utf-8"
        )
        if value == LONG or "\0" in value:
            with pytest.raises(Refused, match=r"groups.toml.* 1 to |Expected readable characters"):
                groups.read_groups(tmp_path)
        else:
            rules = groups.read_groups(tmp_path)
            assert rules is not None and len(rules.memberships({"groups": [value, "other"]}) or ()) == 1
        assert files_below(tmp_path) == {groups.FILE}

    def test_of_a_mapping(self, tmp_path: Path, value: str) -> None:
        """The file of a table is compared with the names that were delivered; the secret beside them is never read."""
        data = tmp_path / "data"
        data.mkdir()
        for place in (tmp_path, tmp_path.parent):
            (place / "passwd.csv").write_text("OccurrenceId,class_code,recorded_ts\nC1,8Q,2026-01-19\n")
        path = data / "mapping.toml"
        path.write_text(MAPPING.format(said=quoted(value)), encoding="utf-8")
        if "/" in value or "\\" in value:
            with pytest.raises(BrokenFile, match="the name of a file without its folder"):
                read_mapping(path, mapped_tables())
        with open_session(tmp_path / "home", read_folder(data)) as session:
            take_in(session)
            found = session.con.execute("select status, rows_loaded, reason from raw.deliveries").fetchall()
        assert {row[:2] for row in found} == {("refused", 0)}, found
        kept = {path.name for path in (tmp_path / "home" / "quarantine").rglob("*") if path.is_file()}
        assert kept == {"reason.txt"}

    def test_of_a_mapping_of_a_database(self, tmp_path: Path, value: str) -> None:
        for text in (f"[database]\nurl = {quoted(value)}\n[database.queries]\ncrime = \"select 1\"\n",
                     f"[tables.{quoted(value)}]\nfile = \"x\"\n"):  # fmt: skip
            (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
            with pytest.raises(BrokenFile, match="expected "):
                read_mapping(tmp_path / "mapping.toml", mapped_tables())


@pytest.mark.parametrize("command", [
    ["build", "--data", "{}", "--home", "h"], ["build", "--data", ".", "--home", "{}"], ["status", "--home", "{}"],
    ["watch", "--data", "{}", "--home", "h"], ["verify", "--home", "{}"], ["doctor", "--data", "{}"],
    ["report", "assessment", "--home", "h", "--out", "{}"], ["digest", "--home", "{}"], ["map", "--data", "{}"],
    ["backup", "--home", "{}", "--to", "x"], ["restore", "--from", "{}", "--home", "h"],
    ["plan", "--data", ".", "--home", "{}"],
])  # fmt: skip
@pytest.mark.parametrize("value", [LONG, "a\0b"], ids=["long", "NUL"])
def test_a_path_that_no_system_holds_ends_a_command_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], value: str
) -> None:
    """It was a page of Python."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STRA_BACKUP_KEY", "invented-key-of-more-than-thirty-two-signs")
    done = CliRunner().invoke(cli.app, [part.replace("{}", value) for part in command])
    assert done.exit_code in (1, 2) and isinstance(done.exception, SystemExit), (done.exception, done.output[-400:])
    assert "unexpected" not in done.output and "Traceback" not in done.output and len(done.output) < 12_000


def test_every_variable_that_holds_a_path_is_tried_here() -> None:
    """A new variable goes into the table, or into the list of those that hold no path."""
    no_path = {
        "STRA_A", "STRA_ADDRESS", "STRA_AUDIENCE", "STRA_BACKUP_KEY", "STRA_COOKIE_SECRET", "STRA_DIGEST_REGISTRAR",
        "STRA_EXTRACT_URL", "STRA_FRAME_ANCESTORS", "STRA_IDENTITY", "STRA_IDENTITY_HEADER", "STRA_IDENTITY_KEY",
        "STRA_IDLE_MINUTES", "STRA_LAKE_ROWS", "STRA_MEMORY", "STRA_METRICS_TOKEN", "STRA_OIDC_CLAIM",
        "STRA_OIDC_CLIENT_ID", "STRA_OIDC_CLIENT_SECRET", "STRA_OIDC_METADATA_URL", "STRA_PROXY_SECRET",
        "STRA_SESSION_HEADER", "STRA_SIGN_IN_HOURS", "STRA_THREADS",
    }  # fmt: skip
    folders = {"STRA_HOME", "STRA_DATA", "STRA_FORCES_DATA", "STRA_FORCES_HOMES", "STRA_REGION_HOME"}
    found = set()
    for package in ("assets", "casework", "dashboards", "pipelines", "sample", "stra"):
        for path in (ROOT / package).rglob("*.py"):
            found |= set(re.findall(r"\bSTRA_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
    assert found - no_path == folders | set(READ)


def test_regions_of_folders_that_cannot_be_say_what_was_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRA_FORCES_DATA", os.fspath(ROOT / "assets"))
    from pipelines.dagster_records import region

    for value in ("", *ELSEWHERE[3:]):
        monkeypatch.setenv("STRA_FORCES_DATA", value)
        with pytest.raises(ValueError, match=r"(?s)STRA_FORCES_DATA: saw .* expected a folder"):
            region.forces()
