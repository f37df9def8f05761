"""The published tables of the assessment, and why there may be none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.data.published import Copy, NotAvailable

SCORES, PARTS, PAIRS = "metrics.theme_scores", "metrics.theme_parts", "metrics.theme_pairs"
GAPS, FACTS, MONTHS = "metrics.theme_gaps", "metrics.theme_facts", "metrics.theme_months"
VERDICTS, CONFIDENCE, CHANGES = "metrics.theme_verdicts", "metrics.theme_confidence", "metrics.theme_changes"
OVERRIDES, SCHEME, ENTRIES = "core.score_overrides", "core.scoring_scheme", "core.register_entries"
REGIMES, SETTINGS = "core.recording_regimes", "reference.settings"
NO_THEMES = NotAvailable(
    "absent",
    "Themes are scored from a force's own record-level extract, and there is none here. Open data do not "
    "separate stalking, or show victims, suspects or risk.",
    "Put the force's extract (crime, party_role and any other tables) into the folder force/ of the data folder and "
    "build again.",
)


def scores(copy: Copy) -> pl.DataFrame | NotAvailable:
    """The themes, highest risk first; a theme without a rank comes last. Without a known order, as they are listed."""
    rows = copy.select(SCORES, order_by="case when is_ranking_shown then rank end nulls last, place")
    if isinstance(rows, NotAvailable) and rows.kind in ("absent", "empty"):
        return NO_THEMES
    return rows


def rows(copy: Copy, table: str, order_by: str = "", **where: Any) -> pl.DataFrame:
    """Rows of a table whose columns have these values; empty if not published."""
    condition = " and ".join(f"{name} = ${name}" for name in where) or "true"
    found = copy.select(table, where=condition, order_by=order_by, may_be_empty=True, **where)
    return pl.DataFrame() if isinstance(found, NotAvailable) else found


def gone(copy: Copy, *tables: str) -> NotAvailable | None:
    """Why one of these tables cannot be read: withheld, refused or damaged. None if all can be, or were never made.

    Without it an empty table would read as "no gap", "no decision" or "nothing has changed".
    """
    for table in tables:
        found = copy.select(table, limit=1, may_be_empty=True)
        if isinstance(found, NotAvailable) and found.kind != "absent":
            return found
    return None


def names(themes: pl.DataFrame) -> Mapping[str, str]:
    """Code -> name of the themes."""
    return dict(themes.select("theme_code", "theme_name").iter_rows())
