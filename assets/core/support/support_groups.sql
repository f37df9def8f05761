-- /// card
-- description = """One row is a victim of a year, or an offer of support in it, in one group of one breakdown. The \
--     groups of a breakdown are a partition."""
-- grain = ["period_code", "unit", "unit_ref", "breakdown"]
-- by_force = true
-- audience = []
-- caveats = ["Characteristics recorded only by services cover only victims who were offered support."]
-- [columns]
-- period_code = "columns"
-- unit = ["varchar", "victims or offers"]
-- unit_ref = ["varchar", "Victim or referral"]
-- "breakdown, group_code, group_name" = "columns"
-- ///

-- Every victim and offer is in one group of each breakdown: a partition, including "Not recorded".
with victims as (
    select
        v.period_code,
        b.unit,
        v.person_ref as unit_ref,
        b.breakdown,
        case when b.breakdown = 'area' then v.area_code end as own_code,
        case b.breakdown
            when 'all' then 'All'
            when 'sex' then v.sex
            when 'age' then v.age_band
            when 'ethnicity' then v.ethnicity
            when 'disability' then v.disability
            when 'sexual_orientation' then v.sexual_orientation
            when 'religion' then v.religion
            when 'area' then v.area_name
        end as group_name
    from core.support_victims as v
    -- services' own data cover only victims who were offered support
    inner join reference.support_breakdowns as b on b.unit = 'victims' and (b.measures_of <> 'services' or v.is_offered)
),

offers as (
    select
        p.period_code,
        b.unit,
        o.referral_ref as unit_ref,
        b.breakdown,
        cast(null as varchar) as own_code,
        case b.breakdown
            when 'all' then 'All'
            when 'month' then cast(o.offered_month as varchar)
            when 'service' then s.service_name
        end as group_name
    from core.support_offers as o
    inner join core.support_periods as p
        on o.offered_date >= p.period_start and o.offered_date < p.period_end and p.is_held
    inner join reference.support_breakdowns as b on b.unit = 'offers'
    left join core.services as s on o.service_ref = s.service_ref
),

grouped as (
    select period_code, unit, unit_ref, breakdown, own_code, group_name
    from victims
    union all
    select period_code, unit, unit_ref, breakdown, own_code, group_name
    from offers
)

select
    period_code,
    unit,
    unit_ref,
    breakdown,
    case when breakdown = 'all' then 'all' else coalesce(own_code, group_name, 'not recorded') end as group_code,
    coalesce(group_name, 'Not recorded') as group_name
from grouped
