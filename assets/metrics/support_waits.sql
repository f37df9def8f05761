-- Waits between the offer and the acceptance, and the acceptance and the first contact. A wait is told where the count
-- that it rests on is released, and for no smaller group.
with offers as (
    select
        p.period_code,
        cast(o.offered_month as varchar) as month_code,
        coalesce(s.service_name, 'not recorded') as service_code,
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
    select 'acceptance' as wait_code, period_code, 'all' as breakdown, 'all' as group_code, acceptance_days as wait_days
    from offers
    union all
    select 'acceptance', period_code, 'month', month_code, acceptance_days
    from offers
    union all
    select 'acceptance', period_code, 'service', service_code, acceptance_days
    from offers
    union all
    select 'contact', period_code, 'all', 'all', contact_days
    from offers
    union all
    select 'contact', period_code, 'month', month_code, contact_days
    from offers
    union all
    select 'contact', period_code, 'service', service_code, contact_days
    from offers
),

measured as (
    select
        wait_code,
        period_code,
        breakdown,
        group_code,
        case wait_code when 'acceptance' then 'referrals_accepted' else 'referrals_contacted' end as measure_code,
        avg(wait_days) as mean_days,
        median(wait_days) as median_days,
        count(wait_days) as wait_count
    from waits
    group by wait_code, period_code, breakdown, group_code
),

settings as (
    select cast(max(value) as bigint) as suppress_to
    from reference.settings
    where key = 'disclosure.suppress_to'
)

select
    m.wait_code,
    case m.wait_code
        when 'acceptance' then 'From the offer to the acceptance'
        else 'From the acceptance to the first contact'
    end as wait_name,
    m.period_code,
    m.breakdown,
    m.group_code,
    f.group_name,
    case when m.breakdown = 'month' then cast(m.group_code as date) end as month,
    f.token,
    f.text as referral_text,
    case when f.token = '' and f.value > 0 and m.wait_count > s.suppress_to then round(m.mean_days, 1) end as mean_days,
    case when f.token = '' and f.value > 0 and m.wait_count > s.suppress_to then round(m.median_days, 0) end as median_days
from measured as m
cross join settings as s
inner join metrics.released_figures as f
    on m.measure_code = f.measure_code
    and m.period_code = f.period_code
    and m.breakdown = f.breakdown
    and m.group_code = f.group_code
