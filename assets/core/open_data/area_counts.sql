-- /// card
-- description = """One row is the number of recorded stalking and harassment offences in a community safety \
--     partnership, borough or ward and a period."""
-- grain = ["source", "area_type", "area_code", "area_name", "force_code", "period_start", "period_months"]
-- audience = ["integrity"]
-- caveats = [
--     "Unassigned rows are crimes that the force could not assign to a partnership.",
--     """The Metropolitan Police table may lack ward rows without crimes: a missing ward and month is not known to be \
--     zero.""",
--     "The Metropolitan Police changed its recording system in February 2024.",
-- ]
-- [columns]
-- source = "columns"
-- area_type = ["varchar", "csp, borough or ward"]
-- area_code = ["varchar", "ONS code; null where the source gives none"]
-- area_name = ["varchar", "Name as published"]
-- "force_code, period_start, period_months" = "columns"
-- offence_subgroup = ["varchar", "Stalking and harassment"]
-- crime_count = ["bigint", "Recorded crimes; null where the source gives no number", "crimes"]
-- is_unassigned = ["boolean", "Crimes that the source assigns to no area"]
-- ///

with partnerships as (
    select
        'ons_csp_offences' as source,
        'csp' as area_type,
        nullif(trim(o.csp_code), '') as area_code,
        trim(o.csp_name) as area_name,
        coalesce(k.corrected_value, o.force_code) as force_code,
        cast(date_trunc('month', cast(o.period_end as date)) - interval 11 month as date) as period_start,
        12 as period_months,
        trim(o.offence_group) as offence_subgroup,
        try_cast(replace(trim(o.crime_count), ',', '') as bigint) as crime_count
    from raw.ons_csp_offences as o
    inner join core.current_periods as p
        on p.source = 'ons_csp_offences' and o.delivery_ref = p.delivery_ref and o.period = p.period
    -- two rows carry the code of another force: a reference table corrects them visibly
    left join reference.known_corrections as k
        on k.source = 'ons_csp_offences' and k.column_name = 'force_code'
        and o.force_code = k.published_value and lower(trim(o.csp_name)) = k.only_where
    where coalesce(trim(o.csp_name), '') <> ''
),

wards as (
    select
        'mps_ward_offences' as source,
        'ward' as area_type,
        nullif(trim(m.ward_code), '') as area_code,
        trim(m.ward_name) || ', ' || trim(m.borough_name) as area_name,
        trim(m.borough_name) as borough_name,
        'E23000001' as force_code,
        make_date(cast(substr(m.month, 1, 4) as integer), cast(substr(m.month, 5, 2) as integer), 1) as period_start,
        upper(substr(trim(m.minor_category), 1, 1)) || lower(substr(trim(m.minor_category), 2)) as offence_subgroup,
        try_cast(replace(trim(m.crime_count), ',', '') as bigint) as crime_count
    from raw.mps_ward_offences as m
    inner join core.current_periods as p
        on p.source = 'mps_ward_offences' and m.delivery_ref = p.delivery_ref and m.period = p.period
)

select
    source,
    area_type,
    area_code,
    area_name,
    force_code,
    period_start,
    period_months,
    offence_subgroup,
    -- a sum is null where a part of it is missing
    cast(case when count(*) = count(crime_count) then sum(crime_count) end as bigint) as crime_count,
    lower(area_name) like 'unassigned%' as is_unassigned
from partnerships
where offence_subgroup = 'Stalking and harassment'
group by all
union all
select
    source,
    area_type,
    area_code,
    area_name,
    force_code,
    period_start,
    1,
    offence_subgroup,
    cast(case when count(*) = count(crime_count) then sum(crime_count) end as bigint),
    false
from wards
where offence_subgroup = 'Stalking and harassment'
group by source, area_type, area_code, area_name, force_code, period_start, offence_subgroup
union all
select
    source,
    'borough',
    cast(null as varchar),
    borough_name,
    force_code,
    period_start,
    1,
    offence_subgroup,
    cast(case when count(*) = count(crime_count) then sum(crime_count) end as bigint),
    false
from wards
where offence_subgroup = 'Stalking and harassment'
group by source, borough_name, force_code, period_start, offence_subgroup
