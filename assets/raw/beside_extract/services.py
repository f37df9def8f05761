"""Beside the force extract, table `services`: a support service in an area and period."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "services",
    service_id="key",
    name="text",
    provider="text",
    kind="text",
    area_code="text",
    capacity_fte="num",
    cases_per_fte_year="num?",
    cost_per_year="num",
    from_date="date",
    to_date="date?",
)
