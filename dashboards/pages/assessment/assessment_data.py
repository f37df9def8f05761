"""The published tables of the assessment, and why there may be none."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboards.data.published import Copy, NotAvailable

SCORES, PARTS, SCHEMES = "metrics.theme_scores", "metrics.theme_parts", "metrics.theme_schemes"
GAPS, FACTS, MONTHS = "metrics.theme_gaps", "metrics.theme_facts", "metrics.theme_months"
VERDICTS, CONFIDENCE, CHANGES = "metrics.theme_verdicts", "metrics.theme_confidence", "metrics.theme_changes"
OVERRIDES, SCHEME, ENTRIES = "core.score_overrides", "core.scoring_scheme", "core.register_entries"
THEMES, BREAKDOWNS = "reference.themes", "metrics.theme_breakdowns"
NO_THEMES = NotAvailable(
    "absent",
    "Themes are scored from a force's own record-level extract, and there is none here. Open data do not "
    "separate stalking, or show victims, suspects or risk.",
    "Put the force's extract (crime, party_role and any other tables) into the folder force/ of the data folder and "
    "build again.",
)


def scores(copy: Copy) -> pl.DataFrame:
    """The themes, highest risk first; a theme without a rank comes last. Without a known order, as they are listed.

    Raises Missing.
    """
    order = "case when is_ranking_shown then rank end nulls last, place"
    return copy.select(SCORES, order_by=order, instead=NO_THEMES)


def names(themes: pl.DataFrame) -> Mapping[str, str]:
    """Code -> name of the themes."""
    return dict(themes.select("theme_code", "theme_name").iter_rows())
