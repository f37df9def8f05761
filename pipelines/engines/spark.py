"""Spark as the machine of the SELECTs: the only module that imports pyspark.

Rows come to Spark and leave it as Parquet files in the lake, a folder that the driver and all workers see.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from pickle import PicklingError
from typing import TypeVar

import polars as pl
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.logger import PySparkLogger
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from assets.methods.spread import KEY, Work
from pipelines.engines.drivers import PYTHON, Driver, Own, Server
from pipelines.engines.engine import Method
from pipelines.engines.masters import OURS, TOKEN, is_connect
from pipelines.engines.ready import PYSPARK, EngineNotReady
from pipelines.engines.translation import casts_in_spark, name_in_spark, translated, type_in_spark
from pipelines.engines.workers import USUAL_WITHOUT, Watch, about_python, check_network, seconds_without
from pipelines.tables.cards import Card
from pipelines.tables.warehouse import EngineLost

OF_SESSION = {
    "spark.sql.session.timeZone": "UTC",  # as in DuckDB
    "spark.sql.ansi.enabled": "true",  # a cast that cannot be right fails, as in DuckDB
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}
ENCRYPTION = "spark.io.encryption.enabled"
SETTINGS = {
    **OF_SESSION,
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
    ENCRYPTION: "true",  # what is shuffled or spilt holds records of people
}
# a server would write larger rows that it is sent to a file, and not encrypt it
NO_FILES = {"spark.sql.session.localRelationCacheThreshold": str(2**31 - 1)}
LONGEST_START = 300  # seconds until the cluster has taken us
LONGEST_TASK = 180  # seconds until a worker has done its first task
WORDS = 300  # of a failure
ROWS_SENT = 50_000  # at once from this process: what is sent travels with the tasks, which have a largest size
RETRIES = 6  # of a call that found no server: about 70 seconds
LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")

Result = TypeVar("Result")
Rows = DataFrame  # what Spark will give once it is asked


class SparkFailed(Exception):
    """Spark could not run a SELECT: the message is the first line of what it says."""


def start(master: str, settings: Mapping[str, str]) -> SparkSession:
    """A session on a cluster or on this machine."""
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")  # rows travel as Arrow
    for name in LOGGERS:
        PySparkLogger.getLogger(name).disabled = True  # it prints what a query failed at, values of rows too
    if is_connect(master):
        return connect(master, settings)
    builder = SparkSession.builder.master(master).appName("stra")
    for name, value in {**SETTINGS, **settings}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    # the Python of the workers: the site's, or the one that runs here
    said = session.sparkContext.getConf().get(PYTHON) or os.environ.get("PYSPARK_PYTHON")
    session.sparkContext.pythonExec = said or sys.executable
    return session


def connect(master: str, settings: Mapping[str, str]) -> SparkSession:
    """A session of a server of Spark Connect, which no other build has. Raises EngineNotReady."""
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession as Remote

    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]")  # our own sentence says it
    host = next((host for host in OURS if master.startswith(f"sc://{host}:")), None)
    # under this name alone Spark sends a token without TLS, and makes sure that it stays on this machine
    url = master.replace(host, "localhost", 1) if host is not None else master
    place, _, given = url.partition("/;")
    stranger = f"{place.rstrip('/')}/;{given or 'use_ssl=false'};token={secrets.token_hex()}"
    sessions = [Remote.builder.remote(address).create() for address in (url, stranger)]
    for session in sessions:
        session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
    session, other = sessions
    if not session.version.startswith(f"{PYSPARK}."):
        raise EngineNotReady(
            f"--spark-master {master}: saw a server of Spark {session.version}; expected {PYSPARK}, for which the "
            "SELECTs were compared. Start the server of this environment."
        )
    try:
        is_open = bool(other.version)
    except PySparkException:
        is_open = False
    other.client.close()
    if is_open:
        raise EngineNotReady(
            f"--spark-master {master}: the server takes any token, so anyone who reaches its port reads what it may "
            f"read. Start it with {TOKEN} in its environment."
        )
    if session.conf.get(ENCRYPTION, None) != "true":
        raise EngineNotReady(
            f"--spark-master {master}: the server does not encrypt what it shuffles or spills, which holds records of "
            f"people. Set {ENCRYPTION} true in its spark-defaults.conf, and start it again."
        )
    for name, value in {**OF_SESSION, **NO_FILES, **settings}.items():
        session.conf.set(name, value)
    return session


def start_in_time(master: str, settings: Mapping[str, str]) -> SparkSession:
    """A session, or a sentence. Raises EngineNotReady."""
    found: list[SparkSession] = []
    problems: list[Exception] = []

    def work() -> None:
        try:
            found.append(start(master, settings))
        except Exception as problem:
            problems.append(problem)

    # a thread of its own: pyspark waits without an end, and would set what Ctrl-C does
    starter = threading.Thread(target=work, daemon=True)
    starter.start()
    starter.join(LONGEST_START)
    if found:
        return found[0]
    if problems and isinstance(problems[0], EngineNotReady):
        raise problems[0]
    words = _first_line(problems[0]) if problems else f"no answer within {LONGEST_START} seconds"
    if is_connect(master):
        raise EngineNotReady(
            f"--spark-master {master}: the server gave no session ({words}). Expected a server of Spark Connect "
            f"whose token is {TOKEN} here."
        )
    raise EngineNotReady(
        f"--spark-master {master}: Spark could not be started ({words}). Expected a master of this environment's "
        "version with the same spark.authenticate settings, and memory for the driver."
    )


class Spark:
    """The tables that one session of Spark reads, and the SELECTs over them."""

    def __init__(self, session: SparkSession) -> None:
        self.session = session
        self._driver: Driver = Own(session) if isinstance(session, SparkSession) else Server(session)
        self._read: dict[str, str] = {}
        self._longest = USUAL_WITHOUT  # seconds without a worker

    def read(self, table: str, files: Sequence[Path]) -> None:
        """Give a table its rows, from Parquet files."""
        paths = [_address(file) for file in files]
        if self._read.get(table) != str(paths):
            self.session.read.parquet(*paths).createOrReplaceTempView(name_in_spark(table))
            self._read[table] = str(paths)

    def give(self, view: str, folder: Path, columns: Mapping[str, str]) -> None:
        """Give a view the rows below a folder, whose columns have these types in DuckDB."""
        if self._read.get(view) != str(folder):
            schema = ", ".join(f"`{name}` {type_in_spark(kind)}" for name, kind in columns.items())
            files = f"{_address(folder)}/*"
            self._asked(lambda: self.session.read.schema(schema).parquet(files).createOrReplaceTempView(view))
            self._read[view] = str(folder)

    def define(self, view: str, query: str, reads: str) -> None:
        """Give a view the rows of a query over views; `reads` is another where what these hold is."""
        if self._read.get(view) != query + reads:
            self._asked(lambda: self.session.sql(query).createOrReplaceTempView(view))
            self._read[view] = query + reads

    def select(self, card: Card, columns: Mapping[str, str]) -> DataFrame:
        """The rows of a table's SELECT, whose columns have these types in DuckDB."""
        return self.run(translated(card), columns)

    def run(self, query: str, columns: Mapping[str, str]) -> DataFrame:
        """The rows of a query in Spark's SQL, whose columns have these types in DuckDB."""
        return self._asked(lambda: self.session.sql(f"select {casts_in_spark(columns)} from ({query})"))

    def write(self, rows: DataFrame, folder: Path) -> None:
        """Write rows to a new folder."""
        self._asked(lambda: rows.write.parquet(_address(folder)))

    def fetch(self, rows: DataFrame) -> pa.Table:
        """Rows as a table of this process, in their order."""
        return self._asked(rows.toArrow)

    def spread(self, rows: pa.Table, keys: tuple[str, ...], parts: int, work: Work, columns: pa.Schema) -> pa.Table:
        """What work makes of rows in parts, on the workers: see assets/methods/spread.py.

        The rows go there with the tasks, and are in no file but what Spark shuffles or spills, which is encrypted.
        """

        def asked() -> pa.Table:
            places = ", ".join(
                f"if({key} is null, null, struct({number} as key, {key} as place))" for number, key in enumerate(keys)
            )
            with self._sent(rows) as sent:
                found = sent.selectExpr("*", f"explode(array_compact(array({places}))) as found")
                placed = found.selectExpr(f"* except (found, {', '.join(keys)})", f"found.key as {KEY}", "found.place")
                parted = placed.repartition(parts, KEY, "place").drop("place")
                made = parted.mapInArrow(partial(_of_part, work=work, columns=columns), from_arrow_schema(columns))
                return made.toArrow().cast(columns)

        return self._asked(asked)

    def through(self, rows: DataFrame, method: Method, columns: Mapping[str, str]) -> DataFrame:
        """Rows that have passed through a method on the workers, whose columns have these types in DuckDB."""
        none = ", ".join(f"cast(null as {type_in_spark(kind)}) as `{name}`" for name, kind in columns.items())
        kinds = self._asked(lambda: self.session.sql(f"select {none}").schema)
        work = partial(_by_row, method=method, columns=to_arrow_schema(kinds))
        return self._asked(lambda: rows.mapInArrow(work, kinds))

    @contextmanager
    def _sent(self, rows: pa.Table) -> Iterator[DataFrame]:
        """Rows of this process, a slice at a time: no message to a server has more than one."""
        plain = rows.cast(pa.schema([pa.field(field.name, _plain(field.type)) for field in rows.schema]))
        slices = [plain.slice(start, ROWS_SENT) for start in range(0, max(1, rows.num_rows), ROWS_SENT)]
        views = [f"sent_{number}" for number in range(len(slices))]
        for view, part in zip(views, slices, strict=True):
            self.session.createDataFrame(part).createOrReplaceTempView(view)
        yield self.session.sql(" union all ".join(f"select * from {view}" for view in views))
        for view in views:  # where it fails they end with the session
            self.session.catalog.dropTempView(view)

    def try_out(self, master: str, folder: Path) -> None:
        """Look at the site's settings, and let a worker write a file that we can see. Raises EngineNotReady."""
        self._longest = seconds_without(self._driver.setting)
        check_network(master, self._driver.setting)
        cancel = threading.Timer(LONGEST_TASK, self._driver.cancel)
        cancel.start()
        try:
            self.session.range(1).write.parquet(_address(folder))
        except Exception as problem:
            raise EngineNotReady(
                f"--spark-master {master}: no worker could write to {folder.parent} within {LONGEST_TASK} seconds "
                f"({_first_line(problem)}). Expected a free worker with the Spark of this environment, which may write "
                "there."
            ) from problem
        finally:
            cancel.cancel()
        if not any(folder.glob("part-*.parquet")):
            raise EngineNotReady(
                f"--lake: a worker wrote to {folder.parent}, and nothing is there. Expected a folder that this machine "
                "and all workers see; mount one on all of them."
            )
        self._try_python(master)

    def _try_python(self, master: str) -> None:
        """Let a worker say what its Python is. Raises EngineNotReady unless it is as ours."""
        ours = about_python()
        try:
            theirs = self.session.range(1).mapInArrow(_about, "about string").first()
            seen = str(theirs[0]) if theirs is not None else "nothing"
        except Exception as problem:
            seen = _first_line(problem)
        if seen != ours:
            raise EngineNotReady(
                f"--spark-master {master}: a worker's Python is not that of this environment. Saw {seen}; expected "
                f"{ours}. Make the same environment on each worker at {sys.prefix}, or {self._driver.cure}."
            )

    def stop(self) -> None:
        """End the session, unless its process has gone."""
        with suppress(Py4JError, OSError):
            self.session.stop()

    def _asked(self, work: Callable[[], Result]) -> Result:
        with Watch(self._driver.count_workers, self._driver.cancel, self._longest) as watch:
            try:
                return work()
            except (PySparkException, Py4JError, OSError) as problem:
                words = _first_line(problem)
                if watch.is_over:
                    raise EngineLost(
                        f"Spark has had no {self._driver.lack} for {watch.longest:.0f} seconds. Tables that are "
                        "made are kept: start workers, then run this again."
                    ) from problem
                if self._driver.has_gone():
                    raise EngineLost(
                        f"Spark has gone ({words}). Tables that are made are kept: start it, then run this again."
                    ) from problem
                raise SparkFailed(f"Spark: {words}") from problem
            except PicklingError as problem:
                raise SparkFailed(
                    f"what the workers were to run cannot go to them ({_first_line(problem)}). Give a function of a "
                    "module, without open files or locks."
                ) from problem


def _of_part(batches: Iterator[pa.RecordBatch], work: Work, columns: pa.Schema) -> Iterator[pa.RecordBatch]:
    """On a worker: what the work makes of one part."""
    given = [batch for batch in batches if batch.num_rows]
    if given:
        yield from work(pa.Table.from_batches(given)).select(columns.names).to_batches()


def _by_row(batches: Iterator[pa.RecordBatch], method: Method, columns: pa.Schema) -> Iterator[pa.RecordBatch]:
    """On a worker: what a method makes of rows."""
    for batch in batches:
        if batch.num_rows:
            made = method(pl.DataFrame(pa.Table.from_batches([batch]))).select(columns.names)
            yield from made.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(columns).to_batches()


def _about(_: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield pa.record_batch({"about": [about_python()]})


def _address(path: Path) -> str:
    """A path as Spark reads it: a file of a drive, also where the site has another usual file system."""
    return f"file://{path}"


def _plain(kind: pa.DataType) -> pa.DataType:
    """A type of Arrow that Spark has: it has no large ones."""
    if pa.types.is_large_list(kind):
        return pa.list_(_plain(kind.value_type))
    return pa.string() if pa.types.is_large_string(kind) else kind


def _first_line(problem: Exception) -> str:
    of_call = re.search(r'^[ \t]*details = "(.+)', str(problem), re.MULTILINE)  # gRPC says first that a call has failed
    if of_call is not None:
        return of_call[1].rstrip('"')[:WORDS]
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    # py4j says first that there is an error, and then which
    named = [line for line in lines if not line.startswith("An error occurred while calling")]
    return (named or lines or [type(problem).__name__])[0].lstrip(": ")[:WORDS]
