-- /// card
-- description = """One row is a service for victims with its capacity in the current year, its accepted referrals and \
--     its cost."""
-- grain = ["service_name"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """Staff, cases and cost as stated by the commissioner. A caseload that is not stated is a benchmark of another \
--     role, and named.""",
--     """Accepted referrals after disclosure control. Cost per accepted referral uses the rounded count; its limits \
--     use the possible counts.""",
--     "A referral does not measure the work it needs.",
-- ]
-- [columns]
-- period_code = "core.support_periods"
-- service_name = ["varchar", "Service, all its areas", "", "Service"]
-- kind_name = ["varchar", "Kind", "", "Kind"]
-- capacity_fte = ["double", "Staff over the year", "full-time equivalents", "Workers (full-time)"]
-- capacity_count = ["double", """Cases that the staff can accept within the year; null where no caseload is \
--     known""", "cases", "Annual capacity"]
-- caseload_basis = ["varchar", "Source of the caseload", "", "Caseload is"]
-- cost = ["double", "Cost in the year; null where not stated", "pounds"]
-- accepted_text = ["varchar", "Accepted referrals as released", "", "Accepted referrals"]
-- accepted_count = ["bigint", "Released number, if any", "offers"]
-- accepted_least = ["bigint", "Smallest count it may represent", "offers"]
-- accepted_greatest = ["bigint", "Largest count it may represent", "offers"]
-- over_capacity_count = ["double", """Accepted referrals minus capacity; negative where there is spare \
--     capacity""", "cases"]
-- unit_cost = ["double", "Cost per accepted referral", "pounds"]
-- unit_cost_lower = ["double", "With the largest possible count", "pounds"]
-- unit_cost_upper = ["double", "With the smallest possible count", "pounds"]
-- ///

-- Only counts after disclosure control are used.
with current_period as (
    select period_code, period_start, period_end
    from core.support_periods
    where period_type = 'current'
),

held as (
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
