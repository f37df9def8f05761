"""The assessment's drawings: matrix, ranks with their ranges, theme months. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dashboards.documents.svg import INK, NAVY, ORANGE, PAPER, PLUM, QUIET, RULE, Axis, Drawing, ticks
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

Row = dict[str, Any]
WIDTH = 680


def matrix(rows: list[Row]) -> str:
    """Harm against likelihood, one mark per theme; broken lines join equal risk."""
    sheet, left, top, side, high = Drawing(WIDTH, 430), 60, 14, 590, 360
    x, y = Axis(left, left + side, 0, 100).at, Axis(top + high, top, 0, 100).at
    sheet.box(left, top, side, high, "#F9FAFB", RULE)
    for value in range(0, 101, 20):
        sheet.line(x(value), top + high, x(value), top + high + 4, QUIET)
        sheet.words(x(value), top + high + 18, f"{value}", anchor="middle")
        sheet.line(left, y(value), left + side, y(value), RULE)
        sheet.words(left - 6, y(value) + 4, f"{value}", anchor="end")
    for risk in (10, 25, 50):
        way = [(x(at), y(100 * risk / at)) for at in range(risk, 101, 2)]
        sheet.path([*way, (x(100), y(risk))], QUIET, 1, "4 4")
        sheet.words(x(100) - 4, y(risk) - 5, f"risk {risk}", size=10, anchor="end", colour=QUIET)
    sheet.words(left + side / 2, top + high + 40, "Likelihood (0 to 100)", anchor="middle", is_bold=True)
    sheet.words(16, top + high / 2, "Harm (0 to 100)", anchor="middle", is_bold=True, is_upright=True)
    taken: list[tuple[float, float]] = []
    for row in rows:
        if row["likelihood"] is None or row["harm"] is None:
            continue
        across, down = x(row["likelihood"]), y(row["harm"])
        mark = sheet.diamond if row["rank"] is None else sheet.dot
        mark(across, down)
        label_x, label_y = across + 8, down + 4
        while any(abs(label_x - a) < 26 and abs(label_y - b) < 12 for a, b in taken):
            label_y += 12
        taken.append((label_x, label_y))
        sheet.words(label_x, label_y, row["theme_code"] + ("*" if row["is_overridden"] else ""), is_bold=True)
    return sheet.svg()


def ranks(rows: list[Row]) -> str:
    """One line per theme: rank, range, and rank without overrides if different."""
    step, left, right = 30, 320, WIDTH - 30
    sheet, last = Drawing(WIDTH, 60 + step * len(rows)), max(len(rows), 2)
    x = Axis(left, right, 1, last).at
    foot = 18 + step * len(rows)
    for rank in range(1, last + 1):
        sheet.line(x(rank), 12, x(rank), foot, RULE)
        sheet.words(x(rank), foot + 16, f"{rank}", anchor="middle")
    sheet.words((left + right) / 2, foot + 34, "Rank by risk (1 is the highest)", anchor="middle", is_bold=True)
    for place, row in enumerate(rows):
        y = 26 + step * place
        sheet.words(left - 16, y + 4, _cut(f"{row['theme_code']} {row['theme_name']}", 54), anchor="end")
        if row["rank_low"] is not None and row["rank_high"] is not None:
            sheet.line(x(row["rank_low"]), y, x(row["rank_high"]), y, NAVY, 3)
            for end in (row["rank_low"], row["rank_high"]):
                sheet.line(x(end), y - 5, x(end), y + 5, NAVY, 2)
        sheet.dot(x(row["rank"]), y, 5)
        if row["automatic_rank"] is not None and row["automatic_rank"] != row["rank"]:
            sheet.diamond(x(row["automatic_rank"]), y)
    return sheet.svg()


def months(rows: list[Row], breaks: list[tuple[dt.date, str]], rule: SmallNumbers) -> str:
    """Crimes by month from zero, with limits where they are drawn.

    A month with a small count is drawn at the highest small count, with an open mark.
    """
    sheet, left, top, side, high = Drawing(WIDTH, 220), 52, 24, 610, 150
    counts = [row["crime_count"] for row in rows]
    tops = [row.get("upper_limit") for row in rows]
    scale = ticks(max([c for c in (*counts, *tops) if c is not None] or [0]) or 1)
    x, y = Axis(left, left + side, -0.5, len(rows) - 0.5).at, Axis(top + high, top, 0, scale[-1]).at
    for value in scale:
        sheet.line(left, y(value), left + side, y(value), RULE)
        sheet.words(left - 6, y(value) + 4, numbers.number(value), anchor="end", size=10)
    every = max(1, -(-len(rows) // 8))
    for place, row in enumerate(rows):
        if place % every == 0:
            sheet.words(x(place), top + high + 16, numbers.month(row["month"]), anchor="middle", size=10)
    firsts = {row["month"]: place for place, row in enumerate(rows)}
    for day, letter in breaks:
        first = firsts.get(day.replace(day=1))
        if first is not None:
            at = x(first) - side / len(rows) / 2
            sheet.line(at, top - 8, at, top + high, PLUM, 1.5, "5 3")
            sheet.words(at, top - 11, letter, anchor="middle", size=10, colour=PLUM, is_bold=True)
    held = [(place, row["crime_count"]) for place, row in enumerate(rows) if row["crime_count"] is not None]
    drawn = [(x(place), y(rule.smallest_shown - 1 if rule.is_small(count) else count), count) for place, count in held]
    for column, dashes in (("centre_line", ""), ("lower_limit", "6 3"), ("upper_limit", "6 3")):
        for piece in _pieces(rows, column):
            sheet.path([(x(place), y(value)) for place, value in piece], QUIET, 1, dashes)
    sheet.path([(a, b) for a, b, _ in drawn], NAVY, 2)
    for across, down, count in drawn:
        is_small = rule.is_small(count)
        sheet.dot(across, down, 3, PAPER if is_small else NAVY, NAVY if is_small else PAPER)
    if drawn:
        sheet.dot(drawn[-1][0], drawn[-1][1], 5, ORANGE, INK)
    said = f"Recorded crimes by month, latest marked; grey: average and (broken) limits. Open circle: {rule.few}."
    sheet.words(left, top + high + 36, said, size=10, colour=QUIET)
    return sheet.svg()


def _pieces(rows: list[Row], column: str) -> list[list[tuple[int, float]]]:
    """A line of limits, broken at recording changes and where no limit is drawn."""
    found: list[list[tuple[int, float]]] = []
    last = None
    for place, row in enumerate(rows):
        value, segment = row.get(column), row.get("segment")
        if value is None:
            last = None
            continue
        if last is None or segment != last:
            found.append([])
        found[-1].append((place, value))
        last = segment if segment is not None else 0
    return found


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
