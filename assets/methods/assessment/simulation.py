"""Simulation of the themes' risks: how certain is their rank?

Strategic-assessment 2.5. In each draw, a measured share comes from its posterior (Jeffreys: Beta with a half added on
either side; Brown, Cai and DasGupta 2001), and a count from the Gamma that goes with it. Cut-points are drawn around
their values, and the weights of a dimension from a Dirichlet around theirs. A judgement or a verdict may be one step
off. A part that is not measured may score anything from 0 to 4. Known values are the same in every draw. The same seed
gives the same draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assets.methods.assessment.scheme import Scheme

Floats = NDArray[np.float64]
Scores = NDArray[np.int64]


@dataclass(frozen=True)
class Draws:
    """Simulated risks and scores.

    `risks`: shape (draws, themes), 0 to 100, in the order of `themes`; `scores`: (theme, part) -> score in each draw.
    """

    themes: tuple[str, ...]
    risks: Floats
    scores: Mapping[tuple[str, str], Scores]

    @property
    def ranks(self) -> Scores:
        """Rank of each theme in each draw, from 1 for the highest risk; ties are broken at random."""
        lot = np.random.default_rng(0).uniform(0, 1e-9, self.risks.shape)
        order = np.argsort(-(self.risks + lot), axis=1)
        places = np.empty_like(order)
        np.put_along_axis(places, order, np.arange(1, len(self.themes) + 1)[None, :], axis=1)
        return places


def simulate(values: pl.DataFrame, pools: pl.DataFrame, scheme: Scheme, factors: Mapping[str, float]) -> Draws:
    """Draw the risks of the themes.

    `values`: one row per theme and part, with `theme_code`, `part_code`, `scale` (share, count, percentile, verdict,
    entered), `basis` (measured, entered, not measured), `numerator`, `denominator`, `given_score`, `floor_score`, and
    `override_score` (null where no override is in force). `pools`: the values among which a percentile is taken:
    `part_code`, `theme_code`, `value`, and `is_present` (true for the value that is drawn). `factors`: theme -> factor
    of likelihood, 0 to 1. Themes without a factor are not drawn.
    """
    draws = int(scheme.settings["scoring.draws"])
    generator = np.random.default_rng(int(scheme.settings["scoring.seed"]))
    cuts = {part: _cuts(generator, limits, scheme, draws) for part, limits in sorted(scheme.cut_points.items())}
    weights = {dimension: _weights(generator, scheme, dimension, draws) for dimension in sorted(scheme.dimensions)}
    places = _places(pools)
    scores: dict[tuple[str, str], Scores] = {}
    for row in values.sort("theme_code", "part_code").iter_rows(named=True):
        if row["theme_code"] in factors:
            drawn = _scores(generator, row, cuts, places, scheme, draws)
            scores[row["theme_code"], row["part_code"]] = drawn
    themes = tuple(sorted({theme for theme, _ in scores}))
    risks = [_risk(theme, scores, weights, scheme) * factors[theme] for theme in themes]
    return Draws(themes, np.column_stack(risks) if risks else np.empty((draws, 0)), scores)


def _places(pools: pl.DataFrame) -> Callable[[str, str], Floats]:
    """(theme, part) -> sorted values of the other themes, among which its percentile is taken."""

    def among(theme: str, part: str) -> Floats:
        is_own = (pl.col("theme_code") == theme) & pl.col("is_present")
        rows = pools.filter((pl.col("part_code") == part) & ~is_own)
        return np.sort(rows["value"].to_numpy())

    return among


def _cuts(generator: np.random.Generator, limits: tuple[float, ...], scheme: Scheme, draws: int) -> Floats:
    spread = scheme.settings["scoring.cut_point_spread"]
    drawn = np.asarray(limits) * (1 + generator.uniform(-spread, spread, (draws, len(limits))))
    return np.sort(drawn, axis=1)


def _weights(generator: np.random.Generator, scheme: Scheme, dimension: str, draws: int) -> dict[str, Floats]:
    """Part -> share of its dimension in each draw; a part of weight 0 gets none."""
    held = {part: weight for part, weight in scheme.dimensions[dimension].items() if weight > 0}
    shares = np.asarray(list(held.values())) / sum(held.values())
    drawn = generator.dirichlet(shares * scheme.settings["scoring.weight_concentration"], draws)
    return {part: drawn[:, place] for place, part in enumerate(held)}


def _scores(
    generator: np.random.Generator,
    row: Mapping[str, Any],
    cuts: Mapping[str, Floats],
    places: Callable[[str, str], Floats],
    scheme: Scheme,
    draws: int,
) -> Scores:
    """Score of one part of one theme in each draw."""
    highest = len(scheme.points) - 1
    if row["override_score"] is not None:
        return _a_step_off(generator, row["override_score"], highest, scheme, draws)
    if row["basis"] == "not measured":
        return generator.integers(0, highest + 1, draws)
    if row["scale"] in ("verdict", "entered"):
        return _a_step_off(generator, row["given_score"], highest, scheme, draws)
    drawn = _values(generator, row, draws)
    if row["scale"] == "percentile":
        others = places(row["theme_code"], row["part_code"])
        # the theme's own present value is what is drawn, so it does not count among the others
        drawn = np.where(drawn > 0, (np.searchsorted(others, drawn, side="right") + 1) / (len(others) + 1), 0.0)
    reached = (drawn[:, None] >= cuts[row["part_code"]]).sum(axis=1)
    return np.asarray(np.maximum(reached, row["floor_score"] or 0))


def _values(generator: np.random.Generator, row: Mapping[str, Any], draws: int) -> Floats:
    """The share or count itself in each draw; a count below half a crime is 0, as it is when observed."""
    part, whole = row["numerator"], row["denominator"]
    if whole is not None:
        drawn = generator.beta(part + 0.5, whole - part + 0.5, draws)
        return np.where(drawn * whole < 0.5, 0.0, drawn)
    if row["scale"] == "count":  # a count from a register is exact
        return np.full(draws, float(part))
    drawn = generator.gamma(part + 0.5, 1.0, draws)
    return np.where(drawn < 0.5, 0.0, drawn)


def _a_step_off(generator: np.random.Generator, score: int, highest: int, scheme: Scheme, draws: int) -> Scores:
    spread = scheme.settings["scoring.entered_spread"]
    step = generator.choice([-1, 0, 1], draws, p=[spread / 2, 1 - spread, spread / 2])
    return np.asarray(np.clip(score + step, 0, highest))


def _risk(
    theme: str, scores: Mapping[tuple[str, str], Scores], weights: Mapping[str, Mapping[str, Floats]], scheme: Scheme
) -> Floats:
    """Risk in each draw: harm times likelihood over 100."""
    points = np.asarray(scheme.points)
    harm, likelihood = (
        100 * sum(weight * points[scores[theme, part]] for part, weight in weights[dimension].items()) / points.max()
        for dimension in ("harm", "likelihood")
    )
    return np.asarray(harm * likelihood / 100)
