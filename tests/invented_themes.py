"""Parts and values of invented themes: what the tests of scores, draws and pages start from."""

from __future__ import annotations

from typing import Any

import polars as pl
from worked import Row, made

WORKED = {  # strategic-assessment 2.5: scores of the worked example
    "physical": 2, "psychological": 4, "financial": 2, "community": 2, "public_expectation": 3, "environmental": 0,
    "volume": 4, "trend": 2, "repeat": 3, "capacity": 3, "capability": 3, "reputation": 3,
}  # fmt: skip


def scheme(**changes: float) -> list[Row]:
    """The scheme as it ships, with values by key in place of those that ship."""
    rows = made("core.scoring_scheme")
    assert not set(changes) - {row["key"] for row in rows}
    return [row | {"value": changes.get(row["key"], row["value"])} for row in rows]


def parts(theme: str, scores: dict[str, int | None], rows: list[Row] | None = None, **more: Any) -> list[Row]:
    """Rows of metrics.theme_parts for a theme with these scores, by the scheme."""
    held = rows or scheme()
    points = {int(row["key"]): row["value"] for row in held if row["subject"] == "score_points"}
    unknown = sum(points.values()) / len(points)
    weights = {row["key"].split("/")[1]: row for row in held if row["subject"] == "weight"}
    return [
        {
            "theme_code": theme, "dimension": weight["key"].split("/")[0], "part_code": part, "weight": weight["value"],
            "basis": "not measured" if scores.get(part) is None else "measured",
            "automatic_score": scores.get(part), "score": scores.get(part),
            "automatic_points": points.get(scores.get(part), unknown), "points": points.get(scores.get(part), unknown),
            **more,
        }
        for part, weight in weights.items()
    ]  # fmt: skip


def value(theme: str, part: str, scale: str = "share", basis: str = "measured", **more: Any) -> Row:
    """A row of metrics.theme_part_values, as the simulation takes it."""
    return {
        "theme_code": theme, "part_code": part, "scale": scale, "basis": basis, "numerator": None, "denominator": None,
        "given_score": None, "floor_score": None, "override_score": None, **more,
    }  # fmt: skip


VALUES = {
    "theme_code": pl.String, "part_code": pl.String, "scale": pl.String, "basis": pl.String, "numerator": pl.Int64,
    "denominator": pl.Int64, "given_score": pl.Int64, "floor_score": pl.Int64, "override_score": pl.Int64,
}  # fmt: skip
NO_POOLS = pl.DataFrame(schema={"part_code": pl.String, "value": pl.Float64})


def judged(theme: str, scores: dict[str, int | None]) -> list[Row]:
    """Values of a theme that are all judged, or not measured where the score is None."""
    return [
        value(theme, part, "entered", "not measured" if score is None else "entered", given_score=score)
        for part, score in scores.items()
    ]
