with force_totals as (
    select source, area_type, force_code, period_start, period_months, case when count(*) = count(crime_count) then sum(crime_count) end as force_crime_count
    from core.area_counts
    group by source, area_type, force_code, period_start, period_months
)

select
    c.source,
    c.area_type,
    c.area_code,
    c.area_name,
    c.force_code,
    f.force_name,
    c.period_start,
    c.period_months,
    c.offence_subgroup,
    c.crime_count,
    cast(t.force_crime_count as bigint) as force_crime_count,
    case when t.force_crime_count > 0 then c.crime_count / t.force_crime_count end as share_of_force,
    c.is_unassigned
from core.area_counts as c
inner join force_totals as t
    on c.source = t.source and c.area_type = t.area_type and c.force_code = t.force_code
    and c.period_start = t.period_start and c.period_months = t.period_months
inner join core.forces as f on c.force_code = f.force_code
