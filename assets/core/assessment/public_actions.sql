-- /// card
-- description = """One row is an action, or a recommendation of an inspection, that the force shows to commissioners and the \
--     public, beside the measure that it should change."""
-- grain = ["register", "entry_ref"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """In the force's own words. An entry is shown only if the force has chosen a measure to show it beside, or, for a \
--     recommendation of an inspection, to show its words alone.""",
--     "Overdue on the as-of day.",
-- ]
-- [columns]
-- "register, entry_ref, title, owner, due_date, status, is_overdue" = "core.register_entries"
-- measure_code = ["varchar", "Measure that it is shown beside; null where its words are shown alone"]
-- body = ["varchar", "Body whose recommendation it is; null for an action of the force"]
-- number = ["varchar", "Number of the recommendation, such as 7 or 7.1; null for an action of the force"]
-- update_words = ["varchar", "What the force says it did; null where it has not said so", "", "What the force says it did"]
-- updated_on = ["date", "Day of that update; null where none is given"]
-- ///

-- An entry is bound to a measure and made public by one choice of the force, never by itself. An import makes no such
-- choice. A recommendation may have no measure: then its words are shown alone.
with chosen as (
    select *, json_extract_string(fields, '$.public_measure') as public_measure
    from core.register_entries
    where not is_starter and not is_placeholder
)

select
    e.register,
    e.entry_ref,
    e.title,
    e.owner,
    e.due_date,
    e.status,
    e.is_overdue,
    p.measure_code,
    case when e.register = 'inspection' then json_extract_string(e.fields, '$.body') end as body,
    case when e.register = 'inspection' then json_extract_string(e.fields, '$.number') end as number,
    case when e.register = 'inspection' then json_extract_string(e.fields, '$.update') end as update_words,
    case
        when e.register = 'inspection' then cast(json_extract_string(e.fields, '$.updated_on') as date)
    end as updated_on
from chosen as e
left join reference.public_measures as p on e.public_measure = p.measure_code
where p.measure_code is not null or (e.register = 'inspection' and e.public_measure = 'words_alone')
