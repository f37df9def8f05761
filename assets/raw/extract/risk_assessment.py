# /// card
# description = "One row is an assessment of risk."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# ra_id = ["varchar", "Assessment"]
# crime_id = "columns"
# tool = ["varchar", "Tool used"]
# version = ["varchar", "Version of the tool"]
# started_ts = ["varchar", "When it was begun", "UTC"]
# completed_ts = ["varchar", "When it was complete", "UTC"]
# by_id = ["varchar", "Who made it"]
# grade = ["varchar", "Standard, medium or high"]
# professional_judgement = ["varchar", "Graded by professional judgement"]
# answers = ["varchar", "Answers, as JSON"]
# stage = ["varchar", "initial, review, pre_release or post_breach"]
# ///

"""Force extract, table `risk_assessment` of recording-standards 7: an assessment of risk."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "risk_assessment",
    ra_id="key",
    crime_id="text",
    tool="set:risk_tool",
    version="text?",
    started_ts="ts",
    completed_ts="ts?",
    by_id="text",
    grade="set:risk_grade",
    professional_judgement="bool",
    answers="free?",
    stage="set:risk_stage",
)
