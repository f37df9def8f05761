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
-- dimension = ["varchar", "Data quality dimension; null for all together"]
-- month = ["date", "Month of recording"]
-- numerator = ["bigint", "Tests kept", "tests"]
-- denominator = ["bigint", "Tests that could be judged", "tests"]
-- value = ["double", "Share kept", "0 to 1"]
-- chart_type = ["varchar", "p_prime (Laney) or none"]
-- segment = ["bigint", "Stretch between changes of recording, from 1"]
-- segment_start_reason = ["varchar", "The change that began the segment; empty for the first"]
-- is_baseline = ["boolean", "The limits rest on this point"]
-- centre_line = ["double", "Mean of the baseline", "0 to 1"]
-- lower_limit = ["double", "Lower limit; null where none is drawn", "0 to 1"]
-- upper_limit = ["double", "Upper limit; null where none is drawn", "0 to 1"]
-- signal = ["varchar", "beyond_limit, shift, trend, two_of_three or empty"]
-- signal_direction = ["varchar", "higher, lower or empty"]
-- limits_status = ["varchar", "drawn, too_few_points, too_few_breaches, no_variation or overlapping_periods"]
-- ///

-- The pooled series of compliance: force-wide months, no unit and no record, so that senior leaders may see them.
select
    series_ref, dimension, month, numerator, denominator, value, chart_type, segment, segment_start_reason,
    is_baseline, centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.rule_compliance_chart
where series_level in ('all', 'dimension')
