"""A canary in every secret of the environment never reaches what a command says, nor any file of a home."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from click.testing import Result
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from casework.store import database
from casework.store.refusal import Refused
from pipelines.commands.cli import app

pytestmark = pytest.mark.slow

CANARY = "CANARY"
ENDING = "-0123456789abcdef0123456789abcdef"
HIDDEN = ("STRA_IDENTITY_KEY", "STRA_BACKUP_KEY", "STRA_METRICS_TOKEN", "STRA_PROXY_SECRET", "STRA_COOKIE_SECRET",
          "STRA_OIDC_CLIENT_SECRET", "SPARK_CONNECT_AUTHENTICATE_TOKEN")  # fmt: skip
SECRETS = {name: f"{CANARY}-{name.lower()}{ENDING}" for name in HIDDEN} | {
    "STRA_DIGEST_ONE": f"mailto://me:{CANARY}@127.0.0.1:1?to=a@b.invented",
    "STRA_EXTRACT_URL": f"postgresql://me:{CANARY}@127.0.0.1:1/records",
}
MAPPING = """version = 1
force_code = "kent"
[database]
url = "env:STRA_EXTRACT_URL"
[database.queries]
crime = "select 1"
"""
DIGEST = '[one]\nrole = "registrar"\nevery = "day"\nto = "STRA_DIGEST_ONE"\n'
STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
    f"{1:064x},2025-01,Kent Police,Kent Police,0.5,51.2,On or near High Street,E01000001,Kent 001A,Burglary,,\n"
)
# Command -> its arguments; {home}, {data} and {out} are folders. None: it is not run here, and why.
COMMANDS: dict[str, str | None] = {
    "build": "--data {data} --home {home}",
    "plan": "--data {data} --home {home}",
    "purge": "--home {home}",
    "fetch": "nothing --data {out}/fetched",
    "invent": "--home {home}",
    "map": "--data {data} --yes",
    "doctor": "--data {data}",
    "digest": "--home {home}",
    "status": "--home {home} --json",
    "verify": "--home {home} --data {data}",
    "publish": "--back --home {home} --by Invented --reason why",
    "backup": "--home {home} --to {out}/backup",
    "restore": "--from {out}/backup --home {out}/restored",
    "log verify": "--home {home}",
    "log export": "--home {home} --out {out}/log --recipient Invented",
    "account set": "--home {home} --identity a@b.invented --role registrar --reason why",
    "account list": "--home {home}",
    "report audit": "--home {home} --out {out}/audit.html",
    "report assessment": "--home {home} --out {out}/assessment",
    "report commissioning": "--home {home} --out {out}/pack",
    "report drafts": "--home {home} --out {out}/drafts",
    "report model-card": "--home {home} --out {out}/card.html",
    "report lists": "--home {home} --out {out}/lists.html",
    "report lineage": "--home {home} --out {out}/lineage.jsonl",
    "report panel": "--home {home} --out {out}/panel.html",
    "casework move": "--home {home} --to postgresql --by Invented",
    "export-case": "--home {home} --case C1 --out {out}/case --by Invented --reason why",
    "register import": "--home {home} --file {data}/2025-01-kent-street.csv --by Invented",
    "lists": "",
    "combine": None,  # it reads published copies, which hold none
    "watch": None,  # it runs `build`, and does not end by itself
    "serve": None,  # its pages and addresses: test_gate, test_watched
    "dagster": None,  # it shows what `build` records
    "replay": None,  # it copies rows from one extract to another
    "synth": None,  # it reads nothing but its arguments
    "schema": None,  # it reads nothing
    "docs": None,  # it reads nothing but the documentation
}
# Addresses of a casework store that cannot be used. People forget the host, or do not encode a password.
BROKEN = [
    f"postgresql://stra:{CANARY}@127.0.0.1:1/stra",
    f"postgresql://stra:{CANARY}",
    f"postgresql://stra:{CANARY}/stra",
    f"postgresql://stra:a@{CANARY}@127.0.0.1:1/stra",
    f"postgresql://stra:a/{CANARY}@127.0.0.1:1/stra",
    f"postgresql://stra:a#{CANARY}@127.0.0.1:port/stra",
    f"postgresql+nothing://stra:{CANARY}@127.0.0.1:1/stra",
    f"nothing://stra:{CANARY}@127.0.0.1:1/stra",
    f"mysql://stra:{CANARY}@127.0.0.1:1/stra",
    f"host=127.0.0.1 password={CANARY}",
]

TRIED = ("verify", "log verify", "account list", "purge", "casework move")


def leaves() -> Iterator[str]:
    """The name of every command."""

    def walk(command: object, name: str) -> Iterator[str]:
        below = getattr(command, "commands", {})
        if not below:
            yield name
        for part, other in below.items():
            yield from walk(other, f"{name} {part}".strip())

    yield from walk(typer.main.get_command(app), "")


def run(command: str, folders: dict[str, Path]) -> Result:
    arguments = [part.format(**folders) for part in str(COMMANDS[command]).split()]
    return CliRunner().invoke(app, [*command.split(), *arguments])


def with_canary(folder: Path) -> list[str]:
    """The files below a folder that hold the canary."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [str(path.relative_to(folder)) for path in files if CANARY.encode() in path.read_bytes()]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """A home built with all secrets set, an extract in a database that is not there, and a folder for the rest."""
    root = tmp_path_factory.mktemp("canary")
    folders = {name: root / name for name in ("home", "data", "out")}
    (folders["data"] / "force").mkdir(parents=True)
    folders["out"].mkdir()
    (folders["data"] / "2025-01-kent-street.csv").write_text(STREET)
    (folders["data"] / "force" / "mapping.toml").write_text(MAPPING)
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("STRA_CASEWORK_URL", raising=False)
        for name, value in SECRETS.items():
            environment.setenv(name, value)
        built = run("build", folders)
        assert built.exit_code in (0, 1, 3) and CANARY not in built.output, built.output[-2000:]
        (folders["home"] / "digests.toml").write_text(DIGEST)
        yield folders


def test_every_command_is_tried_or_has_a_reason() -> None:
    assert sorted(leaves()) == sorted(COMMANDS)


def test_no_command_says_a_secret(world: dict[str, Path]) -> None:
    spoken = {}
    for command, arguments in COMMANDS.items():
        if arguments is not None and command != "build":
            said = run(command, world)
            assert said.exception is None or isinstance(said.exception, SystemExit), f"{command}: {said.exception!r}"
            spoken[command] = said.output + repr(said.exc_info)
    assert [command for command, said in spoken.items() if CANARY in said] == []
    assert all(spoken.values())
    assert with_canary(world["home"]) == [] and with_canary(world["out"]) == []


@pytest.mark.parametrize("url", BROKEN)
def test_an_address_that_cannot_be_used_is_not_repeated(
    url: str, world: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRA_CASEWORK_URL", url)
    for command in TRIED:
        said = run(command, world)
        assert said.exception is None or isinstance(said.exception, SystemExit), f"{command}: {said.exception!r}"
        assert CANARY not in said.output, said.output
        assert said.exit_code == 1, said.output
    with pytest.raises((Refused, DatabaseError)) as problem:  # what a page shows of it
        database.open_store(tmp_path)
    assert CANARY not in database.in_words(problem.value)


def test_a_fault_of_ours_prints_no_values() -> None:
    """Typer would show every local variable of every call, keys too."""
    assert app.pretty_exceptions_enable is False
