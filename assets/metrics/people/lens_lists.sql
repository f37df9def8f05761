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

ranked as (
    select
        person_ref,
        harm_cchi,
        is_sentencing_assumed,
        harm_css,
        is_severity_assumed,
        harm_behaviour,
        case when harm_cchi is not null
            then rank() over (order by harm_cchi desc nulls last)
        end as sentencing_rank,
        case when harm_css is not null
            then rank() over (order by harm_css desc nulls last)
        end as severity_rank,
        case when harm_behaviour is not null
            then rank() over (order by harm_behaviour desc nulls last)
        end as behaviour_rank
    from metrics.repeat_suspects
    where window_days = 730
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
