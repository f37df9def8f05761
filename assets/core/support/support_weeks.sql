-- /// card
-- description = "One row is a service and a week, with the accepted offers of the week and their waits."
-- grain = ["service_name", "week_number"]
-- by_force = true
-- audience = []
-- caveats = [
--     "Weeks of seven days from the first day of the years covered. A week without an offer has no row.",
--     "Week -1 holds the people who were offered support before, and waited when the first week began.",
-- ]
-- [columns]
-- service_name = ["varchar", "Service, all its areas"]
-- week_number = ["integer", "Week, the first is 0"]
-- first_day = ["date", "First day of week 0"]
-- days_after = ["integer", "Days from the end of the week to the as-of day", "days"]
-- arrival_count = ["bigint", "Offers of the week that were accepted", "offers"]
-- wait_count = ["bigint", "Those whose wait is known", "offers"]
-- wait_sum = ["double", "Days from these offers to their acceptance", "days"]
-- person_count = ["bigint", "Victims whose first such offer is in this week", "victims"]
-- ///

-- Facts that a waiting list is replayed from (metrics.support_queue): exact, so never published.
with covered as (
    select min(period_start) as first_day, max(period_end) as end_day
    from core.support_periods
    where is_held
),

accepted as (
    select
        s.service_name,
        coalesce(o.person_ref, o.referral_ref) as person_ref,
        o.referral_ref,
        o.offered_date,
        o.acceptance_days,
        c.first_day,
        cast(floor((epoch(o.offered_date) - epoch(c.first_day)) / 604800.0) as integer) as week_number
    from core.support_offers as o
    inner join core.services as s on o.service_ref = s.service_ref
    cross join covered as c
    where o.is_accepted and o.offered_date < c.end_day
),

placed as (
    select
        service_name,
        case when week_number < 0 then -1 else week_number end as week_number,
        first_day,
        acceptance_days,
        row_number() over (partition by service_name, person_ref order by offered_date, referral_ref) as place
    from accepted
    -- of the offers before, only those still waiting when the first week began
    where
        week_number >= 0
        or epoch(offered_date) + acceptance_days * 86400.0 >= epoch(first_day)
)

select
    p.service_name,
    p.week_number,
    p.first_day,
    cast(
        floor(days_between(p.first_day, max(m.as_of_at))) - 7 * (p.week_number + 1) as integer
    ) as days_after,
    count(*) as arrival_count,
    count(p.acceptance_days) as wait_count,
    sum(p.acceptance_days) as wait_sum,
    count(case when p.place = 1 then 1 end) as person_count
from placed as p
cross join core.extract_moments as m
group by p.service_name, p.week_number, p.first_day
