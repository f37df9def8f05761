-- /// card
-- description = "One row is a series of compliance, with the verdict on its latest month in a plain sentence."
-- grain = ["series_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "A verdict is given only where limits are drawn; a difference from one month to the next is never a verdict.",
-- ]
-- method = "spc.series.chart_verdicts"
-- [columns]
-- "series_level, series_ref, rule_code, table_name, dimension, unit_name, class_code" = "metrics.rule_compliance_chart"
-- point_count = ["bigint", "Months with a share", "months", "Whole months in a row"]
-- first_month = ["date", "First month"]
-- latest_month = ["date", "Latest month with a share", "", "Latest"]
-- latest_value = ["double", "Its share", "0 to 1"]
-- latest_denominator = ["bigint", "Tests that it is of", "tests"]
-- segment_point_count = ["bigint", "Months since the last change of recording", "months"]
-- verdict = "columns"
-- verdict_sentence = ["varchar", "The verdict in words"]
-- expected_false_signals = ["double", "Signals that chance alone would give on this chart", "signals"]
-- ///

-- What each series of compliance says of its latest month: one verdict and one sentence.
select
    series_level, series_ref, rule_code, table_name, dimension, unit_name, class_code, month, month as latest_month,
    value, value as latest_value, denominator as latest_denominator, '' as counted, segment, segment_start_reason,
    lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.rule_compliance_chart
