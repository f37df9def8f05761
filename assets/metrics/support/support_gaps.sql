-- /// card
-- description = "One row is a gap between need and support in the current year, for the whole force or an area."
-- grain = ["breakdown", "group_code", "gap_code"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """From released figures: limits come from the possible counts, and for the reporting gap from the survey's \
--     interval too.""",
--     """The reporting gap compares stalking as the survey defines it with victims of crimes recorded as stalking: the \
--     two define it differently, so an order of magnitude only, and of the whole force alone.""",
--     """In an area: victims without an area are spread in proportion (metrics.support_area_steps); the limits have none \
--     or all of them in it.""",
--     """The capacity gap is accepted offers minus cases that services can take; negative where there is spare \
--     capacity.""",
-- ]
-- [columns]
-- period_code = "core.support_periods"
-- breakdown = ["varchar", "all or area"]
-- group_code = ["varchar", "Area"]
-- gap_code = ["varchar", "reporting, referral, take_up or capacity"]
-- place = ["integer", "Order"]
-- gap_name = ["varchar", "Description", "", "Gap"]
-- gap_count = ["double", "The gap; null where a figure is not released or not measured", "persons"]
-- gap_lower = ["double", "Smallest possible value", "persons"]
-- gap_upper = ["double", "Largest possible value", "persons"]
-- ///

-- strategic-assessment 6.3: need, known, offered, accepted, and the gaps between them. Only released figures are used,
-- so that no gap reveals more than they do; its limits are those of the two figures.
with current_period as (
    select period_code
    from core.support_periods
    where period_type = 'current' and is_held
),

steps as (
    select
        f.measure_code as step_code,
        f.breakdown,
        f.group_code,
        cast(f.value as double) as value,
        f.least,
        f.greatest,
        0 as unplaced_least,
        0 as unplaced_greatest
    from metrics.released_figures as f
    inner join current_period as p on f.period_code = p.period_code
    where f.breakdown = 'all' or (f.breakdown = 'area' and f.group_code = 'not recorded')
    union all
    select
        measure_code,
        'area',
        group_code,
        spread_count,
        spread_lower,
        spread_upper - unplaced_greatest,
        unplaced_least,
        unplaced_greatest
    from metrics.support_area_steps
    union all
    select 'need', breakdown, group_code, need_count, need_lower, need_upper, 0, 0
    from metrics.support_need
    where need_code = 'stalking'
    union all
    -- where one service does not state its capacity, the total is not known
    select
        'capacity',
        'all',
        'all',
        case when count(*) = count(capacity_count) then sum(capacity_count) end,
        case when count(*) = count(capacity_count) then sum(capacity_count) end,
        case when count(*) = count(capacity_count) then sum(capacity_count) end,
        0,
        0
    from metrics.support_capacity
),

gaps as (
    select 'reporting' as gap_code, 1 as place, 'need' as more, 'known_stalking' as less,
        'Expected victims of stalking who are not known to police as such' as gap_name
    union all
    select 'referral', 2, 'known', 'offered', 'Known victims who were not offered support'
    union all
    select 'take_up', 3, 'offered', 'accepted', 'Offers of support that no service accepted'
    union all
    select 'capacity', 4, 'referrals_accepted', 'capacity', 'Accepted offers above capacity'
)

select
    p.period_code,
    l.breakdown,
    l.group_code,
    g.gap_code,
    g.place,
    g.gap_name,
    m.value - l.value as gap_count,
    -- These gaps cannot be negative; a negative capacity gap is spare capacity. A victim without an area who reached
    -- the later step reached the earlier one too: at most those who did not add to the gap of an area.
    case
        when g.gap_code in ('referral', 'take_up') then greatest(0, m.least - l.greatest)
        else m.least - l.greatest - l.unplaced_greatest
    end as gap_lower,
    m.greatest - l.least + greatest(0, m.unplaced_greatest - l.unplaced_least) as gap_upper
from gaps as g
cross join current_period as p
inner join steps as l on g.less = l.step_code
left join steps as m on g.more = m.step_code and l.breakdown = m.breakdown and l.group_code = m.group_code
-- need is not estimated of areas
where g.gap_code <> 'reporting' or l.breakdown = 'all'
