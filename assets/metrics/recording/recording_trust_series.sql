-- /// card
-- description = """One row is the compliance of one dimension, or of all, over time, with the verdict on its latest \
--     month."""
-- grain = ["series_ref"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict needs limits; a difference from one month to the next is never a verdict.",
-- ]
-- method = "spc.series.chart_verdicts"
-- [columns]
-- "series_ref, dimension" = "metrics.recording_trust_chart"
-- point_count = ["bigint", "Months with a share", "months", "Consecutive whole months"]
-- first_month = ["date", "First month"]
-- latest_month = ["date", "Latest month with a share", "", "Latest"]
-- latest_value = ["double", "Value of the latest month", "0 to 1"]
-- latest_denominator = ["bigint", "Tests in the latest month", "tests"]
-- segment_point_count = ["bigint", "Months since the last recording change", "months"]
-- verdict = "columns"
-- verdict_sentence = ["varchar", "Verdict sentence"]
-- expected_false_signals = ["double", "Signals expected by chance on this chart", "signals"]
-- ///

-- The verdict on a rule is in metrics.measure_verdicts.
select
    series_ref, dimension, month, month as latest_month, value, value as latest_value,
    denominator as latest_denominator, '' as counted, segment, segment_start_reason, lower_limit, upper_limit, signal,
    signal_direction, limits_status
from metrics.recording_trust_chart
