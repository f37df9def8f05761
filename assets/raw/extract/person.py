# /// card
# description = "One row is a person, by pseudonym."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# person_key = ["varchar", "Pseudonym of a person"]
# birth_ym = ["varchar", "Month of birth"]
# sex = ["varchar", "Sex"]
# ethnicity_self = ["varchar", "Self-defined ethnicity"]
# pncid_hash = ["varchar", "Hash of the PNC identity number"]
# dod = ["varchar", "Date of death"]
# ///

"""Force extract, table `person` of recording-standards 7: a person, by pseudonym."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "person",
    person_key="key",
    birth_ym="month?",
    sex="text?",
    ethnicity_self="text?",
    pncid_hash="text?",
    dod="date?",
)
