-- /// card
-- description = "One row is a person with an event on record, and the date until which their records are kept."
-- grain = ["person_ref"]
-- audience = ["integrity"]
-- caveats = [
--     """Events are crimes, outcomes, arrests, orders and their expiry, stages of management, and contacts with the \
--     victim. Each event begins the clear period again. Events outside the extract are not known.""",
--     """Which offences belong to which class is an assumption until the force's records manager confirms it: see \
--     reference.retention_classes.""",
--     """A person is not due while they have an open crime, an order without an end or a current programme. Nor is a \
--     person due whose class runs to an age and whose birth is not known.""",
--     "A person without any event has no row, and a purge does not erase them.",
-- ]
-- [columns]
-- person_ref = "columns"
-- class_code = ["varchar", "Retention class that keeps the person longest; null where none applies"]
-- class_name = "reference.retention_classes"
-- clear_years = ["integer", "Longest clear period among the person's classes", "years"]
-- clear_to_age = ["integer", "Age to which records are kept; null: no such limit", "years"]
-- crime_count = ["bigint", "Crimes in which the person has a part", "crimes"]
-- last_event_date = ["date", "Day of the last event, in London; the expiry of an order may be in the future"]
-- last_event_type = ["varchar", "crime, outcome, contact, custody, order, order expiry or management"]
-- is_archived = ["boolean", "Kept as an archive in the public interest"]
-- clear_until_date = ["date", "Last day of the clear period; null where the period does not run"]
-- kept_because = ["varchar", "Why the period does not run; null where it runs"]
-- is_due = ["boolean", "The clear period had ended on the as-of day"]
-- ///

-- Strategic-assessment 7, PIRM Code 2023: the longest class of any of the person's crimes applies, and every new event
-- begins the period again. Erased people are known by a token only and are not reviewed again.
with known as (
    select person_key, coalesce(person_ref, person_key) as person_ref
    from core.people
),

parts as (
    select distinct coalesce(k.person_ref, p.person_key) as person_ref, p.crime_ref, p.party_role
    from core.parties as p
    left join known as k on p.person_key = k.person_key
    where p.person_key is not null and p.person_key not like 'erased-%'
    union
    select coalesce(k.person_ref, u.person_key), u.crime_ref, 'arrested'
    from core.custodies as u
    left join known as k on u.person_key = k.person_key
    where u.person_key is not null and u.crime_ref is not null and u.person_key not like 'erased-%'
),

bound as (
    select coalesce(k.person_ref, o.respondent_key) as person_ref, o.order_ref
    from core.orders as o
    left join known as k on o.respondent_key = k.person_key
    where o.respondent_key is not null and o.respondent_key not like 'erased-%'
    union
    select coalesce(k.person_ref, o.victim_key), o.order_ref
    from core.orders as o
    left join known as k on o.victim_key = k.person_key
    where o.victim_key is not null and o.victim_key not like 'erased-%'
),

terms as (
    select
        o.order_ref,
        cast(
            greatest(o.considered_at, o.applied_at, o.granted_at, o.served_at) at time zone 'Europe/London' as date
        ) as made_date,
        o.expires_date,
        -- an order that was made, and may have no end date, is still in force
        o.granted_at is not null and o.expires_date is null and coalesce(k.can_be_open_ended, true) as is_in_force
    from core.orders as o
    left join reference.order_kinds as k on o.order_type = k.order_type
),

managed as (
    select person_ref, programme, from_date, to_date
    from core.managements
    where person_ref not like 'erased-%'
),

events as (
    select
        p.person_ref,
        london_date(greatest(c.reported_at, c.recorded_at)) as event_date,
        'crime' as event_type,
        c.is_open as is_going_on
    from parts as p
    inner join core.crimes as c on p.crime_ref = c.crime_ref
    union all
    select p.person_ref, o.outcome_date, 'outcome', false
    from parts as p
    inner join core.outcomes as o on p.crime_ref = o.crime_ref
    union all
    select p.person_ref, london_date(v.contact_at), 'contact', false
    from parts as p
    inner join core.victim_contacts as v on p.crime_ref = v.crime_ref
    where p.party_role = 'victim'
    union all
    select
        p.person_ref,
        london_date(greatest(u.arrested_at, u.interviewed_at, u.released_at)),
        'custody',
        false
    from parts as p
    inner join core.custodies as u on p.crime_ref = u.crime_ref
    where p.party_role = 'arrested'
    union all
    select b.person_ref, t.made_date, 'order', t.is_in_force
    from bound as b
    inner join terms as t on b.order_ref = t.order_ref
    union all
    select b.person_ref, t.expires_date, 'order expiry', false
    from bound as b
    inner join terms as t on b.order_ref = t.order_ref
    union all
    select person_ref, coalesce(to_date, from_date), 'management', to_date is null
    from managed
),

lasts as (
    select
        person_ref,
        max(event_date) as last_event_date,
        max_by(event_type, event_date) as last_event_type,
        bool_or(coalesce(is_going_on, false)) as is_going_on
    from (
        select person_ref, event_date, min(event_type) as event_type, bool_or(is_going_on) as is_going_on
        from events
        group by person_ref, event_date
    ) as by_day
    group by person_ref
),

grounds as (
    select p.person_ref, coalesce(r.applies_to, 'other') as applies_to, 'offence class' as kind
    from parts as p
    inner join core.crimes as c on p.crime_ref = c.crime_ref
    left join reference.retention_classes as r on r.kind = 'offence class' and c.class_code = r.applies_to
    union
    select person_ref, programme, 'programme'
    from managed
    union
    select person_ref, crime_ref, 'crime'
    from parts
),

ranked as (
    select
        g.person_ref,
        r.class_code,
        r.class_name,
        r.clear_years,
        r.clear_to_age,
        row_number() over (
            partition by g.person_ref
            order by coalesce(r.clear_to_age, 0) desc, coalesce(r.clear_years, 0) desc, r.class_code
        ) as place,
        max(r.clear_years) over (partition by g.person_ref) as longest_years,
        max(r.clear_to_age) over (partition by g.person_ref) as longest_age,
        max(case when r.is_archived then 1 else 0 end) over (partition by g.person_ref) = 1 as is_archived
    from grounds as g
    inner join reference.retention_classes as r on g.kind = r.kind and g.applies_to = r.applies_to
),

births as (
    select k.person_ref, max(p.birth_month) as birth_month
    from known as k
    inner join core.persons as p on k.person_key = p.person_key
    group by k.person_ref
),

counted as (
    select person_ref, count(distinct crime_ref) as crime_count
    from parts
    group by person_ref
),

dated as (
    select
        l.person_ref,
        r.class_code,
        r.class_name,
        r.longest_years,
        r.longest_age,
        coalesce(r.is_archived, false) as is_archived,
        coalesce(n.crime_count, 0) as crime_count,
        l.last_event_date,
        l.last_event_type,
        coalesce(l.is_going_on, false) as is_going_on,
        cast(l.last_event_date + interval 1 month * (12 * r.longest_years) as date) as clear_date,
        -- the day of birth is not known, so take the last day of the month
        last_day(cast(cast(b.birth_month || '-01' as date) + interval 1 month * (12 * r.longest_age) as date)) as age_date
    from lasts as l
    left join ranked as r on l.person_ref = r.person_ref and r.place = 1
    left join counted as n on l.person_ref = n.person_ref
    left join births as b on l.person_ref = b.person_ref
),

settled as (
    select
        *,
        case
            when is_archived then 'archived in the public interest'
            when class_code is null then 'no retention class'
            when is_going_on then 'a crime, order or programme has not ended'
            when longest_age is not null and age_date is null then 'age not known'
        end as kept_because
    from dated
),

days as (
    select london_date(max(as_of_at)) as as_of_date
    from core.extract_moments
)

select
    s.person_ref,
    s.class_code,
    s.class_name,
    s.longest_years as clear_years,
    s.longest_age as clear_to_age,
    s.crime_count,
    s.last_event_date,
    s.last_event_type,
    s.is_archived,
    case when s.kept_because is null then greatest(s.clear_date, s.age_date) end as clear_until_date,
    s.kept_because,
    coalesce(s.kept_because is null and greatest(s.clear_date, s.age_date) < d.as_of_date, false) as is_due
from settled as s
cross join days as d
