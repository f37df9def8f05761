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
-- "period_code, service_name, kind_name, capacity_fte, capacity_count, caseload_basis, cost" = "core.service_years"
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
from core.service_years as s
left join metrics.released_figures as f
    on f.measure_code = 'referrals_accepted'
    and f.breakdown = 'service'
    and f.period_code = s.period_code
    and f.group_code = s.service_name
