-- /// card
-- description = """One row is a theme of the assessment with the verdict of its control chart on the latest month, \
--     without its value."""
-- grain = ["theme_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict needs limits; a difference from one month to the next is never a verdict.",
-- ]
-- method = "spc.series.series_verdicts"
-- [columns]
-- theme_code = "metrics.theme_chart_points"
-- first_month = ["date", "First month in the extract"]
-- latest_month = ["date", "Latest month in the extract", "", "Latest"]
-- segment_first_month = ["date", "First month since the last recording change"]
-- segment_point_count = ["bigint", "Months since that change", "months"]
-- break_title = ["varchar", "That change; null where there is none"]
-- verdict = "columns"
-- signal = ["varchar", """Signal rule that the latest point meets: beyond_limit, shift, trend, two_of_three or \
--     long_gap; null where none"""]
-- "expected_false_signals, chance_of_signal" = "columns"
-- ///

-- The verdict has no count, because the month may have only a few crimes.
select
    theme_code as series_ref, theme_code, month, month as latest_month, value, 'crimes' as counted, segment,
    segment_start_reason, lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.theme_chart_points
