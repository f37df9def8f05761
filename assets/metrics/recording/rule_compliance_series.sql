-- What each series of compliance says of its latest month: one verdict and one sentence.
select
    series_level, series_ref, rule_code, table_name, dimension, unit_name, class_code, month, month as latest_month,
    value, value as latest_value, denominator as latest_denominator, '' as counted, segment, segment_start_reason,
    lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.rule_compliance_chart
