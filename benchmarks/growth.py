"""Growth of processor seconds with what is delivered, drawn from the points that the other benchmarks leave.

    python benchmarks/builds.py --crimes 40000 200000 1000000 --work FOLDER --points FILE
    python benchmarks/ingest.py --rows 1000000 10000000 30000000 --work FOLDER --points FILE
    python benchmarks/growth.py FILE --out docs/growth.svg

FILE has a line a build: what was built, its crimes or rows, its processor seconds. The picture has both axes by powers
of ten, so growth of exponent 1 is a line at 45 degrees. The exponent is the slope of the line of least squares. It is
printed, and is in the picture.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections import defaultdict
from pathlib import Path

WIDTH, HEIGHT, MARGIN, DECADE = 720, 420, 70, 110
COLOURS, MARKS = ("#1d4f91", "#a2480b"), ("●", "■")
Points = list[tuple[float, float]]


def exponent(points: Points) -> float:
    """Slope of log seconds on log size."""
    x, y = ([math.log10(point[place]) for point in points] for place in (0, 1))
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    crossed = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return crossed / sum((a - mean_x) ** 2 for a in x)


def picture(series: dict[str, Points]) -> str:
    """An SVG with one line a series, named at its end, and its numbers in the text alternative."""
    sizes, seconds = zip(*(point for points in series.values() for point in points), strict=True)
    left, low = math.floor(math.log10(min(sizes))), math.floor(math.log10(min(seconds)))

    def at(size: float, second: float) -> tuple[float, float]:
        return (
            MARGIN + DECADE * (math.log10(size) - left),
            HEIGHT - MARGIN - DECADE * (math.log10(second) - low),
        )

    drawn = []
    for power in range(left, math.ceil(math.log10(max(sizes))) + 1):
        x, y = at(10**power, 10**low)
        drawn.append(f'<line x1="{x:.0f}" y1="20" x2="{x:.0f}" y2="{y:.0f}" stroke="#ccc"/>')
        drawn.append(f'<text x="{x:.0f}" y="{y + 20:.0f}" text-anchor="middle">{10**power:,}</text>')
    for power in range(low, math.ceil(math.log10(max(seconds))) + 1):
        x, y = at(10**left, 10**power)
        drawn.append(f'<line x1="{x:.0f}" y1="{y:.0f}" x2="{WIDTH - 20}" y2="{y:.0f}" stroke="#ccc"/>')
        drawn.append(f'<text x="{x - 8:.0f}" y="{y + 4:.0f}" text-anchor="end">{10**power:,}</text>')
    words = []
    for (name, points), colour, mark in zip(sorted(series.items()), COLOURS, MARKS, strict=False):
        places = [at(*point) for point in sorted(points)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [
            f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" fill="{colour}">{mark}</text>' for x, y in places
        ]
        x, y = places[-1]
        label = f"{name}: exponent {exponent(points):.2f}"
        drawn.append(f'<text x="{x + 12:.1f}" y="{y + 4:.1f}" fill="{colour}">{label}</text>')
        words.append(f"{name}: " + ", ".join(f"{size:,.0f} in {second:.0f} s" for size, second in sorted(points)))
    axes = "Crimes or rows delivered; processor seconds of the build"
    drawn.append(f'<text x="{MARGIN}" y="{HEIGHT - 16}">{axes}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif"'
        f' font-size="13"><title>Growth of builds. {"; ".join(words)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>{"".join(drawn)}</svg>\n'
    )


def main() -> None:
    """Write the picture, print the exponents."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("points", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    series: dict[str, Points] = defaultdict(list)
    for name, size, seconds in csv.reader(asked.points.read_text(encoding="utf-8").splitlines()):
        series[name].append((float(size), float(seconds)))
    asked.out.write_text(picture(series), encoding="utf-8")
    for name, points in sorted(series.items()):
        print(f"{name}: exponent {exponent(points):.2f} over {len(points)} sizes")


if __name__ == "__main__":
    main()
