-- /// card
-- description = "One row is a service that a victim of stalking or harassment is owed."
-- grain = ["measure_code", "record_ref", "arises_at"]
-- audience = []
-- caveats = [
--     "A needs assessment without a time may not have been made or not been dated: not known.",
--     """Decisions are outcomes. Arrest and release have measures of their own, in which a contact counts whose kind is \
--     not given.""",
--     "Bail changes, hearings, reviews, property and complaints are steps of the case (case_step).",
-- ]
-- [columns]
-- measure_code = "columns"
-- record_type = ["varchar", "Subject of the duty: crime, outcome, custody, step or referral"]
-- "record_ref, crime_ref, arises_at, done_at, is_kept, is_undated" = "columns"
-- ///

-- Strategic-assessment 1, V13, V15, V28, M9; VIC-01 to 06. Times are in working days where the Victims' Code uses them.
with limits as (
    select victims_contact_gap_days as gap_days
    from core.settings
),

-- an offer after the as-of moment was not yet made
offers as (
    select
        crime_ref,
        min(offered_at) filter (where has_consent is not null) as offered_at,
        min(offered_at) as first_offered_at
    from core.referrals
    where offered_at is not null
    group by crime_ref
),

-- each arrest and each release, with the first later contact that did not come from the victim
steps as (
    select custody_ref, crime_ref, arrested_at as step_at from core.custodies where arrested_at is not null
    union
    select custody_ref, crime_ref, released_at from core.custodies where released_at is not null
),

told as (
    select s.custody_ref, s.step_at, min(v.contact_at) as contact_at
    from steps as s
    inner join core.victim_contacts as v on s.crime_ref = v.crime_ref and v.contact_at >= s.step_at
    where
        not v.is_from_victim
        and (v.contact_kind is null or v.contact_kind in ('arrest', 'interview', 'release', 'bail'))
    group by s.custody_ref, s.step_at
),

-- what a victim was informed of, where contacts have a kind
informed as (
    select
        crime_ref,
        bool_or(contact_kind = 'acknowledgement') as is_acknowledged,
        bool_or(contact_kind in ('information', 'support')) as is_informed,
        bool_or(contact_kind = 'compensation') as is_compensation
    from core.victim_contacts
    cross join core.extract_moments as m
    where not is_from_victim and contact_at <= m.as_of_at
    group by crime_ref
),

statements as (
    select distinct crime_ref
    from core.case_file_items
    where item = 'vps' and is_present
)

select
    'victim_enhanced' as measure_code,
    'crime' as record_type,
    crime_ref as record_ref,
    crime_ref,
    recorded_at as arises_at,
    cast(null as timestamptz) as done_at,
    has_enhanced_rights as is_kept,
    false as is_undated
from core.crimes
where is_stalking_or_harassment
union all
-- an assessment without a time may not have been made or not been dated: not known, as in VIC-02
select
    'victim_needs', 'crime', crime_ref, crime_ref, recorded_at, needs_assessed_at, null, needs_assessed_at is null
from core.crimes
where is_stalking_or_harassment
union all
-- if rights are not known, no limit is known
select
    case when has_enhanced_rights then 'victim_told_enhanced' else 'victim_told' end,
    'outcome', outcome_ref, crime_ref, outcome_at,
    case when has_enhanced_rights is not null then informed_at end,
    null, has_enhanced_rights is null
from core.victim_decision_facts
union all
select
    case when c.has_enhanced_rights then 'victim_told_custody_enhanced' else 'victim_told_custody' end,
    'custody', s.custody_ref, s.crime_ref, s.step_at,
    case when c.has_enhanced_rights is not null then t.contact_at end,
    null, c.has_enhanced_rights is null
from steps as s
inner join core.crimes as c on s.crime_ref = c.crime_ref
left join told as t on s.custody_ref = t.custody_ref and s.step_at = t.step_at
where c.is_stalking_or_harassment
union all
select
    m.measure_code, 'crime', c.crime_ref, c.crime_ref, c.reported_at, null,
    coalesce(
        case m.measure_code
            when 'victim_acknowledged' then i.is_acknowledged
            when 'victim_informed' then i.is_informed
            else i.is_compensation
        end,
        false
    ),
    false
from core.crimes as c
cross join (values ('victim_acknowledged'), ('victim_informed'), ('victim_compensation')) as m (measure_code)
left join informed as i on c.crime_ref = i.crime_ref
where c.is_stalking_or_harassment
union all
-- steps of which the victim is to hear; if rights are not known, no limit is known
select
    case
        when s.step_kind = 'bail_change' and c.has_enhanced_rights then 'victim_bail_enhanced'
        when s.step_kind = 'bail_change' then 'victim_bail'
        when s.step_kind in ('hearing', 'court_result') then 'victim_court'
        when s.step_kind = 'review_of_decision' then 'victim_review'
        else 'victim_complaint'
    end,
    'step', s.step_ref, s.crime_ref, s.raised_at,
    case when s.step_kind <> 'bail_change' or c.has_enhanced_rights is not null then s.done_at end,
    null, s.step_kind = 'bail_change' and c.has_enhanced_rights is null
from core.case_steps as s
inner join core.crimes as c on s.crime_ref = c.crime_ref
where
    c.is_stalking_or_harassment
    and s.step_kind in ('bail_change', 'hearing', 'court_result', 'review_of_decision', 'complaint')
union all
select 'victim_property', 'step', s.step_ref, s.crime_ref, s.raised_at, s.done_at, s.done_at is not null, false
from core.case_steps as s
inner join core.crimes as c on s.crime_ref = c.crime_ref
where c.is_stalking_or_harassment and s.step_kind = 'property'
union all
select 'victim_statement_taken', 'crime', f.crime_ref, f.crime_ref, c.outcome_at, null, s.crime_ref is not null, false
from core.victim_service_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
left join statements as s on f.crime_ref = s.crime_ref
where f.is_charged
union all
select 'victim_referred', 'crime', c.crime_ref, c.crime_ref, c.reported_at, o.first_offered_at, null, false
from core.crimes as c
left join offers as o on c.crime_ref = o.crime_ref
where c.is_stalking_or_harassment
union all
select
    'victim_contact', 'crime', f.crime_ref, f.crime_ref, c.recorded_at, null,
    f.longest_contact_gap_days <= l.gap_days, false
from core.victim_service_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
cross join limits as l
where f.is_open
union all
select
    'victim_statement', 'crime', f.crime_ref, f.crime_ref, c.outcome_at, c.personal_statement_offered_at,
    f.is_personal_statement_offered, false
from core.victim_service_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
where f.is_charged
union all
select
    'referral_offered', 'crime', f.crime_ref, f.crime_ref, c.recorded_at, o.offered_at,
    f.consented_referral_count > 0, false
from core.victim_service_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
left join offers as o on f.crime_ref = o.crime_ref
where f.class_code = '8Q'
union all
-- a victim who declined is owed no referral; where consent was not recorded, this is not known
select
    'referral_accepted', 'referral', r.referral_ref, r.crime_ref, coalesce(r.sent_at, r.offered_at),
    case when r.has_consent then r.accepted_at end, null, r.has_consent is null
from core.referrals as r
inner join core.crimes as c on r.crime_ref = c.crime_ref
where c.is_stalking_or_harassment and coalesce(r.has_consent, true)
union all
select 'referral_engaged', 'referral', s.referral_ref, s.crime_ref, s.accepted_at, null, s.is_engaged, false
from core.service_referrals as s
left join core.crimes as c on s.crime_ref = c.crime_ref
where s.accepted_at is not null and coalesce(c.is_stalking_or_harassment, true)
