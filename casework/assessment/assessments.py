"""Issued assessments, with which later ones are compared. Kept once, never changed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, insert, select

from casework.access.access_log import log
from casework.audit.cycles import name_of
from casework.store.database import now, rows_of, writing
from casework.store.refusal import Refused
from casework.store.tables import assessment_themes
from casework.store.words import one_line

LONGEST_TITLE = 120
THEME = ("theme_code", "risk", "rank", "rank_low", "rank_high", "override_count")
SCHEME = ("scheme_version", "scheme_hash")


def issue(
    engine: Engine, title: str, as_of: dt.date, manifest_hash: str, scores: Sequence[Mapping[str, Any]], actor: str
) -> str:
    """Store the published scores as an issued assessment; return its reference. Raises Refused where that is
    impossible.

    `scores` are the rows of metrics.theme_scores. One publication is issued once.
    """
    who, words = name_of(actor), one_line(title)
    if not words or len(words) > LONGEST_TITLE:
        raise Refused(f"An assessment needs a title of 1 to {LONGEST_TITLE} characters.")
    if not scores:
        raise Refused("No theme is scored: there is nothing to issue.")
    ref = f"assessment-{uuid.uuid4().hex[:8]}"
    shared = {"assessment_ref": ref, "title": words, "as_of_date": as_of.isoformat(), "manifest_hash": manifest_hash,
              "issued_at": now(), "issued_by": who}  # fmt: skip
    with writing(engine) as con:
        query = select(assessment_themes.c.title).where(assessment_themes.c.manifest_hash == manifest_hash)
        held = con.execute(query).scalars().first()
        if held is not None:
            raise Refused(f"This publication was issued already, as “{held}”: build again before you issue the next.")
        con.execute(
            insert(assessment_themes),
            [shared | {name: score[name] for name in (*THEME, *SCHEME)} for score in scores],
        )
        log(con, who, "assessment issued", ("assessment", ref), {"as_of": as_of.isoformat(), "themes": len(scores)})
    return ref


def issued(engine: Engine) -> list[dict[str, Any]]:
    """Every assessment issued, the newest first, without its themes."""
    names = ("assessment_ref", "title", "as_of_date", "scheme_version", "manifest_hash", "issued_at", "issued_by")
    query = select(*(assessment_themes.c[name] for name in names)).distinct()
    return sorted(rows_of(engine, query), key=lambda row: str(row["issued_at"]), reverse=True)
