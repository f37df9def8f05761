-- /// card
-- description = "One row is a current delivery and a force whose records it may hold: what that force delivered."
-- grain = ["force_code", "source", "delivery_ref"]
-- audience = []
-- caveats = [
--     """In an extract of one force every delivery is that force's. Beside forces with figures, neighbours and crimes of \
--     no force have every delivery too: no figure is made of them.""",
--     """Of several forces, a file is that of the forces whose records it holds, and in a combined home of those of the \
--     home that it came from.""",
--     """A file with records of other forces alone is delivered by a force too if its crimes come in one file with \
--     theirs: that force has none, such as no orders. Not so outcomes, parties, risk assessments, contacts, custody, \
--     allocations and investigators, which no force is without: there it is not delivered.""",
--     "A file that holds no record of a force that is known counts for each force that has no better one.",
-- ]
-- [columns]
-- force_code = ["varchar", "ONS code of the force; null for crimes of no force"]
-- source = ["varchar", "Table that was delivered"]
-- delivery_ref = ["varchar", "Current delivery"]
-- ///

-- Not delivered and none are two things: only who delivered a table has none of it.
with forces as (
    select force_code
    from core.extract_forces
    where has_figures or has_enough_crimes
),

-- of one force there is nothing to keep apart: without rows here no record is read below
several as (
    select force_code
    from forces
    where (select count(*) from forces) > 1
),

crimes as (
    select c.crime_ref, c.force_code, i.oic_id
    from core.crimes as c
    inner join several as s on c.force_code = s.force_code
    left join raw.crime as i on c.crime_ref = i.crime_id
),

usual as (
    select source
    from (
        values ('outcome'), ('party_role'), ('risk_assessment'), ('victim_contact'), ('custody'), ('allocation'),
            ('investigator')
    ) as u (source)
),

deliveries as (
    select distinct source, delivery_ref
    from core.current_periods
),

records as (
    select 'crime' as source, delivery_ref, crime_id from raw.crime
    union all
    select 'allocation', delivery_ref, crime_id from raw.allocation
    union all
    select 'case_file', delivery_ref, crime_id from raw.case_file
    union all
    select 'case_step', delivery_ref, crime_id from raw.case_step
    union all
    select 'classification_history', delivery_ref, crime_id from raw.classification_history
    union all
    select 'cps_submission', delivery_ref, crime_id from raw.cps_submission
    union all
    select 'crime_flag', delivery_ref, crime_id from raw.crime_flag
    union all
    select 'crime_link', delivery_ref, crime_id from raw.crime_link
    union all
    select 'custody', delivery_ref, crime_id from raw.custody
    union all
    select 'bail', b.delivery_ref, c.crime_id
    from raw.bail as b
    inner join raw.custody as c on b.custody_id = c.custody_id
    union all
    select 'included_classification', delivery_ref, crime_id from raw.included_classification
    union all
    select 'line_of_enquiry', delivery_ref, crime_id from raw.line_of_enquiry
    union all
    select 'notice', delivery_ref, crime_id from raw.notice
    union all
    select 'outcome', delivery_ref, crime_id from raw.outcome
    union all
    select 'party_role', delivery_ref, crime_id from raw.party_role
    union all
    select 'referral', delivery_ref, crime_id from raw.referral
    union all
    select 'removal', delivery_ref, crime_id from raw.removal
    union all
    select 'review', delivery_ref, crime_id from raw.review
    union all
    select 'risk_assessment', delivery_ref, crime_id from raw.risk_assessment
    union all
    select 'risk_plan', p.delivery_ref, a.crime_id
    from raw.risk_plan as p
    inner join raw.risk_assessment as a on p.ra_id = a.ra_id
    union all
    select 'victim_contact', delivery_ref, crime_id from raw.victim_contact
    union all
    select 'victim_engagement', delivery_ref, crime_id from raw.victim_engagement
),

officers as (
    select oic_id as person_id, force_code
    from crimes
    where oic_id is not null
    union
    select a.investigator_id, c.force_code
    from raw.allocation as a
    inner join crimes as c on a.crime_id = c.crime_ref
),

-- records that name no crime are of a force by their order, victim, officer or people
found as (
    select r.source, r.delivery_ref, c.force_code
    from records as r
    inner join crimes as c on r.crime_id = c.crime_ref
    union
    select 'order_', t.delivery_ref, f.force_code
    from raw.order_ as t
    inner join core.order_facts as f on t.order_id = f.order_ref
    inner join several as s on f.force_code = s.force_code
    union
    select 'order_breach', t.delivery_ref, b.force_code
    from raw.order_breach as t
    inner join core.order_breaches as b on t.breach_id = b.breach_ref
    inner join several as s on b.force_code = s.force_code
    union
    select 'order_event', t.delivery_ref, f.force_code
    from raw.order_event as t
    inner join core.order_facts as f on t.order_id = f.order_ref
    inner join several as s on f.force_code = s.force_code
    union
    select 'order_condition', t.delivery_ref, f.force_code
    from raw.order_condition as t
    inner join core.order_facts as f on t.order_id = f.order_ref
    inner join several as s on f.force_code = s.force_code
    union
    select 'referrals', t.delivery_ref, r.force_code
    from raw.referrals as t
    inner join core.service_referrals as r on t.referral_id = r.referral_ref
    inner join several as s on r.force_code = s.force_code
    union
    select 'investigator', t.delivery_ref, o.force_code
    from raw.investigator as t
    inner join officers as o on t.person_id = o.person_id
    union
    select 'staff_course', t.delivery_ref, o.force_code
    from raw.staff_course as t
    inner join officers as o on t.person_id = o.person_id
    union
    select 'investigator_absence', t.delivery_ref, o.force_code
    from raw.investigator_absence as t
    inner join officers as o on t.person_id = o.person_id
    union
    select 'person', t.delivery_ref, p.force_code
    from raw.person as t
    inner join core.person_forces as p on t.person_key = p.person_key
    inner join several as s on p.force_code = s.force_code
    union
    select 'management', t.delivery_ref, p.force_code
    from raw.management as t
    inner join core.person_forces as p on t.person_key = p.person_key
    inner join several as s on p.force_code = s.force_code
),

-- of a combined home only the forces of the home that the file came from
open_to as (
    select d.source, d.delivery_ref, s.force_code, coalesce(k.is_only_force, false) as is_of_it_alone
    from deliveries as d
    cross join several as s
    left join (select distinct delivery_ref from raw.combined_deliveries) as n on d.delivery_ref = n.delivery_ref
    left join raw.combined_deliveries as k on d.delivery_ref = k.delivery_ref and s.force_code = k.force_code
    where n.delivery_ref is null or k.delivery_ref is not null
),

held as (
    select f.source, f.delivery_ref, f.force_code
    from found as f
    inner join open_to as o
        on f.source = o.source and f.delivery_ref = o.delivery_ref and f.force_code = o.force_code
),

-- forces whose crimes come in one file: the rest of their extract does too
together as (
    select distinct h.source, h.delivery_ref, b.force_code
    from held as h
    inner join held as a on a.source = 'crime' and h.force_code = a.force_code
    inner join held as b on b.source = 'crime' and a.delivery_ref = b.delivery_ref
),

judged as (
    select
        o.force_code,
        o.source,
        o.delivery_ref,
        o.is_of_it_alone or h.force_code is not null as is_own,
        a.delivery_ref is null or (t.force_code is not null and u.source is null) as is_possible
    from open_to as o
    left join held as h on o.source = h.source and o.delivery_ref = h.delivery_ref and o.force_code = h.force_code
    left join (select distinct source, delivery_ref from held) as a
        on o.source = a.source and o.delivery_ref = a.delivery_ref
    left join together as t
        on o.source = t.source and o.delivery_ref = t.delivery_ref and o.force_code = t.force_code
    left join usual as u on o.source = u.source
),

preferred as (
    select *, bool_or(is_own) over (partition by force_code, source) as has_own
    from judged
),

others as (
    select force_code
    from core.crimes
    union
    select force_code
    from forces
    union
    -- an extract without crimes has its other tables all the same
    select cast(null as varchar)
)

select force_code, source, delivery_ref
from preferred
where is_own or (is_possible and not has_own)
union all
select o.force_code, d.source, d.delivery_ref
from deliveries as d
cross join others as o
where o.force_code is null or o.force_code not in (select force_code from several)
