-- /// card
-- description = "One row is an action that the force shows to commissioners beside the measure that it should change."
-- grain = ["register", "entry_ref"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "In the force's own words. An entry is shown only if the force has chosen a measure to show it beside.",
--     "Overdue on the as-of day.",
-- ]
-- [columns]
-- "register, entry_ref, title, owner, due_date, status, is_overdue" = "core.register_entries"
-- measure_code = "reference.public_measures"
-- ///

-- A recommendation is bound to a measure and made public by one choice of the force, never by itself.
select
    e.register,
    e.entry_ref,
    e.title,
    e.owner,
    e.due_date,
    e.status,
    e.is_overdue,
    p.measure_code
from core.register_entries as e
inner join reference.public_measures as p on json_extract_string(e.fields, '$.public_measure') = p.measure_code
where not e.is_starter
