"""Rules on the audits themselves, AUD-01 to AUD-06 (recording-standards 6.7)."""

from __future__ import annotations

from expectations.rule import Rule, Setting

RULES = (
    Rule(
        code="AUD-01",
        title="A sample can be repeated from its seed and frame hash",
        description="The kept frame has the recorded hash, and seed and hash give the same units in the same order. A "
        "cycle without a sample is not examined.",
        authority="recording-standards 6.7, AUD-01; 5.3, steps 1 and 2; our own check, no national source",
        dimension="integrity",
        severity="error",
        table="core.audit_draw_facts",
        record_type="audit",
        record_ref="cycle_ref || ' ' || stratum",
        arguments={"column": "is_reproducible", "value_set": [True]},
        detail="case when is_frame_as_hashed then 'the draw of ' || drawn_count || ' units is a different one'"
        " else 'the frame no longer has the recorded hash' end",
    ),
    Rule(
        code="AUD-02",
        title="Enough units were rated for the precision wanted",
        description="Units rated unsure or not evaluable do not count. Evaluated once the cycle has estimates.",
        authority="recording-standards 6.7, AUD-02; 5.1; our own check, no national source",
        dimension="accuracy",
        table="core.audit_stratum_facts",
        record_type="audit",
        record_ref="cycle_ref || ' ' || stratum",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "shortfall_count", "max_value": 0},
        detail="'rated ' || judged_count || ' of the ' || required_count || ' units that +/- ' ||"
        " round(100 * wanted_margin, 1) || ' points need: +/- ' ||"
        " coalesce(round(100 * achieved_margin, 1), 100) || ' points'",
    ),
    Rule(
        code="AUD-03",
        title="At least a fifth of units has a second rater",
        description="Units rated again by another person, over all rated units. Evaluated once the cycle has "
        "estimates.",
        authority="recording-standards 6.7, AUD-03; 5.3, step 5; our own check, no national source",
        dimension="completeness",
        table="core.audit_cycle_facts",
        record_type="audit",
        record_ref="cycle_ref",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "second_share", "min_value": Setting("audit.second_share")},
        detail="second_count || ' of ' || rated_count || ' rated units were rated again by someone else'",
    ),
    Rule(
        code="AUD-03-RATER",
        title="No unit is rated twice by one person",
        description="Every unit's second rater differs from its first.",
        authority="recording-standards 6.7, AUD-03; our own check, no national source",
        dimension="integrity",
        table="core.audit_cycle_facts",
        record_type="audit",
        record_ref="cycle_ref",
        arguments={"column": "same_rater_count", "value_set": [0]},
        detail="same_rater_count || ' units were rated twice by one person'",
    ),
    Rule(
        code="AUD-04",
        title="Every fail has a finding with rule, owner and due date",
        description="A failed unit without a finding lacks all three. Evaluated once the cycle has estimates.",
        authority="recording-standards 6.7, AUD-04; 5.3, step 7; our own check, no national source",
        dimension="completeness",
        table="core.audit_unit_facts",
        applies="final_result = 'fail'",
        record_type="audit",
        record_ref="sample_ref",
        arguments={"column": "missing_field_count", "value_set": [0]},
        detail="case when finding_count = 0 then 'no finding' else missing_field_count ||"
        " ' of rule, owner and due date missing' end",
    ),
    Rule(
        code="AUD-05",
        title="A published estimate has n, interval, strata and period",
        description="Estimates of signed-off audits. A measure without a rated unit has no estimate.",
        authority="recording-standards 6.7, AUD-05; 5.1; HMICFRS, crime data integrity",
        dimension="completeness",
        severity="error",
        table="core.audit_estimates",
        record_type="audit",
        record_ref="cycle_ref || ' ' || metric || ' ' || stratum",
        arguments={"column": "missing_part_count", "value_set": [0]},
        detail="missing_part_count || ' of n, interval, strata and period missing'",
    ),
    Rule(
        code="AUD-06",
        title="No shared figure is based on fewer than five",
        description="The smallest cell is a setting. Estimates of signed-off audits are shared.",
        authority="recording-standards 6.7, AUD-06; our own check, no national source",
        dimension="conformity",
        severity="error",
        table="core.audit_estimates",
        record_type="audit",
        record_ref="cycle_ref || ' ' || metric || ' ' || stratum",
        arguments={"column": "is_small_cell_shown", "value_set": [False]},
        detail="'a figure based on too few units is shown'",
    ),
)
