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
