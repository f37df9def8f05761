-- /// card
-- description = """One row is a window and suspects or victims: how many are repeat only if all forces of the extract are \
--     taken together."""
-- grain = ["person_type", "window_days"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Of all forces of the extract together. An extract of one force has no rows.",
--     "Only reports to the forces of this extract are known. A person is known in two forces as far as linkage found it.",
-- ]
-- [columns]
-- person_type = ["varchar", "suspect or victim"]
-- window_days = "columns"
-- person_count = ["bigint", "People with an event in the window, in any force", "people", "People"]
-- several_forces_count = ["bigint", "Of these, people with events in more than one force", "people", "In several forces"]
-- repeat_count = ["bigint", "People who are repeat in all forces together", "people", "Repeat"]
-- only_across_count = ["bigint", "Of these, people who are repeat in no single force", "people", "Repeat only across forces"]
-- ///

-- The rows of all forces together have the code `all`; those of single forces have theirs.
with people as (
    select 'suspect' as person_type, window_days, person_ref, force_code, is_repeat
    from metrics.repeat_suspects
    union all
    select 'victim', window_days, person_ref, force_code, is_repeat
    from metrics.repeat_victims
),

by_person as (
    select
        person_type,
        window_days,
        person_ref,
        count(*) filter (where force_code <> 'all') as force_count,
        bool_or(is_repeat) filter (where force_code = 'all') as is_repeat_together,
        coalesce(bool_or(is_repeat) filter (where force_code <> 'all'), false) as is_repeat_in_one
    from people
    group by person_type, window_days, person_ref
    having count(*) filter (where force_code = 'all') > 0
)

select
    person_type,
    window_days,
    count(*) as person_count,
    count(*) filter (where force_count > 1) as several_forces_count,
    count(*) filter (where is_repeat_together) as repeat_count,
    count(*) filter (where is_repeat_together and not is_repeat_in_one) as only_across_count
from by_person
group by person_type, window_days
