"""The product's own answers: its linkage as a function, and its tables as a build makes them."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from assets.methods.linkage.clusters import Limits
from assets.methods.linkage.process import link, variants_of
from assets.reference import list_path
from benchmarks.open.task import Frames

WEIGHTS = Path(__file__).resolve().parents[2] / "sample" / "open_data" / "reference" / "severity_codes.csv"


@cache
def settings() -> pl.DataFrame:
    """reference.settings: key and value."""
    return pl.read_csv(list_path("settings")).select("key", pl.col("value").cast(pl.Float64))


def linked(identities: pl.DataFrame) -> pl.DataFrame:
    """person_key and person_ref, by the product's linkage with the settings that it ships."""
    said = dict(settings().iter_rows())
    forms = variants_of(pl.read_csv(list_path("forename_variants")).select("full_name", "variant").iter_rows())
    limits = Limits(said["linkage.link_weight"], said["linkage.average_weight"])
    people = link(identities, forms, limits, said["linkage.maximum_comparisons"]).people
    return people.select("person_key", person_ref=pl.col("cluster").cast(pl.String))


@contextmanager
def built(
    inputs: Frames, tables: Sequence[str], beside: Sequence[Path] = (), has_rules: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of a build of these files: the tables named, what they rest on, and with `has_rules` the rules.

    Files `beside` are open data. Nothing is published. Raises RuntimeError if a table cannot be built.
    """
    # imports of the build take a second, which scoring a stranger's answer should not
    from pipelines.builds import empty_warehouse
    from pipelines.builds.session import open_session
    from pipelines.fetching.folder import read_folder
    from pipelines.publication.provenance import closure
    from pipelines.tables.warehouse import PERIODS

    warnings.filterwarnings("ignore")  # of Great Expectations: they address developers
    with tempfile.TemporaryDirectory() as work:
        data, home = Path(work) / "data", Path(work) / "home"
        write(inputs, data)
        for file in beside:
            (data / file.name).write_bytes(file.read_bytes())
        home.mkdir()
        with open_session(home, read_folder(data), prepare=empty_warehouse.provide) as session:
            session.take_in()
            wanted = closure(tables)
            for card in session.stale_tables():
                if card.table in wanted - {PERIODS}:
                    session.build(card)
            if session.failed:
                raise RuntimeError(f"could not be built: {', '.join(session.failed)}")
            if has_rules:
                session.run_rules()
            yield session.con


def write(frames: Frames, folder: Path) -> None:
    """Each frame as a Parquet file at its place."""
    for place, frame in frames.items():
        file = folder / f"{place}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(file)
