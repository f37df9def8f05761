-- /// card
-- description = """One row is the compliance of one dimension, or of all, over time, with the verdict on its latest \
--     month."""
-- grain = ["series_ref"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict needs limits; a difference from one month to the next is never a verdict.",
-- ]
-- [columns]
-- series_ref = ["varchar", "Series: all, or one dimension"]
-- "dimension, point_count, first_month, latest_month, latest_value" = "metrics.rule_compliance_series"
-- "latest_denominator, segment_point_count, verdict, verdict_sentence" = "metrics.rule_compliance_series"
-- expected_false_signals = "metrics.rule_compliance_series"
-- ///

select
    series_ref, dimension, point_count, first_month, latest_month, latest_value, latest_denominator,
    segment_point_count, verdict, verdict_sentence, expected_false_signals
from metrics.rule_compliance_series
where series_level in ('all', 'dimension')
