"""The states of a record to correct. A record that nobody has dealt with has none: it is open."""

from __future__ import annotations

OPEN = "open"
STATES = {
    "assigned": "Assigned",
    "disputed": "Disputed",
    "corrected": "Corrected at source",
    "accepted": "Accepted as it is",
    OPEN: "Open",
}
NEEDS_WORDS = ("disputed", "accepted", OPEN)  # states that need a reason
