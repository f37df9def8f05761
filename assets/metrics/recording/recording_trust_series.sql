-- The verdicts on the pooled series.
select
    series_ref, dimension, point_count, first_month, latest_month, latest_value, latest_denominator,
    segment_point_count, verdict, verdict_sentence, expected_false_signals
from metrics.rule_compliance_series
where series_level in ('all', 'dimension')
