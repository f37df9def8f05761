-- /// card
-- description = "One row is a group of a breakdown in a year, with or without people in it."
-- grain = ["period_code", "unit", "breakdown", "group_code"]
-- by_force = true
-- audience = []
-- caveats = ["Characteristics without any recorded value have no row for their groups."]
-- [columns]
-- period_code = "columns"
-- unit = ["varchar", "victims or offers"]
-- "breakdown, group_code, group_name" = "columns"
-- place = ["integer", "Order"]
-- ///

-- Every group has a row in every year: a missing row would reveal that the group is empty.
with recorded as (
    select distinct breakdown
    from core.support_groups
    where group_code not in ('not recorded', 'Other value', 'all')
),

months as (
    select unnest([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) as place
),

anywhere as (
    select distinct unit, breakdown, group_code, group_name
    from core.support_groups
    where breakdown <> 'month'
    union
    select 'victims', e.breakdown, e.group_name, e.group_name
    from reference.equality_groups as e
    inner join recorded as r on e.breakdown = r.breakdown
    where e.group_name <> 'Not recorded'
    union
    select 'offers', 'all', 'all', 'All'
),

groups as (
    select p.period_code, a.unit, a.breakdown, a.group_code, a.group_name
    from core.support_periods as p
    cross join anywhere as a
    where p.is_held
    union all
    select
        p.period_code,
        'offers',
        'month',
        cast(cast(p.period_start + interval 1 month * m.place as date) as varchar),
        cast(cast(p.period_start + interval 1 month * m.place as date) as varchar)
    from core.support_periods as p
    cross join months as m
    where p.is_held
),

placed as (
    select breakdown, group_name, min(place) as place
    from reference.equality_groups
    group by breakdown, group_name
)

select
    g.period_code,
    g.unit,
    g.breakdown,
    g.group_code,
    g.group_name,
    -- in the order of the list, then other groups by name, then not recorded
    cast(coalesce(p.place, case when g.group_code in ('not recorded', 'Other value') then 99 else 0 end) as integer)
        as place
from groups as g
left join placed as p on g.breakdown = p.breakdown and g.group_name = p.group_name
