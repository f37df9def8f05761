-- /// card
-- description = "One row is a watched share with the verdict on its latest month, without its value."
-- grain = ["series_ref"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict needs limits; a difference from one month to the next is never a verdict.",
-- ]
-- method = "spc.series.series_verdicts"
-- [columns]
-- "series_ref, subject, code" = "metrics.watched_points"
-- first_month = ["date", "First month with a share"]
-- latest_month = ["date", "Latest month with a share", "", "Latest"]
-- segment_first_month = ["date", "First month since the last recording change"]
-- segment_point_count = ["bigint", "Months with a share since then", "months"]
-- break_title = ["varchar", "That change; null where there is none"]
-- verdict = "columns"
-- signal = ["varchar", """Signal rule that the latest point meets: beyond_limit, shift, trend, two_of_three or \
--     long_gap; null where none"""]
-- is_new = ["boolean", "It began with the latest month: a month before there was none in this direction"]
-- "expected_false_signals, chance_of_signal" = "columns"
-- ///

-- The verdict has no share, because it may be of only a few cases.
select
    series_ref, subject, code, month, month as latest_month, value, '' as counted, segment, segment_start_reason,
    lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.watched_points
