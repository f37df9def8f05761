"""Ways of ranking people: a penalised regression, and the simplest way that no other clearly beats.

Strategic-assessment 3.2. Shares captured are compared by resampling people, each with all their events at all origins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

FEATURES = ("events_of_year", "events_before", "high_harm_events", "gravest_weight", "victims", "vulnerable", "recency")
METHODS = ("event count", "points table", "score", "regression")  # the simplest first
SEED = 1  # the same people are drawn in every build
DRAWS, AT_ONCE = 1000, 100  # samples of people, and how many are in memory together
CHOICE = {
    "method": pl.String, "place": pl.Int64, "is_used": pl.Boolean, "is_tested": pl.Boolean, "origin_count": pl.Int64,
    "high_harm_event_count": pl.Int64, "captured_count": pl.Int64, "mean_share": pl.Float64, "share_lower": pl.Float64,
    "share_upper": pl.Float64, "random_share": pl.Float64, "difference": pl.Float64, "difference_lower": pl.Float64,
    "difference_upper": pl.Float64, "beaten_by": pl.String,
}  # fmt: skip


def fit_weights(people: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per moment: people and events learnt from, `intercept` and a weight for each of FEATURES.

    In: one row per moment and set of features, with `person_count` and `event_count`, their high-harm events of the
    year after. Weights are null where the events are fewer than `backtest.fewest_events`.
    """
    settings = dict(reference_settings.select("key", "value").iter_rows())
    rows = []
    for (moment,), group in people.sort("as_of_at", *FEATURES).group_by("as_of_at", maintain_order=True):
        number, events = (group[name].to_numpy().astype(float) for name in ("person_count", "event_count"))
        weights: list[float | None] = [None] * (1 + len(FEATURES))
        if events.sum() >= settings["backtest.fewest_events"]:
            features = group.select(FEATURES).cast(pl.Float64).to_numpy()
            weights = ridge_poisson(features, number, events, settings["backtest.ridge_penalty"]).tolist()
        rows.append((moment, int(number.sum()), int(events.sum()), *weights))
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "as_of_at": people.schema["as_of_at"], "training_person_count": pl.Int64, "training_event_count": pl.Int64,
        **dict.fromkeys(("intercept", *FEATURES), pl.Float64),
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def ridge_poisson(features: FloatArray, number: FloatArray, events: FloatArray, penalty: float) -> FloatArray:
    """Intercept and weights, shape (1 + features,), of a log-linear model of events per person.

    In: `features` (groups, features), `number` of people and their `events` (groups,). Maximises the Poisson
    log-likelihood less penalty / 2 times the sum of squared weights of features in standard deviations (ridge; Hoerl
    and Kennard, Technometrics 12, 1970); the intercept is free. Newton's steps, halved until they gain. A feature
    that is the same for everybody has weight 0. Raises ValueError without an event, or for a penalty of 0 or less.
    """
    if not events.sum() > 0 or not penalty > 0:
        raise ValueError("a fit needs an event, and a penalty above 0")
    mean = np.average(features, axis=0, weights=number)
    spread = np.sqrt(np.average((features - mean) ** 2, axis=0, weights=number))
    varies = spread > 1e-9
    scale = np.where(varies, spread, 1.0)
    design = np.column_stack([np.ones(len(features)), np.where(varies, (features - mean) / scale, 0.0)])
    ridge = np.diag([0.0, *np.full(features.shape[1], penalty)])
    weights = np.zeros(design.shape[1])
    weights[0] = np.log(events.sum() / number.sum())
    reached = _gain(weights, design, number, events, penalty)
    for _ in range(50):
        expected = number * np.exp(design @ weights)
        step = np.linalg.solve(
            (design * expected[:, None]).T @ design + ridge, design.T @ (events - expected) - ridge @ weights
        )
        while (gain := _gain(weights + step, design, number, events, penalty)) < reached and np.abs(step).max() > 1e-12:
            step /= 2
        weights, reached = weights + step, gain
        if np.abs(step).max() < 1e-10:
            break
    plain = weights[1:] / scale * varies
    return np.array([weights[0] - plain @ mean, *plain])


def _gain(weights: FloatArray, design: FloatArray, number: FloatArray, events: FloatArray, penalty: float) -> float:
    fitted = np.clip(design @ weights, -700, 700)
    return float(events @ fitted - number @ np.exp(fitted) - penalty / 2 * np.sum(weights[1:] ** 2))


@dataclass(frozen=True)
class Shares:
    """Share captured by each method, mean of the origins: `mean` (methods,), and `drawn` (draws, methods)."""

    mean: FloatArray
    drawn: FloatArray

    def limits(self, method: int, other: int | None = None) -> tuple[float, float]:
        """The 95% percentile interval of a method's share, or of its difference to that of another."""
        values = self.drawn[:, method] - (0 if other is None else self.drawn[:, other])
        lower, upper = np.nanquantile(values, [0.025, 0.975])
        return float(lower), float(upper)


def resampled_shares(events: FloatArray, captured: FloatArray, seed: int) -> Shares:
    """Shares of events captured, and the same for samples of people with all that is theirs.

    In: `events` (people, origins) and `captured` (methods, people, origins). Each person has a Poisson(1) weight in a
    sample, so that samples need no order of people (Poisson bootstrap; Hanley and MacGibbon, Computer Methods and
    Programs in Biomedicine 83, 2006). Raises ValueError where an origin has no event.
    """
    if not (events.sum(axis=0) > 0).all():
        raise ValueError("each origin needs an event")
    generator = np.random.default_rng(seed)
    sums = np.concatenate([events[None], captured]).transpose(1, 0, 2).reshape(len(events), -1)
    drawn = [
        _mean_shares(generator.poisson(1.0, (AT_ONCE, len(events))).astype(float) @ sums, events.shape[1])
        for _ in range(DRAWS // AT_ONCE)
    ]
    return Shares(_mean_shares(sums.sum(axis=0)[None], events.shape[1])[0], np.concatenate(drawn))


def _mean_shares(sums: FloatArray, origins: int) -> FloatArray:
    """(samples, 1 + methods times origins) to (samples, methods); an origin without an event in a sample is out."""
    parts = sums.reshape(len(sums), -1, origins)
    with np.errstate(invalid="ignore"):
        means: FloatArray = np.nanmean(parts[:, 1:] / parts[:, :1], axis=2)
    return means


def choose_ranking(captures: pl.DataFrame) -> pl.DataFrame:
    """One row per way of ranking, columns CHOICE: what it held, and which one is used.

    In: one row per `method`, `as_of_at` and `person_digest` with high-harm events in the next year: `event_count`,
    whether `is_ranked` and `is_listed`; `listed_share`, people listed of those ranked. A method that ranks people now
    and had no event after any origin has one row without a person. Used is the simplest that no other beats: that is,
    whose lead has a lower limit above 0. A method counts only if it was made at each origin that had an event.
    """
    made = [method for method in METHODS if method in captures["method"].unique().to_list()]
    held = captures.drop_nulls("person_digest")
    origins = held["as_of_at"].unique().sort()
    tested = [m for m in made if held.filter(pl.col("method") == m)["as_of_at"].n_unique() == len(origins) > 0]
    shares, limits = None, {}
    if tested:
        shares = resampled_shares(*_arrays(held, tested, origins), SEED)
        limits = {(m, n): shares.limits(tested.index(m), tested.index(n)) for m in tested for n in tested if m != n}
    beaten = {method: [n for n in tested if n != method and limits[n, method][0] > 0] for method in tested}
    used = next((method for method in tested if not beaten[method]), made[0] if made else None)
    base = METHODS[0]
    rows = []
    for method in made:
        of = held.filter(pl.col("method") == method)
        row = {"method": method, "place": METHODS.index(method) + 1, "is_used": method == used,
               "is_tested": method in tested, "origin_count": of["as_of_at"].n_unique(),
               "high_harm_event_count": of["event_count"].sum(),
               "captured_count": of.filter("is_listed")["event_count"].sum()}  # fmt: skip
        if shares is not None and method in tested:
            place = tested.index(method)
            row["mean_share"] = float(shares.mean[place])
            row["share_lower"], row["share_upper"] = shares.limits(place)
            row["random_share"] = _at_random(of)
            row["beaten_by"] = ", ".join(beaten[method]) or None
            if method != base and base in tested:
                row["difference"] = float(shares.mean[place] - shares.mean[tested.index(base)])
                row["difference_lower"], row["difference_upper"] = limits[method, base]
        rows.append(row)
    return pl.DataFrame(rows, schema=CHOICE)


def _arrays(held: pl.DataFrame, methods: list[str], origins: pl.Series) -> tuple[FloatArray, FloatArray]:
    people = {digest: i for i, digest in enumerate(held["person_digest"].unique().sort())}
    columns = {at: i for i, at in enumerate(origins)}
    captured = np.zeros((len(methods), len(people), len(columns)))
    events = np.zeros(captured.shape[1:])
    for i, method in enumerate(methods):
        of = held.filter(pl.col("method") == method)
        row, column = of["person_digest"].replace_strict(people), of["as_of_at"].replace_strict(columns)
        events[row.to_numpy(), column.to_numpy()] = of["event_count"].to_numpy()
        captured[i][row.to_numpy(), column.to_numpy()] = (of["event_count"] * of["is_listed"]).to_numpy()
    return events, captured


def _at_random(of: pl.DataFrame) -> float:
    """Mean share expected of as many people drawn at random from those ranked."""
    shares = of.group_by("as_of_at").agg(
        share=pl.col("event_count").filter("is_ranked").sum() * pl.first("listed_share") / pl.sum("event_count")
    )
    return float(np.mean(shares["share"].to_numpy()))
