"""Task 8, effect of an order: by how much do later reports of a pair fall once an order is served?

No force is made with an effect of orders, so the task plants one. It takes the reports of pairs of a steady invented
force. A pair is eligible at its first report that comes within 90 days of another. Thirty days later it gets an order
or not, by chance: more often if there was another report in those thirty days. So orders follow a burst, and go to
pairs that would have more reports anyway. Before and after of the same pairs show a fall that is not the order's
(regression to the mean), and pairs without an order are not alike. Service comes within two weeks. Each report within
365 days after service is then kept with the chance `ratio`, which is the truth and differs by seed.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.open.task import Column, Frames, Given, Measure, Method, Task
from sample.synth import make as make_force
from sample.synth.clock import EXTRACT

BURST, FOLLOWED = 90, 365  # days
DECIDED = 30  # days from the second report of a burst to the decision on an order
SERVICE = (1, 15)  # days from the decision to service: from, and up to but not with
CHANCE = {2: 0.35, 3: 0.65}  # of an order, by reports of the burst until the decision; the last for more too
RATIO = (0.4, 1.0)  # between which the truth is, even on a log scale
DAY = 86400
Z = 1.96


def make(crimes: int, seed: int) -> Given:
    """Reports of pairs by day, and orders with the day of service; the ratio that was planted."""
    world, _ = make_force(crimes, seed, "none", has_story=False)
    rng = np.random.default_rng([seed, 8])
    f = world.facts
    day = (f["reported"] - EXTRACT) // DAY  # the last day is -1
    rows = pl.DataFrame({"pair": pl.Series(f["pair"]), "day": day}).unique().sort("pair", "day")
    ratio = float(np.exp(rng.uniform(*np.log(RATIO))))
    chosen = eligible(rows)
    odds = chosen["burst"].clip(upper_bound=3).replace_strict(CHANCE, return_dtype=pl.Float64).to_numpy()
    served = chosen["second"].to_numpy() + DECIDED + rng.integers(*SERVICE, chosen.height)
    gets = (rng.random(chosen.height) < odds) & (served < 0)
    orders = chosen.select("pair", served_day=pl.Series(served)).filter(pl.Series(gets))
    after = pl.col("day").is_between(pl.col("served_day") + 1, pl.col("served_day") + FOLLOWED).fill_null(False)
    kept = pl.Series(rng.random(rows.height) < ratio)
    thinned = rows.join(orders, on="pair", how="left").filter(~after | kept).select("pair", "day")
    return Given({"reports": thinned, "orders": orders}, {"effect": pl.DataFrame({"ratio": [ratio]})})


def eligible(rows: pl.DataFrame) -> pl.DataFrame:
    """pair; second, the day of its first report within 90 days of another; burst, the reports until the decision."""
    near = pl.col("day") - pl.col("day").shift(1).over("pair") <= BURST
    second = rows.filter(near).group_by("pair").agg(second=pl.col("day").min())
    ends = pl.col("day").is_between(pl.col("second") - BURST, pl.col("second") + DECIDED)
    until = rows.join(second, on="pair").filter(ends)
    return until.group_by("pair").agg(pl.col("second").first(), burst=pl.len()).sort("pair")


def score(answer: pl.DataFrame, given: Given) -> dict[str, float | None]:
    """Absolute error of the logarithm of the ratio, whether the interval holds it, and its width on that scale."""
    said, real = answer.row(0, named=True), given.truth["effect"]["ratio"][0]
    return {
        "error of log": abs(float(np.log(said["ratio"] / real))),
        "inside 95% interval": float(said["lower"] <= real <= said["upper"]),
        "width of log interval": float(np.log(said["upper"] / said["lower"])),
    }


def perfect(given: Given) -> pl.DataFrame:
    """The truth as an answer."""
    return given.truth["effect"].with_columns(lower="ratio", upper="ratio")


def baseline(inputs: Frames) -> pl.DataFrame:
    """Reports a day after service, over reports a day in the 365 days before, of the pairs with an order."""
    both = inputs["reports"].join(inputs["orders"], on="pair")
    apart = pl.col("day") - pl.col("served_day")
    before = both.filter(apart.is_between(-FOLLOWED, 0)).height
    after = both.filter(apart.is_between(1, FOLLOWED)).height
    followed = inputs["orders"].select((-1 - pl.col("served_day")).clip(0, FOLLOWED))
    days = float(followed.sum().item())
    ratio = (max(after, 0.5) / days) / (before / (FOLLOWED * inputs["orders"].height))
    spread = (1 / max(after, 0.5) + 1 / before) ** 0.5
    return interval(ratio, spread)


def rival(inputs: Frames) -> pl.DataFrame:
    """Pairs with a burst and no order, from a day as long after it as a usual service, in strata of the burst's size.

    The ratio of the rates is that of Mantel and Haenszel; its spread is taken from resampled pairs.
    """
    reports, orders = inputs["reports"], inputs["orders"]
    chosen = eligible(reports).join(orders, on="pair", how="left").sort("pair")
    usual = int(chosen.select((pl.col("served_day") - pl.col("second")).median()).item())
    chosen = chosen.with_columns(
        has=pl.col("served_day").is_not_null(), start=pl.coalesce("served_day", pl.col("second") + usual)
    ).filter(pl.col("start") < 0)
    after = reports.join(chosen, on="pair").filter((pl.col("day") - pl.col("start")).is_between(1, FOLLOWED))
    count = chosen.join(after.group_by("pair").agg(count=pl.len()), on="pair", how="left")
    values = count.select("has", pl.col("burst").clip(upper_bound=3), pl.col("count").fill_null(0),
                          days=(-1 - pl.col("start")).clip(0, FOLLOWED))  # fmt: skip
    rng, size = np.random.default_rng(8), values.height
    draws = [np.log(pooled(values[rng.integers(0, size, size).tolist()])) for _ in range(200)]
    return interval(pooled(values), float(np.std(draws)))


def pooled(values: pl.DataFrame) -> float:
    """Ratio of the rates with and without an order, over strata of the burst."""
    above = below = 0.0
    for _, of in values.group_by("burst"):
        has, days, count = (of[name].to_numpy() for name in ("has", "days", "count"))
        total = days.sum()
        above += count[has].sum() * days[~has].sum() / total
        below += count[~has].sum() * days[has].sum() / total
    return float(max(above, 1e-3) / max(below, 1e-3))


def interval(ratio: float, spread: float) -> pl.DataFrame:
    """The ratio with its 95% limits, from the standard deviation of its logarithm."""
    times = float(np.exp(Z * spread))
    return pl.DataFrame({"ratio": [ratio], "lower": [ratio / times], "upper": [ratio * times]})


TASK = Task(
    name="order_effect",
    question="In which ratio do the reports of a pair change once an order is served?",
    crimes=20_000,
    seeds=tuple(range(101, 113)),
    asked={
        "ratio": Column("number", "reports with an order, in times of reports without", 0.001),
        "lower": Column("number", "lower end of the 95% interval", 0.001),
        "upper": Column("number", "upper end", 0.001),
    },
    key=(),
    keys=None,
    is_whole=True,
    measures={
        "error of log": Measure("number", False),
        "inside 95% interval": Measure("share"),
        "width of log interval": Measure("number", False),
    },
    make=make,
    score=score,
    perfect=perfect,
    baseline=Method("before and after", baseline),
    rival=Method("pairs without an order, in strata", rival),
    ours=None,
)
