-- What follows the breach of an order, a duty a row (strategic-assessment 1, V17; ORD-07): a crime, an arrest, a
-- charge. A breach with a written reason why there is no crime owes the reason alone.
with charges as (
    select crime_ref, min(outcome_at) as charged_at
    from core.outcomes
    where outcome_code in ('1', '1A')
    group by crime_ref
),

breaches as (
    select
        b.breach_ref,
        coalesce(b.crime_ref, f.crime_ref) as subject_ref,
        b.breached_at,
        b.arrested_at,
        b.crime_ref is not null as has_crime,
        c.recorded_at,
        h.charged_at,
        b.no_crime_rationale is not null as has_reason
    from core.order_breaches as b
    left join core.order_facts as f on b.order_ref = f.order_ref
    left join core.crimes as c on b.crime_ref = c.crime_ref
    left join charges as h on b.crime_ref = h.crime_ref
)

select
    'breach_answered' as measure_code,
    'breach' as record_type,
    breach_ref as record_ref,
    subject_ref as crime_ref,
    breached_at as arises_at,
    cast(null as timestamptz) as done_at,
    has_crime or has_reason as is_kept,
    false as is_undated
from breaches
union all
-- a crime that the extract names and does not hold has no time of recording
select
    'breach_crime', 'breach', breach_ref, subject_ref, breached_at, recorded_at, null, has_crime and recorded_at is null
from breaches
where not has_reason
union all
select m.measure_code, 'breach', b.breach_ref, b.subject_ref, b.breached_at, b.arrested_at, null, false
from breaches as b
cross join (values ('breach_arrest_first'), ('breach_arrest_second'), ('breach_arrest_third')) as m (measure_code)
where not b.has_reason
union all
select 'breach_charge', 'breach', breach_ref, subject_ref, breached_at, charged_at, null, false
from breaches
where not has_reason
