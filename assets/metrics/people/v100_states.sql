-- /// card
-- description = "One row is the state of the V100 list: there is always one."
-- grain = ["state"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = ["Sentencing-based harm under-represents stalking."]
-- [columns]
-- state = "core.list_states"
-- is_available = ["boolean", "A copy of the index was delivered and loaded"]
-- suspect_count = ["bigint", "People with more than one accusation in the window", "people", "Suspects"]
-- ranked_count = ["bigint", "Of these, people whose crimes all have days; null without the index", "people", "Ranked"]
-- listed_count = ["bigint", "People on the list; null without the index", "people", "Listed"]
-- ///

-- Without a V100 list, this table gives the reason.
with suspects as (
    select count(*) as suspect_count, count(harm_days) as ranked_count
    from core.v100_suspects
    where is_current
),

listed as (
    select count(*) as listed_count
    from metrics.v100
)

select
    i.state,
    i.is_loaded as is_available,
    u.suspect_count,
    case when i.is_loaded then u.ranked_count end as ranked_count,
    case when i.is_loaded then l.listed_count end as listed_count
from core.list_states as i
cross join suspects as u
cross join listed as l
where i.list_code = 'cambridge_harm_index'
