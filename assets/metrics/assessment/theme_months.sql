-- /// card
-- description = """One row is a month of a theme of the assessment on its control chart. Themes with months of small \
--     counts (settings, suppression.smallest_shown) are left out."""
-- grain = ["theme_code", "month"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = ["Limits restart where the recording of the theme's class changed."]
-- [columns]
-- "theme_code, month, crime_count, segment, segment_start_reason, is_baseline" = "metrics.theme_chart_points"
-- "centre_line, lower_limit, upper_limit, signal, signal_direction, limits_status" = "metrics.theme_chart_points"
-- ///

-- Senior leaders may not see the months of a theme with small counts; metrics.theme_verdicts has its verdict.
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
