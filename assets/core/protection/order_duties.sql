-- /// card
-- description = """One row is a duty about a protective order: to consider, to give grounds, to notify, to hear; or after \
--     its breach: a crime, an arrest, a charge."""
-- grain = ["measure_code", "record_ref", "arises_at"]
-- audience = []
-- caveats = [
--     "The time for the hearing of a notice leaves out Sundays, Christmas Day, Good Friday and bank holidays.",
--     "A breach with a written reason for no crime requires only the reason.",
-- ]
-- [columns]
-- measure_code = "columns"
-- record_type = ["varchar", "Subject of the duty: crime, order or breach"]
-- "record_ref, crime_ref, arises_at, done_at, is_kept, is_undated" = "columns"
-- ///

-- Strategic-assessment 1, V8, V17 and M5; ORD-01, 02, 04, 07 and 09. An action before a breach is no answer to it:
-- whether there was a later one is then not known.
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
    'order_considered' as measure_code,
    'crime' as record_type,
    f.crime_ref as record_ref,
    f.crime_ref,
    c.outcome_at as arises_at,
    cast(null as timestamptz) as done_at,
    f.is_order_considered as is_kept,
    false as is_undated
from core.order_consideration_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
-- stalking protection orders exist since that day (strategic-assessment 1)
where coalesce(london_date(c.outcome_at) >= date '2020-01-20', true)
union all
select 'order_grounds', 'order', order_ref, crime_ref, applied_at, null, has_all_grounds, false
from core.order_facts
where is_stalking_protection and applied_at is not null
union all
select 'order_notified', 'order', f.order_ref, f.crime_ref, f.served_at, o.notified_at, null, false
from core.order_facts as f
inner join core.orders as o on f.order_ref = o.order_ref
where f.is_notification_due
union all
select 'order_hearing', 'order', order_ref, crime_ref, served_at, hearing_at, null, false
from core.order_hearing_facts
union all
select
    'breach_answered', 'breach', breach_ref, subject_ref, breached_at, null,
    case when has_reason then true when not has_earlier_crime then has_crime end, false
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
