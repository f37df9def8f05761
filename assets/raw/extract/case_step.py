# /// card
# description = "One row is a step of a case that has a beginning and an end of its own."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# step_id = ["varchar", "Step"]
# crime_id = "columns"
# kind = ["varchar", "What it is"]
# raised_ts = ["varchar", "When it was asked for, or arose", "UTC"]
# done_ts = ["varchar", "When it was done, or the victim was informed", "UTC"]
# ///

"""Force extract, table `case_step`: a step of a case: a hearing, a review, a handover, a problem-solving plan."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "case_step",
    step_id="key",
    crime_id="ref",
    kind="set:case_step_kind",
    raised_ts="ts",
    done_ts="ts?",
)
