-- /// card
-- description = "One row is a drawn stratum of an audit, with the required and the achieved precision."
-- grain = ["cycle_ref", "stratum"]
-- audience = ["integrity"]
-- caveats = ["Units that could not be assessed do not count towards the precision."]
-- [columns]
-- "cycle_ref, stratum, unit_count, wanted_margin, required_count" = "raw.casework_audit_strata"
-- judged_count = ["bigint", "Units assessed as pass or fail", "units", "Assessed"]
-- achieved_margin = ["double", """Half-width from these units at the expected share; null where none was \
--     assessed""", "share"]
-- shortfall_count = ["bigint", "Units below the required number; null until estimates are made", "units"]
-- ///

-- Recording-standards 5.1: enough units must be assessed for the required precision (AUD-02).
with judged as (
    select
        cycle_ref,
        stratum,
        count(*) filter (final_result in ('pass', 'fail')) as judged_count,
        bool_or(is_estimated) as is_estimated
    from core.audit_unit_facts
    group by cycle_ref, stratum
),

planned as (
    select
        s.cycle_ref,
        s.stratum,
        s.unit_count,
        s.expected_share,
        s.wanted_margin,
        s.required_count,
        coalesce(j.judged_count, 0) as judged_count,
        coalesce(j.is_estimated, false) as is_estimated
    from raw.casework_audit_strata as s
    left join judged as j on s.cycle_ref = j.cycle_ref and s.stratum = j.stratum
    where s.drawn_count > 0
)

select
    p.cycle_ref,
    p.stratum,
    p.unit_count,
    p.wanted_margin,
    p.required_count,
    p.judged_count,
    case
        when p.judged_count = p.unit_count then 0.0
        when p.judged_count > 0
            then s.intervals_z * sqrt(
                p.expected_share * (1 - p.expected_share) / p.judged_count
                * (p.unit_count - p.judged_count) / (p.unit_count - 1)
            )
    end as achieved_margin,
    case when p.is_estimated then greatest(p.required_count - p.judged_count, 0) end as shortfall_count
from planned as p
cross join core.settings as s
