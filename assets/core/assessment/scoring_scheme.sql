-- /// card
-- description = "One row is a current number of the scoring scheme for themes."
-- grain = ["subject", "key"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """MoRiLE-informed: the scheme is this product's own. Weights apply within a dimension: only their proportions \
--     matter.""",
-- ]
-- [columns]
-- subject = ["varchar", "weight, cut_point, score_points or setting"]
-- key = ["varchar", "Dimension and part, part and score, score, or name of the setting"]
-- value = ["double", "Current value"]
-- shipped_value = ["double", "Default value"]
-- is_changed = ["boolean", "An accepted change has replaced the default"]
-- scheme_version = ["bigint", "Version of the scheme: 1 for the defaults, one more with every accepted change"]
-- ///

-- The defaults, replaced by the last accepted change of each number.
with shipped as (
    select 'weight' as subject, dimension || '/' || part_code as key, weight as value
    from reference.theme_parts
    union all
    select 'cut_point', part_code || '/' || score, from_value
    from reference.theme_cut_points
    union all
    select 'score_points', cast(score as varchar), points
    from reference.theme_points
    union all
    select 'setting', key, value
    from reference.settings
    where key like 'scoring.%' and key <> 'scoring.version'
),

changes as (
    select
        subject,
        key,
        new_value,
        row_number() over (partition by subject, key order by scheme_version desc) as place
    from raw.casework_scheme_changes
    where subject <> 'definition'
),

versions as (
    select max(value) as scheme_version
    from (
        select scoring_version as value from core.settings
        union all
        select cast(scheme_version as double) from raw.casework_scheme_changes
    ) as v
)

select
    s.subject,
    s.key,
    coalesce(c.new_value, s.value) as value,
    s.value as shipped_value,
    c.key is not null as is_changed,
    cast(v.scheme_version as bigint) as scheme_version
from shipped as s
cross join versions as v
left join changes as c on s.subject = c.subject and s.key = c.key and c.place = 1
