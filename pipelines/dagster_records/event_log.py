"""Dagster's records in SQLite, with the event log's connections kept open.

Dagster opens a new engine and a new connection for each of the thousand events of a build, and asks each time which
tables and columns its log has. That took longer than most of the tables that they report. Files and content are those
of Dagster's default.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Self

from dagster._core.events import DagsterEventType
from dagster._core.events.log import EventLogEntry
from dagster._core.instance import DagsterInstance
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from pipelines.system.disk import is_disk_trouble

# what a run intends, and what it hands from step to step: nothing, since tables stay in the warehouse
PASSING = (
    DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
    DagsterEventType.STEP_OUTPUT,
    DagsterEventType.HANDLED_OUTPUT,
)


class OpenEventLog(SqliteEventLogStorage):
    """One connection for each of the log's files, guarded by Dagster's own lock."""

    def __init__(self, base_dir: str) -> None:
        self.keeps_passing = True
        self._engines: dict[str, Engine] = {}
        self._there: set[str] = set()  # tables and columns that the log has; none is ever removed
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            self._initdb(engine)
            self._engines[shard] = engine
        return self._engines[shard]

    def forget(self, shard: str) -> None:
        """Close the connection to a file of the log that is removed."""
        engine = self._engines.pop(shard, None)
        if engine is not None:
            engine.dispose()

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event; one that passes with its run only where those are kept.

        On a full disk it is left out: Dagster would print its library's words, and the build says why it ends.
        """
        if self.keeps_passing or event.dagster_event_type not in PASSING:
            try:
                super().store_event(event)
            except OperationalError as problem:
                if not is_disk_trouble(problem):
                    raise

    def has_table(self, table_name: str) -> bool:
        """Whether the log of all runs has the table."""
        if table_name not in self._there and super().has_table(table_name):
            self._there.add(table_name)
        return table_name in self._there

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        name = f"asset key column {column_name}"
        if name not in self._there and super()._has_asset_key_col_on_connection(conn, column_name):
            self._there.add(name)
        return name in self._there

    @property
    def asset_records_have_last_observation(self) -> bool:
        """True: else the log is searched for observations of each asset that has no other event. None is observed."""
        return True

    def dispose(self) -> None:
        """Close the connections."""
        super().dispose()
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()


class Records(DagsterSqliteStorage):
    """Runs, events and schedules below `base_dir`, which is DAGSTER_HOME."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = OpenEventLog(self._event_log_storage._base_dir)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """Called by Dagster with the settings of dagster.yaml."""
        return cls.from_local(inst_data=inst_data, **config_value)


def results_alone(instance: DagsterInstance) -> None:
    """Do not store what passes with a run: it runs in this process, and its results follow within minutes."""
    log = instance.event_log_storage
    assert isinstance(log, OpenEventLog), "dagster.yaml names another storage"
    log.keeps_passing = False


@cache
def no_disk_sync(folder: Path) -> None:
    """Do not sync the SQLite files below this folder to disk at every event; every other store is left as it is.

    Dagster's records can be lost without harm, and the waiting costs time.
    """

    @event.listens_for(Engine, "connect")
    def relax(connection: Any, record: object) -> None:
        if type(connection).__module__.startswith("sqlite3"):
            _, _, file = connection.execute("pragma database_list").fetchone()
            if file and Path(file).is_relative_to(folder):
                connection.execute("pragma synchronous = off")


def drop_damaged(folder: Path) -> None:
    """Remove Dagster's records if the power was lost while they were written: nothing rests on them.

    They are not synced, so that no build would ever succeed again with what such a loss can leave.
    """
    for part in ("history", "schedules"):
        if not all(map(_is_sound, sorted((folder / part).rglob("*.db")))):
            shutil.rmtree(folder / part, ignore_errors=True)


def _is_sound(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file)) as con:
            return con.execute("pragma quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.OperationalError:
        return True  # another process writes to it, or the disk is full
    except sqlite3.DatabaseError:
        return False


def dagster_home(home: Path) -> Path:
    """The folder of Dagster's records below the home, with our dagster.yaml."""
    folder = (home / "dagster").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("dagster.yaml"), folder / "dagster.yaml")
    return folder
