-- /// card
-- description = """One row is crimes recorded on one day whose outcome was known to be this one, from one day until \
--     another: open, or with an outcome."""
-- grain = ["is_stalking", "recorded_date", "outcome_code", "outcome_group", "since_date", "held_from", "held_until"]
-- by_force = true
-- audience = []
-- caveats = [
--     """The crimes of measures of outcomes: principal, not removed and with an outcome that can be read, all as at the \
--     as-of moment.""",
--     """Each crime is in one row on each day from its recording. An outcome is known from its own time, and from that \
--     of those before it in the order of their numbers.""",
-- ]
-- [columns]
-- is_stalking = ["boolean", "Its class by then is stalking"]
-- recorded_date = "core.outcome_times"
-- outcome_code = ["varchar", "Outcome; null where open"]
-- outcome_group = ["varchar", "Published group of the outcome; null where open"]
-- since_date = ["date", "First day since which the group had not changed; null where open", "London"]
-- held_from = ["date", "First day on which it was known so, London"]
-- held_until = ["date", "First day on which it was no longer known so, London; null where that has not come"]
-- crime_count = "columns"
-- ///

-- What was known on a past day follows from the times of outcomes alone: a nowcast is tested by it.
with counted as (
    select
        t.crime_ref,
        t.recorded_date,
        g.code is not null as is_stalking
    from core.outcome_times as t
    left join reference.class_groups as g
        on g.class_group = 'stalking' and g.code_type = 'class' and t.offence_class = g.code
    where t.removal_type = '' and t.is_principal and not t.is_outcome_unread
),

known as (
    select
        *,
        case when lag(outcome_group) over (
            partition by crime_ref order by place_from_last desc
        ) is distinct from outcome_group then 1 else 0 end as begins_group,
        max(outcome_date) over (
            partition by crime_ref order by place_from_last desc rows between unbounded preceding and current row
        ) as known_date
    from core.known_outcomes
),

followed as (
    select
        *,
        sum(begins_group) over (
            partition by crime_ref order by place_from_last desc rows between unbounded preceding and current row
        ) as group_number,
        lead(known_date) over (partition by crime_ref order by place_from_last desc) as next_date
    from known
),

states as (
    select
        crime_ref,
        case when outcome_code <> '0' then outcome_code end as outcome_code,
        case when outcome_code <> '0' then outcome_group end as outcome_group,
        case when outcome_code <> '0' then min(outcome_date) over (
            partition by crime_ref, group_number
            order by place_from_last desc rows between unbounded preceding and current row
        ) end as since_date,
        known_date as held_from,
        next_date as held_until
    from followed
    union all
    -- until its first outcome a crime is open
    select c.crime_ref, null, null, null, c.recorded_date, min(k.known_date)
    from counted as c
    left join known as k on c.crime_ref = k.crime_ref
    group by c.crime_ref, c.recorded_date
)

select
    c.is_stalking,
    c.recorded_date,
    s.outcome_code,
    s.outcome_group,
    s.since_date,
    greatest(s.held_from, c.recorded_date) as held_from,
    s.held_until,
    count(*) as crime_count
from counted as c
inner join states as s on c.crime_ref = s.crime_ref
where coalesce(s.held_until > greatest(s.held_from, c.recorded_date), true)
group by all
