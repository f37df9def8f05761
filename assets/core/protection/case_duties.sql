-- /// card
-- description = "One row is a duty in the investigation of a case or in its file, or after a single report."
-- grain = ["measure_code", "record_ref", "arises_at"]
-- audience = []
-- caveats = ["An item of a case file that was not delivered is missing."]
-- [columns]
-- measure_code = "columns"
-- record_type = ["varchar", "Subject of the duty: crime or pair"]
-- "record_ref, crime_ref, arises_at, done_at, is_kept, is_undated" = "columns"
-- ///

-- Strategic-assessment 1, V5, V6, V9, V14, V15, V18, V19, V21 to V29; INV-01, 03 to 06, NOT-01 and 02, FIL-01 to 04,
-- ORD-08.
with limits as (
    select investigation_absence_days as absence_days
    from core.settings
),

special_measures as (
    select crime_ref, min(completed_at) as completed_at, bool_or(is_present) as is_present
    from core.case_file_items
    where item = 'mg2' and is_present
    group by crime_ref
),

-- the first report of a pair and the next one
reports as (
    select
        pair_ref,
        occasion_ref,
        occasion_at,
        row_number() over (partition by pair_ref order by occasion_at, occasion_ref) as place,
        lead(occasion_at) over (partition by pair_ref order by occasion_at, occasion_ref) as next_at
    from core.pair_occasions
),

singles as (
    select r.pair_ref, min(p.crime_ref) as crime_ref, r.occasion_at, r.next_at
    from reports as r
    inner join core.pair_crimes as p
        on r.pair_ref = p.pair_ref and r.occasion_ref = coalesce(p.incident_ref, p.crime_ref)
    inner join reference.class_groups as g on g.class_group = 'in scope' and p.class_code = g.code
    where r.place = 1
    group by r.pair_ref, r.occasion_at, r.next_at
)

select
    'allocated_by_risk' as measure_code,
    'crime' as record_type,
    f.crime_ref as record_ref,
    f.crime_ref,
    c.recorded_at as arises_at,
    cast(null as timestamptz) as done_at,
    f.is_allocated_by_risk as is_kept,
    false as is_undated
from core.allocation_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
where f.needs_detective
union all
-- a shorter absence needs no deputy: such absences would all count as covered
select
    'absence_covered', 'crime', f.crime_ref, f.crime_ref, c.recorded_at, null, f.uncovered_days <= l.absence_days, false
from core.absence_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
cross join limits as l
where f.absent_days > l.absence_days
union all
select 'digital_directed', 'crime', f.crime_ref, f.crime_ref, c.recorded_at, f.digital_enquiry_at, null, false
from core.enquiry_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
where f.is_stalking_or_harassment
union all
select
    'digital_done', 'crime', crime_ref, crime_ref, digital_required_at,
    case when digital_open_count = 0 then digital_done_at end, null, false
from core.enquiry_facts
where is_stalking_or_harassment and digital_required_at is not null
union all
select 'search_considered', 'crime', f.crime_ref, f.crime_ref, c.recorded_at, null, f.is_search_considered, false
from core.enquiry_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
where f.is_stalking or f.is_order_breach
union all
select 'notice_avoided', 'crime', f.crime_ref, f.crime_ref, c.recorded_at, null, not f.has_notice, false
from core.notice_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
union all
select 'notice_no_end', 'crime', crime_ref, crime_ref, first_notice_at, null, not is_closed_soon_after_notice, false
from core.notice_facts
where notice_count > 0
union all
select 'previous_linked', 'crime', f.crime_ref, f.crime_ref, c.recorded_at, null, f.unlinked_report_count = 0, false
from core.prior_report_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
union all
select m.measure_code, 'pair', s.pair_ref, s.crime_ref, s.occasion_at, s.next_at, null, false
from singles as s
cross join (values ('second_report_soon'), ('second_report_later')) as m (measure_code)
union all
select 'file_complete', 'crime', crime_ref, crime_ref, charged_at, null, missing_item_count = 0, false
from core.case_file_facts
where is_charged
union all
select
    'special_measures', 'crime', f.crime_ref, f.crime_ref, f.charged_at, s.completed_at, null,
    coalesce(s.is_present and s.completed_at is null, false)
from core.case_file_facts as f
left join special_measures as s on f.crime_ref = s.crime_ref
where f.is_charged
union all
select 'order_request', 'crime', crime_ref, crime_ref, charged_at, null, has_order_request, false
from core.case_file_facts
where is_charged
union all
select 'protocol_checklist', 'crime', crime_ref, crime_ref, charged_at, null, is_checklist_complete, false
from core.case_file_facts
where is_charged
union all
select 'early_advice', 'crime', f.crime_ref, f.crime_ref, c.recorded_at, null, f.has_early_advice, false
from core.case_file_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
where f.is_serious_stalking
