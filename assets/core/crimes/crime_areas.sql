-- /// card
-- description = """One row is a crime of the force extract with the small area of its offence; a crime without an \
--     area has no row."""
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Where the crime was committed, not where anyone lives; online conduct has the place that the force entered.",
--     """One level for the whole extract, chosen by what most crimes have: ward of 2024, LSOA of 2021 or postcode \
--     sector.""",
-- ]
-- [columns]
-- crime_ref = "core.crimes"
-- area_type = ["varchar", "ward, lsoa or postcode_sector"]
-- area_code = ["varchar", "ONS code, or the postcode sector"]
-- area_name = ["varchar", "Ward and local authority, or the code"]
-- ///

-- The whole extract uses one level, because figures at two levels do not compare. LSOA is used where at least half of
-- the crimes have one. It becomes the ward where the delivered list knows at least half of those. Otherwise the level
-- is LSOA or postcode sector, as more crimes have. The unit is not an area: it is the unit of the officer in the case.
with wards as (
    select
        w.lsoa21_code as lsoa_code,
        max(w.ward24_code) as ward_code,
        coalesce(max(w.ward24_name || ', ' || w.ltla24_name), max(w.ward24_code)) as ward_name
    from raw.lsoa_ward_lookup_2024 as w
    inner join core.current_periods as p
        on p.source = 'lsoa_ward_lookup_2024' and w.delivery_ref = p.delivery_ref and w.period = p.period
    group by w.lsoa21_code
),

placed as (
    select c.crime_ref, c.lsoa_code, c.postcode_sector, w.ward_code, w.ward_name
    from core.crimes as c
    left join wards as w on c.lsoa_code = w.lsoa_code
),

counted as (
    select
        count(*) as crime_count,
        count(lsoa_code) as lsoa_count,
        count(ward_code) as ward_count,
        count(postcode_sector) as sector_count
    from placed
),

levels as (
    select
        case
            when lsoa_count * 2 < crime_count and lsoa_count < sector_count then 'postcode_sector'
            when ward_count * 2 >= lsoa_count and ward_count > 0 then 'ward'
            else 'lsoa'
        end as area_type
    from counted
),

named as (
    select
        p.crime_ref,
        l.area_type,
        case l.area_type
            when 'ward' then p.ward_code
            when 'lsoa' then p.lsoa_code
            else p.postcode_sector
        end as area_code,
        case l.area_type
            when 'ward' then p.ward_name
            when 'lsoa' then p.lsoa_code
            else p.postcode_sector
        end as area_name
    from placed as p
    cross join levels as l
)

select crime_ref, area_type, area_code, area_name
from named
where area_code is not null
