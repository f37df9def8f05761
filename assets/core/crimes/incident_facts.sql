-- /// card
-- description = "One row is an incident with the checks of its record."
-- grain = ["incident_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Rules use these facts; a null fact could not be assessed and is never a pass.",
--     "An incident has a crime only when a crime names it as its own; a link is not enough.",
-- ]
-- [columns]
-- incident_ref = "core.incidents"
-- force_code = ["varchar", """ONS code of its force; where it names none, of the force of its crimes, then of the only \
--     force. Null where none is known"""]
-- created_date = ["date", "Day on which the incident was created, London"]
-- "nsir_opening_code, nsir_closing_code" = "core.incidents"
-- are_nsir_codes_well_formed = ["boolean", """STR-15: both codes have three digits; null where the opening code is \
--     missing"""]
-- is_force_canonical = ["boolean", "STR-16: the ONS code of a police force area of England or Wales; null where empty"]
-- hours_after_limit = "columns"
-- age_hours = ["double", "Hours from its creation to the as-of date", "hours"]
-- is_to_be_settled = ["boolean", "Crime-related and older than the limit, or either is not known"]
-- is_settled = ["boolean", """TIM-05: a crime was recorded from it, or a reason for none; null where it cannot be \
--     assessed"""]
-- ///

-- Checks of an incident: recording-standards 6.1 (STR-07, STR-15, STR-16) and 6.2 (TIM-05).
with limits as (
    select timeliness_incident_hours as incident_hours
    from core.settings
),

recorded as (
    select
        incident_ref,
        count(*) as crime_count,
        case when count(distinct force_code) = 1 then max(force_code) end as force_code
    from core.crimes
    where incident_ref is not null
    group by incident_ref
)

select
    i.incident_ref,
    coalesce(i.force_code, r.force_code, e.force_code) as force_code,
    london_date(i.created_at) as created_date,
    i.nsir_opening_code,
    i.nsir_closing_code,
    -- the dictionary of codes is not public, so only the three digits are checked
    case
        when i.nsir_opening_code is not null
            then regexp_matches(i.nsir_opening_code, '^[0-9]{3}$')
                and regexp_matches(coalesce(i.nsir_closing_code, '000'), '^[0-9]{3}$')
        when not regexp_matches(i.nsir_closing_code, '^[0-9]{3}$') then false
    end as are_nsir_codes_well_formed,
    case when i.force_code is not null then f.force_code is not null end as is_force_canonical,
    hours_between(m.events_limit_at, greatest(i.created_at, i.closed_at, i.attended_at, i.decided_at))
        as hours_after_limit,
    hours_between(i.created_at, m.as_of_at) as age_hours,
    -- 6.0.11: crime-related and created more than 24 hours before the as-of date, open or closed; null where either is
    -- not known
    coalesce(i.is_crime_related, true)
    and coalesce(hours_between(i.created_at, m.as_of_at) > l.incident_hours, true) as is_to_be_settled,
    case
        when r.crime_count > 0 or i.no_crime_rationale is not null then true
        when q.reference_digest is not null then null -- the row of that crime was quarantined
        when i.is_crime_related is not null and i.created_at is not null and m.as_of_at is not null then false
    end as is_settled
from core.incidents as i
cross join core.extract_moments as m
cross join limits as l
left join recorded as r on i.incident_ref = r.incident_ref
left join core.quarantined_references as q
    on q.source = 'crime' and q.reference_digest = md5('incident_id=' || i.incident_ref)
left join core.only_force as e on true
left join reference.forces as f on i.force_code = f.force_code and regexp_matches(f.force_code, '^(E23|W15)')
