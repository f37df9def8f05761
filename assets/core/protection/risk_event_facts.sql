-- /// card
-- description = "One row is an event that changes risk: arrest, release, bail, order, breach, no further action."
-- grain = ["crime_ref", "event_type", "event_at"]
-- audience = []
-- caveats = [
--     "Events of tables that were not delivered are missing.",
--     "A fact that cannot be assessed is null: not a pass.",
-- ]
-- [columns]
-- crime_ref = "columns"
-- "force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- event_type = ["varchar", "Event"]
-- event_at = ["timestamp with time zone", "When", "UTC"]
-- reassessed_at = ["timestamp with time zone", "When the next assessment was complete; null without one", "UTC"]
-- hours_to_reassessment = ["double", "To the next completed assessment; null without one", "hours"]
-- is_reassessed_in_time = ["boolean", "Within the hours set; null while there is still time"]
-- ///

-- Recording-standards 6.5, RSK-04: reassessment after an event that changes risk, for 8Q, 8L and 8U. Bail changes when
-- a further bail row of the crime starts, or when bail is breached.
with settings as (
    select risk_reassessment_hours as limit_hours
    from core.settings
),

bailed as (
    select
        c.crime_ref,
        b.started_at,
        b.breached_at,
        row_number() over (partition by c.crime_ref order by b.started_at, b.breached_at) as place
    from core.bails as b
    inner join core.custodies as c on b.custody_ref = c.custody_ref
),

case_events as (
    select crime_ref, 'arrest' as event_type, arrested_at as event_at
    from core.custodies
    union all
    select crime_ref, 'release', released_at
    from core.custodies
    union all
    select crime_ref, 'change of bail', started_at
    from bailed
    where place > 1
    union all
    select crime_ref, 'breach of bail', breached_at
    from bailed
    union all
    select crime_ref, 'no further action', outcome_at
    from core.outcomes
    where is_no_further_action
),

order_events as (
    select null as crime_ref, 'order served' as event_type, served_at as event_at, victim_key, respondent_key
    from core.orders
    union all
    select b.crime_ref, 'breach of an order', b.breached_at, o.victim_key, o.respondent_key
    from core.order_breaches as b
    inner join core.orders as o on b.order_ref = o.order_ref
),

-- an event of an order belongs to the pair: it counts for the crime of the breach, otherwise for the pair's latest
-- crime
events as (
    select e.crime_ref, e.event_type, e.event_at, e.crime_ref as subject_ref
    from case_events as e
    inner join core.crimes as c on e.crime_ref = c.crime_ref
    inner join reference.class_groups as g on g.class_group = 'risk assessed' and c.class_code = g.code
    where e.event_at is not null
    union all
    select
        -- of crimes recorded at one moment, the one with the last reference: not the one whose row came first
        coalesce(e.crime_ref, max_by(p.crime_ref, {'recorded_at': p.recorded_at, 'crime_ref': p.crime_ref})),
        e.event_type,
        e.event_at,
        p.pair_ref
    from order_events as e
    inner join core.pair_crimes as p
        on e.victim_key = p.victim_key and e.respondent_key = p.suspect_key and p.recorded_at <= e.event_at
    inner join reference.class_groups as g on g.class_group = 'risk assessed' and p.class_code = g.code
    group by e.crime_ref, e.event_type, e.event_at, p.pair_ref
),

assessments as (
    select crime_ref as subject_ref, completed_at
    from core.risk_assessments
    where completed_at is not null
    union all
    select p.pair_ref, a.completed_at
    from core.risk_assessments as a
    inner join core.pair_crimes as p on a.crime_ref = p.crime_ref
    where a.completed_at is not null
),

followed as (
    select e.crime_ref, e.event_type, e.event_at, min(a.completed_at) as reassessed_at
    from events as e
    left join assessments as a on e.subject_ref = a.subject_ref and a.completed_at >= e.event_at
    group by e.crime_ref, e.event_type, e.event_at
)

select
    f.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    f.event_type,
    f.event_at,
    f.reassessed_at,
    hours_between(f.event_at, f.reassessed_at) as hours_to_reassessment,
    case
        when hours_between(f.event_at, f.reassessed_at) <= s.limit_hours then true
        when hours_between(f.event_at, m.as_of_at) > s.limit_hours then false
    end as is_reassessed_in_time
from followed as f
cross join settings as s
cross join core.extract_moments as m
left join core.crimes as c on f.crime_ref = c.crime_ref
