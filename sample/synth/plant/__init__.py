"""What is planted: one small function for each rule, its near misses beside it.

A planting casts crimes, yields while the tables are made, and then edits them. `aggregate` comes last: it balances
months over all that the others have cast.
"""

from __future__ import annotations

from sample.synth.plant import (
    aggregate,
    classification,
    classification_text,
    investigation,
    orders,
    outcomes,
    outcomes_evidence,
    structural,
    timeliness,
    victims,
)
from sample.synth.world import PLANTINGS as _REGISTERED

_MODULES = (structural, timeliness, classification, classification_text, outcomes, outcomes_evidence, victims, investigation, orders, aggregate)  # fmt: skip
PLANTINGS = {
    rule: planting
    for module in _MODULES
    for rule, planting in _REGISTERED.items()
    if planting.__module__ == module.__name__
}
NOT_FEEDABLE = {  # 6.0.12: rule -> the field that the extract lacks
    "STR-14": "person.pncid: hashed at source",
    "STR-17": "a prior extract",
    "RSK-06": "risk_assessment.answers has no agreed keys",
}
