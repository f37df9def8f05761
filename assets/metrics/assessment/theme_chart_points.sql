-- /// card
-- description = "One row is a month of a theme of the assessment on its control chart."
-- grain = ["theme_code", "month"]
-- by_force = true
-- audience = []
-- caveats = ["Limits restart where the recording of the theme's class changed."]
-- method = "spc.series.series_points"
-- [columns]
-- "theme_code, month, crime_count" = "columns"
-- "segment, segment_start_reason, is_baseline" = "columns"
-- value = ["double", "Crimes", "crimes"]
-- centre_line = ["double", "Centre line", "crimes", "Average"]
-- lower_limit = ["double", "Lower limit", "crimes"]
-- upper_limit = ["double", "Upper limit", "crimes"]
-- signal = ["varchar", "Signal rule that the point meets; null where none"]
-- signal_direction = ["varchar", "higher or lower"]
-- limits_status = ["varchar", "drawn, or the reason why there are no limits"]
-- ///

-- Whole months of the extract; a month without crimes is 0. The cross-cutting theme is known only for the last year.
with months as (
    select distinct month
    from metrics.demand_months
    where source = 'extract'
),

counted as (
    select theme_code, month, count(*) as crime_count
    from core.theme_crimes
    group by theme_code, month
)

select
    t.theme_code as series_ref,
    t.theme_code,
    m.month,
    cast(1 as integer) as period_months,
    'xmr' as chart_kind,
    coalesce(c.crime_count, 0) as crime_count,
    cast(coalesce(c.crime_count, 0) as double) as value,
    t.break_class as recording_classes,
    'crime' as recording_source,
    s.watched_fewest_a_month as fewest
from reference.themes as t
cross join core.settings as s
cross join months as m
left join counted as c on t.theme_code = c.theme_code and m.month = c.month
where t.band <> 'cross-cutting' and t.theme_code in (select theme_code from core.theme_crimes)
