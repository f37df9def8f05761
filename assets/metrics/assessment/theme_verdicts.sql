-- /// card
-- description = """One row is a theme of the assessment with the verdict of its control chart on the latest month; no \
--     value stands here."""
-- grain = ["theme_code"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict is given only where limits are drawn; a difference from one month to the next is never a verdict.",
-- ]
-- method = "spc.series.series_verdicts"
-- [columns]
-- theme_code = "metrics.theme_chart_points"
-- first_month = ["date", "First month held"]
-- latest_month = ["date", "Latest month held", "", "Latest"]
-- segment_first_month = ["date", "First month since the last change of recording"]
-- segment_point_count = ["bigint", "Months since then", "months"]
-- break_title = ["varchar", "That change; null where none is held"]
-- verdict = "columns"
-- signal = ["varchar", "Rule that the latest point breaks: beyond_limit, shift, trend or two_of_three; null where none"]
-- "expected_false_signals, chance_of_signal" = "columns"
-- ///

-- What the chart of each theme says of its latest month, without the count: it may be of a few crimes.
select
    theme_code as series_ref, theme_code, month, month as latest_month, value, 'crimes' as counted, segment,
    segment_start_reason, lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.theme_chart_points
