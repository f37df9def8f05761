"""Icons of variation and assurance as the NHS draws them (NHS England, Making Data Count): a letter in a ring.

The words beside an icon say the same, so neither colour nor letter is needed to read it. Pure: gives HTML.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Icon:
    """A letter, the look of its ring (a class of style.css), and the words beside it."""

    letter: str
    look: str
    words: str


COMMON = Icon("~", "chance", "Common cause: no signal")
ASSURANCE = {
    "consistently_met": Icon("P", "better", "Target consistently met"),
    "hit_or_miss": Icon("?", "chance", "Target hit or missed by chance"),
    "consistently_missed": Icon("F", "worse", "Target consistently missed"),
}


def variation(verdict: str, direction: str) -> Icon | None:
    """The icon of a verdict of metrics.measure_verdicts, for a measure's direction; None without a verdict."""
    if verdict == "no_change":
        return COMMON
    if verdict not in ("higher", "lower"):
        return None
    letter = verdict[0].upper()
    if direction not in ("higher_is_better", "lower_is_better"):
        return Icon(letter, "either", f"Special cause: {verdict}, neither better nor worse by itself")
    if direction == f"{verdict}_is_better":
        return Icon(letter, "better", f"Special cause of improvement: {verdict}")
    return Icon(letter, "worse", f"Special cause of concern: {verdict}")


def row(icons: Iterable[Icon | None]) -> str:
    """The icons with their words, side by side; "" where there is none."""
    items = "".join(
        f'<li><span class="ring {icon.look}" aria-hidden="true">{html.escape(icon.letter)}</span>'
        f"{html.escape(icon.words)}</li>"
        for icon in icons if icon is not None
    )  # fmt: skip
    return f'<ul class="icons">{items}</ul>' if items else ""
