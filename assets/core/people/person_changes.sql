-- /// card
-- description = "One row is a part of an earlier person whose records now have another reference."
-- grain = ["run_number", "person_ref", "other_ref"]
-- audience = ["integrity"]
-- caveats = ["The register of the identity store keeps the log; this is its copy."]
-- [columns]
-- run_number = ["bigint", "Run of linkage, from 1"]
-- changed_on = ["date", "Day of the run"]
-- person_ref = ["varchar", "The earlier reference"]
-- change = ["varchar", """merged into: it is gone; split off: records left for a new reference; records moved to: \
--     for one that was there"""]
-- other_ref = ["varchar", "Where the records are now"]
-- record_count = ["bigint", "Records that moved", "records"]
-- reason = ["varchar", "Why the run was made"]
-- ///

-- Who was another person last month: merges and splits, by day.
select
    run_number,
    changed_on,
    person_ref,
    change,
    other_ref,
    record_count,
    reason
from raw.person_ref_changes
