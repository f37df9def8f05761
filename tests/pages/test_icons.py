"""Icons of variation and assurance: what each verdict looks like, and that its words say the same."""

from itertools import product

import pytest

from dashboards.parts import icons

DIRECTIONS = ("higher_is_better", "lower_is_better", "neither")


@pytest.mark.parametrize(
    ("verdict", "direction", "letter", "words"),
    [
        ("no_change", "higher_is_better", "~", "Common cause: no signal"),
        ("higher", "higher_is_better", "H", "Special cause of improvement: higher"),
        ("higher", "lower_is_better", "H", "Special cause of concern: higher"),
        ("lower", "lower_is_better", "L", "Special cause of improvement: lower"),
        ("lower", "neither", "L", "Special cause: lower, neither better nor worse by itself"),
    ],
)
def test_variation_is_a_letter_and_the_same_in_words(verdict: str, direction: str, letter: str, words: str) -> None:
    icon = icons.variation(verdict, direction)
    assert icon is not None and (icon.letter, icon.words) == (letter, words)


@pytest.mark.parametrize("verdict", ["not_charted", "not_enough_points"])
def test_without_a_verdict_there_is_no_icon(verdict: str) -> None:
    assert icons.variation(verdict, "neither") is None and icons.row([None]) == ""


def test_no_two_icons_differ_in_colour_alone() -> None:
    """WCAG 2.2, 1.4.1: the ring's colour is never the one sign; a better and a worse rise differ in words."""
    held = [icons.variation(v, d) for v, d in product(("no_change", "higher", "lower"), DIRECTIONS)]
    every = {icon for icon in (*held, *icons.ASSURANCE.values()) if icon}
    assert len({(icon.letter, icon.words) for icon in every}) == len(every)
    assert icons.row(held).count('aria-hidden="true"') == len(held)
