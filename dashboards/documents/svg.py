"""Drawings as SVG text: lines, marks and words, all escaped. Pure.

No meaning is carried by colour alone.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field

FONT = "Liberation Sans, Arial, sans-serif"
INK, QUIET, RULE, PAPER = "#1F2933", "#545B64", "#DDE3EA", "#FFFFFF"
NAVY, ORANGE, PLUM = "#12436D", "#F46A25", "#801650"


@dataclass
class Drawing:
    """A sheet of a given size in points, drawn on from the top left."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = INK, width: float = 1.0,
             dashes: str = "") -> None:  # fmt: skip
        """Draw a straight line."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
            f'stroke-width="{width:g}"{dashed}/>'
        )

    def path(self, points: list[tuple[float, float]], colour: str = INK, width: float = 1.5, dashes: str = "") -> None:
        """Draw a line through points."""
        if len(points) < 2:
            return
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
            f'stroke-linejoin="round"{dashed}/>'
        )

    def box(self, x: float, y: float, width: float, height: float, fill: str, stroke: str = "none") -> None:
        """Draw a filled rectangle."""
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" stroke="{stroke}"/>'
        )

    def dot(self, x: float, y: float, radius: float = 4, fill: str = NAVY, stroke: str = PAPER) -> None:
        """Draw a round mark."""
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'
        )

    def diamond(self, x: float, y: float, radius: float = 5, fill: str = PAPER, stroke: str = PLUM) -> None:
        """Draw a diamond mark."""
        way = f"{x:.1f},{y - radius:.1f} {x + radius:.1f},{y:.1f} {x:.1f},{y + radius:.1f} {x - radius:.1f},{y:.1f}"
        self.parts.append(f'<polygon points="{way}" fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>')

    def words(self, x: float, y: float, text: str, *, size: float = 11, anchor: str = "start", colour: str = INK,
              is_bold: bool = False, is_upright: bool = False) -> None:  # fmt: skip
        """Write words; `y` is their base line. `is_upright` turns them by a quarter."""
        bold = ' font-weight="700"' if is_bold else ""
        turned = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if is_upright else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="{size:g}" text-anchor="{anchor}" '
            f'fill="{colour}"{bold}{turned}>{html.escape(_printable(text), quote=False)}</text>'
        )

    def svg(self) -> str:
        """The whole drawing."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="{self.width:g}" height="{self.height:g}">'
            f'<rect width="{self.width:g}" height="{self.height:g}" fill="{PAPER}"/>{"".join(self.parts)}</svg>'
        )


@dataclass(frozen=True)
class Axis:
    """The scale of a sheet: `low` at `start`, `high` at `end`."""

    start: float
    end: float
    low: float
    high: float

    def at(self, value: float) -> float:
        """The position of a value."""
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def ticks(reach: float, most: int = 5) -> list[float]:
    """Round values from 0 to beyond `reach`, in at most `most` steps."""
    step = 1.0
    for power in range(9):
        for factor in (1, 2, 5):
            step = float(factor * 10**power)
            if reach / step <= most:
                count = int(-(-reach // step)) or 1
                return [step * i for i in range(count + 1)]
    return [0.0, step]


def _printable(text: str) -> str:
    """The text without control characters, which XML does not allow."""
    return "".join(letter for letter in text if letter >= " ")
