-- The points of metrics.control_charts as charts draw them.
select
    series_ref, month, numerator, denominator, value, chart_type, segment, segment_start_reason, is_baseline,
    centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.control_charts
