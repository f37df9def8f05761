"""`stra synth --series`: the monthly counts of every measure of invented forces, without their records."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pipelines.builds.in_memory import InMemory

FILE = "series.parquet"
README = """Nothing in this folder is real. {file} has the monthly counts of every measure of invented forces.

crimes {crimes}, seeds {first} to {last}, noise {noise}, story {story}
"""
SHARED_FROM = 8  # forces: a process of its own takes longer to start than to count one


@dataclass(frozen=True)
class Written:
    """What was written: the number of rows, the measures with a series, and why the others have none."""

    row_count: int
    measured: tuple[str, ...]
    without: dict[str, list[str]]

    def words(self) -> list[str]:
        """One line, and one for each reason."""
        all_count = len(self.measured) + sum(map(len, self.without.values()))
        return [
            f"{len(self.measured)} of {all_count} measures, {self.row_count:,} rows",
            *(f"No series: {', '.join(codes)}: {reason}." for reason, codes in sorted(self.without.items())),
        ]


def write_series(out: Path, crimes: int, seeds: range, noise: str, has_story: bool) -> Written:
    """Write `series.parquet` with the force of each seed, in order; memory holds one force a process at a time."""
    measured: set[str] = set()
    rows = 0
    writer: pq.ParquetWriter | None = None
    try:
        for frame in _each(crimes, seeds, noise, has_story):
            table = frame.to_arrow()
            writer = writer or pq.ParquetWriter(out / FILE, table.schema, compression="zstd")
            writer.write_table(table)
            measured |= set(frame["measure_code"].unique())
            rows += frame.height
    finally:
        if writer is not None:
            writer.close()
    story = "from 3,000 crimes on" if has_story else "none: a steady force"
    text = README.format(file=FILE, crimes=crimes, first=seeds[0], last=seeds[-1], noise=noise, story=story)
    (out / "README.txt").write_text(text, encoding="utf-8")
    memory = memory_of_process()
    return Written(rows, tuple(sorted(measured)), memory.without(sorted(set(memory.measures()) - measured)))


def _each(crimes: int, seeds: range, noise: str, has_story: bool) -> Iterator[pl.DataFrame]:
    """The series of each seed in order: the first by this process, many others by one a processor."""
    count = partial(_series, crimes, noise, has_story)
    yield count(seeds[0])
    if len(seeds) < SHARED_FROM:
        yield from map(count, seeds[1:])
        return
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(count, seeds[1:])


def _series(crimes: int, noise: str, has_story: bool, seed: int) -> pl.DataFrame:
    from sample.synth import hold

    counted = memory_of_process().series(hold(crimes, seed, noise, has_story))
    return counted.select(pl.lit(seed, dtype=pl.Int64).alias("seed"), pl.all())


@cache
def memory_of_process() -> InMemory:
    """The warehouse of this process."""
    from pipelines.builds.in_memory import InMemory

    return InMemory()
