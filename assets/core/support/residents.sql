-- /// card
-- description = "One row is the residents of an area in a year, of one sex and age band or of all."
-- grain = ["area_code", "area_type", "population_year", "sex", "age_band", "source"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "Residents, not people present: rates are overstated where many people visit, above all in the City of London.",
--     "A commissioner's list is as delivered. A band with unreadable ages is in no estimate of need and no total.",
-- ]
-- [columns]
-- area_code = "columns"
-- force_code = ["varchar", "Force of the extract that the area is in or is; null where that is not known"]
-- area_type = ["varchar", "Kind of area, as the commissioner says; published, or the force added up from its areas"]
-- population_year = ["integer", "Year of the mid-year estimate", "", "Residents of"]
-- sex = ["varchar", "female, male, as delivered, or all"]
-- age_band = ["varchar", "Age band as delivered, or all ages"]
-- age_from = ["integer", "Youngest age", "years"]
-- age_to = ["integer", "Oldest age; null without an upper end", "years"]
-- persons = ["bigint", "Residents", "persons"]
-- source = ["varchar", "Raw table; total where they were added up"]
-- is_part = ["boolean", """One of the rows that add up to the force: areas of one kind, of the latest year that all of \
--     them have, in bands that do not overlap"""]
-- is_total = ["boolean", "The residents that rates of the force's own crimes divide by"]
-- ///

-- One list of residents for every rate and estimate of need. Age bands are as delivered ("16-24", "65+", "75 and
-- over"): their numbers are the youngest and oldest age.
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
),

delivered as (
    select
        b.area_code,
        max(f.force_code) as force_code,
        max(b.area_type) as area_type,
        b.population_year,
        b.sex,
        b.age_band,
        max(b.age_from) as age_from,
        max(b.age_to) as age_to,
        cast(sum(b.persons) as bigint) as persons
    from banded as b
    left join core.area_forces as f on b.area_code = f.area_code
    group by b.area_code, b.population_year, b.sex, b.age_band
),

-- one kind of area: that of the victims, otherwise the one with most areas; a force with its districts would count
-- everyone twice
kinds as (
    select
        r.force_code,
        r.area_type,
        row_number() over (
            partition by r.force_code
            order by
                count(distinct case when a.area_code is not null then r.area_code end) desc,
                count(distinct r.area_code) desc,
                r.area_type
        ) as place
    from delivered as r
    left join (select distinct area_code from core.support_areas) as a on r.area_code = a.area_code
    group by r.force_code, r.area_type
),

of_kind as (
    select r.*
    from delivered as r
    inner join kinds as k
        on r.force_code is not distinct from k.force_code and r.area_type is not distinct from k.area_type
        and k.place = 1
),

years as (
    select force_code, population_year, count(distinct area_code) as area_count
    from of_kind
    group by force_code, population_year
),

-- the latest year that every area has
latest as (
    select y.force_code, max(y.population_year) as population_year
    from years as y
    inner join (select force_code, max(area_count) as area_count from years group by force_code) as m
        on y.force_code is not distinct from m.force_code and y.area_count = m.area_count
    group by y.force_code
),

parts as (
    select r.area_code, r.force_code, r.population_year, r.sex, r.age_band, r.age_from, r.persons
    from of_kind as r
    inner join latest as l
        on r.force_code is not distinct from l.force_code and r.population_year = l.population_year
    -- a band that contains another of the same area, year and sex would count its people twice
    left join of_kind as i
        on r.area_code = i.area_code
        and r.population_year = i.population_year
        and r.sex = i.sex
        and r.age_band <> i.age_band
        and i.persons >= 0
        and i.age_from >= r.age_from
        and coalesce(i.age_to, 999) <= coalesce(r.age_to, 999)
    -- a count below zero is a mistake: without its band the sum is understated
    where i.area_code is null and r.persons >= 0 and r.age_from is not null
),

totals as (
    select
        force_code, population_year, min(age_from) as age_from, cast(sum(persons) as bigint) as persons
    from parts
    where sex in ('female', 'male') and force_code is not null
    group by force_code, population_year
),

-- table P3 wins over the separate population table where both have the year
published as (
    select
        area_code, population_year, persons, source,
        row_number() over (partition by area_code, population_year order by source desc, persons) as choice
    from (
        select
            o.area_code,
            cast(o.population_year as integer) as population_year,
            try_cast(replace(trim(o.population), ',', '') as bigint) as persons,
            'ons_pfa_rates' as source
        from raw.ons_pfa_rates as o
        inner join core.current_periods as p
            on p.source = 'ons_pfa_rates' and o.delivery_ref = p.delivery_ref and o.period = p.period
        union all
        select
            t.area_code,
            cast(t.population_year as integer),
            try_cast(replace(trim(t.population), ',', '') as bigint),
            'force_population'
        from raw.force_population as t
        inner join core.current_periods as p
            on p.source = 'force_population' and t.delivery_ref = p.delivery_ref and t.period = p.period
    ) as o
    where area_code is not null and persons is not null
),

-- a force's own list of all ages, else the latest published estimate that is near enough, else its list of some ages
candidates as (
    select force_code, population_year, case when age_from = 0 then 1 else 3 end as preference, 'total' as source
    from totals
    union all
    select f.force_code, p.population_year, 2, p.source
    from published as p
    inner join core.force_scope as f on p.area_code = f.force_code
    cross join core.extract_moments as m
    cross join core.settings as s
    where p.choice = 1 and year(london_date(m.as_of_at)) - p.population_year <= s.rates_maximum_years_apart
),

chosen as (
    select
        force_code, population_year, source,
        row_number() over (partition by force_code order by preference, population_year desc) as place
    from candidates
)

select
    d.area_code, d.force_code, d.area_type, d.population_year, d.sex, d.age_band, d.age_from, d.age_to, d.persons,
    'population' as source, p.area_code is not null as is_part, false as is_total
from delivered as d
left join parts as p
    on d.area_code = p.area_code and d.population_year = p.population_year and d.sex = p.sex
    and d.age_band = p.age_band
union all
select
    t.force_code, t.force_code, 'added up', t.population_year, 'all',
    case when t.age_from = 0 then 'all ages' else cast(t.age_from as varchar) || ' and over' end,
    t.age_from, null, t.persons, 'total', false, c.force_code is not null
from totals as t
left join chosen as c on t.force_code = c.force_code and c.source = 'total' and c.place = 1
union all
select
    p.area_code, f.force_code, 'published', p.population_year, 'all', 'all ages', 0, null, p.persons, p.source, false,
    c.force_code is not null
from published as p
left join core.force_scope as f on p.area_code = f.force_code
left join chosen as c
    on f.force_code = c.force_code and p.source = c.source and p.population_year = c.population_year and c.place = 1
where p.choice = 1
