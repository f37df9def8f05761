"""The settings that a page reads from the copy, and their small-number rule."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.data.published import Copy
from dashboards.text.small_numbers import SmallNumbers

SETTINGS = "reference.settings"
FEWEST_IN_SHARE = "shares.minimum_denominator"
# The smallest count shown: of people and crimes, of investigators, of units in an audit report.
SMALLEST_SHOWN, SMALLEST_OF_INVESTIGATORS = "suppression.smallest_shown", "caseload.minimum_investigators"
SMALLEST_CELL = "audit.smallest_cell"
OLDEST = "publish.oldest_days"  # beyond it a front page begins with how old its data are
# As shipped in assets/reference/settings.csv, for a copy that an earlier version published without one of them.
SHIPPED: Mapping[str, float] = {
    FEWEST_IN_SHARE: 30, SMALLEST_SHOWN: 5, SMALLEST_OF_INVESTIGATORS: 5, SMALLEST_CELL: 5, OLDEST: 45,
}  # fmt: skip


def read_settings(copy: Copy | None) -> Mapping[str, float]:
    """Key -> value of every setting of the copy.

    The settings in SHIPPED are always included; without a copy they are the only ones.
    """
    return SHIPPED if copy is None else {**SHIPPED, **copy.names(SETTINGS, "key, value")}


def read_small_numbers(copy: Copy | None, smallest: str = SMALLEST_SHOWN) -> SmallNumbers:
    """The small-number rule of the copy.

    `smallest` names the setting of the smallest count shown.
    """
    held = read_settings(copy)
    return SmallNumbers(round(held[smallest]), round(held[FEWEST_IN_SHARE]))
