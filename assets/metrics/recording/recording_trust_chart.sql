-- The pooled series of compliance: force-wide months, no unit and no record, so that senior leaders may see them.
select
    series_ref, dimension, month, numerator, denominator, value, chart_type, segment, segment_start_reason,
    is_baseline, centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.rule_compliance_chart
where series_level in ('all', 'dimension')
