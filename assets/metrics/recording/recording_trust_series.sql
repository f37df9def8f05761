-- /// card
-- description = "One row is the compliance of a dimension, or of all, over time, with the verdict on its latest month."
-- grain = ["series_ref"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict is given only where limits are drawn; a difference from one month to the next is never a verdict.",
-- ]
-- [columns]
-- series_ref = ["varchar", "Series: all, or one dimension"]
-- dimension = ["varchar", "Data quality dimension; null for all together"]
-- point_count = ["bigint", "Months with a share", "months"]
-- first_month = ["date", "First month"]
-- latest_month = ["date", "Latest month with a share"]
-- latest_value = ["double", "Its share", "0 to 1"]
-- latest_denominator = ["bigint", "Tests that it is of", "tests"]
-- segment_point_count = ["bigint", "Months since the last change of recording", "months"]
-- verdict = ["varchar", "no_change, higher, lower, not_enough_points or not_charted"]
-- verdict_sentence = ["varchar", "The verdict in words"]
-- expected_false_signals = ["double", "Signals that chance alone would give on this chart", "signals"]
-- ///

-- The verdicts on the pooled series.
select
    series_ref, dimension, point_count, first_month, latest_month, latest_value, latest_denominator,
    segment_point_count, verdict, verdict_sentence, expected_false_signals
from metrics.rule_compliance_series
where series_level in ('all', 'dimension')
