-- /// card
-- description = "One row is a point of a series that is watched over time."
-- grain = ["series_ref", "month"]
-- audience = []
-- caveats = []
-- [columns]
-- series_ref = ["varchar", "Name of the series: source, force, what is counted"]
-- "source, force_code" = "columns"
-- measure = ["varchar", "crime_count, rolling_year_count or stalking_share"]
-- month = ["date", "First day of the point's period"]
-- period_months = ["integer", "Length of the point's period", "months"]
-- numerator = ["bigint", "Recorded crimes; null where not given", "crimes"]
-- denominator = ["bigint", "Crimes that a share is of; null for counts", "crimes"]
-- ///

-- The series that are watched over time. A count has no denominator; a share has both.
with settings as (
    select suppression_smallest_shown as smallest_shown
    from core.settings
),

met_months as (
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
),

-- a force's own months, by day of recording; one with months of small counts is not for senior leaders to see
extract_months as (
    select
        series_ref, 'crime' as source, force_code, 'crime_count' as measure, month, cast(1 as integer) as period_months,
        crime_count as numerator, cast(null as bigint) as denominator
    from metrics.demand_months
    cross join settings as s
    where source = 'extract' and offence_code = 'S&H'
    qualify count(*) filter (where crime_count between 1 and s.smallest_shown - 1) over (partition by series_ref) = 0
)

select series_ref, source, force_code, measure, month, period_months, numerator, denominator from met_months
union all
select series_ref, source, force_code, measure, month, period_months, numerator, denominator from share_quarters
union all
select series_ref, source, force_code, measure, month, period_months, numerator, denominator from rolling_years
union all
select series_ref, source, force_code, measure, month, period_months, numerator, denominator from extract_months
