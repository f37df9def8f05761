"""`stra synth --series`: its counts are those of a build of the same extract, by every part and month."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from commands import stra
from small_home import small_force

from pipelines.builds.in_memory import InMemory
from pipelines.commands.series import memory_of_process
from sample.synth import hold

KEYS = ["measure_code", "breakdown", "breakdown_value", "month"]
COUNTS = ["numerator", "denominator", "not_known_count", "value", "is_whole"]
# a build links people by their names; the series has them from the truth
BY_LINKAGE = pl.col("measure_code").is_in(("repeat_suspect_12m", "repeat_victim_12m"))


@pytest.fixture(scope="module")
def memory() -> InMemory:
    return memory_of_process()


@pytest.fixture(scope="module")
def series(memory: InMemory) -> pl.DataFrame:
    return memory.series(hold(500, seed=7, noise="low"))


@pytest.fixture(scope="module")
def built() -> pl.DataFrame:
    """The months of a build with records."""
    with duckdb.connect(str(small_force() / "home" / "warehouse.duckdb"), read_only=True) as con:
        return con.sql(
            f"select {', '.join(KEYS).replace('month', 'period_start as month')}, {', '.join(COUNTS)}"
            " from metrics.measure_values where period_type = 'month'"
        ).pl()


def test_series_has_each_row_of_a_build_and_no_other(series: pl.DataFrame, built: pl.DataFrame) -> None:
    ours, theirs = (rows.filter(~BY_LINKAGE).select(*KEYS, *COUNTS).sort(KEYS) for rows in (series, built))
    assert theirs.height > 20_000 and theirs.filter(pl.col("measure_code").str.starts_with("days_")).height
    assert ours.equals(theirs)


def test_moments_of_repeats_are_those_of_records(series: pl.DataFrame, built: pl.DataFrame) -> None:
    """Mean and spread over months: linkage misses or adds a person now and then."""
    for code in ("repeat_suspect_12m", "repeat_victim_12m"):
        whole = pl.col("measure_code") == code, pl.col("breakdown") == "none"
        ours, theirs = (rows.filter(*whole).sort("month") for rows in (series, built))
        assert ours["month"].to_list() == theirs["month"].to_list()
        for count in ("numerator", "denominator"):
            mean, spread = moments(ours, count)
            expected, expected_spread = moments(theirs, count)
            assert abs(mean - expected) < 2 * expected_spread / theirs.height**0.5, (code, count)
            assert spread == pytest.approx(expected_spread, rel=0.1), (code, count)


def moments(rows: pl.DataFrame, count: str) -> tuple[float, float]:
    """Mean and standard deviation over months."""
    values = rows[count].to_numpy()
    return float(values.mean()), float(values.std(ddof=1))


def test_one_warehouse_counts_one_force_after_the_other(memory: InMemory, series: pl.DataFrame) -> None:
    other = memory.series(hold(300, seed=8))
    again = memory.series(hold(500, seed=7, noise="low"))
    assert not other.equals(series)
    assert again.equals(series)


def test_command_writes_series_of_each_seed(tmp_path: Path) -> None:
    said = stra("synth", "--out", tmp_path / "out", "--steady", "--series", "--crimes", 300, "--seed", 4, "--seeds", 2)
    rows = pl.read_parquet(tmp_path / "out" / "series.parquet")
    assert rows.columns[:7] == ["seed", *KEYS, "numerator", "denominator"]
    assert rows["seed"].unique().sort().to_list() == [4, 5]
    one = rows.filter(pl.col("seed") == 5, pl.col("measure_code") == "recorded", pl.col("breakdown") == "none")
    assert one["month"].n_unique() == one.height > 36
    measured, listed = rows["measure_code"].n_unique(), said.splitlines()
    assert f"{measured} of " in listed[0]
    # none is left out without a reason
    without = sum(len(line.split(": ")[1].split(", ")) for line in listed if line.startswith("No series: "))
    assert listed[0].split()[2] == str(measured + without)
    assert "Nothing in this folder is real" in (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("--seeds", 2), "--seeds is for --series"),
        (("--series", "--until", "2025-01-01"), "leave out --until"),
        (("--neighbour", "--steady"), "--neighbour is of the force with its story"),
    ],
)
def test_synth_refuses_what_it_cannot_do(tmp_path: Path, wrong: tuple[object, ...], words: str) -> None:
    assert words in stra("synth", "--out", tmp_path / "out", "--crimes", 300, *wrong, code=2).replace("\n", " ")
    assert not (tmp_path / "out").exists()
