-- /// card
-- description = """One row is a class with the crimes recorded in the last two years: how many were cancelled or \
--     transferred by the as-of day, or have an unreadable outcome."""
-- grain = ["offence_class"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Cancelled: removed under C2 to C5. Transferred to another force: C1. Both are left out of every share of \
--     outcomes.""",
--     "Crimes recorded in the two years before the as-of day (a setting); recent ones had less time to be removed.",
-- ]
-- [columns]
-- offence_class = "columns"
-- recorded_count = ["bigint", "Crimes recorded, including removed ones", "crimes", "Recorded"]
-- cancelled_count = ["bigint", "Of these, cancelled; null where removals were not delivered", "crimes", "Cancelled"]
-- transferred_count = ["bigint", """Of these, transferred; null where removals were not \
--     delivered""", "crimes", "Transferred"]
-- unread_count = ["bigint", """Of these, with an outcome without a date or a readable code: left out of every share \
--     of outcomes""", "crimes", "Outcome cannot be read"]
-- ///

-- Crimes that left the cohorts: cancelled or transferred by the as-of moment (1.3).
with settings as (
    select outcomes_recent_days as recent_days
    from core.settings
),

own as (
    select
        t.offence_class,
        count(*) as recorded_count,
        case
            when (select count(*) from core.force_deliveries where source = 'removal') > 0
                then count(*) filter (where t.removal_type = 'cancelled')
        end as cancelled_count,
        case
            when (select count(*) from core.force_deliveries where source = 'removal') > 0
                then count(*) filter (where t.removal_type = 'transferred')
        end as transferred_count,
        count(*) filter (where t.is_outcome_unread) as unread_count
    from core.outcome_times as t
    cross join settings as s
    where t.is_principal and t.followed_days <= s.recent_days
    group by t.offence_class
)

select * from own
union all
select
    'S&H',
    cast(sum(recorded_count) as bigint),
    cast(sum(cancelled_count) as bigint),
    cast(sum(transferred_count) as bigint),
    cast(sum(unread_count) as bigint)
from own
having count(*) > 0
