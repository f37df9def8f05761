-- /// card
-- description = "One row is a service for victims in the current year, with its capacity and its cost."
-- grain = ["service_name"]
-- by_force = true
-- audience = []
-- caveats = ["Staff, cases and cost as stated by the commissioner; all areas of a service together."]
-- [columns]
-- period_code = "core.support_periods"
-- service_name = ["varchar", "Service, all its areas", "", "Service"]
-- kind_name = ["varchar", "Kind", "", "Kind"]
-- capacity_fte = ["double", "Staff over the year", "full-time equivalents", "Workers (full-time)"]
-- capacity_count = ["double", """Cases that the staff can accept within the year; null where no caseload is \
--     known""", "cases", "Annual capacity"]
-- caseload_basis = ["varchar", "Source of the caseload", "", "Caseload is"]
-- cost = ["double", "Cost in the year; null where not stated", "pounds"]
-- ///

with held as (
    -- a service that ran for part of the year counts for that part
    select
        s.service_name,
        s.kind_name,
        s.caseload_basis,
        s.cases_per_fte,
        greatest(
            0.0,
            epoch(least(coalesce(s.to_date + interval 1 day, p.period_end), p.period_end))
            - epoch(greatest(s.from_date, p.period_start))
        ) / (epoch(p.period_end) - epoch(p.period_start)) as year_share,
        s.capacity_fte,
        s.cost_per_year,
        p.period_code
    from core.services as s
    cross join core.support_periods as p
    where
        p.period_type = 'current'
        and s.is_for_victims and s.from_date < p.period_end and coalesce(s.to_date >= p.period_start, true)
)

select
    period_code,
    service_name,
    max(kind_name) as kind_name,
    case when count(*) = count(capacity_fte) then sum(capacity_fte * year_share) end as capacity_fte,
    case when count(*) = count(cases_per_fte) and count(*) = count(capacity_fte) then sum(capacity_fte * cases_per_fte * year_share) end as capacity_count,
    string_agg(distinct coalesce(caseload_basis, 'not stated'), ' and ' order by coalesce(caseload_basis, 'not stated'))
        as caseload_basis,
    case when count(*) = count(cost_per_year) then sum(cost_per_year * year_share) end as cost
from held
group by period_code, service_name
