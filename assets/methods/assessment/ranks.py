"""What the draws say of the order of themes: probability of the top, interval of places, pairs, worth of knowing more.

The worth of a gap is the expected value of partial perfect information for one decision: which themes to put at the
top (Strong, Oakley and Brennan 2014: the conditional mean by regression; here on the score of the part, one mean for
each score). Beside it, by how many places the theme would be expected to move if the part were known.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assets.methods.assessment.simulation import Draws, Floats

STABILITY = {
    "theme_code": pl.String, "rank_low": pl.Int64, "rank_high": pl.Int64, "probability_first": pl.Float64,
    "probability_top": pl.Float64,
    "risk_low": pl.Float64, "risk_high": pl.Float64,
}  # fmt: skip
PAIRS = {"theme_code": pl.String, "other_theme_code": pl.String, "probability_above": pl.Float64}
GAPS = {
    "theme_code": pl.String, "part_code": pl.String, "information_value": pl.Float64, "expected_move": pl.Float64,
}  # fmt: skip
FEWEST = 25  # a score drawn less often says little of the mean that goes with it


def stability(draws: Draws, top: int, level: float) -> pl.DataFrame:
    """One row per theme: interval of places and of risk at `level`, and how often it was among the first `top`."""
    ranks, tail = draws.ranks, (1 - level) / 2
    rows = [
        {
            "theme_code": theme,
            "rank_low": int(np.quantile(ranks[:, place], tail, method="nearest")),
            "rank_high": int(np.quantile(ranks[:, place], 1 - tail, method="nearest")),
            "probability_first": float((ranks[:, place] == 1).mean()),
            "probability_top": float((ranks[:, place] <= top).mean()),
            "risk_low": float(np.quantile(draws.risks[:, place], tail)),
            "risk_high": float(np.quantile(draws.risks[:, place], 1 - tail)),
        }
        for place, theme in enumerate(draws.themes)
    ]
    return pl.DataFrame(rows, schema=STABILITY)


def pairs(draws: Draws) -> pl.DataFrame:
    """One row per ordered pair of themes: how often the first has the higher risk; equal risks count by half."""
    rows = [
        {
            "theme_code": one,
            "other_theme_code": other,
            "probability_above": float(
                ((first := draws.risks[:, i]) > (second := draws.risks[:, j])).mean() + (first == second).mean() / 2
            ),
        }
        for i, one in enumerate(draws.themes)
        for j, other in enumerate(draws.themes)
        if i != j
    ]
    return pl.DataFrame(rows, schema=PAIRS)


def gap_values(draws: Draws, top: int) -> pl.DataFrame:
    """One row per theme and part: what knowing its score would be worth to the choice of the top, in points of risk
    of the themes chosen, and by how many places the theme would be expected to move."""
    means = draws.risks.mean(axis=0)
    place_of = {theme: place for place, theme in enumerate(draws.themes)}
    chosen, own_ranks = _best(means, top), _ranks(means)
    rows = []
    for (theme, part), scores in sorted(draws.scores.items()):
        at, value, moved = place_of[theme], 0.0, 0.0
        for share, mean in _conditional(scores, draws.risks[:, at]):
            known = means.copy()
            known[at] = mean
            value += share * _best(known, top)
            moved += share * abs(int(_ranks(known)[at]) - int(own_ranks[at]))
        rows.append(
            {
                "theme_code": theme,
                "part_code": part,
                "information_value": max(0.0, value - chosen),
                "expected_move": moved,
            }
        )
    return pl.DataFrame(rows, schema=GAPS)


def _conditional(scores: NDArray[np.int64], risks: Floats) -> list[tuple[float, float]]:
    """(share of draws, mean risk) for each score; scores that were hardly drawn stand together."""
    found, counts = np.unique(scores, return_counts=True)
    often = found[counts >= FEWEST]
    groups = [scores == score for score in often]
    rest = ~np.isin(scores, often)
    if rest.any():
        groups.append(rest)
    return [(float(group.mean()), float(risks[group].mean())) for group in groups]


def _best(means: Floats, top: int) -> float:
    return float(np.sort(means)[::-1][:top].sum())


def _ranks(means: Floats) -> NDArray[np.int64]:
    ranks = np.empty(len(means), dtype=np.int64)
    ranks[np.argsort(-means, kind="stable")] = np.arange(1, len(means) + 1)
    return ranks
