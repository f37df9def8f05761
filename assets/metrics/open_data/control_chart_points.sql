-- /// card
-- description = """One row is a point of a series of recorded crime, with what the series is, the limits that apply to the \
--     point and the signal it gives, if any."""
-- grain = ["series_ref", "month"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """Limits are computed from the first points of a segment and then frozen; they restart only where recording \
--     changed.""",
--     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
--     seven, two of three in the outer third.""",
--     "With fewer than twelve points, or for overlapping periods, there are no limits.",
--     "A stable process gives some false signals: their expected number is given with each series.",
-- ]
-- method = "spc.series.series_points"
-- [columns]
-- "series_ref, source, force_code" = "columns"
-- measure = ["varchar", "What is counted: crime_count, rolling_year_count or stalking_share"]
-- measure_name = ["varchar", "Description of what is counted"]
-- unit = "columns"
-- recording_classes = ["varchar", """Offence classes whose recording changes affect it, with commas; S&H for the \
--     subgroup"""]
-- period_months = ["integer", "Length of each point's period", "months"]
-- month = ["date", "First day of the point's period"]
-- numerator = ["bigint", "Recorded crimes; null where the source gives no number", "crimes"]
-- denominator = ["bigint", "Denominator of a share; null for counts", "crimes"]
-- value = ["double", "Value on the chart: the count, or the share (0 to 1)"]
-- chart_type = ["varchar", "xmr (counts), p_prime (shares, Laney) or none"]
-- "segment, segment_start_reason, is_baseline" = "columns"
-- centre_line = ["double", "Mean of the baseline", "as value", "Average"]
-- lower_limit = ["double", "Lower limit; null without limits", "as value"]
-- upper_limit = ["double", "Upper limit; null without limits", "as value"]
-- "signal, signal_direction" = "columns"
-- limits_status = ["varchar", "drawn, too_few_points, no_variation or overlapping_periods"]
-- ///

-- A count has no denominator; a share has both. To watch another series, add its SELECT here:
-- metrics.control_chart_series gives its verdict, and the trend page lists it.
with met_months as (
    select
        source || '|' || force_code || '|S&H' as series_ref, source, force_code, 'crime_count' as measure,
        'Recorded stalking and harassment by month' as measure_name, 'crimes a month' as unit,
        period_start as month, period_months, crime_count as numerator, cast(null as bigint) as denominator,
        'S&H' as recording_classes
    from metrics.recorded_rates
    where offence_code = 'S&H' and period_months = 1
),

-- harassment and stalking only: changes to other classes of the subgroup do not affect it
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

-- a force's own months, by day of recording; senior leaders may not see one with months of one to four crimes
extract_months as (
    select
        series_ref, 'crime' as source, force_code, 'crime_count' as measure,
        'Recorded stalking and harassment by month' as measure_name, 'crimes a month' as unit,
        month, cast(1 as integer) as period_months, crime_count as numerator, cast(null as bigint) as denominator,
        'S&H' as recording_classes
    from metrics.demand_months
    cross join core.settings as s
    where source = 'extract' and offence_code = 'S&H'
    qualify count(*) filter (where crime_count between 1 and s.suppression_smallest_shown - 1)
        over (partition by series_ref) = 0
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
