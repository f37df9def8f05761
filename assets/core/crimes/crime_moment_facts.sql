-- /// card
-- description = "One row is a crime with its latest moment and the receipt of the extract."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = ["Rules use these facts; a null fact could not be assessed and is never a pass."]
-- [columns]
-- crime_ref = "columns"
-- "latest_at, latest_table" = "core.latest_moments"
-- events_limit_at = "core.extract_moments"
-- hours_after_limit = "columns"
-- "force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- ///

-- STR-07: no past event is later than the receipt of the extract, or the as-of date if given.
select
    m.record_ref as crime_ref,
    m.latest_at,
    m.latest_table,
    e.events_limit_at,
    hours_between(e.events_limit_at, m.latest_at) as hours_after_limit,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code
from core.latest_moments as m
cross join core.extract_moments as e
left join core.crimes as c on m.record_ref = c.crime_ref
where m.record_type = 'crime'
