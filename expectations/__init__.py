"""The rules: one module for each group of standards; each rule is a Great Expectations object with its authority.

`RULES` is plain data, so that a list of the rules never imports Great Expectations. Facts are computed in
`assets/core`.
"""

from __future__ import annotations

from expectations import (
    audits,
    case_files,
    classification,
    deliveries,
    investigation,
    notices,
    orders,
    outcomes,
    public_data,
    risk,
    structure,
    timeliness,
    victims,
)
from expectations.rule import Rule

__all__ = ["RULES", "Rule"]

RULES: tuple[Rule, ...] = (
    *deliveries.RULES,
    *public_data.RULES,
    *structure.RULES,
    *timeliness.RULES,
    *classification.RULES,
    *notices.RULES,
    *investigation.RULES,
    *orders.RULES,
    *outcomes.RULES,
    *victims.RULES,
    *risk.RULES,
    *case_files.RULES,
    *audits.RULES,
)
