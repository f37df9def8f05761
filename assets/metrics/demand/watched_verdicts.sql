-- /// card
-- description = "One row is a watched share with the verdict on its latest month; no value stands here."
-- grain = ["series_ref"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict is given only where limits are drawn; a difference from one month to the next is never a verdict.",
-- ]
-- method = "spc.series.series_verdicts"
-- [columns]
-- "series_ref, subject, code" = "metrics.watched_points"
-- first_month = ["date", "First month with a share"]
-- latest_month = ["date", "Latest month with a share", "", "Latest"]
-- segment_first_month = ["date", "First month since the last change of recording"]
-- segment_point_count = ["bigint", "Months with a share since then", "months"]
-- break_title = ["varchar", "That change; null where none is held"]
-- verdict = "columns"
-- signal = ["varchar", "Rule that the latest point breaks: beyond_limit, shift, trend or two_of_three; null where none"]
-- "expected_false_signals, chance_of_signal" = "columns"
-- ///

-- What each watched share says of its latest month, without the share: it may be of a few cases.
select
    series_ref, subject, code, month, month as latest_month, value, '' as counted, segment, segment_start_reason,
    lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.watched_points
