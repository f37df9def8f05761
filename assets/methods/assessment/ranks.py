"""Statistics of the themes' rank over the draws, and the value of filling a gap in the data.

The value of a gap is the expected value of partial perfect information for one decision: which themes to put at the
top. It is the conditional mean by regression (Strong, Oakley and Brennan 2014), here one mean for each score of the
part. `expected_move` is the number of ranks that the theme would be expected to move if the part were known.
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
FEWEST = 25  # too few draws of a score for a mean of its own


def stability(draws: Draws, top: int, level: float) -> pl.DataFrame:
    """One row per theme: interval of its rank and its risk, and how often it is at the top.

    `level` is the width of the intervals (0.95). Probabilities are shares of draws, 0 to 1; risks run from 0 to 100.
    """
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
    """One row per ordered pair of themes: share of draws in which the first has the higher risk.

    Equal risks count by half.
    """
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
    """One row per theme and part: the value of knowing its score.

    `information_value`: gain in summed mean risk of the `top` themes chosen, 0 or more, in points of risk.
    `expected_move`: mean number of ranks that the theme would move.
    """
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
    """(share of draws, mean risk) for each score; scores drawn less than FEWEST times are one group."""
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
