-- /// card
-- description = "One row is a crime whose risk was assessed or has to be."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = ["A fact that cannot be assessed is null: not a pass."]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- is_stalking_or_harassment = "core.crimes"
-- is_assessment_due = ["boolean", "Class 8Q, 8L or 8U"]
-- assessment_count = ["bigint", "Assessments of any stage"]
-- initial_assessment_count = ["bigint", "Assessments of stage initial"]
-- hours_to_first_assessment = ["double", "From the report to the earliest completed initial assessment", "hours"]
-- raised_assessment_count = ["bigint", "Assessments graded medium or high"]
-- planned_assessment_count = ["bigint", "Of these, assessments with a plan that has an owner and a review date"]
-- supervisor_review_count = ["bigint", "Reviews by a supervisor or above, with name and time"]
-- risk_grade = "core.crimes"
-- is_in_daily_meeting = ["boolean", "Discussed in the daily management meeting; an empty flag means no"]
-- ///

-- Recording-standards 6.5: RSK-01, 02, 05, 07, 08.
with assessed as (
    select
        a.crime_ref,
        count(*) as assessment_count,
        count(*) filter (where a.stage = 'initial') as initial_count,
        -- 6.0.10: the earliest of stage initial
        min(a.completed_at) filter (where a.stage = 'initial') as first_completed_at,
        count(*) filter (where a.risk_grade in ('medium', 'high')) as raised_count,
        count(*) filter (
            where a.risk_grade in ('medium', 'high') and p.owner_ref is not null and p.review_due_date is not null
        ) as planned_count
    from core.risk_assessments as a
    left join core.risk_plans as p on a.assessment_ref = p.assessment_ref
    group by a.crime_ref
),

endorsed as (
    select crime_ref, count(*) as review_count
    from core.reviews
    where review_level in ('supervisor', 'manager', 'dci') and reviewer_ref is not null and reviewed_at is not null
    group by crime_ref
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    c.is_stalking_or_harassment,
    g.code is not null as is_assessment_due,
    coalesce(a.assessment_count, 0) as assessment_count,
    coalesce(a.initial_count, 0) as initial_assessment_count,
    hours_between(c.reported_at, a.first_completed_at) as hours_to_first_assessment,
    coalesce(a.raised_count, 0) as raised_assessment_count,
    coalesce(a.planned_count, 0) as planned_assessment_count,
    coalesce(e.review_count, 0) as supervisor_review_count,
    c.risk_grade,
    coalesce(c.is_in_daily_meeting, false) as is_in_daily_meeting
from core.crimes as c
left join reference.class_groups as g on g.class_group = 'risk assessed' and c.class_code = g.code
left join assessed as a on c.crime_ref = a.crime_ref
left join endorsed as e on c.crime_ref = e.crime_ref
where g.code is not null or a.crime_ref is not null
