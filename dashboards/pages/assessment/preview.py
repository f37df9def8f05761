"""Ranks under other overrides or another scheme, from the published parts. Pure.

The arithmetic is the build's (assets/methods/assessment/scheme.py), on the same scores. The next build publishes the
same changes as long as the figures do not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from assets.methods.assessment.scheme import Scheme

Key = tuple[str, str]


def automatic(parts: pl.DataFrame) -> dict[Key, int | None]:
    """(theme, part) -> automatic score, from metrics.theme_parts."""
    return {
        (theme, part): score for theme, part, score in parts.select("theme_code", "part_code", "automatic_score").rows()
    }


def overridden(scores: Mapping[Key, int | None], overrides: Iterable[Mapping[str, Any]]) -> dict[Key, int | None]:
    """The scores with these overrides applied."""
    return {**scores, **{(row["theme_code"], row["part_code"]): row["override_score"] for row in overrides}}


def risks(scores: Mapping[Key, int | None], scheme: Scheme) -> dict[str, float]:
    """Theme -> harm times likelihood over 100, without confidence."""
    by_theme: dict[str, dict[str, int | None]] = {}
    for (theme, part), score in scores.items():
        by_theme.setdefault(theme, {})[part] = score
    return {
        theme: scheme.dimension_score("harm", held) * scheme.dimension_score("likelihood", held) / 100
        for theme, held in by_theme.items()
    }


def places(found: Mapping[str, float], ranked: Iterable[str]) -> dict[str, int]:
    """Theme -> rank by risk among the ranked themes.

    Equal risks share a rank, as in metrics.theme_risks.
    """
    rounded = {theme: round(found[theme], 9) for theme in ranked if theme in found}
    return {theme: 1 + sum(other > risk for other in rounded.values()) for theme, risk in rounded.items()}


def moves(before: Mapping[str, float], after: Mapping[str, float], ranked: Iterable[str]) -> list[dict[str, Any]]:
    """The themes whose risk would change, with risk and rank before and after.

    The greatest change comes first.
    """
    held = list(ranked)
    was, becomes = places(before, held), places(after, held)
    rows = [
        {
            "theme_code": theme, "risk_before": before[theme], "risk_after": after[theme],
            "place_before": was.get(theme), "place_after": becomes.get(theme),
        }
        for theme in before
        if abs(before[theme] - after[theme]) > 1e-9 or was.get(theme) != becomes.get(theme)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-abs(row["risk_after"] - row["risk_before"]), row["theme_code"]))


def in_words(moved: list[dict[str, Any]], names: Mapping[str, str]) -> str:
    """Each change as a plain sentence; says so if nothing changes."""
    if not moved:
        return "No risk and no rank would change."
    told = []
    for row in moved:
        name = names.get(row["theme_code"], row["theme_code"])
        risk = f"{name}: risk {row['risk_before']:.1f} to {row['risk_after']:.1f}"
        if row["place_before"] is None:
            told.append(f"{risk}, not ranked.")
        elif row["place_before"] == row["place_after"]:
            told.append(f"{risk}, rank {row['place_before']} as before.")
        else:
            told.append(f"{risk}, rank {row['place_before']} to {row['place_after']}.")
    return " ".join(told)
