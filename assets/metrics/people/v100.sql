-- /// card
-- description = """One row is a person on the V100 list, as of now: suspected of more than one crime in a year, \
--     ranked by total sentencing harm."""
-- grain = ["person_ref"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     "Sentencing-based harm under-represents stalking.",
--     "Advisory only: a score orders a list for officers to review; it is not a judgement of anyone.",
--     "Suspects are not offenders: most are not convicted.",
--     """Only crimes of stalking and harassment, principal or included. The Metropolitan Police list of the same name \
--     covers all violence against women and girls.""",
--     """Everyone who shares the last rank stays on the list, so it may be longer than the setting. A person with a \
--     crime without days has no rank: metrics.v100_states counts them.""",
-- ]
-- [columns]
-- person_ref = "columns"
-- "crime_count, harm_days, assumed_crime_count" = "core.v100_suspects"
-- rank = ["bigint", "Rank by harm_days; equal sums share one", "", "Rank"]
-- linkage_mark = "columns"
-- ///

-- The V100 preset: one year, more than one accusation, total sentencing harm, first hundred. Everyone who shares the
-- last rank stays on the list. Strategic-assessment 3.2; empty without the force's own index (metrics.v100_states gives
-- the reason).
with settings as (
    select v100_list_length as list_length
    from core.settings
),

people as (
    select *
    from core.v100_suspects
    where is_current and harm_days is not null
),

-- people are counted by harm first, and a rank is one more than the people with more: no task puts all people in order
figures as (
    select harm_days, count(*) as person_count
    from people
    group by harm_days
),

ranks as (
    select
        harm_days,
        cast(1 + coalesce(sum(person_count) over (
            order by harm_days desc rows between unbounded preceding and 1 preceding
        ), 0) as bigint) as rank
    from figures
),

ranked as (
    select
        p.*, f.rank
    from people as p
    inner join ranks as f on p.harm_days = f.harm_days
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
