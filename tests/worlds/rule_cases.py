"""The worked cases of every rule: those of the rules on audits, and what the modules rule_cases_*.py hold.

(rule, table) -> (a row that keeps it, what breaks it, words of the breach, what makes the fact unknown or None). The
last is left out where the rule's own column has no value. None in place of a case: no extract can feed the rule.
"""

import importlib
from pathlib import Path
from typing import Any

from expectations import RULES

DRAW = {"cycle_ref": "K", "stratum": "A", "drawn_count": 10, "is_frame_as_hashed": True, "is_reproducible": True}
STRATUM = {"cycle_ref": "K", "stratum": "A", "wanted_margin": 0.05, "required_count": 100, "judged_count": 100,
           "shortfall_count": 0}  # fmt: skip
CYCLE = {"cycle_ref": "K", "rated_count": 10, "second_count": 2, "same_rater_count": 0, "second_share": 0.2}
UNIT = {"sample_ref": "K-0001", "final_result": "fail", "finding_count": 1, "missing_field_count": 0}
ESTIMATE = {"cycle_ref": "K", "metric": "timeliness", "stratum": "A", "missing_part_count": 0,
            "is_small_cell_shown": False}  # fmt: skip
_CYCLE, _ESTIMATE = "core.audit_cycle_facts", "core.audit_estimates"

CASES: dict[tuple[str, str], Any] = {
    ("AUD-01", "core.audit_draw_facts"): (DRAW, {"is_reproducible": False}, "the draw of 10 units is a different one"),
    ("AUD-02", "core.audit_stratum_facts"): (
        STRATUM, {"judged_count": 90, "shortfall_count": 10}, "rated 90 of the 100 units"
    ),
    ("AUD-03", _CYCLE): (CYCLE, {"second_count": 1, "second_share": 0.1}, "1 of 10 rated units"),
    ("AUD-03-RATER", _CYCLE): (CYCLE, {"same_rater_count": 1}, "rated twice by one person"),
    ("AUD-04", "core.audit_unit_facts"): (UNIT, {"finding_count": 0, "missing_field_count": 3}, "no finding"),
    ("AUD-05", _ESTIMATE): (ESTIMATE, {"missing_part_count": 1}, "1 of n, interval, strata and period missing"),
    ("AUD-06", _ESTIMATE): (ESTIMATE, {"is_small_cell_shown": True}, "based on too few"),
}
for _path in sorted(Path(__file__).parent.glob("rule_cases_*.py")):
    _cases = importlib.import_module(_path.stem).CASES
    assert not CASES.keys() & _cases.keys()
    CASES |= _cases
for _rule in RULES:
    if len(_case := CASES.get(_rule.key) or ()) == 3:
        CASES[_rule.key] = (*_case, {_rule.arguments["column"]: None})
