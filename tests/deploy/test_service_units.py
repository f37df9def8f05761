"""The units of systemd as they are shipped: valid, locked down, and each command one that the product takes."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from dashboards.server.access import from_environment
from pipelines.commands.cli import app

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("stra-*.*"))
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
SETTINGS = ROOT / "deploy/settings"
PROGRAM = "/usr/local/lib/stra/current/bin/stra"
# By systemd's own measure from 0 (locked) to 10 (everything is open): what is left is that it reaches a network.
MOST_EXPOSED = 1.2


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units with their drop-in, where the product's program is one that every machine has."""
    folder = tmp_path_factory.mktemp("systemd") / "units"
    shutil.copytree(ROOT / "deploy/systemd", folder)
    for unit in folder.glob("*.service"):
        text = unit.read_text("utf-8")
        assert PROGRAM in text
        unit.write_text(text.replace(PROGRAM, sys.executable), "utf-8")
    return folder


def analyse(units: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("NOT TESTED: there is no systemd-analyze here. On Debian: apt-get install systemd")
    own = {**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:", "SYSTEMD_COLORS": "0"}
    return subprocess.run([program, *arguments], env=own, capture_output=True, text=True, check=False)


def lines(unit: Path, key: str) -> list[str]:
    """Every value of a key of a unit, or of the drop-in of all."""
    return re.findall(rf"^{key}=(.*)$", unit.read_text("utf-8"), re.M)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_no_fault_in_a_unit(units: Path, unit: Path) -> None:
    if not unit.is_file():
        return
    done = analyse(units, "verify", "--man=no", str(units / unit.name))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_it_finds_one_in_a_unit_that_has_one(units: Path) -> None:
    wrong = units / "stra-wrong.service"
    wrong.write_text("[Service]\nExecStart=/none/such\nProtectSystem=perhaps\n", "utf-8")
    assert "ProtectSystem" in analyse(units, "verify", "--man=no", str(wrong)).stderr
    wrong.unlink()


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_is_locked_down_by_systemd_s_own_measure(units: Path, unit: Path) -> None:
    done = analyse(units, "security", "--offline=yes", "--no-pager", str(units / unit.name))
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found is not None, done.stderr
    assert float(found[1]) <= MOST_EXPOSED, done.stdout


def test_without_the_drop_in_it_would_not_be(units: Path, tmp_path: Path) -> None:
    alone = shutil.copy(units / "stra-serve.service", tmp_path / "other-serve.service")
    done = analyse(tmp_path, "security", "--offline=yes", "--no-pager", str(alone))
    assert float(re.findall(r"service: ([\d.]+)", done.stdout)[0]) > 8


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_its_command_is_one_that_the_product_takes(unit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [command] = lines(unit, "ExecStart")
    program, name, *arguments = shlex.split(command)
    assert program == PROGRAM
    command_of = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    command_of.make_context(name, arguments)  # parses, runs nothing; raises where an option is unknown or missing
    names = [Path(file).name for file in lines(unit, "EnvironmentFile")]
    assert all((SETTINGS / file).is_file() for file in names)
    assert not re.search(r"^Environment=.*(KEY|SECRET|PASSWORD|TOKEN|URL)", unit.read_text("utf-8"), re.M)


def test_each_service_is_given_only_the_secrets_that_it_needs() -> None:
    given = {
        unit.name: {
            name
            for file in lines(unit, "EnvironmentFile")
            for name in re.findall(
                r"^#?(STRA_\w*(?:KEY|SECRET|TOKEN))=", (SETTINGS / Path(file).name).read_text(), re.M
            )
        }
        for unit in SERVICES
    }
    assert given == {
        "stra-backup.service": {"STRA_BACKUP_KEY"},
        "stra-build.service": {"STRA_IDENTITY_KEY"},
        "stra-digest.service": set(),
        "stra-serve.service": {"STRA_OIDC_CLIENT_SECRET", "STRA_COOKIE_SECRET", "STRA_METRICS_TOKEN"},
        "stra-watch.service": {"STRA_IDENTITY_KEY"},
    }


def test_a_command_by_hand_runs_as_the_services_do(tmp_path: Path) -> None:
    """It left the folder of caches open to all accounts."""
    program = tmp_path / "systemd-run"
    program.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", "utf-8")
    program.chmod(0o755)
    command = [ROOT / "deploy/systemd/stra-admin", "account", "set", "--reason", "first user"]
    own = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    given = subprocess.run(command, env=own, capture_output=True, text=True, check=True).stdout.splitlines()
    assert given[-5:] == [PROGRAM, *map(str, command[1:])]
    of_all = ROOT / "deploy/systemd/stra-.service.d/hardening.conf"
    for key in ("StateDirectory", "StateDirectoryMode", "CacheDirectory", "CacheDirectoryMode", "UMask"):
        assert [f"--property={key}={value}" for value in lines(of_all, key)] == [
            word for word in given if word.startswith(f"--property={key}=")
        ]


def test_no_secret_is_shipped_and_the_settings_are_those_of_a_server_that_starts() -> None:
    settings = {}
    for file in SETTINGS.glob("*.env"):
        for name, value in re.findall(r"^(\w+)=(.*)$", file.read_text("utf-8"), re.M):
            settings[name] = value
            assert not re.search(r"KEY|SECRET|TOKEN|PASSWORD", name) or value == "", name
    server = from_environment(settings | {"STRA_HOME": "home"}, "127.0.0.1")
    assert (server.refusal, server.identity, server.is_https) == ("", "oidc", True)


def test_a_build_that_fails_or_is_partial_still_has_a_digest_and_a_backup_follows_the_build() -> None:
    [build, backup, digest] = (
        ROOT / "deploy/systemd" / f"stra-{name}.service" for name in ("build", "backup", "digest")
    )
    assert lines(build, "OnFailure") == lines(build, "OnSuccess") == ["stra-digest.service"]
    assert lines(build, "SuccessExitStatus") == ["3"]  # published in part is no failure of the service
    assert all("stra-build.service" in lines(unit, "After")[0].split() for unit in (backup, digest))
    assert lines(backup, "ReadWritePaths") == ["/srv/stra/backups"]
    # else it fills this disk; seen by process 1, since in the unit every path that may be written to is a mount
    [mounted] = lines(backup, "ExecStartPre")
    words = shlex.split(mounted.removeprefix("+"))
    for at, code, said in ((" /srv/stra/backups ", 1, "nothing is mounted at /srv/stra/backups\n"), (" / ", 0, "")):
        words[-1] = words[-1].replace(" /srv/stra/backups ", at).replace("/proc/1/", "/proc/self/")
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout + done.stderr) == (code, said)


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_unit_that_somebody_stops_has_not_failed(unit: Path) -> None:
    """`systemctl stop` left a build, a backup and a digest as failed: by then each ends with exit code 143."""
    of_all = ROOT / "deploy/systemd/stra-.service.d/hardening.conf"
    assert "143" in lines(of_all, "SuccessExitStatus")
    assert lines(unit, "SuccessExitStatus") in ([], ["3"])  # added to it; an empty one would take it away


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".timer"], ids=lambda unit: unit.name)
def test_a_timer_has_its_service_a_time_that_every_day_has_and_is_made_up_for(units: Path, unit: Path) -> None:
    assert unit.with_suffix(".service").is_file()
    [at] = lines(unit, "OnCalendar")
    done = analyse(units, "calendar", "--base-time=2026-03-28 12:00", "--iterations=3", at)
    assert done.returncode == 0, done.stderr
    hour = int(re.findall(r" (\d\d):\d\d:\d\d$", at)[0])
    assert hour not in (1, 2), "an hour that a day of a clock change has twice or not at all"
    assert lines(unit, "Persistent") == ["yes"]
