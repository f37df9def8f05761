-- /// card
-- description = "One row is a unit, with its share of outcome 16 among stalking and harassment crimes with an outcome."
-- grain = ["force_code", "unit_name"]
-- audience = []
-- caveats = ["Units handle different crimes: a high share raises a question and answers none."]
-- [columns]
-- force_code = "core.crimes"
-- unit_name = "core.outcomes"
-- series_ref = ["varchar", "The unit, after the code of its force if the extract has several"]
-- outcome_count = ["bigint", "Crimes with an outcome", "crimes", "Crimes"]
-- not_supported_count = ["bigint", "Of these with outcome 16", "crimes"]
-- not_supported_share = ["double", "Share", "share"]
-- force_share = ["double", "Share in the force", "share"]
-- deviations_above_force = ["double", "Standard deviations above the force; null below the minimum number of outcomes"]
-- ///

-- Recording-standards 6.4 (OUT-19): the unit's share of outcome 16, in standard deviations above the force's share. The
-- deviation is binomial for the unit's number of outcomes.
with settings as (
    select outcomes_unit_minimum as unit_minimum
    from core.settings
),

units as (
    select
        c.force_code,
        o.unit_name,
        count(*) as outcome_count,
        count(*) filter (where o.outcome_code = '16') as not_supported_count
    from core.outcomes as o
    inner join core.crimes as c on o.crime_ref = c.crime_ref
    where
        o.is_current and o.outcome_code <> '0' and o.is_stalking_or_harassment and o.unit_name is not null
        and not c.is_cancelled and not c.is_transferred
    group by c.force_code, o.unit_name
),

forces as (
    select force_code, sum(not_supported_count) / sum(outcome_count) as force_share
    from units
    group by force_code
)

select
    u.force_code,
    u.unit_name,
    case when n.force_count > 1 then u.force_code || ' ' else '' end || u.unit_name as series_ref,
    u.outcome_count,
    u.not_supported_count,
    u.not_supported_count / u.outcome_count as not_supported_share,
    f.force_share,
    case
        when u.outcome_count >= s.unit_minimum and f.force_share > 0 and f.force_share < 1
            then (u.not_supported_count / u.outcome_count - f.force_share)
                / sqrt(f.force_share * (1 - f.force_share) / u.outcome_count)
    end as deviations_above_force
from units as u
inner join forces as f on u.force_code = f.force_code
cross join settings as s
cross join (select count(*) as force_count from core.force_scope) as n
