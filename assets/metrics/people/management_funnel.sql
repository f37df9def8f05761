-- /// card
-- description = "One row is a stage of a programme with how many people came at least that far; no person can be told."
-- grain = ["programme", "stage"]
-- audience = ["command", "integrity"]
-- caveats = ["Somebody at a later stage counts in the earlier ones, whether or not those were recorded."]
-- [columns]
-- programme = "core.managements"
-- stage = ["varchar", "identified, ranked, adopted, plan, review or exit"]
-- stage_place = ["integer", "Its place, from 1"]
-- person_count = ["bigint", "People who came at least that far", "people", "People"]
-- repeat_suspect_count = ["bigint", "Of them repeat suspects of the last two years", "people", "Repeat suspects"]
-- ///

-- From being identified to leaving: how far people came in each programme, and how many of them are repeat suspects of
-- the last two years.
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
    inner join core.extract_moments as m on g.from_date <= cast(m.as_of_at at time zone 'Europe/London' as date)
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
    count(p.person_ref) as repeat_suspect_count
from reached as r
inner join stages as s on s.place <= r.furthest
left join repeat_people as p on r.person_ref = p.person_ref
group by r.programme, s.stage, s.place
