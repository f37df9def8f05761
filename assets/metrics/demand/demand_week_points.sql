-- /// card
-- description = """One row is a week of recorded stalking and harassment with the limits that apply to it and the \
--     signal it gives, if any."""
-- grain = ["series_ref", "week"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Limits are computed from the first 24 weeks of a segment and then frozen; they restart only where recording \
--     changed.""",
--     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
--     seven, two of three in the outer third.""",
--     "Weeks are seasonal: signals of one part of a year may reflect only the season.",
-- ]
-- method = "spc.series.series_points"
-- [columns]
-- series_ref = "metrics.demand_months"
-- week = ["date", "Monday on which the whole week begins", "", "Week from"]
-- value = ["double", "Recorded crimes", "crimes", "Recorded crimes"]
-- chart_type = ["varchar", "xmr or none"]
-- "segment, segment_start_reason, is_baseline" = "columns"
-- centre_line = ["double", "Mean of the baseline", "crimes", "Average"]
-- lower_limit = ["double", "Lower limit; null without limits", "crimes"]
-- upper_limit = ["double", "Upper limit; null without limits", "crimes"]
-- "signal, signal_direction" = "columns"
-- limits_status = ["varchar", "drawn, too_few_points or no_variation"]
-- expected_false_signals = ["double", "Signals expected by chance in this segment", "signals"]
-- ///

-- Weeks from Monday, inside whole months of the extract. A week without such a crime is 0. Senior leaders may not see a
-- series with weeks of small counts.
with settings as (
    select suppression_smallest_shown as smallest_shown
    from core.settings
),

days as (
    select
        force_code,
        series_ref,
        cast(unnest(generate_series(month, month + interval 1 month - interval 1 day, interval 1 day)) as date) as day
    from metrics.demand_months
    where source = 'extract' and offence_code = 'S&H'
),

weeks as (
    select force_code, series_ref, cast(date_trunc('week', day) as date) as week
    from days
    group by force_code, series_ref, date_trunc('week', day)
    having count(*) = 7
),

recorded as (
    select
        force_code,
        cast(date_trunc('week', recorded_date) as date) as week,
        cast(sum(crime_count) as bigint) as crime_count
    from core.demand_days
    where offence_code = 'S&H'
    group by force_code, date_trunc('week', recorded_date)
)

select
    w.series_ref,
    w.week,
    w.week as month,
    cast(null as integer) as period_months,
    'xmr' as chart_kind,
    cast(coalesce(r.crime_count, 0) as double) as value,
    'S&H' as recording_classes,
    'crime' as recording_source,
    cast(null as double) as fewest
from weeks as w
cross join settings as s
left join recorded as r on w.force_code = r.force_code and w.week = r.week
qualify count(*) filter (where r.crime_count between 1 and s.smallest_shown - 1) over (partition by w.series_ref) = 0
