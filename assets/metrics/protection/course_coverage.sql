-- /// card
-- description = """One row is a course, briefing or role: how many of the investigators with stalking and harassment \
--     have it, and in how many units somebody has it."""
-- grain = ["course"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Investigators are those on the list to whom a crime of stalking or harassment was allocated in the twelve \
--     months to the as-of day. Other staff are not counted.""",
--     "Held on the as-of day: completed by then, and not past its last day. One without a last day is held on.",
--     "Without the table staff_course nothing is measured: nobody has the course is another statement.",
-- ]
-- [columns]
-- course = ["varchar", "Course, briefing or role, as in the code set staff_course", "", "Course, briefing or role"]
-- staff_count = ["bigint", "Investigators; null where staff_course is not supplied", "investigators", "Investigators"]
-- holder_count = ["bigint", "Of these, with it on the as-of day", "investigators", "With it"]
-- holder_share = ["double", "Those with it, as a share of them", "share"]
-- unit_count = ["bigint", "Units of these investigators", "units", "Units"]
-- covered_unit_count = ["bigint", "Of these, units in which somebody has it", "units", "Units with one"]
-- ///

-- Strategic-assessment 1, R2, R6, V7, V11, V30, V31, M8 and L14. A census of the staff, so there is no interval.
with moment as (
    select as_of_at, london_date(as_of_at - interval 1 second) as as_of_date
    from core.extract_moments
),

supplied as (
    select count(*) > 0 as has_courses
    from core.force_deliveries
    where source = 'staff_course'
),

staff as (
    select distinct i.investigator_ref, i.unit_name
    from core.allocations as a
    inner join core.crimes as c on a.crime_ref = c.crime_ref
    inner join core.investigators as i on a.investigator_ref = i.investigator_ref
    cross join moment as m
    where
        c.is_stalking_or_harassment
        and a.allocated_at <= m.as_of_at
        and london_date(a.allocated_at) > m.as_of_date - interval 12 month
),

held as (
    select distinct s.investigator_ref, s.unit_name, t.course
    from staff as s
    inner join core.staff_courses as t on s.investigator_ref = t.investigator_ref
    cross join moment as m
    where t.completed_on <= m.as_of_date and coalesce(t.valid_until >= m.as_of_date, true)
),

totals as (
    select count(*) as staff_count, count(distinct unit_name) as unit_count
    from staff
),

holders as (
    select course, count(*) as holder_count, count(distinct unit_name) as covered_unit_count
    from held
    group by course
)

select
    k.code as course,
    case when s.has_courses then t.staff_count end as staff_count,
    case when s.has_courses then coalesce(h.holder_count, 0) end as holder_count,
    case when s.has_courses then coalesce(h.holder_count, 0) / cast(nullif(t.staff_count, 0) as double) end
        as holder_share,
    case when s.has_courses then t.unit_count end as unit_count,
    case when s.has_courses then coalesce(h.covered_unit_count, 0) end as covered_unit_count
from reference.code_sets as k
cross join supplied as s
cross join totals as t
left join holders as h on k.code = h.course
where k.code_set = 'staff_course'
