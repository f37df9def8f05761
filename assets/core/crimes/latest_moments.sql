-- /// card
-- description = "One row is a crime or order with its latest past moment in the extract."
-- grain = ["record_type", "record_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Due, expiry and end dates may be in the future and are left out.",
--     "A breach of an order that has its own crime belongs to that crime.",
-- ]
-- [columns]
-- record_type = ["varchar", "crime or order"]
-- record_ref = ["varchar", "Crime or order"]
-- latest_at = ["timestamp with time zone", "Latest moment in its rows", "UTC"]
-- latest_table = ["varchar", "Table of the extract with that moment"]
-- ///

-- STR-07 is about past events, so due, expiry and end dates are left out (settled points, as-of). Each row belongs to
-- the crime or order that it names (6.0.2).
with moments as (
    select 'crime' as record_type, crime_ref as record_ref, 'crime' as extract_table,
        greatest(
            reported_at, recorded_at, offence_from_at, offence_to_at, needs_assessed_at, personal_statement_offered_at
        ) as moment
    from core.crimes
    union all
    select 'order', order_ref, 'order_', greatest(applied_at, granted_at, served_at, notified_at, considered_at)
    from core.orders
    union all
    select
        case when crime_ref is null then 'order' else 'crime' end,
        coalesce(crime_ref, order_ref),
        'order_breach',
        greatest(breached_at, arrested_at)
    from core.order_breaches
    union all
    select 'crime', crime_ref, 'included_classification', added_at from core.included_classifications
    union all
    select 'crime', crime_ref, 'classification_history', changed_at from core.classification_changes
    union all
    select 'crime', crime_ref, 'removal', greatest(removed_at, accepted_at, victim_informed_at) from core.removals
    union all
    select 'crime', crime_ref, 'crime_flag', set_at from core.crime_flags
    union all
    select 'crime', crime_ref, 'crime_link', linked_at from core.crime_links
    union all
    select 'crime', crime_ref, 'party_role', greatest(first_added_at, eliminated_at) from core.parties
    union all
    select 'crime', crime_ref, 'outcome', greatest(outcome_at, victim_informed_at) from core.outcomes
    union all
    select 'crime', crime_ref, 'victim_engagement', engaged_at from core.victim_engagements
    union all
    select 'crime', crime_ref, 'victim_contact', contact_at from core.victim_contacts
    union all
    select 'crime', crime_ref, 'risk_assessment', greatest(started_at, completed_at) from core.risk_assessments
    union all
    select 'crime', a.crime_ref, 'risk_plan', p.closed_at
    from core.risk_plans as p
    inner join core.risk_assessments as a on p.assessment_ref = a.assessment_ref
    union all
    select 'crime', crime_ref, 'case_step', greatest(raised_at, done_at) from core.case_steps
    union all
    select 'order', order_ref, 'order_event', event_at from core.order_events
    union all
    select 'crime', crime_ref, 'review', reviewed_at from core.reviews
    union all
    select 'crime', crime_ref, 'allocation', greatest(allocated_at, single_point_of_contact_consulted_at)
    from core.allocations
    union all
    select 'crime', crime_ref, 'line_of_enquiry', greatest(raised_at, done_at) from core.lines_of_enquiry
    union all
    select 'crime', crime_ref, 'notice', issued_at from core.notices
    union all
    select 'crime', crime_ref, 'referral', greatest(offered_at, sent_at, accepted_at) from core.referrals
    union all
    select 'crime', crime_ref, 'custody', greatest(arrested_at, interviewed_at, released_at) from core.custodies
    union all
    select 'crime', c.crime_ref, 'bail', greatest(b.started_at, b.breached_at)
    from core.bails as b
    inner join core.custodies as c on b.custody_ref = c.custody_ref
    union all
    select 'crime', crime_ref, 'cps_submission', greatest(submitted_at, decided_at) from core.cps_submissions
    union all
    select 'crime', crime_ref, 'case_file', completed_at from core.case_file_items
),

latest as (
    select record_type, record_ref, max(moment) as moment
    from moments
    where record_ref is not null and moment is not null
    group by record_type, record_ref
)

-- if two tables have the same moment, take the first by name: every build then gives the same table
select l.record_type, l.record_ref, l.moment as latest_at, min(m.extract_table) as latest_table
from latest as l
inner join moments as m on l.record_type = m.record_type and l.record_ref = m.record_ref and l.moment = m.moment
group by l.record_type, l.record_ref, l.moment
