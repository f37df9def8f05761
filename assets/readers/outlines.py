"""Outlines of areas in GeoJSON: checked, laid on a plane in kilometres, and simplified to what a page draws quickly.

Only outer rings are kept: a district within another one is drawn on top of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # one row is a point: east and north
DEGREES, METRES = "degrees", "metres"
WEST, EAST, SOUTH, NORTH = -9.0, 3.0, 49.0, 61.0  # the United Kingdom in degrees, WGS84
GRID_EAST, GRID_NORTH = 700_000.0, 1_300_000.0  # ends of the British National Grid, metres
KM_PER_DEGREE = 111.2  # of latitude
FINENESS = 1000  # an outline may be off by this part of the longer side of the map: less than a pixel
SHAPE = 20  # and by this part of its own longer side at most
MOST_POINTS = 20_000  # of all outlines together
FEWEST_IN_RING = 4  # a triangle, its first point repeated


class Unusable(Exception):
    """Why an outline cannot be drawn: what was seen, and what was expected."""

    def __init__(self, seen: str, expected: str) -> None:
        self.seen, self.expected = seen, expected
        super().__init__(f"expected {expected}; saw {seen}")


def outer_rings(geometry: Any) -> list[Points]:
    """The outer rings of a Polygon or MultiPolygon, as delivered. Raises Unusable."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Unusable("no geometry" if geometry is None else repr(kind), "a Polygon or MultiPolygon")
    held = geometry.get("coordinates")
    polygons = [held] if kind == "Polygon" else held
    if not isinstance(polygons, list) or not polygons:
        raise Unusable("no polygon", "at least one ring of points")
    return [_outer(polygon) for polygon in polygons]


def _outer(polygon: Any) -> Points:
    ring = polygon[0] if isinstance(polygon, list) and polygon else None
    if not isinstance(ring, list) or len(ring) < FEWEST_IN_RING:
        seen = f"{len(ring)} points" if isinstance(ring, list) else "no ring"
        raise Unusable(seen, "a ring of four points or more, the last one like the first")
    points = np.array([_point(place) for place in ring])
    if not np.array_equal(points[0], points[-1]):
        raise Unusable(f"{_words(points[0])} first and {_words(points[-1])} last", "a ring that ends where it begins")
    if not math.isfinite(area := _area(points)) or area == 0:
        raise Unusable("a ring without area", "a ring around an area")
    return points


def _point(place: Any) -> tuple[float, float]:
    numbers = place[:2] if isinstance(place, list) else []
    is_number = [isinstance(number, int | float) and not isinstance(number, bool) for number in numbers]
    if len(numbers) < 2 or not all(is_number) or not all(abs(number) < 1e9 for number in numbers):
        raise Unusable(repr(place)[:100], "points of two numbers, such as [-1.23, 54.57]")
    return float(numbers[0]), float(numbers[1])


def _words(point: Sequence[float] | Points) -> str:
    return f"[{point[0]:g}, {point[1]:g}]"


def _area(ring: Points) -> float:
    x, y = (ring - ring[0]).T
    return abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))) / 2


def unit_of(outlines: Sequence[Sequence[Points]]) -> str:
    """Metres if all numbers can be those of the British National Grid, otherwise degrees."""
    points = np.concatenate([ring for rings in outlines for ring in rings])
    is_grid = _is_within(points, (0, GRID_EAST), (0, GRID_NORTH)) & ~_is_within(points, (WEST, EAST), (SOUTH, NORTH))
    return METRES if is_grid.all() else DEGREES


def within_country(rings: list[Points], unit: str) -> list[Points]:
    """The rings themselves. Raises Unusable where a point is outside the country."""
    points = np.concatenate(rings)
    reach = ((WEST, EAST), (SOUTH, NORTH)) if unit == DEGREES else ((0, GRID_EAST), (0, GRID_NORTH))
    outside = points[~_is_within(points, *reach)]
    if not len(outside):
        return rings
    seen = _words(outside[0])
    if unit == DEGREES and _is_within(outside[:, ::-1], *reach).all():
        raise Unusable(f"{seen}, the two numbers exchanged", "longitude before latitude, in degrees")
    other = "metres of the British National Grid in every feature"
    expected = f"degrees (WGS84) in the United Kingdom, or {other}" if unit == DEGREES else other
    raise Unusable(seen, expected)


def _is_within(points: Points, x: tuple[float, float], y: tuple[float, float]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (
        (points[:, 0] >= x[0]) & (points[:, 0] <= x[1]) & (points[:, 1] >= y[0]) & (points[:, 1] <= y[1])
    )
    return inside


def on_plane(outlines: Sequence[Sequence[Points]], unit: str) -> list[list[Points]]:
    """The outlines in kilometres east and north of the south-west corner of all.

    A degree of longitude is shorter than one of latitude, by the cosine of the latitude in the middle of the map.
    """
    points = np.concatenate([ring for rings in outlines for ring in rings])
    corner, far = points.min(axis=0), points.max(axis=0)
    if unit == DEGREES:
        middle = math.radians(float(corner[1] + far[1]) / 2)
        scale = np.array([KM_PER_DEGREE * math.cos(middle), KM_PER_DEGREE])
    else:
        scale = np.array([0.001, 0.001])
    return [[(ring - corner) * scale for ring in rings] for rings in outlines]


def simplified(outlines: Sequence[Sequence[Points]]) -> tuple[list[list[Points]], float]:
    """The outlines with fewer points, and by how many kilometres a line may be off.

    Parts of a district smaller than twice that are left out, but never its largest part.
    """
    points = np.concatenate([ring for rings in outlines for ring in rings])
    tolerance, shape = _size(points) / FINENESS, float(SHAPE)
    # it ends: the coarsest outline of a district is one ring of few points
    while (drawn := _drawn(outlines, tolerance, shape)) is None:
        tolerance, shape = tolerance * 2, max(shape / 2, 0.5)
    return drawn, tolerance


def _size(points: Points) -> float:
    return float(np.ptp(points, axis=0).max())


def _drawn(outlines: Sequence[Sequence[Points]], tolerance: float, shape: float) -> list[list[Points]] | None:
    """The outlines with fewer points; None as soon as they are too many, so that a wild file costs little time."""
    found: list[list[Points]] = []
    left = MOST_POINTS
    for rings in outlines:
        largest = max(rings, key=_area)
        found.append([])
        for ring in rings:
            if ring is not largest and _size(ring) < 2 * tolerance:
                continue
            # a small district keeps its shape: its own size sets how far a line may be off
            thin = _thinned(ring, min(tolerance, _size(ring) / shape), left)
            if thin is None:
                return None
            left -= len(thin)
            found[-1].append(thin)
    return found


def _thinned(ring: Points, tolerance: float, most: int) -> Points | None:
    """Douglas and Peucker: no point that is left out is farther than `tolerance` from the line that is drawn.

    None if that needs more points than `most`.
    """
    # a ring has no two ends: it is cut at its first point, at the one farthest from it, and at the one farthest from
    # the line between them, so that an area is left
    far = int(np.argmax(np.hypot(*(ring - ring[0]).T)))
    cuts = sorted({0, far, int(np.argmax(_distances(ring, ring[0], ring[far]))), len(ring) - 1})
    is_kept = np.zeros(len(ring), dtype=bool)
    is_kept[cuts] = True
    waiting, count = list(pairwise(cuts)), len(cuts)
    while waiting and count <= most:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        distances = _distances(ring[first + 1 : last], ring[first], ring[last])
        farthest = first + 1 + int(np.argmax(distances))
        if distances.max() > tolerance:
            is_kept[farthest] = True
            count += 1
            waiting += [(first, farthest), (farthest, last)]
    return ring[is_kept] if count <= most else None


def _distances(points: Points, start: Points, end: Points) -> Points:
    """How far points are from the line between two others."""
    along = end - start
    length = float(along @ along)
    share = np.clip((points - start) @ along / length, 0, 1) if length else np.zeros(len(points))
    distances: Points = np.hypot(*(points - start - share[:, None] * along).T)
    return distances
