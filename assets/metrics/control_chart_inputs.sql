-- The series that are watched over time. A count has no denominator; a share has both.
with met_months as (
    select
        source || '|' || force_code || '|S&H' as series_ref, source, force_code, 'crime_count' as measure,
        period_start as month, period_months, crime_count as numerator, cast(null as bigint) as denominator
    from metrics.recorded_rates
    where offence_code = 'S&H' and period_months = 1
),

share_quarters as (
    select
        source || '|' || force_code || '|share' as series_ref, source, force_code, 'stalking_share' as measure,
        period_start as month, period_months, stalking_count as numerator, denominator_count as denominator
    from metrics.stalking_shares
    where is_shown
),

rolling_years as (
    select
        source || '|' || force_code || '|S&H' as series_ref, source, force_code, 'rolling_year_count' as measure,
        period_start as month, period_months, crime_count as numerator, cast(null as bigint) as denominator
    from metrics.recorded_rates
    where offence_code = 'S&H' and source = 'recorded_crime_rolling_years'
)

select series_ref, source, force_code, measure, month, period_months, numerator, denominator from met_months
union all
select series_ref, source, force_code, measure, month, period_months, numerator, denominator from share_quarters
union all
select series_ref, source, force_code, measure, month, period_months, numerator, denominator from rolling_years
