-- Crimes of stalking and harassment that left the cohorts: cancelled or transferred by the as-of moment (1.3).
with settings as (
    select max(value) filter (where key = 'outcomes.recent_days') as recent_days
    from reference.settings
),

own as (
    select
        t.offence_class,
        count(*) as recorded_count,
        case
            when (select count(*) from core.current_periods where source = 'removal') > 0
                then count(*) filter (where t.removal_type = 'cancelled')
        end as cancelled_count,
        case
            when (select count(*) from core.current_periods where source = 'removal') > 0
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
