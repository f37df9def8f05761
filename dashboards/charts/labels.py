"""Positions of the labels of marked points, so that they cover nothing else."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

WIDTH, HEIGHT = 980.0, 400.0  # pixels of a usual plot; a narrower page only brings labels closer
LETTER, LINE = 6.4, 15.0
# (x shift, y shift, anchor) in pixels, in order of preference
PLACES = (
    (13, 0, "left"),
    (-13, 0, "right"),
    (0, 18, "center"),
    (0, -18, "center"),
    (12, 16, "left"),
    (-12, 16, "right"),
    (12, -16, "left"),
    (-12, -16, "right"),
)

Box = tuple[float, float, float, float]


def place_labels(
    rows: pl.DataFrame, named: pl.DataFrame, *, x: str, y: str, text: str, is_log_x: bool = False
) -> list[dict[str, Any]]:
    """Annotations (without arrow) for the `named` rows.

    If no position is free, the first is used.
    """
    scale_x = math.log10 if is_log_x else float
    xs, ys = [scale_x(v) for v in rows[x]], [float(v) for v in rows[y]]
    if not xs:
        return []
    left, span_x = min(xs), (max(xs) - min(xs)) or 1.0
    top = max([*ys, 0.0]) or 1.0
    points = [((a - left) / span_x * WIDTH, b / top * HEIGHT) for a, b in zip(xs, ys)]
    taken: list[Box] = [(px - 5, py - 5, px + 5, py + 5) for px, py in points]
    placed = []
    for row in named.sort(y, descending=True).iter_rows(named=True):
        px, py = (scale_x(row[x]) - left) / span_x * WIDTH, float(row[y]) / top * HEIGHT
        own = (px - 5, py - 5, px + 5, py + 5)
        others = [box for box in taken if box != own]
        place = min(
            PLACES,
            key=lambda p, px=px, py=py, others=others, name=row[text]: (  # type: ignore[misc]
                sum(_overlap(_box(px, py, p, name), box) for box in others) + _outside(_box(px, py, p, name)),
                PLACES.index(p),
            ),
        )
        taken.append(_box(px, py, place, row[text]))
        placed.append(
            {
                "x": scale_x(row[x]),
                "y": row[y],
                "text": row[text],
                "xanchor": place[2],
                "xshift": place[0],
                "yshift": place[1],
            }
        )
    return placed


def _box(px: float, py: float, place: tuple[int, int, str], name: str) -> Box:
    width = len(name) * LETTER
    start = {"left": px + place[0], "right": px + place[0] - width, "center": px - width / 2}[place[2]]
    return start, py + place[1] - LINE / 2, start + width, py + place[1] + LINE / 2


def _overlap(a: Box, b: Box) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _outside(box: Box) -> float:
    """The penalty for leaving the plot, which is worse than covering a point."""
    return 1000.0 * (max(0.0, -box[0]) + max(0.0, box[2] - WIDTH - 40))
