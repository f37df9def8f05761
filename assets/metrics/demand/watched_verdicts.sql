-- What each watched share says of its latest month, without the share: it may be of a few cases.
select
    series_ref, subject, code, month, month as latest_month, value, '' as counted, segment, segment_start_reason,
    lower_limit, upper_limit, signal, signal_direction, limits_status
from metrics.watched_points
