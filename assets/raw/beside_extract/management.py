# /// card
# description = "One row is a stage that a person has reached in a programme that manages offenders."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = ["Personal data: it stays in the warehouse and is published only through the tables made from it."]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# person_key = ["varchar", "Person, by pseudonym"]
# programme = ["varchar", "mappa, iom, matac, drive, dvds or other"]
# stage = ["varchar", "identified, ranked, adopted, plan, review or exit"]
# from_date = ["varchar", "First day of the stage"]
# to_date = ["varchar", "Last day of the stage; empty while it lasts"]
# ///

"""Beside the force extract, table `management`: a stage reached in managing an offender."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "management",
    person_key="ref",
    programme="set:programme",
    stage="set:management_stage",
    from_date="date",
    to_date="date?",
)
