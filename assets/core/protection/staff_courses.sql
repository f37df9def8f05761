-- /// card
-- description = "One row is a course, a briefing or a role of a member of staff."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- investigator_ref = "columns"
-- course = ["varchar", "Course, briefing or role, as in the code set staff_course"]
-- completed_on = ["date", "Day it was completed or began"]
-- valid_until = ["date", "Last day on which it counts; null where it has none"]
-- ///

select
    t.person_id as investigator_ref,
    t.course,
    cast(t.completed_on as date) as completed_on,
    cast(t.valid_until as date) as valid_until
from raw.staff_course as t
inner join core.current_periods as p
    on p.source = 'staff_course' and t.delivery_ref = p.delivery_ref and t.period = p.period
