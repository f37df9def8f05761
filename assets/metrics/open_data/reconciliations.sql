-- /// card
-- description = """One row is a figure that two sources give, or a published total that the detailed rows must add up \
--     to."""
-- grain = ["check_ref"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Sources of different dates differ by revisions; a difference is shown, not corrected.",
--     "Only totals whose detailed table is loaded can be checked.",
-- ]
-- [columns]
-- check_ref = ["varchar", "Name of the check"]
-- title = ["varchar", "What is compared"]
-- source_a = ["varchar", "First source"]
-- source_b = ["varchar", "Second source"]
-- area_name = ["varchar", "Area"]
-- "period_end, period_months" = "columns"
-- value_a = ["bigint", "Value in the first source", "crimes"]
-- value_b = ["bigint", "Value in the second source", "crimes"]
-- difference = ["bigint", "value_b minus value_a", "crimes"]
-- relative_difference = ["double", "difference divided by value_a", "share"]
-- tolerance = ["double", "Largest relative difference that counts as agreement", "share"]
-- agrees = ["boolean", "Within the tolerance"]
-- is_published_total = ["boolean", "The first source is a published total"]
-- ///

-- Compares two sources, or a source with a published total.
with tolerances as (
    select reconciliation_tolerance as tolerance from core.settings
),

subgroup_counts as (
    select
        source, force_code, period_months,
        cast(period_start + period_months * interval 1 month - interval 1 day as date) as period_end,
        case when count(*) = count(crime_count) then sum(crime_count) end as crime_count
    from core.recorded_counts
    where lower(offence_subgroup) = 'stalking and harassment'
    group by source, force_code, period_start, period_months
),

-- published national total and Metropolitan Police total
printed as (
    select
        t.total_ref as check_ref,
        t.title,
        'printed: ' || t.citation as source_a,
        t.source as source_b,
        case t.area_code when 'K04000001' then 'England and Wales' else t.area_code end as area_name,
        t.period_end,
        t.period_months,
        t.published_value as value_a,
        cast(case when count(*) = count(c.crime_count) then sum(c.crime_count) end as bigint) as value_b,
        true as is_published_total
    from reference.published_totals as t
    inner join subgroup_counts as c
        on t.source = c.source and t.period_end = c.period_end and t.period_months = c.period_months
        and (t.area_code = 'K04000001' or t.area_code = c.force_code)
    where t.measure = 'Stalking and harassment'
    group by all
),

tables_against_rolling_years as (
    select
        'ons_p1 ' || a.force_code || ' ' || cast(a.period_end as varchar) as check_ref,
        'ONS table P1 compared with the rolling years' as title,
        a.source as source_a,
        b.source as source_b,
        f.short_name as area_name,
        a.period_end,
        a.period_months,
        cast(a.crime_count as bigint) as value_a,
        cast(b.crime_count as bigint) as value_b,
        false as is_published_total
    from subgroup_counts as a
    inner join subgroup_counts as b
        on a.force_code = b.force_code and a.period_end = b.period_end and a.period_months = b.period_months
    inner join reference.forces as f on a.force_code = f.force_code
    where a.source = 'ons_pfa_offences' and b.source = 'recorded_crime_rolling_years'
),

quarters_by_year as (
    select
        force_code,
        cast(last_day(max(period_end)) as date) as period_end,
        case when count(*) = count(crime_count) then sum(crime_count) end as crime_count
    from subgroup_counts
    where source = 'home_office_recorded_crime' and period_months = 3
    group by force_code, year(period_end - interval 3 month)
    having count(*) = 4
),

quarters_against_rolling_years as (
    select
        'ho_quarters ' || a.force_code || ' ' || cast(a.period_end as varchar) as check_ref,
        'Sum of Home Office quarters compared with the rolling year' as title,
        'home_office_recorded_crime' as source_a,
        b.source as source_b,
        f.short_name as area_name,
        a.period_end,
        12 as period_months,
        cast(a.crime_count as bigint) as value_a,
        cast(b.crime_count as bigint) as value_b,
        false as is_published_total
    from quarters_by_year as a
    inner join subgroup_counts as b on a.force_code = b.force_code and a.period_end = b.period_end
    inner join reference.forces as f on a.force_code = f.force_code
    where b.source = 'recorded_crime_rolling_years'
),

partnerships_against_force as (
    select
        'csp_sum ' || a.force_code || ' ' || cast(a.period_end as varchar) as check_ref,
        'Sum of partnerships and unassigned compared with the force row' as title,
        'ons_csp_offences: partnership rows' as source_a,
        'ons_csp_offences: force row' as source_b,
        f.short_name as area_name,
        a.period_end,
        12 as period_months,
        cast(p.crime_count as bigint) as value_a,
        cast(a.crime_count as bigint) as value_b,
        false as is_published_total
    from subgroup_counts as a
    inner join (
        select force_code, period_start, sum(crime_count) as crime_count
        from core.area_counts
        where source = 'ons_csp_offences'
        group by force_code, period_start
        -- a force with only one partnership would be compared with itself
        having count(*) > 1
    ) as p on a.force_code = p.force_code and cast(p.period_start + interval 12 month - interval 1 day as date) = a.period_end
    inner join reference.forces as f on a.force_code = f.force_code
    where a.source = 'ons_csp_offences'
),

checks as (
    select * from printed
    union all
    select * from tables_against_rolling_years
    union all
    select * from quarters_against_rolling_years
    union all
    select * from partnerships_against_force
)

select
    c.check_ref,
    c.title,
    c.source_a,
    c.source_b,
    c.area_name,
    c.period_end,
    c.period_months,
    c.value_a,
    c.value_b,
    c.value_b - c.value_a as difference,
    case when c.value_a <> 0 then (c.value_b - c.value_a) / c.value_a end as relative_difference,
    t.tolerance,
    abs(c.value_b - c.value_a) <= t.tolerance * abs(c.value_a) as agrees,
    c.is_published_total
from checks as c
cross join tolerances as t
