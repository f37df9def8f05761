-- Every count that those who commission services may be shown, exact: disclosure control comes after it
-- (metrics.released_figures), and nothing of this table is published. The groups of a breakdown are a partition of its
-- total, "Not recorded" included, so that whatever can be added up is known to the attack (metrics.disclosure_attack).
with counted as (
    select
        g.period_code,
        g.breakdown,
        g.group_code,
        max(g.group_name) as group_name,
        max(g.place) as place,
        count(*) as known,
        count(*) filter (where v.is_offered) as offered,
        count(*) filter (where v.is_accepted) as accepted,
        count(*) filter (where v.is_engaged) as engaged,
        count(*) filter (where v.is_completed) as completed,
        count(*) filter (where v.is_charged) as charged,
        count(*) filter (where v.is_withdrawn) as withdrawn
    from core.support_groups as g
    inner join core.support_victims as v on g.period_code = v.period_code and g.person_ref = v.person_ref
    group by g.period_code, g.breakdown, g.group_code
),

counted_by_suspect as (
    select
        g.period_code,
        g.breakdown,
        g.group_code,
        s.suspect_ref,
        count(*) as known,
        count(*) filter (where v.is_offered) as offered,
        count(*) filter (where v.is_accepted) as accepted,
        count(*) filter (where v.is_engaged) as engaged,
        count(*) filter (where v.is_completed) as completed,
        count(*) filter (where v.is_charged) as charged,
        count(*) filter (where v.is_withdrawn) as withdrawn
    from core.support_groups as g
    inner join core.support_victims as v on g.period_code = v.period_code and g.person_ref = v.person_ref
    inner join core.support_suspects as s on g.period_code = s.period_code and g.person_ref = s.person_ref
    group by g.period_code, g.breakdown, g.group_code, s.suspect_ref
),

recorded as (
    -- the breakdowns of which anything is recorded
    select distinct breakdown
    from core.support_groups
    where group_code not in ('not recorded', 'Other value', 'all')
),

seen as (
    select distinct breakdown, group_code, group_name, place
    from core.support_groups
    union
    select distinct e.breakdown, e.group_name, e.group_name, e.place
    from reference.equality_groups as e
    inner join recorded as r on e.breakdown = r.breakdown
    where e.group_name <> 'Not recorded'
    union
    select 'support', 'accepted', 'Supported by a service', 0
    from recorded
    where breakdown = 'support'
    union
    select 'support', 'not accepted', 'Not supported by a service', 0
    from recorded
    where breakdown = 'support'
),

grid as (
    -- every group in every year: one that had no row when nobody is in it would tell that nobody is
    select p.period_code, s.breakdown, s.group_code, s.group_name, s.place
    from core.support_periods as p
    cross join seen as s
    where p.is_held
),

filled as (
    select
        g.period_code,
        g.breakdown,
        g.group_code,
        g.group_name,
        g.place,
        coalesce(c.known, 0) as known,
        coalesce(c.offered, 0) as offered,
        coalesce(c.accepted, 0) as accepted,
        coalesce(c.engaged, 0) as engaged,
        coalesce(c.completed, 0) as completed,
        coalesce(c.charged, 0) as charged,
        coalesce(c.withdrawn, 0) as withdrawn
    from grid as g
    left join counted as c
        on g.period_code = c.period_code and g.breakdown = c.breakdown and g.group_code = c.group_code
),

victims as (
    select 'known' as measure_code, period_code, breakdown, group_code, group_name, place, known as person_count
    from filled
    union all
    select 'offered' as measure_code, period_code, breakdown, group_code, group_name, place, offered as person_count
    from filled
    union all
    select 'accepted' as measure_code, period_code, breakdown, group_code, group_name, place, accepted as person_count
    from filled
    union all
    select 'engaged' as measure_code, period_code, breakdown, group_code, group_name, place, engaged as person_count
    from filled
    union all
    select 'completed' as measure_code, period_code, breakdown, group_code, group_name, place, completed as person_count
    from filled
    union all
    select 'charged' as measure_code, period_code, breakdown, group_code, group_name, place, charged as person_count
    from filled
    union all
    select 'withdrawn' as measure_code, period_code, breakdown, group_code, group_name, place, withdrawn as person_count
    from filled
),

by_suspect as (
    select 'known' as measure_code, period_code, breakdown, group_code, known as person_count
    from counted_by_suspect
    union all
    select 'offered' as measure_code, period_code, breakdown, group_code, offered as person_count
    from counted_by_suspect
    union all
    select 'accepted' as measure_code, period_code, breakdown, group_code, accepted as person_count
    from counted_by_suspect
    union all
    select 'engaged' as measure_code, period_code, breakdown, group_code, engaged as person_count
    from counted_by_suspect
    union all
    select 'completed' as measure_code, period_code, breakdown, group_code, completed as person_count
    from counted_by_suspect
    union all
    select 'charged' as measure_code, period_code, breakdown, group_code, charged as person_count
    from counted_by_suspect
    union all
    select 'withdrawn' as measure_code, period_code, breakdown, group_code, withdrawn as person_count
    from counted_by_suspect
),

most_by_suspect as (
    select measure_code, period_code, breakdown, group_code, max(person_count) as person_count
    from by_suspect
    group by measure_code, period_code, breakdown, group_code
),

offers as (
    select
        p.period_code,
        o.offered_month,
        s.service_name,
        o.is_accepted,
        o.is_accepted and o.contact_days is not null as is_contacted
    from core.support_offers as o
    inner join core.support_periods as p
        on o.offered_date >= p.period_start and o.offered_date < p.period_end and p.is_held
    left join core.services as s on o.service_ref = s.service_ref
),

offer_groups as (
    select period_code, 'all' as breakdown, 'all' as group_code, 'All' as group_name, is_accepted, is_contacted
    from offers
    union all
    select
        period_code,
        'month',
        cast(offered_month as varchar),
        cast(offered_month as varchar),
        is_accepted,
        is_contacted
    from offers
    union all
    select
        period_code,
        'service',
        coalesce(service_name, 'not recorded'),
        coalesce(service_name, 'Not recorded'),
        is_accepted,
        is_contacted
    from offers
),

numbers as (
    select unnest([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) as place
),

months as (
    select p.period_code, cast(p.period_start + interval 1 month * n.place as date) as month
    from core.support_periods as p
    cross join numbers as n
    where p.is_held
),

offer_grid as (
    select period_code, 'all' as breakdown, 'all' as group_code, 'All' as group_name
    from core.support_periods
    where is_held
    union
    select period_code, 'month', cast(month as varchar), cast(month as varchar)
    from months
    union
    select p.period_code, g.breakdown, g.group_code, g.group_name
    from core.support_periods as p
    cross join (select distinct breakdown, group_code, group_name from offer_groups where breakdown = 'service') as g
    where p.is_held
),

offers_seen as (
    select
        period_code,
        breakdown,
        group_code,
        count(*) as referrals,
        count(*) filter (where is_accepted) as referrals_accepted,
        count(*) filter (where is_contacted) as referrals_contacted
    from offer_groups
    group by period_code, breakdown, group_code
),

offers_counted as (
    select
        g.period_code,
        g.breakdown,
        g.group_code,
        g.group_name,
        coalesce(s.referrals, 0) as referrals,
        coalesce(s.referrals_accepted, 0) as referrals_accepted,
        coalesce(s.referrals_contacted, 0) as referrals_contacted
    from offer_grid as g
    left join offers_seen as s
        on g.period_code = s.period_code and g.breakdown = s.breakdown and g.group_code = s.group_code
),

cells as (
    select measure_code, period_code, breakdown, group_code, group_name, place, person_count
    from victims
    where
        (breakdown not in ('disability', 'sexual_orientation', 'religion')
            or measure_code in ('offered', 'accepted', 'engaged', 'completed'))
        and (breakdown <> 'support' or measure_code in ('known', 'charged', 'withdrawn'))
    union all
    select 'referrals', period_code, breakdown, group_code, group_name, 0, referrals
    from offers_counted
    union all
    select 'referrals_accepted', period_code, breakdown, group_code, group_name, 0, referrals_accepted
    from offers_counted
    union all
    select 'referrals_contacted', period_code, breakdown, group_code, group_name, 0, referrals_contacted
    from offers_counted
),

needed as (
    select m.measure_code, m.needs_source, unnest(string_split(coalesce(m.needs_field, ''), ', ')) as field_name
    from reference.support_measures as m
),

supplied as (
    -- measured where the table was delivered with one at least of the fields that can tell it
    select n.measure_code, max(case when n.field_name <> '' and a.field_name is not null then 0 else 1 end) as is_supplied
    from needed as n
    inner join (select distinct source from core.current_periods) as p on n.needs_source = p.source
    left join core.absent_fields as a on n.needs_source = a.source and n.field_name = a.field_name
    group by n.measure_code
),

first_offers as (
    select cast(date_trunc('month', min(offered_date)) as date) as first_month
    from core.support_offers
),

unmeasured as (
    -- a year in whose first month no service told of an offer yet is not measured: a part of a year is not one
    select p.period_code, m.measure_code
    from core.support_periods as p
    cross join reference.support_measures as m
    cross join first_offers as f
    where m.needs_source = 'referrals' and coalesce(f.first_month > p.period_start, true)
),

named as (
    -- a month is the same month in whichever year's evidence it stands
    select
        cells.measure_code,
        cells.period_code,
        cells.breakdown,
        cells.group_code,
        cells.group_name,
        cells.place,
        cells.person_count,
        case
            when cells.breakdown = 'month' then cells.measure_code || '|month|' || cells.group_code
            else cells.measure_code || '|' || cells.period_code || '|' || cells.breakdown || '|' || cells.group_code
        end as cell_ref
    from cells
)

select
    c.cell_ref,
    c.measure_code,
    c.period_code,
    c.breakdown,
    c.group_code,
    c.group_name,
    c.place,
    case
        when coalesce(s.is_supplied, 0) = 1
            and u.measure_code is null
            -- who is supported, and who is not, is known where services tell whom they accepted
            and (c.breakdown <> 'support' or (coalesce(t.is_supplied, 0) = 1 and x.measure_code is null))
            then c.person_count
    end as person_count,
    case when c.breakdown <> 'all' then c.measure_code || '|' || c.period_code || '|all|all' end as total_ref,
    h.cell_ref as parent_ref,
    coalesce(c.person_count > 0 and b.person_count = c.person_count, false) as is_of_one_suspect
from named as c
inner join reference.support_measures as m on c.measure_code = m.measure_code
left join supplied as s on c.measure_code = s.measure_code
left join supplied as t on t.measure_code = 'accepted'
left join unmeasured as u on c.measure_code = u.measure_code and c.period_code = u.period_code
left join unmeasured as x on x.measure_code = 'accepted' and c.period_code = x.period_code
left join named as h
    on m.parent_code = h.measure_code
    and c.period_code = h.period_code
    and c.breakdown = h.breakdown
    and c.group_code = h.group_code
left join most_by_suspect as b
    on c.measure_code = b.measure_code
    and c.period_code = b.period_code
    and c.breakdown = b.breakdown
    and c.group_code = b.group_code
