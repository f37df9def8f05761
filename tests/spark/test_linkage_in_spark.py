"""Linkage on a cluster: the same people, whatever is killed, and no name where workers write."""

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import other_people
import polars as pl
import pytest

from assets.methods.linkage.process import PAIR, Limits, Linked, link, variants_of
from assets.reference import list_path

pytest.importorskip("pyspark", reason="Spark is not in this environment: make spark-test has one")
from compare_engines import SMALL
from spark_cluster import LONGEST, PLAIN, WIDE, Cluster, cluster, executors_of, files_below, kill, running, wait

from pipelines.engines import spark

pytestmark = [
    pytest.mark.slow,
    pytest.mark.kill,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17 or 21: apt-get install openjdk"),
]
FORMS = pl.read_csv(list_path("forename_variants")).select("full_name", "variant")
VARIANTS = variants_of(FORMS.iter_rows())
LIMITS = Limits(2.5, -4.0)
SCRIPT = """
import sys
from pathlib import Path
from benchmarks.linkage import spark
print(spark(Path(sys.argv[2]), sys.argv[1], dict(pair.split("=") for pair in sys.argv[3:])))
"""


def alone(names: pl.DataFrame) -> Linked:
    """What one machine makes of the names."""
    return link(names, VARIANTS, LIMITS, 1e9)


@pytest.mark.parametrize("noise", ["low", "medium", "heavy"])
def test_people_are_those_of_one_machine(noise: str) -> None:
    names = other_people.make(2000, 7, noise)[0]
    session = spark.Spark(spark.start("local[2]", SMALL))
    try:
        found = link(names, VARIANTS, LIMITS, 1e9, spread=session.spread)
    finally:
        session.stop()
    expected = alone(names)
    assert found.people.equals(expected.people) and found.people["cluster"].n_unique() > 1000
    assert found.pairs.sort(PAIR).equals(expected.pairs.sort(PAIR))


@pytest.fixture(scope="module")
def names() -> pl.DataFrame:
    return other_people.make(6000, 8, "medium")[0]


@pytest.fixture(scope="module")
def expected(names: pl.DataFrame) -> Linked:
    return alone(names)


@pytest.fixture(scope="module")
def canary(names: pl.DataFrame) -> re.Pattern[bytes]:
    """Names as they are delivered and as they are compared, too long to be there by chance."""
    long = {name for name in names["surname"].drop_nulls() if len(name) > 8 and name.isascii() and name.isalpha()}
    assert len(long) > 20
    return re.compile("|".join(sorted(long)).encode(), re.IGNORECASE)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("two") / "cluster", settings={**WIDE, **PLAIN}) as made:
        yield made


def found_in(spark: Cluster, folder: Path, pattern: re.Pattern[bytes]) -> set[str]:
    """The files of workers, and of the build itself, that hold a name in clear."""
    found = set()
    own = [path for path in files_below(folder) if path.suffix != ".parquet"]
    for path in (*spark.left_by_workers, *own):
        with suppress(OSError):  # removed meanwhile
            if pattern.search(path.read_bytes()):
                found.add(path.name)
    return found


@pytest.mark.parametrize("is_encrypted", [True, False])
def test_no_name_is_in_a_shuffle_a_spill_or_a_log(
    two: Cluster, tmp_path: Path, names: pl.DataFrame, expected: Linked, canary: re.Pattern[bytes], is_encrypted: bool
) -> None:
    """Without encryption the same search finds names: else it could not fail."""
    names.write_parquet(tmp_path / "records.parquet")
    (tmp_path / "script.py").write_text(SCRIPT)
    seen, shuffled = set[str](), False
    with running(two, tmp_path / "said", tmp_path / "script.py", two.url, tmp_path,
                 f"spark.io.encryption.enabled={str(is_encrypted).lower()}") as run:  # fmt: skip

        def has_ended() -> bool:
            nonlocal shuffled
            shuffled = shuffled or two.has_shuffled(0) or two.has_shuffled(1)
            seen.update(found_in(two, tmp_path, canary))
            return run.process.poll() is not None

        wait(has_ended, "the people", LONGEST)
        assert run.ended() == 0, run.said
    assert shuffled and (seen == set()) == is_encrypted, seen
    assert pl.read_parquet(tmp_path / "people_of_spark.parquet").equals(expected.people)


def test_a_worker_that_is_killed_while_pairs_are_compared_is_done_without(
    two: Cluster, tmp_path: Path, names: pl.DataFrame, expected: Linked
) -> None:
    names.write_parquet(tmp_path / "records.parquet")
    (tmp_path / "script.py").write_text(SCRIPT)
    with running(two, tmp_path / "said", tmp_path / "script.py", two.url, tmp_path) as run:
        wait(lambda: two.has_shuffled(1) or run.process.poll() is not None, "a shuffle", LONGEST)
        assert len(executors_of(two.workers[1])) == 1
        kill(two.workers[1])
        assert run.ended() == 0, run.said
    assert "Lost executor" in run.said
    assert pl.read_parquet(tmp_path / "people_of_spark.parquet").equals(expected.people)
