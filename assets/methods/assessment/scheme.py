"""The scheme by which themes are scored, and the score of one part (strategic-assessment 2.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl


@dataclass(frozen=True)
class Scheme:
    """Weights, cut-points, points and settings of the scoring scheme.

    `dimensions`: dimension -> part -> weight; `cut_points`: part -> values from which it scores 1, 2, 3, 4;
    `points`: points of scores 0 to 4; `settings`: the settings `scoring.*`.
    """

    dimensions: Mapping[str, Mapping[str, float]]
    cut_points: Mapping[str, tuple[float, ...]]
    points: tuple[float, ...]
    settings: Mapping[str, float]

    @classmethod
    def from_rows(cls, rows: pl.DataFrame) -> Self:
        """Read the scheme from the rows of core.scoring_scheme (`subject`, `key`, `value`)."""
        dimensions: dict[str, dict[str, float]] = {}
        cuts: dict[str, dict[int, float]] = {}
        points: dict[int, float] = {}
        settings: dict[str, float] = {}
        for subject, key, value in rows.sort("subject", "key").select("subject", "key", "value").iter_rows():
            first, _, second = key.partition("/")
            if subject == "weight":
                dimensions.setdefault(first, {})[second] = value
            elif subject == "cut_point":
                cuts.setdefault(first, {})[int(second)] = value
            elif subject == "score_points":
                points[int(first)] = value
            else:
                settings[key] = value
        return cls(
            dimensions,
            {part: tuple(limits[score] for score in sorted(limits)) for part, limits in cuts.items()},
            tuple(points[score] for score in sorted(points)),
            settings,
        )

    def dimension_score(self, dimension: str, scores: Mapping[str, int | None]) -> float:
        """Score of a dimension, 0 to 100: weighted points over the most that the weights allow.

        A part without a score gets the mean of all points.
        """
        weights = self.dimensions[dimension]
        unknown = sum(self.points) / len(self.points)
        reached = sum(
            weight * (unknown if (score := scores.get(part)) is None else self.points[score])
            for part, weight in weights.items()
        )
        return 100 * reached / (sum(weights.values()) * max(self.points))

    def score_of(self, part: str, value: float) -> int:
        """Score of a value, 0 to 4, by the cut-points of its part."""
        return sum(value >= limit for limit in self.cut_points[part])
