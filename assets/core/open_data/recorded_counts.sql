-- /// card
-- description = """One row is the number of recorded crimes of an offence class or subgroup in a force and period, \
--     from one source."""
-- grain = ["source", "force_code", "period_start", "period_months", "offence_code", "offence_subgroup"]
-- audience = ["integrity"]
-- caveats = [
--     "Police recorded crime is official statistics, not accredited official statistics.",
--     "Periods overlap: never add up rolling years, or rows of two sources.",
--     """Negative counts are corrections by the force and are kept. A count that the publisher does not give is null, \
--     not zero.""",
--     "Action Fraud, CIFAS, UK Finance and Financial Fraud Action UK are left out.",
--     "Metropolitan Police counts are sums over wards: the 1% to 5% of crimes without a ward are missing.",
-- ]
-- [columns]
-- "source, force_code, period_start, period_months" = "columns"
-- offence_code = ["varchar", "Offence class; null where the source gives only subgroups"]
-- offence_subgroup = ["varchar", "Offence subgroup as the source names it"]
-- crime_count = ["bigint", "Recorded crimes; null where the source gives no number", "crimes"]
-- ///

-- Periods of different sources overlap: never add up rows of two sources, or of overlapping rolling years.
with home_office as (
    select
        'home_office_recorded_crime' as source,
        n.force_code,
        -- quarters are financial: quarter 1 is April to June
        make_date(
            cast(substr(h.financial_year, 1, 4) as integer) + case when trim(h.financial_quarter) = '4' then 1 else 0 end,
            case trim(h.financial_quarter) when '1' then 4 when '2' then 7 when '3' then 10 else 1 end,
            1
        ) as period_start,
        3 as period_months,
        trim(h.offence_code) as offence_code,
        trim(h.offence_subgroup) as offence_subgroup,
        -- '-00' is the publisher's zero; negative counts are corrections and are kept; the N/A family is not a number
        try_cast(replace(trim(h.offence_count), ',', '') as bigint) as crime_count
    from raw.home_office_recorded_crime as h
    inner join core.current_periods as p
        on p.source = 'home_office_recorded_crime' and h.delivery_ref = p.delivery_ref and h.period = p.period
    inner join reference.force_names as n on lower(trim(h.force_name)) = n.name_key
),

rolling_years as (
    select
        'recorded_crime_rolling_years' as source,
        n.force_code,
        cast(strptime(coalesce(k.corrected_value, r.period_end), '%d-%m-%Y') as date) as period_end,
        trim(r.offence_group) as offence_subgroup,
        try_cast(replace(trim(r.crime_count), ',', '') as bigint) as crime_count
    from raw.recorded_crime_rolling_years as r
    inner join core.current_periods as p
        on p.source = 'recorded_crime_rolling_years' and r.delivery_ref = p.delivery_ref and r.period = p.period
    inner join reference.force_names as n on lower(trim(r.force_name)) = n.name_key
    left join reference.known_corrections as k
        on k.source = 'recorded_crime_rolling_years' and k.column_name = 'period_end'
        and r.period_end = k.published_value
),

ons_tables as (
    select
        'ons_pfa_offences' as source,
        coalesce(f.force_code, n.force_code) as force_code,
        cast(o.period_end as date) as period_end,
        trim(o.offence_group) as offence_subgroup,
        try_cast(replace(trim(o.crime_count), ',', '') as bigint) as crime_count
    from raw.ons_pfa_offences as o
    inner join core.current_periods as p
        on p.source = 'ons_pfa_offences' and o.delivery_ref = p.delivery_ref and o.period = p.period
    left join reference.forces as f on o.area_code = f.force_code
    -- the table lists British Transport Police without a code
    left join reference.force_names as n on o.area_code is null and lower(trim(o.area_name)) = n.name_key
    where coalesce(f.force_code, n.force_code) is not null
    union all
    select
        'ons_csp_offences',
        o.force_code,
        cast(o.period_end as date),
        trim(o.offence_group),
        try_cast(replace(trim(o.crime_count), ',', '') as bigint)
    from raw.ons_csp_offences as o
    inner join core.current_periods as p
        on p.source = 'ons_csp_offences' and o.delivery_ref = p.delivery_ref and o.period = p.period
    inner join reference.forces as f on o.force_code = f.force_code
    where coalesce(trim(o.csp_name), '') = ''
    union all
    -- table C2 has no row for the City of London force: its one partnership is the force
    select
        'ons_csp_offences',
        o.force_code,
        cast(o.period_end as date),
        trim(o.offence_group),
        case
            when count(*) = count(try_cast(replace(trim(o.crime_count), ',', '') as bigint))
                then sum(try_cast(replace(trim(o.crime_count), ',', '') as bigint))
        end
    from raw.ons_csp_offences as o
    inner join core.current_periods as p
        on p.source = 'ons_csp_offences' and o.delivery_ref = p.delivery_ref and o.period = p.period
    inner join reference.forces as f on o.force_code = f.force_code
    where o.force_code not in (
        select w.force_code
        from raw.ons_csp_offences as w
        where w.delivery_ref = o.delivery_ref and coalesce(trim(w.csp_name), '') = '' and w.force_code is not null
    )
    group by o.force_code, o.period_end, o.offence_group
),

yearly as (
    select source, force_code, period_end, offence_subgroup, crime_count from rolling_years
    union all
    select source, force_code, period_end, offence_subgroup, crime_count from ons_tables
),

wards as (
    select
        'mps_ward_offences' as source,
        'E23000001' as force_code,
        make_date(cast(substr(m.month, 1, 4) as integer), cast(substr(m.month, 5, 2) as integer), 1) as period_start,
        1 as period_months,
        upper(substr(trim(m.minor_category), 1, 1)) || lower(substr(trim(m.minor_category), 2)) as offence_subgroup,
        try_cast(replace(trim(m.crime_count), ',', '') as bigint) as crime_count
    from raw.mps_ward_offences as m
    inner join core.current_periods as p
        on p.source = 'mps_ward_offences' and m.delivery_ref = p.delivery_ref and m.period = p.period
),

counted as (
    select source, force_code, period_start, period_months, offence_code, offence_subgroup, crime_count
    from home_office
    union all
    select
        source,
        force_code,
        cast(date_trunc('month', period_end) - interval 11 month as date),
        12,
        cast(null as varchar),
        offence_subgroup,
        crime_count
    from yearly
    union all
    select source, force_code, period_start, period_months, cast(null as varchar), offence_subgroup, crime_count
    from wards
)

select
    c.source,
    c.force_code,
    c.period_start,
    c.period_months,
    c.offence_code,
    c.offence_subgroup,
    -- a sum is null where a part of it is missing
    cast(case when count(*) = count(c.crime_count) then sum(c.crime_count) end as bigint) as crime_count
from counted as c
inner join reference.forces as f on c.force_code = f.force_code
-- bodies that are not forces are loaded in raw and left out here (recording-standards 4.3)
where f.force_type <> 'pseudo'
group by c.source, c.force_code, c.period_start, c.period_months, c.offence_code, c.offence_subgroup
