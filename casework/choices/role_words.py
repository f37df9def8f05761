"""The roles that an account can have."""

from __future__ import annotations

ROLES = {
    "analyst": "Analyst",
    "auditor": "Auditor or registrar",
    "supervisor": "Supervisor of a unit",
    "reviewer": "Reviewer of links",
    "senior_leader": "Chief officer or commander",
    "commissioner": "Commissioner",
    "data_protection_officer": "Data protection officer",
    "administrator": "Administrator",
}
SUPERVISOR = "supervisor"  # sees the records to correct of the units that its account names
ADMINISTRATOR = "administrator"  # administers accounts, and sees no data
