-- The V100 preset: a year, more than one accusation, the sum of sentencing harm, the first hundred. All who share the last
-- rank stay on the list. Strategic-assessment 3.2; empty without the force's own index (metrics.v100_states says why).
with settings as (
    select max(value) filter (key = 'v100.list_length') as list_length
    from reference.settings
),

ranked as (
    select *, rank() over (order by harm_days desc) as rank
    from core.v100_suspects
    where is_current and harm_days is not null
),

marks as (
    select person_ref, min(linkage_mark) as linkage_mark
    from core.people
    group by person_ref
)

select
    r.suspect_ref as person_ref,
    r.crime_count,
    r.harm_days,
    r.assumed_crime_count,
    r.rank,
    coalesce(m.linkage_mark, 'not measured') as linkage_mark
from ranked as r
cross join settings as s
left join marks as m on r.suspect_ref = m.person_ref
where r.rank <= s.list_length
