-- /// card
-- description = "One row is a person on the list by at least one lens of harm, with the rank by each."
-- grain = ["person_ref"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     "Advisory only: a list for officers to review.",
--     "Sentencing-based harm under-represents stalking.",
--     "Everyone who shares the last rank is on the list.",
-- ]
-- [columns]
-- "person_ref, harm_cchi, is_sentencing_assumed, harm_css, is_severity_assumed" = "metrics.repeat_suspects"
-- harm_behaviour = "metrics.repeat_suspects"
-- sentencing_rank = ["bigint", "Rank by sentencing harm; null where it is not known"]
-- severity_rank = ["bigint", "Rank by severity"]
-- behaviour_rank = ["bigint", "Rank by behaviour"]
-- list_count = ["integer", "Number of lenses that put the person on the list; 1: one lens only", "lenses"]
-- ///

-- The window is two years.
with settings as (
    select backtest_list_length as list_length
    from core.settings
),

people as (
    select
        person_ref, harm_cchi, is_sentencing_assumed, harm_css, is_severity_assumed, harm_behaviour
    from metrics.repeat_suspects
    where window_days = 730
),

-- A rank is one more than the people with more harm. Many people share a figure, so the people of each figure are
-- counted first, and figures are put in order: to put all people in order would be the work of one task.
figures as (
    select 'sentencing' as lens, harm_cchi as harm, count(*) as person_count
    from people
    where harm_cchi is not null
    group by harm_cchi
    union all
    select 'severity' as lens, harm_css as harm, count(*) as person_count
    from people
    where harm_css is not null
    group by harm_css
    union all
    select 'behaviour' as lens, harm_behaviour as harm, count(*) as person_count
    from people
    where harm_behaviour is not null
    group by harm_behaviour
),

ranks as (
    select
        lens, harm,
        1 + coalesce(sum(person_count) over (
            partition by lens order by harm desc rows between unbounded preceding and 1 preceding
        ), 0) as rank
    from figures
),

ranked as (
    select
        p.*,
        cast(c.rank as bigint) as sentencing_rank,
        cast(s.rank as bigint) as severity_rank,
        cast(b.rank as bigint) as behaviour_rank
    from people as p
    left join ranks as c on c.lens = 'sentencing' and p.harm_cchi = c.harm
    left join ranks as s on s.lens = 'severity' and p.harm_css = s.harm
    left join ranks as b on b.lens = 'behaviour' and p.harm_behaviour = b.harm
)

select
    r.person_ref,
    r.harm_cchi,
    r.is_sentencing_assumed,
    r.harm_css,
    r.is_severity_assumed,
    r.harm_behaviour,
    r.sentencing_rank,
    r.severity_rank,
    r.behaviour_rank,
    case when r.sentencing_rank <= s.list_length then 1 else 0 end
    + case when r.severity_rank <= s.list_length then 1 else 0 end
    + case when r.behaviour_rank <= s.list_length then 1 else 0 end as list_count
from ranked as r
cross join settings as s
where r.sentencing_rank <= s.list_length or r.severity_rank <= s.list_length or r.behaviour_rank <= s.list_length
