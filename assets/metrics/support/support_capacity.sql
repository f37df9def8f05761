-- /// card
-- description = """One row is a service for victims with what it can take in the current year, what it accepted and \
--     what that costs."""
-- grain = ["service_name"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """Staff, cases and money as the commissioner states them; a caseload that is not stated is a benchmark of \
--     another role, and named.""",
--     """Accepted referrals after disclosure control. Cost per accepted referral is of the rounded count, its limits \
--     of what the count may be.""",
--     "A referral is no measure of the work it takes.",
-- ]
-- [columns]
-- period_code = "core.support_periods"
-- service_name = ["varchar", "Service, all its areas", "", "Service"]
-- kind_name = ["varchar", "Kind", "", "Kind"]
-- capacity_fte = ["double", "Staff over the year", "full-time equivalents", "Workers (full-time)"]
-- capacity_count = ["double", """Cases they can take in the year; empty where no \
--     caseload is known""", "cases", "Can take in a year"]
-- caseload_basis = ["varchar", "Where the caseload is from", "", "Caseload is"]
-- cost = ["double", "Cost in the year; empty where not stated", "pounds"]
-- accepted_text = ["varchar", "Accepted referrals as released", "", "Accepted referrals"]
-- accepted_count = ["bigint", "The number, where it is released", "offers"]
-- accepted_least = ["bigint", "Least it may stand for", "offers"]
-- accepted_greatest = ["bigint", "Greatest it may stand for", "offers"]
-- over_capacity_count = ["double", "Accepted over what can be taken; negative where there is room", "cases"]
-- unit_cost = ["double", "Cost for each accepted referral", "pounds"]
-- unit_cost_lower = ["double", "With the greatest count it may be", "pounds"]
-- unit_cost_upper = ["double", "With the least count it may be", "pounds"]
-- ///

-- What the services of an area can take in a year, beside what they accepted: counts after disclosure control alone.
with current_period as (
    select period_code, period_start, period_end
    from core.support_periods
    where period_type = 'current'
),

held as (
    -- a service that lasted for part of the year counts for that part
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
    cross join current_period as p
    where s.is_for_victims and s.from_date < p.period_end and coalesce(s.to_date >= p.period_start, true)
),

services as (
    select
        period_code,
        service_name,
        max(kind_name) as kind_name,
        string_agg(distinct coalesce(caseload_basis, 'not stated'), ' and ' order by coalesce(caseload_basis, 'not stated'))
            as caseload_basis,
        case when count(*) = count(capacity_fte) then sum(capacity_fte * year_share) end as capacity_fte,
        case when count(*) = count(cases_per_fte) and count(*) = count(capacity_fte) then sum(capacity_fte * cases_per_fte * year_share) end as capacity_count,
        case when count(*) = count(cost_per_year) then sum(cost_per_year * year_share) end as cost
    from held
    group by period_code, service_name
)

select
    s.period_code,
    s.service_name,
    s.kind_name,
    s.capacity_fte,
    s.capacity_count,
    s.caseload_basis,
    s.cost,
    f.text as accepted_text,
    f.value as accepted_count,
    f.least as accepted_least,
    f.greatest as accepted_greatest,
    f.value - s.capacity_count as over_capacity_count,
    s.cost / nullif(f.value, 0) as unit_cost,
    s.cost / nullif(f.greatest, 0) as unit_cost_lower,
    s.cost / nullif(f.least, 0) as unit_cost_upper
from services as s
left join metrics.released_figures as f
    on f.measure_code = 'referrals_accepted'
    and f.breakdown = 'service'
    and f.period_code = s.period_code
    and f.group_code = s.service_name
