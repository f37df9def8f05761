-- /// card
-- description = "One row is a part of an earlier person whose records now have another reference."
-- grain = ["run_number", "person_ref", "other_ref"]
-- audience = ["integrity"]
-- caveats = ["The identity store keeps the log; this is a copy."]
-- [columns]
-- "run_number, changed_on, person_ref, change, other_ref, record_count, reason" = "raw.person_ref_changes"
-- ///

-- Merges and splits of people, by day.
select
    run_number,
    changed_on,
    person_ref,
    change,
    other_ref,
    record_count,
    reason
from raw.person_ref_changes
