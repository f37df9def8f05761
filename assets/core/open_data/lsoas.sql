-- One list of both census vintages: a code can be in the 2011 list, the 2021 list or both.
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
