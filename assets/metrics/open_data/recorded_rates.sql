-- /// card
-- description = """One row is recorded stalking and harassment (the subgroup, or one class) in a force and period, \
--     with a rate for whole years."""
-- grain = ["source", "force_code", "period_start", "period_months", "offence_code"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "Recorded crime is not prevalence: an increase can be better recording.",
--     "Counts before and after a change of the recording rules are not comparable.",
--     "The rate's denominator is the resident population of the named year, not of the period.",
--     "Police recorded crime is official statistics, not accredited official statistics.",
--     "The interval treats the count as Poisson (Byar); it does not cover crimes that were not recorded.",
-- ]
-- [columns]
-- "source, force_code" = "columns"
-- force_name = "reference.forces"
-- "period_start, period_end, period_months, offence_code, offence_label" = "columns"
-- crime_count = ["bigint", "Recorded crimes; null where the source gives no number", "crimes"]
-- population = ["bigint", "Residents; null where no estimate is near enough or the period is not a year", "persons"]
-- population_year = ["integer", "Year of the population estimate", "", "Residents of"]
-- rate_per_1000 = ["double", "Recorded crimes per 1,000 residents in the year", "per 1,000"]
-- rate_lower = ["double", "Lower 95% limit of the rate", "per 1,000"]
-- rate_upper = ["double", "Upper 95% limit of the rate", "per 1,000"]
-- regime_ref = ["varchar", "Recording regime at the period's end"]
-- crosses_regime = ["boolean", "A recording change that moves counts is inside the period"]
-- ///

-- Classes are given where the source separates them.
with settings as (
    select
        rates_base as base,
        rates_maximum_years_apart as maximum_years_apart,
        intervals_z as z
    from core.settings
),

counts as (
    select
        c.source, c.force_code, c.period_start, c.period_months, 'S&H' as offence_code,
        'Stalking and harassment' as offence_label,
        -- a total is null where a part of it is missing
        case when count(*) = count(c.crime_count) then sum(c.crime_count) end as crime_count
    from core.recorded_counts as c
    where lower(c.offence_subgroup) = 'stalking and harassment'
    group by c.source, c.force_code, c.period_start, c.period_months
    union all
    select
        c.source, c.force_code, c.period_start, c.period_months, k.offence_code, k.offence_label,
        case when count(*) = count(c.crime_count) then sum(c.crime_count) end
    from core.recorded_counts as c
    inner join reference.offence_classes as k on c.offence_code = k.offence_code
    group by c.source, c.force_code, c.period_start, c.period_months, k.offence_code, k.offence_label
),

periods as (
    select
        source, force_code, period_start,
        cast(period_start + period_months * interval 1 month - interval 1 day as date) as period_end,
        period_months, offence_code, offence_label, cast(crime_count as bigint) as crime_count
    from counts
),

-- the estimate nearest to the end of the period; the earlier one if two are equally near
with_population as (
    select
        p.source, p.force_code, p.period_start, p.period_months, p.offence_code,
        arg_min(n.persons, abs(n.population_year - year(p.period_end)) * 2 + cast(n.population_year > year(p.period_end) as integer))
            as population,
        arg_min(n.population_year, abs(n.population_year - year(p.period_end)) * 2 + cast(n.population_year > year(p.period_end) as integer))
            as population_year
    from periods as p
    cross join settings as s
    inner join core.residents as n
        on p.force_code = n.area_code and n.area_type = 'published' and abs(n.population_year - year(p.period_end)) <= s.maximum_years_apart
    -- a rate is for a year: shorter periods get none
    where p.period_months = 12
    group by p.source, p.force_code, p.period_start, p.period_months, p.offence_code
),

regimes as (
    select
        p.source, p.force_code, p.period_start, p.period_months, p.offence_code,
        arg_max(r.regime_ref, r.valid_from) as regime_ref,
        count(*) filter (r.valid_from > p.period_start and r.moves_counts) > 0 as crosses_regime
    from periods as p
    inner join reference.recording_regimes as r
        on r.valid_from <= p.period_end
        and coalesce(r.source_name, '') in ('', p.source)
        and (r.affects_codes = 'all' or (',' || r.affects_codes || ',') like ('%,' || p.offence_code || ',%'))
    group by p.source, p.force_code, p.period_start, p.period_months, p.offence_code
)

select
    p.source,
    p.force_code,
    f.force_name,
    p.period_start,
    p.period_end,
    p.period_months,
    p.offence_code,
    p.offence_label,
    p.crime_count,
    n.population,
    n.population_year,
    p.crime_count * s.base / n.population as rate_per_1000,
    -- Byar's approximation to the exact Poisson limits (Breslow and Day 1987, vol. II, 2.13)
    case
        when p.crime_count > 0
            then p.crime_count * power(1 - 1 / (9.0 * p.crime_count) - s.z / (3 * sqrt(p.crime_count)), 3) * s.base / n.population
        when p.crime_count = 0 then 0 * s.base / n.population
    end as rate_lower,
    case
        when p.crime_count >= 0
            then (p.crime_count + 1) * power(1 - 1 / (9.0 * (p.crime_count + 1)) + s.z / (3 * sqrt(p.crime_count + 1)), 3)
                * s.base / n.population
    end as rate_upper,
    coalesce(r.regime_ref, '') as regime_ref,
    coalesce(r.crosses_regime, false) as crosses_regime
from periods as p
cross join settings as s
inner join reference.forces as f on p.force_code = f.force_code
left join with_population as n
    on p.source = n.source and p.force_code = n.force_code and p.period_start = n.period_start
    and p.period_months = n.period_months and p.offence_code = n.offence_code
left join regimes as r
    on p.source = r.source and p.force_code = r.force_code and p.period_start = r.period_start
    and p.period_months = r.period_months and p.offence_code = r.offence_code
