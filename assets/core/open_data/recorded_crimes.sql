-- /// card
-- description = """One row is a line of a data.police.uk street file in the current delivery: a crime or an incident \
--     of anti-social behaviour."""
-- grain = ["delivery_ref", "line_number"]
-- audience = []
-- caveats = [
--     "Stalking and harassment cannot be separated here: they are inside Violence and sexual offences.",
--     """crime_ref is not a key. Forces repeat an ID for several places and use it again in later months. Rows \
--     without an ID are separate incidents, even when every column is equal.""",
--     "Locations are approximate points; they are not addresses.",
--     "The outcome is the latest one known when the file was downloaded.",
-- ]
-- incremental_source = "police_uk_street"
-- [columns]
-- delivery_ref = "columns"
-- line_number = ["bigint", "Line in the delivered file, counting the header", "", "Line"]
-- crime_ref = ["uuid", "First 128 bits of the published crime ID; null where blank or malformed", "", "Crime"]
-- month = ["date", "Month, its first day"]
-- force_code = ["varchar", "Recording force; null where no list has the name"]
-- "reported_by, lsoa_code, crime_type" = "raw.police_uk_street"
-- outcome_type = ["varchar", "Latest outcome category; null where none is published", "", "Outcome"]
-- longitude = ["double", "Longitude of the approximate point", "degrees"]
-- latitude = ["double", "Latitude of the approximate point", "degrees"]
-- is_in_published_lists = ["boolean", "Crime type and outcome are on the published lists"]
-- is_crime_id_as_expected = ["boolean", "The ID has 64 hexadecimal characters, or is blank for anti-social behaviour"]
-- is_location_plausible = ["boolean", "The point is inside the bounding box of the United Kingdom; null where blank"]
-- is_lsoa_of_vintage = ["boolean", """The LSOA is in the census list of its time; null where it is blank or no list \
--     is loaded"""]
-- ///

with has_lsoa_list as (
    select count(*) > 0 as is_known
    from core.lsoas
),

bounds as (
    select
        coordinates_longitude_min as longitude_min,
        coordinates_longitude_max as longitude_max,
        coordinates_latitude_min as latitude_min,
        coordinates_latitude_max as latitude_max
    from core.settings
),

crimes as (
    select
        s.delivery_ref,
        s.line_number,
        -- 128 of the 256 bits of the published hash: enough to distinguish crimes, in a third of the storage
        case when length(s.crime_id) >= 32 then try(cast(unhex(substr(s.crime_id, 1, 32)) as uuid)) end as crime_ref,
        s.crime_id,
        cast(s.month || '-01' as date) as month,
        n.force_code,
        s.reported_by,
        s.lsoa_code,
        s.crime_type,
        s.last_outcome_category as outcome_type,
        cast(s.longitude as double) as longitude,
        cast(s.latitude as double) as latitude
    from raw.police_uk_street as s
    inner join core.current_periods as p
        on p.source = 'police_uk_street' and s.delivery_ref = p.delivery_ref and s.period = p.period
    left join reference.force_names as n on lower(trim(s.reported_by)) = n.name_key
)

select
    c.delivery_ref,
    c.line_number,
    c.crime_ref,
    c.month,
    c.force_code,
    c.reported_by,
    c.lsoa_code,
    c.crime_type,
    c.outcome_type,
    c.longitude,
    c.latitude,
    t.crime_type is not null
    and (c.outcome_type is null or o.outcome_type is not null) as is_in_published_lists,
    case
        when c.crime_id is null then c.crime_type = 'Anti-social behaviour'
        else length(c.crime_id) = 64 and try(unhex(c.crime_id)) is not null
    end as is_crime_id_as_expected,
    c.longitude between b.longitude_min and b.longitude_max
    and c.latitude between b.latitude_min and b.latitude_max as is_location_plausible,
    -- recording-standards 4.1: 2011 codes to June 2023, 2021 codes after
    case
        when c.lsoa_code is null or not h.is_known then null
        when c.month <= date '2023-06-01' then coalesce(l.is_2011, false)
        else coalesce(l.is_2021, false)
    end as is_lsoa_of_vintage
from crimes as c
cross join bounds as b
cross join has_lsoa_list as h
left join core.lsoas as l on c.lsoa_code = l.lsoa_code
left join reference.crime_types as t on c.crime_type = t.crime_type
left join reference.street_outcomes as o on c.outcome_type = o.outcome_type
