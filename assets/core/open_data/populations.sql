-- /// card
-- description = """One row is the resident population of a police force area, region or country in a year (mid-year \
--     estimate)."""
-- grain = ["area_code", "population_year"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "Residents, not people present: rates are overstated where many people visit, above all in the City of London.",
-- ]
-- [columns]
-- area_code = "columns"
-- population_year = ["integer", "Year of the mid-year estimate", "", "Residents of"]
-- persons = ["bigint", "Residents of all ages", "persons"]
-- source = "columns"
-- ///

-- Table P3 wins over the separate population table where both have the year.
with listed as (
    select
        o.area_code,
        cast(o.population_year as integer) as population_year,
        try_cast(replace(trim(o.population), ',', '') as bigint) as persons,
        'ons_pfa_rates' as source,
        1 as preference
    from raw.ons_pfa_rates as o
    inner join core.current_periods as p
        on p.source = 'ons_pfa_rates' and o.delivery_ref = p.delivery_ref and o.period = p.period
    union all
    select
        t.area_code,
        cast(t.population_year as integer),
        try_cast(replace(trim(t.population), ',', '') as bigint),
        'force_population',
        2
    from raw.force_population as t
    inner join core.current_periods as p
        on p.source = 'force_population' and t.delivery_ref = p.delivery_ref and t.period = p.period
),

ranked as (
    select
        area_code,
        population_year,
        persons,
        source,
        row_number() over (partition by area_code, population_year order by preference, persons) as choice
    from listed
    where area_code is not null and persons is not null
)

select area_code, population_year, persons, source
from ranked
where choice = 1
