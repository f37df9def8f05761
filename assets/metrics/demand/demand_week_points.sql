-- /// card
-- description = """One row is a week of recorded stalking and harassment with the limits that apply to it and the \
--     signal it gives, if any."""
-- grain = ["series_ref", "week"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Limits are computed from the first 24 weeks of a segment and then frozen; they restart only where recording \
--     changed.""",
--     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
--     seven, two of three in the outer third.""",
--     "Weeks are seasonal: signals of one part of a year may reflect only the season.",
-- ]
-- method = "spc.series.series_points"
-- [columns]
-- "series_ref, week" = "metrics.demand_weeks"
-- value = ["double", "Recorded crimes", "crimes", "Recorded crimes"]
-- chart_type = ["varchar", "xmr or none"]
-- "segment, segment_start_reason, is_baseline" = "columns"
-- centre_line = ["double", "Mean of the baseline", "crimes", "Average"]
-- lower_limit = ["double", "Lower limit; null without limits", "crimes"]
-- upper_limit = ["double", "Upper limit; null without limits", "crimes"]
-- "signal, signal_direction" = "columns"
-- limits_status = ["varchar", "drawn, too_few_points or no_variation"]
-- expected_false_signals = ["double", "Signals expected by chance in this segment", "signals"]
-- ///

select
    series_ref,
    week,
    week as month,
    cast(null as integer) as period_months,
    'xmr' as chart_kind,
    cast(crime_count as double) as value,
    'S&H' as recording_classes,
    'crime' as recording_source,
    cast(null as double) as fewest
from metrics.demand_weeks
