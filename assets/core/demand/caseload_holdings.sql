-- /// card
-- description = """One row is a crime of stalking or harassment that was open at a month end or at the as-of moment, \
--     with its investigator then."""
-- grain = ["measured_at", "is_as_of", "crime_ref"]
-- audience = []
-- caveats = [
--     "Unit and level come from the delivered list of investigators: earlier units are not known.",
--     "A force without tables of allocations and of investigators has no row: not measured.",
--     """What happens exactly at midnight belongs to the day that begins: at the end of the day before, it has not yet \
--     happened. At an as-of moment within a day, what happens at that moment has happened.""",
-- ]
-- [columns]
-- month = ["date", "Month that ends at the moment, or that includes the as-of moment"]
-- measured_at = ["timestamp with time zone", "Month end or as-of moment", "UTC"]
-- is_as_of = ["boolean", "The as-of moment; otherwise a month end"]
-- "crime_ref, force_code" = "core.open_crime_spans"
-- is_end_unknown = ["boolean", "The end of the crime is not known: it may have been closed"]
-- investigator_ref = ["varchar", "Investigator of the current allocation; null where there was none"]
-- is_investigator_known = ["boolean", "The investigator is in the list of investigators"]
-- "unit_name, pip_level" = "core.investigators"
-- risk_grade = ["varchar", "Grade of the latest graded risk assessment complete by then; null where there was none"]
-- is_risk_measured = ["boolean", """Risk assessments with grades and times were delivered; otherwise a missing grade \
--     means nothing"""]
-- is_investigator_away = ["boolean", """The investigator was absent at the moment; null where no absences were \
--     delivered"""]
-- ///

-- Strategic-assessment 1 (L12, V9): a new allocation replaces the earlier one.
with settings as (
    select
        cast(caseload_months as integer) as month_count
    from core.settings
),

month_ends as (
    select
        cast(
            date_trunc('month', (m.as_of_at - interval 1 second) at time zone 'Europe/London')
            - interval 1 month * n.number as date
        ) as month
    from core.extract_moments as m
    cross join settings as s
    cross join (select unnest(generate_series(0, 119)) as number) as n
    where n.number <= s.month_count
),

found as (
    select
        e.month,
        (cast(e.month as timestamp) + interval 1 month) at time zone 'Europe/London' as measured_at,
        false as is_as_of
    from month_ends as e
    cross join core.extract_moments as m
    where (cast(e.month as timestamp) + interval 1 month) at time zone 'Europe/London' <= m.as_of_at
    union all
    select
        month_of(london_date(as_of_at - interval 1 second)),
        as_of_at,
        true
    from core.extract_moments
    where as_of_at is not null
),

-- midnight ends a day and has nothing of the next one, as in metrics.measure_cells; other moments contain themselves
moments as (
    select
        *,
        case
            when date_trunc('day', measured_at at time zone 'Europe/London') = measured_at at time zone 'Europe/London'
                then measured_at
            else measured_at + interval 1 microsecond
        end as before_at
    from found
),

allocated as (
    select
        crime_ref,
        investigator_ref,
        allocated_at,
        least(
            ended_at,
            lead(allocated_at) over (partition by crime_ref order by allocated_at, investigator_ref desc)
        ) as ended_at
    from core.allocations
),

assessed as (
    select
        crime_ref,
        risk_grade,
        completed_at,
        -- an assessment without a grade replaces none; at equal times the higher reference counts, as in
        -- metrics.meeting_lists
        lead(completed_at) over (partition by crime_ref order by completed_at, assessment_ref) as replaced_at
    from core.risk_assessments
    where completed_at is not null and risk_grade is not null
),

away as (
    select distinct m.measured_at, b.investigator_ref
    from moments as m
    inner join core.investigator_absences as b
        on b.absent_from_at < m.before_at and m.before_at <= b.absent_to_at
),

-- each force's crimes by what that force delivered
supplied as (
    select
        d.force_code,
        count(*) filter (d.source = 'allocation') > 0 as has_allocations,
        count(*) filter (d.source = 'investigator') > 0 as has_investigators,
        count(*) filter (d.source = 'investigator_absence') > 0 as has_absences,
        count(*) filter (d.source = 'risk_assessment' and a.source is null) > 0 as has_grades
    from core.force_deliveries as d
    left join core.absent_fields as a
        on d.force_code is not distinct from a.force_code and d.source = a.source
        and a.source = 'risk_assessment' and a.field_name in ('grade', 'completed_ts')
    group by d.force_code
)

select
    m.month,
    m.measured_at,
    m.is_as_of,
    s.crime_ref,
    s.force_code,
    s.is_end_unknown,
    a.investigator_ref,
    i.investigator_ref is not null as is_investigator_known,
    i.unit_name,
    i.pip_level,
    r.risk_grade,
    p.has_grades as is_risk_measured,
    case when p.has_absences then w.investigator_ref is not null end as is_investigator_away
from moments as m
inner join core.open_crime_spans as s
    on s.open_from_at < m.before_at and coalesce(m.before_at <= s.open_until_at, true)
inner join supplied as p on s.force_code is not distinct from p.force_code
left join allocated as a
    on s.crime_ref = a.crime_ref and a.allocated_at < m.before_at and coalesce(m.before_at <= a.ended_at, true)
left join core.investigators as i on a.investigator_ref = i.investigator_ref
left join assessed as r
    on s.crime_ref = r.crime_ref and r.completed_at < m.before_at and coalesce(m.before_at <= r.replaced_at, true)
left join away as w on a.investigator_ref = w.investigator_ref and m.measured_at = w.measured_at
where p.has_allocations and p.has_investigators
