-- /// card
-- description = """One row is a month after a list was made, with the mean score of its people, managed since or \
--     never. No person can be identified."""
-- grain = ["cohort", "months_since"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """People are listed when their score is high, so a fall alone is not a success. Only a fall beyond that of \
--     people never managed counts.""",
--     "Managed people are not chosen at random: the two groups may differ in other ways.",
-- ]
-- [columns]
-- cohort = ["varchar", "adopted since, never managed, or managed before", "", "Group"]
-- months_since = ["bigint", "Months since the list was made", "months"]
-- as_of_at = "core.as_of_moments"
-- person_count = ["bigint", "People listed", "people", "People"]
-- mean_score = ["double", "Mean score; 0 for those without an event in the window", "0 to 100"]
-- mean_event_count = ["double", "Mean number of events in two years", "events", "Mean events in two years"]
-- ///

-- Regression to the mean (strategic-assessment 3.2): people are listed when scores are high, so their scores fall in
-- any case. The list of the first origin is followed month by month: people adopted by a programme since, and people
-- never managed.
with first_list as (
    select r.suspect_ref, r.as_of_at as listed_at
    from core.ranked_suspects as r
    inner join metrics.ranking_choice as c on r.method = c.method and c.is_used
    where r.is_listed and r.as_of_at = (select min(as_of_at) from core.as_of_moments where not is_current)
),

adopted as (
    select person_ref, min(from_date) as adopted_date
    from core.managements
    where stage in ('adopted', 'plan', 'review')
    group by person_ref
),

cohort as (
    select
        l.suspect_ref,
        l.listed_at,
        case
            when a.adopted_date is null then 'never managed'
            when a.adopted_date >= london_date(l.listed_at) then 'adopted since'
            else 'managed before'
        end as cohort
    from first_list as l
    left join adopted as a on l.suspect_ref = a.person_ref
),

moments as (
    select as_of_at, row_number() over (order by as_of_at) - 1 as months_since
    from core.as_of_moments
    where not is_current
)

select
    c.cohort,
    m.months_since,
    m.as_of_at,
    count(*) as person_count,
    -- without an event in the window the score is 0
    round(avg(coalesce(w.rfgv_score, 0)), 6) as mean_score,
    avg(coalesce(w.event_count, 0)) as mean_event_count
from cohort as c
cross join moments as m
left join core.suspect_windows as w
    on c.suspect_ref = w.suspect_ref and m.as_of_at = w.as_of_at and w.window_days = 730
group by c.cohort, m.months_since, m.as_of_at
