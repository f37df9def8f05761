"""The roles that an account can have."""

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
ADMINISTRATOR = "administrator"  # administers accounts, and sees no data
