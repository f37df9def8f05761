-- /// card
-- description = """One row is a month of recording: what share of the tests of the standards was kept, for one \
--     dimension or for all, with limits."""
-- grain = ["series_ref", "month"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Tests, not records: one record is held against several rules.",
--     """Limits rest on the first points of a segment and are then frozen; they begin anew only where recording \
--     changed.""",
--     "Below twelve points no limits are drawn.",
-- ]
-- [columns]
-- series_ref = ["varchar", "Series: all, or one dimension"]
-- "dimension, month, numerator, denominator, value, chart_type, segment" = "metrics.rule_compliance_chart"
-- "segment_start_reason, is_baseline, centre_line, lower_limit, upper_limit, signal" = "metrics.rule_compliance_chart"
-- "signal_direction, limits_status" = "metrics.rule_compliance_chart"
-- ///

-- The pooled series of compliance: force-wide months, no unit and no record, so that senior leaders may see them.
select
    series_ref, dimension, month, numerator, denominator, value, chart_type, segment, segment_start_reason,
    is_baseline, centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.rule_compliance_chart
where series_level in ('all', 'dimension')
