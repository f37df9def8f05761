-- Waits between the offer and the acceptance, and the acceptance and the first contact. A wait is told where the count
-- that it rests on is released, and for no smaller group.
with offers as (
    select
        p.period_code,
        cast(o.offered_month as varchar) as month_code,
        coalesce(s.service_name, 'not recorded') as service_code,
        coalesce(o.person_ref, o.referral_ref) as person_ref,
        o.acceptance_days,
        o.contact_days,
        o.is_accepted
    from core.support_offers as o
    inner join core.support_periods as p
        on o.offered_date >= p.period_start and o.offered_date < p.period_end and p.is_held
    left join core.services as s on o.service_ref = s.service_ref
    where o.is_accepted
),

waits as (
    select 'acceptance' as wait_code, period_code, 'all' as breakdown, 'all' as group_code, person_ref, acceptance_days as wait_days
    from offers
    union all
    select 'acceptance', period_code, 'month', month_code, person_ref, acceptance_days
    from offers
    union all
    select 'acceptance', period_code, 'service', service_code, person_ref, acceptance_days
    from offers
    union all
    select 'contact', period_code, 'all', 'all', person_ref, contact_days
    from offers
    union all
    select 'contact', period_code, 'month', month_code, person_ref, contact_days
    from offers
    union all
    select 'contact', period_code, 'service', service_code, person_ref, contact_days
    from offers
),

measured as (
    select
        wait_code,
        period_code,
        breakdown,
        group_code,
        avg(wait_days) as mean_days,
        median(wait_days) as median_days,
        count(distinct case when wait_days is not null then person_ref end) as person_count
    from waits
    group by wait_code, period_code, breakdown, group_code
),

settings as (
    select cast(max(value) as bigint) as suppress_to
    from reference.settings
    where key = 'disclosure.suppress_to'
),

kinds as (
    select 'acceptance' as wait_code, 'From the offer to the acceptance' as wait_name, 'referrals_accepted' as measure_code
    union all
    select 'contact', 'From the acceptance to the first contact', 'referrals_contacted'
)

-- a row for every released count, with a wait or without: a missing row would tell that there is none
select
    k.wait_code,
    k.wait_name,
    f.period_code,
    f.breakdown,
    f.group_code,
    f.group_name,
    case when f.breakdown = 'month' then cast(f.group_code as date) end as month,
    f.token,
    f.text as referral_text,
    case when f.token = '' and f.value > 0 and m.person_count > s.suppress_to then round(m.mean_days, 1) end as mean_days,
    case when f.token = '' and f.value > 0 and m.person_count > s.suppress_to then round(m.median_days, 0) end as median_days
from kinds as k
cross join settings as s
inner join metrics.released_figures as f on k.measure_code = f.measure_code
left join measured as m
    on k.wait_code = m.wait_code
    and f.period_code = m.period_code
    and f.breakdown = m.breakdown
    and f.group_code = m.group_code
where f.token <> 'not measured'
