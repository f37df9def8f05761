-- The control charts of the themes as they may be shown: a theme with months of one to four crimes is not for senior
-- leaders to see month by month. Its verdict stands in metrics.theme_verdicts.
select
    theme_code, month, crime_count, segment, segment_start_reason, is_baseline, centre_line, lower_limit, upper_limit,
    signal, signal_direction, limits_status
from metrics.theme_chart_points
qualify count(*) filter (where crime_count between 1 and 4) over (partition by theme_code) = 0
