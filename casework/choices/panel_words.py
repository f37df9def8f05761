"""Codes of a scrutiny panel's findings and answers, and their words."""

from __future__ import annotations

OVERALL = {  # the four that scrutiny panels of police decisions use
    "appropriate": "Appropriate",
    "observations": "Appropriate with observations",
    "inconsistent": "Inconsistent with policy",
    "no_agreement": "The panel did not agree",
}
ANSWERS = {"yes": "Yes", "partly": "Partly", "no": "No", "not_told": "The pack does not show it"}
LONGEST_COMMENT = 500
LONGEST_FINDING = 300
