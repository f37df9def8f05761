"""Facts of the field outside the force, as the product lists them: which of them somebody must look at again."""

from __future__ import annotations

import datetime as dt

from assets.reference import list_rows


def past_review(day: dt.date) -> tuple[int, list[str]]:
    """How many facts are listed, and the names of those whose review day is before a day."""
    rows = list_rows("field_facts")
    return len(rows), [row["field_fact_code"] for row in rows if dt.date.fromisoformat(row["review_by"]) < day]
