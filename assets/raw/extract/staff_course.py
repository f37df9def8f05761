# /// card
# description = "One row is a course, a briefing or a role of a member of staff."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# person_id = ["varchar", "Member of staff"]
# course = ["varchar", "Course, briefing or role"]
# completed_on = ["varchar", "Day it was completed or began"]
# valid_until = ["varchar", "Last day on which it counts"]
# ///

"""Force extract, table `staff_course`: a course, briefing or role of a member of staff."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "staff_course",
    person_id="ref",
    course="set:staff_course",
    completed_on="date",
    valid_until="date?",
)
