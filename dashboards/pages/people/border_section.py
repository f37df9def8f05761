"""Repeat suspects and victims across the forces of one extract, in sentences on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.data.published import Copy, Missing
from dashboards.parts import page
from dashboards.text.small_numbers import SmallNumbers

ACROSS = "metrics.cross_border_repeats"
PEOPLE = {"suspect": "suspects", "victim": "victims"}


@page.section("people who are repeat only across forces")
def draw_border(copy: Copy, days: int, rule: SmallNumbers) -> None:
    """Draw the section for a window. An extract of one force has none."""
    if len(copy.forces) < 2:
        return
    page.heading("Across forces")
    rows = copy.select(ACROSS, where="window_days = $days", order_by="person_type", days=days)
    if rows.is_empty():
        raise Missing("empty", "This window has no data.")
    page.facts([fact for row in rows.iter_rows(named=True) for fact in _facts(row, rule)])
    for caveat in copy.caveats(ACROSS):
        page.note(caveat)


def _facts(row: Mapping[str, Any], rule: SmallNumbers) -> list[tuple[str, str, str]]:
    """People in several forces, and those who are repeat only if forces are taken together."""
    people, repeats = PEOPLE[row["person_type"]], row["repeat_count"]
    return [
        (
            f"{people.capitalize()} in several forces",
            rule.suppress_part(row["several_forces_count"], row["person_count"]),
            f"of {rule.suppress_count(row['person_count'])} {people} of all forces together",
        ),
        (
            f"Repeat {people} only across forces",
            rule.suppress_part(row["only_across_count"], repeats),
            f"of {rule.suppress_count(repeats)} repeat {people} of all forces together; repeat in no single force",
        ),
    ]
