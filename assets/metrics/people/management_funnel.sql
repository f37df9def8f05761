-- /// card
-- description = """One row is a stage of a programme with the number of people who reached it; no person can be \
--     identified."""
-- grain = ["programme", "stage"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = ["A person at a later stage counts in the earlier ones too, even if those were not recorded."]
-- [columns]
-- programme = "core.managements"
-- stage = ["varchar", "identified, ranked, adopted, plan, review or exit"]
-- stage_place = ["integer", "Order of the stage, from 1"]
-- person_count = ["bigint", "People who reached at least this stage", "people", "People"]
-- repeat_suspect_count = ["bigint", "Of these, repeat suspects of the last two years; null where no crime has a suspect", "people", "Repeat suspects"]
-- ///

with stages as (
    select 1 as place, 'identified' as stage
    union all select 2, 'ranked'
    union all select 3, 'adopted'
    union all select 4, 'plan'
    union all select 5, 'review'
    union all select 6, 'exit'
),

reached as (
    select g.programme, g.person_ref, max(s.place) as furthest
    from core.managements as g
    inner join core.extract_moments as m on g.from_date <= london_date(m.as_of_at)
    inner join stages as s on g.stage = s.stage
    group by g.programme, g.person_ref
),

repeat_people as (
    select distinct person_ref
    from metrics.repeat_suspects
    where window_days = 730 and is_repeat
)

select
    r.programme,
    s.stage,
    s.place as stage_place,
    count(*) as person_count,
    case when bool_or(k.are_known) then count(p.person_ref) end as repeat_suspect_count
from reached as r
inner join stages as s on s.place <= r.furthest
cross join (select max(named_suspect_count) > 0 as are_known from core.crimes) as k
left join repeat_people as p on r.person_ref = p.person_ref
group by r.programme, s.stage, s.place
