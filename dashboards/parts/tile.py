"""A headline figure and the lines that must appear under it. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """A headline figure with the context that prevents misreading; all is required."""

    label: str
    value: str
    small: str  # denominator, interval, year
    over_time: str  # verdict of the control chart
    peers: str  # verdict compared with other forces
    missing: str  # number not known or not held
    owner: str
