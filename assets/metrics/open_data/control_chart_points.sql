-- /// card
-- description = "One row is a point of a series with the limits that apply to it and the signal it gives, if any."
-- grain = ["series_ref", "month"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Limits rest on the first points of a segment and are then frozen; they begin anew only where recording changed.",
--     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
--     seven, two of three in the outer third.""",
--     "Below twelve points, or for periods that overlap, no limits are drawn.",
--     "A stable process gives false signals now and then: the expected number is stated with each series.",
-- ]
-- [columns]
-- "series_ref, month, numerator, denominator, value, chart_type, segment, segment_start_reason" = "metrics.control_charts"
-- "is_baseline, centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status" = "metrics.control_charts"
-- ///

-- The points of metrics.control_charts as charts draw them.
select
    series_ref, month, numerator, denominator, value, chart_type, segment, segment_start_reason, is_baseline,
    centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.control_charts
