"""Planted breaches: one small function for each rule, with its near misses.

A planting casts crimes, yields while the tables are made, and then edits them. `aggregate` comes last: it balances
months over all that the others have cast.
"""

from __future__ import annotations

import sample.synth.plant.structural  # isort: skip  # the order in which they cast
import sample.synth.plant.timeliness  # isort: skip
import sample.synth.plant.classification  # isort: skip
import sample.synth.plant.classification_text  # isort: skip
import sample.synth.plant.outcomes  # isort: skip
import sample.synth.plant.outcomes_evidence  # isort: skip
import sample.synth.plant.victims  # isort: skip
import sample.synth.plant.investigation  # isort: skip
import sample.synth.plant.orders  # isort: skip
import sample.synth.plant.aggregate  # isort: skip  # noqa: F401
from sample.synth.world import PLANTINGS

__all__ = ["NOT_FEEDABLE", "PLANTINGS"]

NOT_FEEDABLE = {  # 6.0.12: rule -> the field that the extract lacks
    "STR-14": "person.pncid: hashed at source",
    "STR-17": "a prior extract",
    "RSK-06": "risk_assessment.answers has no agreed keys",
}
