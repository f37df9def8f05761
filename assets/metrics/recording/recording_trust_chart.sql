-- /// card
-- description = """One row is a month of recording with the share of tests of the standards that were met, for one \
--     dimension or all, with limits."""
-- grain = ["series_ref", "month"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Tests, not records: several rules test one record.",
--     """Limits are computed from the first points of a segment and then frozen; they restart only where recording \
--     changed.""",
--     "With fewer than twelve points there are no limits.",
-- ]
-- [columns]
-- series_ref = ["varchar", "Series: all, or one dimension"]
-- "dimension, month, numerator, denominator, value, chart_type, segment" = "metrics.rule_compliance_chart"
-- "segment_start_reason, is_baseline, centre_line, lower_limit, upper_limit, signal" = "metrics.rule_compliance_chart"
-- "signal_direction, limits_status" = "metrics.rule_compliance_chart"
-- ///

-- Force-wide months without unit or record, so senior leaders may see them.
select
    series_ref, dimension, month, numerator, denominator, value, chart_type, segment, segment_start_reason,
    is_baseline, centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.rule_compliance_chart
where series_level in ('all', 'dimension')
