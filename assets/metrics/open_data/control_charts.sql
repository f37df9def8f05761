-- The series of recorded crime that are watched over time, each on its control chart. A count has no denominator; a
-- share has both. To watch one more, add its SELECT here: metrics.control_chart_series judges it and the page that asks
-- whether it is changing lists it.
with met_months as (
    select
        source || '|' || force_code || '|S&H' as series_ref, source, force_code, 'crime_count' as measure,
        'Recorded stalking and harassment by month' as measure_name, 'crimes a month' as unit,
        period_start as month, period_months, crime_count as numerator, cast(null as bigint) as denominator,
        'S&H' as recording_classes
    from metrics.recorded_rates
    where offence_code = 'S&H' and period_months = 1
),

-- of harassment and stalking: what moves the other classes of the subgroup does not move it
share_quarters as (
    select
        source || '|' || force_code || '|share' as series_ref, source, force_code, 'stalking_share' as measure,
        'Stalking''s share of stalking and harassment (8Q of 8L and 8Q)' as measure_name, 'share' as unit,
        period_start as month, period_months, stalking_count as numerator, denominator_count as denominator,
        '8L,8Q' as recording_classes
    from metrics.stalking_shares
    where is_shown
),

rolling_years as (
    select
        source || '|' || force_code || '|S&H' as series_ref, source, force_code, 'rolling_year_count' as measure,
        'Recorded stalking and harassment in rolling years' as measure_name, 'crimes a year' as unit,
        period_start as month, period_months, crime_count as numerator, cast(null as bigint) as denominator,
        'S&H' as recording_classes
    from metrics.recorded_rates
    where offence_code = 'S&H' and source = 'recorded_crime_rolling_years'
),

-- a force's own months, by day of recording; one with months of one to four crimes is not for senior leaders to see
extract_months as (
    select
        series_ref, 'crime' as source, force_code, 'crime_count' as measure,
        'Recorded stalking and harassment by month' as measure_name, 'crimes a month' as unit,
        month, cast(1 as integer) as period_months, crime_count as numerator, cast(null as bigint) as denominator,
        'S&H' as recording_classes
    from metrics.demand_months
    where source = 'extract' and offence_code = 'S&H'
    qualify count(*) filter (where crime_count between 1 and 4) over (partition by series_ref) = 0
),

series as (
    select * from met_months
    union all
    select * from share_quarters
    union all
    select * from rolling_years
    union all
    select * from extract_months
)

select
    series_ref, source, force_code, measure, measure_name, unit, month, period_months, numerator, denominator,
    cast(case when unit <> 'share' then numerator end as double) as value,
    case when unit = 'share' then 'p_prime' else 'xmr' end as chart_kind,
    recording_classes,
    source as recording_source,
    cast(null as double) as fewest
from series
