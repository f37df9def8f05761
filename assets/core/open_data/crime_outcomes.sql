-- /// card
-- description = """One row is a line of a data.police.uk outcomes file in the current delivery: one outcome event of \
--     one crime."""
-- grain = ["delivery_ref", "line_number"]
-- audience = []
-- caveats = [
--     "The month is that of the outcome, not of the crime. A crime has one or more rows, repeats included.",
--     "Some outcomes refer to crimes outside the loaded months; a few are dated before the crime.",
--     "Court results are missing since June 2019.",
-- ]
-- incremental_source = "police_uk_outcomes"
-- [columns]
-- delivery_ref = "columns"
-- line_number = ["bigint", "Line in the delivered file, counting the header", "", "Line"]
-- crime_ref = ["uuid", "First 128 bits of the published crime ID", "", "Crime"]
-- month = ["date", "Month of the outcome, its first day"]
-- force_code = ["varchar", "Force; null where no list has the name"]
-- "reported_by, lsoa_code, outcome_type" = "raw.police_uk_outcomes"
-- outcome_group = ["varchar", "Group used in the outcome mix; null where no list has the outcome"]
-- is_in_published_lists = ["boolean", "The outcome is on the published list"]
-- ///

select
    s.delivery_ref,
    s.line_number,
    try_cast(substr(s.crime_id, 1, 32) as uuid) as crime_ref,
    cast(s.month || '-01' as date) as month,
    n.force_code,
    s.reported_by,
    s.lsoa_code,
    s.outcome_type,
    o.outcome_group,
    o.outcome_type is not null as is_in_published_lists
from raw.police_uk_outcomes as s
inner join core.current_periods as p
    on p.source = 'police_uk_outcomes' and s.delivery_ref = p.delivery_ref and s.period = p.period
left join reference.force_names as n on lower(trim(s.reported_by)) = n.name_key
left join reference.street_outcomes as o on s.outcome_type = o.outcome_type
