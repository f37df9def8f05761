-- /// card
-- description = "One row is a duty in how a case is handled: who has it, who is asked, what is planned and reviewed."
-- grain = ["measure_code", "record_ref", "arises_at"]
-- audience = []
-- caveats = [
--     "A review or plan whose day has not come, or whose case was closed before it, has no duty.",
--     "A step counts once it was done (case_step); one that is only asked for does not.",
-- ]
-- [columns]
-- measure_code = "columns"
-- record_type = ["varchar", "Subject of the duty: crime, review, plan or step"]
-- "record_ref, crime_ref, arises_at, done_at, is_kept, is_undated" = "columns"
-- ///

-- Strategic-assessment 1, R2, R3, V6, V10, V14, V16, V24, V26, M5, M10, L3, L4.
with moment as (
    select as_of_at, london_date(as_of_at) as as_of_date
    from core.extract_moments
),

in_scope as (
    select crime_ref, class_code, ho_code, risk_grade, recorded_at, outcome_at, is_open
    from core.crimes
    where is_stalking_or_harassment
),

done as (
    select s.crime_ref, s.step_kind, min(s.done_at) as done_at
    from core.case_steps as s
    cross join moment as m
    where s.done_at <= m.as_of_at
    group by s.crime_ref, s.step_kind
),

-- the officer who had a case first
first_allocations as (
    select
        crime_ref,
        investigator_ref,
        allocated_at,
        row_number() over (partition by crime_ref order by allocated_at, investigator_ref) as place
    from core.allocations
    where allocated_at is not null and investigator_ref is not null
),

held as (
    select crime_ref, investigator_ref, allocated_at
    from first_allocations
    where place = 1
),

-- a course without a last day counts on
trained as (
    select h.crime_ref, bool_or(t.investigator_ref is not null) as is_trained
    from held as h
    left join core.staff_courses as t
        on
            h.investigator_ref = t.investigator_ref
            and t.course = 'stalking'
            and t.completed_on <= london_date(h.allocated_at)
            and coalesce(t.valid_until >= london_date(h.allocated_at), true)
    group by h.crime_ref
),

-- the case of the pair that was recorded before, while its officer had it
before as (
    select
        crime_ref,
        lag(crime_ref) over (partition by pair_ref order by reported_at, crime_ref) as earlier_ref,
        lag(reported_at) over (partition by pair_ref order by reported_at, crime_ref) as earlier_at,
        reported_at
    from core.pair_crimes
),

kept_officers as (
    select b.crime_ref, bool_or(e.investigator_ref = h.investigator_ref) as is_same
    from before as b
    inner join held as h on b.crime_ref = h.crime_ref
    inner join core.allocations as e on b.earlier_ref = e.crime_ref
    cross join core.settings as s
    where epoch(b.reported_at) - epoch(b.earlier_at) <= 86400.0 * s.investigation_continuity_days
    group by b.crime_ref
),

-- a review keeps the day that the one before it set
reviews as (
    select
        review_ref,
        crime_ref,
        reviewed_at,
        next_due_date,
        lead(reviewed_at) over (partition by crime_ref order by reviewed_at, review_ref) as next_at
    from core.reviews
    where reviewed_at is not null
),

plans as (
    select
        p.assessment_ref,
        a.crime_ref,
        a.completed_at,
        p.review_due_date,
        p.closed_at,
        -- of two due on one day the one that runs on
        row_number() over (partition by p.assessment_ref order by p.review_due_date, p.closed_at desc nulls first)
            as place
    from core.risk_plans as p
    inner join core.risk_assessments as a on p.assessment_ref = a.assessment_ref
    where p.review_due_date is not null and a.completed_at is not null
),

looked_at as (
    select crime_ref, reviewed_at as looked_at
    from core.reviews
    where reviewed_at is not null
    union all
    select crime_ref, completed_at
    from core.risk_assessments
    where completed_at is not null
),

plan_reviews as (
    select p.assessment_ref, min(l.looked_at) as reviewed_at
    from plans as p
    inner join looked_at as l on p.crime_ref = l.crime_ref and l.looked_at > p.completed_at
    group by p.assessment_ref
),

file_items as (
    select
        crime_ref,
        bool_or(item = 'risk_info' and is_present) as has_risk,
        bool_or(is_present) filter (where item = 'conditions_agreed') as are_conditions_agreed,
        bool_or(item = 'order_conditions' and is_present) as has_order_request
    from core.case_file_items
    group by crime_ref
)

select
    'trained_officer' as measure_code,
    'crime' as record_type,
    c.crime_ref as record_ref,
    c.crime_ref,
    c.recorded_at as arises_at,
    cast(null as timestamptz) as done_at,
    t.is_trained as is_kept,
    false as is_undated
from in_scope as c
inner join trained as t on c.crime_ref = t.crime_ref
union all
select 'same_officer', 'crime', c.crime_ref, c.crime_ref, c.recorded_at, null, k.is_same, false
from in_scope as c
inner join kept_officers as k on c.crime_ref = k.crime_ref
union all
select 'earlier_reports', 'crime', c.crime_ref, c.crime_ref, c.recorded_at, d.done_at, d.done_at is not null, false
from in_scope as c
left join done as d on c.crime_ref = d.crime_ref and d.step_kind = 'earlier_reports'
union all
select 'partner_consulted', 'crime', c.crime_ref, c.crime_ref, c.recorded_at, d.done_at, null, false
from in_scope as c
left join done as d on c.crime_ref = d.crime_ref and d.step_kind = 'partner'
where c.risk_grade = 'high'
union all
-- the first officer is below the level that section 4A and high risk ask for
select 'handover', 'crime', f.crime_ref, f.crime_ref, c.recorded_at, d.done_at, d.done_at is not null, false
from core.allocation_facts as f
inner join in_scope as c on f.crime_ref = c.crime_ref
inner join held as h on f.crime_ref = h.crime_ref
inner join core.investigators as i on h.investigator_ref = i.investigator_ref
cross join core.settings as s
left join done as d on f.crime_ref = d.crime_ref and d.step_kind = 'handover'
where f.needs_detective and i.pip_level < s.investigation_minimum_pip_level
union all
select 'problem_solving', 'crime', c.crime_ref, c.crime_ref, c.recorded_at, d.done_at, d.done_at is not null, false
from in_scope as c
inner join before as b on c.crime_ref = b.crime_ref
cross join core.settings as s
left join done as d on c.crime_ref = d.crime_ref and d.step_kind = 'problem_solving'
where epoch(b.reported_at) - epoch(b.earlier_at) <= 86400.0 * s.investigation_continuity_days
union all
select
    'tactic_used', 'crime', c.crime_ref, c.crime_ref, c.recorded_at, null,
    d.crime_ref is not null or k.crime_ref is not null, false
from in_scope as c
left join done as d on c.crime_ref = d.crime_ref and d.step_kind = 'disclosure_scheme'
left join done as k on c.crime_ref = k.crime_ref and k.step_kind = 'clinic'
where c.risk_grade = 'high'
union all
select 'target_hardening', 'step', s.step_ref, s.crime_ref, s.raised_at, s.done_at, null, false
from core.case_steps as s
semi join in_scope using (crime_ref)
where s.step_kind = 'target_hardening'
union all
select
    'review_on_time', 'review', r.review_ref, r.crime_ref, r.reviewed_at, null,
    coalesce(london_date(r.next_at) <= r.next_due_date, false), false
from reviews as r
inner join in_scope as c on r.crime_ref = c.crime_ref
cross join moment as m
where
    r.next_due_date < m.as_of_date
    and (c.is_open or coalesce(london_date(c.outcome_at) > r.next_due_date, false))
union all
select
    'plan_reviewed', 'plan', p.assessment_ref, p.crime_ref, p.completed_at, null,
    coalesce(london_date(v.reviewed_at) <= p.review_due_date, false), false
from plans as p
semi join in_scope using (crime_ref)
cross join moment as m
left join plan_reviews as v on p.assessment_ref = v.assessment_ref
where
    p.place = 1
    and p.review_due_date < m.as_of_date
    and (p.closed_at is null or london_date(p.closed_at) > p.review_due_date)
union all
select 'risk_in_file', 'crime', f.crime_ref, f.crime_ref, f.charged_at, null, coalesce(i.has_risk, false), false
from core.case_file_facts as f
left join file_items as i on f.crime_ref = i.crime_ref
where f.is_charged
union all
select 'conditions_agreed', 'crime', f.crime_ref, f.crime_ref, f.charged_at, null, i.are_conditions_agreed, false
from core.case_file_facts as f
inner join file_items as i on f.crime_ref = i.crime_ref
where f.is_charged and i.has_order_request
