-- What the chart of each theme says of its latest month, without the count: it may be of a few crimes.
select
    theme_code as series_ref, theme_code, month, month as latest_month, value, 'crimes' as counted, segment,
    segment_start_reason, lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.theme_chart_points
