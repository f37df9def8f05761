"""Spark as the machine of the SELECTs: the only module that imports pyspark.

Rows come to Spark and leave it as Parquet files in the lake, a folder that the driver and all workers see.
"""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import polars as pl
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import StructType

from assets.methods.spread import KEY, Work
from pipelines.cards import Card
from pipelines.engines.engine import EngineLost, Method
from pipelines.engines.ready import EngineNotReady, is_local
from pipelines.engines.translation import casts_in_spark, name_in_spark, translated, type_in_spark
from pipelines.engines.workers import USUAL_WITHOUT, Watch, about_python, check_network, seconds_without

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",  # as in DuckDB
    "spark.sql.ansi.enabled": "true",  # a cast that cannot be right fails, as in DuckDB
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.io.encryption.enabled": "true",  # what is shuffled or spilt holds records of people
}
LONGEST_START = 300  # seconds until the cluster has taken us
LONGEST_TASK = 180  # seconds until a worker has done its first task
WORDS = 300  # of a failure
ROWS_SENT = 50_000  # at once from this process: what is sent travels with the tasks, which have a largest size
PYTHON = "spark.pyspark.python"

Result = TypeVar("Result")
Rows = DataFrame  # what Spark will give once it is asked


class SparkFailed(Exception):
    """Spark could not run a SELECT: the message is the first line of what it says."""


def start(master: str, settings: Mapping[str, str]) -> SparkSession:
    """A session on a cluster or on this machine."""
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")  # rows travel as Arrow
    builder = SparkSession.builder.master(master).appName("stra")
    for name, value in {**SETTINGS, **settings}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    # the Python of the workers: the site's, or the one that runs here
    said = session.sparkContext.getConf().get(PYTHON) or os.environ.get("PYSPARK_PYTHON")
    session.sparkContext.pythonExec = said or sys.executable
    return session


def start_in_time(master: str, settings: Mapping[str, str]) -> SparkSession:
    """A session, or a sentence. Raises EngineNotReady."""
    found: list[SparkSession] = []
    problems: list[str] = []

    def work() -> None:
        try:
            found.append(start(master, settings))
        except Exception as problem:
            problems.append(_first_line(problem))

    # a thread of its own: pyspark waits without an end, and would set what Ctrl-C does
    starter = threading.Thread(target=work, daemon=True)
    starter.start()
    starter.join(LONGEST_START)
    if not found:
        words = problems[0] if problems else f"no answer within {LONGEST_START} seconds"
        raise EngineNotReady(
            f"--spark-master {master}: Spark could not be started ({words}). Expected a master of this environment's "
            "version with the same spark.authenticate settings, and memory for the driver."
        )
    return found[0]


class Spark:
    """The tables that one session of Spark reads, and the SELECTs over them."""

    def __init__(self, session: SparkSession) -> None:
        self.session = session
        self._read: dict[str, str] = {}
        self._longest = USUAL_WITHOUT  # seconds without a worker

    def read(self, table: str, files: Sequence[Path]) -> None:
        """Give a table its rows, from Parquet files."""
        paths = [str(file) for file in files]
        if self._read.get(table) != str(paths):
            self.session.read.parquet(*paths).createOrReplaceTempView(name_in_spark(table))
            self._read[table] = str(paths)

    def give(self, view: str, folder: Path, columns: Mapping[str, str]) -> None:
        """Give a view the rows below a folder, whose columns have these types in DuckDB."""
        if self._read.get(view) != str(folder):
            schema = ", ".join(f"`{name}` {type_in_spark(kind)}" for name, kind in columns.items())
            self._asked(lambda: self.session.read.schema(schema).parquet(f"{folder}/*").createOrReplaceTempView(view))
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
        self._asked(lambda: rows.write.parquet(str(folder)))

    def fetch(self, rows: DataFrame) -> pa.Table:
        """Rows as a table of this process, in their order."""
        return self._asked(rows.toArrow)

    def spread(
        self, rows: pa.Table, keys: tuple[str, ...], parts: int, work: Work, columns: pa.Schema
    ) -> pa.Table:
        """What work makes of rows in parts, on the workers: see assets/methods/spread.py.

        The rows go there with the tasks, and are in no file but what Spark shuffles or spills, which is encrypted.
        """

        def asked() -> pa.Table:
            places = ", ".join(
                f"if({key} is null, null, struct({number} as key, {key} as place))" for number, key in enumerate(keys)
            )
            found = self._sent(rows).selectExpr("*", f"explode(array_compact(array({places}))) as found")
            placed = found.selectExpr(f"* except (found, {', '.join(keys)})", f"found.key as {KEY}", "found.place")
            parted = placed.repartition(parts, KEY, "place").drop("place")
            made = parted.mapInArrow(partial(_of_part, work=work, columns=columns), from_arrow_schema(columns))
            return made.toArrow().cast(columns)

        return self._asked(asked)

    def through(self, rows: DataFrame, method: Method, columns: Mapping[str, str]) -> DataFrame:
        """Rows that have passed through a method on the workers, whose columns have these types in DuckDB."""
        kinds = StructType.fromDDL(", ".join(f"`{name}` {type_in_spark(kind)}" for name, kind in columns.items()))
        work = partial(_by_row, method=method, columns=to_arrow_schema(kinds))
        return self._asked(lambda: rows.mapInArrow(work, kinds))

    def _sent(self, rows: pa.Table) -> DataFrame:
        plain = rows.cast(pa.schema([pa.field(field.name, _plain(field.type)) for field in rows.schema]))
        slices = [plain.slice(start, ROWS_SENT) for start in range(0, max(1, rows.num_rows), ROWS_SENT)]
        frames = [self.session.createDataFrame(part) for part in slices]
        sent = frames[0]
        for frame in frames[1:]:
            sent = sent.unionAll(frame)
        return sent

    def try_out(self, master: str, folder: Path) -> None:
        """Look at the site's settings, and let a worker write a file that we can see. Raises EngineNotReady."""
        setting = self.session.sparkContext.getConf().get
        self._longest = seconds_without(setting)
        check_network(master, setting)
        cancel = threading.Timer(LONGEST_TASK, self.session.sparkContext.cancelAllJobs)
        cancel.start()
        try:
            self.session.range(1).write.parquet(str(folder))
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
                f"{ours}. Make the same environment on each worker at {sys.prefix}, or give the path of its Python "
                f"there as {PYTHON} in spark-defaults.conf."
            )

    def stop(self) -> None:
        """End the session, unless its process has gone."""
        with suppress(Py4JError, OSError):
            self.session.stop()

    def _asked(self, work: Callable[[], Result]) -> Result:
        with Watch(self._count_workers, self._give_up, self._longest) as watch:
            try:
                return work()
            except (PySparkException, Py4JError, OSError) as problem:
                words = _first_line(problem)
                if watch.is_over:
                    raise EngineLost(
                        f"Spark has had no worker for {watch.longest:.0f} seconds. Tables that are made are kept: "
                        "start workers, then run this again."
                    ) from problem
                if self._has_gone():
                    raise EngineLost(
                        f"Spark has gone ({words}). Tables that are made are kept: start it, then run this again."
                    ) from problem
                raise SparkFailed(f"Spark: {words}") from problem

    def _count_workers(self) -> int:
        """How many processes can run tasks. On this machine alone it is Spark's own."""
        if is_local(self.session.sparkContext.master):
            return 1
        with_driver = self.session.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
        return int(with_driver) - 1

    def _give_up(self) -> None:
        self.session.sparkContext.setLogLevel("OFF")  # else a page of Java comes before our sentence
        self.session.sparkContext.cancelAllJobs()

    def _has_gone(self) -> bool:
        try:
            return bool(self.session.sparkContext._jsc.sc().isStopped())
        except Exception:  # its process does not answer
            return True


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


def _plain(kind: pa.DataType) -> pa.DataType:
    """A type of Arrow that Spark has: it has no large ones."""
    if pa.types.is_large_list(kind):
        return pa.list_(_plain(kind.value_type))
    return pa.string() if pa.types.is_large_string(kind) else kind


def _first_line(problem: Exception) -> str:
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    # py4j says first that there is an error, and then which
    named = [line for line in lines if not line.startswith("An error occurred while calling")]
    return (named or lines or [type(problem).__name__])[0].lstrip(": ")[:WORDS]
