-- /// card
-- description = "One row is a recorded crime, with checks of the order of its outcomes."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = ["A fact that cannot be assessed is null: not a pass."]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- outcome_count = ["bigint", "Outcome rows", "", "Crimes"]
-- current_outcome_count = ["bigint", "Outcome rows marked current"]
-- misplaced_outcome_count = ["bigint", """Rows earlier than the previous one, numbered twice, or current with a later \
--     one"""]
-- is_outcome_history_sound = ["boolean", """There is one current row, it is the last, and times follow the order of \
--     the numbers"""]
-- ///

-- Recording-standards 6.4 (OUT-17), 6.0.3: one current outcome row, in the order of its number.
with ordered as (
    select
        crime_ref,
        is_current,
        sequence_number,
        lead(sequence_number) over (partition by crime_ref order by sequence_number, outcome_at, outcome_ref) as next_number,
        outcome_at,
        lead(outcome_at) over (partition by crime_ref order by sequence_number, outcome_at, outcome_ref) as next_at
    from core.outcomes
),

counted as (
    select
        crime_ref,
        count(*) as outcome_count,
        count(*) filter (where is_current) as current_count,
        count(*) filter (where next_at < outcome_at or next_number = sequence_number) as misplaced_count,
        count(*) filter (where is_current and next_number is not null) as superseded_current_count
    from ordered
    group by crime_ref
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    coalesce(n.outcome_count, 0) as outcome_count,
    coalesce(n.current_count, 0) as current_outcome_count,
    coalesce(n.misplaced_count, 0) + coalesce(n.superseded_current_count, 0) as misplaced_outcome_count,
    -- a removed crime needs no outcome
    case
        when (c.is_cancelled or c.is_transferred) and n.crime_ref is null then null
        when q.reference_digest is not null then null -- the row of one of its outcomes was quarantined
        else coalesce(n.current_count, 0) = 1 and n.misplaced_count = 0 and n.superseded_current_count = 0
    end as is_outcome_history_sound
from core.crimes as c
left join counted as n on c.crime_ref = n.crime_ref
left join core.quarantined_references as q
    on q.source = 'outcome' and q.reference_digest = md5('crime_id=' || c.crime_ref)
