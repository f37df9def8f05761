# /// card
# description = "One row is a submission to the Crown Prosecution Service."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# "crime_id, ts" = "columns"
# type = ["varchar", "ea (early advice), charging or appeal"]
# decision_ts = ["varchar", "When it was decided", "UTC"]
# decision = ["varchar", "What was decided"]
# advice_kind = ["varchar", "Kind of advice"]
# ///

"""Force extract, table `cps_submission` of recording-standards 7: a submission to the Crown Prosecution Service."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "cps_submission",
    crime_id="ref",
    ts="ts",
    type="set:cps_type",
    decision_ts="ts?",
    decision="text",
    advice_kind="text?",
)
