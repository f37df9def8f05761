"""Coverage of the forecast's intervals: invented forces, forecast by the product, and their futures.

    python benchmarks/forecast_coverage.py --forces 200 --futures 200

A force has 36 to 60 months of 5 to 300 crimes, of one of six kinds: chance alone; more spread than chance; a trend;
seasons; trend, seasons and spread together; a step at a recording change that is known. A seventh, a level that
wanders, is of no model's kind and is printed apart. The product chooses the model by its own back-test. Its forecast of
twelve months is compared with futures drawn from the same force, which no model has seen.

Printed by kind: the share of months inside each interval, the mean width of the 80% interval in standard deviations of
chance alone, and what the product's own back-test says of the same intervals.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assets.methods.forecast import LEVELS, Rules, runs

KINDS = ("chance", "spread", "trend", "seasons", "trend, seasons, spread", "step")
BEYOND = "level that wanders"
YEAR, AHEAD, SEED = 12, 12, 20261
SQL = ROOT / "assets" / "metrics" / "demand" / "forecast_backtest.sql"


@dataclass(frozen=True)
class Force:
    """Counts by month, the places at which recording changed, and futures of twelve months, one a row."""

    kind: str
    past: list[int]
    breaks: list[int]
    futures: NDArray[np.int64]

    @property
    def months(self) -> pl.DataFrame:
        held = {"month": [month(place) for place in range(len(self.past))], "value": self.past}
        return pl.DataFrame(held, schema_overrides={"value": pl.Int64})


def month(place: int) -> date:
    return date(2021 + place // YEAR, place % YEAR + 1, 1)


def invented(kind: str, number: int, futures: int) -> Force:
    """The force of that number; the same whatever other forces there are."""
    generator = np.random.default_rng([SEED, number])
    known = int(generator.integers(36, 61))
    place = np.arange(known + AHEAD)
    mean = np.full(known + AHEAD, np.exp(generator.uniform(np.log(5), np.log(300))))
    sign, spread, breaks = float(generator.choice([-1, 1])), 0.0, []
    if "trend" in kind:  # by 8 to 25% a year
        mean *= (1 + sign * generator.uniform(0.08, 0.25)) ** ((place - known) / YEAR)
    if "seasons" in kind:  # 10 to 30% above and below
        mean *= np.exp(generator.uniform(0.1, 0.3) * np.sin(2 * np.pi * place / YEAR + generator.uniform(0, 2 * np.pi)))
    if "spread" in kind:  # a standard deviation of 10 to 22% beside that of chance
        spread = generator.uniform(0.01, 0.05)
    if kind == "step":  # by 15 to 50%, 14 to 30 months ago but not before the second year
        breaks = [max(YEAR, known - int(generator.integers(14, 31)))]
        mean[breaks[0] :] *= np.exp(sign * generator.uniform(0.15, 0.5))
    future = np.broadcast_to(mean[known:], (futures, AHEAD))
    if kind == BEYOND:  # by 2 to 6% from month to month
        pace = generator.uniform(0.02, 0.06)
        walk = np.cumsum(generator.normal(0, pace, known))
        mean[:known] *= np.exp(walk - walk[-1])
        future = future * np.exp(np.cumsum(generator.normal(0, pace, (futures, AHEAD)), axis=1))

    def drawn(expected: NDArray[np.float64]) -> NDArray[np.int64]:
        varied = expected * generator.gamma(1 / spread, spread, expected.shape) if spread else expected
        return generator.poisson(varied)

    return Force(kind, drawn(mean[:known]).tolist(), breaks, drawn(future))


def forces(count: int, futures: int, beyond: int) -> list[Force]:
    """`count` of the six kinds in turn, then `beyond` of the seventh."""
    kinds = [KINDS[number % len(KINDS)] for number in range(count)] + [BEYOND] * beyond
    return [invented(kind, number, futures) for number, kind in enumerate(kinds)]


def chosen(made: pl.DataFrame) -> pl.DataFrame:
    """The product's own choice for each force, with its back-test."""
    with duckdb.connect() as con:
        con.execute("create schema metrics; create schema core")
        con.register("made", made)
        con.execute("create table metrics.forecast_runs as select *, 'F' as force_code from made")
        con.execute("create table core.settings as select 6 as demand_fewest_origins")
        found: pl.DataFrame = con.sql(f"from ({SQL.read_text()}) where is_chosen").pl()
        return found


def held(force: Force, ahead: pl.DataFrame) -> dict[str, float]:
    """Shares of the futures inside the intervals of the forecast, and the mean width of the narrower."""
    found = {}
    for level in LEVELS:
        low, high = ahead[f"lower_{level}"].to_numpy(), ahead[f"upper_{level}"].to_numpy()
        found[f"inside_{level}"] = float(((force.futures >= low) & (force.futures <= high)).mean())
    width = ahead["upper_80"].to_numpy() - ahead["lower_80"].to_numpy()
    return found | {"width": float((width / np.sqrt(np.maximum(1.0, force.futures.mean(axis=0)))).mean())}


def measured(invented_forces: list[Force], rules: Rules) -> pl.DataFrame:
    """One row per force that is forecast."""
    parts = [
        runs(force.months, [month(place) for place in force.breaks], rules).with_columns(series_ref=pl.lit(str(number)))
        for number, force in enumerate(invented_forces)
    ]
    made = pl.concat(parts)
    choice = chosen(made)
    rows = []
    for number, force in enumerate(invented_forces):
        own = choice.filter(pl.col("series_ref") == str(number))
        if own.is_empty():
            continue
        best = own.row(0, named=True)
        is_own = (pl.col("series_ref") == str(number)) & (pl.col("model") == best["model"])
        ahead = made.filter(is_own & pl.col("is_current")).sort("month")
        back_test = {name: best[name] for name in ("forecast_count", "coverage_80_share", "coverage_95_share")}
        rows.append({"kind": force.kind, "model": best["model"], **back_test, **held(force, ahead)})
    return pl.DataFrame(rows)


def line(name: str, of: pl.DataFrame) -> str:
    """A row of the table that is printed."""

    def mean(name: str, weight: str | None = None) -> float:
        weights = np.ones(of.height) if weight is None else of[weight].to_numpy()
        return float(np.average(of[name].fill_null(0.0).to_numpy(), weights=weights)) if weights.any() else float("nan")

    tests = [mean(f"coverage_{level}_share", "forecast_count") for level in LEVELS]
    shares = "".join(f"{100 * value:10.1f}" for value in (mean("inside_80"), mean("inside_95"), *tests))
    return f"{name:24}{of.height:7}{shares}{mean('width'):8.2f}"


def main() -> None:
    """Print the coverage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forces", type=int, default=200)
    parser.add_argument("--futures", type=int, default=200, help="futures of each force")
    parser.add_argument("--beyond", type=int, default=34, help="forces of the seventh kind")
    given = parser.parse_args()
    start = time.process_time()
    found = measured(forces(given.forces, given.futures, given.beyond), Rules())
    heads = ("inside 80", "95", "tested 80", "95")
    print(f"{'kind':24}{'forces':>7}{''.join(f'{head:>10}' for head in heads)}{'width':>8}")
    for kind in (*KINDS, BEYOND):
        of = found.filter(pl.col("kind") == kind)
        if not of.is_empty():
            print(line(kind, of))
    six = found.filter(pl.col("kind") != BEYOND)
    print(line("the six kinds", six))
    for model in sorted(six["model"].unique()):
        print(line(model, six.filter(pl.col("model") == model)))
    print(f"{time.process_time() - start:.1f} processor seconds")


if __name__ == "__main__":
    main()
