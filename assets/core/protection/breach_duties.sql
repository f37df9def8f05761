-- /// card
-- description = "One row is a duty after the breach of an order: a crime, an arrest, a charge."
-- grain = ["measure_code", "record_ref", "arises_at"]
-- audience = []
-- caveats = ["A breach with a written reason for no crime requires only the reason."]
-- [columns]
-- measure_code = "columns"
-- record_type = ["varchar", "Subject of the duty: breach"]
-- "record_ref, crime_ref, arises_at, done_at, is_kept, is_undated" = "columns"
-- ///

-- Strategic-assessment 1, V17; ORD-07. A breach with a written reason for no crime requires only the reason. An action
-- before the breach is no answer to it: whether there was a later one is then not known.
with charges as (
    select
        b.breach_ref,
        min(o.outcome_at) filter (where o.outcome_at >= b.breached_at) as charged_at,
        coalesce(bool_or(o.outcome_at < b.breached_at), false) as has_earlier_charge
    from core.order_breaches as b
    inner join core.outcomes as o on b.crime_ref = o.crime_ref
    where o.outcome_code in ('1', '1A')
    group by b.breach_ref
),

breaches as (
    select
        b.breach_ref,
        coalesce(b.crime_ref, f.crime_ref) as subject_ref,
        b.breached_at,
        case when b.arrested_at >= b.breached_at then b.arrested_at end as arrested_at,
        coalesce(b.arrested_at < b.breached_at, false) as has_earlier_arrest,
        b.crime_ref is not null as has_crime,
        case when c.recorded_at >= b.breached_at then c.recorded_at end as recorded_at,
        coalesce(c.recorded_at < b.breached_at, false) as has_earlier_crime,
        h.charged_at,
        coalesce(h.charged_at is null and h.has_earlier_charge, false) as has_earlier_charge,
        b.no_crime_rationale is not null as has_reason
    from core.order_breaches as b
    left join core.order_facts as f on b.order_ref = f.order_ref
    left join core.crimes as c on b.crime_ref = c.crime_ref
    left join charges as h on b.breach_ref = h.breach_ref
)

select
    'breach_answered' as measure_code,
    'breach' as record_type,
    breach_ref as record_ref,
    subject_ref as crime_ref,
    breached_at as arises_at,
    cast(null as timestamptz) as done_at,
    case when has_reason then true when not has_earlier_crime then has_crime end as is_kept,
    false as is_undated
from breaches
union all
-- a crime that the extract names but does not contain has no time of recording
select
    'breach_crime', 'breach', breach_ref, subject_ref, breached_at, recorded_at, null, has_crime and recorded_at is null
from breaches
where not has_reason
union all
select
    m.measure_code, 'breach', b.breach_ref, b.subject_ref, b.breached_at, b.arrested_at, null, b.has_earlier_arrest
from breaches as b
cross join (values ('breach_arrest_first'), ('breach_arrest_second'), ('breach_arrest_third')) as m (measure_code)
where not b.has_reason
union all
select 'breach_charge', 'breach', breach_ref, subject_ref, breached_at, charged_at, null, has_earlier_charge
from breaches
where not has_reason
