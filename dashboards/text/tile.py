"""A headline figure and the lines that must appear under it; a line of a front page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LINES = {"over_time": "Over time", "peers": "Other forces", "missing": "Missing", "owner": "Owner"}


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


@dataclass(frozen=True)
class Line:
    """One sentence of a front page, and the address of the page that it leads to; "" where it leads nowhere."""

    words: str
    address: str = ""


def shared_lines(tiles: Sequence[Tile]) -> dict[str, str]:
    """Lines that are the same on every one of several tiles: they are shown once, below them."""
    held = {name: {getattr(tile, name) for tile in tiles} for name in LINES}
    return {name: words.pop() for name, words in held.items() if len(words) == 1} if len(tiles) > 1 else {}
