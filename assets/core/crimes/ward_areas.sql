-- /// card
-- description = "One row is a small area with its ward, or the beat that the force puts there."
-- grain = ["lsoa_code"]
-- audience = []
-- caveats = [
--     """The force's own list wins: if it names a ward of any area, no other list is used, for wards and beats are not \
--     added up together.""",
--     "Otherwise the lookup of the Office for National Statistics, a best fit: an area can straddle wards.",
-- ]
-- [columns]
-- lsoa_code = "columns"
-- ward = ["varchar", "Ward or beat; null where it is not known", "", "Ward or beat"]
-- ///

with own as (
    select t.lsoa_code, nullif(trim(t.ward_name), '') as ward
    from raw.small_areas as t
    inner join core.current_periods as p
        on p.source = 'small_areas' and t.delivery_ref = p.delivery_ref and t.period = p.period
),

national as (
    select w.lsoa21_code as lsoa_code, max(nullif(trim(w.ward24_name), '')) as ward
    from raw.lsoa_ward_lookup_2024 as w
    inner join core.current_periods as p
        on p.source = 'lsoa_ward_lookup_2024' and w.delivery_ref = p.delivery_ref and w.period = p.period
    group by w.lsoa21_code
),

listed as (
    select lsoa_code, ward
    from own
    where (select count(ward) from own) > 0
    union all
    select lsoa_code, ward
    from national
    where (select count(ward) from own) = 0
)

-- a part is named "District: Ward" (core.crime_breakdowns): the last colon is the one that divides the two
select lsoa_code, replace(ward, ': ', ', ') as ward
from listed
