# /// card
# description = "One row is an investigator."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# person_id = ["varchar", "Investigator"]
# collar = ["varchar", "Collar number"]
# unit = ["varchar", "Unit"]
# rank = ["varchar", "Rank", "", "Place"]
# pip_level = ["varchar", "Level of the Professionalising Investigations Programme, 1 to 4"]
# role = ["varchar", "Role"]
# ///

"""Force extract, table `investigator` of recording-standards 7: an investigator."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "investigator",
    person_id="key",
    collar="text",
    unit="text",
    rank="text",
    pip_level="int",
    role="text",
)
