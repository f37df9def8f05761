-- /// card
-- description = """One row is an area that figures are given for: ward, local authority, community safety partnership \
--     or police force area."""
-- grain = ["area_type", "area_code"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "A partnership can span several authorities, and an authority can change partnership: see parent_count.",
-- ]
-- [columns]
-- area_type = ["varchar", "ward, local_authority, csp or police_force"]
-- area_code = "columns"
-- area_name = ["varchar", "Name"]
-- vintage = ["integer", "Year of the source list"]
-- parent_code = ["varchar", "Larger area that contains it: authority, partnership, force, country"]
-- parent_count = ["bigint", "Larger areas that contain it; more than one where it crosses a boundary"]
-- ///

with wards as (
    select distinct
        w.ward24_code as area_code,
        w.ward24_name as area_name,
        'ward' as area_type,
        2024 as vintage,
        w.ltla24_code as parent_code
    from raw.lsoa_ward_lookup_2024 as w
    where w.ward24_code is not null
),

authorities as (
    select distinct
        c.ltla24_code as area_code,
        c.ltla24_name as area_name,
        'local_authority' as area_type,
        2024 as vintage,
        c.csp24_code as parent_code
    from raw.csp_lookup_2024 as c
),

partnerships as (
    select distinct
        c.csp24_code as area_code,
        c.csp24_name as area_name,
        'csp' as area_type,
        2024 as vintage,
        c.pfa24_code as parent_code
    from raw.csp_lookup_2024 as c
    union
    -- partnerships that existed in 2017 but not in 2024: older tables still name them
    select distinct
        c.csp17_code,
        c.csp17_name,
        'csp',
        2017,
        c.pfa17_code
    from raw.csp_lookup_2017 as c
    where c.csp17_code not in (select n.csp24_code from raw.csp_lookup_2024 as n where n.csp24_code is not null)
),

listed as (
    select area_code, area_name, area_type, vintage, parent_code from wards
    union all
    select area_code, area_name, area_type, vintage, parent_code from authorities
    union all
    select area_code, area_name, area_type, vintage, parent_code from partnerships
    union all
    select force_code, short_name, 'police_force', 2016, country_code from core.forces where force_type = 'territorial'
)

select
    area_type,
    area_code,
    max(area_name) as area_name,
    max(vintage) as vintage,
    max(parent_code) as parent_code,
    count(distinct parent_code) as parent_count
from listed
where area_code is not null
group by area_type, area_code
