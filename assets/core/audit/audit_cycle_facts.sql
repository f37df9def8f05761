-- /// card
-- description = "One row is a drawn audit cycle, with how much of it was rated twice."
-- grain = ["cycle_ref"]
-- audience = ["integrity"]
-- caveats = ["A second rating by the same person does not count."]
-- [columns]
-- cycle_ref = "core.audit_unit_facts"
-- rated_count = ["bigint", "Units with a first rating", "units"]
-- second_count = ["bigint", "Of these, units also rated by someone else", "units"]
-- same_rater_count = ["bigint", "Units rated twice by the same person", "units"]
-- second_share = ["double", "Share also rated by someone else; null until estimates are made", "share"]
-- ///

-- Recording-standards 5.3, step 5: someone else rates a fifth or more a second time (AUD-03).
with counted as (
    select
        cycle_ref,
        bool_or(is_estimated) as is_estimated,
        count(*) filter (is_rated) as rated_count,
        count(*) filter (is_rated_twice and not is_same_rater) as second_count,
        count(*) filter (is_same_rater) as same_rater_count
    from core.audit_unit_facts
    group by cycle_ref
)

select
    cycle_ref,
    rated_count,
    second_count,
    same_rater_count,
    -- assessed only after the cycle is estimated: until then second ratings may still be made
    case when is_estimated and rated_count > 0 then cast(second_count as double) / rated_count end as second_share
from counted
