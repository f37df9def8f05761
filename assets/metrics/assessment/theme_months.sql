-- /// card
-- description = """One row is a month of a theme of the assessment on its control chart; themes with months of small \
--     counts (settings, suppression.smallest_shown) are left out."""
-- grain = ["theme_code", "month"]
-- audience = ["command", "integrity"]
-- caveats = ["Limits begin anew where the recording of the theme's class changed."]
-- [columns]
-- "theme_code, month, crime_count, segment, segment_start_reason, is_baseline" = "metrics.theme_chart_points"
-- "centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status" = "metrics.theme_chart_points"
-- ///

-- The control charts of the themes as they may be shown: a theme with months of small counts is not for senior leaders to
-- see month by month. Its verdict stands in metrics.theme_verdicts.
with settings as (
    select suppression_smallest_shown as smallest_shown
    from core.settings
)

select
    theme_code, month, crime_count, segment, segment_start_reason, is_baseline, centre_line, lower_limit, upper_limit,
    signal, signal_direction, limits_status
from metrics.theme_chart_points
cross join settings as s
qualify count(*) filter (where crime_count between 1 and s.smallest_shown - 1) over (partition by theme_code) = 0
