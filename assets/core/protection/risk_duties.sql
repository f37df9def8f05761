-- /// card
-- description = "One row is a duty about the safety of a victim: to assess, plan, review or reassess."
-- grain = ["measure_code", "record_ref", "arises_at"]
-- audience = []
-- caveats = ["Events and assessments of tables that were not delivered are missing."]
-- [columns]
-- measure_code = "columns"
-- record_type = ["varchar", "Subject of the duty: crime"]
-- "record_ref, crime_ref, arises_at, done_at, is_kept, is_undated" = "columns"
-- ///

-- Strategic-assessment 1: V1 to V3, M3. The facts are those of the rules RSK-01 to 05, 07 and 08.
with initial as (
    select
        a.crime_ref,
        a.completed_at,
        f.is_tool_suited,
        row_number() over (partition by a.crime_ref order by a.completed_at nulls last, a.assessment_ref) as place
    from core.risk_assessments as a
    left join core.risk_assessment_facts as f on a.assessment_ref = f.assessment_ref
    where a.stage = 'initial'
),

firsts as (
    select
        crime_ref,
        min(completed_at) as completed_at,
        bool_or(completed_at is null) as has_undated,
        bool_or(is_tool_suited) filter (where place = 1) as is_first_suited,
        min(completed_at) filter (where is_tool_suited) as suited_at,
        bool_or(is_tool_suited is null or (is_tool_suited and completed_at is null)) as has_doubt
    from initial
    group by crime_ref
),

raised as (
    select
        a.crime_ref,
        bool_or(a.risk_grade = 'high') as is_high,
        min(coalesce(a.completed_at, a.started_at)) as raised_at,
        bool_or(p.owner_ref is not null and p.review_due_date is not null) as is_planned,
        bool_or(p.assessment_ref is not null) as has_plan,
        bool_or(p.is_victim_consulted) as is_victim_consulted
    from core.risk_assessments as a
    left join core.risk_plans as p on a.assessment_ref = p.assessment_ref
    where a.risk_grade in ('medium', 'high')
    group by a.crime_ref
),

endorsed as (
    select crime_ref, min(reviewed_at) as reviewed_at
    from core.reviews
    where review_level in ('supervisor', 'manager', 'dci') and reviewer_ref is not null
    group by crime_ref
),

bail_ends as (
    select u.crime_ref, b.ended_at, min(a.completed_at) as reassessed_at
    from core.bails as b
    inner join core.custodies as u on b.custody_ref = u.custody_ref
    inner join core.crimes as c on u.crime_ref = c.crime_ref
    inner join reference.class_groups as g on g.class_group = 'risk assessed' and c.class_code = g.code
    left join core.risk_assessments as a on u.crime_ref = a.crime_ref and a.completed_at >= b.ended_at
    where b.ended_at is not null and b.bail_type in ('pre_charge_bail', 'post_charge_bail')
    group by u.crime_ref, b.ended_at
)

select
    'risk_assessed' as measure_code,
    'crime' as record_type,
    c.crime_ref as record_ref,
    c.crime_ref,
    c.reported_at as arises_at,
    f.completed_at as done_at,
    cast(null as boolean) as is_kept,
    coalesce(f.has_undated, false) as is_undated
from core.crimes as c
inner join reference.class_groups as g on g.class_group = 'risk assessed' and c.class_code = g.code
left join firsts as f on c.crime_ref = f.crime_ref
union all
-- where stalking or domestic abuse needs a tool; whether it is domestic abuse may not be known
select
    'risk_tool', 'crime', c.crime_ref, c.crime_ref, coalesce(f.completed_at, c.reported_at), f.completed_at,
    f.is_first_suited, false
from core.crimes as c
inner join firsts as f on c.crime_ref = f.crime_ref
where c.is_stalking_or_harassment and (c.class_code = '8Q' or coalesce(c.is_domestic_abuse, true))
union all
select
    'risk_assessed_with_tool', 'crime', c.crime_ref, c.crime_ref, c.reported_at, f.suited_at, null,
    coalesce(f.has_doubt, false)
from core.crimes as c
inner join reference.class_groups as g on g.class_group = 'risk assessed' and c.class_code = g.code
left join firsts as f on c.crime_ref = f.crime_ref
where
    c.is_stalking_or_harassment
    and (c.class_code = '8Q' or coalesce(c.is_domestic_abuse, true))
union all
-- the extract does not date a plan, so only its presence is assessed
select
    case when r.is_high then 'risk_plan_high' else 'risk_plan_medium' end,
    'crime', r.crime_ref, r.crime_ref, r.raised_at, null, r.is_planned, false
from raised as r
inner join core.crimes as c on r.crime_ref = c.crime_ref
where c.is_stalking_or_harassment
union all
-- a plan that does not say so leaves it open
select 'risk_victim_consulted', 'crime', r.crime_ref, r.crime_ref, r.raised_at, null, r.is_victim_consulted, false
from raised as r
inner join core.crimes as c on r.crime_ref = c.crime_ref
where c.is_stalking_or_harassment and r.has_plan
union all
select 'risk_supervisor', 'crime', c.crime_ref, c.crime_ref, c.recorded_at, e.reviewed_at, null, false
from core.crimes as c
inner join firsts as f on c.crime_ref = f.crime_ref
left join endorsed as e on c.crime_ref = e.crime_ref
where c.is_stalking_or_harassment
union all
select
    'risk_daily_meeting', 'crime', c.crime_ref, c.crime_ref, c.recorded_at, null,
    coalesce(c.is_in_daily_meeting, false), false
from core.crimes as c
where c.is_stalking_or_harassment and c.risk_grade = 'high'
union all
select
    'reassessed_' || replace(e.event_type, ' ', '_'), 'crime', e.crime_ref, e.crime_ref, e.event_at, e.reassessed_at,
    null, false
from core.risk_event_facts as e
union all
select 'reassessed_end_of_bail', 'crime', crime_ref, crime_ref, ended_at, reassessed_at, null, false
from bail_ends
