-- /// card
-- description = "One row is a measure in a year, and whether the delivered data can measure it."
-- grain = ["period_code", "measure_code"]
-- by_force = true
-- audience = []
-- caveats = []
-- [columns]
-- period_code = "core.support_periods"
-- measure_code = "reference.support_measures"
-- is_measured = ["boolean", "It can be measured for the whole year"]
-- ///

-- A measure needs its table with at least one of its fields. Measures of services also need an offer in the first month
-- of the year or before: a part of a year is not a year.
with fields as (
    select measure_code, needs_source, unnest(string_split(coalesce(needs_field, ''), ', ')) as field_name
    from reference.support_measures
),

supplied as (
    select f.measure_code, max(case when a.field_name is null then 1 else 0 end) as is_supplied
    from fields as f
    inner join (select distinct source from core.force_deliveries) as p on f.needs_source = p.source
    left join core.absent_fields as a on f.needs_source = a.source and f.field_name = a.field_name
    group by f.measure_code
),

first_offers as (
    select month_of(min(offered_date)) as first_month
    from core.support_offers
)

select
    p.period_code,
    m.measure_code,
    coalesce(s.is_supplied = 1, false)
    and (m.needs_source <> 'referrals' or coalesce(f.first_month <= p.period_start, false)) as is_measured
from core.support_periods as p
cross join reference.support_measures as m
cross join first_offers as f
left join supplied as s on m.measure_code = s.measure_code
where p.is_held
