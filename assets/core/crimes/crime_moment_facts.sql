-- /// card
-- description = "One row is a crime with how its latest moment lies to the receipt of the extract."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = ["Facts that the rules judge; a fact that is null could not be judged and is never a pass."]
-- [columns]
-- crime_ref = ["varchar", "Crime"]
-- latest_at = ["timestamp with time zone", "Latest moment that its rows tell of", "UTC"]
-- latest_table = ["varchar", "Table of the extract that holds it"]
-- events_limit_at = ["timestamp with time zone", """Receipt of the extract, or the as-of date where one was \
--     given""", "UTC"]
-- hours_after_limit = ["double", "From that limit to the latest moment; below zero: before it", "hours"]
-- force_code = ["varchar", "ONS code of the police force area"]
-- recorded_date = ["date", "Day of the recording, London"]
-- recorded_month = ["date", "Month of the recording, London"]
-- unit_name = ["varchar", "Unit of the officer in the case"]
-- class_code = ["varchar", "Counting-rules class"]
-- ///

-- STR-07: nothing that has happened lies after the receipt of the extract, or the as-of date where one was given.
select
    m.record_ref as crime_ref,
    m.latest_at,
    m.latest_table,
    e.events_limit_at,
    (epoch(m.latest_at) - epoch(e.events_limit_at)) / 3600.0 as hours_after_limit,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code
from core.latest_moments as m
cross join core.extract_moments as e
left join core.crimes as c on m.record_ref = c.crime_ref
where m.record_type = 'crime'
