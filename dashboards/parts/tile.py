"""A headline figure and what must stand under it. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """A headline figure with all that keeps it from being misread: none of it may be left out."""

    label: str
    value: str
    small: str  # denominator, interval, year
    over_time: str  # verdict of the control chart
    peers: str  # verdict beside other forces
    missing: str  # what is not known or not held
    owner: str
