-- /// card
-- description = "One row is a lower layer super output area of the 2011 or 2021 census list."
-- grain = ["lsoa_code"]
-- audience = []
-- caveats = [
--     "The lookup between the two lists is many to many; an area split between two authorities keeps one of them.",
-- ]
-- [columns]
-- lsoa_code = ["varchar", "ONS code"]
-- is_2011 = ["boolean", "It is in the 2011 list"]
-- is_2021 = ["boolean", "It is in the 2021 list"]
-- local_authority_code = ["varchar", "Local authority of 2022"]
-- ///

-- A code can be in the 2011 list, the 2021 list or both.
with listed as (
    select lsoa11_code as lsoa_code, true as is_2011, false as is_2021, ltla22_code as local_authority_code
    from raw.lsoa_lookup_2011_2021
    union all
    select lsoa21_code, false, true, ltla22_code
    from raw.lsoa_lookup_2011_2021
)

select
    lsoa_code,
    bool_or(is_2011) as is_2011,
    bool_or(is_2021) as is_2021,
    max(local_authority_code) as local_authority_code
from listed
where lsoa_code is not null
group by lsoa_code
