-- strategic-assessment 6.3: need, known, offered, accepted, and what lies between. From what is released alone, so that
-- no gap tells more than the figures beside it.
with current_period as (
    select period_code
    from core.support_periods
    where period_type = 'current' and is_held
),

figures as (
    select f.measure_code, f.breakdown, f.group_code, f.text, f.value, f.least, f.greatest, f.period_code
    from metrics.released_figures as f
    inner join current_period as p on f.period_code = p.period_code
    where f.breakdown in ('all', 'area')
),

needed as (
    select breakdown, group_code, need_count, need_lower, need_upper
    from metrics.support_need
    where need_code = 'stalking'
),

capacity as (
    select
        case when count(*) = count(capacity_count) and count(*) > 0 then sum(capacity_count) end as capacity_count,
        max(period_code) as period_code
    from metrics.support_capacity
),

pairs as (
    select
        'reporting' as gap_code, 1 as place, k.period_code, k.breakdown, k.group_code,
        n.need_count - k.value as gap_count,
        n.need_lower - k.greatest as gap_lower,
        n.need_upper - k.least as gap_upper
    from figures as k
    left join needed as n on k.breakdown = n.breakdown and k.group_code = n.group_code
    where k.measure_code = 'known'
    union all
    select
        'referral', 2, k.period_code, k.breakdown, k.group_code,
        k.value - o.value, k.least - o.greatest, k.greatest - o.least
    from figures as k
    inner join figures as o
        on o.measure_code = 'offered' and k.breakdown = o.breakdown and k.group_code = o.group_code
    where k.measure_code = 'known'
    union all
    select
        'take_up', 3, o.period_code, o.breakdown, o.group_code,
        o.value - a.value, o.least - a.greatest, o.greatest - a.least
    from figures as o
    inner join figures as a
        on a.measure_code = 'accepted' and o.breakdown = a.breakdown and o.group_code = a.group_code
    where o.measure_code = 'offered'
    union all
    select
        'capacity', 4, a.period_code, a.breakdown, a.group_code,
        a.value - c.capacity_count, a.least - c.capacity_count, a.greatest - c.capacity_count
    from figures as a
    cross join capacity as c
    where a.measure_code = 'referrals_accepted' and a.breakdown = 'all'
)

select
    period_code,
    breakdown,
    group_code,
    gap_code,
    place,
    case gap_code
        when 'reporting' then 'Expected victims who are not known to police'
        when 'referral' then 'Known victims who were not offered support'
        when 'take_up' then 'Offered support that no service took on'
        else 'Accepted offers beyond what services can take'
    end as gap_name,
    gap_count,
    -- nobody can be missing fewer than none, but there may be room: a capacity gap may be below nought
    case when gap_code in ('referral', 'take_up') then greatest(0, gap_lower) else gap_lower end as gap_lower,
    gap_upper
from pairs
