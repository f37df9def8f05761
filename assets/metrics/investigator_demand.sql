-- New demand by month: crimes of stalking and harassment recorded, for each investigator to whom one was allocated in the
-- month, and crimes on which the single point of contact was consulted (strategic-assessment 1, M7, M8, L12).
with settings as (
    select max(value) filter (key = 'caseload.minimum_investigators') as fewest
    from reference.settings
),

allocated as (
    select
        c.force_code,
        a.crime_ref,
        i.investigator_ref,
        i.investigator_ref is null as is_unknown,
        cast(date_trunc('month', a.allocated_at at time zone 'Europe/London') as date) as month,
        cast(date_trunc('month', a.single_point_of_contact_consulted_at at time zone 'Europe/London') as date)
            as consulted_month
    from core.allocations as a
    cross join core.extract_moments as m
    inner join core.crimes as c on a.crime_ref = c.crime_ref
    left join core.investigators as i on a.investigator_ref = i.investigator_ref
    where c.is_stalking_or_harassment and a.allocated_at <= m.as_of_at
),

holders as (
    select
        force_code,
        month,
        count(distinct investigator_ref) as investigator_count,
        count(distinct case when is_unknown then crime_ref end) as unknown_holder_count
    from allocated
    group by force_code, month
),

consulted as (
    select force_code, consulted_month, count(distinct crime_ref) as consulted_count
    from allocated
    where consulted_month is not null
    group by force_code, consulted_month
),

supplied as (
    select
        (select count(*) from core.current_periods where source = 'allocation') > 0
        and (select count(*) from core.current_periods where source = 'investigator') > 0 as has_holders,
        -- a field that nobody ever filled says nothing: a null is no 'not consulted'
        (select count(*) from allocated where consulted_month is not null) > 0
        and (
            select count(*)
            from core.absent_fields
            where source = 'allocation' and field_name = 'spoc_consult_ts'
        ) = 0 as has_consultations
)

select
    d.force_code,
    d.month,
    d.crime_count as new_crime_count,
    coalesce(h.investigator_count, 0) as investigator_count,
    coalesce(h.unknown_holder_count, 0) as unknown_holder_count,
    case when h.investigator_count >= s.fewest then d.crime_count / nullif(h.investigator_count, 0) end
        as new_crimes_per_investigator,
    case when p.has_consultations then coalesce(c.consulted_count, 0) end as consulted_count
from metrics.demand_months as d
cross join settings as s
cross join supplied as p
left join holders as h on d.force_code = h.force_code and d.month = h.month
left join consulted as c on d.force_code = c.force_code and d.month = c.consulted_month
where d.source = 'extract' and d.offence_code = 'S&H' and p.has_holders
