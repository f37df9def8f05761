-- /// card
-- description = "One row is a dated entry on the records of a suspect and a victim, as of now."
-- grain = ["dyad_ref", "entry_type", "record_ref"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     "Suspects are not offenders.",
--     """Behaviours are words found by a lexicon that makes errors in both directions, not findings; a record without \
--     text is not measured.""",
--     """Outcomes and risk assessments belong to a crime: if it has several suspects or victims, each of them has the \
--     entry.""",
--     "Only reports that count as of now: crimes that were removed, or whose suspect was eliminated, are left out.",
--     "Records that were not delivered are missing: a gap does not mean that nothing happened.",
-- ]
-- [columns]
-- dyad_ref = ["varchar", "Suspect and victim as a dyad"]
-- person_ref = ["varchar", "Suspect, as a linked person; the reference is the same from build to build"]
-- victim_ref = "columns"
-- entry_at = ["timestamp with time zone", "Moment; an order expires at the end of its last day, London", "UTC", "When"]
-- entry_type = ["varchar", """report, risk assessment, arrest, outcome, order granted, order expires \
--     or order breach""", "", "What"]
-- record_ref = ["varchar", "Record with the entry"]
-- words = ["varchar", """Class and behaviours, grade, kind of order or outcome code; no words of a \
--     record""", "", "Class and behaviours, kind, grade or code"]
-- event_number = ["bigint", "Number of its event among those of the pair; null where it belongs to none", "", "Event"]
-- ///

-- Strategic-assessment 3.5, 4.4: codes and references only. Other entries of a crime go to every pair of it, because
-- records do not say which pair they concern.
with reports as (
    select r.dyad_ref, r.suspect_ref, r.victim_ref, r.crime_ref, r.reported_at, e.event_number
    from core.reports_as_of as r
    inner join core.suspect_events as e
        on e.is_current and r.dyad_ref = e.dyad_ref
        and r.reported_at >= e.event_at and r.reported_at <= e.last_reported_at
    where r.is_current
),

pairs as (
    select distinct dyad_ref, suspect_ref, victim_ref
    from reports
),

bound as (
    select o.order_ref, o.order_type, o.granted_at, o.expires_date, p.dyad_ref, p.suspect_ref, p.victim_ref
    from core.orders as o
    left join core.people as b on o.respondent_key = b.person_key
    left join core.people as v on o.victim_key = v.person_key
    inner join pairs as p
        on p.suspect_ref = coalesce(b.person_ref, o.respondent_key)
        and p.victim_ref = coalesce(v.person_ref, o.victim_key)
),

entries as (
    select
        r.dyad_ref,
        r.suspect_ref,
        r.victim_ref,
        r.reported_at as entry_at,
        'report' as entry_type,
        r.crime_ref as record_ref,
        'class ' || coalesce(c.class_code, 'not known') || ': ' || case
            when b.crime_ref is null then 'behaviour not measured'
            else coalesce(
                nullif(
                    concat_ws(
                        ', ',
                        case when b.has_threat then 'threat' end,
                        case when b.has_violence_or_effect then 'violence or effect' end,
                        case when b.has_coercion then 'coercion' end,
                        case when b.has_stalking_behaviour then 'stalking behaviour' end,
                        case when b.is_fixated_or_obsessive then 'fixated or obsessive' end,
                        case when b.is_online then 'online' end,
                        case when b.is_order_breach then 'breach of an order' end,
                        case when b.has_graver_class then 'graver class' end
                    ),
                    ''
                ),
                'no behaviour found'
            )
        end as words,
        r.event_number
    from reports as r
    left join core.crimes as c on r.crime_ref = c.crime_ref
    left join core.crime_behaviours as b on r.crime_ref = b.crime_ref
    union all
    select
        r.dyad_ref,
        r.suspect_ref,
        r.victim_ref,
        a.completed_at,
        'risk assessment',
        a.assessment_ref,
        'grade ' || coalesce(a.risk_grade, 'not known'),
        r.event_number
    from core.risk_assessments as a
    inner join reports as r on a.crime_ref = r.crime_ref
    where a.completed_at is not null
    union all
    select
        r.dyad_ref,
        r.suspect_ref,
        r.victim_ref,
        k.arrested_at,
        'arrest',
        k.custody_ref,
        'for crime ' || r.crime_ref,
        r.event_number
    from core.custodies as k
    left join core.people as p on k.person_key = p.person_key
    inner join reports as r
        on k.crime_ref = r.crime_ref and coalesce(p.person_ref, k.person_key) = r.suspect_ref
    where k.arrested_at is not null
    union all
    select
        r.dyad_ref,
        r.suspect_ref,
        r.victim_ref,
        o.outcome_at,
        'outcome',
        o.outcome_ref,
        'outcome ' || coalesce(o.outcome_code, 'not known') || ' of crime ' || r.crime_ref
        || case when o.is_current then '' else ', no longer current' end,
        r.event_number
    from core.outcomes as o
    inner join reports as r on o.crime_ref = r.crime_ref
    where o.outcome_at is not null
    union all
    select dyad_ref, suspect_ref, victim_ref, granted_at, 'order granted', order_ref, order_type, null
    from bound
    where granted_at is not null
    union all
    select
        dyad_ref,
        suspect_ref,
        victim_ref,
        -- last second of its last day
        (cast(expires_date as timestamp) + interval 86399 second) at time zone 'Europe/London',
        'order expires',
        order_ref,
        order_type,
        null
    from bound
    where granted_at is not null and expires_date is not null
    union all
    select
        o.dyad_ref,
        o.suspect_ref,
        o.victim_ref,
        b.breached_at,
        'order breach',
        b.breach_ref,
        o.order_type || case
            when b.crime_ref is null then ', no crime recorded for it' else ', crime ' || b.crime_ref
        end,
        r.event_number
    from core.order_breaches as b
    inner join bound as o on b.order_ref = o.order_ref
    left join reports as r on b.crime_ref = r.crime_ref and o.dyad_ref = r.dyad_ref
    where b.breached_at is not null
)

select
    dyad_ref,
    suspect_ref as person_ref,
    victim_ref,
    entry_at,
    entry_type,
    record_ref,
    coalesce(words, 'not known') as words,
    cast(event_number as bigint) as event_number
from entries
