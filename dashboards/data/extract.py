"""The extract behind a copy: its force, its months, and whether it is invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dashboards.data.published import Copy, NotAvailable
from dashboards.text import numbers

FORCES, SCOPE = "core.extract_forces", "core.force_scope"
NO_EXTRACT = NotAvailable(
    "absent",
    "No force extract has been loaded here. Open data cannot show how a crime was recorded.",
    "Put the force's extract (crime, incident, outcome and what else there is) into the folder force/ of the data "
    "folder and build again.",
)
INVENTED_FORCE = "Invented force: no real police force is described here."


@dataclass(frozen=True)
class Extract:
    """The force with most crimes in the extract, and the months of recording held."""

    force_name: str
    crime_count: int | None  # None for audiences that may not see it
    first_month: dt.date
    last_month: dt.date

    @property
    def is_invented(self) -> bool:
        """Whether the force is invented: its name says so."""
        return "invented" in self.force_name.lower()

    @property
    def period(self) -> str:
        """Sep 2013 to Mar 2026; one month alone."""
        if self.first_month == self.last_month:
            return numbers.month(self.first_month)
        return f"{numbers.month(self.first_month)} to {numbers.month(self.last_month)}"


def of(copy: Copy) -> Extract | NotAvailable:
    """The extract as recorded in the copy; NotAvailable if it has no crime."""
    rows = copy.select(FORCES, where="crime_count > 0", order_by="crime_count desc, force_code", limit=1)
    if isinstance(rows, NotAvailable):
        return rows if rows.kind not in ("absent", "empty") else NO_EXTRACT
    if rows.is_empty():
        return NO_EXTRACT
    row = rows.row(0, named=True)
    return Extract(row["force_name"], row["crime_count"], row["first_month"], row["last_month"])


def named(of: Extract | NotAvailable) -> str:
    """The force's name for a document's cover; says so if it is invented."""
    if isinstance(of, NotAvailable):
        return "No force extract is in this copy"
    return f"{of.force_name}. {INVENTED_FORCE}" if of.is_invented else of.force_name


def scope(copy: Copy) -> Extract | NotAvailable:
    """The extract as commissioners see it: no count without disclosure control."""
    rows = copy.select(SCOPE, limit=1)
    if isinstance(rows, NotAvailable):
        return rows if rows.kind not in ("absent", "empty") else NO_EXTRACT
    if rows.is_empty():
        return NO_EXTRACT
    row = rows.row(0, named=True)
    return Extract(row["force_name"], None, row["first_month"], row["last_month"])
