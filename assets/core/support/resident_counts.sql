-- /// card
-- description = "One row is the residents of an area in a year, by sex and age band, as delivered by the commissioner."
-- grain = ["area_code", "population_year", "sex", "age_band"]
-- audience = []
-- caveats = ["Residents, not people present.", "A band with unreadable ages is in no estimate of need."]
-- [columns]
-- area_code = "raw.population"
-- force_code = ["varchar", "Force that the area is in; null where that is not known"]
-- area_type = ["varchar", "Kind of area"]
-- population_year = ["integer", "Year of the resident estimate", "", "Residents of"]
-- sex = ["varchar", "female, male or as delivered"]
-- age_band = "raw.population"
-- age_from = ["integer", "Youngest age", "years"]
-- age_to = ["integer", "Oldest age; null without an upper end", "years"]
-- persons = ["bigint", "Residents", "persons"]
-- ///

-- Age bands as delivered ("16-24", "65+", "75 and over"): their numbers are the youngest and oldest age.
with banded as (
    select
        t.area_code,
        t.area_type,
        cast(t.year as integer) as population_year,
        case
            when lower(t.sex) in ('f', 'female', 'women', 'females') then 'female'
            when lower(t.sex) in ('m', 'male', 'men', 'males') then 'male'
            else lower(t.sex)
        end as sex,
        t.age_band,
        try_cast(regexp_extract(t.age_band, '([0-9]+)', 1) as integer) as age_from,
        try_cast(nullif(regexp_extract(t.age_band, '[0-9]+[^0-9]+([0-9]+)', 1), '') as integer) as age_to,
        cast(t.persons as bigint) as persons
    from raw.population as t
    inner join core.current_periods as p
        on p.source = 'population' and t.delivery_ref = p.delivery_ref and t.period = p.period
)

select
    b.area_code,
    max(f.force_code) as force_code,
    max(area_type) as area_type,
    population_year,
    sex,
    age_band,
    max(age_from) as age_from,
    max(age_to) as age_to,
    cast(sum(persons) as bigint) as persons
from banded as b
left join core.area_forces as f on b.area_code = f.area_code
group by b.area_code, population_year, sex, age_band
