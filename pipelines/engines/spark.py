"""Spark as the machine of the SELECTs: the only module that imports pyspark.

Rows come to Spark and leave it as Parquet files in the lake, a folder that the driver and all workers see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from pipelines.cards import Card
from pipelines.engines.translation import casts_in_spark, name_in_spark, translated

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",  # as in DuckDB
    "spark.sql.ansi.enabled": "true",  # a cast that cannot be right fails, as in DuckDB
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
}


def start(master: str, settings: Mapping[str, str]) -> SparkSession:
    """A session on a cluster or on this machine."""
    builder = SparkSession.builder.master(master).appName("stra")
    for name, value in {**SETTINGS, **settings}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


class Spark:
    """The tables that one session of Spark reads, and the SELECTs over them."""

    def __init__(self, session: SparkSession) -> None:
        self.session = session
        self._read: dict[str, list[str]] = {}

    def read(self, table: str, files: Sequence[Path]) -> None:
        """Give a table its rows, from Parquet files."""
        paths = [str(file) for file in files]
        if self._read.get(table) != paths:
            self.session.read.parquet(*paths).createOrReplaceTempView(name_in_spark(table))
            self._read[table] = paths

    def select(self, card: Card, columns: Mapping[str, str]) -> DataFrame:
        """The rows of a table's SELECT, whose columns have these types in DuckDB."""
        return self.session.sql(f"select {casts_in_spark(columns)} from ({translated(card)})")

    def stop(self) -> None:
        """End the session."""
        self.session.stop()
