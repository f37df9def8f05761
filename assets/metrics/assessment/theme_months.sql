-- /// card
-- description = """One row is a month of a theme of the assessment on its control chart; themes with months of one to \
--     four crimes are left out."""
-- grain = ["theme_code", "month"]
-- audience = ["command", "integrity"]
-- caveats = ["Limits begin anew where the recording of the theme's class changed."]
-- [columns]
-- "theme_code, month, crime_count, segment, segment_start_reason, is_baseline" = "metrics.theme_chart_points"
-- "centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status" = "metrics.theme_chart_points"
-- ///

-- The control charts of the themes as they may be shown: a theme with months of one to four crimes is not for senior
-- leaders to see month by month. Its verdict stands in metrics.theme_verdicts.
select
    theme_code, month, crime_count, segment, segment_start_reason, is_baseline, centre_line, lower_limit, upper_limit,
    signal, signal_direction, limits_status
from metrics.theme_chart_points
qualify count(*) filter (where crime_count between 1 and 4) over (partition by theme_code) = 0
