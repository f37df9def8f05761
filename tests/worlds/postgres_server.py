"""A real PostgreSQL of the tests' own: a folder, a socket in it, a password. Nothing listens on a network."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

PASSWORD = "s3cret/w:rd@5"  # with what an address has to quote
QUOTED = "s3cret%2Fw%3Ard%405"


class Server:
    """A running server, reached by its socket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, password: str = QUOTED) -> str:
        return f"postgresql://reader:{password}@/postgres?host={self.folder}"

    def run(self, *statements: str) -> None:
        with self._connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def run_alone(self, statement: str) -> None:
        """A statement that is not part of a transaction, such as a new database."""
        with psycopg.connect(**self._place, autocommit=True) as connection:
            connection.execute(statement)

    def end_connections(self) -> None:
        """End every other connection, as a restart of the server does."""
        others = "pid <> pg_backend_pid() and datname is not null"
        self.run_alone(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}")

    def load(self, table: str, columns: dict[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """A new table with these columns (name -> type) and rows."""
        names = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        with self._connect() as connection:
            connection.execute(f'create table "{table}" ({names})')
            with connection.cursor() as cursor:
                marks = ", ".join("%s" for _ in columns)
                cursor.executemany(f'insert into "{table}" values ({marks})', rows)

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(**self._place)

    @property
    def _place(self) -> dict[str, str]:
        return {"host": str(self.folder), "user": "reader", "password": PASSWORD, "dbname": "postgres"}


@contextmanager
def postgres() -> Iterator[Server]:
    """Started from nothing, and gone afterwards. Not in pytest's folder: the server's account may not enter it."""
    binaries = _binaries()
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        (folder / "password").write_text(PASSWORD)
        account: dict[str, Any] = {}
        if os.geteuid() == 0:  # the server refuses to run as root
            account = {"user": "postgres", "group": "postgres", "extra_groups": []}
            for path in (folder, folder / "password"):
                shutil.chown(path, "postgres", "postgres")

        def run(*command: str) -> None:
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **account)
            log = (folder / "log").read_text() if (folder / "log").exists() else ""
            assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}{log}"

        data = str(folder / "data")
        run(
            str(binaries / "initdb"), "-D", data, "-U", "reader", "--auth=scram-sha-256", f"--pwfile={folder}/password",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        # a session's time zone must not matter: the server's is not UTC
        settings = f"-k {folder} -c listen_addresses='' -c fsync=off -c timezone=Europe/London"
        run(str(binaries / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log", "-o", settings, "start")
        try:
            yield Server(folder)
        finally:
            run(str(binaries / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")


def _binaries() -> Path:
    """The folder of the server's programs. They must be there: what is not tested against a server is not tested."""
    named = shutil.which("initdb")
    folders = [Path(named).resolve().parent] if named else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise AssertionError(
        "PostgreSQL's initdb and pg_ctl: expected on the path or below /usr/lib/postgresql; found neither."
        " Install the server, on Debian: apt-get install postgresql; then run the tests again."
    )
