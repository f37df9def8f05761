"""Calibration of the assessment's probabilities: themes are invented, observed with error, scored and drawn.

    python benchmarks/theme_ranks.py --worlds 1000 --draws 1000

In each world every theme has a true share, count or score for each part, and weights and cut-points around those of the
scheme. Its observation is drawn (binomial, Poisson, a judgement one step off, a part not measured at all). The
simulation sees only the observation, and gives the probability that each theme is among the three of highest risk.
Printed: the Brier score beside that of one probability for all; how often themes with a given probability were truly
among the three; how often a planted gap comes first; and the time of 5,000 draws of fifteen themes.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assets.methods.assessment.ranks import gap_values, pairs, stability
from assets.methods.assessment.scheme import Scheme
from assets.methods.assessment.simulation import simulate
from assets.reference import list_path

SHARES, PLACES = ("physical", "psychological", "community"), ("volume", "repeat")
ENTERED, UNKNOWN = ("public_expectation", "environmental", "trend"), ("financial",)
PARTS = (*SHARES, *PLACES, *ENTERED, *UNKNOWN)
THEMES, TOP, EDGES = 8, 3, (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
VALUES = {
    "theme_code": pl.String, "part_code": pl.String, "scale": pl.String, "basis": pl.String, "numerator": pl.Int64,
    "denominator": pl.Int64, "given_score": pl.Int64, "floor_score": pl.Int64, "override_score": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Calibration:
    """`reliability`: one row per band of probability, with mean probability, true share, and number of themes."""

    brier: float
    brier_of_base_rate: float
    reliability: pl.DataFrame


def shipped() -> Scheme:
    """The scheme as its reference tables have it."""
    tables = ("theme_parts", "theme_cut_points", "theme_points", "settings")
    parts, cuts, points, settings = (pl.read_csv(list_path(name)) for name in tables)
    rows = [("weight", f"{r['dimension']}/{r['part_code']}", r["weight"]) for r in parts.iter_rows(named=True)]
    rows += [("cut_point", f"{r['part_code']}/{r['score']}", r["from_value"]) for r in cuts.iter_rows(named=True)]
    rows += [("score_points", str(r["score"]), float(r["points"])) for r in points.iter_rows(named=True)]
    scoring = settings.filter(pl.col("key").str.starts_with("scoring."))
    rows += [("setting", r["key"], float(r["value"])) for r in scoring.iter_rows(named=True)]
    return Scheme.from_rows(pl.DataFrame(rows, schema=["subject", "key", "value"], orient="row"))


def calibration(worlds: int, draws: int, seed: int) -> Calibration:
    """Probabilities of the first three compared with the truth, over a number of worlds."""
    scheme, generator = shipped(), np.random.default_rng(seed)
    said, true = [], []
    for world in range(worlds):
        held = _with(scheme, {"scoring.draws": draws, "scoring.seed": world})
        observed, pools, risks = _world(generator, held)
        found = stability(simulate(observed, pools, held, {str(t): 1.0 for t in range(THEMES)}), TOP, 0.9)
        said += found["probability_top"].to_list()
        true += [risks[int(t)] >= np.sort(risks)[-TOP] for t in found["theme_code"]]
    p, y = np.asarray(said), np.asarray(true, dtype=float)
    bands = np.clip(np.digitize(p, EDGES) - 1, 0, len(EDGES) - 2)
    rows = [
        {"from": EDGES[b], "to": EDGES[b + 1], "said": p[bands == b].mean(), "observed": y[bands == b].mean(),
         "count": int((bands == b).sum())}
        for b in range(len(EDGES) - 1) if (bands == b).any()
    ]  # fmt: skip
    base = TOP / THEMES
    return Calibration(float(((p - y) ** 2).mean()), base * (1 - base), pl.DataFrame(rows))


def _with(scheme: Scheme, settings: dict[str, float]) -> Scheme:
    return dataclasses.replace(scheme, settings={**scheme.settings, **settings})


def _world(generator: np.random.Generator, scheme: Scheme) -> tuple[pl.DataFrame, pl.DataFrame, np.ndarray[Any, Any]]:
    """(observation, pools, true risks) of invented themes."""
    spread = scheme.settings["scoring.cut_point_spread"]
    cuts = {
        part: np.sort(np.asarray(limits) * (1 + generator.uniform(-spread, spread, len(limits))))
        for part, limits in scheme.cut_points.items()
    }
    pools = {"volume": np.exp(generator.normal(5, 1, 3 * THEMES)), "repeat": generator.beta(2, 8, THEMES)}
    scores: dict[tuple[str, str], int] = {}
    rows = []
    for theme in map(str, range(THEMES)):
        for part in PARTS:
            row, score = _observe(generator, theme, part, cuts, pools, scheme)
            rows.append(row)
            scores[theme, part] = score
    weights = _weights(generator, scheme)
    risks = np.asarray([_true_risk(weights, theme, scores, scheme) for theme in map(str, range(THEMES))])
    return pl.DataFrame(rows, schema=VALUES), _pool_rows(pools), risks


def _pool_rows(pools: dict[str, Any]) -> pl.DataFrame:
    rows = [(part, "of another", float(v), False) for part, values in pools.items() for v in values]
    kinds = {"part_code": pl.String, "theme_code": pl.String, "value": pl.Float64, "is_present": pl.Boolean}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def _observe(
    generator: np.random.Generator, theme: str, part: str, cuts: dict[str, Any], pools: dict[str, Any], scheme: Scheme
) -> tuple[dict[str, Any], int]:
    """Observation of a part, and its true score."""
    row: dict[str, Any] = dict.fromkeys(VALUES) | {"theme_code": theme, "part_code": part, "basis": "measured"}
    if part in UNKNOWN:
        return row | {"scale": "share", "basis": "not measured"}, int(generator.integers(0, 5))
    if part in ENTERED:
        given, chance = int(generator.integers(0, 5)), scheme.settings["scoring.entered_spread"]
        step = generator.choice([-1, 0, 1], p=[chance / 2, 1 - chance, chance / 2])
        scale = "verdict" if part == "trend" else "entered"
        return row | {"scale": scale, "given_score": given}, int(np.clip(given + step, 0, 4))
    if part == "volume":
        count = float(np.exp(generator.normal(5, 1)))
        place = _place(pools[part], count)
        seen = row | {"scale": "percentile", "numerator": int(generator.poisson(count))}
        return seen, int((place >= cuts[part]).sum())
    whole = int(generator.integers(20, 400))
    share = generator.beta(0.5, 0.5) if part in SHARES else generator.beta(2, 8)
    seen = row | {
        "scale": "share" if part in SHARES else "percentile",
        "numerator": int(generator.binomial(whole, share)),
        "denominator": whole,
    }
    value = 0.0 if share * whole < 0.5 else share
    if part in PLACES and value > 0:
        value = _place(pools[part], value)
    return seen, int((value >= cuts[part]).sum())


def _place(others: np.ndarray[Any, Any], value: float) -> float:
    """Share of the others and itself that is not above it."""
    return float((np.searchsorted(np.sort(others), value, side="right") + 1) / (len(others) + 1))


def _weights(generator: np.random.Generator, scheme: Scheme) -> dict[str, dict[str, float]]:
    found = {}
    for dimension in ("harm", "likelihood"):
        held = scheme.dimensions[dimension]
        shares = np.asarray(list(held.values())) / sum(held.values())
        drawn = generator.dirichlet(shares * scheme.settings["scoring.weight_concentration"])
        found[dimension] = dict(zip(held, drawn.tolist(), strict=True))
    return found


def _true_risk(
    weights: dict[str, dict[str, float]], theme: str, scores: dict[tuple[str, str], int], scheme: Scheme
) -> float:
    harm, likelihood = (
        sum(w * scheme.points[scores[theme, part]] for part, w in weights[dimension].items()) / max(scheme.points)
        for dimension in ("harm", "likelihood")
    )
    return 100 * harm * likelihood


def planted_gap_first(worlds: int, seed: int) -> float:
    """Share of worlds in which a planted gap, a heavy part of the theme next to the top, is ranked first."""
    scheme, generator, hits = shipped(), np.random.default_rng(seed), 0
    for world in range(worlds):
        level = int(generator.integers(1, 4))
        rows = []
        for theme in map(str, range(6)):
            for part in PARTS:
                score = {"0": level + 1, "1": level + 1, "2": level, "3": level}.get(theme, 0)
                row: dict[str, Any] = dict.fromkeys(VALUES) | {
                    "theme_code": theme, "part_code": part, "scale": "entered", "basis": "entered",
                    "given_score": score,
                }  # fmt: skip
                if (theme, part) == ("2", "psychological") or (part == "environmental" and theme in ("4", "5")):
                    row["basis"] = "not measured"
                rows.append(row)
        held = _with(scheme, {"scoring.draws": 1000, "scoring.seed": world})
        pools = _pool_rows({})
        draws = simulate(pl.DataFrame(rows, schema=VALUES), pools, held, {str(t): 1.0 for t in range(6)})
        first = gap_values(draws, TOP).sort("information_value", descending=True).row(0, named=True)
        hits += (first["theme_code"], first["part_code"]) == ("2", "psychological")
    return hits / worlds


def seconds_of(draws: int, themes: int) -> float:
    """Time of drawing, ranks, pairs and gaps of an assessment of a number of themes."""
    scheme, generator = _with(shipped(), {"scoring.draws": draws}), np.random.default_rng(1)
    cuts = {part: np.asarray(limits) for part, limits in scheme.cut_points.items()}
    pools = {"volume": np.exp(generator.normal(5, 1, 3 * themes)), "repeat": generator.beta(2, 8, themes)}
    rows = [_observe(generator, str(t), part, cuts, pools, scheme)[0] for t in range(themes) for part in PARTS]
    frame = pl.DataFrame(rows, schema=VALUES)
    started = time.perf_counter()
    drawn = simulate(frame, _pool_rows(pools), scheme, {str(t): 1.0 for t in range(themes)})
    stability(drawn, TOP, 0.9), pairs(drawn), gap_values(drawn, TOP)
    return time.perf_counter() - started


def main() -> None:
    """Print the results."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--worlds", type=int, default=1000)
    asked.add_argument("--draws", type=int, default=1000)
    given = asked.parse_args()
    found = calibration(given.worlds, given.draws, seed=1)
    print(f"Brier score {found.brier:.4f}; of {TOP} in {THEMES} for all, {found.brier_of_base_rate:.4f}")
    print("| probability | mean probability | truly among the three | themes |\n|--:|--:|--:|--:|")
    for row in found.reliability.iter_rows(named=True):
        print(f"| {row['from']:.2f}-{row['to']:.2f} | {row['said']:.3f} | {row['observed']:.3f} | {row['count']:,} |")
    print(f"A planted gap ranks first in {planted_gap_first(200, 1):.1%} of 200 worlds")
    print(f"5,000 draws of 15 themes, with ranks, pairs and gaps: {seconds_of(5000, 15):.1f} s")


if __name__ == "__main__":
    main()
