-- /// card
-- description = """One row is the expected number of victims of the force or a sex in a year, from a survey: an estimate, \
--     not a count."""
-- grain = ["need_code", "breakdown", "group_code"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """Synthetic estimate: national survey prevalence by sex times residents. Age is used only where the list of \
--     prevalences has ages, and the default list has none. Local differences in stalking are not included.""",
--     """Limits cover only the survey's sampling error, from an effective sample that this product assumes: neither age, \
--     nor place, nor how stalking is defined.""",
--     """No estimate by district: one prevalence times residents ranks districts by their population alone.""",
--     """Residents are of the same list and year as those that rates of themes divide by, unless that list lacks \
--     children (core.residents).""",
--     "Survey and police count different things: the survey counts what people report of twelve months.",
--     """The share who would take up support is assumed, with a range: no figure of stalking victims is published. Its \
--     ends are of all crime, long ago, and of people who chose to answer a charity.""",
--     "Residents of 16 and over; a delivered age band that includes younger people is left out.",
--     "A sex without residents has no estimate.",
-- ]
-- [columns]
-- need_code = "reference.need_prevalence"
-- need_name = ["varchar", "Description"]
-- breakdown = ["varchar", "all or sex"]
-- "group_code, group_name" = "columns"
-- population_year = "core.residents"
-- survey_year = ["varchar", "Year of the survey", "", "Survey of"]
-- resident_count = ["bigint", "Residents of the ages surveyed", "persons", "Residents of 16 and over"]
-- need_count = ["double", "Expected victims in a year", "persons"]
-- need_lower = ["double", "Lower end of the 95% interval", "persons"]
-- need_upper = ["double", "Upper end of the 95% interval", "persons"]
-- support_wanted_share = ["double", "Share who would take up support: assumed", "0 to 1"]
-- support_wanted_lower = ["double", "Lower end of its range", "0 to 1"]
-- support_wanted_upper = ["double", "Upper end of its range", "0 to 1"]
-- eligible_count = ["double", "need_count times that share", "persons"]
-- eligible_lower = ["double", "need_lower times the lower end", "persons"]
-- eligible_upper = ["double", "need_upper times the upper end", "persons"]
-- ///

-- Strategic-assessment 6.2, 6.3: survey prevalence by sex, and by age where the list has ages, times residents. One
-- survey serves every area, so errors of areas would add up directly, and those of survey groups do not.
with residents as (
    select
        r.population_year,
        n.need_code,
        n.need_name,
        n.sex,
        n.age_from,
        max(n.prevalence) as prevalence,
        max(n.survey_year) as survey_year,
        max(n.prevalence * (1 - n.prevalence) / n.effective_sample) as prevalence_variance,
        sum(r.persons) as persons
    from core.residents as r
    inner join reference.need_prevalence as n
        -- a band that goes beyond the surveyed ages is left out: the need is understated, never overstated
        on r.sex = n.sex and r.age_from >= n.age_from and (n.age_to is null or r.age_to <= n.age_to)
    where r.is_part
    group by r.population_year, n.need_code, n.need_name, n.sex, n.age_from
),

breakdowns as (
    select unnest(['all', 'sex']) as breakdown
),

settings as (
    select
        intervals_z as z,
        need_support_wanted_share as support_wanted_share,
        need_support_wanted_lower as support_wanted_lower,
        need_support_wanted_upper as support_wanted_upper
    from core.settings
),

estimated as (
    select
        r.need_code,
        max(r.need_name) as need_name,
        b.breakdown,
        case b.breakdown when 'sex' then r.sex else 'all' end as group_code,
        r.population_year,
        max(r.survey_year) as survey_year,
        cast(sum(r.persons) as bigint) as resident_count,
        sum(r.persons * r.prevalence) as need_count,
        max(s.z) * sqrt(sum(power(r.persons, 2) * r.prevalence_variance)) as error
    from residents as r
    cross join breakdowns as b
    cross join settings as s
    group by r.need_code, b.breakdown, case b.breakdown when 'sex' then r.sex else 'all' end, r.population_year
    -- without residents there is nothing to estimate from: the need is not measured, which is not zero
    having sum(r.persons) > 0
),

ranges as (
    select *, greatest(0, need_count - error) as need_lower, need_count + error as need_upper
    from estimated
)

select
    e.need_code,
    e.need_name,
    e.breakdown,
    e.group_code,
    case e.group_code when 'all' then 'All' when 'female' then 'Female' when 'male' then 'Male' else e.group_code end
        as group_name,
    e.population_year,
    e.survey_year,
    e.resident_count,
    e.need_count,
    e.need_lower,
    e.need_upper,
    s.support_wanted_share,
    s.support_wanted_lower,
    s.support_wanted_upper,
    e.need_count * s.support_wanted_share as eligible_count,
    e.need_lower * s.support_wanted_lower as eligible_lower,
    e.need_upper * s.support_wanted_upper as eligible_upper
from ranges as e
cross join settings as s
