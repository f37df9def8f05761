# /// card
# description = "One row is a support service in one area for one period."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = ["Money and staff as the commissioner states them."]
# publisher = "The police and crime commissioner or other local policing body"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# service_id = ["varchar", "Service, unique in the delivery"]
# name = ["varchar", "Name of the service"]
# provider = ["varchar", "Who provides it"]
# kind = ["varchar", "Kind of service"]
# area_code = ["varchar", "ONS code of the area it serves"]
# capacity_fte = ["varchar", "Staff it is paid for", "full-time equivalents", "Workers (full-time)"]
# cases_per_fte_year = ["varchar", "Cases that one full-time worker can accept in a year", "cases"]
# cost_per_year = ["varchar", "Cost in a year", "pounds"]
# from_date = ["varchar", "First day"]
# to_date = ["varchar", "Last day; empty while it lasts"]
# ///

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
