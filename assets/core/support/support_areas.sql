-- /// card
-- description = "One row is a small area with the local authority or partnership for which services are commissioned."
-- grain = ["lsoa_code"]
-- audience = []
-- caveats = [
--     "The commissioner's own list wins over the lookup of the Office for National Statistics.",
--     "An area whose rows give it several names has the name that most of them give.",
-- ]
-- [columns]
-- lsoa_code = "columns"
-- area_code = ["varchar", "ONS code of the local authority or partnership"]
-- area_name = "columns"
-- ///

-- The commissioner's own list if delivered, otherwise the lookup of the Office for National Statistics. No area is
-- smaller than a local authority or partnership: strategic-assessment 6.5, geography.
with own as (
    select t.lsoa_code, t.area_code, t.area_name
    from raw.small_areas as t
    inner join core.current_periods as p
        on p.source = 'small_areas' and t.delivery_ref = p.delivery_ref and t.period = p.period
),

national as (
    select w.lsoa21_code as lsoa_code, max(w.ltla24_code) as area_code, max(w.ltla24_name) as area_name
    from raw.lsoa_ward_lookup_2024 as w
    inner join core.current_periods as p
        on p.source = 'lsoa_ward_lookup_2024' and w.delivery_ref = p.delivery_ref and w.period = p.period
    group by w.lsoa21_code
),

listed as (
    select lsoa_code, area_code, area_name
    from own
    union all
    select n.lsoa_code, n.area_code, n.area_name
    from national as n
    left join own as o on n.lsoa_code = o.lsoa_code
    where o.lsoa_code is null
),

-- an area whose rows spell its name in several ways is one area, under the name that most of them give
named as (
    select
        area_code,
        area_name,
        row_number() over (partition by area_code order by area_name is null, count(*) desc, area_name) as place
    from listed
    group by area_code, area_name
)

select l.lsoa_code, l.area_code, n.area_name
from listed as l
inner join named as n on l.area_code is not distinct from n.area_code and n.place = 1
