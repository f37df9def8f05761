-- Synthetic estimate (strategic-assessment 6.2, 6.3): survey prevalence by sex and age times residents. It is no count.
-- One survey serves every area, so that the errors of areas add up and those of groups of the survey do not.
with latest as (
    select max(population_year) as population_year
    from core.resident_counts
),

residents as (
    select
        r.area_code,
        r.population_year,
        n.need_code,
        n.need_name,
        n.sex,
        n.age_from,
        max(n.prevalence) as prevalence,
        max(n.survey_year) as survey_year,
        max(n.prevalence * (1 - n.prevalence) / n.effective_sample) as prevalence_variance,
        sum(r.persons) as persons
    from core.resident_counts as r
    inner join latest as l on r.population_year = l.population_year
    inner join reference.need_prevalence as n
        -- a band that reaches over the ages that were asked is left out, and so the need is understated, never overstated
        on r.sex = n.sex and r.age_from >= n.age_from and (n.age_to is null or r.age_to <= n.age_to)
    group by r.area_code, r.population_year, n.need_code, n.need_name, n.sex, n.age_from
),

areas as (
    select area_code, max(area_name) as area_name
    from core.support_areas
    group by area_code
),

grouped as (
    select
        'area' as breakdown,
        area_code as group_code,
        population_year,
        need_code,
        need_name,
        sex,
        age_from,
        prevalence,
        survey_year,
        prevalence_variance,
        persons
    from residents
    union all
    select
        'sex',
        sex,
        population_year,
        need_code,
        need_name,
        sex,
        age_from,
        prevalence,
        survey_year,
        prevalence_variance,
        persons
    from residents
    union all
    select
        'all',
        'all',
        population_year,
        need_code,
        need_name,
        sex,
        age_from,
        prevalence,
        survey_year,
        prevalence_variance,
        persons
    from residents
),

within_survey as (
    select
        breakdown,
        group_code,
        need_code,
        need_name,
        population_year,
        max(survey_year) as survey_year,
        sex,
        age_from,
        sum(persons) as persons,
        sum(persons) * max(prevalence) as need_count,
        power(sum(persons), 2) * max(prevalence_variance) as need_variance
    from grouped
    group by breakdown, group_code, need_code, need_name, population_year, sex, age_from
),

settings as (
    select
        max(case when key = 'intervals.z' then value end) as z,
        max(case when key = 'need.support_wanted_share' then value end) as support_wanted_share
    from reference.settings
)

select
    w.need_code,
    max(w.need_name) as need_name,
    w.breakdown,
    w.group_code,
    coalesce(
        max(a.area_name),
        case w.group_code when 'all' then 'All' when 'female' then 'Female' when 'male' then 'Male' else w.group_code end
    ) as group_name,
    w.population_year,
    max(w.survey_year) as survey_year,
    cast(sum(w.persons) as bigint) as resident_count,
    sum(w.need_count) as need_count,
    greatest(0, sum(w.need_count) - max(s.z) * sqrt(sum(w.need_variance))) as need_lower,
    sum(w.need_count) + max(s.z) * sqrt(sum(w.need_variance)) as need_upper,
    max(s.support_wanted_share) as support_wanted_share,
    sum(w.need_count) * max(s.support_wanted_share) as eligible_count
from within_survey as w
cross join settings as s
left join areas as a on w.breakdown = 'area' and w.group_code = a.area_code
group by w.need_code, w.breakdown, w.group_code, w.population_year
