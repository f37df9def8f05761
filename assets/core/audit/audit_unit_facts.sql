-- /// card
-- description = "One row is a drawn unit of an audit: its ratings, its final result and what its findings lack."
-- grain = ["sample_ref"]
-- audience = ["integrity"]
-- caveats = ["Facts about the whole cycle are null until its estimates are made."]
-- [columns]
-- "sample_ref, cycle_ref, stratum, unit_type, unit_ref" = "raw.casework_audit_samples"
-- is_estimated = ["boolean", "Estimates of the cycle have been made"]
-- is_rated = ["boolean", "It has a first rating"]
-- is_rated_twice = ["boolean", "It has a second rating"]
-- is_same_rater = ["boolean", "One person made both ratings; null without two"]
-- final_result = ["varchar", "Final result: pass, fail, unsure or not_evaluable; null until rated"]
-- finding_count = ["bigint", "Findings about it", "findings"]
-- missing_field_count = ["bigint", """How many of rule, owner and due date its findings lack, three without a \
--     finding; null until estimates are made""", "fields"]
-- ///

-- Recording-standards 5.3, steps 5 and 7.
with latest as (
    select sample_ref, rater_role, rater_ref, result
    from raw.casework_audit_ratings
    qualify row_number() over (partition by sample_ref, rater_role order by revision desc) = 1
),

rated as (
    select
        sample_ref,
        max(case when rater_role = 'first' then rater_ref end) as first_rater_ref,
        max(case when rater_role = 'second' then rater_ref end) as second_rater_ref,
        -- the registrar's rating decides; without one, raters must agree before estimates are made
        coalesce(
            max(case when rater_role = 'fcr' then result end), max(case when rater_role = 'first' then result end)
        ) as final_result
    from latest
    group by sample_ref
),

findings as (
    select
        sample_ref,
        count(*) as finding_count,
        sum(
            case when coalesce(trim(rule_code), '') = '' then 1 else 0 end
            + case when coalesce(trim(owner), '') = '' then 1 else 0 end
            + case when due_date is null then 1 else 0 end
        ) as missing_count
    from raw.casework_audit_findings
    group by sample_ref
),

estimated as (
    select distinct cycle_ref from raw.casework_audit_estimates
)

select
    s.sample_ref,
    s.cycle_ref,
    s.stratum,
    s.unit_type,
    s.unit_ref,
    e.cycle_ref is not null as is_estimated,
    r.first_rater_ref is not null as is_rated,
    r.second_rater_ref is not null as is_rated_twice,
    r.first_rater_ref = r.second_rater_ref as is_same_rater,
    r.final_result,
    coalesce(f.finding_count, 0) as finding_count,
    -- assessed only after the cycle is estimated: until then findings may still be added
    case when e.cycle_ref is not null then cast(coalesce(f.missing_count, 3) as bigint) end as missing_field_count
from raw.casework_audit_samples as s
left join rated as r on s.sample_ref = r.sample_ref
left join findings as f on s.sample_ref = f.sample_ref
left join estimated as e on s.cycle_ref = e.cycle_ref
