-- /// card
-- description = "One row is a point of a series with the limits that apply to it and the signal it gives, if any."
-- grain = ["series_ref", "month"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """Limits are computed from the first points of a segment and then frozen; they restart only where recording \
--     changed.""",
--     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
--     seven, two of three in the outer third.""",
--     "With fewer than twelve points, or for overlapping periods, there are no limits.",
--     "A stable process gives some false signals: their expected number is given with each series.",
-- ]
-- [columns]
-- "series_ref, force_code, month, numerator, denominator, value, chart_type, segment, segment_start_reason" = "metrics.control_charts"
-- "is_baseline, centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status" = "metrics.control_charts"
-- ///

select
    series_ref, force_code, month, numerator, denominator, value, chart_type, segment, segment_start_reason, is_baseline,
    centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.control_charts
