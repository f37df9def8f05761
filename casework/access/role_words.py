"""Who may be what: the roles that an account can hold."""

from __future__ import annotations

ROLES = {
    "analyst": "Analyst",
    "auditor": "Auditor",
    "reviewer": "Reviewer of links",
    "senior_leader": "Senior leader",
    "commissioner": "Commissioner",
    "data_protection_officer": "Data protection officer",
    "administrator": "Administrator",
}
ADMINISTRATOR = "administrator"  # keeps accounts, and sees no data
