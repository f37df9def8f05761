-- /// card
-- description = """One row is a month of a theme of the assessment on its control chart; themes with months of one to \
--     four crimes are left out."""
-- grain = ["theme_code", "month"]
-- audience = ["command", "integrity"]
-- caveats = ["Limits begin anew where the recording of the theme's class changed."]
-- [columns]
-- theme_code = ["varchar", "Theme"]
-- month = ["date", "Month of recording, London"]
-- crime_count = ["bigint", "Crimes", "crimes"]
-- segment = ["bigint", "Segment between recording changes, from 0"]
-- segment_start_reason = ["varchar", "Change of recording that it begins with; empty for the first"]
-- is_baseline = ["boolean", "The limits rest on it"]
-- centre_line = ["double", "Centre line", "crimes"]
-- lower_limit = ["double", "Lower limit", "crimes"]
-- upper_limit = ["double", "Upper limit", "crimes"]
-- signal = ["varchar", "Rule that the point breaks; empty where none"]
-- signal_direction = ["varchar", "higher or lower"]
-- limits_status = ["varchar", "drawn, or why no limits are"]
-- ///

-- The control charts of the themes as they may be shown: a theme with months of one to four crimes is not for senior
-- leaders to see month by month. Its verdict stands in metrics.theme_verdicts.
select
    theme_code, month, crime_count, segment, segment_start_reason, is_baseline, centre_line, lower_limit, upper_limit,
    signal, signal_direction, limits_status
from metrics.theme_chart_points
qualify count(*) filter (where crime_count between 1 and 4) over (partition by theme_code) = 0
