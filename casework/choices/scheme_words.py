"""Codes of overrides and of changes to the scoring scheme, and their words."""

from __future__ import annotations

OVERRIDE_REASONS = {
    "not_supplied": "The records that the indicator needs are not supplied",
    "under_recorded": "Recording is known to miss it, or to count it too often",
    "intelligence": "Intelligence or partners know more than the records show",
    "recent_change": "Something changed after the period measured",
    "indicator_misleads": "The indicator does not measure here what it is meant to measure",
    "entered": "A judgement that people enter: nothing is measured",
}
DECISIONS = {"approved": "Approved", "refused": "Refused", "withdrawn": "Withdrawn"}
STATES = {  # of an override on a day
    "in_force": "In force",
    "waiting": "Awaiting another person's approval",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "lapsed": "Lapsed",
    "replaced": "Replaced by a later one",
}
HIGHEST_SCORE = 4
SECOND_PERSON_FROM = 2  # a change of this many scores needs the approval of another person
SHORTEST_RATIONALE, LONGEST_RATIONALE = 40, 1000
LONGEST_EVIDENCE, LONGEST_WORDS = 200, 500

SUBJECTS = {
    "weight": "Weight of a part",
    "cut_point": "Cut-point of an indicator",
    "score_points": "Points of a score",
    "setting": "Setting of the scheme",
    "definition": "Definition of a table, a list or a rule",
}
SHIPPED_VERSION = 1  # of the scheme, as the product ships it
