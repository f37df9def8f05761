"""The extract behind a copy: its force, its months, and whether it is invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from dashboards.data.published import ALL, Copy, Missing, NotAvailable, optional
from dashboards.text import numbers

FORCES, SCOPE = "core.extract_forces", "core.force_scope"
ALL_FORCES = "All forces of the extract"
NAMED = 3  # forces that a page names
NO_EXTRACT = NotAvailable(
    "absent",
    "No force extract has been loaded here. Open data cannot show how a crime was recorded.",
    "Put the force's extract (crime, incident, outcome and what else there is) into the folder force/ of the data "
    "folder and build again.",
)
INVENTED_FORCE = "Invented force: no real police force is described here."


@dataclass(frozen=True)
class Extract:
    """The force whose figures are read, and the months of recording held."""

    force_name: str
    crime_count: int | None  # None for audiences that may not see it
    first_month: dt.date
    last_month: dt.date

    @property
    def is_invented(self) -> bool:
        """Whether the force is invented: its name says so."""
        return is_invented_name(self.force_name)

    @property
    def period(self) -> str:
        """Sep 2013 to Mar 2026; one month alone."""
        if self.first_month == self.last_month:
            return numbers.month(self.first_month)
        return f"{numbers.month(self.first_month)} to {numbers.month(self.last_month)}"


def find_extract(copy: Copy, instead: NotAvailable = NO_EXTRACT) -> Extract:
    """The extract as recorded in the copy. Raises Missing, with the reason `instead` if it has no crime."""
    rows = copy.select(FORCES, where="crime_count > 0", order_by="force_code", instead=instead)
    return _described(copy, rows, instead)


def scope(copy: Copy) -> Extract:
    """The extract as commissioners see it: no count without disclosure control. Raises Missing."""
    return _described(copy, copy.select(SCOPE, order_by="force_code", instead=NO_EXTRACT), NO_EXTRACT)


def is_invented_name(force_name: str) -> bool:
    """Whether a force of this name is invented. Its code is a real one's, but that force's figures are not its own."""
    return "invented" in force_name.lower()


def is_invented(copy: Copy) -> bool:
    """Whether the copy holds the extract of an invented force."""
    found = optional(find_extract, copy) or optional(scope, copy)
    return found is not None and found.is_invented


def whose(copy: Copy) -> str:
    """Whose extract it is, in a sentence for a document: it says first that a force is invented."""
    found = optional(find_extract, copy)
    if found is None:
        return NO_EXTRACT.reason
    return f"{'Invented data. ' if found.is_invented else ''}{found.force_name}."


def _described(copy: Copy, rows: pl.DataFrame, instead: NotAvailable) -> Extract:
    """The force chosen, else the only one with figures of its own, else all of them together."""
    codes = [copy.force] if copy.force not in ("", ALL) else list(copy.forces)
    rows = rows.filter(pl.col("force_code").is_in(codes)) if codes else rows
    if rows.is_empty():
        raise Missing(*instead)
    held = rows.to_dicts()
    count = sum(row["crime_count"] for row in held) if "crime_count" in rows.columns else None
    names = sorted({row["force_name"] for row in held})
    name = names[0] if len(names) == 1 else f"{ALL_FORCES} ({', '.join(names[:NAMED])}{_more(len(names))})"
    return Extract(name, count, min(row["first_month"] for row in held), max(row["last_month"] for row in held))


def _more(count: int) -> str:
    return f" and {count - NAMED} more" if count > NAMED else ""


def named(of: Extract | None) -> str:
    """The force's name for a document's cover; says so if it is invented."""
    if of is None:
        return "No force extract is in this copy"
    return f"{of.force_name}. {INVENTED_FORCE}" if of.is_invented else of.force_name
